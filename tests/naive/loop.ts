// The same pump, plainer still: it looks at every millisecond.

import { CATHETER_PER_CM, DAY, FLOW_MINIMUM_RATE_NL, MINUTE, PULSE_APART, STATE, STOPPED_LONG, STOPPED_TOO_LONG, TUBING } from "./figures";
import { prepared, type MakeModel } from "./compare";
import { Naive } from "./operations";

/**
 * Computes no due time: each millisecond is accrued by itself, and then the thresholds are looked at. While a pulse is in flight, a prime runs or the program is
 * down, everything is asked for at each; else what a millisecond adds is the same until the next threshold or whole minute, and plain numbers will do: each is a multiple of
 * 8 and below 2^56, so nothing is rounded.
 */
export class EveryMillisecond extends Naive {
  override advance(to: number): void {
    while (this.now < to) {
      if (this.down_until >= 0 || this.flight !== undefined || this.prime !== undefined) {
        this.accrue(1);
        this.now++;
      } else this.count(to);
      this.wake();
      this.motorTells();
    }
  }

  override pulseAt(): number {
    if (this.flight !== undefined || this.now < this.last_pulse + PULSE_APART) return Infinity;
    const due = this.prime !== undefined ? this.prime.volume >= this.volumeNeed : this.delivering && (this.pot.total >= this.need || this.volume >= this.volumeNeed);
    return due ? this.now : Infinity;
  }

  /** Millisecond after millisecond until something may happen. */
  private count(to: number): void {
    const { bolus, delivering } = this;
    const accrues = this.state === STATE.therapy && delivering;
    const basal = accrues ? this.scheduled * 1000 : 0;
    const paused = delivering && this.byDose && this.scheduled === 0 && this.fed >= 0;
    const step = this.titrating ? this.plan!.titration[this.step] : undefined;
    const step_end = step === undefined ? Infinity : step.days * DAY;
    const rate = bolus === undefined || !accrues ? 0 : Number(this.bolusRate(bolus));
    const flow = delivering && !this.byDose ? FLOW_MINIMUM_RATE_NL : 0;
    const need = delivering ? Number(this.need) : Infinity;
    const volume_need = delivering ? Number(this.volumeNeed) : Infinity;
    const free = this.last_pulse + PULSE_APART;
    const [long, too_long] = this.stopped_at < 0 ? [Infinity, Infinity] : [this.stopped_at + STOPPED_LONG, this.stopped_at + STOPPED_TOO_LONG];
    let left = bolus === undefined ? 0 : Number(bolus.left);
    let [total, own, volume, step_ms, now] = [Number(this.pot.total), Number(this.pot.own), Number(this.volume), this.step_ms, this.now];
    let until_minute = MINUTE - (this.wall % MINUTE);
    let wait = Math.max(0, free - now);
    const { periodic_at } = this;
    for (;;) {
      now++;
      wait--;
      volume += flow;
      total += basal;
      let ends = false;
      if (left > 0) {
        const part = rate < left ? rate : left;
        left -= part;
        own += part;
        total += part;
        ends = left === 0;
      }
      if (step !== undefined) step_ms++;
      until_minute--;
      if (ends || until_minute === 0 || step_ms === step_end || (wait <= 0 && (total >= need || volume >= volume_need)) || now >= to || now === periodic_at || now === long || now === too_long) break;
    }
    if (paused) this.fed += now - this.now;
    if (bolus !== undefined) bolus.left = BigInt(left);
    this.pot.total = BigInt(total);
    this.pot.own = BigInt(own);
    this.volume = BigInt(volume);
    this.step_ms = step_ms;
    this.now = now;
  }
}

export const loopModel: MakeModel = ({ pulse_pL, catheter_cm, previous_ng }, pump) =>
  prepared(new EveryMillisecond(pulse_pL, TUBING + CATHETER_PER_CM * catheter_cm, { result: (n) => pump.results.get(n) }), previous_ng);
