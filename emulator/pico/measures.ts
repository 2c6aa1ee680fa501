// What is measured of an image as it runs: cycles, heap, tones.

/** Nanoseconds of the chip that an entry took, from its report to that of its deadline. */
export interface EntryTime {
  readonly kind: number;
  readonly at_ms: number;
  readonly took_ns: number;
}

export interface ToneHeard {
  readonly at_ms: number;
  readonly frequency_hz: number;
}

/** Keeps the last so many of each. */
const KEPT_MAX = 100_000;
/** The kind of the entry boot. */
const BOOT = 0;

/** Not part of any digest. */
export class Measures {
  readonly entries: EntryTime[] = [];
  /** Changes of the sounder's frequency; 0 is silence. */
  readonly tones: ToneHeard[] = [];
  /** Bytes of the heap, as the image tells: after the last boot, the most ever, and the region's size. */
  readonly heap = { after_boot: 0, high_water: 0, region: 0 };
  /** How long each collection took. */
  readonly collections_ns: number[] = [];
  /** From the last power-on or reset to the end of the entry boot, in which the first pulse may be commanded. */
  boot_ns = 0;
  private up_ns = 0;
  private collecting_ns = 0;
  private begun_ns = 0;
  private kind = 0;
  private at_ms = 0;

  /** The chip came up. */
  cameUp(now_ns: number): void {
    this.up_ns = now_ns;
  }

  began(kind: number, at_ms: number, now_ns: number): void {
    this.kind = kind;
    this.at_ms = at_ms;
    this.begun_ns = now_ns;
  }

  ended(now_ns: number): void {
    if (this.kind === BOOT) this.boot_ns = now_ns - this.up_ns;
    if (this.entries.length === KEPT_MAX) this.entries.shift();
    this.entries.push({ kind: this.kind, at_ms: this.at_ms, took_ns: now_ns - this.begun_ns });
  }

  tone(frequency_hz: number, at_ms: number): void {
    if ((this.tones.at(-1)?.frequency_hz ?? 0) === frequency_hz) return;
    if (this.tones.length === KEPT_MAX) this.tones.shift();
    this.tones.push({ at_ms, frequency_hz });
  }

  heapTold(used: number, high_water: number, region: number): void {
    Object.assign(this.heap, { after_boot: used, high_water: Math.max(this.heap.high_water, high_water), region });
  }

  collecting(now_ns: number): void {
    this.collecting_ns = now_ns;
  }

  collected(high_water: number, now_ns: number): void {
    if (this.collections_ns.length === KEPT_MAX) this.collections_ns.shift();
    this.collections_ns.push(now_ns - this.collecting_ns);
    this.heap.high_water = Math.max(this.heap.high_water, high_water);
  }
}
