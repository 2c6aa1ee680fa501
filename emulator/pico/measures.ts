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

/** Not part of any digest. */
export class Measures {
  readonly entries: EntryTime[] = [];
  /** Changes of the sounder's frequency; 0 is silence. */
  readonly tones: ToneHeard[] = [];
  /** Bytes of the heap, as the image tells: after the last boot, the most ever, and the region's size. */
  readonly heap = { after_boot: 0, high_water: 0, region: 0 };
  /** How often the collector ran. */
  collections = 0;
  /** Chip time of power-on or reset, and of the entry boot after it. */
  boot_ns = 0;
  private begun_ns = 0;
  private kind = 0;
  private at_ms = 0;

  began(kind: number, at_ms: number, now_ns: number): void {
    this.kind = kind;
    this.at_ms = at_ms;
    this.begun_ns = now_ns;
  }

  ended(now_ns: number): void {
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

  collected(high_water: number): void {
    this.collections++;
    this.heap.high_water = Math.max(this.heap.high_water, high_water);
  }
}
