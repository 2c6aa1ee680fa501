// A controller in wall time whose hardware is a board at a real port.

import { ResetCause, PowerLoss, Source, type ControllerFactory } from "../../hal/controller";
import { LinkSize } from "../../hal/link";
import { TetherHost } from "../../hal/serial/host";
import { BoardProblem, problemText } from "../../hal/serial/problems";
import type { Port } from "../../hal/serial/port";
import { Phase } from "../../hal/serial/tether";
import type { BoardEvent } from "../../hal/serial/board-event";
import { SoftCipher } from "../../protocol/wand/cipher";
import { Retained } from "../../hal/retained";
import type { Wall } from "../live/wall";
import { figuresText } from "./figures";
import type { LiveStorage } from "./live-storage";

export interface LiveTetherOptions {
  readonly factory: ControllerFactory;
  readonly wall: Wall;
  readonly storage: LiveStorage;
  /** Bytes that nobody can guess. */
  readonly random: (count: number) => Uint8Array;
  /** What the pump says to whoever is at its link. */
  readonly said: (bytes: Uint8Array) => void;
  /** A line for people, with the pump's time. */
  readonly news: (pump_ms: number, text: string) => void;
  /** What breaks: the program, or this. */
  readonly broke: (error: unknown) => void;
}

/** Nobody judges here: what the motor does is for whoever sees it. Time is the wall's, from where storage has a stamp of. */
export class LiveTether {
  readonly host: TetherHost;
  /** Pulses by their result: 0 is how many were commanded. */
  readonly pulses = [0, 0, 0];
  private readonly began_us: number;
  private port: Port | undefined;
  private stop: (() => void) | undefined;
  private awake = false;
  private started = false;
  private closed = false;
  private working = false;
  private ready: (problem: BoardProblem) => void = () => undefined;

  constructor(private readonly options: LiveTetherOptions) {
    const { storage, wall, random, factory } = options;
    this.began_us = wall.now_us() - storage.latest_ms * 1000;
    const soft = new SoftCipher();
    this.host = new TetherHost({
      factory, random: () => new DataView(random(4).buffer).getUint32(0),
      local: {
        storage: storage.capability, retained: Array.from({ length: Retained.slots }, () => 0),
        link: { send: (bytes, count) => this.send(bytes, count), power: (on) => { this.awake = on !== 0; } },
        cipher: {
          load: (slot, bytes, first) => { soft.load(slot, bytes, first); }, derive: (into, from, bytes, salt, info) => { soft.derive(into, from, bytes, salt, info); },
          copy: (into, from) => { soft.copy(into, from); }, seal: (slot, nonce, bytes, first, count) => { soft.seal(slot, nonce, bytes, first, count); },
          open: (slot, nonce, bytes, first, count) => soft.open(slot, nonce, bytes, first, count),
        },
        entropy: { fill: (into, first, count) => { random(count).forEach((byte, i) => { into[first + i] = byte; }); } },
      },
      watcher: {
        line: (event) => { this.line(event); },
        down: (_at_ms, cause, detail) => { this.options.news(this.pump_ms, `the program starts again: cause ${cause}, ${detail}`); soft.clear(); },
        commanded: () => { this.pulses[0]!++; },
        told: (_at_ms, source, a) => { if (source === Source.motor) this.pulses[a]!++; },
      },
    });
  }

  get now_us(): number {
    return this.options.wall.now_us() - this.began_us;
  }

  get pump_ms(): number {
    return Math.floor(this.now_us / 1000);
  }

  /** Looks for the board; once it is there, the program boots. Gives what is wrong with it, if something is: then nothing has begun. */
  start(port: Port): Promise<BoardProblem> {
    this.port = port;
    const found = new Promise<BoardProblem>((resolve) => { this.ready = resolve; });
    this.work(() => { this.host.wake(this.now_us); });
    return found;
  }

  /** Bytes of the board. */
  heard(bytes: Uint8Array): void {
    this.work(() => { this.host.bytes(this.now_us, bytes); });
  }

  /** Bytes of a wand. */
  asked(bytes: Uint8Array): void {
    this.work(() => {
      const at_ms = Math.ceil(this.now_us / 1000);
      for (let at = 0; at < bytes.length; at += LinkSize.chunk_max) this.host.chunk(this.now_us, at_ms, [...bytes.subarray(at, at + LinkSize.chunk_max)]);
    });
  }

  portGone(why: string): void {
    this.work(() => { this.host.tether.portLost(this.now_us, why); });
  }

  close(): void {
    this.closed = true;
    this.stop?.();
    this.port?.close();
  }

  private send(bytes: readonly number[], count: number): number {
    if (this.awake) this.options.said(Uint8Array.from(bytes.slice(0, count)));
    return 1;
  }

  private line(event: BoardEvent): void {
    const { host: { tether }, options: { news } } = this;
    if (event.kind === "up") {
      news(this.pump_ms, figuresText(tether));
      if (!this.started) this.host.start(Math.ceil(this.now_us / 1000), ResetCause.power, PowerLoss.clock_stood);
      this.started = true;
      this.ready(BoardProblem.none);
    } else if (event.kind === "lost") news(this.pump_ms, event.cause === "problem" ? problemText(tether.problem, tether.detail) : `the line was lost: ${event.cause.replace("_", " ")}; the board has cut the drive by itself`);
  }

  private work(act: () => void): void {
    if (this.closed || this.working) {
      if (!this.closed) throw new Error("the tether was called from inside");
      return;
    }
    this.working = true;
    try {
      act();
      const { host, options: { storage } } = this;
      for (let fault = storage.ended.shift(); fault !== undefined; fault = storage.ended.shift()) host.event(this.now_us, Math.floor(this.now_us / 1000), Source.storage, fault, 0);
      for (let bytes = host.take(); bytes !== undefined; bytes = host.take()) this.port?.write(bytes);
      if (host.tether.phase === Phase.failed && !this.started) this.ready(host.tether.problem);
      this.arm();
    } catch (error) {
      this.closed = true;
      this.options.broke(error);
    } finally {
      this.working = false;
    }
  }

  private arm(): void {
    this.stop?.();
    const { next_us } = this.host;
    if (next_us === Infinity) return;
    this.stop = this.options.wall.after(Math.max(0, next_us - this.now_us), () => { this.work(() => { this.host.wake(this.now_us); }); });
  }
}
