// Kinds of field that hold fields, and the parts of a prescription.

import { isMap } from "yaml";
import { parseMinute } from "../../protocol/wand/text/week";
import { lotNumber } from "../../protocol/wand/text/lot";
import { MEASURES } from "../../protocol/wand/text/quantity";
import { Bridge } from "../../protocol/states";
import { optional, readFields, required, schemaOf } from "./fields";
import type { Fields, ValuesOf } from "./fields";
import { count, list, oneOf, quantity, volume, wrong } from "./kinds";
import type { Kind } from "./kinds";
import { scalarText } from "./reader";
import { orParameter } from "./kinds";

/** A mapping with declared fields. */
export function struct<F extends Fields>(name: string, fields: F, example: string): Kind<ValuesOf<F>> {
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

const bolus_fields = {
  dose: required(quantity(MEASURES.dose), "Dose of the bolus."),
  over: required(quantity(MEASURES.duration), "Its duration, in whole minutes."),
};

export const timedBoluses = byTimeOfDay(struct("bolus", bolus_fields, "{dose: 50ug, over: 30min}"));

export const periodicBolus = struct("periodic bolus", {
  every: required(quantity(MEASURES.duration), "From start to start, by pump time, in whole minutes."), ...bolus_fields,
}, "{every: 6h, dose: 20ug, over: 20min}");

export const patientBolus = struct("patient bolus", {
  ...bolus_fields,
  lockout: optional(quantity(MEASURES.duration), "From start to start, at least; 4h unless told."),
  most: required(count(0, 255), "How many in any 24 h."),
}, "{dose: 25ug, over: 30min, lockout: 4h, most: 3}");

export const capsKind = struct("caps", {
  hour: optional(quantity(MEASURES.dose), "Rolling cap of 1 h; 150ug unless told."),
  day: optional(quantity(MEASURES.dose), "Rolling cap of 24 h; 1.5 times the daily dose unless told."),
}, "{hour: 150ug, day: 750ug}");

export const titrationPlan = list(struct("titration step", {
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
  drug: optional(oneOf("drug", new Map([["baclofen", 1], ["saline", 0]])), "The drug; the pump knows baclofen only."),
  aspirated: optional(volume, "What was taken out before, as the pump is told; what is truly there unless told."),
  rinsed: optional(oneOf("answer", yes_no_map), "yes: the dead volume was rinsed, so nothing of the old drug is left in it."),
  lot: optional(lot, "Lot of the drug."),
};

export const stagedRefill = struct("refill", {
  ...REFILL_FIELDS,
  bridge: optional(oneOf("bridge", new Map([["no", Bridge.undecided], ["yes", Bridge.bridge], ["cleared", Bridge.cleared]])), "Where the drug changes: yes, the old one is in tubing and catheter; cleared, they were emptied."),
}, "{volume: 18mL, concentration: 500ug/mL, bridge: yes}");
