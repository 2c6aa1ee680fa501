// How often an alarm came on, and when: the value that "raised" takes.

import { isMap } from "yaml";
import { optional, readFields, schemaOf } from "./fields";
import { count, target } from "./kinds";
import type { Kind } from "./kinds";
import { MEASURES } from "./quantity";
import { durationText } from "./wall";

/** Compares how often and when (pump ms, -1 for never) with what was wanted. */
export type Raised = (times: number, last_ms: number) => { readonly expected: string; readonly seen: string }[];

const fields = {
  times: optional(count(0), "How often it came on since power-on."),
  at: optional(target(MEASURES.duration), "Pump time of the last time it came on, exact or with a tolerance."),
};

/** A count, or {times, at}. */
export const raised: Kind<Raised> = {
  name: "raised", expects: 'a count such as 1, or {times: 1, at: "12d 3h +/- 1s"}',
  schema: { anyOf: [{ type: "integer", minimum: 0 }, schemaOf(fields)] },
  read(reader, node) {
    if (!isMap(node)) {
      const wanted = fields.times.kind.read(reader, node);
      return wanted === undefined ? undefined : (times) => (times === wanted ? [] : [{ expected: `${String(wanted)} times`, seen: `${String(times)} times` }]);
    }
    const values = readFields(reader, "raised", fields, node);
    if (values === undefined) return undefined;
    const { times: wanted, at } = values;
    return (times, last_ms) => {
      const wrong = [];
      if (wanted !== undefined && times !== wanted) wrong.push({ expected: `${String(wanted)} times`, seen: `${String(times)} times` });
      if (at !== undefined && (last_ms < 0 || Math.abs(last_ms - at.value) > at.within)) {
        const tolerance = at.within === 0 ? "" : ` +/- ${durationText(at.within)}`;
        wrong.push({ expected: `at ${durationText(at.value)}${tolerance}`, seen: last_ms < 0 ? "never" : `at ${durationText(last_ms)}` });
      }
      return wrong;
    };
  },
};
