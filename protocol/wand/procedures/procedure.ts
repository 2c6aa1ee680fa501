// Procedures: several operations in a row, without knowing who carries them.

import { errorText } from "../../../hal/fault-texts";
import { Fault } from "../../../hal/faults";
import { nameOf, OPERATION_NAMES } from "../../names";
import type { Op } from "../../operations";

/** An operation that a procedure wants done. */
export interface Step {
  readonly op: Op;
  readonly args: readonly number[];
}

/** What the pump answered to it. */
export interface StepAnswer {
  readonly fault: number;
  readonly values: readonly number[];
}

/**
 * A procedure yields the operations it wants and is given each answer. Whoever runs it decides how: a scenario at once in virtual time, a program by
 * waiting. An operation that gets no answer ends the procedure by an exception of the runner's, thrown into it.
 */
export type Procedure<T> = Generator<Step, T, StepAnswer>;

/** The pump refused a step of a procedure. */
export class Refused extends Error {
  override readonly name = "Refused";

  constructor(readonly op: Op, readonly fault: Fault) {
    super(`${nameOf(OPERATION_NAMES, op)} refused: ${errorText(fault).name} (${fault}): ${errorText(fault).text}`);
  }
}

/** One operation; throws `Refused` unless it was done. */
export function* ask(op: Op, args: readonly number[] = []): Procedure<readonly number[]> {
  const { fault, values } = yield { op, args };
  if (fault !== Fault.ok) throw new Refused(op, fault);
  return values;
}

/** One operation; undefined if the pump refused it with `fault`. */
export function* askUnless(fault: Fault, op: Op, args: readonly number[] = []): Procedure<readonly number[] | undefined> {
  const answer = yield { op, args };
  if (answer.fault === fault) return undefined;
  if (answer.fault !== Fault.ok) throw new Refused(op, answer.fault);
  return answer.values;
}

/** Runs a procedure where each answer is there at once. */
export function runProcedure<T>(procedure: Procedure<T>, operate: (step: Step) => StepAnswer): T {
  let next = procedure.next();
  while (next.done !== true) {
    let answer: StepAnswer;
    try {
      answer = operate(next.value);
    } catch (error) {
      next = procedure.throw(error);
      continue;
    }
    next = procedure.next(answer);
  }
  return next.value;
}

/** Runs a procedure where answers take their time. */
export async function awaitProcedure<T>(procedure: Procedure<T>, operate: (step: Step) => Promise<StepAnswer>): Promise<T> {
  let next = procedure.next();
  while (next.done !== true) {
    let answer: StepAnswer;
    try {
      answer = await operate(next.value);
    } catch (error) {
      next = procedure.throw(error);
      continue;
    }
    next = procedure.next(answer);
  }
  return next.value;
}
