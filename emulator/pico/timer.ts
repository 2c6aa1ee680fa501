// The microsecond timer: exact, and never early, where rp2040js's is not.

import { BasePeripheral, type RP2040 } from "rp2040js";
import type { ChipAlarm, Clock } from "./clock";

const WRAP = 2 ** 32;
const ALARMS = 4;
const enum At {
  time_high_write = 0x00, time_low_write = 0x04, time_high_read = 0x08, time_low_read = 0x0c, alarm_0 = 0x10, alarm_3 = 0x1c, armed = 0x20, raw_high = 0x24, raw_low = 0x28,
  debug_pause = 0x2c, pause = 0x30, interrupts = 0x34, enable = 0x38, force = 0x3c, status = 0x40,
}

/** 64 bits of microseconds since `zero_ns` of the chip's clock, and four alarms that match the lower 32. */
export class MicrosecondTimer extends BasePeripheral {
  private latched_high = 0;
  private raw = 0;
  private enabled = 0;
  private forced = 0;
  private readonly targets = [0, 0, 0, 0];
  private readonly alarms: ChipAlarm[] = [];

  constructor(chip: RP2040, private readonly clock: Clock, readonly zero_ns: number) {
    super(chip, "TIMER");
    for (let i = 0; i < ALARMS; i++) this.alarms.push(clock.createAlarm(() => { this.match(i); }));
  }

  /** Whole microseconds. */
  get now_us(): number {
    return Math.floor((this.clock.now_ns - this.zero_ns) / 1000);
  }

  override readUint32(offset: number): number {
    const now_us = this.now_us;
    if (offset >= At.alarm_0 && offset <= At.alarm_3) return this.targets[(offset - At.alarm_0) / 4]!;
    switch (offset) {
      case At.time_high_read: return this.latched_high;
      case At.time_low_read:
        this.latched_high = Math.floor(now_us / WRAP);
        return now_us % WRAP;
      case At.raw_high: return Math.floor(now_us / WRAP);
      case At.raw_low: return now_us % WRAP;
      case At.armed: return this.alarms.reduce((bits, alarm, i) => bits | (alarm.due_ns < Infinity ? 1 << i : 0), 0);
      case At.interrupts: return this.raw;
      case At.enable: return this.enabled;
      case At.force: return this.forced;
      case At.status: return (this.raw & this.enabled) | this.forced;
      default: return super.readUint32(offset);
    }
  }

  override writeUint32(offset: number, value: number): void {
    if (offset >= At.alarm_0 && offset <= At.alarm_3) {
      this.arm((offset - At.alarm_0) / 4, value);
      return;
    }
    switch (offset) {
      case At.armed: this.alarms.forEach((alarm, i) => { if (((this.rawWriteValue >> i) & 1) === 1) alarm.cancel(); }); break;
      case At.interrupts: this.raw &= ~this.rawWriteValue; break;
      case At.enable: this.enabled = value & 15; break;
      case At.force: this.forced = value & 15; break;
      case At.debug_pause: break; // there is no debugger
      default: super.writeUint32(offset, value);
    }
    this.tell();
  }

  /** The alarm fires as the count becomes the target: for the count that there is now, that is when it comes again. */
  private arm(i: number, target: number): void {
    this.targets[i] = target >>> 0;
    const ahead = (target - (this.now_us % WRAP)) >>> 0;
    this.alarms[i]!.scheduleAt(this.zero_ns + (this.now_us + (ahead === 0 ? WRAP : ahead)) * 1000);
  }

  private match(i: number): void {
    this.raw |= 1 << i;
    this.tell();
  }

  private tell(): void {
    const status = (this.raw & this.enabled) | this.forced;
    for (let i = 0; i < ALARMS; i++) this.rp2040.setInterrupt(i, ((status >> i) & 1) === 1);
  }
}
