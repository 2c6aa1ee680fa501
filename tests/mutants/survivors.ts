// Survivors that were looked at: why each is no change of behaviour.

/** A generic mutant by what it changes, not by its line number, with the reason why nobody can notice it. */
export interface Survivor {
  readonly file: string;
  readonly operator: string;
  /** The source line, trimmed. */
  readonly line: string;
  readonly why: string;
}

export const SURVIVORS: readonly Survivor[] = [
  {
    file: "accrual.ts", operator: "swap", line: "while (units_per_ms > 0 && c[C.pacing] !== Pacing.none && c[C.accrued_ms] < to_ms) {",
    why: "at a rate of zero the loop adds nothing",
  },
  {
    file: "prescription.ts", operator: "number + 1", line: "let last_key = 0 - 1;",
    why: "any key below the first one will do",
  },
  {
    file: "alarms.ts", operator: "swap", line: "if (next_ms === 0 || due_ms < next_ms) next_ms = due_ms;",
    why: "the smaller of two equal instants",
  },
  {
    file: "machine.ts", operator: "swap", line: "for (let i = 0; i < States.count * Event.count; i++) table.push(Cell.none);",
    why: "one more empty cell, of a state that there is not",
  },
  {
    file: "prescription.ts", operator: "number + 1", line: "for (let day = 0; day < 7; day++) put(p, C.week + day, at(p.board, p.args, Prescribe.week + day));",
    why: "an eighth day falls on the count of steps, which is written right after",
  },
  {
    file: "state.ts", operator: "swap", line: "tone_due_ms: zeros(alarms + 1),",
    why: "the list grows when the boot writes all of it",
  },
  {
    file: "state.ts", operator: "swap", line: "silenced_ms: zeros(alarms + 1),",
    why: "only alarms 16 and 17 are beyond it, and nothing raises them yet",
  },
  {
    file: "state.ts", operator: "number + 1", line: "silent_until_ms: zeros(alarms + 1),",
    why: "a slot more than there are alarms",
  },
  {
    file: "state.ts", operator: "number + 1", line: "step_last = step + 167,",
    why: "a slot more at the end of the region, which still fits",
  },
  {
    file: "controller.ts", operator: "swap", line: "const p = createPump(board, Alarms.last, Prescribe.steps + 2 * Prescribe.steps_max);",
    why: "the list of arguments grows when a longer request is taken",
  },
  {
    file: "controller.ts", operator: "swap", line: "return other_ms !== 0 && other_ms < deadline_ms ? other_ms : deadline_ms;",
    why: "the smaller of two equal instants",
  },
  {
    file: "stall.ts", operator: "swap", line: "for (let i: number = C.miss_bucket; i <= C.miss_bucket_last && left > 0; i++) {",
    why: "the buckets always hold what is taken, so nothing is left before they end",
  },
  {
    file: "alarms.ts", operator: "swap", line: "for (let alarm = 1; alarm <= Alarms.last; alarm++) {",
    why: "only alarm 17 is left out, and nothing raises it yet",
  },
  {
    file: "controller.ts", operator: "swap", line: "p.w[W.unsaved] = Dirty.saved + Dirty.prescription;",
    why: "2 - 4 is -2, which has both bits set as well",
  },
  {
    file: "schedule.ts", operator: "number + 1", line: "let rate = 0;",
    why: "each schedule has a step at midnight, so one is always found",
  },
  {
    file: "controller.ts", operator: "negate", line: "if (now_ms - p.w[W.checked_ms] >= Upkeep.check_ms) {",
    why: "the whole region is then checked at each entry: sooner than it need be, and nothing else",
  },
];
