// The link: the pump's serial port, and the line to whoever is at its end.

import { LinkSize, type Link } from "../../hal/link";
import { type Engine, Timer } from "../engine/timers";
import { Stream } from "../engine/random";
import { type Trace, TraceKind } from "../trace";
import type { Crystal } from "./crystal";
import type { FaultSite, Host } from "./host";
import { Disturbance } from "./line-faults";
import { Pacer, Receiver } from "./line";

/** The wand's end of the line. Whoever has it is the only one: several that share it share what comes. */
export interface LineEnd {
  /** Puts bytes on the line towards the pump, as one write: now, or behind what is still on its way. */
  readonly write: (bytes: Uint8Array) => void;
  /** Called with what came of each write of the pump's, when its last byte is there. Must not be slow, and may write. */
  heard: (bytes: Uint8Array) => void;
}

/** 8N1: a start bit, eight bits, a stop bit. */
export const BAUD = 115_200;

/** How long a chunk of noise takes. */
const NOISE_US = new Pacer(BAUD).span_us(LinkSize.chunk_max);

/** Who takes bytes from the line for the program: the processor. */
export interface Taker extends Host {
  /** Gives bytes to the program at a logical time; false if there is none to hear them. */
  received(at_ms: number, bytes: readonly number[], count: number): boolean;
  /** A machine has a receiver of its own: it is given each write as it is put on the line. */
  readonly hear?: (bytes: Uint8Array) => void;
}

/** JDUSB around Jacdac's "packets on" to everybody (protocol/SESSION.md, 3). */
const WAKE_UP_CALL = Uint8Array.of(0xfe, 0xfc, 0xb1, 0x6e, 0x04, 0x45, 0x4a, 0x1a, 0xf6, 0x18, 0xaa, 0xaa, 0xaa, 0xaa, 0x00, 0x3d, 0x81, 0x00, 0xfe, 0xfd);

/** A write that the line holds up. */
interface Held {
  readonly due_us: number;
  readonly bytes: Uint8Array;
  readonly out: boolean;
}

/** A write on its way to the wand. */
interface Leaving {
  readonly end_us: number;
  readonly bytes: Uint8Array;
}

/**
 * Bytes take their time both ways (10 bits each), and in each direction wait for those before them. All times are the scenario's: true time
 * less the processor's lag, by which everything else is shifted too.
 */
export class LinkDevice implements FaultSite {
  /** Whether the transceiver is on. */
  awake = false;
  /** Bytes that went to the pump, and that came from it, faults included. */
  readonly passed = { in: 0, out: 0 };
  private readonly towards: Disturbance;
  private readonly away: Disturbance;
  private readonly noise: Stream;
  private readonly receiver: Receiver;
  private readonly pacer: Pacer;
  private leaving: Leaving[] = [];
  private held: Held[] = [];
  /** Bytes that still pass before the line is cut, -1 for a line that is whole. */
  private cut_after = -1;
  private off = false;
  /** Asleep as soon as all that was posted has left. */
  private going = false;
  private noisy = false;
  private call_ms = 0;
  /** When the next chunk of noise may come. */
  private noise_us = 0;
  private readonly given: number[] = [];
  private readonly coming = new Timer(() => this.deliver());
  private readonly left = new Timer(() => this.arrive());
  private readonly release = new Timer(() => this.letGo());
  private readonly noising = new Timer(() => this.makeNoise());
  private readonly calling = new Timer(() => this.call());

  /** `power` hears of sleep and wake; `baud` is 0 for a line on which bytes take no time. */
  constructor(
    private readonly engine: Engine,
    private readonly crystal: Crystal,
    private readonly taker: Taker,
    private readonly trace: Trace,
    private readonly power: (on: boolean) => void,
    private readonly lag_us: number,
    seed: number,
    baud: number = BAUD,
  ) {
    this.towards = new Disturbance(seed, "in");
    this.away = new Disturbance(seed, "out");
    this.noise = new Stream(seed, "link.noise");
    this.receiver = new Receiver(baud);
    this.pacer = new Pacer(baud);
  }

  /** The capability that the controller is given. */
  readonly capability: Link = { send: (bytes, count) => this.send(bytes, count), power: (on) => this.turn(on !== 0) };

  /** The other end. */
  readonly line: LineEnd = { write: (bytes) => this.write(bytes), heard: () => undefined };

  /** A reset: both rings are empty, and the link is asleep. What is still on the line comes after it. */
  resetHappened(): void {
    this.receiver.dropArrived(this.now_us());
    this.armComing();
    this.leaving = [];
    this.engine.cancel(this.left);
    this.pacer.reset();
    this.switch(false);
  }

  /** After a change of the crystal: what is waited for comes at another true time. */
  rearm(): void {
    if (this.coming.armed) this.armComing();
  }

  private now_us(): number {
    return this.engine.now_us - this.lag_us;
  }

  private turn(on: boolean): void {
    this.going = !on && this.awake && this.leaving.length > 0;
    if (!this.going) this.switch(on);
  }

  private switch(on: boolean): void {
    this.going = false;
    if (!on) {
      // What has not left yet does not leave any more.
      this.leaving = [];
      this.engine.cancel(this.left);
      this.pacer.reset();
    }
    if (on === this.awake) return;
    this.awake = on;
    this.power(on);
    this.trace.emit(TraceKind.link, this.crystal.pump_ms(Math.max(this.now_us(), this.crystal.since_us)), on ? 1 : 0, 0, 0, 0);
  }

  private send(bytes: readonly number[], count: number): number {
    if (!Number.isInteger(count) || count < 1 || count > bytes.length) throw new Error(`the link cannot send ${count} of ${bytes.length} bytes`);
    const copy = new Uint8Array(count);
    for (let i = 0; i < count; i++) {
      const byte = bytes[i]!;
      if (!Number.isInteger(byte) || byte < 0 || byte > 255) throw new Error(`the link sends bytes, and was given ${byte}`);
      copy[i] = byte;
    }
    const now_us = this.now_us();
    const fits = this.pacer.waiting(now_us) + count <= LinkSize.send_max;
    const awake = this.awake && !this.going;
    this.trace.emit(TraceKind.sent, this.taker.now_ms, count, fits ? 1 : 0, awake ? 1 : 0, 0);
    this.trace.moreBytes(copy);
    if (!fits) return 0;
    if (!awake) return 1;
    this.leaving.push({ bytes: copy, end_us: this.pacer.put(now_us, count) });
    if (!this.left.armed) this.armLeft();
    return 1;
  }

  private armLeft(): void {
    const next = this.leaving[0];
    if (next !== undefined) this.engine.arm(this.left, Math.max(this.engine.now_us, next.end_us + this.lag_us));
  }

  /** The last byte of a write has left the pump. */
  private arrive(): void {
    const { bytes } = this.leaving.shift()!;
    this.armLeft();
    this.cross(bytes);
    if (this.going && this.leaving.length === 0) this.switch(false);
  }

  /** A machine's transmitter has sent the last byte of a write. Asleep, nothing leaves. */
  sent(bytes: Uint8Array): void {
    if (this.awake) this.cross(bytes);
  }

  private cross(bytes: Uint8Array): void {
    for (const piece of this.away.pass(bytes)) this.post(piece.bytes, piece.delay_us, true);
  }

  private write(bytes: Uint8Array): void {
    if (bytes.length === 0 || this.noisy) return;
    for (const piece of this.towards.pass(bytes)) this.post(Uint8Array.from(piece.bytes), piece.delay_us, false);
  }

  /** Puts what is left of a write on its way, late if the line holds it up. */
  private post(bytes: Uint8Array, delay_us: number, out: boolean): void {
    if (delay_us === 0) {
      this.pass(bytes, out);
      return;
    }
    this.held.push({ due_us: this.now_us() + delay_us, bytes, out });
    this.armRelease();
  }

  private armRelease(): void {
    const next_us = Math.min(...this.held.map(({ due_us }) => due_us));
    if (this.held.length > 0) this.engine.arm(this.release, Math.max(this.engine.now_us, next_us + this.lag_us));
  }

  private letGo(): void {
    const now_us = this.now_us();
    const due = this.held.filter(({ due_us }) => due_us <= now_us);
    this.held = this.held.filter(({ due_us }) => due_us > now_us);
    this.armRelease();
    for (const { bytes, out } of due) this.pass(bytes, out);
  }

  /** What gets through a line that may be cut. */
  private pass(bytes: Uint8Array, out: boolean): void {
    if (this.off) return;
    let rest = bytes;
    if (this.cut_after >= 0) {
      rest = bytes.subarray(0, this.cut_after);
      this.cut_after -= rest.length;
      if (rest.length === 0) return;
    }
    this.passed[out ? "out" : "in"] += rest.length;
    if (out) {
      this.line.heard(rest);
      return;
    }
    if (this.taker.hear !== undefined) {
      this.taker.hear(rest);
      return;
    }
    this.receiver.put(this.now_us(), rest);
    this.armComing();
  }

  private armComing(): void {
    const due_us = this.receiver.due_us;
    if (due_us === undefined) {
      this.engine.cancel(this.coming);
      return;
    }
    // The board notices at a millisecond of its clock: the first one from then on.
    const at_ms = this.atOf(due_us);
    this.engine.arm(this.coming, Math.max(this.engine.now_us, this.crystal.true_us(at_ms) + this.lag_us));
  }

  private atOf(due_us: number): number {
    return Math.ceil(this.crystal.pump_us(Math.max(due_us, this.crystal.since_us)) / 1000);
  }

  private deliver(): void {
    const at_ms = this.atOf(this.receiver.due_us!);
    const bytes = this.receiver.take();
    this.armComing();
    for (let i = 0; i < bytes.length; i++) this.given[i] = bytes[i]!;
    this.trace.emit(TraceKind.received, at_ms, bytes.length, 0, 0, 0);
    this.trace.moreBytes(bytes);
    this.taker.received(at_ms, this.given, bytes.length);
  }

  private makeNoise(): void {
    const bytes = new Uint8Array(LinkSize.chunk_max);
    for (let i = 0; i < bytes.length; i += 4) {
      const drawn = this.noise.next();
      for (let j = 0; j < 4; j++) bytes[i + j] = (drawn >>> (8 * j)) & 255;
    }
    this.pass(bytes, false);
    this.armNoise();
  }

  /** Noise has the rate of a line also where bytes take no time: endless noise would let no time pass. */
  private armNoise(): void {
    this.noise_us = Math.max(this.engine.now_us, this.receiver.free_us + this.lag_us, this.noise_us);
    this.engine.arm(this.noising, this.noise_us);
    this.noise_us += NOISE_US;
  }

  private call(): void {
    this.pass(WAKE_UP_CALL, false);
    this.engine.arm(this.calling, this.engine.now_us + this.call_ms * 1000);
  }

  faultBegins(kind: string, value: number): void {
    if (kind === "link.off") this.off = true;
    else if (kind === "link.cut") this.cut_after = value;
    else if (kind === "link.noise") {
      this.noisy = true;
      this.armNoise();
    } else if (kind === "link.calls") {
      this.call_ms = value;
      this.engine.arm(this.calling, this.engine.now_us);
    } else {
      this.towards.set(kind, value);
      this.away.set(kind, value);
    }
  }

  faultEnds(kind: string): void {
    if (kind === "link.off") this.off = false;
    else if (kind === "link.cut") this.cut_after = -1;
    else if (kind === "link.noise") {
      this.noisy = false;
      this.engine.cancel(this.noising);
    } else if (kind === "link.calls") this.engine.cancel(this.calling);
    else {
      this.towards.set(kind, 0);
      this.away.set(kind, 0);
    }
  }
}
