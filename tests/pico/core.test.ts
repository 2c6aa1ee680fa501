// The core's flags and branches, against the manual's own pseudocode.

import { RP2040 } from "rp2040js";
import { describe, expect, test } from "vitest";
import { Stream } from "../../emulator/engine/random";
import { Clock } from "../../emulator/pico/clock";
import { Core } from "../../emulator/pico/core";

const RAM = 0x2000_0000;
const MASK = 0xffff_ffffn;
const EDGES = [0, 1, 2, 7, 31, 32, 33, 63, 64, 127, 128, 255, 256, 257, 0x8000, 0x7fff_fffe, 0x7fff_ffff, 0x8000_0000, 0x8000_0001, 0xffff_fffe, 0xffff_ffff, 0x1234_5678, 0xdead_beef];

interface Outcome { readonly result: bigint; readonly n: boolean; readonly z: boolean; readonly c: boolean; readonly v: boolean }
type Reference = (a: bigint, b: bigint, c: boolean, v: boolean) => Outcome;

const signed = (x: bigint): bigint => BigInt.asIntN(32, x);
const marks = (result: bigint, c: boolean, v: boolean): Outcome => ({ result, n: ((result >> 31n) & 1n) === 1n, z: result === 0n, c, v });

/** ARMv6-M manual, A2.2.1: AddWithCarry. */
function addWithCarry(a: bigint, b: bigint, carry: bigint): Outcome {
  const unsigned_sum = a + b + carry;
  const signed_sum = signed(a) + signed(b) + carry;
  const result = unsigned_sum & MASK;
  return marks(result, result !== unsigned_sum, signed(result) !== signed_sum);
}

/** A2.2.1: shifts by a register's low byte, one bit at a time. */
function shift(step: (x: bigint) => readonly [bigint, bigint]): Reference {
  return (a, b, c, v) => {
    let value = a;
    let carry = c ? 1n : 0n;
    for (let i = 0n; i < (b & 255n); i++) [value, carry] = step(value);
    return marks(value, carry === 1n, v);
  };
}

const not = (x: bigint): bigint => ~x & MASK;
const one = (c: boolean): bigint => (c ? 1n : 0n);
/** Operations of r0 with r1, by their number in 0100 00xx xx (A5.2.2). */
const PAIRS: readonly (readonly [string, number, Reference])[] = [
  ["ANDS", 0, (a, b, c, v) => marks(a & b, c, v)],
  ["EORS", 1, (a, b, c, v) => marks(a ^ b, c, v)],
  ["LSLS", 2, shift((x) => [(x << 1n) & MASK, x >> 31n])],
  ["LSRS", 3, shift((x) => [x >> 1n, x & 1n])],
  ["ASRS", 4, shift((x) => [(signed(x) >> 1n) & MASK, x & 1n])],
  ["ADCS", 5, (a, b, c) => addWithCarry(a, b, one(c))],
  ["SBCS", 6, (a, b, c) => addWithCarry(a, not(b), one(c))],
  ["RORS", 7, shift((x) => [(x >> 1n) | ((x & 1n) << 31n), x & 1n])],
  ["TST", 8, (a, b, c, v) => ({ ...marks(a & b, c, v), result: a })],
  ["RSBS", 9, (_a, b) => addWithCarry(not(b), 0n, 1n)],
  ["CMP", 10, (a, b) => ({ ...addWithCarry(a, not(b), 1n), result: a })],
  ["CMN", 11, (a, b) => ({ ...addWithCarry(a, b, 0n), result: a })],
  ["ORRS", 12, (a, b, c, v) => marks(a | b, c, v)],
  ["MULS", 13, (a, b, c, v) => marks((a * b) & MASK, c, v)],
  ["BICS", 14, (a, b, c, v) => marks(a & not(b), c, v)],
  ["MVNS", 15, (_a, b, c, v) => marks(not(b), c, v)],
];
/** Others, with r1 as source or an immediate: "LSRS #32" is encoded as 0. */
const OTHERS: readonly (readonly [string, number, Reference])[] = [
  ["LSLS #0", 0x0008, (_a, b, c, v) => marks(b, c, v)],
  ["LSLS #31", 0x07c8, (_a, b, _c, v) => marks((b << 31n) & MASK, ((b >> 1n) & 1n) === 1n, v)],
  ["LSRS #32", 0x0808, (_a, b, _c, v) => marks(0n, b >> 31n === 1n, v)],
  ["LSRS #1", 0x0848, (_a, b, _c, v) => marks(b >> 1n, (b & 1n) === 1n, v)],
  ["ASRS #32", 0x1008, (_a, b, _c, v) => marks(b >> 31n === 1n ? MASK : 0n, b >> 31n === 1n, v)],
  ["ASRS #31", 0x17c8, (_a, b, _c, v) => marks((signed(b) >> 31n) & MASK, ((b >> 30n) & 1n) === 1n, v)],
  ["ADDS r0, r0, r1", 0x1840, (a, b) => addWithCarry(a, b, 0n)],
  ["SUBS r0, r0, r1", 0x1a40, (a, b) => addWithCarry(a, not(b), 1n)],
  ["ADDS r0, r1, #7", 0x1dc8, (_a, b) => addWithCarry(b, 7n, 0n)],
  ["SUBS r0, r1, #7", 0x1fc8, (_a, b) => addWithCarry(b, not(7n), 1n)],
  ["MOVS r0, #0", 0x2000, (_a, _b, c, v) => marks(0n, c, v)],
  ["CMP r0, #255", 0x28ff, (a) => ({ ...addWithCarry(a, not(255n), 1n), result: a })],
  ["ADDS r0, #255", 0x30ff, (a) => addWithCarry(a, 255n, 0n)],
  ["SUBS r0, #255", 0x38ff, (a) => addWithCarry(a, not(255n), 1n)],
];

function machine(): { core: Core; chip: RP2040; clock: Clock; run: (...code: number[]) => void } {
  const clock = new Clock();
  const chip = new RP2040(clock);
  const core = new Core(chip, clock);
  core.memory.showFlash(true);
  const run = (...code: number[]): void => {
    code.forEach((half, i) => { chip.sramView.setUint16(i * 2, half, true); });
    chip.core.PC = RAM;
    core.run(clock.now_ns + code.length * 8);
  };
  return { core, chip, clock, run };
}

describe("arithmetic has the manual's results and flags", () => {
  const { chip, run } = machine();
  const { core } = chip;
  const check = (name: string, code: number, reference: Reference, a: number, b: number, c: boolean, v: boolean): void => {
    core.registers.set([a, b]);
    Object.assign(core, { N: false, Z: false, C: c, V: v });
    run(code);
    const want = reference(BigInt(a), BigInt(b), c, v);
    const got = { result: BigInt(core.registers[0]!), n: core.N, z: core.Z, c: core.C, v: core.V };
    if (JSON.stringify(got, text) !== JSON.stringify({ result: want.result, n: want.n, z: want.z, c: want.c, v: want.v }, text)) expect({ name, a, b, carry: c, ...got }).toEqual({ name, a, b, carry: c, ...want });
  };
  const text = (_key: string, value: unknown): unknown => (typeof value === "bigint" ? value.toString(16) : value);

  test.each([...PAIRS.map(([name, number, reference]) => [name, 0x4008 | (number << 6), reference] as const), ...OTHERS])("%s", (name, code, reference) => {
    for (const a of EDGES) for (const b of EDGES) for (const c of [false, true]) for (const v of [false, true]) check(name, code, reference, a, b, c, v);
    const random = new Stream(1, name);
    for (let i = 0; i < 500; i++) check(name, code, reference, random.next(), random.next(), random.below(2) === 1, random.below(2) === 1);
  });
});

/** Conditions 0 to 13 (A6.3), written as the manual's table. */
const HOLDS: readonly ((n: boolean, z: boolean, c: boolean, v: boolean) => boolean)[] = [
  (_n, z) => z, (_n, z) => !z, (_n, _z, c) => c, (_n, _z, c) => !c, (n) => n, (n) => !n, (_n, _z, _c, v) => v, (_n, _z, _c, v) => !v,
  (_n, z, c) => c && !z, (_n, z, c) => !c || z, (n, _z, _c, v) => n === v, (n, _z, _c, v) => n !== v, (n, z, _c, v) => !z && n === v, (n, z, _c, v) => z || n !== v,
];

test("a branch is taken when its condition holds, in all 14 x 16 cases", () => {
  const { chip: { core }, run } = machine();
  for (let condition = 0; condition < 14; condition++) {
    for (let bits = 0; bits < 16; bits++) {
      const [n, z, c, v] = [(bits & 8) !== 0, (bits & 4) !== 0, (bits & 2) !== 0, (bits & 1) !== 0];
      Object.assign(core, { N: n, Z: z, C: c, V: v });
      run(0xd000 | (condition << 8) | 0x10);
      expect({ condition, bits, to: core.PC }).toEqual({ condition, bits, to: RAM + (HOLDS[condition]!(n, z, c, v) ? 4 + 0x20 : 2) });
    }
  }
});

describe("defects of rp2040js that the core guards", () => {
  test("its own loop has other flags in the cases of board.md, section 5: ours differs from it", () => {
    const { chip: { core, sramView }, run } = machine();
    const flagsOf = (code: number, a: number, b: number, c: boolean, own: boolean): string => {
      core.registers.set([a, b]);
      Object.assign(core, { N: false, Z: false, C: c, V: false });
      if (own) run(code);
      else {
        sramView.setUint16(0, code, true);
        core.PC = RAM;
        core.executeInstruction();
      }
      return `C ${core.C} V ${core.V}`;
    };
    // If one of these fails, rp2040js was mended.
    for (const [name, code] of [["ADCS", 0x4148], ["SBCS", 0x4188], ["LSLS", 0x4088], ["LSRS", 0x40c8]] as const) {
      const differ = EDGES.flatMap((a) => EDGES.flatMap((b) => [false, true].filter((c) => flagsOf(code, a, b, c, true) !== flagsOf(code, a, b, c, false))));
      expect({ name, some: differ.length > 0 }).toEqual({ name, some: true });
    }
  });

  test("WFI with an interrupt that waits already does not sleep", () => {
    const { core, chip, run } = machine();
    chip.core.PM = true;
    chip.core.enabledInterrupts = 1;
    chip.core.setInterrupt(0, true);
    run(0xbf30, 0x2005, 0xbf00);
    expect({ asleep: core.asleep, r0: chip.core.registers[0] }).toEqual({ asleep: false, r0: 5 });
  });

  test("an interrupt wakes a masked core, and its handler is not entered", () => {
    const { core, chip, clock, run } = machine();
    chip.core.PM = true;
    chip.core.enabledInterrupts = 1;
    run(0xbf30, 0x2007, 0xbf00, 0xbf00);
    expect(core.asleep).toBe(true);
    chip.core.setInterrupt(0, true);
    core.run(clock.now_ns + 16);
    expect({ ipsr: chip.core.IPSR, r0: chip.core.registers[0] }).toEqual({ ipsr: 0, r0: 7 });
  });

  test("a store to flash, an access that is not aligned and an address of nothing are faults", () => {
    for (const [address, code] of [[0x1000_0000, 0x6008], [RAM + 2, 0x6008], [0x3000_0000, 0x6008], [RAM + 1, 0x8808], [0x6000_0000, 0x7808]] as const) {
      const { chip, run } = machine();
      chip.core.registers.set([1, address]);
      chip.core.SP = RAM + 0x1000;
      chip.core.VTOR = RAM + 0x100;
      chip.sramView.setUint32(0x100 + 12, RAM + 0x201, true);
      run(code, 0xbf00);
      expect({ address, ipsr: chip.core.IPSR, flash: chip.flash[0] }).toEqual({ address, ipsr: 3, flash: 0xff });
    }
  });
});
