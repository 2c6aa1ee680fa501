// Every pair of alarms that can be on together, raised in both orders.

import { describe, expect, test } from "vitest";
import { acknowledge, clear, isActive, raise, runAlarms } from "../../firmware/alarms";
import { put } from "../../firmware/region";
import { C, W } from "../../firmware/state";
import type { Pump } from "../../firmware/state";
import { Tone } from "../../hal/sounder";
import { Alarm, Alarms } from "../../protocol/alarms";
import { ALARM_NAMES } from "../../protocol/names";
import { PAIRS, common } from "./alarm-states";
import { createDesk, createDeskPump } from "./desk";
import type { State } from "../../protocol/states";

/** No state has both: the stop's alarms with a stall, since a motor that is off does not stall, and the end of service with what it ends. */
const IMPOSSIBLE: readonly (readonly [Alarm, Alarm])[] = [
  [Alarm.no_valid_prescription, Alarm.end_of_service], [Alarm.end_of_service, Alarm.motor_stall], [Alarm.end_of_service, Alarm.not_delivering],
  [Alarm.end_of_service, Alarm.pump_fault], [Alarm.end_of_service, Alarm.stopped_48h], [Alarm.end_of_service, Alarm.stopped_1h],
  [Alarm.motor_stall, Alarm.stopped_48h], [Alarm.motor_stall, Alarm.stopped_1h],
];

const toneOf = (alarm: Alarm): string => `sound ${alarm <= Alarms.last_critical ? Tone.two_tone : Tone.single} ${alarm <= Alarms.last_critical ? 3000 : 1000}`;
const INTERVAL_MS = { critical: 600_000, other: 3_600_000 };
const intervalOf = (alarm: Alarm): number => (alarm <= Alarms.last_critical ? INTERVAL_MS.critical : INTERVAL_MS.other);

/** A pump in a state, and the tones that it has sounded since the last look. */
class Ringing {
  readonly p: Pump;
  private readonly notes: string[];

  constructor(state: State) {
    const desk = createDesk();
    this.p = createDeskPump(desk);
    this.notes = desk.notes;
    put(this.p, C.state, state);
    put(this.p, C.critical_interval_ms, INTERVAL_MS.critical);
    put(this.p, C.other_interval_ms, INTERVAL_MS.other);
    this.at(10_000);
  }

  at(ms: number): this {
    this.p.w[W.now_ms] = ms;
    return this;
  }

  get now_ms(): number {
    return this.p.w[W.now_ms];
  }

  /** What sounds now. */
  tones(): string[] {
    this.notes.length = 0;
    runAlarms(this.p);
    return this.notes.filter((note) => note.startsWith("sound"));
  }

  /** What sounds until then, as "when: tone". */
  until(end_ms: number): string[] {
    const heard: string[] = [];
    while (this.p.w[W.alarm_next_ms] !== 0 && this.p.w[W.alarm_next_ms] <= end_ms) {
      this.at(this.p.w[W.alarm_next_ms]);
      heard.push(...this.tones().map((tone) => `${this.now_ms}: ${tone}`));
    }
    return heard;
  }
}

describe("pairs of alarms", () => {
  test("those of which no state has both are just these (STATE-1)", () => {
    expect(PAIRS.filter(([a, b]) => common(a, b).length === 0)).toEqual(IMPOSSIBLE);
    expect(PAIRS.length).toBe(136);
  });

  for (const [high, low] of PAIRS.filter(([a, b]) => common(a, b).length > 0)) {
    test(`${ALARM_NAMES[high]} and ${ALARM_NAMES[low]}: the higher sounds, none is lost, one acknowledged leaves the other (ALARM-2, ALARM-3a, ALARM-3b)`, () => {
      for (const state of common(high, low)) {
        for (const [first, second] of [[high, low], [low, high]] as const) {
          const ringing = new Ringing(state);
          const { p } = ringing;
          raise(p, first, 0);
          expect(ringing.tones()).toEqual([toneOf(first)]);
          const start_ms = ringing.now_ms;
          expect(ringing.until(start_ms + 5000)).toEqual([]);
          ringing.at(start_ms + 5000);
          raise(p, second, 0);
          // The more urgent one sounds at once; the other waits for its turn.
          expect(ringing.tones()).toEqual(second === high ? [toneOf(high)] : []);
          const high_ms = second === high ? start_ms + 5000 : start_ms;
          const interval_ms = intervalOf(high);
          const heard = ringing.until(high_ms + 2 * interval_ms);
          expect(heard).toEqual([1, 2].map((n) => `${high_ms + n * interval_ms}: ${toneOf(high)}`));
          expect([isActive(p, high), isActive(p, low)]).toEqual([true, true]);

          // Acknowledged, the higher is silent until its next interval; the other one comes when it is due, and is untouched by it.
          const low_ms = first === low ? start_ms + intervalOf(low) : start_ms + 5000;
          acknowledge(p, high, 0, false);
          expect(ringing.tones()).toEqual(low_ms <= ringing.now_ms ? [toneOf(low)] : []);
          expect([isActive(p, high), isActive(p, low)]).toEqual([high !== Alarm.memory_corrected, true]);
          if (isActive(p, high)) {
            const back_ms = high_ms + 3 * interval_ms;
            expect(ringing.until(back_ms).at(-1)).toBe(`${back_ms}: ${toneOf(high)}`);
            // Its cause gone, the other one has its turn again and has kept its own times.
            clear(p, high);
          }
          const after = ringing.tones().length + ringing.until(ringing.now_ms + intervalOf(low)).length;
          expect(after).toBeGreaterThanOrEqual(1);
          expect([isActive(p, high), isActive(p, low)]).toEqual([false, true]);
        }
      }
    });
  }

  test("acknowledging the lower leaves the higher sounding (ALARM-3b)", () => {
    for (const [high, low] of PAIRS.filter(([a, b]) => common(a, b).length > 0 && b !== Alarm.memory_corrected)) {
      const ringing = new Ringing(common(high, low)[0]!);
      raise(ringing.p, high, 0);
      raise(ringing.p, low, 0);
      expect(ringing.tones()).toEqual([toneOf(high)]);
      acknowledge(ringing.p, low, 0, false);
      expect(ringing.tones()).toEqual([]);
      expect([isActive(ringing.p, high), isActive(ringing.p, low)]).toEqual([true, true]);
      const next_ms = ringing.now_ms + intervalOf(high);
      expect(ringing.until(next_ms)).toEqual([`${next_ms}: ${toneOf(high)}`]);
    }
  });
});
