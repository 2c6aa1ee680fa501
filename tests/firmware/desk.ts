// A board that only takes notes, for tests of the firmware's parts.

import { expect } from "vitest";
import { LinkSize } from "../../hal/link";
import { Retained } from "../../hal/retained";
import { ResetCause, Source } from "../../hal/controller";
import type { Board } from "../../hal/board";
import type { Controller } from "../../hal/controller";
import { setUpOf, type Answer } from "../../emulator/bench";
import { DEFAULT_UNIT } from "../../emulator/unit";
import { createController } from "../../firmware/controller";
import { put } from "../../firmware/region";
import { C, Part, Region, createPump } from "../../firmware/state";
import type { Pump } from "../../firmware/state";
import { Op } from "../../protocol/operations";
import { Role } from "../../protocol/service";
import { SoftCipher } from "../../protocol/wand/cipher";
import { Wand } from "../../protocol/wand/core/wand";
import { daily, filling, prescribeBy } from "./prescribe";

/** A panic of the firmware under test, by its number. */
export class Panicked extends Error {
  constructor(readonly reason: number) {
    super(`panic ${reason}`);
  }
}

/** What the board was asked, in order, as words; bytes for the line and parts of storage are kept aside. */
export interface Desk {
  readonly board: Board;
  readonly notes: string[];
  /** Bytes that were sent and not fetched yet. */
  readonly sent: number[];
  readonly parts: Map<number, number[]>;
  /** Transactions posted of which no event has told. */
  posted: number;
}

export function createDesk(): Desk {
  const notes: string[] = [];
  const note = (...words: (string | number)[]): void => void notes.push(words.join(" "));
  const parts = new Map<number, number[]>();
  let random = 1;
  const desk: Desk = {
    notes, parts, sent: [], posted: 0,
    board: {
      motor: { pulse: () => note("pulse") },
      cutoff: { cut: (on) => note("cut", on) },
      supply: { sample: () => note("sample") },
      sounder: { sound: (tone, duration_ms) => note("sound", tone, duration_ms) },
      storage: {
        put: (part, values, first, count) => {
          note("put", part, first, count);
          parts.set(part, values.slice(first, first + count));
        },
        append: (sequence, kind, _pump_ms, _wall_ms, a, b, c) => note("record", sequence, kind, a, b, c),
        commit: () => {
          note("commit");
          desk.posted += 1;
        },
        tally: (book) => note("tally", book),
        tallied: () => 0,
        // Of what was put only the key comes back: a desk has no other memory.
        read: (part, into) => {
          const key = part === Part.key ? parts.get(part) : undefined;
          key?.forEach((byte, i) => { into[i] = byte; });
          return key?.length ?? 0;
        },
        last_sequence: () => 0,
        first_sequence: () => 0,
        record: () => 0,
      },
      link: {
        send: (bytes, count) => {
          desk.sent.push(...bytes.slice(0, count));
          return 1;
        },
        power: (on) => note("power", on),
      },
      cipher: new SoftCipher(),
      entropy: {
        fill: (into, first, count) => {
          for (let i = first; i < first + count; i++) into[i] = (random = (random * 75 + 74) % 65_537) & 0xff;
        },
      },
      retained: new Array<number>(Retained.slots).fill(0),
      panic: (reason) => {
        throw new Panicked(reason);
      },
    },
  };
  return desk;
}

const KEY = new Uint8Array(32).fill(7);

/** A wand at a controller on a desk: asks, lets storage be done with each transaction 1 ms after it was posted, and moves no time otherwise. */
export class DeskWand {
  /** Of the entry made last: the deadline that the controller named. */
  deadline_ms = 0;
  private readonly wand: Wand;

  /** `draw` is what its random numbers begin with: two at one pump have their own, or each would take the other's operations for its own. */
  constructor(readonly desk: Desk, readonly controller: Controller, role = Role.clinician, private draw = 0) {
    this.wand = new Wand({ key: KEY, role, random: (count) => Uint8Array.from({ length: count }, () => (this.draw = (this.draw * 167 + 41) % 251)) });
  }

  /** Gives the pump its key. */
  provision(now_ms: number): void {
    this.wand.begin(now_ms * 1000, { kind: "provision", key: KEY });
    expect(this.carry(now_ms)).toBe(true);
  }

  /** Asks, and returns the answer; undefined if it waits for something else to happen first (`later`). */
  ask(now_ms: number, op: Op, args: readonly number[] = []): Answer | undefined {
    this.wand.begin(now_ms * 1000, { kind: "operate", op, args });
    return this.later(now_ms);
  }

  /** The answer to what was asked, if it has come since. */
  later(now_ms: number): Answer | undefined {
    if (!this.carry(now_ms)) return undefined;
    const { result } = this.wand;
    if (result?.kind !== "answer") throw new Error(`no answer: ${JSON.stringify(result?.kind)}`);
    return { fault: result.fault, values: result.values };
  }

  /** Frames to and fro while there are any; true if the wand has its result. */
  private carry(now_ms: number): boolean {
    for (let bytes = this.wand.take(); bytes !== undefined; bytes = this.wand.take()) {
      for (let i = 0; i < bytes.length; i += LinkSize.chunk_max) {
        const chunk = [...bytes.slice(i, i + LinkSize.chunk_max)];
        this.deadline_ms = this.controller.received(now_ms, chunk, chunk.length);
      }
      this.store(now_ms);
      this.wand.receive(now_ms * 1000, Uint8Array.from(this.desk.sent.splice(0)));
    }
    this.store(now_ms);
    if (this.desk.sent.length > 0) {
      this.wand.receive(now_ms * 1000, Uint8Array.from(this.desk.sent.splice(0)));
      return this.carry(now_ms);
    }
    return this.wand.result !== undefined;
  }

  private store(now_ms: number): void {
    while (this.desk.posted > 0) {
      this.desk.posted -= 1;
      this.deadline_ms = this.controller.event(now_ms, Source.storage, 0, 0);
    }
  }
}

/** A whole controller on a desk, filled and started at pump time 0, which is midnight, on such a prescription of 2000 ng/uL, its notes cleared. The link sleeps. */
export function startOnDesk(prescription: number | readonly number[], factory = createController): { readonly desk: Desk; readonly controller: Controller; readonly wand: DeskWand; readonly first_ms: number } {
  const desk = createDesk();
  const controller = factory(desk.board);
  controller.boot(0, ResetCause.power, 0, 0);
  const wand = new DeskWand(desk, controller);
  wand.provision(0);
  const ask = (op: Op, args: readonly number[]): Answer => wand.ask(0, op, args)!;
  expect(ask(Op.set_up, setUpOf(DEFAULT_UNIT)).fault).toBe(0);
  expect(ask(Op.refill, filling(18_000_000, 2000)).fault).toBe(0);
  expect(prescribeBy(ask, typeof prescription === "number" ? daily(0, prescription) : prescription).fault).toBe(0);
  expect(ask(Op.start, [0]).fault).toBe(0);
  // The pump's own deadline is what is wanted, and not that of a link that is awake.
  expect(ask(Op.close, []).fault).toBe(0);
  const first_ms = controller.wake(wand.deadline_ms);
  desk.notes.length = 0;
  return { desk, controller, wand, first_ms };
}

/** A pump on a desk with every slot of its critical region good and 0. */
export function createDeskPump(desk: Desk = createDesk()): Pump {
  const p = createPump(desk.board);
  for (let i = 0; i < C.size; i++) put(p, i, 0);
  put(p, C.magic, Region.magic);
  return p;
}
