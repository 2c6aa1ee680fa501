// Alarms as the log tells them, against when they must come.

import { Alarm, Alarms } from "../../protocol/alarms";
import type { ViolationKind } from "./violation";

/** Where a violation is reported. */
export type Report = (kind: ViolationKind, pump_ms: number, text: string, expected: number, seen: number) => void;

const NEVER = -1;

/** Which alarms are on, and which must come on by when. */
export class AlarmWatch {
  private readonly active = new Array<boolean>(Alarms.last + 1).fill(false);
  private readonly first_ms = new Array<number>(Alarms.last + 1).fill(NEVER);
  private readonly went_ms = new Array<number>(Alarms.last + 1).fill(NEVER);
  private readonly due_ms = new Array<number>(Alarms.last + 1).fill(NEVER);
  private readonly booted = new Array<boolean>(Alarms.last + 1).fill(false);
  private due_count = 0;
  private critical_count = 0;
  private count = 0;

  constructor(private readonly report: Report) {}

  isOn(alarm: Alarm): boolean {
    return this.active[alarm] === true;
  }

  get any(): boolean {
    return this.count > 0;
  }

  get anyCritical(): boolean {
    return this.critical_count > 0;
  }

  /** When it first came on, -1 for never. */
  first(alarm: Alarm): number {
    return this.first_ms[alarm] ?? NEVER;
  }

  /** When it last went off, -1 for never. */
  lastOff(alarm: Alarm): number {
    return this.went_ms[alarm] ?? NEVER;
  }

  /** Bit n for alarm n, as a status answer has it. */
  get bits(): number {
    let bits = 0;
    for (let alarm = 1; alarm <= Alarms.last; alarm++) if (this.active[alarm] === true) bits += 2 ** alarm;
    return bits;
  }

  /** An on-record: one for each crossing, but a program that has just started may repeat it. */
  cameOn(at_ms: number, alarm: number): void {
    if (!(alarm > Alarm.none && alarm <= Alarms.last)) {
      this.report("alarm", at_ms, "an alarm that there is none of came on", Alarms.last, alarm);
      return;
    }
    if (this.active[alarm] === true) {
      if (this.booted[alarm] !== true) this.report("alarm", at_ms, `alarm ${alarm} came on twice`, 1, 2);
      this.booted[alarm] = false;
      return;
    }
    this.active[alarm] = true;
    this.booted[alarm] = false;
    if (this.first_ms[alarm] === NEVER) this.first_ms[alarm] = at_ms;
    this.count++;
    if (alarm <= Alarms.last_critical) this.critical_count++;
    const due_ms = this.due_ms[alarm]!;
    if (due_ms === NEVER) return;
    this.withdraw(alarm);
    if (at_ms > due_ms) this.report("alarm", at_ms, `alarm ${alarm} came late, in ms`, due_ms, at_ms);
  }

  wentOff(at_ms: number, alarm: number): void {
    if (this.active[alarm] !== true) {
      this.report("alarm", at_ms, `alarm ${alarm} went off and was not on`, 1, 0);
      return;
    }
    this.active[alarm] = false;
    this.went_ms[alarm] = at_ms;
    this.count--;
    if (alarm <= Alarms.last_critical) this.critical_count--;
  }

  /** It must be on by `due_ms`, at that very millisecond at the latest. */
  demand(alarm: Alarm, due_ms: number): void {
    if (this.active[alarm] === true || this.due_ms[alarm] !== NEVER) return;
    this.due_ms[alarm] = due_ms;
    this.due_count++;
  }

  /** It need not come any more. */
  withdraw(alarm: Alarm): void {
    if (this.due_ms[alarm] === NEVER) return;
    this.due_ms[alarm] = NEVER;
    this.due_count--;
  }

  /** It came in time, and power took its record: it is due again once the program has started. */
  excuse(alarm: Alarm): void {
    if (this.due_ms[alarm] !== NEVER) this.due_ms[alarm] = Number.MAX_SAFE_INTEGER;
  }

  /** Time is `now_ms`, and what was due before it is missing. */
  settle(now_ms: number): void {
    if (this.due_count === 0) return;
    for (let alarm = 1; alarm <= Alarms.last; alarm++) {
      const due_ms = this.due_ms[alarm]!;
      if (due_ms === NEVER || now_ms <= due_ms) continue;
      this.withdraw(alarm);
      this.report("alarm", now_ms, `alarm ${alarm} is missing, due at ${due_ms} ms`, alarm, 0);
    }
  }

  /** A program started: it may record active alarms again, and gets a minute for those that are due. */
  restarted(at_ms: number, within_ms: number): void {
    for (let alarm = 1; alarm <= Alarms.last; alarm++) {
      this.booted[alarm] = true;
      if (this.due_ms[alarm] !== NEVER) this.due_ms[alarm] = at_ms + within_ms;
    }
  }
}
