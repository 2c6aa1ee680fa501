// A titration plan: each step after the therapy of the one before it.

import { Unit } from "../../hal/units";
import type { Report } from "./alarm-watch";
import type { Balance } from "./balance";
import type { Prescribed } from "./prescription";

/** What a reset may leave uncounted, and what a power loss may: the counter is saved once it is six hours old, and in a step of zero the pump looks every six hours. */
const RESET_MS = 60_000;
const SAVE_MS = 12 * Unit.ms_per_hour;

export class PlanWatch {
  private plan: Prescribed["titration"] = [];
  private step = 0;
  private counted_ms = 0;
  private delivered_ms = 0;
  private doubt_ms = 0;

  constructor(private readonly balance: Balance, private readonly report: Report) {}

  prescribe(at_ms: number, { titration }: Prescribed): void {
    this.plan = titration;
    this.step = titration.length > 0 ? 1 : 0;
    this.counted_ms = at_ms;
    this.delivered_ms = 0;
    this.doubt_ms = 0;
  }

  /** Time up to `now_ms`, with therapy delivered or not. */
  pass(now_ms: number, delivering: boolean): void {
    if (this.step === 0 || now_ms <= this.counted_ms) return;
    if (delivering) this.delivered_ms += now_ms - this.counted_ms;
    this.counted_ms = now_ms;
  }

  /** A reset: the pump's own count may fall behind, or run on over a bridged gap. */
  doubt(power: boolean): void {
    this.doubt_ms += power ? SAVE_MS + RESET_MS : RESET_MS;
  }

  stepped(at_ms: number, step: number, permille: number): void {
    const planned = this.plan[step - 1];
    if (step !== this.step + 1 || planned?.[0] !== permille) this.report("over", at_ms, "another step of the titration plan than the next, in permille", planned?.[0] ?? 0, permille);
    const due_ms = this.due_ms;
    if (this.delivered_ms + this.doubt_ms < due_ms) this.report("over", at_ms, "a step of a titration plan before its time, delivered in ms", due_ms, this.delivered_ms);
    this.step = step;
    this.delivered_ms = 0;
    this.doubt_ms = 0;
    this.balance.accrue(at_ms);
    this.balance.rescale(permille);
  }

  check(known_ms: number, delivering: boolean): void {
    this.pass(known_ms, delivering);
    if (this.step === 0 || this.step >= this.plan.length) return;
    const late_ms = this.delivered_ms - this.due_ms - this.doubt_ms;
    if (late_ms <= Unit.ms_per_hour) return;
    this.report("under", known_ms, "a step of a titration plan that did not come, in ms after its time", 0, late_ms);
    this.step = 0;
  }

  private get due_ms(): number {
    return (this.plan[this.step - 1]?.[1] ?? 0) * Unit.ms_per_day;
  }
}
