// The naive pump: what it does from change to change, with nothing rounded.

import { ALARM, BEHIND_PULSES, DAY, EMPTY, END, FLOW_MINIMUM_RATE_NL, FLOW_MOST_NL, HOUR, LOW, PULSE_APART, STALL_ROW, STATE,
  STOPPED_LONG, STOPPED_TOO_LONG, TOLERANCE, UNITS_PER_NG } from "./figures";
import { Pot } from "./pot";
import type { Heard, Plan, Shot } from "./program";
import { Tubing } from "./tubing";
import { nextStep, nextTimed, rateAt } from "./week";

const up = (n: bigint, d: bigint): number => Number((n + d - 1n) / d);

/** A pulse that was given: its dose, for the caps; a prime's is none. */
export interface Given {
  readonly at: number;
  /** In units. */
  readonly dose: bigint;
}

export interface Bolus {
  readonly kind: number;
  readonly dose_ng: number;
  readonly began: number;
  /** ng/day it was asked for. */
  readonly rate: bigint;
  /** Not accrued yet. */
  left: bigint;
  confirmed: bigint;
  uncertain: bigint;
  /** All pulses commanded since it began, and the strongest drug between pump and tip meanwhile. */
  commanded: number;
  strongest: number;
}

interface Flight {
  readonly at: number;
  readonly number: number;
  readonly own: bigint;
  readonly bolus: Bolus | undefined;
  readonly prime: boolean;
}

/** What became of pulse number n, by the motor's own tell; the model does not move motors. */
export interface Motor {
  result(number: number): { readonly confirmed: boolean; readonly after_ms: number } | undefined;
}

export abstract class Model {
  now = 0;
  wall_offset = 0;
  heard: Heard[] = [];
  state: number = STATE.shelf;
  plan: Plan | undefined;
  pot = new Pot();
  /** Of the minimum rate: nL/day x ms. */
  volume = 0n;
  tubing = new Tubing(0);
  fill_nL = 0;
  low_nL = LOW;
  /** Since the fill, in pulses. */
  since = { confirmed: 0, uncertain: 0 };
  books = { commanded: 0, confirmed: 0, uncertain: 0 };
  given: Given[] = [];
  flight: Flight | undefined;
  last_pulse = -PULSE_APART;
  bolus: Bolus | undefined;
  waiting: { readonly kind: number; readonly entry: number; readonly shot: Shot }[] = [];
  /** When an entry was given last, by its minute. */
  entry_given = new Map<number, number>();
  patient_starts: number[] = [];
  periodic_at = Infinity;
  step = 0;
  step_ms = 0;
  prime: { left: number; volume: bigint } | undefined;
  stall: { readonly since: number } | undefined;
  row = 0;
  misses: number[] = [];
  /** Until when delivery was there: the last confirmed pulse, and a prescribed zero moves it on (DOSE-9). */
  fed = -1;
  stopped_at = -1;
  down_until = -1;
  was_power = false;
  power_lost_at = -Infinity;
  alarms = new Set<number>();
  /** Where the requirements leave it open, what the pump did: whether this was heard. */
  did: (what: string, at: number) => boolean = () => false;

  constructor(readonly pulse_pL: number, readonly tubing_nL: number, readonly motor: Motor) {}

  get wall(): number {
    return this.now + this.wall_offset;
  }

  abstract boot(): void;
  abstract endBolus(how: number): void;
  abstract dueBoluses(): void;
  abstract beginWaiting(): void;
  abstract skipWaiting(): void;
  abstract titrate(): void;

  say(what: string): void {
    this.heard.push({ at: this.now, what });
  }

  get delivering(): boolean {
    return this.down_until < 0 && (this.state === STATE.therapy || this.state === STATE.safe_minimum);
  }

  /** Whether doses, not volumes, are accrued. */
  get byDose(): boolean {
    return this.state === STATE.therapy && this.plan !== undefined && this.plan.schedules.length > 0;
  }

  get permille(): number {
    return this.plan?.titration[this.step]?.permille ?? this.plan?.titration.at(-1)?.permille ?? 1000;
  }

  /** ng/day by the schedule now. A titrated rate is a prescribed one, and those are whole: it is rounded down. */
  get scheduled(): number {
    if (!this.byDose) return 0;
    const { plan, wall, holds } = this;
    if (plan !== holds.plan || wall < holds.from || wall >= holds.until) this.holds = { plan, from: wall, until: nextStep(plan!, wall), rate: rateAt(plan!, wall) };
    return Math.floor((this.holds.rate * this.permille) / 1000);
  }

  /** The rate that was looked up last, and while it holds: looking it up is most of what a model's step takes. */
  private holds: { readonly plan: Plan | undefined; readonly from: number; readonly until: number; readonly rate: number } = { plan: undefined, from: 0, until: 0, rate: 0 };

  /** The strongest drug that the next pulse may bring to the tip. */
  get drug(): number {
    return this.tubing.next(this.pulse_pL);
  }

  /** What one pulse of it is, in the pot's units. */
  get need(): bigint {
    return BigInt(this.pulse_pL) * BigInt(this.drug) * (UNITS_PER_NG / 1_000_000n);
  }

  get volumeNeed(): bigint {
    return BigInt(this.pulse_pL) * 86_400n;
  }

  /** The bolus's rate in ng/day x 1000: as asked for, or what the greatest flow leaves of it (DOSE-6a). */
  bolusRate(bolus: Bolus): bigint {
    // The minimum rate, a four-thousandth of the greatest flow, is not taken off it.
    const basal = BigInt(this.scheduled) * 1000n;
    const most = BigInt(Math.floor((FLOW_MOST_NL * this.drug) / 1000)) * 1000n - basal;
    const asked = bolus.rate * 1000n;
    return asked < most ? asked : most;
  }

  /** Everything up to `to`, and at it. */
  advance(to: number): void {
    while (this.now < to) {
      const next = Math.min(to, this.nextChange());
      this.accrue(next - this.now);
      this.now = next;
      this.wake();
      this.motorTells();
    }
  }

  /** The next instant at which anything can happen by itself, not counting what nobody knows yet. */
  nextChange(): number {
    // Steps of the schedule count in a reset too: it is bridged.
    if (this.down_until >= 0) return Math.min(this.down_until, Math.max(this.stepAt(), this.now + 1));
    const all = [this.resultAt(), this.pulseAt(), this.bolusEndAt(), this.stepAt(), this.stoppedAt()];
    if (this.plan !== undefined) all.push(this.periodic_at, this.titrationAt());
    return Math.min(...all.map((each) => Math.max(each, this.now + 1)));
  }

  resultAt(): number {
    if (this.flight === undefined) return Infinity;
    const result = this.motor.result(this.flight.number);
    return result === undefined ? Infinity : this.flight.at + result.after_ms;
  }

  pulseAt(): number {
    if (this.flight !== undefined) return Infinity;
    let due = Infinity;
    if (this.prime !== undefined) due = this.now + up(this.volumeNeed - this.prime.volume, BigInt(FLOW_MOST_NL));
    else if (this.delivering) {
      const rate = BigInt(this.scheduled) * 1000n + (this.bolus === undefined ? 0n : this.bolusRate(this.bolus));
      const left = this.need - this.pot.total;
      if (left <= 0n) due = this.now;
      else if (rate > 0n) due = this.now + up(left, rate);
      // What was due at the minimum rate and was put off by the interval is given all the same.
      if (this.volume >= this.volumeNeed) due = this.now;
      else if (!this.byDose) due = Math.min(due, this.now + up(this.volumeNeed - this.volume, BigInt(FLOW_MINIMUM_RATE_NL)));
    }
    return Math.max(due, this.last_pulse + PULSE_APART);
  }

  bolusEndAt(): number {
    if (this.bolus === undefined || !this.delivering) return Infinity;
    const rate = this.bolusRate(this.bolus);
    return rate > 0n && this.bolus.left > 0n ? this.now + up(this.bolus.left, rate) : Infinity;
  }

  stepAt(): number {
    if (this.plan === undefined) return Infinity;
    const by = Math.min(this.plan.schedules.length > 0 ? nextStep(this.plan, this.wall) : Infinity, nextTimed(this.plan, this.wall));
    return by - this.wall_offset;
  }

  stoppedAt(): number {
    if (this.stopped_at < 0) return Infinity;
    return this.stopped_at + (this.now < this.stopped_at + STOPPED_LONG ? STOPPED_LONG : this.now < this.stopped_at + STOPPED_TOO_LONG ? STOPPED_TOO_LONG : Infinity);
  }

  titrationAt(): number {
    const step = this.plan?.titration[this.step];
    return step === undefined || !this.titrating ? Infinity : this.now + step.days * DAY - this.step_ms;
  }

  /** Whether therapy counts as really delivered. */
  get titrating(): boolean {
    return this.byDose && (this.delivering || this.bridged) && this.stall === undefined;
  }

  /** A warm reset is as if it had not been (MEM-1): what was due in it accrues. */
  get bridged(): boolean {
    return this.down_until >= 0 && !this.was_power && (this.state === STATE.therapy || this.state === STATE.safe_minimum);
  }

  accrue(ms: number): void {
    if (ms === 0) return;
    if (this.prime !== undefined) this.prime.volume += BigInt(FLOW_MOST_NL) * BigInt(ms);
    if (this.titrating && this.plan!.titration[this.step] !== undefined) this.step_ms += ms;
    if (!this.delivering && !this.bridged) return;
    if (this.byDose && this.scheduled === 0 && this.fed >= 0) this.fed += ms;
    if (!this.byDose) this.volume += BigInt(FLOW_MINIMUM_RATE_NL) * BigInt(ms);
    if (this.state === STATE.therapy) {
      let own = 0n;
      if (this.bolus !== undefined) {
        own = this.bolusRate(this.bolus) * BigInt(ms);
        if (own > this.bolus.left) own = this.bolus.left;
        this.bolus.left -= own;
      }
      this.pot.add(BigInt(this.scheduled) * 1000n * BigInt(ms), own);
    }
  }

  /** What happens by the clock at this instant, in the order of the requirements: the pulse that is due, then steps. */
  wake(): void {
    if (this.down_until === this.now) this.boot();
    if (this.down_until >= 0) return;
    this.pulse();
    this.dueBoluses();
    this.titrate();
    this.turnBoluses();
    this.behind();
    if (this.stopped_at >= 0 && this.now >= this.stopped_at + STOPPED_LONG) this.raise(ALARM.stopped_1h);
    if (this.stopped_at >= 0 && this.now >= this.stopped_at + STOPPED_TOO_LONG) this.raise(ALARM.stopped_48h);
  }

  /** A bolus that has all accrued is complete when no pulse of it is in flight; then one that waited begins. */
  turnBoluses(): void {
    if (this.bolus?.left === 0n && this.flight === undefined) this.endBolus(END.complete);
    this.beginWaiting();
  }

  pulse(): void {
    if (this.flight !== undefined || this.pulseAt() > this.now) return;
    let own = 0n;
    let prime = false;
    if (this.prime !== undefined) {
      prime = true;
      this.prime.volume -= this.volumeNeed;
      this.prime.left--;
    } else {
      const need = this.need;
      // Of both at one instant, the minimum rate's first.
      if (this.volume >= this.volumeNeed) this.volume -= this.volumeNeed;
      else own = this.pot.take(need);
      this.given.push({ at: this.now, dose: need });
      if (this.bolus !== undefined) this.bolus.commanded++;
    }
    this.books.commanded++;
    this.last_pulse = this.now;
    this.flight = { at: this.now, number: this.books.commanded, own, bolus: this.bolus, prime };
    this.say("pulse");
    if (this.prime?.left === 0) this.endPrime(END.complete);
  }

  endPrime(how: number): void {
    this.say(`prime end ${this.prime!.left} ${how}`);
    this.prime = undefined;
  }

  motorTells(): void {
    // Who is down does not hear.
    if (this.down_until >= 0 || this.flight === undefined || this.resultAt() !== this.now) return;
    const { confirmed } = this.motor.result(this.flight.number)!;
    this.settle(confirmed);
    // What a stall did not take with it may be too much by itself, at a lower rate.
    this.behind();
    this.turnBoluses();
  }

  /** The pulse in flight is confirmed or uncertain. */
  settle(confirmed: boolean): void {
    const { own, bolus, prime } = this.flight!;
    this.flight = undefined;
    this.books[confirmed ? "confirmed" : "uncertain"]++;
    this.since[confirmed ? "confirmed" : "uncertain"]++;
    if (bolus !== undefined && bolus === this.bolus) bolus[confirmed ? "confirmed" : "uncertain"] += own;
    for (const [drug, behind] of this.tubing.moved(this.pulse_pL, confirmed)) this.say(`bridge end ${drug} ${behind}`);
    if (confirmed) this.confirmed();
    else this.missed(prime);
    this.stallEnds();
    this.level();
  }

  confirmed(): void {
    this.row = 0;
    if (this.stall !== undefined) this.endStall();
    if (!this.delivering) return;
    if (this.fed >= 0 && this.now - this.fed >= TOLERANCE) this.loseTolerance();
    else this.fed = this.now;
  }

  endStall(): void {
    this.stall = undefined;
    this.row = 0;
    this.lower(ALARM.stall);
  }

  loseTolerance(): void {
    this.missed_hours = Math.floor((this.now - this.fed) / HOUR);
    this.fed = this.now;
    this.say("tolerance lost");
    this.raise(ALARM.not_delivering);
    this.reduce();
  }

  reduce(): void {
    this.endBolus(END.reduced);
    this.skipWaiting();
    this.to(STATE.safe_minimum);
  }

  /** What a clinician is shown, and has to say again. */
  missed_hours = 0;

  /** A prime's stalls like any other. */
  missed(prime: boolean): void {
    this.row++;
    this.misses.push(this.now);
    this.behind(prime);
  }

  /** MOTOR-2b: three in a row. DOSE-8's limit counts in hours: there the model takes the pump's word, and the bench's oracle judges it. */
  behind(prime = false): void {
    if (this.stall !== undefined || (!this.delivering && !prime)) return;
    const recent = this.misses.filter((at) => at > this.now - DAY - HOUR).length;
    if (this.row >= STALL_ROW || (recent >= BEHIND_PULSES && this.did(`alarm on ${ALARM.stall}`, this.now))) this.beginStall();
  }

  beginStall(): void {
    this.stall = { since: this.now };
    this.raise(ALARM.stall);
    this.stallEnds();
  }

  /** What a stall ends (MOTOR-3c): at a pulse boundary. */
  private stallEnds(): void {
    if (this.stall === undefined || this.flight !== undefined) return;
    this.endBolus(END.stalled);
    if (this.prime !== undefined) this.endPrime(END.stalled);
    this.skipWaiting();
  }

  /** FILL-2, FILL-3: low and empty, by what the books now say. */
  level(): void {
    const left = (pulses: number): bigint => BigInt(this.fill_nL) * 1000n - BigInt(pulses) * BigInt(this.pulse_pL);
    const low = left(this.since.confirmed + this.since.uncertain);
    if (this.fill_nL > 0 && low <= BigInt(this.low_nL) * 1000n) this.raise(ALARM.low);
    else this.lower(ALARM.low);
    if (low <= BigInt(EMPTY) * 1000n) this.raise(ALARM.empty);
    else if (this.state !== STATE.safe_off) this.lower(ALARM.empty);
    if (left(this.since.confirmed) > BigInt(EMPTY) * 1000n || !this.delivering) return;
    this.endBolus(END.motor_off);
    this.skipWaiting();
    this.to(STATE.safe_off);
  }

  to(state: number): void {
    if (state === this.state) return;
    this.say(`state ${this.state} ${state}`);
    this.state = state;
  }

  raise(alarm: number): void {
    if (this.alarms.has(alarm)) return;
    this.alarms.add(alarm);
    this.say(`alarm on ${alarm}`);
  }

  lower(alarm: number): void {
    if (this.alarms.delete(alarm)) this.say(`alarm off ${alarm}`);
  }
}
