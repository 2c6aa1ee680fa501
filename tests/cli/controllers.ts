// Controllers that are wrong on purpose, to see each way a run can end.

import { NoProgress } from "../../emulator/engine/timers";
import type { Controller, ControllerFactory } from "../../hal/controller";
import { Op, Review, Status } from "../../protocol/operations";
import { WireSide } from "../emulator/wire-side";

const hour_ms = 3_600_000;

/** Accepts everything and answers with zeros; `wake` is what it does each `every_ms`. */
function accepting(every_ms: number, wake: (pulse: () => void) => void): ControllerFactory {
  return (board): Controller => {
    let wire: WireSide | undefined;
    let due_ms = 0;
    const next = (now_ms: number): number => {
      wire!.run(now_ms);
      if (now_ms >= due_ms) due_ms = now_ms + every_ms;
      return wire!.deadline(due_ms);
    };
    return {
      boot: (now_ms) => {
        wire = new WireSide(board, (_at_ms, op) => {
          return op === Op.status ? new Array<number>(Status.fields).fill(0) : op === Op.review ? new Array<number>(Review.fields).fill(0) : [0].slice(0, answers.has(op) ? 1 : 0);
        });
        return next(now_ms);
      },
      wake: (now_ms) => {
        if (now_ms >= due_ms) wake(board.motor.pulse);
        return next(now_ms);
      },
      event: next,
      received: (now_ms, bytes, count) => {
        wire!.received(now_ms, bytes, count);
        return next(now_ms);
      },
    };
  };
}

/** Those whose answer is one number. */
const answers = new Set([Op.commit, Op.set_clock]);

/** Turns the motor although nothing was prescribed. */
export const runaway = accepting(1000, (pulse) => { pulse(); });

/** Breaks with an exception, which firmware never does. */
export const broken = accepting(hour_ms, () => { throw new TypeError("planted"); });

/** Makes the engine give up. */
export const stuck = accepting(hour_ms, () => { throw new NoProgress("planted"); });
