// Fetches the pinned sources of Lua and Mbed TLS, and refuses any others.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { applyPatch } from "./patch";

/** Something outside is missing or not as it must be; the message is for the user. */
export class FetchError extends Error {
  override readonly name = "FetchError";
}

interface Source {
  /** Debian's source package. */
  readonly package: string;
  readonly archive: string;
  readonly sha256: string;
  /** What is taken out of the archive, below its one folder. */
  readonly folders: readonly string[];
  /** Files of the package's debian/patches, in the order in which they are applied. */
  readonly patches: readonly { readonly name: string; readonly sha256: string }[];
}

export type SourceName = "lua" | "mbedtls";

/** The archives are upstream's own releases, byte by byte; of Debian's patches only the two that mend CVEs (2022-28805, 2022-33099) are taken. */
export const SOURCES: Readonly<Record<SourceName, Source>> = {
  lua: {
    package: "lua5.4", archive: "lua5.4_5.4.4.orig.tar.gz", sha256: "164c7849653b80ae67bec4b7473b884bf5cc8d2dca05653475ec2ed27b9ebf61", folders: ["src"],
    patches: [
      { name: "0004-cve-2022-28805.patch", sha256: "8e10558e8c29e8ac5aa812628fe355807b51c4ee0c8793128b8ead3777c321af" },
      { name: "0005-cve-2022-33099.patch", sha256: "09752c71c4b96197dbddb16406c7c695c524b5fb69b57e3da0bf6701d844633f" },
    ],
  },
  mbedtls: {
    package: "mbedtls", archive: "mbedtls_2.28.3.orig.tar.gz", sha256: "3b4953aa55a681e084d31892d9904cc5328d6b4958ea57b90ae4b4f94ae69a8d",
    folders: ["include", "library"], patches: [],
  },
};

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** Throws if a file is not the pinned one. */
function check(path: string, expected: string): void {
  const found = sha256(readFileSync(path));
  if (found !== expected) throw new FetchError(`${path}: its SHA-256 is ${found} and must be ${expected}: not used`);
}

function run(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}, cwd?: string): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: "utf8", env: { ...process.env, LC_ALL: "C", ...env }, ...(cwd === undefined ? {} : { cwd }) });
  if (error !== undefined) throw new FetchError(`${command} cannot be run: ${error.message}`);
  if (status !== 0) throw new FetchError(`${command} ${args.join(" ")} failed:\n${stderr.trim()}`);
  return stdout;
}

/** The machine's own package sources, as sources of source packages. */
function sourceEntries(): { readonly lists: string; readonly stanzas: string } {
  const folder = "/etc/apt/sources.list.d";
  const files = [...(existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : []), "/etc/apt/sources.list"].filter((path) => existsSync(path));
  const text = (end: string): string => files.filter((path) => path.endsWith(end)).map((path) => readFileSync(path, "utf8")).join("\n\n");
  return {
    lists: text(".list").split("\n").filter((line) => /^deb\s/.test(line)).map((line) => line.replace(/^deb/, "deb-src")).join("\n"),
    stanzas: text(".sources").split("\n").map((line) => (/^Types:/.test(line) ? "Types: deb-src" : line)).join("\n"),
  };
}

/** Downloads packages' files into `folder` with a configuration of our own: neither root nor the machine's settings are touched. */
function download(packages: readonly string[], folder: string): void {
  const apt = join(folder, "apt");
  for (const part of ["lists/partial", "cache/archives/partial", "sources"]) mkdirSync(join(apt, part), { recursive: true });
  const { lists, stanzas } = sourceEntries();
  writeFileSync(join(apt, "sources/own.list"), `${lists}\n`);
  writeFileSync(join(apt, "sources/own.sources"), `${stanzas}\n`);
  const config = [
    `Dir::State::lists "${join(apt, "lists")}";`, `Dir::Cache "${join(apt, "cache")}";`, 'Dir::Etc::sourcelist "/dev/null";',
    `Dir::Etc::sourceparts "${join(apt, "sources")}";`, `APT::Sandbox::User "${process.getuid?.() === 0 ? "root" : ""}";`,
  ];
  writeFileSync(join(apt, "apt.conf"), `${config.join("\n")}\n`);
  const env = { APT_CONFIG: join(apt, "apt.conf") };
  run("apt-get", ["-q", "update"], env);
  run("apt-get", ["-q", "source", "--download-only", "--only-source", ...packages], env, folder);
  rmSync(apt, { recursive: true });
}

/** The package's archive of Debian's changes, in which the patches are. */
function changes(folder: string, source: Source): string | undefined {
  return readdirSync(folder).find((name) => name.startsWith(`${source.package}_`) && /\.debian\.tar\.\w+$/.test(name));
}

/** True if the files are there; a wrong one throws. */
function present(folder: string, source: Source): boolean {
  if (!existsSync(join(folder, source.archive))) return false;
  check(join(folder, source.archive), source.sha256);
  return source.patches.length === 0 || changes(folder, source) !== undefined;
}

/**
 * Makes sure that the packages' files are in `cache`: what is there already, from `given` if somebody named a folder, else from the machine's
 * package sources. Each archive is checked, every time.
 */
function fetchArchives(cache: string, given: string | undefined): string {
  const sources = Object.values(SOURCES);
  if (given !== undefined) {
    const folder = resolve(given);
    if (!existsSync(folder)) throw new FetchError(`${given}: there is no such folder`);
    for (const source of sources) {
      if (!present(folder, source)) throw new FetchError(`${given}: the files of Debian's source package ${source.package} (${source.archive}) are not there`);
    }
    return folder;
  }
  mkdirSync(cache, { recursive: true });
  if (sources.every((source) => present(cache, source))) return cache;
  const fresh = join(cache, `download-${process.pid}`);
  mkdirSync(fresh, { recursive: true });
  try {
    download(sources.map(({ package: name }) => name), fresh);
    for (const source of sources) {
      if (!present(fresh, source)) throw new FetchError(`the machine's package sources have another version of ${source.package} than ${source.archive}; give a folder with --sources`);
    }
    for (const name of readdirSync(fresh)) copyFileSync(join(fresh, name), join(cache, name));
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  return cache;
}

/** Unpacks a source into `into`, patched. */
function unpack(folder: string, source: Source, into: string): void {
  rmSync(into, { recursive: true, force: true });
  mkdirSync(into, { recursive: true });
  run("tar", ["-xf", join(folder, source.archive), "-C", into, "--strip-components=1", "--wildcards", ...source.folders.map((each) => `*/${each}/*`)]);
  if (source.patches.length === 0) return;
  run("tar", ["-xf", join(folder, changes(folder, source) ?? ""), "-C", into, "debian/patches"]);
  for (const { name, sha256: expected } of source.patches) {
    const path = join(into, "debian/patches", name);
    if (!existsSync(path)) throw new FetchError(`${source.package}: its patch ${name} is missing`);
    check(path, expected);
    applyPatch(readFileSync(path, "utf8"), into);
  }
}

/** Both sources, checked and patched, in folders below `into`. `given` is a folder with the packages' files, for a machine without apt. */
export function fetchSources(cache: string, into: string, given: string | undefined): Readonly<Record<SourceName, string>> {
  const folder = fetchArchives(cache, given);
  const places = { lua: join(into, "lua"), mbedtls: join(into, "mbedtls") };
  unpack(folder, SOURCES.lua, places.lua);
  unpack(folder, SOURCES.mbedtls, places.mbedtls);
  return places;
}
