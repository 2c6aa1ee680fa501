// The board: an emulated chip that runs the image as a peripheral server.

import { Stream } from "../engine/random";
import { Chip } from "../pico/chip";
import { Flash } from "../pico/flash";
import { Pin, SUPPLY_CHANNEL, supplyCounts } from "../pico/pins";
import { fillAnyhow, SRAM_BYTES } from "../pico/sram";
import { BiteReason } from "../pico/watchdog";

/** Codes of hal/pico/src/trace.h. */
const enum Code { panic = 11, lua_error = 12, sample = 6, no_application = 22 }
const CODE_REGISTER = 3;

/** What comes out of the board, at the instant it happens. The chip must not be touched meanwhile, but for `stop`. */
export interface BoardOutputs {
  readonly sent: (byte: number) => void;
  /** The drive is energised: step pin and enable both. */
  readonly stepped: () => void;
  /** The switch before the drive. */
  readonly cutoff: (closed: boolean) => void;
  /** The ADC is about to look: what it will see, in mV. */
  readonly sample: () => number;
  /** It gave up, by its number, or has no application. */
  readonly failed: (reason: number) => void;
  /** It was reset, by its watchdog. */
  readonly bitten: () => void;
}

/** A chip with power, between whose instants somebody else lets time pass. Times are ns of its own clock. */
export class BoardChip {
  chip: Chip | undefined;
  readonly flash: Flash;
  private enabled = false;
  private drive_failed = false;
  private readonly scratch = [0, 0, 0, 0];
  private readonly noise: Stream;
  private readonly garbage: Stream;
  private sram = new Uint8Array(SRAM_BYTES);

  constructor(image: Uint8Array, seed: number, private readonly outputs: BoardOutputs) {
    this.flash = new Flash(seed);
    this.flash.load(0, image);
    this.noise = new Stream(seed, "board oscillator");
    this.garbage = new Stream(seed, "board memory");
  }

  powerOn(now_ns: number): void {
    fillAnyhow(this.sram, this.garbage);
    this.start(now_ns, BiteReason.none);
  }

  powerOff(): void {
    if (this.chip !== undefined) this.sram = Uint8Array.from(this.chip.rp2040.sram);
    this.chip = undefined;
    this.enabled = false;
  }

  private start(now_ns: number, reason: BiteReason): void {
    const { outputs } = this;
    this.flash.cells.powerOn();
    this.chip = new Chip(this.flash, { now_ns, timer_zero_ns: now_ns, sram: this.sram, reason, scratch: new Uint32Array(8) }, {
      pin: (pin, high) => { this.pin(pin, high); },
      sent: (byte) => { outputs.sent(byte); },
      scratch: (index, value) => { this.told(index, value); },
      tone: () => undefined,
    }, this.noise);
    this.failDrive(this.drive_failed);
  }

  /** The driver's fault output is low while it has failed. */
  failDrive(failed: boolean): void {
    this.drive_failed = failed;
    this.chip?.rp2040.gpio[Pin.drive_fault]!.setInputValue(!failed);
  }

  /** Asleep until then, undefined while it has work, Infinity without power. */
  get sleeps_until_ns(): number | undefined {
    return this.chip === undefined ? Infinity : this.chip.sleeps_until_ns;
  }

  get now_ns(): number {
    return this.chip?.clock.now_ns ?? 0;
  }

  run(end_ns: number): void {
    const { chip } = this;
    if (chip === undefined) return;
    chip.run(end_ns);
    if (chip.bitten === BiteReason.none || this.chip !== chip) return;
    this.sram = Uint8Array.from(chip.rp2040.sram);
    this.enabled = false;
    this.outputs.bitten();
    this.start(chip.clock.now_ns, chip.bitten);
  }

  stop(): void {
    this.chip?.stop();
  }

  receive(byte: number): void {
    this.chip?.uart.receive(byte);
  }

  edge(backward: boolean): void {
    this.chip?.edge(Pin.rotor, backward ? Pin.rotor_b : undefined);
  }

  private pin(pin: number, high: boolean): void {
    if (pin === Pin.enable) this.enabled = high;
    else if (pin === Pin.cutoff) this.outputs.cutoff(high);
    else if (pin === Pin.step && high && this.enabled) this.outputs.stepped();
  }

  private told(index: number, value: number): void {
    this.scratch[index] = value;
    if (index !== CODE_REGISTER) return;
    if (value === Code.sample) this.chip!.rp2040.adc.channelValues[SUPPLY_CHANNEL] = supplyCounts(this.outputs.sample());
    else if (value === Code.panic || value === Code.lua_error || value === Code.no_application) this.outputs.failed(this.scratch[0]!);
  }
}
