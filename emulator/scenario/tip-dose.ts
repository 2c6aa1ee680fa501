// The dose that left the tip on one day: the value that "tip_dose" takes.

import { isMap } from "yaml";
import { readFields, required, schemaOf } from "./fields";
import { count, target } from "./kinds";
import type { Kind, Target } from "./kinds";
import { MEASURES } from "../../protocol/wand/text/quantity";

/** A day of pump time, 0 is the first, and the dose of it in ng. */
export interface TipDose {
  readonly day: number;
  readonly dose: Target;
}

const fields = {
  day: required(count(0, 3653), "Day of pump time; 0 is the first."),
  dose: required(target(MEASURES.dose), "What left the tip on it."),
};

/** {day, dose}. */
export const tipDose: Kind<TipDose> = {
  name: "tip dose", expects: 'a day and its dose, such as {day: 2, dose: "500ug +/- 1ug"}', schema: schemaOf(fields),
  read(reader, node) {
    if (isMap(node)) return readFields(reader, "tip_dose", fields, node);
    reader.report(node, `expected ${this.expects}`);
    return undefined;
  },
};
