// A PL011 UART: FIFOs both ways at their pace, flags, interrupts, overrun.

import { BasePeripheral, type RP2040 } from "rp2040js";
import type { ChipAlarm, Clock } from "./clock";

const enum At {
  data = 0x00, receive_status = 0x04, flags = 0x18, baud_integer = 0x24, baud_fraction = 0x28, line = 0x2c, control = 0x30, levels = 0x34, mask = 0x38, raw = 0x3c,
  masked = 0x40, clear = 0x44, dma = 0x48,
}
const enum Flag { busy = 8, rx_empty = 16, tx_full = 32, rx_full = 64, tx_empty = 128 }
const enum Interrupt { rx = 16, tx = 32, rx_timeout = 64, overrun = 1024 }
const FIFO_ENABLE = 16;
const FORMAT_8N1 = 0x60;
const FORMAT_BITS = 0xee;
const OVERRUN = 0x800;
const FIFO_BYTES = 32;
/** A start bit, eight bits, a stop bit. */
const BITS_PER_BYTE = 10;
/** The receive timeout, by the PL011's manual. */
const TIMEOUT_BITS = 32;
/** Trigger levels by IFLS: eighths of the FIFO. */
const LEVELS = [4, 8, 16, 24, 28];
const enum Control { enable = 1, loopback = 128, transmit = 256, receive = 512 }

/** Only 8N1, no DMA, no flow control: what else an image asks for is an error. */
export class Uart extends BasePeripheral {
  /** Bytes that came while the FIFO was full, or the receiver off. */
  lost = 0;
  /** Bytes that the image has written. */
  written = 0;
  private readonly rx: number[] = [];
  private readonly tx: number[] = [];
  /** The byte on its way out, -1 for none. */
  private shifting = -1;
  private overrun = false;
  private divisor = 0;
  private divisor_integer = 0;
  private divisor_fraction = 0;
  private line = 0;
  private control = Control.transmit | Control.receive;
  private levels = 0x12;
  private mask = 0;
  private raw = 0;
  private readonly shifted: ChipAlarm;
  private readonly timeout: ChipAlarm;

  /** `sent` hears each byte as its stop bit has left the pin. */
  constructor(chip: RP2040, clock: Clock, private readonly irq: number, private readonly sent: (byte: number) => void) {
    super(chip, "UART");
    this.shifted = clock.createAlarm(() => { this.left(); });
    this.timeout = clock.createAlarm(() => { this.raise(Interrupt.rx_timeout); });
  }

  /** One bit on the line, by the divisors. */
  get bit_ns(): number {
    return (this.divisor * 1e9) / (4 * this.rp2040.clkPeri);
  }

  /** A byte's stop bit came in on the pin. */
  receive(byte: number): void {
    if ((this.control & Control.enable) === 0 || (this.control & Control.receive) === 0) {
      this.lost++;
      return;
    }
    this.timeout.schedule(TIMEOUT_BITS * this.bit_ns);
    if (this.rx.length >= this.depth) {
      this.lost++;
      this.overrun = true;
      this.raise(Interrupt.overrun);
      return;
    }
    this.rx.push(byte | (this.overrun ? OVERRUN : 0));
    this.overrun = false;
    if (this.rx.length >= this.rxLevel) this.raise(Interrupt.rx);
  }

  override readUint32(offset: number): number {
    switch (offset) {
      case At.data: return this.take();
      case At.receive_status: return 0;
      case At.flags: return this.flags();
      case At.baud_integer: return this.divisor_integer;
      case At.baud_fraction: return this.divisor_fraction;
      case At.line: return this.line;
      case At.control: return this.control;
      case At.levels: return this.levels;
      case At.mask: return this.mask;
      case At.raw: return this.raw;
      case At.masked: return this.raw & this.mask;
      case At.clear: return 0; // write only: read by the atomic aliases
      case At.dma: return 0;
      default: return super.readUint32(offset);
    }
  }

  override writeUint32(offset: number, value: number): void {
    switch (offset) {
      case At.data: this.put(value & 255); break;
      case At.receive_status: break;
      case At.baud_integer: this.divisor_integer = value & 0xffff; break;
      case At.baud_fraction: this.divisor_fraction = value & 63; break;
      case At.line: this.format(value); break;
      case At.control: this.setControl(value); break;
      case At.levels: this.levels = value & 63; break;
      case At.mask: this.mask = value & 0x7ff; break;
      case At.clear: this.raw &= ~this.rawWriteValue; break;
      case At.dma:
        if (value !== 0) throw new Error("the UART's DMA is not modelled");
        break;
      default: super.writeUint32(offset, value);
    }
    this.tell();
  }

  private get depth(): number {
    return (this.line & FIFO_ENABLE) === 0 ? 1 : FIFO_BYTES;
  }

  private get rxLevel(): number {
    return this.depth === 1 ? 1 : LEVELS[this.levels >> 3] ?? FIFO_BYTES;
  }

  private get txLevel(): number {
    return this.depth === 1 ? 0 : LEVELS[this.levels & 7] ?? 0;
  }

  private flags(): number {
    const { rx, tx, depth } = this;
    return (this.shifting >= 0 || tx.length > 0 ? Flag.busy : 0) | (rx.length === 0 ? Flag.rx_empty : 0) | (tx.length >= depth ? Flag.tx_full : 0)
      | (rx.length >= depth ? Flag.rx_full : 0) | (tx.length === 0 ? Flag.tx_empty : 0);
  }

  /** The divisors count from a write to the line register on. */
  private format(value: number): void {
    if ((value & FORMAT_BITS) !== FORMAT_8N1) throw new Error(`the UART's format 0x${value.toString(16)} is not modelled: 8N1 is`);
    this.line = value;
    this.divisor = this.divisor_integer * 64 + this.divisor_fraction;
  }

  private setControl(value: number): void {
    if ((value & Control.loopback) !== 0 || (value & 0xc000) !== 0) throw new Error("the UART's loopback and flow control are not modelled");
    this.control = value;
  }

  private take(): number {
    const value = this.rx.shift() ?? 0;
    if (this.rx.length < this.rxLevel) this.raw &= ~Interrupt.rx;
    if (this.rx.length === 0) {
      this.raw &= ~Interrupt.rx_timeout;
      this.timeout.cancel();
    }
    this.tell();
    return value;
  }

  private put(byte: number): void {
    if ((this.control & Control.enable) === 0 || (this.control & Control.transmit) === 0) throw new Error("the image sends while its UART is off");
    if (this.divisor === 0) throw new Error("the image sends before it has set the UART's rate");
    if (this.tx.length >= this.depth) throw new Error("the image writes to a transmit FIFO that is full");
    this.tx.push(byte);
    this.written++;
    if (this.tx.length > this.txLevel) this.raw &= ~Interrupt.tx;
    if (this.shifting < 0) this.shift();
  }

  private shift(): void {
    const before = this.tx.length;
    this.shifting = this.tx.shift() ?? -1;
    // Raised as the level is passed on the way down, and not by standing below it.
    if (before > this.txLevel && this.tx.length <= this.txLevel) this.raise(Interrupt.tx);
    if (this.shifting >= 0) this.shifted.schedule(BITS_PER_BYTE * this.bit_ns);
  }

  private left(): void {
    const byte = this.shifting;
    this.shift();
    this.sent(byte);
  }

  private raise(interrupt: Interrupt): void {
    this.raw |= interrupt;
    this.tell();
  }

  private tell(): void {
    this.rp2040.setInterrupt(this.irq, (this.raw & this.mask) !== 0);
  }
}
