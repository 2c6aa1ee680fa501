// Key files: who may read them, what stands in them, how one is made.

import { closeSync, fchmodSync, fstatSync, fsyncSync, mkdirSync, openSync, readFileSync, writeSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { CipherSize } from "../../../hal/cipher";
import { ROLE_NAMES } from "../../names";
import { Role } from "../../service";
import { hexText, parseHex } from "../core/bytes";
import { Problem, WandError } from "../problems";

/** What a key file holds. */
export interface KeyFile {
  /** What its owner calls the pump. */
  readonly pump: string;
  readonly role: Role;
  /** The role's key, 32 bytes. */
  readonly key: Uint8Array;
}

/** Where the key is if nothing else is said: `itb-pump/pump.yaml` where this user's settings are. */
export function defaultKeyFile(env: Readonly<Record<string, string | undefined>> = process.env): string {
  const config = env["XDG_CONFIG_HOME"] ?? "";
  return join(config === "" ? join(homedir(), ".config") : config, "itb-pump", "pump.yaml");
}

/** All bits but the owner's. */
const others = 0o077;
const file_max = 10_000;

const bad = (path: string, what: string): WandError => new WandError(Problem.key_file_bad, `${path}: ${what}; a key file holds pump (a name), role (clinician or patient) and key (64 hexadecimal digits)`);

/** The text of the file, looked at through one descriptor so that what is checked is what is read. */
function readPrivate(path: string): string {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw new WandError(Problem.key_file_bad, `${path}: cannot be read: ${(error as Error).message}`);
    throw new WandError(Problem.key_file_missing, `${path}: there is no such key file; give the pump's with --key, or make one with \`wand provision\``);
  }
  try {
    const { mode, size } = fstatSync(file);
    if ((mode & others) !== 0) {
      throw new WandError(Problem.key_file_open, `${path}: others can read this key file (mode ${(mode & 0o777).toString(8).padStart(4, "0")}), so the key may be known; `
        + `if it is not, type: chmod 600 ${quoted(path)}`);
    }
    if (size > file_max) throw bad(path, "is too long to be a key file");
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof WandError) throw error;
    throw new WandError(Problem.key_file_bad, `${path}: cannot be read: ${(error as Error).message}`);
  } finally {
    closeSync(file);
  }
}

/** As a shell takes it. */
function quoted(path: string): string {
  return /^[\w./~-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}

/** Reads a key file, YAML or JSON. Throws `WandError`: missing, readable by others, or not a key file. */
export function readKeyFile(path: string): KeyFile {
  const text = readPrivate(path);
  let found: unknown;
  try {
    found = parse(text);
  } catch {
    throw bad(path, "is neither YAML nor JSON");
  }
  const { pump, role, key } = (typeof found === "object" && found !== null ? found : {}) as Partial<Record<string, unknown>>;
  const known = role === ROLE_NAMES[Role.clinician] ? Role.clinician : role === ROLE_NAMES[Role.patient] ? Role.patient : undefined;
  const bytes = typeof key === "string" ? parseHex(key) : undefined;
  if (typeof pump !== "string" || pump.trim() === "" || /\p{Cc}/u.test(pump)) throw bad(path, "has no name of a pump");
  if (known === undefined) throw bad(path, "has no role");
  if (bytes?.length !== CipherSize.key) throw bad(path, "has no key");
  return { pump, role: known, key: bytes };
}

/** What stands in a key file. */
export function keyFileText({ pump, role, key }: KeyFile): string {
  return `# Key of an itb-pump, as its ${ROLE_NAMES[role]}. Whoever has this file can do what a ${ROLE_NAMES[role]} can.\n`
    + `pump: ${JSON.stringify(pump)}\nrole: ${ROLE_NAMES[role]}\nkey: "${hexText(key)}"\n`;
}

/** Makes a key file that only its owner can read. Throws `WandError` if there is one of that name: a key file is never overwritten. */
export function writeKeyFile(path: string, held: KeyFile): void {
  const text = keyFileText(held);
  let file: number;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    file = openSync(path, "wx", 0o600);
  } catch (error) {
    // The call is told apart since a directory that is a file exists too.
    if ((error as NodeJS.ErrnoException).code === "EEXIST" && (error as NodeJS.ErrnoException).syscall === "open") throw new WandError(Problem.key_file_exists, `${path}: there is a key file already, and it is never overwritten; name another one with --key`);
    throw new WandError(Problem.key_file_bad, `${path}: cannot be written: ${(error as Error).message}`);
  }
  try {
    // Whatever the umask says.
    fchmodSync(file, 0o600);
    writeSync(file, text);
    // The key must be durable before the pump has it: a pump whose key is lost can never be programmed again.
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
