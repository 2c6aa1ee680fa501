// Tests of the tap: each operation is told once, however often it is asked.

import { beforeEach, describe, expect, test } from "vitest";
import { Fault } from "../../hal/faults";
import { writeFields } from "../../protocol/fields";
import { putU16 } from "../../protocol/integers";
import { Op } from "../../protocol/operations";
import { Role } from "../../protocol/service";
import { Mode } from "../../protocol/states";
import { layoutsOf, onlyReads } from "../../protocol/wand/core/operations";
import { WireTap, type Answered } from "../../emulator/wire-tap";
import { filling } from "../firmware/prescribe";

const FILL = filling(18_000_000, 2000);

let tap: WireTap;
let told: Answered[];
let breaches: string[];
let now_us: number;

/** Keys of a session of that role are made. */
function hello(role: Role): void {
  const info = new Array<number>(24).fill(0);
  info[10] = role;
  tap.opening(info);
}

/** A session of that role opens; its first message is a reading. */
function login(role: Role): void {
  hello(role);
  request(200, Op.status);
  tap.opened();
  again(Op.status, Fault.busy);
  told.pop();
}

function request(id: number, op: Op, ...args: number[]): void {
  const message = [id, 0, 0, 0, 0, 0, 0, 0, 0, 0];
  putU16(message, 8, op);
  expect(writeFields(layoutsOf(op)!.request, args, args.length, message, 10)).toBeGreaterThan(0);
  tap.request(message);
}

/** The pump does it, or refuses it: a record, then the answer. */
function answer(op: Op, fault: Fault, ...values: number[]): void {
  if (!onlyReads(op) || fault !== Fault.ok) tap.recorded(op, fault);
  again(op, fault, ...values);
}

/** The pump answers from its memory, or what only reads. */
function again(op: Op, fault: Fault, ...values: number[]): void {
  const message = [0, 0, 0, 0];
  putU16(message, 0, op);
  putU16(message, 2, fault);
  writeFields(layoutsOf(op)!.answer, values, values.length, message, 4);
  tap.answer(message);
}

beforeEach(() => {
  told = [];
  breaches = [];
  now_us = 1000;
  tap = new WireTap({ answered: (each) => told.push(each), breach: (text) => breaches.push(text), now_us: () => now_us });
  login(Role.clinician);
});

describe("an operation", () => {
  test("is told with its fields once it is answered, and when that was", () => {
    request(7, Op.refill, ...FILL);
    expect(told).toEqual([]);
    now_us = 5000;
    answer(Op.refill, Fault.ok);
    expect(told).toEqual([{ op: Op.refill, role: Role.clinician, args: FILL, fault: Fault.ok, values: [] }]);
    expect([tap.answered_us(7n), tap.answered_us(8n)]).toEqual([5000, undefined]);
  });

  test("that comes again is told once, in the same session, in another and after a reset", () => {
    for (let time = 0; time < 4; time++) {
      request(7, Op.start, 0);
      if (time === 0) answer(Op.start, Fault.ok);
      else again(Op.start, Fault.ok);
      if (time === 1) login(Role.clinician);
      if (time === 2) tap.resetHappened();
    }
    expect(told).toHaveLength(1);
    expect(breaches).toEqual([]);
  });

  test("that was refused and then done is told twice, and so is a reading", () => {
    for (const fault of [Fault.no_drug, Fault.ok]) {
      request(7, Op.start, 0);
      answer(Op.start, fault);
    }
    for (let time = 0; time < 2; time++) {
      request(9, Op.reservoir);
      answer(Op.reservoir, Fault.ok, ...new Array<number>(13).fill(1));
    }
    expect(told.map(({ op, fault }) => [op, fault])).toEqual([[Op.start, Fault.no_drug], [Op.start, Fault.ok], [Op.reservoir, Fault.ok], [Op.reservoir, Fault.ok]]);
  });

  test("is another one in another role, or once eight others were done", () => {
    request(7, Op.start, 0);
    answer(Op.start, Fault.ok);
    login(Role.patient);
    request(7, Op.start, 0);
    answer(Op.start, Fault.ok);
    login(Role.clinician);
    for (let id = 10; id < 18; id++) {
      request(id, Op.start, 0);
      answer(Op.start, Fault.ok);
    }
    request(7, Op.start, 0);
    answer(Op.start, Fault.ok);
    expect(told.map(({ role }) => role)).toEqual([Role.clinician, Role.patient, ...new Array<Role>(9).fill(Role.clinician)]);
  });

  test("that waited while another wand logged in is told by its record, and not again when it is asked for", () => {
    request(7, Op.stop, 3);
    login(Role.clinician);
    request(8, Op.status);
    answer(Op.status, Fault.busy);
    expect(told.map(({ op }) => op)).toEqual([Op.status]);
    now_us = 9000;
    tap.recorded(Op.stop, Fault.ok);
    expect(told[1]).toMatchObject({ op: Op.stop, args: [3], fault: Fault.ok });
    request(7, Op.stop, 3);
    again(Op.stop, Fault.ok);
    expect(told).toHaveLength(2);
    expect(tap.answered_us(7n)).toBe(9000);
  });

  test("whose bytes are not its fields has no arguments", () => {
    tap.request([7, 0, 0, 0, 0, 0, 0, 0, Op.refill, 0, 1, 2, 3]);
    answer(Op.refill, Fault.malformed);
    tap.request([1, 2, 3]);
    tap.recorded(0, Fault.malformed);
    tap.answer([0, 0, Fault.malformed, 0]);
    expect(told.map(({ args, fault }) => [args, fault])).toEqual([[undefined, Fault.malformed], [undefined, Fault.malformed]]);
    expect(breaches).toEqual([]);
  });
});

describe("the log beside the answers", () => {
  test("an operation done again under its id is a breach, and so is one answered as done that no record tells of", () => {
    request(7, Op.start, 0);
    answer(Op.start, Fault.ok);
    request(7, Op.start, 0);
    answer(Op.start, Fault.ok);
    request(8, Op.stop, 1);
    again(Op.stop, Fault.ok);
    expect(breaches).toEqual(["an operation done twice", "an operation answered as done, of which no record tells"]);
  });

  test("one that waited is told with the role that asked for it, also when that asks again in a new session", () => {
    request(7, Op.refill, ...FILL);
    login(Role.patient);
    request(9, Op.status);
    again(Op.status, Fault.busy);
    tap.recorded(Op.refill, Fault.ok);
    login(Role.clinician);
    request(7, Op.refill, ...FILL);
    again(Op.refill, Fault.ok);
    expect(told.filter(({ op }) => op === Op.refill)).toEqual([{ op: Op.refill, role: Role.clinician, args: FILL, fault: Fault.ok, values: [] }]);
    expect(breaches).toEqual([]);

    request(11, Op.stop, 1);
    hello(Role.clinician);
    request(11, Op.stop, 1);
    tap.opened();
    answer(Op.stop, Fault.ok);
    expect(told.filter(({ op }) => op === Op.stop)).toHaveLength(1);
    expect(breaches).toEqual([]);
  });
});

describe("a commit", () => {
  const stage = (...steps: number[]): void => {
    request(1, Op.stage, Mode.schedule, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0);
    answer(Op.stage, Fault.ok);
    if (steps.length === 0) return;
    request(2, Op.stage_steps, ...steps);
    answer(Op.stage_steps, Fault.ok);
  };
  const commit = (): void => {
    request(3, Op.commit, 0, 99, 0, 0, 0);
    answer(Op.commit, Fault.ok, 1);
  };

  test("carries what was staged, the last word of each step", () => {
    stage(0, 0, 500, 720, 600);
    request(4, Op.stage_steps, 1, 900, 700);
    answer(Op.stage_steps, Fault.ok);
    commit();
    expect(told.at(-1)!.committed).toEqual({ schedule: [Mode.schedule, 0, 0, 0, 0, 0, 0, 0, 0, 500, 900, 700], timed: [], titration: [], extra: new Array<number>(9).fill(0) });
    expect(breaches).toEqual([]);
  });

  test.each<readonly [string, () => void]>([
    ["nothing staged", () => undefined], ["a step missing", () => { stage(0, 0, 500); }], ["what another session staged", () => { stage(0, 0, 500, 720, 600); login(Role.clinician); }],
    ["what a reset took", () => { stage(0, 0, 500, 720, 600); tap.resetHappened(); }],
  ])("accepted with %s is a breach", (_what, before) => {
    before();
    commit();
    expect(breaches).toEqual(["a commit accepted of what was not staged whole"]);
    expect(told.at(-1)!.committed).toBeUndefined();
  });
});

test("a pump that answers what nobody asked is told of", () => {
  answer(Op.start, Fault.ok);
  request(1, Op.start, 0);
  answer(Op.stop, Fault.ok);
  expect(breaches).toEqual(["an answer to no request", "an answer to another operation"]);
});
