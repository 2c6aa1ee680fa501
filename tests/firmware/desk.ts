// A board that only takes notes, for tests of the firmware's parts.

import { Retained } from "../../hal/retained";
import type { Board } from "../../hal/board";
import { Op, Prescribe } from "../../protocol/operations";
import { Alarms } from "../../protocol/alarms";
import { createController } from "../../firmware/controller";
import { C, Region, createPump } from "../../firmware/state";
import { put } from "../../firmware/region";
import type { Controller } from "../../hal/controller";
import type { Pump } from "../../firmware/state";

/** A panic of the firmware under test, by its number. */
export class Panicked extends Error {
  constructor(readonly reason: number) {
    super(`panic ${reason}`);
  }
}

/** What the board was asked, in order, as words. */
export interface Desk {
  readonly board: Board;
  readonly notes: string[];
}

export function createDesk(): Desk {
  const notes: string[] = [];
  const note = (...words: (string | number)[]): void => void notes.push(words.join(" "));
  return {
    notes,
    board: {
      motor: { pulse: () => note("pulse") },
      supply: { sample: () => note("sample") },
      sounder: { sound: (tone, duration_ms) => note("sound", tone, duration_ms) },
      storage: {
        put: (part, _values, first, count) => note("put", part, first, count),
        append: (sequence, kind, _pump_ms, _wall_ms, a, b, c) => note("record", sequence, kind, a, b, c),
        commit: () => note("commit"),
        tally: (book) => note("tally", book),
        tallied: () => 0,
        read: () => 0,
        last_sequence: () => 0,
      },
      link: { answer: (fault, values, count) => note("answer", fault, ...values.slice(0, count)) },
      retained: new Array<number>(Retained.slots).fill(0),
      panic: (reason) => {
        throw new Panicked(reason);
      },
    },
  };
}

/** A whole controller on a desk, filled and started at pump time 0 at so many ng/day of 2000 ng/uL, its notes cleared. */
export function startOnDesk(rate_ng_per_day: number): { readonly desk: Desk; readonly controller: Controller; readonly first_ms: number } {
  const desk = createDesk();
  const controller = createController(desk.board);
  const prescription = [Prescribe.schedule, 0, 0, 0, 0, 0, 0, 0, 0, rate_ng_per_day];
  controller.boot(0, 1, 0);
  controller.request(0, Op.refill, [18_000_000, 2000], 2);
  controller.request(0, Op.prescribe, prescription, prescription.length);
  const first_ms = controller.request(0, Op.start, [], 0);
  desk.notes.length = 0;
  return { desk, controller, first_ms };
}

/** A pump on a desk with every slot of its critical region good and 0. */
export function createDeskPump(desk: Desk = createDesk()): Pump {
  const p = createPump(desk.board, Alarms.last, Prescribe.steps + 2 * Prescribe.steps_max);
  for (let i = 0; i < C.size; i++) put(p, i, 0);
  put(p, C.magic, Region.magic);
  return p;
}
