// Programs of three days and more, drawn so that instants coincide.

import fc from "fast-check";
import type { Act, Aim, Fault, Fill, Plan, Program, Shot } from "./program";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** 2026-01-05, a Monday. */
const MONDAY = 1_767_571_200_000;
const DAYS = 3;

const shot = (most: number, long = true): fc.Arbitrary<Shot> => fc.record({
  dose_ng: fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 500, max: most }) }, { weight: 1, arbitrary: fc.integer({ min: 1, max: 40 }) }),
  minutes: fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 5, max: 90 }) }, { weight: 1, arbitrary: long ? fc.constantFrom(1, 2, 600, 1440) : fc.constantFrom(1, 2, 1, 30) }),
});

/** Rates by which a pulse is due at whole minutes now and then, and rates by which it never is. */
const rate = fc.oneof(fc.constantFrom(144_000, 150_000, 200_000, 300_000, 432_000, 480_000, 864_000), fc.integer({ min: 150_000, max: 900_000 }));

const minuteOfDay = fc.integer({ min: 1, max: 1439 });

const scheduleOf = (least: number, most: number): fc.Arbitrary<(readonly [number, number])[]> => fc.tuple(rate, fc.uniqueArray(fc.record({ minute: minuteOfDay, percent: fc.oneof({ weight: 9, arbitrary: fc.integer({ min: least, max: most }) }, { weight: 1, arbitrary: fc.constant(0) }) }), { maxLength: 5, selector: ({ minute }) => minute })).map(([base, later]) =>
  [[0, base] as const, ...later.sort((a, b) => a.minute - b.minute).map(({ minute, percent }) => [minute, Math.floor((base * percent) / 100)] as const)]);

const schedule = scheduleOf(70, 140);
const steep = scheduleOf(30, 250);

const week = fc.constantFrom([0, 0, 0, 0, 0, 0, 0], [0, 1, 0, 1, 0, 1, 0], [0, 0, 0, 0, 0, 1, 1], [1, 0, 0, 0, 0, 0, 1]);

const fill: fc.Arbitrary<Fill> = fc.record({
  volume_nL: fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 6_000_000, max: 18_600_000 }) }, { weight: 1, arbitrary: fc.constantFrom(1_000_000, 4_100_000, 700_000, 18_600_001) }),
  concentration: fc.constantFrom(500, 1000, 2000, 2000),
  aspirated_nL: fc.constantFrom(17_900_000, 17_000_000, 14_000_000),
  rinsed: fc.boolean(),
});

const timed = fc.uniqueArray(fc.record({ minute: minuteOfDay, each: shot(40_000, false) }), { maxLength: 3, selector: ({ minute }) => minute }).map((all) => all.sort((a, b) => a.minute - b.minute).map(({ minute, each }) => ({ minute, ...each })));
const maybe = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(of, { nil: undefined });

const extras = fc.record({
  timed,
  periodic: maybe(fc.record({ every_min: fc.integer({ min: 60, max: 600 }), dose_ng: fc.integer({ min: 200, max: 15_000 }), minutes: fc.integer({ min: 3, max: 50 }) })),
  patient: maybe(fc.record({ dose_ng: fc.integer({ min: 1000, max: 15_000 }), minutes: fc.integer({ min: 2, max: 30 }), lockout_min: fc.integer({ min: 15, max: 300 }), most: fc.integer({ min: 1, max: 6 }) })),
  caps: maybe(fc.record({ hour_ng: fc.constantFrom(0, 0, 90_000, 150_000, 300_000), day_ng: fc.constantFrom(0, 600_000, 1_500_000, 3_000_000) })),
  titration: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: fc.array(fc.record({ permille: fc.integer({ min: 900, max: 1250 }), days: fc.integer({ min: 1, max: 2 }) }), { minLength: 1, maxLength: 3 }) }),
});

type Extras = Pick<Plan, "timed" | "titration"> & { readonly [K in "periodic" | "patient" | "caps"]: Plan[K] | undefined };

/** Mostly one that can be, sometimes with both kinds of boluses, which cannot. */
function planOf(schedules: Plan["schedules"], days: readonly number[], extra: Extras, refill: Plan["refill"], confirm: boolean): Plan {
  const { timed: entries, periodic, patient, caps, titration } = extra;
  const both = periodic?.every_min === 61;
  return {
    schedules, week: days, timed: periodic !== undefined && !both ? [] : entries, titration, confirm,
    ...(periodic === undefined ? {} : { periodic }), ...(patient === undefined ? {} : { patient }), ...(caps === undefined ? {} : { caps }), ...(refill === undefined ? {} : { refill }),
  };
}

/** The first prescription. */
const first: fc.Arbitrary<Plan> = fc.tuple(schedule, schedule, week, extras).map(([a, b, days, extra]) => planOf([a, b], days, extra, undefined, true));

/** A later one: the same, the same by another amount, another drug, the minimum rate. */
type Change = (before: Plan) => Plan;
const staged = fc.tuple(fill, fc.constantFrom("yes", "yes", "yes", "cleared", "no")).map(([each, bridge]) => ({ ...each, bridge: bridge as "yes" }));
const change: fc.Arbitrary<Change> = fc.oneof(
  { weight: 2, arbitrary: fc.tuple(fc.oneof(fc.integer({ min: 80, max: 115 }), fc.integer({ min: 30, max: 160 })), fc.boolean(), maybe(extras), maybe(staged)).map(([percent, confirm, extra, refill]) => (before: Plan) =>
    planOf(before.schedules.map((each) => each.map(([minute, of]) => [minute, Math.floor((of * percent) / 100)] as const)), [...before.week], extra ?? { ...none, ...before }, refill, confirm)) },
  { weight: 1, arbitrary: maybe(staged).map((refill) => (before: Plan) => ({ ...before, ...(refill === undefined ? {} : { refill }) })) },
  { weight: 1, arbitrary: fc.constant((): Plan => ({ schedules: [], week: [0, 0, 0, 0, 0, 0, 0], timed: [], titration: [], confirm: true })) },
);
const none: Extras = { timed: [], titration: [], periodic: undefined, patient: undefined, caps: undefined };

const wait: fc.Arbitrary<Act> = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 6 * HOUR }) }, { weight: 2, arbitrary: fc.integer({ min: 0, max: 20 }) }, { weight: 1, arbitrary: fc.integer({ min: 0, max: 90 }).map((n) => n * MINUTE) },
).map((ms) => ({ do: "wait", ms }));
const aim: fc.Arbitrary<Act> = fc.tuple(fc.constantFrom<Aim>("pulse", "pulse", "pulse", "step", "step", "bolus end", "result"), fc.constantFrom(0, 0, 0, 1, -1, 4, 7, 8, 9, -8, 499, 500)).map(([at, plus_ms]) => ({ do: "aim", at, plus_ms }));

/** What is near to a cap, on either side. */
const fillCap: fc.Arbitrary<Act> = fc.record({ minutes: fc.oneof(fc.integer({ min: 1, max: 60 }), fc.constantFrom(1, 240, 1440)), plus_ng: fc.integer({ min: -3000, max: 4000 }) }).map((each) => ({ do: "fill cap", ...each }));

const operation: fc.Arbitrary<readonly Act[]> = fc.oneof(
  { weight: 6, arbitrary: shot(70_000).map((each): Act[] => [{ do: "bolus", confirm: true, ...each }]) },
  { weight: 1, arbitrary: fc.tuple(shot(230_000), fc.boolean()).map(([each, confirm]): Act[] => [{ do: "bolus", confirm, ...each }]) },
  { weight: 4, arbitrary: fillCap.map((each): Act[] => [each]) },
  { weight: 4, arbitrary: fc.constant<Act[]>([{ do: "patient" }]) },
  { weight: 3, arbitrary: fc.constant<Act[]>([{ do: "cancel", what: "bolus" }]) },
  { weight: 3, arbitrary: fc.tuple(fc.oneof(fc.integer({ min: 1, max: 3 * HOUR }), fc.constantFrom(0, 1, 49 * HOUR, HOUR)), fc.integer({ min: 0, max: 50 })).map(([ms, missed_h]): Act[] => [{ do: "stop" }, { do: "wait", ms }, { do: "start", missed_h }]) },
  { weight: 1, arbitrary: fc.constant<Act[]>([{ do: "stop" }]) },
  { weight: 1, arbitrary: fc.tuple(fc.integer({ min: 100, max: 500_000 }), fc.integer({ min: 1, max: 20 * MINUTE })).map(([nL, ms]): Act[] => [{ do: "stop" }, { do: "prime", nL }, { do: "wait", ms }, { do: "cancel", what: "prime" }, { do: "start", missed_h: 0 }]) },
  { weight: 2, arbitrary: fill.map((each): Act[] => [{ do: "refill", fill: each }]) },
  { weight: 3, arbitrary: fc.oneof(fc.integer({ min: -3 * HOUR, max: 3 * HOUR }), fc.constantFrom(HOUR, -HOUR, 2 * HOUR, 2 * HOUR + 1, DAY, -DAY, 3 * DAY, 30 * DAY, 1, -1)).map((by_ms): Act[] => [{ do: "clock", by_ms }]) },
  { weight: 1, arbitrary: fc.integer({ min: 1_000_000, max: 10_000_000 }).map((nL): Act[] => [{ do: "low", nL }]) },
  { weight: 2, arbitrary: fc.constant<Act[]>([{ do: "reset" }, { do: "wait", ms: 1000 }]) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 3 * HOUR }).map((off_ms): Act[] => [{ do: "power", off_ms }, { do: "wait", ms: off_ms + 1000 }]) },
  { weight: 3, arbitrary: fc.tuple(fc.constantFrom<[Fault, number]>(["motor.stalled", 0], ["rotor.dead", 0], ["motor.weak", 300], ["motor.weak", 1000], ["rotor.late", 0], ["rotor.late", 1], ["rotor.late", 300], ["rotor.late", 500], ["rotor.late", 501], ["rotor.late", 749], ["rotor.intermittent", 200]), fc.oneof(fc.integer({ min: 1, max: 30 * MINUTE }), fc.integer({ min: 1, max: 8 * HOUR }))).map(([[kind, value], ms]): Act[] => [{ do: "fault", kind, value }, { do: "wait", ms }, { do: "heal", kind }]) },
);

type Step = readonly Act[] | Change;
const steps: fc.Arbitrary<Step[]> = fc.array(fc.oneof<fc.Arbitrary<Step>[]>(wait.map((each) => [each]), fc.tuple(fc.oneof(wait, aim), operation).map(([a, b]) => [a, ...b]), fc.tuple(aim, operation).map(([a, b]) => [a, ...b]), change), { minLength: 4, maxLength: 24 });

/** Time that the acts name; aims are short. */
const lasts = (acts: readonly Act[]): number => acts.reduce((sum, act) => sum + (act.do === "wait" ? act.ms : 0), 0);

/** Puts a program together: filled, primed or not, prescribed, started, then its steps, each change of the prescription by the one before it. */
function assemble(unit: Omit<Program, "acts">, fill_first: Fill, primed: boolean, plan: Plan, rest: readonly Step[]): Program {
  const acts: Act[] = [{ do: "refill", fill: { ...fill_first, aspirated_nL: 0 } }];
  if (primed) acts.push({ do: "prime", nL: 140_000 + 2200 * unit.catheter_cm }, { do: "wait", ms: 40 * MINUTE });
  acts.push({ do: "prescribe", plan }, { do: "start", missed_h: 0 });
  let before = plan;
  for (const step of rest) {
    if (typeof step !== "function") acts.push(...step);
    else {
      before = step(withoutRefill(before));
      acts.push({ do: "prescribe", plan: before });
      if (before.schedules.length === 0) before = plan;
    }
  }
  acts.push({ do: "wait", ms: Math.max(HOUR, DAYS * DAY - lasts(acts)) });
  return { ...unit, acts: withoutBoth(acts) };
}

function withoutRefill(plan: Plan): Plan {
  const kept: { -readonly [K in keyof Plan]: Plan[K] } = { ...plan };
  delete kept.refill;
  return kept;
}

/** A power loss costs up to six hours of a titration's count, which no requirement says to the ms: never both in one program. */
function withoutBoth(acts: readonly Act[]): readonly Act[] {
  const titrated = acts.some((act) => act.do === "prescribe" && act.plan.titration.length > 0);
  return titrated ? acts.filter((act) => act.do !== "power") : acts;
}

const unit = fc.record({
  pulse_pL: fc.oneof(fc.constant(250_000), fc.integer({ min: 225_000, max: 275_000 })), catheter_cm: fc.integer({ min: 5, max: 100 }), previous_ng: fc.oneof({ weight: 12, arbitrary: fc.constant(2_000_000) }, { weight: 1, arbitrary: fc.constant(0) }),
  wall_ms: fc.oneof(fc.integer({ min: 0, max: 7 * DAY }), fc.constantFrom(8 * HOUR, 0, DAY - 1)).map((ms) => MONDAY + ms),
});

const firstFill: fc.Arbitrary<Fill> = fc.record({ volume_nL: fc.oneof({ weight: 4, arbitrary: fc.constant(18_000_000) }, { weight: 1, arbitrary: fc.integer({ min: 600_000, max: 5_000_000 }) }), concentration: fc.constantFrom(500, 1000, 2000, 2000), aspirated_nL: fc.constant(0), rinsed: fc.constant(false) });

/** Programs of three virtual days at least. */
export const programs: fc.Arbitrary<Program> = fc.tuple(unit, firstFill, fc.boolean(), first, steps).map(([each, filled, primed, plan, rest]) => assemble(each, filled, primed, plan, rest));

/** Programs of nothing but boluses that fill the caps, over a schedule that is steep: what windows hold is not what they will hold. */
export const capPrograms: fc.Arbitrary<Program> = fc.tuple(unit, steep, extras, fc.constantFrom(60_000, 90_000, 0), fc.array(fc.tuple(fc.oneof(wait, fc.integer({ min: 0, max: 20 * HOUR }).map((ms): Act => ({ do: "wait", ms }))), fillCap), { minLength: 1, maxLength: 8 }))
  .map(([each, schedule_one, { timed: entries, periodic, titration }, hour_ng, rest]) => {
    const plan = planOf([schedule_one], [0, 0, 0, 0, 0, 0, 0], { timed: entries, periodic, titration, patient: undefined, caps: { hour_ng, day_ng: 0 } }, undefined, true);
    return assemble({ ...each, previous_ng: 2_000_000 }, { volume_nL: 18_000_000, concentration: 2000, aspirated_nL: 0, rinsed: false }, false, plan, rest);
  });

/** The nth program of a seed, the same on every machine. */
export function programOf(seed: number, n: number, of: fc.Arbitrary<Program> = programs): Program {
  return fc.sample(of, { seed: seed * 1_000_003 + n, numRuns: 1 })[0]!;
}
