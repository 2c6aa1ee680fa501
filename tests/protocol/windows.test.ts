// Narrow windows: what happens between a deed, its storage and its answer.

import { describe, expect, it } from "vitest";
import { Bench, setUpOf } from "../../emulator/bench";
import { createController } from "../../firmware/controller";
import { C } from "../../firmware/state";
import { ResetCause, Source } from "../../hal/controller";
import { Fault } from "../../hal/faults";
import { Panic } from "../../hal/panic";
import { Log, Op, Status } from "../../protocol/operations";
import { RecordKind } from "../../protocol/records";
import { Command, Role } from "../../protocol/service";
import { State } from "../../protocol/states";
import { createUnframer, takeByte } from "../../protocol/usb";
import type { Heard } from "../../protocol/wand/core/packets";
import { CALL, GOODBYE, announcesPump, commandFrame, reportsOf } from "../../protocol/wand/core/packets";
import { helloFrame, provisionFrame } from "../../protocol/wand/core/stage";
import { readLog } from "../../protocol/wand/procedures/log";
import { daily, filling, prescribe } from "../firmware/prescribe";
import { Panicked } from "../firmware/desk";
import { Door, KEY, Session, marked } from "./door";

/** Bytes in, without storage ever being done; gives whether anything was sent. */
function feedOnly(door: Door, frames: readonly (readonly number[])[]): number {
  const line = frames.flatMap((frame) => marked(frame));
  const before = door.desk.sent.length;
  for (let i = 0; i < line.length; i += 64) door.controller.received(door.now_ms, line.slice(i, i + 64), Math.min(64, line.length - i));
  return door.desk.sent.length - before;
}

/** Storage is done with so many transactions; gives how many bytes were sent then. */
function store(door: Door, count: number): number {
  const before = door.desk.sent.length;
  for (let n = 0; n < count; n++) {
    door.desk.posted -= 1;
    door.controller.event(door.now_ms, Source.storage, 0, 0);
  }
  return door.desk.sent.length - before;
}

/** A door with an open session and a pulse in flight. */
function inFlight(): { door: Door; session: Session } {
  const door = new Door();
  door.wait(60_000); // the first pulse
  door.call();
  const session = door.session();
  expect(session.ask(Op.status)?.values[Status.in_flight]).toBe(1);
  return { door, session };
}

/** The pulse in flight is confirmed. */
function confirm(door: Door): void {
  door.now_ms += 8;
  door.controller.event(door.now_ms, Source.motor, 1, 8);
}

describe("a request that waits for the pulse boundary", () => {
  it("and is sent again in a new session is done once, and answered there", () => {
    const { door, session } = inFlight();
    expect(session.ask(Op.stop, [1], 77n)).toBeUndefined();
    const next = door.session();
    expect(next.ask(Op.stop, [1], 77n)).toBeUndefined();
    confirm(door);
    expect(next.answerIn(door.feed([]), Op.stop)?.fault).toBe(Fault.ok);
    expect(next.ask(Op.status)?.values[Status.state]).toBe(State.stopped);
  });

  it("keeps its answer although that to a session before it becomes durable meanwhile", () => {
    const { door, session } = inFlight();
    const next = door.hello();
    if (typeof next === "number") throw new Error("refused");
    const other = new Session(door, next);
    other.number = 1;
    session.number += 1;
    expect(feedOnly(door, [session.request(Op.set_clock, [1_767_571_200_000, 0], session.number)])).toBe(0);
    expect(door.desk.posted).toBe(1);
    const before = door.desk.sent.length;
    feedOnly(door, [other.request(Op.stop, [1], 1)]);
    store(door, door.desk.posted);
    expect(door.desk.sent.length).toBe(before); // nobody waits for the first, the second waits for the pulse
    confirm(door);
    expect(other.answerIn(door.feed([]), Op.stop)?.fault).toBe(Fault.ok);
  });
});

describe("an answer leaves when what it tells is durable", () => {
  it("also one from memory, to a new session in the same entry as the deed", () => {
    const door = new Door();
    door.call();
    const session = door.session();
    session.ask(Op.status);
    const keys = door.hello();
    if (typeof keys === "number") throw new Error("refused");
    const other = new Session(door, keys);
    // The end of the first and the whole of the second in one chunk. A start is refused here, and that is remembered as well.
    const deed = marked(session.request(Op.start, [0], 2, 7n));
    const again = marked(other.request(Op.start, [0], 1, 7n));
    expect(again.length).toBeLessThan(64);
    door.controller.received(door.now_ms, deed.slice(0, -1), deed.length - 1);
    door.controller.received(door.now_ms, [...deed.slice(-1), ...again], 1 + again.length);
    expect([door.desk.posted, door.desk.sent.length]).toEqual([1, 0]);
    expect(store(door, 1)).toBeGreaterThan(0);
  });

  it("and if storage does not take it, all the same; a warm reset knows that it was done", () => {
    const bench = new Bench({ controller: createController });
    bench.powerOn();
    let done = 0;
    bench.trace.on((_kind, _at_ms, a, b, c) => { if (a === RecordKind.operation && b === Op.set_clock && c === Fault.ok) done += 1; });
    bench.inject({ kind: "storage.write_fails" });
    const order = { kind: "operate", op: Op.set_clock, args: [1_767_571_200_000, 0], op_id: 99n } as const;
    expect(bench.order(order)).toMatchObject({ kind: "answer", fault: Fault.ok });
    bench.inject({ kind: "processor.reset" });
    bench.advance_us(1_000_000);
    expect(bench.order(order)).toMatchObject({ kind: "answer", fault: Fault.ok });
    expect(done).toBe(1);
    bench.finish();
    expect(bench.oracle.violations).toEqual([]);
  });

  it("a reset a moment after the deed, and a boot at once: it is known to be done", () => {
    const bench = new Bench({ controller: createController, unit: { boot_delay_ms: 0 } });
    bench.powerOn();
    let done = 0;
    bench.trace.on((_kind, _at_ms, a, b) => { if (a === RecordKind.operation && b === Op.set_clock) done += 1; });
    for (let n = 0n; n < 5n; n++) {
      expect(bench.order({ kind: "operate", op: Op.set_clock, args: [1_767_571_200_000, 0], op_id: n })).toMatchObject({ kind: "answer", fault: Fault.ok });
      bench.inject({ kind: "processor.reset" });
      expect(bench.order({ kind: "operate", op: Op.set_clock, args: [1_767_571_200_000, 0], op_id: n })).toMatchObject({ kind: "answer", fault: Fault.ok });
    }
    expect(done).toBe(5);
  });
});

describe("a warm reset before what was posted is durable", () => {
  it("does not lose it: the program boots with it, and nobody is told", () => {
    const bench = new Bench({ controller: createController, wand: false, baud: 0, unit: { boot_delay_ms: 0 } });
    bench.powerOn();
    const u = createUnframer();
    const heard: Heard[] = [];
    bench.line.heard = (bytes) => { for (const byte of bytes) if (takeByte(u, byte)) heard.push(...reportsOf(u.bytes, u.size)!); };
    const ask = (frame: readonly number[]): readonly Heard[] => {
      heard.length = 0;
      bench.line.write(Uint8Array.from(marked(frame)));
      bench.advance_us(1000);
      return [...heard];
    };
    const device = ask(CALL).find(announcesPump)!.device;
    expect(ask(provisionFrame(device, KEY))).toEqual([]);
    expect(bench.storage.busy).toBe(true);
    bench.inject({ kind: "processor.reset" });
    const again = ask(CALL).find(announcesPump)!.device;
    expect(ask(helloFrame(again, Role.clinician, new Uint8Array(16)))).toMatchObject([{ code: Command.hello }]);
  });
});

describe("memory lost while storage is being written", () => {
  it("is a panic: what storage tells then is not what it will tell", () => {
    const { door, session } = inFlight();
    confirm(door);
    session.number += 1;
    feedOnly(door, [session.request(Op.set_clock, [1_767_571_200_000, 0], session.number)]);
    door.desk.board.retained[C.dose] = 999;
    expect(() => door.controller.wake(door.now_ms + 1)).toThrow(new Panicked(Panic.region_lost));
    const after = createController(door.desk.board);
    expect(after.boot(door.now_ms + 20, ResetCause.panic, Panic.region_lost, 0)).toBeGreaterThan(door.now_ms);
  });
});

describe("the log behind a hole", () => {
  it("is read past what storage did not take, which is counted as lost", () => {
    const bench = new Bench({ controller: createController, instant: true });
    bench.powerOn();
    bench.inject({ kind: "storage.write_fails" });
    for (let n = 0; n < 3; n++) bench.request(Op.set_clock, [1_767_571_200_000, 0]);
    bench.heal("storage.write_fails");
    bench.request(Op.set_clock, [1_767_571_200_000, 0]);
    const { records, lost, newest } = bench.run(readLog());
    expect(lost).toBeGreaterThan(0);
    expect(records.at(-1)!.number).toBe(newest);
    const gap = records.find(({ number }, i) => i > 0 && number !== records[i - 1]!.number + 1)!;
    expect(bench.request(Op.log, [gap.number - 1]).values[Log.first]).toBe(gap.number);
  });
});

describe("what a stranger can make of a wake", () => {
  it("calls that are refused count no charge", () => {
    const bench = new Bench({ controller: createController, instant: true });
    bench.powerOn();
    bench.advance_us(1_000_000);
    const write = (frame: readonly number[]): void => { bench.line.write(Uint8Array.from(marked(frame))); };
    // Uses the allowance up, then calls on while the pump says good-bye.
    for (let n = 0; n < 5; n++) {
      write(CALL);
      bench.advance_us(6_000_000);
    }
    // The last wake that is allowed, nearly to its end: what is left is less than a wake costs.
    write(CALL);
    bench.advance_us(4_900_000);
    expect(bench.link.awake).toBe(true);
    write(GOODBYE);
    for (let n = 0; n < 50; n++) {
      write(CALL);
      bench.advance_us(1000);
    }
    bench.advance_us(86_400_000_000);
    const asleep_nC = bench.unit.sleep_uA * bench.pump_ms();
    const counted_nC = bench.status()[Status.charge_used_nC]! - asleep_nC;
    const true_nC = bench.battery.drawn_nC - asleep_nC;
    expect(counted_nC).toBeGreaterThan(0);
    expect(Math.abs(counted_nC - true_nC)).toBeLessThan(1000);
  });

  it("one frame gets at most eight answers, and none behind a refusal", () => {
    const door = new Door();
    door.call();
    const ask = { index: 1, code: 0x1180, data: [] };
    expect(door.frame(commandFrame(door.device, new Array<typeof ask>(40).fill(ask)))).toHaveLength(8);
    expect(door.frame(commandFrame(door.device, [ask, { index: 1, code: 0x77, data: [] }, ask]))).toHaveLength(2);
  });
});

describe("prescribing around a reset", () => {
  it("what was staged is gone with it, the old prescription is in force", () => {
    const bench = new Bench({ controller: createController, instant: true });
    bench.powerOn();
    bench.request(Op.set_up, setUpOf(bench.unit));
    bench.request(Op.refill, filling(18_000_000, 2000));
    expect(prescribe(bench, daily(0, 500_000)).fault).toBe(Fault.ok);
    bench.request(Op.stage, [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    bench.inject({ kind: "processor.reset" });
    expect(bench.request(Op.review).fault).toBe(Fault.nothing_staged);
    expect(bench.request(Op.prescription, [0]).values[0]).toBe(1);
  });
});
