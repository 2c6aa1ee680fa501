// Operations as the wand knows them: layouts by number, and which only read.

import { Layout, Op } from "../../operations";

interface Layouts {
  readonly request: number;
  readonly answer: number;
}

const LAYOUTS: Record<Op, Layouts> = {
  [Op.status]: { request: Layout.status, answer: Layout.status_answer },
  [Op.set_up]: { request: Layout.set_up, answer: Layout.set_up_answer },
  [Op.refill]: { request: Layout.refill, answer: Layout.refill_answer },
  [Op.stage]: { request: Layout.stage, answer: Layout.stage_answer },
  [Op.stage_steps]: { request: Layout.stage_steps, answer: Layout.stage_steps_answer },
  [Op.review]: { request: Layout.review, answer: Layout.review_answer },
  [Op.commit]: { request: Layout.commit, answer: Layout.commit_answer },
  [Op.start]: { request: Layout.start, answer: Layout.start_answer },
  [Op.stop]: { request: Layout.stop, answer: Layout.stop_answer },
  [Op.set_clock]: { request: Layout.set_clock, answer: Layout.set_clock_answer },
  [Op.acknowledge]: { request: Layout.acknowledge, answer: Layout.acknowledge_answer },
  [Op.set_alarms]: { request: Layout.set_alarms, answer: Layout.set_alarms_answer },
  [Op.prescription]: { request: Layout.prescription, answer: Layout.prescription_answer },
  [Op.reservoir]: { request: Layout.reservoir, answer: Layout.reservoir_answer },
  [Op.log]: { request: Layout.log, answer: Layout.log_answer },
  [Op.close]: { request: Layout.close, answer: Layout.close_answer },
  [Op.link_counts]: { request: Layout.link_counts, answer: Layout.link_counts_answer },
};

/** The layouts of an operation; undefined for a number the protocol does not have. */
export function layoutsOf(op: number): Layouts | undefined {
  return (LAYOUTS as Partial<Record<number, Layouts>>)[op];
}

/** Those that change nothing but what is staged, and are not recorded: one that was lost leaves no doubt behind. */
const READS: ReadonlySet<number> = new Set([
  Op.status, Op.stage, Op.stage_steps, Op.review, Op.prescription, Op.reservoir, Op.log, Op.close, Op.link_counts,
]);

export function onlyReads(op: number): boolean {
  return READS.has(op);
}
