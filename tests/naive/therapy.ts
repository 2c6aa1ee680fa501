// The naive pump's boluses, titration, and what a reset leaves of them.

import { ALARM, BOOT, END, KIND, MINUTE, SAME_ENTRY, SKIPPED, STATE, UNITS_PER_NG } from "./figures";
import { Model, type Bolus } from "./model";
import type { Shot } from "./program";

/** Minute of a periodic bolus, which has none. */
const PERIODIC = 0;
const DAY_MS = 86_400_000;
const RESETS = 3;
const RESETS_IN = 10 * MINUTE;

export abstract class Therapy extends Model {
  /** A bolus is asked for so long, and lasts by a whole rate: its last ms takes what is left. */
  beginBolus(kind: number, { dose_ng, minutes }: Shot): void {
    const ms = BigInt(minutes * MINUTE);
    const rate = (BigInt(dose_ng) * BigInt(DAY_MS) + ms - 1n) / ms;
    this.bolus = { kind, dose_ng, began: this.now, rate, left: BigInt(dose_ng) * UNITS_PER_NG, confirmed: 0n, uncertain: 0n, commanded: 0, strongest: Math.max(...this.tubing.drugs) };
    this.say(`bolus begin ${kind} ${dose_ng} ${Number(ms)}`);
    if (kind === KIND.patient) this.patient_starts.push(this.now);
  }

  endBolus(how: number): void {
    const { bolus } = this;
    if (bolus === undefined) return;
    this.bolus = undefined;
    if (how === END.complete) this.pot.disown();
    else this.pot.dropOwn();
    this.tellBolus(bolus, how, bolus.confirmed, bolus.uncertain);
  }

  tellBolus({ kind, dose_ng }: Bolus, how: number, confirmed: bigint, uncertain: bigint): void {
    const sure = confirmed / UNITS_PER_NG;
    const unsure = uncertain / UNITS_PER_NG;
    this.say(`bolus end ${kind} ${how} ${dose_ng}`);
    this.say(`bolus sum ${sure} ${unsure} ${BigInt(dose_ng) - sure - unsure}`);
  }

  /** Timed boluses whose minute has come, and the periodic one. */
  dueBoluses(): void {
    if (this.plan === undefined) return;
    const { timed, periodic } = this.plan;
    for (const entry of timed) if (this.wall % DAY_MS === entry.minute * MINUTE) this.due(KIND.timed, timed.indexOf(entry), entry);
    if (this.now === this.periodic_at && periodic !== undefined) {
      this.periodic_at += periodic.every_min * MINUTE;
      this.due(KIND.periodic, PERIODIC, periodic);
    }
  }

  /** One has come. It begins, waits, or is skipped with its reason. */
  due(kind: number, entry: number, shot: Shot): void {
    if (this.state === STATE.shelf) return;
    const minute = kind === KIND.timed ? this.plan!.timed[entry]!.minute : PERIODIC;
    const given = this.entry_given.get(minute);
    if (!this.byDose || !this.delivering || this.stall !== undefined) this.skip(kind, entry, SKIPPED.not_delivering);
    else if (kind === KIND.timed && given !== undefined && this.now - given < SAME_ENTRY) this.skip(kind, entry, SKIPPED.before);
    else this.dueNow(kind, entry, shot);
  }

  /** Given by the instant it is due: a bolus that waited does not cost the next day's. */
  private dueNow(kind: number, entry: number, shot: Shot): void {
    if (kind === KIND.timed) this.entry_given.set(this.plan!.timed[entry]!.minute, this.now);
    if (this.waiting.some((each) => each.kind === kind && each.entry === entry)) this.skip(kind, entry, SKIPPED.replaced);
    else this.waiting.push({ kind, entry, shot });
  }

  skip(kind: number, entry: number, why: number): void {
    this.say(`bolus skipped ${kind} ${entry} ${why}`);
  }

  skipWaiting(why: number = SKIPPED.not_delivering): void {
    for (const { kind, entry } of this.waiting) this.skip(kind, entry, why);
    this.waiting = [];
  }

  beginWaiting(): void {
    if (this.bolus !== undefined || this.waiting.length === 0) return;
    // Which of several that wait is first no requirement says: by their number, the periodic one last.
    this.waiting.sort((a, b) => (a.kind === b.kind ? a.entry - b.entry : a.kind - b.kind));
    const { kind, shot } = this.waiting.shift()!;
    this.beginBolus(kind, shot);
  }

  /** DOSE-3: a step is over when so many days were delivered; after the last its rate stays. */
  titrate(): void {
    const step = this.plan?.titration[this.step];
    if (step === undefined || this.step_ms < step.days * DAY_MS) return;
    this.step++;
    this.step_ms = 0;
    const next = this.plan!.titration[this.step];
    if (next === undefined) this.raise(ALARM.titration);
    else {
      this.say(`titration ${this.step + 1} ${next.permille}`);
      this.stepped(next.permille);
    }
  }

  abstract stepped(permille: number): void;

  /** A warm reset, or a loss of power, now. */
  goDown(power: boolean, off_ms: number): void {
    this.was_power = power;
    this.down_since = this.now;
    this.down_until = this.now + off_ms + BOOT;
    if (this.prime !== undefined) this.endPrimeLater();
  }

  private down_since = 0;
  abstract endPrimeLater(): void;

  boot(): void {
    const power = this.was_power;
    this.down_until = -1;
    const { flight, bolus } = this;
    this.flight = undefined;
    if (flight !== undefined) this.settleLost(flight.own, flight.bolus);
    if (power) this.powerLost();
    if (bolus !== undefined) {
      const dose = BigInt(bolus.dose_ng) * UNITS_PER_NG;
      this.bolus = undefined;
      if (power) {
        const pL_conc = BigInt(bolus.commanded) * BigInt(this.pulse_pL) * BigInt(bolus.strongest);
        const whole = ((pL_conc + 999_999n) / 1_000_000n) * UNITS_PER_NG;
        const most = whole > dose ? dose : whole;
        this.tellBolus(bolus, END.reset, 0n, most);
      } else {
        this.pot.dropOwn();
        this.tellBolus(bolus, END.reset, bolus.confirmed, bolus.uncertain);
      }
    }
    // One whose result was lost is not confirmed either: three in a row are a stall.
    this.behind(flight?.prime);
    if (!power) this.resetsAgain();
    this.skipWaiting(power ? SKIPPED.away : SKIPPED.not_delivering);
    if (power) this.skipAway(this.down_since);
    else this.lateBoluses(this.down_since);
  }

  /** The result of a pulse in flight never came: it is uncertain. */
  settleLost(own: bigint, bolus: Bolus | undefined): void {
    this.books.uncertain++;
    this.since.uncertain++;
    this.tubing.moved(this.pulse_pL, false);
    if (bolus !== undefined && bolus === this.bolus) bolus.uncertain += own;
    this.row++;
    this.misses.push(this.now);
    this.level();
  }

  /** Running values are gone: fractions, what waited, and what was given in the last day (LIMIT-2e). */
  powerLost(): void {
    this.pot.clear();
    this.volume = 0n;
    this.waiting = [];
    this.power_lost_at = this.now;
  }

  /** Three resets of the program in ten minutes lead to the minimum rate (STATE-3b). */
  resetsAgain(): void {
    this.resets = [...this.resets.filter((at) => at > this.now - RESETS_IN), this.now];
    if (this.resets.length >= RESETS && this.state === STATE.therapy) this.reduce();
  }

  private resets: number[] = [];

  /** After a warm reset: what came due in it is late by that. */
  private lateBoluses(since: number): void {
    const { timed, periodic } = this.plan ?? { timed: [] };
    const wall = since + this.wall_offset;
    // The instant of the boot itself is seen as any other.
    timed.forEach((entry, i) => { if ((entry.minute * MINUTE - (wall % DAY_MS) + DAY_MS - 1) % DAY_MS + 1 < this.now - since) this.due(KIND.timed, i, entry); });
    if (periodic === undefined || this.periodic_at >= this.now) return;
    this.periodic_at += periodic.every_min * MINUTE;
    this.due(KIND.periodic, PERIODIC, periodic);
  }

  /** Boluses whose time came while there was no program to see it: each once. */
  skipAway(since: number): void {
    const { timed, periodic } = this.plan ?? { timed: [] };
    const wall = since + this.wall_offset;
    const told = this.state === STATE.therapy;
    timed.forEach(({ minute }, i) => { if (told && (minute * MINUTE - (wall % DAY_MS) + DAY_MS - 1) % DAY_MS + 1 <= this.now - since) this.skip(KIND.timed, i, SKIPPED.away); });
    if (periodic === undefined || this.periodic_at > this.now) return;
    while (this.periodic_at <= this.now) this.periodic_at += periodic.every_min * MINUTE;
    if (told) this.skip(KIND.periodic, PERIODIC, SKIPPED.away);
  }
}
