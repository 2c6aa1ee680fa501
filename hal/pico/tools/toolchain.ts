// The compiler for the chip: whether it is there, and running it.

import { spawn, spawnSync } from "node:child_process";
import { availableParallelism } from "node:os";

/** The tools that are needed, and the Debian package that has each. */
const TOOLS: readonly (readonly [tool: string, debian_package: string])[] = [
  ["arm-none-eabi-gcc", "gcc-arm-none-eabi"],
  ["arm-none-eabi-objcopy", "binutils-arm-none-eabi"],
  ["arm-none-eabi-objdump", "binutils-arm-none-eabi"],
  ["arm-none-eabi-nm", "binutils-arm-none-eabi"],
  ["tar", "tar"],
  ["xz", "xz-utils"],
  ["xargs", "findutils"],
];

/** A tool is missing, or refuses its work; the message is for the user. */
export class ToolError extends Error {
  override readonly name = "ToolError";
}

/** What is missing, as a sentence with what to install; undefined if everything is there. */
export function missingTools(): string | undefined {
  const runs = (tool: string, args: readonly string[]): boolean => spawnSync(tool, args, { stdio: "ignore" }).status === 0;
  const missing = TOOLS.filter(([tool]) => !runs(tool, ["--version"]));
  const packages = new Set(missing.map(([, name]) => name));
  const names = missing.map(([tool]) => tool);
  // Debian's compiler comes without a C library.
  const library = spawnSync("arm-none-eabi-gcc", ["-mcpu=cortex-m0plus", "-mthumb", "-print-file-name=libc.a"], { encoding: "utf8" });
  if (library.status !== 0 || library.stdout.trim() === "libc.a") {
    names.push("newlib");
    packages.add("libnewlib-arm-none-eabi");
  }
  if (names.length === 0) return undefined;
  return `the image needs ${names.join(", ")}: apt-get install --no-install-recommends ${[...packages].join(" ")}`;
}

/** A program to be run, with its arguments. */
export type Command = readonly [tool: string, ...args: string[]];

/** Runs a tool in `cwd` and gives what it prints. */
export async function runTool(tool: string, args: readonly string[], cwd: string, input = ""): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(tool, args, { cwd, stdio: ["pipe", "pipe", "pipe"], env: { ...process.env, LC_ALL: "C" } });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on("data", (part: Buffer) => out.push(part));
    child.stderr.on("data", (part: Buffer) => err.push(part));
    // A tool that ended before it had read all says more by its own words.
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
    child.on("error", (error) => { reject(new ToolError(`${tool} cannot be run: ${error.message}`)); });
    child.on("close", (code) => {
      if (code === 0) resolve(Buffer.concat(out).toString("utf8"));
      else reject(new ToolError(`${tool} ${args.slice(-3).join(" ")} failed:\n${Buffer.concat(err).toString("utf8").trim()}`));
    });
  });
}

/** A word as a shell takes it. */
const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;

/**
 * Runs commands in `cwd`, as many at a time as there are cores, by one small process: each that Node itself starts costs it a copy of its own memory's map, tens of ms of a
 * large one. The first that fails ends it, and is told.
 */
export async function runTools(commands: readonly Command[], cwd: string): Promise<void> {
  const lines = commands.map((command) => `${command.map(quoted).join(" ")} || { echo ${quoted(`${command[0]} ${command.slice(-3).join(" ")} failed`)} >&2; exit 255; }`);
  await runTool("xargs", ["-0", "-P", String(availableParallelism()), "-n", "1", "sh", "-c", 'eval "$0"'], cwd, lines.join("\0"));
}
