// The critical region: every bit of every slot, in either copy and in both.

import { describe, expect, it } from "vitest";
import { Check, Guard, check, put, recall } from "../../firmware/region";
import { C } from "../../firmware/state";
import type { Pump } from "../../firmware/state";
import { Panicked, createDeskPump } from "./desk";

const BITS = 53;

function flip(list: number[], slot: number, bit: number): void {
  const v = BigInt(list[slot]!) ^ (1n << BigInt(bit));
  list[slot] = Number(v);
}

function filled(): Pump {
  const p = createDeskPump();
  for (let i = 1; i < C.size; i++) put(p, i, (i * 7_919_191_919) % Guard.value_max);
  return p;
}

describe("critical region (MEM-3a)", () => {
  it("corrects every single flipped bit of every slot, in either copy", () => {
    const p = filled();
    const primary = [...p.primary];
    const shadow = p.shadow.slice(0, C.size);
    for (const copy of [p.primary, p.shadow]) {
      for (let slot = 0; slot < C.size; slot++) {
        for (let bit = 0; bit < BITS; bit++) {
          flip(copy, slot, bit);
          if (check(p, 0, C.size) !== Check.corrected) expect.fail(`slot ${slot} bit ${bit} was not seen`);
          if (p.primary[slot] !== primary[slot] || p.shadow[slot] !== shadow[slot]) expect.fail(`slot ${slot} bit ${bit}`);
        }
      }
    }
    expect(check(p, 0, C.size)).toBe(Check.good);
  });

  it("never guesses when both copies of a slot have lost a bit, or one has lost two", () => {
    const p = filled();
    const before = [p.primary[C.dose]!, p.shadow[C.dose]!] as const;
    for (let one = 0; one < BITS; one++) {
      for (let two = 0; two < BITS; two++) {
        flip(p.primary, C.dose, one);
        flip(p.shadow, C.dose, two);
        if (check(p, 0, C.size) !== Check.lost) expect.fail(`bits ${one} and ${two}, one in each copy`);
        [p.primary[C.dose], p.shadow[C.dose]] = before;
        if (one === two) continue;
        flip(p.shadow, C.dose, one);
        flip(p.shadow, C.dose, two);
        // Neighbouring bits can add up to one step: then the primary copy, which is whole, may be kept.
        if (check(p, 0, C.size) !== Check.lost && p.c[C.dose] !== before[0]) expect.fail(`bits ${one} and ${two} of the code`);
        [p.primary[C.dose], p.shadow[C.dose]] = before;
      }
    }
  });

  it("comes back from retained memory, and says so when a slot of it is no code", () => {
    const p = filled();
    const before = [...p.primary];
    for (let i = 0; i < C.size; i++) p.primary[i] = 0;
    expect(recall(p, 0, C.size)).toBe(true);
    expect(p.primary).toEqual(before);
    flip(p.shadow, C.step, 20);
    expect(recall(p, 0, C.step)).toBe(true);
    expect(recall(p, C.step, C.size)).toBe(false);
    expect(p.reply[0]).toBe(C.step);
  });

  it("panics rather than hold a value that its guard cannot", () => {
    const p = createDeskPump();
    expect(() => put(p, C.dose, -1)).toThrow(Panicked);
    expect(() => put(p, C.dose, Guard.value_max + 1)).toThrow("panic 903");
    put(p, C.dose, Guard.value_max);
    expect(check(p, 0, C.size)).toBe(Check.good);
  });
});
