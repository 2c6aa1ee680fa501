// The live server: a pump, the wall, the wires to it and its state file.

import { resolve } from "node:path";
import { isMachine, type Program } from "../brain";
import type { Address } from "../../protocol/wand/transport/tcp";
import { announceRunning } from "../../protocol/wand/transport/running";
import type { RunningPump } from "../../protocol/wand/transport/running";
import type { Speaker } from "../../protocol/wand/sniff/capture";
import { Bench } from "../bench";
import type { Unit } from "../unit";
import type { Input } from "./input";
import { Intake, MACHINE_BURST } from "./intake";
import { Live } from "./live";
import { makeLink } from "./link-path";
import { endNews, linkNews, newsListener, violationNews } from "./news";
import type { News } from "./news";
import { openPty } from "./pty";
import { replay } from "./replay";
import type { StateFile } from "./state-file";
import { listenTcp } from "./tcp";
import type { Wall } from "./wall";
import type { Wire } from "./wire";

export interface ServerOptions {
  readonly controller: Program;
  /** What the controller runs on, for the state file. */
  readonly target: string;
  readonly wall: Wall;
  readonly seed: number;
  readonly unit: Unit;
  /** From 1; Infinity for as fast as it goes. */
  readonly speed: number;
  /** A stable path to the pseudo-terminal. */
  readonly link?: string;
  readonly tcp?: Address;
  /** Read already, not begun. */
  readonly state?: StateFile;
  readonly news: (news: News) => void;
  /** Is given the bench before its power comes on: hears all of its life, also what a state file does again. */
  readonly observe?: (bench: Bench) => void;
  /** Where running emulators are listed, for tests. */
  readonly running?: string;
}

/** Time put down and on disk at least so often, while there are inputs; without, every tenth time. */
const FLUSH_US = 1_000_000;
const IDLE_FLUSHES = 10;
/** The host's timers are no better than this. */
const TIMER_US = 1000;
/** The longest sleep, so that news of a long quiet time is not late. */
const SLEEP_US = 60_000_000;

/** Has the pump listed for wands. Where that cannot be, it runs without. */
function listed(pump: RunningPump, running?: string): () => void {
  try {
    return announceRunning(pump, running);
  } catch {
    return () => undefined;
  }
}

/** Hears what passes on the line: who said it, and at which true time of the pump. Must not be slow, and must not say anything itself. */
export type Overhearer = (from: Speaker, bytes: Uint8Array, us: number) => void;

/** A running server. It looks at the wall by `ServerOptions.wall` alone. */
export class LiveServer {
  readonly bench: Bench;
  private readonly live: Live;
  private readonly wires: Wire[] = [];
  private readonly overhearers = new Set<Overhearer>();
  private readonly undo: (() => void)[] = [];
  private readonly intake: Intake;
  private stopTimer: (() => void) | undefined;
  private violations = 0;
  private inputs = 0;
  private flushes = 0;
  private closed = false;
  private broke = false;
  private over = false;
  private fail: (error: unknown) => void = () => undefined;
  /** Rejects if the emulation breaks; never resolves. */
  readonly broken: Promise<never>;
  /** Ways in: the pseudo-terminal's own path, what a wand should use, and TCP. */
  pty = "";
  port = "";
  tcp: string | undefined;

  /** Powers the pump on, or brings it to where its state file ends. Throws `StateProblem`. */
  constructor(private readonly options: ServerOptions) {
    const { controller, target, seed, unit, state, wall } = options;
    this.broken = new Promise((_resolve, reject) => { this.fail = reject; });
    this.broken.catch(() => undefined);
    this.bench = new Bench({ controller, seed, unit, wand: false, baud: 0 });
    options.observe?.(this.bench);
    this.bench.powerOn();
    if (state !== undefined) {
      replay(this.bench, state.entries);
      state.begin({ target, seed, unit });
    }
    this.bench.trace.on(newsListener(options.news));
    this.live = new Live(this.bench, options.speed, wall.now_us(), (input) => { this.record(input); }, (awake) => {
      options.news(linkNews(awake, this.bench.processor.now_ms));
    });
    const machine = isMachine(controller);
    // A machine's line has a rate in the pump's time, by which a host that is too slow for it makes senders wait.
    const pace: Wall = machine ? { now_us: () => this.live.now_us, after: (delay_us, act) => wall.after(delay_us, act) } : wall;
    this.intake = new Intake(pace, (bytes) => {
      this.guarded(() => {
        this.overheard("wand", bytes);
        this.live.receive(wall.now_us(), bytes);
      });
    }, (on) => { for (const wire of this.wires) wire.flow(on); }, machine ? MACHINE_BURST : undefined);
    this.bench.line.heard = (bytes) => {
      this.overheard("pump", bytes);
      for (const wire of this.wires) wire.write(bytes);
    };
  }

  /** Opens its ways in, and begins. What fails is thrown, and all is closed again. */
  async start(): Promise<void> {
    const { link, tcp, running, wall } = this.options;
    try {
      const pty = await openPty(this.intake.heard);
      this.wires.push(pty);
      this.pty = pty.path;
      this.port = link ?? pty.path;
      if (link !== undefined) this.undo.push(makeLink(link, pty.path, running));
      if (tcp !== undefined) {
        const wire = await listenTcp(tcp, this.intake.heard);
        this.wires.push(wire);
        this.tcp = wire.name;
      }
      this.undo.push(listed({ pid: process.pid, port: resolve(this.port), ...(this.tcp === undefined ? {} : { tcp: this.tcp }) }, running));
    } catch (error) {
      this.close();
      throw error;
    }
    this.undo.push(this.repeated(wall, () => { this.keep(); }));
    this.go();
  }

  /** Ends cleanly: the state is complete, links are removed. Once. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.stopTimer?.();
    this.intake.close();
    for (const wire of this.wires) wire.close();
    for (const undo of this.undo) undo();
    const { state } = this.options;
    if (state === undefined) return;
    // Of an emulation that broke only the inputs are worth keeping: they show it again.
    if (!this.broke) this.mark(state);
    state.close();
  }

  /** How time goes: as it was asked for, and whether it runs to the next alarm. */
  get time(): { readonly speed: number; readonly awaits_alarm: boolean; readonly ended: boolean } {
    const { speed, awaits_alarm, ended } = this.live;
    return { speed, awaits_alarm, ended };
  }

  /** From now on time goes so fast: 0 (it stands), a number from 1 on, or Infinity. Throws `RangeError` for another. */
  setSpeed(speed: number): void {
    this.live.setSpeed(this.options.wall.now_us(), speed);
    this.go();
  }

  /** Time goes as fast as it can, and stands from the instant on at which an alarm comes on. */
  untilAlarm(): void {
    this.live.untilAlarm(this.options.wall.now_us());
    this.go();
  }

  /** Brings the pump to the wall's instant, for whoever wants to look at it: between two events nobody else does. */
  touch(): void {
    this.go();
  }

  /** One more way in. Gives where its bytes go, as those of any other, and what takes it away again. */
  attach(wire: Wire): { readonly heard: (bytes: Uint8Array) => void; readonly detach: () => void } {
    this.wires.push(wire);
    const detach = (): void => {
      const at = this.wires.indexOf(wire);
      if (at >= 0) this.wires.splice(at, 1);
    };
    return { heard: this.intake.heard, detach };
  }

  /** Has all bytes on the line heard, both ways. Gives what ends that. */
  overhear(hear: Overhearer): () => void {
    this.overhearers.add(hear);
    return () => { this.overhearers.delete(hear); };
  }

  /** A fault begins, by hand. Throws for one that there is not. */
  inject(kind: string, value?: number): void {
    this.live.inject(this.options.wall.now_us(), kind, value);
    this.go();
  }

  heal(kind: string): void {
    this.live.heal(this.options.wall.now_us(), kind);
    this.go();
  }

  private overheard(from: Speaker, bytes: Uint8Array): void {
    for (const hear of this.overhearers) hear(from, bytes, this.bench.engine.now_us);
  }

  private repeated(wall: Wall, act: () => void): () => void {
    let stop = (): void => undefined;
    const again = (): void => {
      stop = wall.after(FLUSH_US, () => {
        act();
        again();
      });
    };
    again();
    return () => { stop(); };
  }

  private record(input: Input): void {
    this.inputs++;
    this.options.state?.append(input);
  }

  /** What breaks the emulation ends the server, from wherever it comes. */
  private guarded(act: () => void): void {
    if (this.closed) return;
    try {
      act();
      this.look();
      this.arm(this.live.advance(this.options.wall.now_us()));
      if (this.live.ended && !this.over) {
        this.over = true;
        this.options.news(endNews(this.bench.processor.now_ms));
      }
    } catch (error) {
      this.broke = true;
      this.fail(error);
    }
  }

  private go(): void {
    this.guarded(() => undefined);
  }

  private arm(wall_us: number | undefined): void {
    this.stopTimer?.();
    if (wall_us === undefined || this.closed) return;
    const delay_us = wall_us - this.options.wall.now_us();
    this.stopTimer = this.options.wall.after(delay_us <= 0 ? 0 : Math.min(SLEEP_US, Math.max(TIMER_US, delay_us)), () => { this.go(); });
  }

  /** Tells what the oracle has found. */
  private look(): void {
    const { bench, options } = this;
    for (const violation of bench.oracle.violations.slice(this.violations)) options.news(violationNews(violation, bench.processor.now_ms));
    this.violations = bench.oracle.violations.length;
  }

  private keep(): void {
    const { state } = this.options;
    if (state === undefined) return;
    this.go();
    this.flushes++;
    if (this.inputs === 0 && this.flushes % IDLE_FLUSHES !== 0) return;
    this.inputs = 0;
    this.guarded(() => {
      this.mark(state);
      state.flush();
    });
  }

  private mark(state: StateFile): void {
    const us = this.live.settle();
    state.mark(us, this.bench.trace.fullDigest());
  }
}
