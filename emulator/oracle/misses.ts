// Unconfirmed pulses over the last 24 h, for DOSE-8.

import { Unit } from "../../hal/units";

const BUCKET_MS = 5 * Unit.ms_per_minute;
/** Buckets that lie wholly inside 24 h whatever the phase: an old pulse is dropped early, never late. */
const BUCKETS = 288;

/**
 * As commands keep to the schedule (the balance sees to that), delivery is behind by the attempts that were
 * not confirmed, plus less than one pulse of fraction.
 */
export class Misses {
  private readonly counts = new Int32Array(BUCKETS);
  private bucket = 0;
  /** Unconfirmed within the window, stalls that ended not counted. */
  total = 0;
  /** Unconfirmed ever, less those that a stall's end has claimed: no other pulse can be claimed. */
  unclaimed = 0;

  /** The window's end moves to `at_ms`. */
  moveTo(at_ms: number): void {
    const bucket = Math.floor(at_ms / BUCKET_MS);
    if (bucket <= this.bucket) return;
    if (this.total === 0) {
      this.bucket = bucket;
      return;
    }
    const stale = Math.min(BUCKETS, bucket - this.bucket);
    for (let n = 1; n <= stale; n++) {
      const slot = (this.bucket + n) % BUCKETS;
      this.total -= this.counts[slot]!;
      this.counts[slot] = 0;
    }
    this.bucket = bucket;
  }

  add(at_ms: number): void {
    this.moveTo(at_ms);
    const slot = this.bucket % BUCKETS;
    this.counts[slot] = this.counts[slot]! + 1;
    this.total++;
    this.unclaimed++;
  }

  /**
   * A stall of `count` pulses ended: they no longer count. A stall by DOSE-8's limit also claims scattered ones from
   * before an earlier stall. Returns how many there were to claim.
   */
  forgive(count: number): number {
    const known = Math.min(count, this.unclaimed);
    let rest = known;
    for (let n = 0; n < BUCKETS && rest > 0; n++) {
      const slot = (((this.bucket - n) % BUCKETS) + BUCKETS) % BUCKETS;
      const part = Math.min(rest, this.counts[slot]!);
      this.counts[slot] = this.counts[slot]! - part;
      this.total -= part;
      rest -= part;
    }
    this.unclaimed -= known;
    return known;
  }
}
