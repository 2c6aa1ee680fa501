// Accumulation against BigInt: exact at every extreme, in uneven steps.

import { describe, expect, it } from "vitest";
import { Fraction, advance, basalFraction, dueFraction, nextPulse_ms, spendPulse } from "../../firmware/accrual";
import { put, slot } from "../../firmware/region";
import { C, Pacing } from "../../firmware/state";
import type { Pump } from "../../firmware/state";
import { createDeskPump } from "./desk";

/** A small generator of its own, so that a case number always means the same case. */
function generator(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

const CALIBRATIONS_PL = [225_000, 225_001, 250_000, 274_999, 275_000];
const CONCENTRATIONS = [500, 605, 1000, 1999, 2000];

interface Case {
  readonly pulse_pL: number;
  readonly concentration: number;
  readonly rate: number;
  readonly pacing: Pacing;
}

function draw(pick: (limit: number) => number): Case {
  const pulse_pL = pick(2) === 0 ? CALIBRATIONS_PL[pick(5)]! : 225_000 + pick(50_001);
  const concentration = CONCENTRATIONS[pick(5)]!;
  if (pick(4) === 0) return { pulse_pL, concentration, rate: 6000, pacing: Pacing.volume };
  const least = 48 * concentration;
  const most = 24_000 * concentration;
  const rate = [least, most, least + pick(most - least)][pick(3)]!;
  return { pulse_pL, concentration, rate, pacing: Pacing.dose };
}

function set(p: Pump, { pulse_pL, concentration, rate, pacing }: Case): void {
  put(p, C.pulse_pL, pulse_pL);
  put(p, C.tip, concentration);
  put(p, C.rate, rate);
  put(p, C.pacing, pacing);
  put(p, C.motor_on, 1);
}

/** Drug and pulse as exact fractions over one denominator, from physics alone: nothing of the firmware's units. */
class Exact {
  /** Dose pacing: ng x 8.64e7 x 1e6; volume pacing: nL x 8.64e7 x 1e3. */
  owed = 0n;
  constructor(readonly use: Case) {}
  pulse(): bigint {
    const { pulse_pL, concentration, pacing } = this.use;
    if (pacing === Pacing.volume) return BigInt(pulse_pL) * 86_400_000n;
    return BigInt(pulse_pL) * BigInt(concentration) * 86_400_000n;
  }
  perMs(): bigint {
    return BigInt(this.use.rate) * (this.use.pacing === Pacing.volume ? 1000n : 1_000_000n);
  }
  accrue(ms: number): void {
    this.owed += this.perMs() * BigInt(ms);
  }
  /** ms until owed reaches one pulse. */
  wait(): number {
    const missing = this.pulse() - this.owed;
    return missing <= 0n ? 0 : Number((missing + this.perMs() - 1n) / this.perMs());
  }
}

/** The fraction by which basal is paced, in accrual units. */
function fraction(p: Pump): number {
  return slot(p, basalFraction(p) === Fraction.volume ? C.volume : C.dose);
}

/** Runs one case for a few pulses in uneven steps; returns what differs, or "". */
function run(p: Pump, pick: (limit: number) => number, at: Case): string {
  const exact = new Exact(at);
  put(p, C.dose, 0);
  put(p, C.volume, 0);
  set(p, at);
  const start_ms = p.c[C.accrued_ms];
  put(p, C.last_command_ms, 0);
  let now_ms = start_ms;
  for (let pulse = 0; pulse < 3; pulse++) {
    const due_ms = now_ms + exact.wait();
    const early_ms = now_ms + pick(Math.max(1, due_ms - now_ms));
    advance(p, early_ms);
    const seen_ms = nextPulse_ms(p);
    if (seen_ms !== due_ms) return `pulse ${pulse}: due at ${due_ms}, seen ${seen_ms}`;
    advance(p, Math.max(early_ms, due_ms - 1));
    if (due_ms > Math.max(early_ms, now_ms) && dueFraction(p) !== Fraction.none) return `pulse ${pulse}: due a millisecond early`;
    advance(p, due_ms);
    const which = at.pacing === Pacing.volume ? Fraction.volume : Fraction.dose;
    if (dueFraction(p) !== which || basalFraction(p) !== which) return `pulse ${pulse}: due is fraction ${dueFraction(p)}`;
    exact.accrue(due_ms - now_ms);
    spendPulse(p, which);
    exact.owed -= exact.pulse();
    now_ms = due_ms;
    const same = BigInt(fraction(p)) * exact.pulse() === exact.owed * BigInt(pulseUnits(at));
    if (!same) return `pulse ${pulse}: fraction ${fraction(p)}`;
  }
  return "";
}

function pulseUnits(at: Case): number {
  return at.pacing === Pacing.volume ? at.pulse_pL * 86_400 : at.pulse_pL * at.concentration * 432;
}

describe("accrual (DOSE-1, DOSE-4a)", () => {
  it("is exact against BigInt on 100 000 random cases at every extreme", () => {
    const pick = generator(1);
    const p = createDeskPump();
    for (let n = 0; n < 100_000; n++) {
      put(p, C.accrued_ms, 1000 + pick(2 ** 31) * 100);
      const at = draw(pick);
      const difference = run(p, pick, at);
      if (difference !== "") expect.fail(`case ${n} ${JSON.stringify(at)}: ${difference}`);
    }
  });

  it("keeps each fraction across a change of pacing and a stop", () => {
    const p = createDeskPump();
    set(p, { pulse_pL: 250_000, concentration: 2000, rate: 500_000, pacing: Pacing.dose });
    advance(p, 43_200);
    const half = fraction(p);
    put(p, C.pacing, Pacing.volume);
    put(p, C.rate, 6000);
    advance(p, 100_000);
    expect(fraction(p)).toBe(6000 * 56_800);
    put(p, C.motor_on, 0);
    advance(p, 200_000);
    put(p, C.motor_on, 1);
    put(p, C.pacing, Pacing.dose);
    put(p, C.rate, 500_000);
    expect(fraction(p)).toBe(half);
    expect(nextPulse_ms(p)).toBe(243_200);
  });

  it("of a pacing that is not the present one waits, and is due at no time", () => {
    const p = createDeskPump();
    set(p, { pulse_pL: 250_000, concentration: 2000, rate: 0, pacing: Pacing.dose });
    put(p, C.volume, 250_000 * 86_400 - 1);
    expect([nextPulse_ms(p), dueFraction(p)]).toEqual([0, Fraction.none]);
    set(p, { pulse_pL: 250_000, concentration: 2000, rate: 0, pacing: Pacing.volume });
    put(p, C.dose, 250_000 * 2000 * 432 - 1);
    expect([nextPulse_ms(p), dueFraction(p)]).toEqual([0, Fraction.none]);
  });

  it("cuts a step longer than 10 h so that nothing leaves 2^53, and misses exactly what a stop missed (DOSE-4c)", () => {
    const p = createDeskPump();
    set(p, { pulse_pL: 275_000, concentration: 2000, rate: 48_000_000, pacing: Pacing.dose });
    put(p, C.motor_on, 0);
    advance(p, 86_400_000 * 3 + 1);
    expect(p.c[C.missed]).toBe(144_000_000);
    expect(p.c[C.missed_rest]).toBe(240_000_000);
  });
});
