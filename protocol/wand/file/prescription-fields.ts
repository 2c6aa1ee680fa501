// Fields of a prescription and of a refill, for scenarios and for the wand.

import { isMap } from "yaml";
import { Unit } from "../../../hal/units";
import { Bridge, Drug, Mode } from "../../states";
import { constantRate, MINIMUM_RATE, scheduled } from "../procedures/prescription";
import type { Refill, StagedPrescription } from "../procedures/prescription";
import { lotNumber } from "../text/lot";
import { MEASURES } from "../text/quantity";
import { parseMinute } from "../text/week";
import { optional, readFields, required, schemaOf } from "./fields";
import type { Fields, ValuesOf } from "./fields";
import { count, duration, list, oneOf, orParameter, quantity, volume, wrong } from "./kinds";
import type { Kind } from "./kinds";
import { scalarText } from "./reader";
import { weekSchedule } from "./week";

/** A mapping with declared fields. */
function struct<F extends Fields>(name: string, fields: F, example: string): Kind<ValuesOf<F>> {
  return {
    name, expects: `a mapping such as ${example}`, schema: schemaOf(fields),
    read(reader, node) {
      return isMap(node) ? readFields(reader, name, fields, node) : wrong(reader, node, this.expects);
    },
  };
}

/** A mapping from times of day to values of one kind, in order. */
function byTimeOfDay<T>(of: Kind<T>): Kind<readonly { readonly minute: number; readonly value: T }[]> {
  const expects = `a mapping from times of day such as "08:00" to ${of.expects}`;
  return {
    name: `${of.name} by time of day`, expects, schema: { type: "object", additionalProperties: of.schema },
    read(reader, node) {
      if (!isMap(node)) return wrong(reader, node, expects);
      const before = reader.problems.length;
      const found: { readonly minute: number; readonly value: T }[] = [];
      for (const { name, key, value } of reader.entries(node)) {
        const minute = parseMinute(name);
        if (minute === undefined) reader.report(key, `"${name}" is not a time of day: expected one such as "08:00"`);
        else if (value === null) reader.report(key, `"${name}" has no value: expected ${of.expects}`);
        else {
          const read = of.read(reader, value);
          if (read !== undefined) found.push({ minute, value: read });
        }
      }
      return reader.problems.length > before ? undefined : found;
    },
  };
}

/** A duration in whole minutes, which is what the pump is told. */
const minutes: Kind<number> = {
  ...duration,
  read(reader, node) {
    const read_ms = duration.read(reader, node);
    if (read_ms === undefined || read_ms % Unit.ms_per_minute === 0) return read_ms === undefined ? undefined : read_ms / Unit.ms_per_minute;
    reader.report(node, `"${scalarText(node)}" is no whole number of minutes: durations of boluses are whole minutes`);
    return undefined;
  },
};

const bolus_fields = {
  dose: required(quantity(MEASURES.dose), "Dose of the bolus."),
  over: required(minutes, "Its duration, in whole minutes."),
};

const timedBoluses = byTimeOfDay(struct("bolus", bolus_fields, "{dose: 50ug, over: 30min}"));

const periodicBolus = struct("periodic bolus", {
  every: required(minutes, "From start to start, by pump time, in whole minutes."), ...bolus_fields,
}, "{every: 6h, dose: 20ug, over: 20min}");

const patientBolus = struct("patient bolus", {
  ...bolus_fields,
  lockout: optional(minutes, "From start to start, at least; 4h unless told."),
  most: required(count(0, 255), "How many in any 24 h."),
}, "{dose: 25ug, over: 30min, lockout: 4h, most: 3}");

const capsKind = struct("caps", {
  hour: optional(quantity(MEASURES.dose), "Rolling cap of 1 h; 150ug unless told."),
  day: optional(quantity(MEASURES.dose), "Rolling cap of 24 h; 1.5 times the daily dose unless told."),
}, "{hour: 150ug, day: 750ug}");

const titrationPlan = list(struct("titration step", {
  rate: required(quantity(MEASURES.permille), "What the schedule's rates are scaled by: 110% is a tenth more than what is written."),
  days: required(count(0, 255), "For so many days of therapy actually delivered."),
}, "{rate: 110%, days: 7}"));

const lot: Kind<number> = {
  name: "lot", expects: "a lot of up to 9 letters and digits, such as A123", schema: orParameter({ type: ["string", "number"] }),
  read(reader, node) {
    const number = lotNumber(scalarText(node));
    return number ?? wrong(reader, node, this.expects);
  },
};

const yes_no_map: ReadonlyMap<string, boolean> = new Map([["yes", true], ["no", false]]);

/** Fields of any refill. */
export const REFILL_FIELDS = {
  volume: required(volume, "Deliverable volume after the refill."),
  concentration: required(quantity(MEASURES.concentration), "Concentration of the drug that is filled in."),
  drug: optional(oneOf("drug", new Map([["baclofen", Drug.baclofen], ["saline", 0]])), "The drug; the pump knows baclofen only."),
  aspirated: optional(volume, "What was taken out before, as the pump is told; what is truly there unless told."),
  rinsed: optional(oneOf("answer", yes_no_map), "yes: the dead volume was rinsed, so nothing of the old drug is left in it."),
  lot: optional(lot, "Lot of the drug."),
};

const stagedRefill = struct("refill", {
  ...REFILL_FIELDS,
  bridge: optional(oneOf("bridge", new Map([["no", Bridge.undecided], ["yes", Bridge.bridge], ["cleared", Bridge.cleared]])), "Where the drug changes: yes, the old one is in tubing and catheter; cleared, they were emptied."),
}, "{volume: 18mL, concentration: 500ug/mL, bridge: yes}");

/** What a prescription is, in a scenario and in a file of the wand's. */
export const PRESCRIPTION_FIELDS = {
  rate: optional(quantity(MEASURES.rate), "One dose rate for every day."),
  schedule: optional(weekSchedule, "Dose rates by weekday and time of day."),
  mode: optional(oneOf("mode", new Map([["minimum", Mode.minimum_rate]])), "minimum: 0.006 mL/day whatever the drug."),
  boluses: optional(timedBoluses, "Boluses at times of day, every day."),
  periodic: optional(periodicBolus, "A bolus every so often, by pump time."),
  patient: optional(patientBolus, "What the patient may give himself."),
  caps: optional(capsKind, "Rolling caps."),
  titration: optional(titrationPlan, "The rates in steps, each for days of therapy delivered."),
  refill: optional(stagedRefill, "A refill that is done with it, in one: the only way to another concentration."),
};

const BASES = ["rate", "schedule", "mode"] as const;

/** What is wrong with the fields together: the basal rate is said in one way. Undefined if nothing is. */
export function wrongBase(values: ValuesOf<typeof PRESCRIPTION_FIELDS>): string | undefined {
  return BASES.filter((name) => values[name] !== undefined).length === 1 ? undefined : `needs exactly one of ${BASES.join(", ")}`;
}

/** A refill as it is sent; `aspirated_nL` where it does not say what was taken out. */
export function refillOf(values: ValuesOf<typeof REFILL_FIELDS>, aspirated_nL: number): Refill {
  return {
    drug: values.drug ?? Drug.baclofen, volume_nL: values.volume, concentration: values.concentration,
    aspirated_nL: values.aspirated ?? aspirated_nL, rinsed: values.rinsed ?? false, lot: values.lot ?? 0,
  };
}

/** From start to start, where a prescription does not say it. */
const LOCKOUT_MIN = 240;

/** The prescription as it is staged. */
export function stagedOf(values: ValuesOf<typeof PRESCRIPTION_FIELDS>, aspirated_nL: number): StagedPrescription {
  const { rate, schedule, boluses, periodic, patient, caps, titration, refill } = values;
  let base = MINIMUM_RATE;
  if (rate !== undefined) base = constantRate(rate);
  if (schedule !== undefined) base = scheduled(schedule.week, schedule.steps);
  return {
    ...base,
    ...(boluses === undefined ? {} : { timed: boluses.map(({ minute, value }) => ({ minute, dose_ng: value.dose, minutes: value.over })) }),
    ...(periodic === undefined ? {} : { periodic: { interval_min: periodic.every, dose_ng: periodic.dose, minutes: periodic.over } }),
    ...(patient === undefined ? {} : { patient: { dose_ng: patient.dose, minutes: patient.over, lockout_min: patient.lockout ?? LOCKOUT_MIN, most: patient.most } }),
    ...(caps === undefined ? {} : { caps: { hour_ng: caps.hour ?? 0, day_ng: caps.day ?? 0 } }),
    ...(titration === undefined ? {} : { titration: titration.map((step) => ({ permille: step.rate, days: step.days })) }),
    ...(refill === undefined ? {} : { refill: { ...refillOf(refill, aspirated_nL), bridge: refill.bridge ?? Bridge.undecided } }),
  };
}
