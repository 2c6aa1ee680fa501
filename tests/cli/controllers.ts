// Controllers that are wrong on purpose, to see each way a run can end.

import { NoProgress } from "../../emulator/engine/timers";
import type { Controller, ControllerFactory } from "../../hal/controller";
import { Op, Status } from "../../protocol/operations";

const hour_ms = 3_600_000;

/** Accepts everything and answers status with zeros; `wake` is what it does each `every_ms`. */
function accepting(every_ms: number, wake: (pulse: () => void) => void): ControllerFactory {
  return (board): Controller => {
    const zeros = new Array<number>(Status.count).fill(0);
    return {
      boot: (now_ms) => now_ms + every_ms,
      wake: (now_ms) => {
        wake(board.motor.pulse);
        return now_ms + every_ms;
      },
      event: (now_ms) => now_ms + every_ms,
      request: (now_ms, operation) => {
        board.link.answer(0, zeros, operation === Op.status ? Status.count : 0);
        return now_ms + every_ms;
      },
    };
  };
}

/** Turns the motor although nothing was prescribed. */
export const runaway = accepting(1000, (pulse) => { pulse(); });

/** Breaks with an exception, which firmware never does. */
export const broken = accepting(hour_ms, () => { throw new TypeError("planted"); });

/** Makes the engine give up. */
export const stuck = accepting(hour_ms, () => { throw new NoProgress("planted"); });
