// npm run ram: what each lever saves of the chip's heap, and what will fit.

import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Bench } from "../../emulator/bench";
import { buildFirmware } from "../../emulator/cli/firmware";
import type { LuaBuild } from "../../emulator/lua/build";
import { luaBytecode } from "../../emulator/lua/host";
import { picoMachine } from "../../emulator/pico/machine";
import type { Pico } from "../../emulator/pico/pico";
import { buildImage, missingTools } from "../../hal/pico/tools/build";
import { readUf2 } from "../../hal/pico/tools/uf2";
import { commentFree } from "./comment-free";
import { busyHours } from "./pico";

const HERE = resolve(import.meta.dirname, "ram");
const CACHE = resolve(import.meta.dirname, "../../build/pico/packages");
const KB = 1024;
/** Of the region, at most so much at the peak. */
const SHARE_PERCENT = 75;

/** What the image is built without; each is a choice of its own. */
export interface Levers {
  /** newlib's malloc in place of the allocator by sizes. */
  readonly malloc?: boolean;
  /** Functions, constants and texts copied to RAM: only code stays in flash. */
  readonly copied?: boolean;
  /** Bytecode copied to RAM in place of a program that stays in flash. */
  readonly in_ram?: boolean;
  /** A function a module in place of do-blocks. */
  readonly functions?: boolean;
  /** The collector as Lua sets it up, in place of one that runs when nothing is to be done. */
  readonly collector?: boolean;
  /** The program twice, to see what code costs. */
  readonly twice?: boolean;
}

/** Bytes, or that it did not come up. */
export interface Heap {
  readonly after_boot: number;
  readonly high_water: number;
  readonly region: number;
}

/** A text in which each module is a function in a table, as TypeScriptToLua's own bundle has them. */
function asFunctions(text: string): string {
  const begin = text.indexOf("\ndo\n");
  const head = text.slice(0, begin);
  // Each block ends by leaving its exports in a local.
  const rest = text.slice(begin + 4).split(/(?<=\nM_\w+ = ____exports\nend)\ndo\n/);
  const last = rest.length - 1;
  const tail = /\nend\nreturn (M_\w+)\n$/.exec(rest[last] ?? "");
  if (tail === null) throw new Error("the linked text has another shape");
  rest[last] = (rest[last] ?? "").slice(0, tail.index);
  const modules = rest.map((body, i) => `modules[${i + 1}] = function()\n${(i === last ? body : body.replace(/\nend$/, ""))}\nend`);
  return `${head}\nlocal modules = {}\n${modules.join("\n")}\nfor i = 1, ${modules.length} do modules[i]() end\nlocal create = ${tail[1]}.createController\n`
    + `${tail[1]}.createController = function(board)\n  local made = create(board)\n  local wake = made.wake\n  made.wake = function(at) return wake(at), modules end\n  return made\nend\nreturn ${tail[1]}\n`;
}

/** Loads the program a second time, and keeps it. */
function asTwo(text: string): string {
  return `local first = (function()\n${text}end)()\nlocal second = (function()\n${text}end)()\nlocal create = first.createController\n`
    + "first.createController = function(board)\n  local made = create(board)\n  local wake = made.wake\n  made.wake = function(at) return wake(at), second end\n  return made\nend\nreturn first\n";
}

function alter(src: string, { malloc, copied, in_ram, collector }: Levers): void {
  if (malloc === true) copyFileSync(join(HERE, "newlib-allocator.c"), join(src, "allocator.c"));
  if (copied === true) copyFileSync(join(HERE, "copied-chunk.c"), join(src, "chunk.c"));
  if (in_ram === true) copyFileSync(join(HERE, "ram-chunk.c"), join(src, "chunk.c"));
  if (collector !== true) return;
  const host = join(src, "host.c");
  const text = readFileSync(host, "utf8");
  const changed = text.replace("  lua_gc(L, LUA_GCSTOP);\n", "").replace("GARBAGE_BYTES = 8192", "GARBAGE_BYTES = 1 << 30");
  if (changed.length === text.length) throw new Error("host.c has another collector than this was written for");
  writeFileSync(host, changed);
}

/** Builds the image without the levers that are named, and gives what its heap came to in six busy hours; undefined if it does not come up. */
export async function heapWithout(levers: Levers, build: LuaBuild): Promise<Heap | undefined> {
  const out = mkdtempSync(join(tmpdir(), "itb-pump-ram-"));
  try {
    const text = levers.functions === true ? asFunctions(build.text) : levers.twice === true ? asTwo(build.text) : build.text;
    const bytecode = await luaBytecode({ ...build, text });
    await buildImage({ bytecode, version: "0.0.0", commit: "ram", out, cache: CACHE, alter: (src) => { alter(src, levers); }, ...(levers.in_ram === true ? { chunk: bytecode } : {}) });
    const bench = new Bench({ controller: picoMachine(readUf2(readFileSync(join(out, "fw.uf2")))) });
    busyHours(bench);
    const { heap } = (bench.processor as Pico).measures;
    return heap;
  } catch (error) {
    if (error instanceof Error && /^(NoAnswer|NoProgress)$/.test(error.name)) return undefined;
    throw error;
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

/** Lines for a person. */
export async function ramReport(say: (line: string) => void): Promise<void> {
  const missing = missingTools();
  if (missing !== undefined) {
    say(`the heap on the chip was not measured: ${missing}`);
    return;
  }
  const build = await buildFirmware();
  const typescript = build.sources.reduce((bytes, path) => bytes + Buffer.byteLength(commentFree(readFileSync(path, "utf8"))), 0);
  const row = (what: string, heap: Heap | undefined, base?: Heap): void => {
    const saved = base === undefined || heap === undefined ? "" : `  ${((heap.high_water - base.high_water) / KB).toFixed(1).padStart(6)} KB more`;
    say(`  ${what.padEnd(44)}${heap === undefined ? "  does not come up" : `${heap.after_boot.toLocaleString("en-US").padStart(9)} after boot  ${heap.high_water.toLocaleString("en-US").padStart(9)} at its highest${saved}`}`);
  };
  const now = await heapWithout({}, build);
  if (now === undefined) throw new Error("the image as it is does not come up");
  say(`the heap on the chip, six busy hours, ${(typescript / KB).toFixed(1)} KB of TypeScript without comments`);
  row("as it is built", now);
  row("without the allocator by sizes: newlib's", await heapWithout({ malloc: true }, build), now);
  row("without functions and constants in flash", await heapWithout({ copied: true }, build), now);
  row("without flash: code in RAM as well", await heapWithout({ in_ram: true }, build), now);
  row("without do-blocks: a function a module", await heapWithout({ functions: true }, build), now);
  row("without the idle collector: Lua's default", await heapWithout({ collector: true }, build), now);
  row("without all of these", await heapWithout({ malloc: true, in_ram: true, functions: true, collector: true }, build), now);
  const twice = await heapWithout({ twice: true }, build);
  row("the program's code twice", twice, now);
  if (twice === undefined) return;
  const slope = (twice.high_water - now.high_water) / typescript;
  const limit = (now.region * SHARE_PERCENT) / 100;
  say(`  a KB of TypeScript takes ${slope.toFixed(2)} KB of heap at its highest, ${((twice.after_boot - now.after_boot) / typescript).toFixed(2)} after boot`);
  say(`  ${SHARE_PERCENT} % of the region are ${(limit / KB).toFixed(0)} KB: room for ${((limit - now.high_water) / slope / KB).toFixed(0)} KB of TypeScript more, beside what data it needs`);
}

if (process.argv[1] === import.meta.filename) await ramReport((line) => { console.log(line); });
