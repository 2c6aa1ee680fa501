// When the motor must pace and when it must not, and for which reason.

import { Unit as Units } from "../../hal/units";
import { Alarm } from "../../protocol/alarms";
import { Op } from "../../protocol/operations";
import { State } from "../../protocol/states";
import type { AlarmWatch, Report } from "./alarm-watch";
import type { Balance } from "./balance";
import { EMPTY_PL, type Ledger } from "./ledger";

/** BATT-1: elective replacement and end of service by age, and the time between them. */
export const ERI_AGE_MS = 2466 * Units.ms_per_day;
export const EOS_AGE_MS = 2556 * Units.ms_per_day;
export const EOS_AFTER_ERI_MS = 90 * Units.ms_per_day;
/** STATE-2b: a stop is an alarm from an hour on, a critical one from 48 h. */
const STOPPED_MS = Units.ms_per_hour;
const STOPPED_LONG_MS = 48 * Units.ms_per_hour;

/** A pulse in flight is waited for. */
const BOUNDARY_MS = 1000;

/** The short list of reasons for which the motor may be off; anything else is under-delivery. */
export class Duty {
  private running = false;
  private started = false;
  private stopped_at_ms = -1;
  /** The state became stopped while therapy ran: the answer to a stop must follow at the same instant. */
  private stopped_from_ms = -1;
  private empty = false;
  /** Refilled after it ran empty: therapy comes back with the clinician's next commit or start. */
  private resumable = false;
  private off_by_state = false;
  private ended = false;
  private has_power = true;
  private drive_cut = false;
  /** It was cut for the third time in 24 h. */
  private drive_held = false;
  private minimum = false;
  private minimum_from_ms = -1;
  /** Since when the program knows that something else than the motor fails the self-test, -1 if nothing does. */
  private doubtful_ms = -1;
  /** It has begun to deliver, or left the minimum rate, since time went on last: it has its second from here. */
  private anew = false;

  constructor(
    private readonly balance: Balance,
    private readonly ledger: Ledger,
    private readonly alarms: AlarmWatch,
    private readonly report: Report,
  ) {}

  /** Refilled after it ran empty, and not started again. */
  get awaits_start(): boolean {
    return this.resumable;
  }

  get powerless(): boolean {
    return !this.has_power;
  }

  /** Why the motor is off, for a message. */
  get why(): string {
    if (!this.has_power) return "the pump has no power";
    if (this.drive_held) return "the drive was cut for the third time in 24 h";
    if (this.drive_cut) return "the drive is cut, and the head has not been still for a minute";
    if (this.ended) return "end of service has come";
    if (this.empty) return this.resumable ? "therapy was not started after the refill" : "the reservoir is empty";
    return this.off_by_state ? "the pump turned the motor off" : "therapy is not running";
  }

  /** Whether the pump paces at the minimum rate by its own decision. */
  get at_minimum(): boolean {
    return this.minimum;
  }

  /** Whether it follows a prescription: it was started, and its service has not ended. */
  get follows(): boolean {
    return this.started && !this.ended;
  }

  /** commit, start, stop or acknowledge was accepted. */
  accepted(at_ms: number, op: Op): void {
    if (op === Op.start) {
      this.started = true;
      this.running = true;
      this.stopped_at_ms = -1;
    } else if (op === Op.stop) {
      this.running = false;
      this.stopped_from_ms = -1;
      this.stopped_at_ms = at_ms;
    }
    if ((op === Op.start || op === Op.commit) && this.resumable) this.resume();
    if (op === Op.start || op === Op.commit) this.off_by_state = false;
    this.decide();
  }

  refilled(): void {
    if (this.empty && !this.ledger.empty) this.resumable = true;
    if (this.ledger.empty) this.empty = true;
    this.decide();
  }

  /** A state record: the pump says where it is, and must have a reason to be there. */
  stateBecame(at_ms: number, state: number): void {
    const minimum = state === State.safe_minimum;
    if (minimum && !this.minimum) this.minimum_from_ms = at_ms;
    if (!minimum && this.minimum) this.anew = true;
    this.minimum = minimum;
    this.balance.forceMinimum(minimum);
    if (this.resumable && (state === State.therapy || minimum)) this.resume();
    if (state === State.therapy) this.off_by_state = false;
    if (state === State.safe_off && !this.empty && !this.drive_held) {
      this.report("under", at_ms, "the motor was turned off and the reservoir is not empty, in pL", EMPTY_PL, this.ledger.remaining_pL);
      this.off_by_state = true;
    }
    this.stopped_from_ms = state === State.stopped && this.running ? at_ms : -1;
    if (state === State.end_of_service) {
      if (at_ms < this.eos_ms()) this.report("under", at_ms, "end of service before its time, in ms", this.eos_ms(), at_ms);
      this.alarms.demand(Alarm.end_of_service, at_ms);
      this.ended = true;
    }
    this.decide();
  }

  /** Confirmed or uncertain pulses changed the volumes. At empty the motor is off from here on (FILL-3). */
  volumesMoved(at_ms: number, due_ms: number): void {
    if (!this.ledger.filled) return;
    if (this.ledger.empty && !this.empty) {
      this.empty = true;
      this.resumable = false;
      this.alarms.demand(Alarm.reservoir_empty, due_ms);
      this.balance.accrue(at_ms);
      this.decide();
    } else if (this.ledger.remaining_low_pL <= EMPTY_PL && !this.alarms.anyCritical) {
      this.alarms.demand(Alarm.reservoir_empty, due_ms);
    }
  }

  alarmCame(at_ms: number, alarm: number): void {
    if (alarm === Alarm.end_of_service && at_ms < this.eos_ms()) {
      this.report("alarm", at_ms, "end of service before its time, in ms", this.eos_ms(), at_ms);
    }
    const stopped_ms = alarm === Alarm.stopped_1h ? STOPPED_MS : alarm === Alarm.stopped_48h ? STOPPED_LONG_MS : 0;
    if (stopped_ms > 0 && (this.stopped_at_ms < 0 || at_ms < this.stopped_at_ms + stopped_ms)) {
      this.report("alarm", at_ms, `alarm ${alarm} before its time, in ms`, this.stopped_at_ms + stopped_ms, at_ms);
    }
  }

  powered(on: boolean): void {
    this.has_power = on;
    this.decide();
  }

  /** The drive has no supply, by MOTOR-4; `held` until a clinician's start or commit. */
  driveOff(held: boolean): void {
    this.drive_cut = true;
    this.drive_held = held;
    this.decide();
  }

  /** Therapy is owed again. */
  driveBack(): void {
    this.drive_cut = false;
    this.drive_held = false;
    this.decide();
  }

  /** The self-test found something wrong elsewhere than at the motor, or nothing any more (STATE-3c). */
  doubt(at_ms: number, failed: boolean): void {
    if (!failed) this.doubtful_ms = -1;
    else if (this.doubtful_ms < 0) this.doubtful_ms = at_ms;
  }

  /** Before anything that happens at `now_ms` is judged: what time alone brings about. */
  settle(now_ms: number): void {
    if (!this.ended && now_ms > this.eos_ms()) {
      this.ended = true;
      this.balance.accrue(this.eos_ms());
      this.decide();
    }
    if (this.stopped_from_ms >= 0 && now_ms > this.stopped_from_ms) {
      this.report("under", now_ms, "the pump stopped therapy by itself", State.therapy, State.stopped);
      this.stopped_from_ms = -1;
      this.off_by_state = true;
      this.decide();
    }
    if (this.anew && this.doubtful_ms >= 0) this.doubtful_ms = now_ms;
    this.anew = false;
    if (this.doubtful_ms >= 0 && now_ms > this.doubtful_ms + BOUNDARY_MS && this.balance.on && !this.minimum) {
      this.report("over", now_ms, "the self-test has failed and therapy goes on at its full rate, due at the minimum rate from, in ms", this.doubtful_ms, now_ms);
      this.doubtful_ms = now_ms;
    }
    if (this.minimum && this.minimum_from_ms >= 0 && now_ms > this.minimum_from_ms) {
      this.minimum_from_ms = -1;
      const told = this.alarms.isOn(Alarm.no_valid_prescription) || this.alarms.isOn(Alarm.not_delivering) || this.alarms.isOn(Alarm.pump_fault);
      if (!told) this.report("alarm", now_ms, "minimum rate and no critical alarm says why", 1, 0);
    }
  }

  /** From time to time: alarms that time alone brings. */
  check(at_ms: number): void {
    if (!this.has_power) return;
    if (this.stopped_at_ms >= 0 && !this.ended) {
      const stopped_ms = at_ms - this.stopped_at_ms;
      if (stopped_ms > STOPPED_LONG_MS) this.alarms.demand(Alarm.stopped_48h, this.stopped_at_ms + STOPPED_LONG_MS);
      else if (stopped_ms > STOPPED_MS) this.alarms.demand(Alarm.stopped_1h, this.stopped_at_ms + STOPPED_MS);
    }
    if (at_ms > ERI_AGE_MS && this.alarms.first(Alarm.battery_eri) < 0) this.alarms.demand(Alarm.battery_eri, ERI_AGE_MS);
    if (this.ended) this.alarms.demand(Alarm.end_of_service, this.eos_ms());
    this.alarms.settle(at_ms);
  }

  private eos_ms(): number {
    const eri_ms = this.alarms.first(Alarm.battery_eri);
    return eri_ms < 0 ? EOS_AGE_MS : Math.min(EOS_AGE_MS, eri_ms + EOS_AFTER_ERI_MS);
  }

  private resume(): void {
    this.empty = false;
    this.resumable = false;
  }

  private decide(): void {
    const allowed = this.has_power && !this.ended && !this.empty && !this.off_by_state && !this.drive_cut;
    const on = allowed && (this.running || this.minimum);
    if (on && !this.balance.on) this.anew = true;
    this.balance.on = on;
  }
}
