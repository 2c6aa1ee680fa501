// The core's results and flags against QEMU's Cortex-M0, from one guest.

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { RP2040 } from "rp2040js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Clock } from "../../emulator/pico/clock";
import { Core } from "../../emulator/pico/core";
import { missingTools, runTool } from "../../hal/pico/tools/toolchain";
import { Folder } from "../cli/harness";
import { loadChanged, namedChange } from "../mutants/load";

const QEMU = "qemu-system-arm";
const RAM = 0x2000_0000;
const RECORD_BYTES = 16;
/** Where the guest keeps its records until they are written. */
const BUFFER = 0x3000;
/** A core that goes astray may never come to the guest's end. It is there after some 6.5 million. */
const INSTRUCTIONS_MAX = 50_000_000;

function whatIsMissing(): string | undefined {
  const tools = missingTools();
  if (tools !== undefined) return tools;
  return spawnSync(QEMU, ["--version"], { stdio: "ignore" }).status === 0 ? undefined : `there is no ${QEMU}: apt-get install --no-install-recommends qemu-system-arm`;
}

/** The guest (isa.S): the file for QEMU, and the same words for a chip's RAM. */
interface Guest { readonly elf: string; readonly words: Buffer; readonly rows: readonly string[] }

async function buildGuest(folder: string): Promise<Guest> {
  const elf = join(folder, "isa.elf");
  await runTool("arm-none-eabi-gcc", ["-mcpu=cortex-m0plus", "-mthumb", "-nostdlib", "-Wl,-Ttext=0x20000000,--section-start=.vectors=0,-e,start,--build-id=none,-z,max-page-size=4", "-o", elf, join(import.meta.dirname, "isa.S")], folder);
  await runTool("arm-none-eabi-objcopy", ["-O", "binary", "-j", ".text", elf, "isa.bin"], folder);
  const words = readFileSync(join(folder, "isa.bin"));
  const rows: string[] = [];
  for (let at = words.readUInt32LE(0) - RAM; at < words.readUInt32LE(4) - RAM; at += 32) rows.push(words.toString("latin1", at + 8, at + 32).replace(/\0+$/, ""));
  return { elf, words, rows };
}

/** What the guest writes in QEMU's micro:bit. */
function inQemu(elf: string): Buffer {
  const ran = spawnSync(QEMU, ["-M", "microbit", "-display", "none", "-serial", "none", "-monitor", "none", "-semihosting-config", "enable=on,target=native", "-kernel", elf], { maxBuffer: 1 << 26, timeout: 60_000 });
  if (ran.error !== undefined) throw ran.error;
  if (ran.status !== 0) throw new Error(`${QEMU} ended with ${ran.status ?? ran.signal ?? ""}: ${ran.stderr.toString()}`);
  return ran.stdout;
}

/** The guest in the RAM of an emulated RP2040 that `loop` runs until it is told to stop. Its semihosting calls are those of ARM's document. */
function inChip(words: Uint8Array, loop: (chip: RP2040, ended: () => boolean) => void): Buffer {
  const chip = new RP2040(new Clock());
  const { core, sram, sramView } = chip;
  const written: Uint8Array[] = [];
  let over = false;
  chip.onBreak = (code) => {
    const [call, block] = core.registers as unknown as readonly [number, number];
    if (code !== 0xab) throw new Error(`breakpoint ${code} at 0x${core.PC.toString(16)}`);
    if (call === 0x18) over = true;
    else if (call === 0x01) core.registers[0] = 1;
    else if (call === 0x05) {
      const from = sramView.getUint32(block - RAM + 4, true) - RAM;
      written.push(sram.slice(from, from + sramView.getUint32(block - RAM + 8, true)));
      core.registers[0] = 0;
    } else throw new Error(`semihosting call ${call}`);
  };
  sram.set(words);
  core.PC = new DataView(words.buffer, words.byteOffset).getUint32(8, true) & ~1;
  loop(chip, () => over);
  if (!over) throw new Error(`the guest has not ended after ${INSTRUCTIONS_MAX} instructions: pc 0x${core.PC.toString(16)}`);
  return Buffer.concat(written);
}

/** By our loop, in stretches: it looks up after each. */
const ours = (Class: typeof Core) => (chip: RP2040, ended: () => boolean): void => {
  const clock = chip.clock as Clock;
  const core = new Class(chip, clock);
  while (!ended() && core.instructions < INSTRUCTIONS_MAX) core.run(clock.now_ns + 1_000_000);
};

/** By rp2040js's own. */
const stock = (chip: RP2040, ended: () => boolean): void => {
  for (let i = 0; !ended() && i < INSTRUCTIONS_MAX; i++) chip.core.executeInstruction();
};

const hex = (value: number): string => value.toString(16).padStart(8, "0");
const flags = (bits: number): string => [..."NZCV"].map((letter, i) => (((bits >> (3 - i)) & 1) === 1 ? letter : "-")).join("");

interface Difference { readonly row: string; readonly text: string }

/** Every record in which `seen` is not `wanted`. */
function compare(rows: readonly string[], wanted: Buffer, seen: Buffer): readonly Difference[] {
  const found: Difference[] = [];
  if (wanted.length !== seen.length) found.push({ row: "", text: `${wanted.length / RECORD_BYTES} cases wanted, ${seen.length / RECORD_BYTES} seen` });
  const outcome = (record: Buffer): string => `${hex(record.readUInt32LE(8))} ${flags(record[12]! & 15)}`;
  for (let at = 0; at < Math.min(wanted.length, seen.length); at += RECORD_BYTES) {
    const [want, see] = [wanted.subarray(at, at + RECORD_BYTES), seen.subarray(at, at + RECORD_BYTES)];
    if (want.equals(see)) continue;
    const row = rows[want.readUInt32LE(12) >>> 8] ?? "no row";
    const same_case = want.compare(see, 0, 8, 0, 8) === 0 && want.readUInt32LE(12) >>> 4 === see.readUInt32LE(12) >>> 4;
    found.push({ row, text: `${row}: a ${hex(want.readUInt32LE(0))}, b ${hex(want.readUInt32LE(4))}, ${flags(want[12]! >> 4)}: ${outcome(want)} wanted, ${same_case ? "" : "in another case "}${outcome(see)} seen` });
  }
  return found;
}

function checks(): void {
  const folder = new Folder();
  let guest: Guest;
  let wanted: Buffer;
  beforeAll(async () => {
    guest = await buildGuest(folder.path);
    wanted = inQemu(guest.elf);
  });
  afterAll(() => { folder.remove(); });
  const texts = (seen: Buffer, most = 10): readonly string[] => compare(guest.rows, wanted, seen).slice(0, most).map(({ text }) => text);

  test("the guest has many cases: each row with each carry and overflow, each branch with all 16 flags", () => {
    expect(guest.words.length).toBeLessThan(BUFFER);
    expect(wanted.length % RECORD_BYTES).toBe(0);
    expect(wanted.length / RECORD_BYTES).toBeGreaterThan(150_000);
    const before = guest.rows.map(() => new Set<number>());
    for (let at = 12; at < wanted.length; at += RECORD_BYTES) before[wanted.readUInt32LE(at) >>> 8]?.add(wanted[at]! >> 4);
    expect(before.map(({ size }, row) => [guest.rows[row], size])).toEqual(guest.rows.map((name) => [name, 16]));
    expect(guest.rows.filter((name) => /^b[a-z]{2}$/.test(name)).length).toBe(14);
    expect(new Set(guest.rows).size).toBe(guest.rows.length);
  });

  test("ours has QEMU's results and flags in every case", () => {
    expect(texts(inChip(guest.words, ours(Core)))).toEqual([]);
  });

  test("rp2040js's own has not: the guard is needed", () => {
    const found = compare(guest.rows, wanted, inChip(guest.words, stock));
    const by_row = new Map<string, number>();
    for (const { row } of found) by_row.set(row, (by_row.get(row) ?? 0) + 1);
    console.info(`${wanted.length / RECORD_BYTES} cases; rp2040js's own loop differs from QEMU in ${found.length}: ${[...by_row].map(([row, count]) => `${row}: ${count}`).join("; ")}`);
    // If this fails, rp2040js was mended.
    expect(found.length).toBeGreaterThan(0);
    expect(found.filter(({ text }) => text.includes("another case"))).toEqual([]);
  });

  test("a wrong result, a wrong flag and a missing case are told", () => {
    const with_other = (at: number, bits: number): Buffer => {
      const copy = Buffer.from(wanted);
      copy[at] = copy[at]! ^ bits;
      return copy;
    };
    const last = wanted.length - RECORD_BYTES;
    expect(texts(with_other(8, 1))).toEqual(["adcs r0, r1: a 00000000, b 00000000, -Z--: 00000000 -Z-- wanted, 00000001 -Z-- seen"]);
    expect(texts(with_other(last + 12, 2))).toEqual([expect.stringMatching(/^stm, ldm: a [0-9a-f]{8}, b [0-9a-f]{8}, ..CV: /)]);
    expect(texts(with_other(4, 1))).toEqual([expect.stringContaining("in another case")]);
    expect(texts(wanted.subarray(0, last))).toEqual([expect.stringMatching(/^\d+ cases wanted, \d+ seen$/)]);
  });

  test("a flaw of alu.ts is noticed: the carry of ASRS by a register, when it is by 32", async () => {
    const change = namedChange({
      name: "ASRS by 32", file: "emulator/pico/alu.ts", find: "r[to] = rightSigned(value, from & 255, flags); break;",
      replace: "r[to] = rightSigned(value, from & 255, flags); if ((from & 255) === 32) flags.c ^= 1; break;",
    });
    const { Core: Flawed } = await loadChanged<{ readonly Core: typeof Core }>("emulator/pico/core.ts", change);
    const found = compare(guest.rows, wanted, inChip(guest.words, ours(Flawed)));
    expect(found.length).toBeGreaterThan(20);
    expect(new Set(found.map(({ row }) => row))).toEqual(new Set(["asrs r0, r1"]));
  });
}

const missing = whatIsMissing();
// With CI=true nothing may be missing.
if (missing !== undefined && process.env["CI"] === "true") throw new Error(missing);
if (missing === undefined) describe("the core against QEMU", checks);
else test(`the core was not compared with QEMU: ${missing}`, () => { expect(missing).toContain("apt-get install"); });
