// A year of busy therapy: what every cut of power is made in.

import type { Plan, PlanStep } from "../plan";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const DAYS = 365;
/** A fill of 18 mL lasts longer at the rates below, of the weaker drug as well. */
const REFILL_DAYS = 28;
/** Refills of one drug before another strength is filled in. */
const REFILLS_OF_ONE = 3;
const STRENGTHS = [2000, 1000] as const;

const wait = (wait_ms: number): PlanStep => ({ wait_ms });
const act = (text: string): PlanStep => ({ text });

/** Nights, mornings and days, other ones at the weekend; a dose at 07:30; what the patient may have; and caps above all of it. */
function prescription(more: string): string {
  return `prescribe: {schedule: {mon-fri: {"00:00": 180ug/day, "06:00": 300ug/day, "22:00": 220ug/day}, "sat,sun": {"00:00": 180ug/day, "08:00": 260ug/day}}, `
    + `boluses: {"07:30": {dose: 20ug, over: 20min}}, patient: {dose: 10ug, over: 10min, lockout: 120min, most: 4}${more}, expect_refusal: maybe}`;
}

/** What happens on a day, from its midnight on; its waits come to a day. */
function dayOf(day: number): readonly PlanStep[] {
  const steps: PlanStep[] = [];
  let now_ms = 0;
  const at = (hour: number, ...texts: readonly string[]): void => {
    steps.push(wait(hour * HOUR - now_ms), ...texts.map(act));
    now_ms = hour * HOUR;
  };
  const strength = STRENGTHS[Math.floor(day / REFILL_DAYS / REFILLS_OF_ONE) % STRENGTHS.length]!;
  const turns = day > 0 && day % (REFILL_DAYS * REFILLS_OF_ONE) === 0;
  if (turns) at(9, prescription(`, refill: {volume: 18mL, concentration: ${String(strength)}ug/mL, rinsed: yes, bridge: yes}`));
  else if (day > 0 && day % REFILL_DAYS === 0) at(9, `refill: {volume: 18mL, concentration: ${String(strength)}ug/mL, expect_refusal: maybe}`);
  if (day % 7 === 2) at(10, "bolus: {dose: 25ug, over: 30min, expect_refusal: maybe}");
  if (day % 30 === 11) at(11, "stop: {reason: 1}", "start: {expect_refusal: maybe}");
  if (day % 45 === 20) at(12, prescription(", titration: [{rate: 1050permille, days: 3}, {rate: 950permille, days: 3}]"));
  if (day % 60 === 33) at(13, "alarms: {low_volume: 3mL}", "clock: {by: 1min}");
  at(15, "session: patient", "bolus: {by: patient, expect_refusal: maybe}", "session: clinician");
  if (day % 9 === 4) at(20, "session: patient", "bolus: {by: patient, expect_refusal: maybe}", "session: clinician");
  steps.push(wait(DAY - now_ms));
  return steps;
}

/** So many days of it, a year unless told otherwise. */
export function busyYear(days = DAYS): Plan {
  const first = ["refill: {volume: 18mL, concentration: 2000ug/mL}", prescription("").replace(", expect_refusal: maybe", ""), "start"];
  return {
    title: `Busy therapy, ${String(days)} days`, seed: 1, unit: "{wall: 2026-01-05 00:00}",
    steps: [...first.map(act), ...Array.from({ length: days }, (_, day) => dayOf(day)).flat()],
  };
}
