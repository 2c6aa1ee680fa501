// How often an alarm came on, and when: the value that "raised" takes.

import { isMap } from "yaml";
import type { AlarmCount } from "../trace";
import { optional, readFields, schemaOf } from "./fields";
import { countTarget, target } from "./kinds";
import type { Kind, Target } from "./kinds";
import { MEASURES } from "../../protocol/wand/text/quantity";
import { durationText } from "../../protocol/wand/text/wall";
import { lasting } from "./wanted";
import type { Difference } from "./wanted";

/** What was wanted of an alarm; what is left out does not matter. */
export interface Raised {
  readonly times?: Target | undefined;
  readonly first?: Target | undefined;
  readonly at?: Target | undefined;
  readonly off?: Target | undefined;
}

const when = target(MEASURES.duration);
const fields = {
  times: optional(countTarget, "How often it came on since power-on."),
  first: optional(when, "Pump time of the first time it came on."),
  at: optional(when, "Pump time of the last time it came on, exact or with a tolerance."),
  off: optional(when, "Pump time of the last time it went off."),
};

/** A count, or {times, first, at, off}. */
export const raised: Kind<Raised> = {
  name: "raised", expects: 'a count such as 1, or {times: 1, at: "12d 3h +/- 1s"}',
  schema: { anyOf: [countTarget.schema, schemaOf(fields)] },
  read(reader, node) {
    if (isMap(node)) return readFields(reader, "raised", fields, node);
    const times = countTarget.read(reader, node);
    return times === undefined ? undefined : { times };
  },
};

function differsAt(wanted: Target | undefined, seen_ms: number): Difference[] {
  if (wanted === undefined) return [];
  if (seen_ms < 0) return [{ expected: `at ${durationText(wanted.value)}${wanted.within === 0 ? "" : ` +/- ${durationText(wanted.within)}`}`, seen: "never" }];
  const found = lasting.differs(wanted, seen_ms);
  return found === undefined ? [] : [{ expected: `at ${found.expected}`, seen: `at ${found.seen}` }];
}

/** What of it is not so. */
export function compareRaised({ times, first, at, off }: Raised, seen: AlarmCount | undefined): Difference[] {
  const seen_times = seen?.on ?? 0;
  const wrong: Difference[] = [];
  if (times !== undefined && Math.abs(seen_times - times.value) > times.within) {
    wrong.push({ expected: `${String(times.value)}${times.within === 0 ? "" : ` +/- ${String(times.within)}`} times`, seen: `${String(seen_times)} times` });
  }
  return [...wrong, ...differsAt(first, seen?.first_on_ms ?? -1), ...differsAt(at, seen?.last_on_ms ?? -1), ...differsAt(off, seen?.last_off_ms ?? -1)];
}
