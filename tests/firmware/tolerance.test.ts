// After 48 h without delivery: back at the minimum rate, until it is confirmed.

import { describe, expect, it } from "vitest";
import { Fault } from "../../hal/faults";
import { Alarm } from "../../protocol/alarms";
import { Op } from "../../protocol/operations";
import { RecordKind } from "../../protocol/records";
import { State } from "../../protocol/states";
import { Ward, daily } from "./ward";

const HOUR_MS = 3_600_000;

describe("tolerance (DOSE-9a, DOSE-9b, STATE-3d)", () => {
  it.each([[47, State.therapy], [49, State.safe_minimum]])("a stall of %i h", (hours, state) => {
    const ward = new Ward();
    ward.begin(daily(0, 100_000)); // a pulse each 7 min 12 s
    ward.wait_ms(5 * HOUR_MS);
    ward.bench.inject({ kind: "motor.stalled" });
    ward.wait_ms(hours * HOUR_MS);
    ward.bench.heal("motor.stalled");
    ward.wait_ms(2 * HOUR_MS);
    expect(ward.records(RecordKind.tolerance_lost).map(({ b }) => b)).toEqual(state === State.therapy ? [] : [hours]);
    expect(ward.close().state).toBe(state);
  });

  it.each([[47, State.therapy], [49, State.safe_minimum]])("a stop of %i h: the start, and who confirms the hours", (hours, state) => {
    const ward = new Ward();
    ward.begin(daily(0, 100_000));
    ward.wait_ms(5 * HOUR_MS);
    ward.ask(Op.stop, 1);
    ward.wait_ms(hours * HOUR_MS);
    ward.start();
    expect(ward.bench.status()[0]).toBe(state);
    ward.wait_ms(HOUR_MS);
    if (state === State.safe_minimum) {
      expect(ward.records(RecordKind.alarm_on).map(({ b }) => b)).toContain(Alarm.not_delivering);
      expect(ward.bench.request(Op.start, [hours - 1]).fault).toBe(Fault.full_rate_not_confirmed);
      ward.ask(Op.start, hours);
    }
    ward.wait_ms(2 * HOUR_MS);
    expect(ward.close().state).toBe(State.therapy);
  });
});
