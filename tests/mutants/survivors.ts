// Survivors that were looked at: why each is no change of behaviour.

import { changedLine, lineOf } from "./operators";
import type { Site } from "./operators";

/** A generic mutant by what it changes, not by its line number, with the reason why nobody can notice it. */
export interface Survivor {
  readonly file: string;
  readonly operator: string;
  /** The source line, trimmed, and what it becomes. */
  readonly line: string;
  readonly becomes: string;
  readonly why: string;
}

export const SURVIVORS: readonly Survivor[] = [
  {
    file: "firmware/readings.ts", operator: "swap",
    line: "for (let i = 0; i < LinkCounts.fields; i++) p.reply[i] = get(p.d, D.count + i);",
    becomes: "for (let i = 0; i <= LinkCounts.fields; i++) p.reply[i] = get(p.d, D.count + i);",
    why: "one value more than the answer has",
  },
  {
    file: "firmware/requests.ts", operator: "number + 1",
    line: "reply(p, op, fault, row.answer, row.apply(p), 0);",
    becomes: "reply(p, op, fault, row.answer, row.apply(p), 1);",
    why: "transaction 1 has ended long since: it is the boot's",
  },
  {
    file: "firmware/prescription.ts", operator: "number + 1",
    line: "let last_key = 0 - 1;",
    becomes: "let last_key = 0 - 2;",
    why: "any key below the first one will do",
  },
  {
    file: "firmware/alarms.ts", operator: "swap",
    line: "if (next_ms === 0 || due_ms < next_ms) next_ms = due_ms;",
    becomes: "if (next_ms === 0 || due_ms <= next_ms) next_ms = due_ms;",
    why: "the smaller of two equal instants",
  },
  {
    file: "firmware/machine.ts", operator: "swap",
    line: "for (let i = 0; i < States.count * Event.count; i++) table.push(Cell.none);",
    becomes: "for (let i = 0; i <= States.count * Event.count; i++) table.push(Cell.none);",
    why: "one more empty cell, of a state that there is not",
  },
  {
    file: "firmware/controller.ts", operator: "swap",
    line: "return other_ms !== 0 && other_ms < deadline_ms ? other_ms : deadline_ms;",
    becomes: "return other_ms !== 0 && other_ms <= deadline_ms ? other_ms : deadline_ms;",
    why: "the smaller of two equal instants",
  },
  {
    file: "firmware/stall.ts", operator: "swap",
    line: "for (let i: number = C.miss_bucket; i <= C.miss_bucket_last && left > 0; i++) {",
    becomes: "for (let i: number = C.miss_bucket; i < C.miss_bucket_last && left > 0; i++) {",
    why: "the buckets always hold what is taken, and only a miss 24 h old is in the last",
  },
  {
    file: "firmware/controller.ts", operator: "swap",
    line: "p.w[W.unsaved] = Dirty.saved + Dirty.prescription + Dirty.answers;",
    becomes: "p.w[W.unsaved] = Dirty.saved + Dirty.prescription - Dirty.answers;",
    why: "a sum below 0 has the same bits set, or more",
  },
  {
    file: "firmware/schedule.ts", operator: "number + 1",
    line: "let rate = 0;",
    becomes: "let rate = 1;",
    why: "each schedule has a step at midnight, so one is always found",
  },
  {
    file: "firmware/controller.ts", operator: "negate",
    line: "if (now_ms - p.w[W.checked_ms] >= Upkeep.check_ms) {",
    becomes: "if (!(now_ms - p.w[W.checked_ms] >= Upkeep.check_ms)) {",
    why: "the whole region is then checked at each entry: sooner than it need be, and nothing else",
  },
  {
    file: "firmware/operations.ts", operator: "number + 1",
    line: "return arg(p, 3) > Limit.daily_ng_max ? Fault.daily_dose_above_maximum : Fault.ok;",
    becomes: "return arg(p, 4) > Limit.daily_ng_max ? Fault.daily_dose_above_maximum : Fault.ok;",
    why: "the line before has found the two to be the same",
  },
  {
    file: "firmware/staging.ts", operator: "swap",
    line: "const rows = idiv(p.w[W.held_count] - 1, 3);",
    becomes: "const rows = idiv(p.w[W.held_count] + 1, 3);",
    why: "a message has whole rows and one value before them, and two values more make no row of three",
  },
  {
    file: "firmware/refill.ts", operator: "swap",
    line: "p.w[W.filled + Filled.left_pL] = left_pL;",
    becomes: "p.w[W.filled - Filled.left_pL] = left_pL;",
    why: "its place is 0",
  },
  {
    file: "firmware/boluses.ts", operator: "swap",
    line: "return minutes <= MINUTES_PER_HOUR ? dose_ng : ceilDiv(dose_ng * MINUTES_PER_HOUR, minutes);",
    becomes: "return minutes < MINUTES_PER_HOUR ? dose_ng : ceilDiv(dose_ng * MINUTES_PER_HOUR, minutes);",
    why: "at 60 min both are the dose",
  },
  {
    file: "firmware/cursor.ts", operator: "swap",
    line: "let rest = at(p.board, p.w, W.cursor + Cursor.tail + At.left) < 0 ? 0 : span;",
    becomes: "let rest = at(p.board, p.w, W.cursor - Cursor.tail + At.left) < 0 ? 0 : span;",
    why: "the place of the tail is 0",
  },
  {
    file: "firmware/limits.ts", operator: "number + 1",
    line: "let lowest = 0;",
    becomes: "let lowest = 1;",
    why: "the search looks at each; of two equal doses either stands for the lowest",
  },
  {
    file: "firmware/state.ts", operator: "number + 1",
    line: "filled_last = filled + 3,",
    becomes: "filled_last = filled + 4,",
    why: "a place more among the working values",
  },
  {
    file: "firmware/timed.ts", operator: "number + 1",
    line: "const before_ms = c[C.next_bolus_ms] + c[C.wall_offset_ms] - 1;",
    becomes: "const before_ms = c[C.next_bolus_ms] + c[C.wall_offset_ms] - 2;",
    why: "entries are due at whole minutes of the wall clock: none lies in a millisecond more",
  },
  {
    file: "protocol/device/session.ts", operator: "number + 1",
    line: "d.n[D.proven] = 1;",
    becomes: "d.n[D.proven] = 2;",
    why: "it is only asked whether it is 0",
  },
  {
    file: "protocol/device/session.ts", operator: "number + 1",
    line: "d.n[D.answer_size] = 0;",
    becomes: "d.n[D.answer_size] = 1;",
    why: "without a session no answer is sent again, and the next login sets it to 0",
  },
  {
    file: "firmware/pulses.ts", operator: "swap",
    line: "if (c[C.misses_in_row] > 0 || c[C.stalled] === 1) endStall(p, StallEnd.confirmed);",
    becomes: "if (c[C.misses_in_row] >= 0 || c[C.stalled] === 1) endStall(p, StallEnd.confirmed);",
    why: "with no miss and no stall it sets to 0 what is 0",
  },
  {
    file: "firmware/accrual.ts", operator: "swap",
    line: "for (let which: Fraction = Fraction.prime; which > Fraction.none; which--) {",
    becomes: "for (let which: Fraction = Fraction.prime; which >= Fraction.none; which--) {",
    why: "whatever it finds there, it returns that there is none",
  },
];

/** The explanation of the mutant at this site, if it has one. */
export function explained(root: string, site: Site): Survivor | undefined {
  return SURVIVORS.find(({ file, operator, line, becomes }) =>
    file === site.file && operator === site.operator && line === lineOf(root, site) && becomes === changedLine(root, site));
}
