// After 48 h without delivery the full rate must not come back by itself.

import { Unit } from "../../hal/units";
import type { Report } from "./alarm-watch";
import type { Balance } from "./balance";

const LOST_MS = 48 * Unit.ms_per_hour;
/** A power loss leaves the pump without the instant of its last pulse, by up to so much. */
const SAVE_MS = 6 * Unit.ms_per_hour;

/** DOSE-9. Steps of zero are no loss, so a prescription that has one is not judged here. */
export class ToleranceWatch {
  private fed_ms = -1;
  private back_ms = -1;
  private doubt_ms = 0;
  private zeros = false;
  /** How long delivery had been missing at the last confirmed pulse, and by how much that is doubtful: the alarm comes at the same instant, and after it. */
  private missing_ms = 0;
  private missing_doubt_ms = 0;

  constructor(private readonly balance: Balance, private readonly report: Report) {}

  /** Therapy begins for the first time: from here on delivery can be missing. */
  started(at_ms: number): void {
    if (this.fed_ms < 0) this.fed_ms = at_ms;
  }

  confirmed(at_ms: number): void {
    this.missing_ms = this.fed_ms < 0 ? 0 : at_ms - this.fed_ms;
    this.missing_doubt_ms = this.doubt_ms;
    if (this.missing_ms >= LOST_MS && this.balance.always_gives && !this.zeros && this.doubt_ms === 0) this.back_ms = at_ms;
    this.zeros = false;
    this.fed_ms = at_ms;
    this.doubt_ms = 0;
  }

  /** Another prescription: what steps of zero of the one before have taken off is not followed. */
  changes(): void {
    if (!this.balance.always_gives) this.zeros = true;
  }

  powerLost(): void {
    this.doubt_ms = SAVE_MS;
    this.back_ms = -1;
  }

  /** The alarm that says so came on. */
  told(at_ms: number): void {
    this.back_ms = -1;
    const now = at_ms === this.fed_ms;
    const missing_ms = now ? this.missing_ms : at_ms - this.fed_ms;
    const most_ms = missing_ms + (now ? this.missing_doubt_ms : this.doubt_ms);
    if (this.fed_ms < 0 || most_ms < LOST_MS) this.report("under", at_ms, "the minimum rate for want of delivery, without 48 h of it, in ms", LOST_MS, missing_ms);
    // From here on it is for a clinician to give the full rate back, also before the next pulse.
    this.fed_ms = at_ms;
    this.doubt_ms = 0;
  }

  settle(now_ms: number, at_minimum: boolean): void {
    if (this.back_ms < 0 || now_ms <= this.back_ms) return;
    // Stopped at the same boundary it has no rate at all.
    if (!at_minimum && this.balance.on) this.report("over", this.back_ms, "the full rate after 48 h without delivery, in ms", LOST_MS, now_ms - this.back_ms);
    this.back_ms = -1;
  }
}
