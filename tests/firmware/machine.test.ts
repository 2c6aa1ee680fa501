// The state table, cell by cell; what is not legal changes nothing.

import { describe, expect, it } from "vitest";
import { Alarm } from "../../protocol/alarms";
import { State } from "../../protocol/states";
import { raise } from "../../firmware/alarms";
import { Event, legal, transition } from "../../firmware/machine";
import { put } from "../../firmware/region";
import { C, Pacing } from "../../firmware/state";
import type { Pump } from "../../firmware/state";
import { createDesk, createDeskPump } from "./desk";

const _ = undefined;
const shelf = State.shelf;
const therapy = State.therapy;
const stopped = State.stopped;
const minimum = State.safe_minimum;
const off = State.safe_off;
const eos = State.end_of_service;

/** Rows: states. Columns: commit, start, stop, refill, empty, end of service, untrusted, tolerance lost, repeated resets, prime, bolus, cancel, commit while held, drive failed, self-test failed. */
const EXPECTED: readonly (readonly (State | undefined)[])[] = [
  /* shelf        */ [shelf, therapy, _, shelf, _, eos, shelf, _, shelf, shelf, _, shelf, _, _, _],
  /* therapy      */ [therapy, _, stopped, therapy, off, eos, minimum, minimum, minimum, _, therapy, therapy, _, off, minimum],
  /* stopped      */ [stopped, therapy, _, stopped, _, eos, stopped, minimum, stopped, stopped, _, stopped, _, _, _],
  /* safe minimum */ [therapy, therapy, stopped, minimum, off, eos, minimum, minimum, minimum, _, _, _, minimum, off, _],
  /* safe off     */ [therapy, therapy, stopped, off, _, eos, off, minimum, off, _, _, _, _, _, _],
  /* eos          */ [_, _, _, _, _, _, eos, _, eos, _, _, _, _, _, _],
];

function pumpIn(state: State): { p: Pump; notes: string[] } {
  const desk = createDesk();
  const p = createDeskPump(desk);
  put(p, C.state, state);
  put(p, C.motor_on, state === therapy || state === minimum ? 1 : 0);
  put(p, C.pacing, Pacing.volume);
  put(p, C.rate, 6000);
  put(p, C.mode, 1);
  return { p, notes: desk.notes };
}

describe("state table (STATE-1)", () => {
  for (const [state, row] of EXPECTED.entries()) {
    for (const [event, to] of row.entries()) {
      it(`state ${state}, event ${event} -> ${to ?? "illegal"}`, () => {
        const { p, notes } = pumpIn(state);
        expect(legal(p, event)).toBe(to !== undefined);
        if (to === undefined) {
          const before = [...p.primary];
          expect(() => transition(p, event)).toThrow("panic 907");
          expect(p.primary).toEqual(before);
          expect(notes).toEqual([]);
          return;
        }
        transition(p, event);
        expect(p.c[C.state]).toBe(to);
        expect(p.c[C.motor_on]).toBe(to === therapy || to === minimum ? 1 : 0);
        expect(notes.some((note) => note.includes(` 2 ${state} ${to} ${event}`))).toBe(to !== state);
      });
    }
  }

  it("has a row for each state and a column for each event", () => {
    expect(EXPECTED.length).toBe(6);
    expect(EXPECTED.every((row) => row.length === Event.count)).toBe(true);
  });

  it("retires for good: nothing is paced, no step is due, and alarms that nobody could answer end (STATE-6)", () => {
    const { p } = pumpIn(therapy);
    put(p, C.next_step_ms, 1000);
    raise(p, Alarm.stopped_48h, 0);
    raise(p, Alarm.no_valid_prescription, 0);
    raise(p, Alarm.not_delivering, 0);
    raise(p, Alarm.pump_fault, 0);
    transition(p, Event.end_of_service);
    expect([p.c[C.pacing], p.c[C.next_step_ms], p.c[C.motor_on]]).toEqual([Pacing.none, 0, 0]);
    expect(p.c[C.alarms]).toBe(1 << Alarm.end_of_service);
  });

  it("makes no transition while a pulse is in flight (MOTOR-1c)", () => {
    const { p } = pumpIn(therapy);
    put(p, C.in_flight, 1);
    expect(() => transition(p, Event.stop)).toThrow("panic 907");
    expect(p.c[C.state]).toBe(therapy);
  });
});
