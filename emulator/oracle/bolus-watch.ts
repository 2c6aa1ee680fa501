// Boluses as the log tells them, against what was asked for and is due.

import { Unit } from "../../hal/units";
import { WallClock } from "../../protocol/limits";
import { BolusEnd, Skipped } from "../../protocol/records";
import { BolusKind } from "../../protocol/states";
import type { Report } from "./alarm-watch";
import type { Balance } from "./balance";
import { OwnBolus, UNITS_PER_NG } from "./bolus";
import type { Prescribed } from "./prescription";

/** DOSE-5. */
const JUMP_MS_MAX = 2 * Unit.ms_per_hour;
const AGAIN_MS_MIN = 20 * Unit.ms_per_hour;
/** A reset may bring a bolus late by so much (MEM-1), or leave it out. */
const LATE_MS_MAX = 60_000;

/** A timed or periodic bolus whose time has come. */
interface Due {
  readonly kind: BolusKind;
  readonly entry: number;
  readonly at_ms: number;
  readonly dose_ng: number;
  readonly minutes: number;
  /** Which skip is right, if one is. */
  readonly skip?: Skipped;
  /** It came due while no program ran. */
  readonly late?: boolean;
}

/** What the watch must know of the rest of the oracle. */
export interface Circumstances {
  /** Whether basal therapy is being delivered as prescribed: on, not stalled, not at a minimum rate that the pump chose. */
  readonly delivering: () => boolean;
  /** Whether the pump follows a prescription at all: started, and not at its end of service. */
  readonly following: () => boolean;
}

/**
 * Works out by itself when timed and periodic boluses are due and holds each record against that: one that nothing asked for is an overdose, one that is missing an
 * underdose. What accrues of a bolus is the balance's.
 */
export class BolusWatch {
  private offset_ms: number = WallClock.unset_ms;
  /** Instants up to here have been looked at. */
  private looked_ms = 0;
  private timed: Prescribed["timed"] = [];
  private given_ms = new Map<number, number>();
  private interval_ms = 0;
  private periodic = { dose_ng: 0, minutes: 0, next_ms: 0 };
  private due: Due[] = [];
  private waiting: Due[] = [];
  /** A bolus by request has begun, and the accepted request is yet to be seen. */
  private unasked_ms = -1;
  private ended: { readonly bolus: OwnBolus | undefined; readonly complete: boolean; readonly dose_ng: number } | undefined;
  /** When the last one ended: one that waited begins at that instant. */
  private ended_ms = -1;
  private down_ms = -1;
  /** The bolus that was going on when the program started again, at `cut_ms`: it must end there (MEM-1). */
  private cut: OwnBolus | undefined;
  private cut_ms = -1;
  private exact = true;

  constructor(private readonly balance: Balance, private readonly now: Circumstances, private readonly report: Report) {}

  prescribe(at_ms: number, { timed, extra }: Prescribed): void {
    this.look(at_ms);
    const minutes = new Map(this.timed.map(([minute = 0], entry) => [minute, this.given_ms.get(entry) ?? -AGAIN_MS_MIN]));
    this.given_ms = new Map(timed.map(([minute = 0], entry) => [entry, minutes.get(minute) ?? -AGAIN_MS_MIN]));
    this.timed = timed;
    this.waiting = [];
    const [interval_min = 0, dose_ng = 0, bolus_min = 0] = extra;
    const interval_ms = interval_min * Unit.ms_per_minute;
    const next_ms = interval_ms === this.interval_ms ? this.periodic.next_ms : at_ms + interval_ms;
    this.interval_ms = interval_ms;
    this.periodic = { dose_ng, minutes: bolus_min, next_ms };
  }

  /** Delivery begins after it was off: the interval counts anew. */
  began(at_ms: number): void {
    this.look(at_ms);
    this.periodic = { ...this.periodic, next_ms: at_ms + this.interval_ms };
  }

  clockSet(at_ms: number, old_ms: number, new_ms: number): void {
    this.look(at_ms);
    this.offset_ms = new_ms - at_ms;
    if (!this.now.following()) return;
    this.timed.forEach((row, entry) => {
      if (this.next(row[0]!, old_ms) > new_ms) return;
      const here = this.next(row[0]!, new_ms - 1) === new_ms;
      this.comeDue({ kind: BolusKind.timed, entry, at_ms, dose_ng: row[1]!, minutes: row[2]! }, here || new_ms - old_ms <= JUMP_MS_MAX ? undefined : Skipped.clock_jump);
    });
  }

  began_bolus(at_ms: number, kind: BolusKind, dose_ng: number, duration_ms: number): void {
    this.look(at_ms);
    if (this.balance.bolus !== undefined) this.report("over", at_ms, "two boluses at a time", 1, 2);
    if (kind === BolusKind.clinician || kind === BolusKind.patient) this.unasked_ms = at_ms;
    else this.claim(at_ms, kind, dose_ng, duration_ms);
    this.balance.accrue(at_ms);
    this.balance.bolus = new OwnBolus(kind, dose_ng, duration_ms);
    // Of several that came due at one instant, the others wait.
    this.waiting.push(...this.due.filter((each) => each.skip === undefined));
    this.due = this.due.filter((each) => each.skip !== undefined);
    this.exact = true;
  }

  /** The request that a bolus follows from was accepted. */
  asked(at_ms: number, kind: BolusKind, dose_ng: number, minutes: number): void {
    const { bolus } = this.balance;
    this.unasked_ms = -1;
    const right = bolus !== undefined && bolus.kind === kind && bolus.dose_ng === dose_ng && bolus.rate === Math.ceil((dose_ng * 1440) / minutes);
    if (!right) this.report("over", at_ms, "another bolus than the one that was asked for, in ng", dose_ng, bolus?.dose_ng ?? 0);
  }

  skipped(at_ms: number, kind: number, entry: number, why: Skipped): void {
    this.look(at_ms);
    const found = [...this.due, ...this.waiting].find((each) => each.kind === kind && each.entry === entry);
    const waited = found !== undefined && this.waiting.includes(found);
    if (found !== undefined) this.drop(found);
    else if (why !== Skipped.away) this.report("contract", at_ms, "a bolus skipped that was not due, entry", 0, entry);
    if (found === undefined || found.skip === why || why === Skipped.away) return;
    // It waited, and a new prescription or its own next time took its place; or delivery ends, whose answer comes after this record.
    if (waited && (why === Skipped.replaced || why === Skipped.not_delivering)) return;
    const right = why === Skipped.not_delivering && !this.now.delivering();
    if (!right) this.report("under", at_ms, "a bolus skipped without a reason", found.skip ?? 0, why);
  }

  endedBolus(at_ms: number, how: BolusEnd, dose_ng: number): void {
    this.look(at_ms);
    this.balance.accrue(at_ms);
    this.ended_ms = at_ms;
    const { bolus } = this.balance;
    this.ended = { bolus, complete: how === BolusEnd.complete, dose_ng };
    if (bolus === undefined) return;
    if (how === BolusEnd.complete) {
      if (bolus.left > 0) this.report("under", at_ms, "a bolus called complete that is not, left in ng", 0, Math.ceil(bolus.left / Unit.ms_per_day));
      this.balance.complete();
    } else {
      this.balance.interrupt();
    }
  }

  /** Confirmed, uncertain, and not delivered: what was asked for, to the nanogram (DOSE-6). */
  summed(at_ms: number, confirmed_ng: number, uncertain_ng: number, rest_ng: number): void {
    const { ended } = this;
    this.ended = undefined;
    if (ended === undefined) {
      this.report("books", at_ms, "a sum of no bolus", 0, 1);
      return;
    }
    if (confirmed_ng + uncertain_ng + rest_ng !== ended.dose_ng) this.report("books", at_ms, "a bolus whose parts are not its dose, in ng", ended.dose_ng, confirmed_ng + uncertain_ng + rest_ng);
    if (ended.bolus === undefined || !this.exact) return;
    const parts = [[ended.bolus.confirmed, confirmed_ng, "confirmed"], [ended.bolus.uncertain, uncertain_ng, "uncertain"]] as const;
    for (const [units, told, what] of parts) {
      if (Math.floor(units / UNITS_PER_NG) !== told) this.report("books", at_ms, `of a bolus, ${what} in ng`, Math.floor(units / UNITS_PER_NG), told);
    }
  }

  resulted(confirmed: boolean): void {
    this.balance.bolus?.resulted(confirmed);
  }

  /** What was recorded of what is due now is lost with power: it is given late, or left out. */
  excuse(at_ms: number): void {
    this.look(at_ms);
    this.due = this.due.map((each) => ({ ...each, late: true }));
  }

  /** A result that the pump may not have counted: the parts are not known exactly. */
  doubted(): void {
    this.exact = false;
  }

  down(at_ms: number): void {
    this.down_ms = at_ms;
    this.look(at_ms);
  }

  /** Back: what came due meanwhile may be given late or left out. */
  booted(at_ms: number, power: boolean): void {
    const due = [...this.due];
    const given_ms = new Map(this.given_ms);
    this.look(at_ms);
    if (power) {
      this.due = due;
      this.given_ms = given_ms;
      this.waiting = [];
    }
    this.cut = this.balance.bolus;
    this.cut_ms = at_ms;
    // Who was away for longer leaves it out.
    this.due = this.due.filter((each) => at_ms - each.at_ms <= LATE_MS_MAX);
    this.down_ms = -1;
  }

  /** Everything before `now_ms` is known. */
  settle(now_ms: number): void {
    if (this.unasked_ms >= 0 && now_ms > this.unasked_ms) {
      this.report("over", now_ms, "a bolus that nobody asked for", 0, 1);
      this.unasked_ms = -1;
    }
    if (this.cut !== undefined && now_ms > this.cut_ms) {
      if (this.balance.bolus === this.cut) this.report("over", now_ms, "a bolus goes on after a reset, in ng", 0, this.cut.dose_ng);
      this.cut = undefined;
    }
    this.look(now_ms - 1);
    if (this.due.length > 0) this.dropLate(now_ms);
    if (this.waiting.length > 0 && this.balance.bolus === undefined && now_ms > this.ended_ms) {
      if (this.now.delivering()) this.report("under", now_ms, "a bolus that waited was forgotten, in ng", this.waiting[0]!.dose_ng, 0);
      this.waiting = [];
    }
  }

  private dropLate(now_ms: number): void {
    for (const each of this.due.filter(({ at_ms }) => at_ms < now_ms)) {
      if (each.late === true && now_ms - each.at_ms <= LATE_MS_MAX) continue;
      this.drop(each);
      if (this.now.delivering()) this.report("under", now_ms, "a timed bolus that was due did not begin, in ng", each.dose_ng, 0);
    }
  }

  private next(minute: number, after_ms: number): number {
    const today_ms = Math.floor(after_ms / Unit.ms_per_day) * Unit.ms_per_day + minute * Unit.ms_per_minute;
    return today_ms > after_ms ? today_ms : today_ms + Unit.ms_per_day;
  }

  /** What has come due up to `to_ms`, and that instant itself. */
  private look(to_ms: number): void {
    if (to_ms <= this.looked_ms) return;
    const from_ms = this.looked_ms;
    this.looked_ms = to_ms;
    if (!this.now.following()) {
      while (this.interval_ms > 0 && this.periodic.next_ms <= to_ms) this.periodic.next_ms += this.interval_ms;
      return;
    }
    this.timed.forEach(([minute = 0, dose_ng = 0, minutes = 0], entry) => {
      for (let wall_ms = this.next(minute, from_ms + this.offset_ms); wall_ms - this.offset_ms <= to_ms; wall_ms += Unit.ms_per_day) {
        this.comeDue({ kind: BolusKind.timed, entry, at_ms: wall_ms - this.offset_ms, dose_ng, minutes });
      }
    });
    for (; this.interval_ms > 0 && this.periodic.next_ms <= to_ms; this.periodic.next_ms += this.interval_ms) {
      this.comeDue({ kind: BolusKind.periodic, entry: 0, at_ms: this.periodic.next_ms, dose_ng: this.periodic.dose_ng, minutes: this.periodic.minutes });
    }
  }

  private comeDue(come: Due, jumped?: Skipped): void {
    const due = { ...come, late: this.down_ms >= 0 };
    const held = due.kind === BolusKind.timed && due.at_ms - (this.given_ms.get(due.entry) ?? -AGAIN_MS_MIN) < AGAIN_MS_MIN;
    const skip = jumped ?? (held ? Skipped.given_before : undefined);
    if (skip !== undefined) {
      this.due.push({ ...due, skip });
      return;
    }
    if (!this.now.delivering()) {
      this.due.push({ ...due, skip: Skipped.not_delivering });
      return;
    }
    if (due.kind === BolusKind.timed) this.given_ms.set(due.entry, due.at_ms);
    if (this.balance.bolus !== undefined) this.waiting.push(due);
    else this.due.push(due);
  }

  private claim(at_ms: number, kind: BolusKind, dose_ng: number, duration_ms: number): void {
    const found = [...this.due, ...this.waiting].find((each) => each.kind === kind && each.dose_ng === dose_ng && each.minutes * Unit.ms_per_minute === duration_ms && each.skip === undefined);
    if (found === undefined) this.report("over", at_ms, "a bolus that is not due, in ng", 0, dose_ng);
    else this.drop(found);
  }

  private drop(due: Due): void {
    this.due = this.due.filter((each) => each !== due);
    this.waiting = this.waiting.filter((each) => each !== due);
  }
}
