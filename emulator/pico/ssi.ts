// The flash interface (SSI): commands to the flash chip, and reads in place.

import { BasePeripheral, type RP2040 } from "rp2040js";
import type { Clock } from "./clock";
import type { Flash } from "./flash";

/** Registers, by the datasheet's 4.10.13. */
const enum At { control_0 = 0x00, control_1 = 0x04, enable = 0x08, select = 0x10, baud = 0x14, status = 0x28, data = 0x60, sample_delay = 0xf0, spi_control_0 = 0xf4 }
const FIFO_DEPTH = 16;
const CYCLE_NS = 8;
const MHZ = 125;
/** The chip's limits: command 03h, and everything else (2.7 V). */
const SLOW_MHZ_MAX = 50;
const MHZ_MAX = 104;

/** CTRLR0: how a transfer goes. */
const enum Format { serial = 0, quad = 2 }
const enum Mode { exchange = 0, read = 3 }
const READ = 0x03;
const QUAD_READ = 0xeb;
/** Of EBh: address and mode bits in units of 4, clocks between them and the data. */
const QUAD_ADDRESS = 8;
const QUAD_WAIT = 4;

interface Came { readonly at_ns: number; readonly value: number }

/**
 * Commands take the time that their bits take; the chip select follows the FIFO, as the SSI's does, unless IO_QSPI holds it (`SelectOverride`):
 * a pause between two bytes ends a command. A setting by which the chip would not give what stands at an address leaves flash unreadable,
 * and whoever reads it is told why. Not modelled: the pads, the sampling instant, interrupts, DMA.
 */
export class FlashInterface extends BasePeripheral {
  private readonly held = new Map<number, number>();
  /** The chip takes addresses without a command. */
  private continuous = false;
  /** What of the present command was sent, and when its last bit is out. */
  private command: number[] = [];
  private free_ns = 0;
  private received: Came[] = [];
  /** The chip writes until then. */
  private ready_ns = 0;
  private selected: "fifo" | "low" | "high" = "fifo";

  /** `show` hears why flash cannot be read in place, or undefined if it can. */
  constructor(chip: RP2040, private readonly clock: Clock, private readonly flash: Flash, private readonly show: (why: string | undefined) => void) {
    super(chip, "SSI");
    this.exitXip();
  }

  /** What the ROM does before it talks to the chip, and before boot2: serial, 8 bits, clk_sys / 6, and the chip listens to commands. */
  exitXip(): void {
    this.held.clear();
    this.end();
    for (const [at, value] of [[At.control_0, 7 << 16], [At.baud, 6], [At.select, 1], [At.enable, 1]] as const) this.held.set(at, value);
    this.continuous = false;
    this.received = [];
    this.show("the chip is read by commands");
  }

  /** The ROM's own reads in place: 03h at clk_sys / 6. */
  enterXip(): void {
    this.exitXip();
    this.show(undefined);
  }

  /** Whether the ROM could send commands now. */
  get takesCommands(): boolean {
    return this.on && this.mode === Mode.exchange && !this.continuous;
  }

  /** IO_QSPI takes the chip select over, or gives it back. */
  override(selected: "fifo" | "low" | "high"): void {
    this.end();
    this.selected = selected;
  }

  override readUint32(offset: number): number {
    this.settle();
    const { now_ns } = this.clock;
    switch (offset as At) {
      case At.status: {
        const waiting = Math.ceil(Math.max(0, this.free_ns - now_ns) / this.frame_ns);
        const came = this.received.length > 0 && this.received[0]!.at_ns <= now_ns;
        return (waiting > 0 ? 1 : 0) | (waiting <= FIFO_DEPTH ? 2 : 0) | (waiting <= 1 ? 4 : 0) | (came ? 8 : 0);
      }
      case At.data: {
        const came = this.received.shift();
        if (came === undefined || came.at_ns > now_ns) throw new Error("SSI: the image takes from an empty FIFO");
        return came.value;
      }
      default: return this.held.get(offset) ?? 0;
    }
  }

  override writeUint32(offset: number, value: number): void {
    this.settle();
    if (offset === At.data) {
      this.send(value);
      return;
    }
    if (this.on && offset !== At.enable && offset !== At.select) throw new Error(`SSI: register 0x${offset.toString(16)} is written while the interface is on`);
    this.held.set(offset, value);
    if (offset !== At.enable) return;
    this.end();
    this.received = [];
    this.free_ns = 0;
    this.show(this.unreadable());
  }

  private value(at: At): number {
    return this.held.get(at) ?? 0;
  }

  private get on(): boolean {
    return this.value(At.enable) === 1;
  }

  private get mode(): Mode {
    return (this.value(At.control_0) >> 8) & 3;
  }

  private get format(): Format {
    return (this.value(At.control_0) >> 21) & 3;
  }

  private get bits(): number {
    return ((this.value(At.control_0) >> 16) & 31) + 1;
  }

  private get frame_ns(): number {
    return this.bits * this.value(At.baud) * CYCLE_NS;
  }

  private get spi(): { readonly kind: number; readonly address: number; readonly command: number; readonly wait: number; readonly code: number } {
    const value = this.value(At.spi_control_0);
    return { kind: value & 3, address: (value >> 2) & 15, command: (value >> 8) & 3, wait: (value >> 11) & 31, code: value >>> 24 };
  }

  /** The SSI raises its chip select when it has nothing to send. A read begins only once command and address are there. */
  private settle(): void {
    if (this.selected === "fifo" && this.mode === Mode.exchange && this.clock.now_ns >= this.free_ns) this.end();
  }

  private end(): void {
    const { command } = this;
    this.command = [];
    if (command.length === 0 || this.mode !== Mode.exchange) return;
    const busy_ns = this.flash.execute(command, this.free_ns < this.ready_ns);
    if (busy_ns > 0) this.ready_ns = this.free_ns + busy_ns;
  }

  private send(value: number): void {
    const { now_ns } = this.clock;
    const { baud, name } = { baud: this.value(At.baud), name: `SSI: ${value.toString(16)}h` };
    if (!this.on || this.value(At.select) !== 1) throw new Error(`${name} is sent while the interface is off, or no chip is selected`);
    if (baud < 2 || baud % 2 !== 0 || MHZ / baud > MHZ_MAX) throw new Error(`${name} is sent at clk_sys / ${baud}`);
    if (this.mode === Mode.read) {
      this.command.push(value);
      if (this.command.length === 2) this.quadRead();
      return;
    }
    if (this.mode !== Mode.exchange || this.format !== Format.serial || this.bits !== 8) throw new Error(`${name}: transfer mode ${this.mode}, format ${this.format}, ${this.bits} bits is not modelled`);
    if (this.selected === "high") throw new Error(`${name} is sent while the chip is not selected`);
    if (this.continuous) throw new Error(`${name}: the chip is in continuous read mode and takes no commands`);
    if (this.received.length === FIFO_DEPTH) throw new Error("SSI: the receive FIFO overflows");
    this.command.push(value & 255);
    this.free_ns = Math.max(now_ns, this.free_ns) + this.frame_ns;
    this.received.push({ at_ns: this.free_ns, value: this.flash.answer(this.command[0]!, this.command.length - 1, this.free_ns < this.ready_ns) });
  }

  /** A read whose command and address stand in the FIFO: what makes the chip read continuously. */
  private quadRead(): void {
    const [code, address] = this.command as [number, number];
    const { kind, address: length, command, wait } = this.spi;
    const name = `flash command ${code.toString(16)}h`;
    if (code !== QUAD_READ || this.format !== Format.quad || command !== 2 || kind !== 1) throw new Error(`${name} in this format is not modelled`);
    if (!this.flash.quad_enabled) throw new Error(`${name} while QE is clear: the chip has no four data lines`);
    if (this.continuous || this.clock.now_ns < this.ready_ns) throw new Error(`${name} while the chip takes no command`);
    this.mustFit(name, length, wait);
    this.continuous = ((address >> 4) & 3) === 2;
    this.free_ns = this.clock.now_ns + (8 + length + wait + 8) * this.value(At.baud) * CYCLE_NS;
    this.received.push({ at_ns: this.free_ns, value: new DataView(this.flash.bytes.buffer).getUint32((address >>> 8) & 0x1f_ffff) });
    this.command = [];
  }

  private mustFit(name: string, length: number, wait: number): void {
    if (length !== QUAD_ADDRESS) throw new Error(`${name} with ${4 * length} bits of address and mode in place of ${4 * QUAD_ADDRESS}`);
    if (wait !== QUAD_WAIT) throw new Error(`${name} with ${wait} clocks of waiting in place of ${QUAD_WAIT}`);
  }

  /** Why what the SSI now makes of a read in place would not be what stands there. */
  private unreadable(): string | undefined {
    const { kind, address, command, wait, code } = this.spi;
    const baud = this.value(At.baud);
    if (!this.on) return "the interface is off";
    if (this.mode !== Mode.read || this.bits !== 32 || this.value(At.control_1) !== 0 || this.value(At.select) !== 1) return "the interface is not set up for reads of one word";
    if (baud < 2 || baud % 2 !== 0 || MHZ / baud > MHZ_MAX) return `clk_sys / ${baud} is no clock for the chip`;
    if (this.format === Format.serial) {
      if (this.continuous) return "the chip is in continuous read mode";
      return code === READ && command === 2 && address === 6 && wait === 0 && kind === 0 && MHZ / baud <= SLOW_MHZ_MAX ? undefined : "a serial read that is not 03h with an address of 24 bits at up to 50 MHz is not modelled";
    }
    if (command !== 0) return "commands in quad format come before continuous read mode";
    if (!this.continuous) return "the chip is not in continuous read mode";
    if (kind !== 2 || this.format !== Format.quad) return "address and data are not both on four lines";
    if (address !== QUAD_ADDRESS || wait !== QUAD_WAIT) return `${4 * address} bits of address and mode and ${wait} clocks of waiting, in place of ${4 * QUAD_ADDRESS} and ${QUAD_WAIT}`;
    return ((code >> 4) & 3) === 2 ? undefined : `mode bits ${code.toString(16)}h would end continuous read mode`;
  }
}

/** IO_QSPI: of its registers, who drives the chip select (2.19.6.2). */
export class SelectOverride extends BasePeripheral {
  private value = 0;

  constructor(chip: RP2040, private readonly ssi: FlashInterface) {
    super(chip, "IO_QSPI");
  }

  override readUint32(offset: number): number {
    return offset === 0x0c ? this.value : super.readUint32(offset);
  }

  override writeUint32(offset: number, value: number): void {
    if (offset !== 0x0c) {
      super.writeUint32(offset, value);
      return;
    }
    if ((value & ~0x300) !== 0 || (value & 0x300) === 0x100) throw new Error(`the flash's chip select is given to 0x${value.toString(16)}: not modelled`);
    this.value = value;
    this.ssi.override(value === 0 ? "fifo" : value === 0x200 ? "low" : "high");
  }

  /** As the ROM's flush of the cache leaves it. */
  release(): void {
    this.value = 0;
    this.ssi.override("fifo");
  }
}
