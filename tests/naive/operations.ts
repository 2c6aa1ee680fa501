// The naive pump's operations: what each asks for, and every reason against it.

import { ALARM, BOLUS_HARD, BOLUS_SOFT, DAY, DISCREPANCY, DISCREPANCY_PERMILLE, EMPTY, END, JUMP_GIVEN, KIND, MINUTE, MINUTES_OF_DAY, SKIPPED, STATE, TOLERANCE, WHY } from "./figures";
import { WINDOWS, capOf, mostWith } from "./forecast";
import { fillReasons, mixed, planReasons, type Accepted } from "./limits";
import type { Act, Fill, Plan, Shot } from "./program";
import { Therapy } from "./therapy";
import { dailyDose } from "./week";

/** What the pump answered: 0 is accepted. */
export interface Verdict {
  /** One of these must be the answer; empty for accepted. */
  readonly must: ReadonlySet<number>;
  /** These may be, where the model cannot know. */
  readonly may: ReadonlySet<number>;
}

const verdict = (must: Iterable<number> = [], may: Iterable<number> = []): Verdict => ({ must: new Set(must), may: new Set(may) });

export class Naive extends Therapy {
  accepted: Accepted[] = [];
  previous_ng = 0;
  private prime_lost = false;

  /** Whether an operation waits for the pulse in flight, once it is found to be right. */
  static waits(act: Act): boolean {
    return ["prescribe", "refill", "start", "stop", "bolus", "patient", "cancel", "prime", "low"].includes(act.do);
  }

  endPrimeLater(): void {
    this.prime_lost = true;
  }

  override boot(): void {
    if (this.prime_lost) this.endPrime(END.reset);
    this.prime_lost = false;
    super.boot();
  }

  /** Every reason against it, at this instant. */
  judge(act: Act): Verdict {
    if (act.do === "prescribe") return this.judgePlan(act.plan);
    // Without a prescription and with nothing pushed into tubing and catheter, another drug needs no decision (FILL-7e).
    if (act.do === "refill") return verdict([...(this.prime === undefined ? [] : [WHY.active]), ...this.plan === undefined && this.books.commanded === 0 ? fillReasons(act.fill, [], "no") : fillReasons(act.fill, this.tubing.drugs, "no")]);
    if (act.do === "start") return this.judgeStart(act.missed_h);
    if (act.do === "stop") return verdict([STATE.therapy, STATE.safe_minimum, STATE.safe_off].includes(this.state as 1 | 3 | 4) ? [] : [WHY.state]);
    if (act.do === "bolus") return this.judgeBolus(act.dose_ng, act.minutes, act.confirm);
    if (act.do === "patient") return this.judgePatient();
    if (act.do === "cancel" && (this.state === STATE.safe_minimum || this.state === STATE.safe_off)) return verdict([WHY.state]);
    if (act.do === "cancel") return verdict((act.what === "bolus" ? this.bolus : this.prime) === undefined ? [WHY.not_active] : []);
    if (act.do === "prime") return this.judgePrime(act.nL);
    return verdict();
  }

  private judgePrime(nL: number): Verdict {
    const reasons: number[] = [];
    if (this.state !== STATE.shelf && this.state !== STATE.stopped) reasons.push(WHY.state);
    if (nL > this.tubing_nL || nL * 1000 < this.pulse_pL) reasons.push(WHY.prime_volume);
    if (this.prime !== undefined) reasons.push(WHY.active);
    const left = BigInt(this.fill_nL) * 1000n - BigInt(this.since.confirmed) * BigInt(this.pulse_pL);
    if (left - BigInt(nL) * 1000n < BigInt(EMPTY) * 1000n) reasons.push(WHY.empty);
    return verdict(reasons);
  }

  private judgePlan(plan: Plan): Verdict {
    const { refill } = plan;
    const drugs = [...this.tubing.drugs];
    const reasons = new Set<number>(refill === undefined ? [] : fillReasons(refill, drugs, refill.bridge));
    if (refill !== undefined) {
      const now = mixed(refill, this.tubing.last);
      if (refill.bridge === "cleared") drugs.splice(0, drugs.length, now);
      else drugs.push(now);
    }
    if (this.prime !== undefined) reasons.add(WHY.active);
    if (this.state === STATE.safe_off && refill === undefined && this.empty) reasons.add(WHY.empty);
    const { must, may } = planReasons(plan, { now: this.now, accepted: this.accepted, previous_ng: this.previous_ng, drugs });
    for (const each of must) reasons.add(each);
    return verdict(reasons, may);
  }

  private get empty(): boolean {
    return BigInt(this.fill_nL) * 1000n - BigInt(this.since.confirmed) * BigInt(this.pulse_pL) <= 500_000_000n;
  }

  private judgeStart(missed_h: number): Verdict {
    const reasons: number[] = [];
    if (this.state === STATE.therapy) reasons.push(WHY.state);
    if (this.plan === undefined) reasons.push(WHY.no_prescription);
    if (this.prime !== undefined) reasons.push(WHY.active);
    if (this.empty) reasons.push(WHY.empty);
    if (this.held && missed_h !== this.missed_hours) reasons.push(WHY.full_rate);
    return verdict(reasons);
  }

  private bolusState(): number[] {
    if (this.state !== STATE.therapy) return [WHY.state];
    const reasons: number[] = [];
    if (this.bolus !== undefined || this.waiting.length > 0) reasons.push(WHY.active);
    if (!this.byDose || this.stall !== undefined) reasons.push(WHY.not_possible);
    return reasons;
  }

  /** LIMIT-2e: a day after power was lost, and the bucket that it was lost in. LIMIT-2d: a cap refuses what would pass it, and nothing else. */
  private capReasons(shot: Shot | undefined): Verdict {
    const ago = this.now - this.power_lost_at;
    if (ago < DAY) return verdict([WHY.history]);
    const may: number[] = ago < DAY + 10 * MINUTE ? [WHY.history] : [];
    // What nobody may give needs no forecast.
    if (shot === undefined || !this.byDose || shot.minutes < 1 || shot.minutes > MINUTES_OF_DAY) return verdict([], may);
    for (const window of WINDOWS) if (mostWith(this, shot, window) > capOf(this.plan!, window.minutes, this.daily)) may.push(window.why);
    return verdict([], may);
  }

  private judgeBolus(dose: number, minutes: number, confirm: boolean): Verdict {
    const reasons = this.bolusState();
    if (dose === 0 || minutes < 1 || minutes > 1440) reasons.push(WHY.bolus_range);
    if (dose > BOLUS_HARD) reasons.push(WHY.bolus_hard);
    else if (dose > BOLUS_SOFT && !confirm) reasons.push(WHY.confirm);
    const { must, may } = this.capReasons(reasons.length > 0 ? undefined : { dose_ng: dose, minutes });
    return verdict([...reasons, ...must], may);
  }

  private judgePatient(): Verdict {
    const reasons = this.bolusState();
    const patient = this.plan?.patient;
    const last = this.patient_starts.at(-1);
    if (patient === undefined) reasons.push(WHY.patient_off);
    else {
      if (last !== undefined && this.now - last < patient.lockout_min * MINUTE) reasons.push(WHY.lockout);
      if (this.patient_starts.filter((at) => at > this.now - DAY).length >= patient.most) reasons.push(WHY.patient_count);
    }
    const { must, may } = this.capReasons(reasons.length > 0 ? undefined : patient);
    return verdict([...reasons, ...must], may);
  }

  /** It was accepted, and takes effect now. */
  perform(act: Act): void {
    if (act.do === "prescribe") this.commit(act.plan);
    else if (act.do === "refill") this.refill(act.fill);
    else if (act.do === "start") this.start();
    else if (act.do === "stop") this.stop();
    else if (act.do === "bolus") this.beginBolus(KIND.clinician, act);
    else if (act.do === "patient") this.beginBolus(KIND.patient, this.plan!.patient!);
    else if (act.do === "cancel") {
      if (act.what === "bolus") this.endBolus(END.cancelled);
      else this.endPrime(END.cancelled);
      this.beginWaiting();
    } else if (act.do === "prime") {
      this.prime = { left: Math.ceil((act.nL * 1000) / this.pulse_pL), volume: 0n };
      this.say(`prime begin ${act.nL}`);
    } else if (act.do === "clock") this.setClock(act.by_ms);
    else if (act.do === "low") {
      this.low_nL = act.nL;
      this.level();
    }
    if (act.do === "start" || act.do === "stop" || act.do === "prescribe") this.level();
    this.behind();
    // What weighs less than before may be due at once.
    this.pulse();
  }

  /** The daily dose in force. */
  get daily(): bigint {
    return this.accepted.at(-1)!.dose;
  }

  private acceptDaily(plan: Plan, permille: number): void {
    const before = this.accepted.at(-1);
    if (before !== undefined) before.until = this.now;
    this.accepted.push({ dose: dailyDose(plan, permille), plan, until: Infinity });
  }

  /** A step of a plan is another daily dose in force (LIMIT-3, LIMIT-2a). */
  override stepped(permille: number): void {
    this.acceptDaily(this.plan!, permille);
  }

  private commit(plan: Plan): void {
    const { refill } = plan;
    if (refill !== undefined) this.refill(refill, refill.bridge);
    // The minimum rate is no daily dose: what was in force before it still is what a change is measured by.
    if (plan.schedules.length > 0) this.acceptDaily(plan, plan.titration[0]?.permille ?? 1000);
    const same_grid = this.plan?.periodic?.every_min === plan.periodic?.every_min;
    this.skipWaiting(SKIPPED.replaced);
    this.entry_given = new Map([...this.entry_given].filter(([minute]) => plan.timed.some((each) => each.minute === minute)));
    this.plan = plan;
    this.step = 0;
    this.step_ms = 0;
    this.lower(ALARM.titration);
    if (!same_grid) this.armPeriodic();
    if (this.state === STATE.safe_off && !this.stillLost()) this.begin();
    else if (this.state === STATE.safe_minimum && !this.held) this.begin();
  }

  private armPeriodic(): void {
    const periodic = this.plan?.periodic;
    this.periodic_at = periodic === undefined || this.state === STATE.shelf ? Infinity : this.now + periodic.every_min * MINUTE;
  }

  private refill(fill: Fill, change: "no" | "yes" | "cleared" = "no"): void {
    const first = this.tubing.last === 0;
    const before = this.tubing.last;
    const now = mixed(fill, before);
    const residual = this.fill_nL * 1000 - this.since.confirmed * this.pulse_pL;
    const off = Math.abs(fill.aspirated_nL * 1000 - residual);
    const delivered = this.since.confirmed * this.pulse_pL;
    this.fill_nL = fill.volume_nL;
    this.since = { confirmed: 0, uncertain: 0 };
    if (first || change === "cleared") this.tubing.cleared(now);
    else if (now !== before && change === "yes") {
      const at_tip = this.tubing.tip;
      this.tubing.change(now, this.tubing_nL);
      this.say(`bridge begin ${at_tip} ${now} ${this.tubing_nL}`);
    } else if (now !== before) this.tubing.cleared(now);
    if (this.bolus !== undefined) this.bolus.strongest = Math.max(this.bolus.strongest, now);
    this.lower(ALARM.discrepancy);
    const flagged = !first && (off > DISCREPANCY * 1000 || off * 1000 > delivered * DISCREPANCY_PERMILLE);
    if (flagged) this.raise(ALARM.discrepancy);
    this.level();
  }

  private start(): void {
    this.stopped_at = -1;
    this.lower(ALARM.stopped_48h);
    this.lower(ALARM.stopped_1h);
    if (this.state === STATE.shelf) this.fed = Math.max(1, this.now);
    if (!this.held && this.stillLost()) return;
    this.begin();
  }

  private begin(): void {
    const was_off = !this.delivering;
    this.lower(ALARM.not_delivering);
    this.to(STATE.therapy);
    if (was_off) this.armPeriodic();
  }

  /** DOSE-9: the full rate does not come back by itself. */
  private stillLost(): boolean {
    const was_off = !this.delivering;
    const lost = this.loseOrStayLost();
    if (lost && was_off) this.armPeriodic();
    return lost;
  }

  private loseOrStayLost(): boolean {
    if (this.fed >= 0 && this.now - this.fed >= TOLERANCE) this.loseTolerance();
    else if (this.alarms.has(ALARM.not_delivering)) this.reduce();
    else return false;
    return true;
  }

  private get held(): boolean {
    return this.state === STATE.safe_minimum && this.alarms.has(ALARM.not_delivering);
  }

  private stop(): void {
    this.endBolus(END.stopped);
    this.skipWaiting();
    // A stop also ends what might have become a stall.
    if (this.stall !== undefined) this.endStall();
    this.row = 0;
    this.stopped_at = this.now;
    this.to(STATE.stopped);
  }

  /** DOSE-5: what the clock jumps over. */
  private setClock(by: number): void {
    const old = this.wall;
    this.wall_offset += by;
    if (this.plan === undefined || by <= 0 || this.state !== STATE.therapy) return;
    const passed = this.plan.timed.map((entry, i) => ({ entry, i, ahead: (((entry.minute * MINUTE - (old % DAY)) % DAY) + DAY - 1) % DAY + 1 })).filter(({ ahead }) => ahead <= by);
    for (const { entry, i } of passed) {
      // What is due at the very instant that is set has not been jumped over.
      if (by > JUMP_GIVEN && this.wall % DAY !== entry.minute * MINUTE) this.skip(KIND.timed, i, SKIPPED.jump);
      else this.due(KIND.timed, i, entry);
    }
    this.beginWaiting();
  }
}
