// The oracle: hears what happens at the motor, and judges the dose.

import { Motion, MotorResult } from "../../hal/motor";
import { Fault } from "../../hal/faults";
import { ResetCause } from "../../hal/controller";
import { Panic } from "../../hal/panic";
import { SelfTest } from "../../hal/self-test";
import { Unit as Units } from "../../hal/units";
import { Alarm } from "../../protocol/alarms";
import { Op } from "../../protocol/operations";
import { RecordKind } from "../../protocol/records";
import { State } from "../../protocol/states";
import type { Committed } from "../wire-tap";
import type { Witness } from "../devices/host";
import { DEFAULT_UNIT, type Unit } from "../unit";
import { AlarmWatch } from "./alarm-watch";
import { Balance, type Integral } from "./balance";
import { compareBooks, type OwnBooks } from "./books";
import { Duty, ERI_AGE_MS } from "./duty";
import { EMPTY_PL, Ledger } from "./ledger";
import { Misses } from "./misses";
import { DeliveryWatch } from "./delivery-watch";
import { DriveWatch } from "./drive-watch";
import { StallTrend } from "./stall-trend";
import type { Violation, ViolationKind } from "./violation";

export type { Violation, ViolationKind } from "./violation";

/** A pulse due may wait so long for the motor's least interval and a confirmation before it counts as late. */
export const LATE_MS_MAX = 1000;
/** Panics of the controller itself, without what a board or damaged memory can bring about (hal/panic.ts). */
const OWN_PANIC_LAST: Panic = Panic.contract;
/** Therapy is back within so much after a reset (MEM-1). */
export const RESET_MS_MAX = 60_000;
/** Violations kept; those after are counted. A broken pump breaks again with every pulse. */
export const VIOLATIONS_MAX = 200;
/** FILL-2. */
const LOW_DEFAULT_NL = 4_000_000;
/** MOTOR-2. */
const STALL_PULSES = 3;
/** DOSE-8: pulses behind, or the basal of this time, whichever is more. */
const BEHIND_PULSES = 5;
const BEHIND_MS = 30 * Units.ms_per_minute;

/** ERI needs both indicators (BATT-1): nine tenths of the 6.3e12 nC at which charge says so, its count being an estimate. */
const ERI_NC_MIN = 5_670_000_000_000;

/** The plant and the motor, as far as the oracle sees them. */
export interface Truth {
  readonly motions: () => number;
  /** Those of them that nobody commanded. */
  readonly uncommanded: () => number;
  readonly commanded: () => number;
  /** True charge drawn from the battery. */
  readonly drawn_nC: () => number;
}

/**
 * Always on. It is told of commands and results by the motor, of accepted operations by the bench, of resets
 * by the processor and of records by the storage. It never asks the firmware and never throws at a run.
 */
export class Oracle implements Witness {
  readonly violations: Violation[] = [];
  /** Violations in all, kept or not. */
  violation_count = 0;
  readonly ledger: Ledger;
  readonly balance = new Balance();
  readonly alarms: AlarmWatch;
  readonly duty: Duty;
  private readonly drive: DriveWatch;
  private readonly trend: StallTrend;
  private readonly own: OwnBooks;
  private readonly delivery: DeliveryWatch;
  private readonly misses = new Misses();
  /** Whether the loads are those that a pump's estimate is made for. */
  private readonly known_battery: boolean;
  private misses_in_a_row = 0;
  /** When the state last was left that the third cut of the drive leads to. */
  private left_off_ms = -1;
  private last_command_ms = -Motion.interval_ms_min;
  private low_pL = LOW_DEFAULT_NL * Units.pL_per_nL;
  /** When an alarm was last recorded, until the instant is over and can be judged. */
  private volumes_told_ms = -1;
  private recovering = false;
  /** When an alarm must be on because delivery fell behind, -1 for no such time. */
  private behind_ms = -1;
  private behind_limit = 0;
  private behind_told = false;
  private memory_damaged = false;
  private silent = false;

  constructor(unit: Unit, private readonly now_us: () => number, private readonly truth: Truth) {
    const report = this.report.bind(this);
    this.ledger = new Ledger(unit.pulse_pL);
    this.known_battery = (["sleep_uA", "pulse_nC", "tone_nC_per_ms"] as const).every((load) => unit[load] === DEFAULT_UNIT[load]);
    this.alarms = new AlarmWatch(report);
    this.duty = new Duty(this.balance, this.ledger, this.alarms, report);
    this.trend = new StallTrend(this.alarms, report);
    this.drive = new DriveWatch(this.alarms, report, {
      off: (held) => { this.duty.driveOff(held); },
      resume: (at_ms) => {
        this.balance.accrue(at_ms);
        const was_off = !this.balance.on;
        this.duty.driveBack();
        if (was_off && this.balance.on) this.delivery.boluses.began(at_ms);
      },
    });
    this.own = { ledger: this.ledger, balance: this.balance, alarms: this.alarms, report };
    const counts = (): boolean => this.balance.on && !this.duty.at_minimum && !this.alarms.isOn(Alarm.motor_stall);
    this.delivery = new DeliveryWatch(unit.catheter_cm, this.balance, this.ledger, {
      delivering: () => counts() && this.balance.present?.in_dose === true, following: () => this.duty.follows, at_minimum: () => this.duty.at_minimum, counts,
    }, report);
    this.balance.calibrate(unit.pulse_pL, 0);
  }

  commanded(at_ms: number, accepted: boolean): void {
    this.settle(at_ms);
    this.balance.accrue(at_ms);
    this.ledger.commanded++;
    if (accepted) this.ledger.in_flight = true;
    if (at_ms - this.last_command_ms < Motion.interval_ms_min) {
      this.report("over", at_ms, "two pulses closer than the motor's least interval, in ms", Motion.interval_ms_min, at_ms - this.last_command_ms);
    }
    this.last_command_ms = at_ms;
    if (this.delivery.commanded(at_ms)) return;
    if (!this.balance.on) {
      this.report("over", at_ms, `a pulse although ${this.duty.why}`, 0, 1);
      return;
    }
    const integral = this.balance.charged();
    this.checkUnder(at_ms, integral);
    this.silent = false;
    this.balance.take(integral);
    if (integral.owed < 0) this.early(at_ms, integral);
    if (integral.owed < integral.pulse) this.recovering = false;
    if (this.misses.total > BEHIND_PULSES) this.weigh(at_ms, at_ms);
  }

  /** The program that heard a result gave up over it: whether it counted the pulse is not known until it tells. */
  doubted(result: MotorResult): void {
    if (result !== MotorResult.confirmed) return;
    this.ledger.confirmed--;
    this.ledger.uncertain++;
    this.ledger.doubtful++;
    this.delivery.boluses.doubted();
  }

  /** Power went before a pulse's confirmation was in the books: it is uncertain. */
  unconfirmed(): void {
    this.ledger.confirmed--;
    this.ledger.uncertain++;
    this.delivery.boluses.doubted();
    this.delivery.lookAtTip();
  }

  resulted(at_ms: number, result: MotorResult, heard: boolean): void {
    this.settle(at_ms);
    const ledger = this.ledger;
    if (!heard || !ledger.in_flight) return; // counted as uncertain at the reset that made nobody wait for it
    const low_before_pL = ledger.remaining_low_pL;
    ledger.in_flight = false;
    this.balance.accrue(at_ms);
    this.delivery.boluses.resulted(result === MotorResult.confirmed);
    if (result === MotorResult.confirmed) {
      ledger.confirmed++;
      this.misses_in_a_row = 0;
      if (this.balance.on) this.delivery.tolerance.confirmed(at_ms);
    } else {
      this.missed(at_ms, at_ms);
      if (++this.misses_in_a_row >= STALL_PULSES) this.alarms.demand(Alarm.motor_stall, at_ms);
    }
    this.delivery.lookAtTip();
    this.volumesMoved(at_ms, at_ms, low_before_pL);
  }

  edged(at_ms: number, reverse: boolean): void {
    this.settle(at_ms);
    this.drive.edged(at_ms);
    if (reverse) return;
    const low_before_pL = this.ledger.remaining_low_pL;
    this.ledger.uncertain++;
    this.ledger.uncommanded++;
    this.volumesMoved(at_ms, at_ms, low_before_pL);
  }

  supplied(at_ms: number, on: boolean, by_reset: boolean): void {
    this.settle(at_ms);
    this.balance.accrue(at_ms);
    this.drive.suppliedBecame(at_ms, on, by_reset);
  }

  recorded(at_ms: number, kind: RecordKind, a: number, b: number, c: number): void {
    this.settle(at_ms);
    this.delivery.recorded(at_ms, kind, a, b, c);
    if (kind === RecordKind.alarm_on || kind === RecordKind.alarm_off) this.volumes_told_ms = at_ms;
    if (kind === RecordKind.alarm_on) this.alarmCame(at_ms, a);
    else if (kind === RecordKind.alarm_off) {
      this.alarms.wentOff(at_ms, a);
      this.trend.wentOff(at_ms, a);
    }
    else if (kind === RecordKind.tolerance_lost) { if (this.alarms.isOn(Alarm.not_delivering)) this.delivery.tolerance.told(at_ms); }
    else if (kind === RecordKind.stall_end) this.stallEnded(at_ms, b);
    else if (kind === RecordKind.power_lost && this.memory_damaged) this.restarted(at_ms);
    else if (kind === RecordKind.state) {
      this.balance.accrue(at_ms);
      const was_off = !this.balance.on;
      this.duty.stateBecame(at_ms, b);
      if (was_off && (b === State.therapy || b === State.safe_minimum)) this.delivery.boluses.began(at_ms);
      if (a === (State.safe_off as number)) this.left_off_ms = at_ms;
      if (b === (State.safe_off as number)) this.misses_in_a_row = 0; // as in a stop
    }
  }

  notSupplied(): void {
    this.drive.notSupplied();
  }

  /** A record was appended, and power went before it was durable: after the start the pump has another chance. */
  recordLost(at_ms: number, kind: RecordKind, a: number): void {
    if (kind === RecordKind.alarm_on) this.alarms.excuse(a);
    else if (kind === RecordKind.bolus_begin || kind === RecordKind.bolus_skipped) this.delivery.boluses.excuse(at_ms);
  }

  breach(at_ms: number, text: string, expected: number, seen: number): void {
    this.report("contract", at_ms, text, expected, seen);
  }

  /** A request was answered: an accepted one takes effect at this instant. The arguments of a commit are the prescription that it puts in force. */
  answered(at_ms: number, op: Op, args: readonly number[], fault: number, values: readonly number[], committed?: Committed): void {
    this.settle(at_ms);
    if (fault !== Fault.ok) return;
    this.delivery.answered(at_ms, op, args, values);
    if (op === Op.status) {
      compareBooks(this.own, this.truth.commanded(), at_ms, values);
      this.checkMotions(at_ms);
      return;
    }
    this.balance.accrue(at_ms);
    if (op === Op.set_up) {
      this.ledger.pulse_pL = args[0]!;
      this.delivery.setUp(args[2]!);
    } else if (op === Op.refill) this.refilled(args);
    else if (op === Op.set_clock) this.balance.setOffset(args[0]! - at_ms);
    else if (op === Op.set_alarms) {
      this.low_pL = args[0]! * Units.pL_per_nL;
      this.alarms.withdraw(Alarm.low_reservoir);
    } else {
      if (op === Op.stop) this.misses_in_a_row = 0; // a stop ends what might have become a stall
      if (committed?.refill !== undefined) this.refilled(committed.refill);
      if (committed !== undefined) this.delivery.committed(at_ms, committed);
      if (op === Op.start || (op === Op.commit && this.left_off_ms === at_ms)) this.drive.released(at_ms);
      this.duty.accepted(at_ms, op);
    }
  }

  /** Power went when a pulse was in the books, and before the motor was told. After a start it counts as uncertain, like one that was in flight. */
  booked(at_ms: number): void {
    this.settle(at_ms);
    this.ledger.commanded++;
    this.ledger.booked++;
    this.ledger.in_flight = true;
  }

  /** The program stopped running: a reset, or a power loss. */
  down(at_ms: number, power: boolean): void {
    this.settle(at_ms);
    this.drive.down();
    this.balance.accrue(at_ms);
    this.delivery.down(at_ms, power);
    if (this.ledger.in_flight) {
      this.delivery.boluses.resulted(false);
      const low_before_pL = this.ledger.remaining_low_pL;
      this.ledger.in_flight = false;
      this.misses_in_a_row++;
      this.missed(at_ms, at_ms + RESET_MS_MAX);
      this.volumesMoved(at_ms, at_ms + RESET_MS_MAX, low_before_pL);
    }
    if (power) {
      this.duty.powered(false);
    }
    this.recovering = true;
  }

  /** The program is about to start. */
  booting(at_ms: number, cause: ResetCause, detail: number): void {
    if (cause === ResetCause.panic && detail <= OWN_PANIC_LAST && !this.memory_damaged) this.report("contract", at_ms, "the firmware gave up over a broken invariant, by its panic's number", 0, detail);
    this.drive.settle(at_ms);
    this.balance.accrue(at_ms);
    if (cause === ResetCause.power) {
      this.duty.powered(true);
      this.restarted(at_ms);
    }
    this.delivery.booted(at_ms, cause === ResetCause.power);
    this.alarms.restarted(at_ms, RESET_MS_MAX);
    this.recovering = true;
  }

  /** The program is told what the board's self-test found, a sum of `SelfTest`. */
  selfTested(at_ms: number, failed: number): void {
    this.settle(at_ms);
    this.balance.accrue(at_ms);
    this.drive.doubt(at_ms, (failed & SelfTest.motor) !== 0);
    this.duty.doubt(at_ms, failed > SelfTest.motor);
  }

  /** Retained memory was damaged: the next start may find it of no use, and then has lost what a power loss loses. */
  memoryDamaged(): void {
    this.memory_damaged = true;
  }

  /** The pump's wall clock as the oracle takes it to be. */
  wall_ms(pump_ms: number): number {
    return pump_ms + this.balance.offset_ms;
  }

  /** The look from time to time that finds a silent pump. Events up to `at_ms` less a second are all known. */
  check(at_ms: number): void {
    const known_ms = at_ms - LATE_MS_MAX;
    this.settle(known_ms);
    this.balance.accrue(known_ms);
    if (this.balance.on) {
      this.checkUnder(known_ms, this.balance.active);
      if (this.balance.active !== this.balance.dose && this.balance.bolus !== undefined) this.checkUnder(known_ms, this.balance.dose);
    }
    this.delivery.check(known_ms);
    this.duty.check(known_ms);
    if (!this.duty.powerless && !this.recovering) this.trend.check(known_ms);
    this.checkMotions(known_ms);
  }

  /** The closing look; a status answer has just been compared. */
  finish(at_ms: number): void {
    this.check(at_ms + LATE_MS_MAX);
  }

  /** True motions lie between confirmed and confirmed plus uncertain, with one in flight (MOTOR-1). */
  checkMotions(at_ms: number): void {
    const { confirmed, uncertain, in_flight } = this.ledger;
    const motions = this.truth.motions();
    if (motions < confirmed) this.report("books", at_ms, "fewer true motions than confirmed pulses", confirmed, motions);
    // Those whose edge the program was not told of, or took for a pulse's own, are in no book.
    const unknown = Math.max(0, this.truth.uncommanded() - this.ledger.uncommanded);
    const most = confirmed + uncertain + (in_flight ? 1 : 0) + unknown;
    if (motions > most) this.report("books", at_ms, "more true motions than confirmed and uncertain pulses", most, motions);
  }

  /** Adds a violation. */
  report(kind: ViolationKind, pump_ms: number, text: string, expected: number, seen: number): void {
    this.violation_count++;
    if (this.violations.length >= VIOLATIONS_MAX) return;
    this.violations.push({ kind, at_us: this.now_us(), pump_ms, expected, seen, text });
  }

  private settle(now_ms: number): void {
    if (this.volumes_told_ms >= 0 && now_ms > this.volumes_told_ms) this.checkVolumeAlarms();
    if (this.behind_ms >= 0 && now_ms > this.behind_ms) this.checkBehind(now_ms);
    this.delivery.settle(now_ms);
    this.drive.settle(now_ms);
    this.alarms.settle(now_ms);
    this.duty.settle(now_ms);
  }


  /** After an instant with alarm records: those of the reservoir must fit its lower bound (FILL-2, FILL-3). */
  private checkVolumeAlarms(): void {
    const at_ms = this.volumes_told_ms;
    this.volumes_told_ms = -1;
    if (!this.ledger.filled) return;
    const seen_pL = this.ledger.remaining_low_pL;
    for (const [alarm, level_pL] of [[Alarm.low_reservoir, this.low_pL], [Alarm.reservoir_empty, EMPTY_PL]] as const) {
      const on = this.alarms.isOn(alarm);
      // In safe-off the empty alarm stays on after a refill, until therapy is started again (STATE-4d).
      const held = alarm === Alarm.reservoir_empty && this.duty.awaits_start;
      if (on && !held && seen_pL > level_pL) this.report("alarm", at_ms, `alarm ${alarm} is on above its level, in pL`, level_pL, seen_pL);
      const went = this.alarms.lastOff(alarm) === at_ms;
      if (!on && went && seen_pL <= level_pL) this.report("alarm", at_ms, `alarm ${alarm} went off below its level, in pL`, level_pL, seen_pL);
    }
  }

  /** MOTOR-2: attempts never exceed the schedule. Goes on as if an early pulse was the next one, or else one too many. */
  private early(at_ms: number, integral: Integral): void {
    const before = integral.owed + integral.pulse;
    this.report("over", at_ms, "a pulse before it was due: a pulse, and owed before it", integral.pulse, before);
    integral.owed = 2 * before < integral.pulse ? before : 0;
  }

  /** DOSE-1: no more than one pulse behind, and what can accrue while a due pulse waits. */
  private checkUnder(at_ms: number, integral: Integral): void {
    const slack = this.balance.most(integral, this.recovering ? RESET_MS_MAX : LATE_MS_MAX);
    const bound = this.balance.allowed(integral) + slack;
    if (integral.owed <= bound) return;
    if (!this.silent) this.report("under", at_ms, "the pump is behind its prescription: at most, and owed", bound, integral.owed);
    this.silent = true; // told once until a pulse comes
    integral.owed = integral.pulse;
  }


  /** Back from storage alone: the fraction is gone (DOSE-4); what was missed in 24 h is not forgotten (DOSE-8). */
  private restarted(at_ms: number): void {
    this.memory_damaged = false;
    if (this.ledger.in_flight) {
      this.ledger.in_flight = false;
      this.ledger.uncertain++;
    }
    this.balance.restart(at_ms);
    this.behind_ms = -1;
  }

  private missed(at_ms: number, due_ms: number): void {
    this.ledger.uncertain++;
    this.misses.add(at_ms);
    this.weigh(at_ms, due_ms);
  }

  /**
   * Whether delivery is behind (DOSE-8), by the present basal and with the pulse of fraction that DOSE-1 allows: then
   * an alarm must be on by `due_ms`. Asked when a pulse was not confirmed, and at each command, since the rate may have
   * fallen.
   */
  private weigh(at_ms: number, due_ms: number): void {
    this.misses.moveTo(at_ms);
    if (this.misses.total <= BEHIND_PULSES || !this.balance.on) return;
    this.balance.accrue(at_ms);
    const { active } = this.balance;
    const limit = Math.max(BEHIND_PULSES * active.pulse, active.over(this.balance.present_rate, BEHIND_MS));
    const behind = (this.misses.total - 1) * active.pulse > limit;
    if (!behind) this.behind_told = false;
    if (!behind || this.alarms.any) return;
    this.behind_ms = due_ms;
    this.behind_limit = Math.floor(limit / active.pulse) + 1;
  }

  /** The instant by which an alarm had to be on is over. Told once for each time that delivery falls behind. */
  private checkBehind(now_ms: number): void {
    this.behind_ms = -1;
    if (this.behind_told || !this.balance.on || this.misses.total <= this.behind_limit) return;
    this.behind_told = true;
    this.report("under", now_ms, "confirmed delivery is behind in 24 h and no alarm is on: pulses", this.behind_limit, this.misses.total);
  }

  /** The arguments of a refill, or of one that came with a commit. */
  private refilled(args: readonly number[]): void {
    this.delivery.refilled(args);
    this.alarms.withdraw(Alarm.low_reservoir);
    this.alarms.withdraw(Alarm.reservoir_empty);
    this.duty.refilled();
  }

  /** Alarms that follow from it are due at `due_ms`: at once, or after a reset. */
  private volumesMoved(at_ms: number, due_ms: number, low_before_pL: number): void {
    const low_pL = this.ledger.remaining_low_pL;
    if (low_before_pL > this.low_pL && low_pL <= this.low_pL) this.alarms.demand(Alarm.low_reservoir, due_ms);
    this.duty.volumesMoved(at_ms, due_ms);
  }

  private alarmCame(at_ms: number, alarm: number): void {
    if (alarm === Alarm.motor_stall && this.misses.unclaimed === 0) {
      this.report("alarm", at_ms, "a stall with no unconfirmed pulse", STALL_PULSES, 0);
    }
    if (alarm === Alarm.battery_eri && this.known_battery && at_ms < ERI_AGE_MS && this.truth.drawn_nC() < ERI_NC_MIN) {
      this.report("alarm", at_ms, "elective replacement with charge left and before its age: used at least, and used, in nC", ERI_NC_MIN, this.truth.drawn_nC());
    }
    if (alarm === Alarm.not_delivering) this.delivery.tolerance.told(at_ms);
    this.duty.alarmCame(at_ms, alarm);
    const fresh = !this.alarms.isOn(alarm);
    this.alarms.cameOn(at_ms, alarm);
    if (fresh) this.trend.cameOn(at_ms, alarm);
    this.behind_ms = -1;
    this.behind_told = false;
  }

  private stallEnded(at_ms: number, pulses: number): void {
    const known = this.misses.forgive(pulses);
    this.misses_in_a_row = 0;
    if (known < pulses) this.report("books", at_ms, "a stall ended with more uncertain pulses than there were", known, pulses);
  }
}
