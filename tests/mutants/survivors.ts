// Survivors that were looked at: why each is no change of behaviour.

import type { Site } from "./operators";

/** A generic mutant by what it changes, not by its line number, with the reason why nobody can notice it. */
export interface Survivor {
  readonly file: string;
  readonly operator: string;
  /** What of the line it changes. */
  readonly was: string;
  /** The source line, trimmed. */
  readonly line: string;
  readonly why: string;
}

export const SURVIVORS: readonly Survivor[] = [
  {
    file: "firmware/readings.ts", operator: "swap", was: "<", line: "for (let i = 0; i < LinkCounts.fields; i++) p.reply[i] = get(p.d, D.count + i);",
    why: "one value more than the answer has",
  },
  {
    file: "firmware/requests.ts", operator: "number + 1", was: "0", line: "reply(p, op, fault, row.answer, row.apply(p), 0);",
    why: "transaction 1 has ended long since: it is the boot's",
  },
  {
    file: "firmware/prescription.ts", operator: "number + 1", was: "1", line: "let last_key = 0 - 1;",
    why: "any key below the first one will do",
  },
  {
    file: "firmware/alarms.ts", operator: "swap", was: "<", line: "if (next_ms === 0 || due_ms < next_ms) next_ms = due_ms;",
    why: "the smaller of two equal instants",
  },
  {
    file: "firmware/machine.ts", operator: "swap", was: "<", line: "for (let i = 0; i < States.count * Event.count; i++) table.push(Cell.none);",
    why: "one more empty cell, of a state that there is not",
  },
  {
    file: "firmware/controller.ts", operator: "swap", was: "<", line: "return other_ms !== 0 && other_ms < deadline_ms ? other_ms : deadline_ms;",
    why: "the smaller of two equal instants",
  },
  {
    file: "firmware/stall.ts", operator: "swap", was: "<=", line: "for (let i: number = C.miss_bucket; i <= C.miss_bucket_last && left > 0; i++) {",
    why: "the buckets always hold what is taken, so nothing is left before they end",
  },
  {
    file: "firmware/alarms.ts", operator: "swap", was: "<=", line: "for (let alarm = 1; alarm <= Alarms.last; alarm++) {",
    why: "only alarm 17 is left out, and nothing raises it yet",
  },
  {
    file: "firmware/controller.ts", operator: "swap", was: "+", line: "p.w[W.unsaved] = Dirty.saved + Dirty.prescription + Dirty.answers;",
    why: "the sum with a minus has the same bits set, or more",
  },
  {
    file: "firmware/schedule.ts", operator: "number + 1", was: "0", line: "let rate = 0;",
    why: "each schedule has a step at midnight, so one is always found",
  },
  {
    file: "firmware/controller.ts", operator: "negate", was: "now_ms - p.w[W.checked_ms] >= Upkeep.check_ms", line: "if (now_ms - p.w[W.checked_ms] >= Upkeep.check_ms) {",
    why: "the whole region is then checked at each entry: sooner than it need be, and nothing else",
  },
];

/** Whether this is the site that was looked at; `line` is its source line, trimmed. */
export function isSite(known: Survivor, site: Site, line: string): boolean {
  return known.file === site.file && known.operator === site.operator && known.was === site.was.replace(/\s+/g, " ") && known.line === line;
}
