// Verb prescribe: rates, boluses, limits, a plan, a refill that comes along.

import { Unit } from "../../../hal/units";
import { Bridge, Mode } from "../../../protocol/states";
import { constantRate, MINIMUM_RATE, scheduled } from "../../../protocol/wand/procedures/prescription";
import type { StagedPrescription } from "../../../protocol/wand/procedures/prescription";
import { confirmAll } from "../../../protocol/wand/procedures/program";
import { optional } from "../fields";
import type { ValuesOf } from "../fields";
import { count, oneOf, quantity } from "../kinds";
import { MEASURES } from "../../../protocol/wand/text/quantity";
import type { Runner } from "../runner";
import { capsKind, patientBolus, periodicBolus, stagedRefill, timedBoluses, titrationPlan } from "../structs";
import { defineVerb, expect_refusal, yes_no } from "../verb";
import { weekSchedule } from "../week";
import { refillOf } from "./refill";

const fields = {
  rate: optional(quantity(MEASURES.rate), "One dose rate for every day."),
  schedule: optional(weekSchedule, "Dose rates by weekday and time of day."),
  mode: optional(oneOf("mode", new Map([["minimum", Mode.minimum_rate]])), "minimum: 0.006 mL/day whatever the drug."),
  boluses: optional(timedBoluses, "Boluses at times of day, every day."),
  periodic: optional(periodicBolus, "A bolus every so often, by pump time."),
  patient: optional(patientBolus, "What the patient may give himself."),
  caps: optional(capsKind, "Rolling caps."),
  titration: optional(titrationPlan, "The rates in steps, each for days of therapy delivered."),
  refill: optional(stagedRefill, "A refill that is done with it, in one: the only way to another concentration."),
  confirm: optional(oneOf("answer", yes_no), "no: what the pump's review asks to be confirmed is not."),
  reason: optional(count(0, 255), "Reason for a large step down; 1 unless told."),
  expect_refusal,
  lost: optional(oneOf("answer", yes_no), "yes: the wand must get no answer and give up. Whether the pump took it is for later steps to see."),
};

const minutes = (ms: number): number => Math.floor(ms / Unit.ms_per_minute);
const LOCKOUT_MS = 4 * Unit.ms_per_hour;

function stagedOf(runner: Runner, values: ValuesOf<typeof fields>): StagedPrescription {
  const { rate, schedule, boluses, periodic, patient, caps, titration, refill } = values;
  let base = MINIMUM_RATE;
  if (rate !== undefined) base = constantRate(rate);
  if (schedule !== undefined) base = scheduled(schedule.week, schedule.steps);
  return {
    ...base,
    ...(boluses === undefined ? {} : { timed: boluses.map(({ minute, value }) => ({ minute, dose_ng: value.dose, minutes: minutes(value.over) })) }),
    ...(periodic === undefined ? {} : { periodic: { interval_min: minutes(periodic.every), dose_ng: periodic.dose, minutes: minutes(periodic.over) } }),
    ...(patient === undefined ? {} : { patient: { dose_ng: patient.dose, minutes: minutes(patient.over), lockout_min: minutes(patient.lockout ?? LOCKOUT_MS), most: patient.most } }),
    ...(caps === undefined ? {} : { caps: { hour_ng: caps.hour ?? 0, day_ng: caps.day ?? 0 } }),
    ...(titration === undefined ? {} : { titration: titration.map((step) => ({ permille: step.rate, days: step.days })) }),
    ...(refill === undefined ? {} : { refill: { ...refillOf(runner, refill), bridge: refill.bridge ?? Bridge.undecided } }),
  };
}

export const prescribe = defineVerb({
  name: "prescribe",
  doc: "Gives the pump a prescription: stages it, has the pump review it, confirms what the review asks for, commits. It runs from the pulse boundary if therapy runs, else from the start.",
  example: 'prescribe: {schedule: {mon-fri: {"00:00": 200ug/day, "08:30": 350ug/day}, sat-sun: {"00:00": 200ug/day}}, patient: {dose: 20ug, over: 30min, most: 2}}',
  fields,
  lone: "rate",
  validate(values, { report }) {
    const given = [values.rate, values.schedule, values.mode].filter((each) => each !== undefined);
    if (given.length !== 1) report(undefined, "prescribe needs exactly one of rate, schedule, mode");
    if (values.lost === true && values.expect_refusal !== undefined) report("lost", "a prescription that gets no answer is not refused");
    for (const { value } of values.boluses ?? []) if (value.over % Unit.ms_per_minute !== 0) report("boluses", "a bolus lasts whole minutes");
    for (const [field, over] of [["periodic", values.periodic?.over], ["periodic", values.periodic?.every], ["patient", values.patient?.over], ["patient", values.patient?.lockout]] as const) {
      if ((over ?? 0) % Unit.ms_per_minute !== 0) report(field, "durations of boluses are whole minutes");
    }
  },
  run(runner, values, place) {
    const staged = stagedOf(runner, values);
    runner.prescribe(place, staged, values.expect_refusal, values.lost ?? false, (review) =>
      (values.confirm === false ? { daily_ng: 0, bolus_ng: 0, reason: 0 } : confirmAll(staged, review, values.reason ?? 1)));
  },
});
