// The kind of field for a weekday schedule: days, times of day, dose rates.

import { isMap } from "yaml";
import type { Node } from "yaml";
import { MEASURES } from "../../protocol/wand/text/quantity";
import { DAYS_EXPECTED, readWeek, TIMES_EXPECTED } from "../../protocol/wand/text/week";
import type { WeekReader, WeekSchedule, Written } from "../../protocol/wand/text/week";
import { quantity, wrong } from "./kinds";
import type { Kind } from "./kinds";
import { describeNode } from "./reader";
import type { Entry, Reader } from "./reader";

const rate = quantity(MEASURES.rate);

const written = ({ name, key, value }: Entry): Written<Node> => ({ name, place: key, value: value ?? undefined });

function weekReader(reader: Reader): WeekReader<Node> {
  return {
    pairs: (node) => (isMap(node) ? reader.entries(node).map(written) : undefined),
    rate: (node) => rate.read(reader, node),
    report: (node, text) => { reader.report(node, text); },
    describe: (node) => describeNode(node ?? null),
    rate_expected: rate.expects,
  };
}

/** A mapping from weekdays to a mapping from times of day to dose rates. */
export const weekSchedule: Kind<WeekSchedule> = {
  name: "week schedule", expects: `a mapping from ${DAYS_EXPECTED} to ${TIMES_EXPECTED}`,
  schema: { type: "object", additionalProperties: { type: "object", additionalProperties: rate.schema } },
  read(reader, node) {
    if (!isMap(node)) return wrong(reader, node, this.expects);
    const before = reader.problems.length;
    const week = readWeek(weekReader(reader), node, reader.entries(node).map(written));
    return reader.problems.length > before ? undefined : week;
  },
};
