// Compiles and links the image: the same bytes wherever it is done.

import { mkdirSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { runTool, runTools } from "./toolchain";
import type { Command } from "./toolchain";

/** Of Lua: the core, with neither its libraries nor the compiler's front door. The parser's object files are linked as far as the core refers to them. */
const LUA = ["lapi", "lcode", "lctype", "ldebug", "ldo", "ldump", "lfunc", "lgc", "llex", "lmem", "lobject", "lopcodes", "lparser", "lstate", "lstring", "ltable", "ltm", "lundump", "lvm", "lzio"];
const MBEDTLS = ["aes", "ccm", "cipher", "cipher_wrap", "constant_time", "hkdf", "md", "platform", "platform_util", "sha256"];

const CPU = ["-mcpu=cortex-m0plus", "-mthumb"];
const FLAGS = [...CPU, "-Os", "-g", "-std=c11", "-ffunction-sections", "-fdata-sections", "-fno-common"];

/** What the image says of itself. */
export interface Identity {
  readonly version: string;
  readonly commit: string;
}

export interface Places {
  /** Our C sources. */
  readonly src: string;
  readonly lua: string;
  readonly mbedtls: string;
  /** Where objects and results go. */
  readonly out: string;
}

/** Compiles everything and links `image.elf` with `image.map`; returns the paths of our object files, below `out`. */
export async function compileImage(places: Places, { version, commit }: Identity): Promise<readonly string[]> {
  const { src, lua, mbedtls, out } = places;
  mkdirSync(join(out, "obj"), { recursive: true });
  // No path of this machine in the debug information, and none in the order of what is linked.
  const maps = [[src, "hal/pico/src"], [lua, "lua"], [mbedtls, "mbedtls"], [out, "."]].map(([from = "", to = ""]) => `-ffile-prefix-map=${from}=${to}`);
  const common = [...FLAGS, ...maps, `-I${src}`, '-DMBEDTLS_CONFIG_FILE="mbedtls-config.h"'];
  const ours = readdirSync(src).filter((name) => /\.[cS]$/.test(name)).sort();
  const object = (name: string): string => `obj/${name}.o`;
  const compile = (file: string, name: string, extra: readonly string[]): Command => ["arm-none-eabi-gcc", ...common, ...extra, "-c", file, "-o", object(name)];
  const own = ["-Wall", "-Wextra", "-Werror", "-include", join(src, "lua-port.h"), `-I${join(lua, "src")}`, `-I${join(mbedtls, "include")}`, `-DIMAGE_VERSION="${version}"`, `-DIMAGE_COMMIT="${commit}"`];
  const jobs = [
    // The assembler puts paths into its debug information whatever it is told.
    ...ours.map((name) => compile(join(src, name), name, name.endsWith(".S") ? ["-g0"] : own)),
    ...LUA.map((name) => compile(join(lua, "src", `${name}.c`), `lua-${name}`, ["-w", "-include", join(src, "lua-port.h")])),
    ...MBEDTLS.map((name) => compile(join(mbedtls, "library", `${name}.c`), `mbedtls-${name}`, ["-w", `-I${join(mbedtls, "include")}`, `-I${join(mbedtls, "library")}`])),
  ];
  await runTools(jobs, out);
  const objects = [...ours, ...LUA.map((name) => `lua-${name}`), ...MBEDTLS.map((name) => `mbedtls-${name}`)].map(object);
  // The script by a name without its path: the map file has it.
  await runTool("arm-none-eabi-gcc", [...CPU, "-nostartfiles", `-L${src}`, "-T", "image.ld", "-Wl,--gc-sections", "-Wl,--build-id=none", "-Wl,-Map=image.map", "-o", "image.elf", ...objects, "-lc", "-lm", "-lgcc"], out);
  await runTool("arm-none-eabi-objcopy", ["-O", "binary", "image.elf", "image.raw"], out);
  return ours.map(object);
}

/** Names of the image's symbols, with their addresses. */
export async function symbolsOf(out: string, elf = "image.elf"): Promise<ReadonlyMap<string, number>> {
  const lines = (await runTool("arm-none-eabi-nm", [elf], out)).split("\n");
  return new Map(lines.flatMap((line) => {
    const [address, , name] = line.split(/\s+/);
    return name === undefined ? [] : [[name, Number.parseInt(address ?? "", 16)] as const];
  }));
}

/**
 * What code that runs while flash is written refers to outside RAM: "object: symbol". An interrupt that comes at that time would read garbage
 * there. Looks at the relocations of the sections that go to RAM.
 */
export async function flashNeededInRam(out: string, objects: readonly string[], symbols: ReadonlyMap<string, number>): Promise<readonly string[]> {
  const found: string[] = [];
  let object = "";
  // It complains of each object that has no such section.
  for (const line of (await runTool("sh", ["-c", '"$@" || true', "sh", "arm-none-eabi-objdump", "-r", "-j", ".ramcode", ...objects], out)).split("\n")) {
    const [, of] = /^(\S+): +file format /.exec(line) ?? [];
    if (of !== undefined) object = of;
    const symbol = /^[0-9a-f]{8} R_ARM_\S+\s+(\S+)/.exec(line)?.[1]?.replace(/[+-]0x[0-9a-f]+$/, "");
    if (symbol === undefined) continue;
    const address = symbols.get(symbol);
    const section = /^\.(?:text|rodata)/.test(symbol);
    if (section || (address !== undefined && address >= 0x1000_0000 && address < 0x2000_0000) || (address === undefined && !symbol.startsWith("."))) found.push(`${basename(object)}: ${symbol}`);
  }
  return found;
}
