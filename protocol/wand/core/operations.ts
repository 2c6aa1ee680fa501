// Operations as the wand knows them: layouts by number, and which only read.

import { writeFields } from "../../fields";
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
  [Op.stage_timed]: { request: Layout.stage_timed, answer: Layout.stage_timed_answer },
  [Op.stage_extra]: { request: Layout.stage_extra, answer: Layout.stage_extra_answer },
  [Op.stage_titration]: { request: Layout.stage_titration, answer: Layout.stage_titration_answer },
  [Op.stage_refill]: { request: Layout.stage_refill, answer: Layout.stage_refill_answer },
  [Op.bolus]: { request: Layout.bolus, answer: Layout.bolus_answer },
  [Op.patient_bolus]: { request: Layout.patient_bolus, answer: Layout.patient_bolus_answer },
  [Op.cancel]: { request: Layout.cancel, answer: Layout.cancel_answer },
  [Op.prime_arm]: { request: Layout.prime_arm, answer: Layout.prime_arm_answer },
  [Op.prime]: { request: Layout.prime, answer: Layout.prime_answer },
  [Op.delivery]: { request: Layout.delivery, answer: Layout.delivery_answer },
  [Op.prescription_boluses]: { request: Layout.prescription_boluses, answer: Layout.prescription_boluses_answer },
  [Op.prescription_plan]: { request: Layout.prescription_plan, answer: Layout.prescription_plan_answer },
  [Op.test_tone]: { request: Layout.test_tone, answer: Layout.test_tone_answer },
};

/** The layouts of an operation; undefined for a number the protocol does not have. */
export function layoutsOf(op: number): Layouts | undefined {
  return (LAYOUTS as Partial<Record<number, Layouts>>)[op];
}

/** Those that change nothing but what is staged, and are not recorded: one that was lost leaves no doubt behind. */
const READS: ReadonlySet<number> = new Set([
  Op.status, Op.stage, Op.stage_steps, Op.review, Op.prescription, Op.reservoir, Op.log, Op.close, Op.link_counts,
  Op.stage_timed, Op.stage_extra, Op.stage_titration, Op.stage_refill, Op.prime_arm, Op.delivery, Op.prescription_boluses, Op.prescription_plan,
]);

export function onlyReads(op: number): boolean {
  return READS.has(op);
}

/** Whether the fields of the operation can hold the arguments; an operation that there is not has no fields. What they cannot hold can only be sent as raw bytes. */
export function fitsFields(op: number, args: readonly number[]): boolean {
  const layouts = layoutsOf(op);
  return layouts === undefined ? args.length === 0 : writeFields(layouts.request, args, args.length, [], 0) >= 0;
}
