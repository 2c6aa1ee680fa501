// The chip from one reset to the next: rp2040js with our core and peripherals.

import { RP2040, type GPIOPin } from "rp2040js";
import type { Stream } from "../engine/random";
import { Clock, type ChipAlarm } from "./clock";
import { Core } from "./core";
import type { Flash } from "./flash";
import { PwmTones } from "./pwm";
import { RomCall, romWords } from "./rom";
import { ChipReset, RingOscillator } from "./small";
import { FlashInterface, SelectOverride } from "./ssi";
import { MicrosecondTimer } from "./timer";
import { Uart } from "./uart";
import { BiteReason, ChipWatchdog } from "./watchdog";

const BOOT2_BYTES = 252;
const BOOT2_AT = 0x2004_1f00;
const STACK_TOP = 0x2004_2000;
const IRQ_UART0 = 20;
/** How long the rotor's sensor is on. */
const EDGE_NS = 1_000_000;

/** The blocks of rp2040js that are replaced or asked, by its keys. */
const enum Block { ssi = 0x18000, io_qspi = 0x40018, uart0 = 0x40034, pwm = 0x40050, timer = 0x40054, watchdog = 0x40058, rosc = 0x40060, chip_reset = 0x40064 }

/** What comes out of the chip. Called at the instant it happens, in the middle of an instruction: the chip must not be touched. */
export interface ChipEvents {
  /** A GPIO is driven to another level. */
  readonly pin: (pin: number, high: boolean) => void;
  /** The last bit of a byte has left UART0. */
  readonly sent: (byte: number) => void;
  /** A scratch register of the watchdog was written. */
  readonly scratch: (index: number, value: number) => void;
  /** The tone of a PWM slice may have changed. */
  readonly tone: (slice: number, frequency_hz: number) => void;
}

/** What a reset leaves. */
export interface Kept {
  readonly now_ns: number;
  /** When the timer began, or is taken to have begun. */
  readonly timer_zero_ns: number;
  readonly sram: Uint8Array;
  readonly reason: BiteReason;
  readonly scratch: Uint32Array;
}

/** The image was refused by the ROM: a real chip would wait as a USB drive. */
export class NoBoot2 extends Error {
  override readonly name = "NoBoot2";
}

/** CRC-32 of the ROM's check: not reflected, no final inversion. */
export function boot2Crc(bytes: Uint8Array): number {
  let crc = 0xffff_ffff;
  for (const byte of bytes) {
    crc ^= byte << 24;
    for (let i = 0; i < 8; i++) crc = crc < 0 ? (crc << 1) ^ 0x04c1_1db7 : crc << 1;
  }
  return crc >>> 0;
}

export class Chip {
  readonly clock = new Clock();
  readonly core: Core;
  readonly uart: Uart;
  readonly timer: MicrosecondTimer;
  readonly pwm: PwmTones;
  readonly rp2040: RP2040;
  /** The watchdog bit: nothing runs any more until there is another chip. */
  bitten: BiteReason = BiteReason.none;
  private readonly watchdog: ChipWatchdog;
  private readonly ssi: FlashInterface;
  private readonly select: SelectOverride;
  /** The flash chip is busy until then. */
  private busy_ns = 0;
  private readonly flash_ready: ChipAlarm;
  private lowering: readonly GPIOPin[] = [];
  private readonly edge_over: ChipAlarm;
  private halted = false;

  /** Comes up with what the reset before left, boot2 loaded and entered, as the ROM does. Throws NoBoot2. */
  constructor(private readonly flash: Flash, kept: Kept, events: ChipEvents, random: Stream) {
    const { clock } = this;
    clock.now_ns = kept.now_ns;
    const chip = new RP2040(clock);
    this.rp2040 = chip;
    const loud = (component: string, message: string): never => { throw new Error(`${component}: ${message} (pc 0x${chip.core.PC.toString(16)})`); };
    chip.logger = { debug: () => undefined, info: () => undefined, warn: loud, error: loud };
    chip.bootrom.set(romWords());
    const { bytes } = flash;
    // rp2040js's own 16 MB are not those of a Pico, and its reset would wipe them.
    Object.assign(chip, { flash: bytes, flash16: new Uint16Array(bytes.buffer), flashView: new DataView(bytes.buffer) });
    chip.sram.set(kept.sram);
    chip.onBreak = (call) => { this.romCall(call); };
    this.core = new Core(chip, clock);
    this.uart = new Uart(chip, clock, IRQ_UART0, events.sent);
    this.timer = new MicrosecondTimer(chip, clock, kept.timer_zero_ns);
    this.pwm = new PwmTones(chip, (slice) => { events.tone(slice, this.pwm.frequency_hz(slice)); });
    this.watchdog = new ChipWatchdog(chip, clock, kept, {
      bite: (reason) => {
        this.bitten = reason;
        this.core.stop = true;
      },
      scratch: events.scratch,
    });
    this.ssi = new FlashInterface(chip, clock, flash, (why) => { this.core.memory.showFlash(why === undefined, why); });
    this.select = new SelectOverride(chip, this.ssi);
    Object.assign(chip.peripherals, {
      [Block.uart0]: this.uart, [Block.timer]: this.timer, [Block.pwm]: this.pwm, [Block.watchdog]: this.watchdog,
      [Block.ssi]: this.ssi, [Block.io_qspi]: this.select, [Block.rosc]: new RingOscillator(chip, random), [Block.chip_reset]: new ChipReset(chip),
    });
    this.edge_over = clock.createAlarm(() => { this.lowered(); });
    this.flash_ready = clock.createAlarm(() => { this.core.asleep = false; });
    chip.gpio.forEach((gpio, pin) => { gpio.addListener((state) => { events.pin(pin, (state as number) === 1); }); });
    this.enterBoot2();
  }

  /** Asleep until this instant of the chip's clock, if nothing comes from outside; undefined while it has work. */
  get sleeps_until_ns(): number | undefined {
    if (this.bitten !== BiteReason.none) return Infinity;
    return this.core.asleep && !this.core.pending ? this.clock.next_ns : undefined;
  }

  /** Runs until `end_ns`, or until `stop` is called, or the watchdog bites. May go past the end by one instruction. */
  run(end_ns: number): void {
    const { clock, core } = this;
    this.halted = false;
    while (!this.halted && this.bitten === BiteReason.none && clock.now_ns < end_ns) {
      const until_ns = this.sleeps_until_ns;
      if (until_ns === undefined) core.run(end_ns);
      else clock.advance(Math.min(until_ns, end_ns));
    }
  }

  /** Ends `run` after the instruction or the alarm at hand. */
  stop(): void {
    this.halted = true;
    this.core.stop = true;
  }

  /** A short pulse comes in on a pin; `beside` is high before it and as long as it, if there is such a pin. */
  edge(pin: number, beside?: number): void {
    if (this.lowering.length > 0) throw new Error("two edges of one pin within a millisecond");
    this.lowering = [...(beside === undefined ? [] : [beside]), pin].map((each) => this.rp2040.gpio[each]!);
    for (const gpio of this.lowering) gpio.setInputValue(true);
    this.edge_over.schedule(EDGE_NS);
  }

  private lowered(): void {
    for (const gpio of this.lowering) gpio.setInputValue(false);
    this.lowering = [];
  }

  /** The watchdog's scratch registers, which its reset leaves. */
  get scratch(): Uint32Array {
    return this.watchdog.scratch;
  }

  /** As the ROM does: checks boot2, copies it to the end of SRAM, and enters it with LR 0. */
  private enterBoot2(): void {
    const { rp2040: { core, sram }, flash: { bytes } } = this;
    const stored = new DataView(bytes.buffer).getUint32(BOOT2_BYTES, true);
    if (boot2Crc(bytes.subarray(0, BOOT2_BYTES)) !== stored) throw new NoBoot2("the flash does not begin with a boot2 whose CRC is right: a Pico would stay in USB boot");
    sram.set(bytes.subarray(0, BOOT2_BYTES + 4), BOOT2_AT - 0x2000_0000);
    core.SP = STACK_TOP;
    core.LR = 0;
    core.PC = BOOT2_AT;
    core.VTOR = 0;
  }

  private romCall(call: RomCall): void {
    const { rp2040: { core, sram }, flash, clock } = this;
    const [r0, r1, r2] = core.registers as unknown as readonly [number, number, number];
    const byteAt = (i: number): number => (r1 >= 0x2000_0000 ? sram[r1 - 0x2000_0000 + i]! : flash.bytes[(r1 & 0xff_ffff) + i]!);
    if ((call === RomCall.erase || call === RomCall.program) && !this.ssi.takesCommands) throw new Error("the image erases or programs flash while the chip takes no commands");
    switch (call) {
      case RomCall.connect_flash: break;
      case RomCall.flush_cache: this.select.release(); break;
      case RomCall.exit_xip: this.ssi.exitXip(); break;
      case RomCall.enter_xip: this.ssi.enterXip(); break;
      case RomCall.erase: this.busy_ns = clock.now_ns + flash.erase(r0, r1); break;
      case RomCall.program: this.busy_ns = clock.now_ns + flash.program(r0, r2, byteAt); break;
      case RomCall.wait: this.await(); break;
      case RomCall.usb_boot: throw new Error("the image asks for USB boot, which is not modelled");
      default: throw new Error(`a breakpoint or UDF ${String(call)} at 0x${(core.PC - 2).toString(16)}`);
    }
  }

  /** The ROM polls the flash chip: it looks again after each interrupt, and when the chip is ready. */
  private await(): void {
    if (this.clock.now_ns >= this.busy_ns) return;
    const { core } = this.rp2040;
    core.PC -= 2;
    this.core.asleep = true;
    this.flash_ready.scheduleAt(this.busy_ns);
  }
}
