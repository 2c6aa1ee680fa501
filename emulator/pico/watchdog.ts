// The watchdog, its scratch registers, and the tick of the timer.

import { BasePeripheral, type RP2040 } from "rp2040js";
import type { ChipAlarm, Clock } from "./clock";

const enum At { control = 0x00, load = 0x04, reason = 0x08, scratch_0 = 0x0c, scratch_7 = 0x28, tick = 0x2c }
const TRIGGER = 0x8000_0000;
const ENABLE = 0x4000_0000;
const LOAD_MAX = 0xff_ffff;
/** Erratum RP2040-E1: the count goes down by two each microsecond. */
const COUNTS_PER_US = 2;
const TICK_ENABLE = 1 << 9;
const TICK_RUNNING = 1 << 10;
/** Cycles of the 12 MHz crystal in a microsecond. */
const TICK_CYCLES = 12;

/** Why the watchdog reset the chip: bits of REASON. */
export const enum BiteReason { none = 0, timer = 1, forced = 2 }

/** What of it outlives a reset of its own. */
export interface WatchdogKept {
  readonly reason: BiteReason;
  readonly scratch: Uint32Array;
}

export interface WatchdogEvents {
  /** It bites, or is made to. */
  readonly bite: (reason: BiteReason) => void;
  /** A scratch register was written. */
  readonly scratch: (index: number, value: number) => void;
}

export class ChipWatchdog extends BasePeripheral {
  readonly scratch: Uint32Array;
  private enabled = false;
  private ticking = false;
  private loaded = 0;
  private readonly alarm: ChipAlarm;

  constructor(chip: RP2040, private readonly clock: Clock, private readonly kept: WatchdogKept, private readonly events: WatchdogEvents) {
    super(chip, "WATCHDOG");
    this.scratch = kept.scratch.slice();
    this.alarm = clock.createAlarm(() => {
      this.enabled = false;
      events.bite(BiteReason.timer);
    });
  }

  override readUint32(offset: number): number {
    if (offset >= At.scratch_0 && offset <= At.scratch_7) return this.scratch[(offset - At.scratch_0) / 4]!;
    switch (offset) {
      case At.control: return ((this.enabled ? ENABLE : 0) | this.left()) >>> 0;
      case At.reason: return this.kept.reason;
      case At.tick: return this.ticking ? TICK_RUNNING | TICK_ENABLE | TICK_CYCLES : 0;
      default: return super.readUint32(offset);
    }
  }

  override writeUint32(offset: number, value: number): void {
    if (offset >= At.scratch_0 && offset <= At.scratch_7) {
      const index = (offset - At.scratch_0) / 4;
      this.scratch[index] = value;
      this.events.scratch(index, value >>> 0);
      return;
    }
    switch (offset) {
      case At.control: this.control(value); break;
      case At.load:
        this.loaded = value & LOAD_MAX;
        this.arm();
        break;
      case At.tick:
        if ((value & TICK_ENABLE) !== 0 && (value & 0x1ff) !== TICK_CYCLES) throw new Error(`the image ticks each ${value & 0x1ff} cycles: only the 12 of a 12 MHz crystal are modelled`);
        this.ticking = (value & TICK_ENABLE) !== 0;
        this.arm();
        break;
      default: super.writeUint32(offset, value);
    }
  }

  private control(value: number): void {
    const enabled = (value & ENABLE) !== 0;
    if (enabled !== this.enabled) {
      this.enabled = enabled;
      this.arm();
    }
    if ((value & TRIGGER) === 0) return;
    this.enabled = false;
    this.alarm.cancel();
    this.events.bite(BiteReason.forced);
  }

  private left(): number {
    const left_ns = this.alarm.due_ns - this.clock.now_ns;
    return left_ns === Infinity ? this.loaded : Math.ceil((left_ns * COUNTS_PER_US) / 1000);
  }

  private arm(): void {
    if (this.enabled && this.ticking) this.alarm.schedule((this.loaded * 1000) / COUNTS_PER_US);
    else this.alarm.cancel();
  }
}
