// Therapy's sites: prescriptions, boluses, refills, stops, primes.

import type { Stream } from "../../engine/random";
import { DAY, HOUR, MINUTE, between, pick, someOf, spreadOut, timeOfDay } from "../draw";
import type { Planned, Setting, Site } from "../site";
import { instants, placeOf } from "../site";

const maybe = "expect_refusal: maybe";

function steps(stream: Stream, daily_ug: number): string {
  const later = someOf(stream, 1439, 4).map((minute) => {
    const ug = stream.below(10) === 0 ? 0 : Math.floor((daily_ug * between(stream, 60, 150)) / 100);
    return `${timeOfDay(minute + 1)}: ${String(ug)}ug/day`;
  });
  return `{${[`"00:00": ${String(daily_ug)}ug/day`, ...later].join(", ")}}`;
}

function rates(stream: Stream, daily_ug: number): string {
  const how = stream.below(8);
  if (how === 0) return "mode: minimum";
  if (how < 3) return `rate: ${String(daily_ug)}ug/day`;
  if (how < 6) return `schedule: {daily: ${steps(stream, daily_ug)}}`;
  return `schedule: {mon-fri: ${steps(stream, daily_ug)}, "sat,sun": ${steps(stream, daily_ug)}}`;
}

/** A dose and how long it takes; mostly one that can be given. */
function shot(stream: Stream, most_ug: number): string {
  return `dose: ${String(spreadOut(stream, 1, most_ug))}ug, over: ${String(pick(stream, [1, 2, 10, 30, 60, 90, 1440]))}min`;
}

function extras(stream: Stream): readonly string[] {
  const parts: string[] = [];
  const boluses = stream.below(4);
  if (boluses === 0) parts.push(`boluses: {${someOf(stream, 12, 3).map((each) => `${timeOfDay(each * 120 + stream.below(60))}: {dose: ${String(between(stream, 1, 30))}ug, over: ${String(between(stream, 1, 55))}min}`).join(", ")}}`);
  if (boluses === 1) parts.push(`periodic: {every: ${String(between(stream, 60, 1440))}min, dose: ${String(between(stream, 1, 15))}ug, over: ${String(between(stream, 1, 50))}min}`);
  if (stream.below(3) === 0) parts.push(`patient: {dose: ${String(between(stream, 1, 20))}ug, over: ${String(between(stream, 2, 30))}min, lockout: ${String(between(stream, 15, 300))}min, most: ${String(between(stream, 1, 6))}}`);
  if (stream.below(6) === 0) parts.push(`caps: {hour: ${String(between(stream, 60, 300))}ug, day: ${String(between(stream, 500, 3000))}ug}`);
  if (stream.below(6) === 0) parts.push(`titration: [${[1, 2].map(() => `{rate: ${String(between(stream, 900, 1250))}permille, days: ${String(between(stream, 1, 6))}}`).join(", ")}]`);
  return parts.filter((part) => part !== "boluses: {}");
}

function refillOf(stream: Stream, { fill_uL }: Setting, concentration: number): string {
  const uL = stream.below(4) === 0 ? between(stream, 600, 5000) : fill_uL;
  return `volume: ${String(uL)}uL, concentration: ${String(concentration)}ug/mL`;
}

function prescribed(stream: Stream, { daily_ug }: Setting, more: readonly string[] = []): string {
  const ug = Math.floor((daily_ug * between(stream, 75, 130)) / 100);
  return `prescribe: {${[rates(stream, ug), ...extras(stream), ...more, maybe].join(", ")}}`;
}

/** The first prescription of a seed: one that the pump takes. */
function firstPrescription(stream: Stream, { daily_ug }: Setting): string {
  const parts = [stream.below(3) === 0 ? `rate: ${String(daily_ug)}ug/day` : `schedule: {daily: ${steps(stream, daily_ug)}}`, ...extras(stream)];
  return `prescribe: {${[...parts, maybe].join(", ")}}`;
}

/** The first fill and prescription, and a start, mostly at once: else the pump lies on the shelf meanwhile, and is primed perhaps. */
export function implant(stream: Stream, setting: Setting): Planned[] {
  const { fill_uL, concentration } = setting;
  const fill = `refill: {volume: ${String(fill_uL)}uL, concentration: ${String(concentration)}ug/mL, ${maybe}}`;
  const shelf_ms = stream.below(6) === 0 ? spreadOut(stream, MINUTE, 3 * DAY) : 0;
  const prime = stream.below(4) === 0 ? [`prime: {volume: ${String(between(stream, 1, 320))}uL, ${maybe}}`] : [];
  return [
    { at_ms: 0, steps: [fill, firstPrescription(stream, setting), ...(shelf_ms > 0 ? prime : [])] },
    ...(shelf_ms > 0 && stream.below(3) === 0 ? [{ at_ms: 1000, steps: [`cancel: {activity: prime, ${maybe}}`] }] : []),
    { at_ms: shelf_ms, steps: [`start: {${maybe}}`] },
  ];
}

/** A stop, with what may be done meanwhile, and mostly a start. */
const stops: Site = {
  name: "stop", permille: 350,
  draw(stream, setting) {
    const planned: Planned[] = [];
    for (let left = 1 + stream.below(3); left > 0; left -= 1) {
      const at_ms = placeOf(stream, setting.safety_ms);
      const lasts_ms = spreadOut(stream, MINUTE, 4 * DAY);
      planned.push({ at_ms, steps: [`stop: {reason: ${String(between(stream, 1, 255))}, ${maybe}}`] });
      if (stream.below(4) === 0) planned.push({ at_ms: at_ms + 20_000, steps: [`prime: {volume: ${String(between(stream, 30, 320))}uL, ${maybe}}`, `cancel: {activity: prime, ${maybe}}`] });
      const meanwhile = [`prime: {volume: ${String(between(stream, 1, 320))}uL, ${maybe}}`, prescribed(stream, setting), `refill: {${refillOf(stream, setting, setting.concentration)}, ${maybe}}`];
      meanwhile.filter(() => stream.below(3) === 0).forEach((text, index) => planned.push({ at_ms: at_ms + Math.floor((lasts_ms * (index + 1)) / 5), steps: [text] }));
      if (stream.below(8) > 0) planned.push({ at_ms: at_ms + lasts_ms, steps: [`start: {${stream.below(2) === 0 ? `missed: ${String(Math.floor(lasts_ms / HOUR))}h, ` : ""}${maybe}}`] });
    }
    return planned;
  },
};

/** A patient who asks again too soon, mostly with a reset in between: no lockout is forgotten, and no bolus goes on. */
const impatient: Site = {
  name: "impatient", permille: 300,
  draw(stream, { safety_ms }) {
    const planned: Planned[] = [];
    const asks = ["session: patient", `bolus: {by: patient, ${maybe}}`, "session: clinician"];
    for (let left = 1 + stream.below(4); left > 0; left -= 1) {
      const at_ms = placeOf(stream, safety_ms);
      const minutes = between(stream, 1, 14);
      planned.push({ at_ms, steps: asks });
      if (stream.below(4) > 0) planned.push({ at_ms: at_ms + minutes * 20_000, steps: ["fault: processor.reset"] });
      planned.push({ at_ms: at_ms + minutes * MINUTE, steps: asks });
    }
    return planned;
  },
};

export const THERAPY_SITES: readonly Site[] = [
  stops, impatient,
  instants("prescribe", 450, 4, (stream, setting) => [prescribed(stream, setting)]),
  instants("drug", 250, 2, (stream, setting) => [prescribed(stream, setting, [`refill: {${refillOf(stream, setting, pick(stream, [500, 1000, 2000]))}, bridge: ${pick(stream, ["yes", "yes", "no", "cleared"])}}`])]),
  instants("refill", 600, 3, (stream, setting) => [`refill: {${refillOf(stream, setting, setting.concentration)}, ${maybe}}`]),
  instants("bolus", 450, 8, (stream, { daily_ug }) => [`bolus: {${shot(stream, Math.max(20, Math.floor(daily_ug / 4)))}, ${maybe}}`]),
  instants("patient", 300, 8, () => ["session: patient", `bolus: {by: patient, ${maybe}}`, "session: clinician"]),
  instants("cancel", 250, 5, (stream) => [`cancel: {activity: ${pick(stream, ["bolus", "bolus", "prime"])}, ${maybe}}`]),
  instants("start", 150, 3, (stream) => [`start: {missed: ${String(between(stream, 0, 90))}h, ${maybe}}`]),
  instants("prime", 120, 2, (stream) => [`prime: {volume: ${String(between(stream, 1, 320))}uL, ${maybe}}`]),
];
