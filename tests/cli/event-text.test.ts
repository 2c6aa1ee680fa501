// The last events in words: every kind of event, and trains of pulses.

import { describe, expect, it } from "vitest";
import { EventTail, TAIL_MAX } from "../../emulator/report/event-tail";
import { eventText } from "../../emulator/report/event-text";
import { HostEvent, Trace, TraceKind } from "../../emulator/trace";
import { MotorResult } from "../../hal/motor";
import { Alarm } from "../../protocol/alarms";
import { Op } from "../../protocol/operations";
import { RecordKind } from "../../protocol/records";
import { State } from "../../protocol/states";

const texts: readonly (readonly [TraceKind, number, number, number, number, string])[] = [
  [TraceKind.pulse, 41, 0, 0, 0, "pulse 41"],
  [TraceKind.result, MotorResult.confirmed, 8, 0, 0, "pulse confirmed after 8 ms"],
  [TraceKind.result, MotorResult.missed, 500, 0, 0, "pulse not confirmed after 500 ms"],
  [TraceKind.tone, 1, 3000, 0, 0, "critical tone of 3000 ms"],
  [TraceKind.tone, 2, 1000, 0, 0, "other tone of 1000 ms"],
  [TraceKind.record, RecordKind.boot, 2, 0, 0, "record boot: watchdog 0"],
  [TraceKind.record, RecordKind.state, State.therapy, State.stopped, 1, "record state: therapy to stopped"],
  [TraceKind.record, RecordKind.operation, Op.start, 20, 0, "record operation: start refused: 20 no drug"],
  [TraceKind.record, RecordKind.alarm_on, Alarm.motor_stall, 5, 0, "record alarm on: motor stall (5)"],
  [TraceKind.record, RecordKind.alarm_off, Alarm.motor_stall, 0, 0, "record alarm off: motor stall"],
  [TraceKind.record, RecordKind.acknowledged, Alarm.motor_stall, 7_200_000, 0, "record acknowledged: motor stall for 2h"],
  [TraceKind.record, RecordKind.clock_set, 0, 3_600_000, 0, "record clock set: 1970-01-01 00:00 to 1970-01-01 01:00"],
  [TraceKind.record, RecordKind.refill, 18_000_000, 2000, 0, "record refill: 18000000 2000 0"],
  [TraceKind.answer, Op.stop, 0, 0, 0, "answer: stop accepted"],
  [TraceKind.reset, 3, 901, 0, 0, "reset: boot after panic 901"],
  [TraceKind.late_edge, 600, 0, 0, 0, "late edge after 600 ms"],
  [TraceKind.host, HostEvent.watchdog, 0, 0, 0, "host: the watchdog bit"],
  [TraceKind.host, HostEvent.panic, 901, 0, 0, "host: the controller gave up (901)"],
  [TraceKind.tally, 1, 5, 0, 0, "tally 1 5"],
];

describe("events in words", () => {
  it.each(texts)("%i %i %i %i %i: %s", (kind, a, b, c, d, text) => {
    expect(eventText(kind, a, b, c, d)).toBe(text);
  });
});

describe("the tail of events", () => {
  /** A trace and its tail. */
  function listening(): { readonly trace: Trace; readonly tail: EventTail; readonly pulse: (no: number, result?: MotorResult) => void } {
    const trace = new Trace();
    const tail = new EventTail();
    tail.listen(trace);
    const pulse = (no: number, result?: MotorResult): void => {
      trace.emit(TraceKind.pulse, no * 1000, no, 0, 0, 0);
      trace.emit(TraceKind.tally, no * 1000, 1, no, 0, 0);
      if (result !== undefined) trace.emit(TraceKind.result, no * 1000 + 8, result, 8, 0, 0);
    };
    return { trace, tail, pulse };
  }

  it("makes one line of pulses that end alike, and another where they end otherwise", () => {
    const { tail, pulse } = listening();
    for (const no of [1, 2, 3]) pulse(no, MotorResult.confirmed);
    for (const no of [4, 5]) pulse(no, MotorResult.missed);
    pulse(6, MotorResult.confirmed);
    pulse(7);
    expect(tail.lines()).toEqual(["1s to 3s  pulses 1 to 3 confirmed", "4s to 5s  pulses 4 to 5 not confirmed", "6s  pulse 6 confirmed", "7s  pulse 7 in flight"]);
  });

  it("breaks a train for what happens in between, and tells a pulse that a reset took", () => {
    const { trace, tail, pulse } = listening();
    pulse(1, MotorResult.confirmed);
    trace.emit(TraceKind.tone, 1500, 2, 1000, 0, 0);
    pulse(2, MotorResult.confirmed);
    pulse(3);
    trace.emit(TraceKind.reset, 3100, 2, 0, 0, 0);
    pulse(4, MotorResult.confirmed);
    expect(tail.lines()).toEqual(["1s  pulse 1 confirmed", "1s 500ms  other tone of 1000 ms", "2s  pulse 2 confirmed", "3s  pulse 3 without a result", "3s 100ms  reset: boot after watchdog 0", "4s  pulse 4 confirmed"]);
  });

  it("leaves out what was only asked or stored, and holds no more than the last", () => {
    const { trace, tail } = listening();
    for (const kind of [TraceKind.put, TraceKind.tally, TraceKind.commit]) trace.emit(kind, 1, 1, 1, 0, 0);
    trace.emit(TraceKind.answer, 1, Op.status, 0, 14, 0);
    trace.emit(TraceKind.record, 1, RecordKind.operation, Op.stop, 0, 0);
    expect(tail.lines()).toEqual([]);
    for (let at_ms = 1; at_ms <= 100; at_ms += 1) trace.emit(TraceKind.answer, at_ms, Op.stop, 0, 0, 0);
    expect(tail.lines()).toHaveLength(TAIL_MAX);
    expect(tail.lines().at(-1)).toBe("100ms  answer: stop accepted");
  });
});
