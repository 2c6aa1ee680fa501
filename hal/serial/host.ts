// The host: calls the controller in the order of logical time.

import type { Board } from "../board";
import { Clock } from "../clock";
import { ResetCause, Source } from "../controller";
import type { Controller } from "../controller";
import { Motion, MotorResult } from "../motor";
import { Panic } from "../panic";
import { Edge, RotorEdge } from "../rotor";
import { nextLook_ms } from "./looks";
import { HostPanic, Wait } from "./host-types";
import type { HostOptions, Pulse, SeenEdge, Watcher } from "./host-types";
import { Phase, Tether } from "./tether";
import type { BoardEvent } from "./board-event";

/** Something to call the controller for. */
interface Entry {
  readonly at_ms: number;
  readonly run: () => void;
}

/**
 * Sans-I/O. Times are the host's clock in us, which is pump time; each call does all that is due by then. Bytes for the port come from `take`, and
 * `next_us` is when `wake` must be called at the latest.
 */
export class TetherHost {
  readonly tether: Tether;
  /** Logical time of the entry that runs, or of the last one. */
  now_ms = 0;
  /** Whether a program runs. */
  up = false;
  entries = 0;
  private readonly board: Board;
  private readonly watcher: Watcher;
  private real_us = 0;
  private controller: Controller | undefined;
  private starting: { readonly at_ms: number; readonly cause: ResetCause; readonly detail: number; readonly first: boolean; readonly since_us: number } | undefined;
  private deadline_ms = 0;
  private woken_ms = -1;
  /** When the watchdog bites a program that named no deadline. */
  private bite_us = Infinity;
  private inside = false;
  private panic_reason = Panic.none;
  private pulse: Pulse | undefined;
  private sampling: { readonly at_ms: number; readonly sequence: number; readonly ordered_us: number; millivolts: number | undefined } | undefined;
  /** Pulses that were missed, and of which no edge has come since: over a line that was dead one may come much later. */
  private owed: Pulse[] = [];
  private edges: SeenEdge[] = [];
  private events: { readonly at_ms: number; readonly source: Source; readonly a: number; readonly b: number }[] = [];
  private chunks: { readonly at_ms: number; readonly bytes: readonly number[] }[] = [];
  private wish_ms = -1;
  private polled_us = -Infinity;
  /** What the program was told last of the self-test, and when it is looked at again (hal/self-test.ts). */
  private failed = 0;
  private look_ms = 0;

  constructor(private readonly options: HostOptions) {
    this.watcher = options.watcher ?? {};
    this.tether = new Tether(options.random, (event, now_us) => { this.heard(event, now_us); });
    this.board = {
      ...options.local,
      motor: { pulse: () => { this.command(); } },
      cutoff: { cut: (on) => { this.switchDrive(on === 0); } },
      supply: { sample: () => { this.sample(); } },
      sounder: {
        sound: (tone, duration_ms) => {
          this.watcher.sounded?.(this.now_ms, tone, duration_ms);
          this.tether.tone(this.real_us, tone, duration_ms);
        },
      },
      panic: (reason) => this.panic(reason),
    };
  }

  /** What `board.panic` does. */
  readonly panic = (reason: Panic): never => {
    if (!this.inside) throw new Error(`panic ${reason} outside an entry point`);
    this.panic_reason = reason;
    throw new HostPanic(reason);
  };

  /** The program is to boot at that logical time, once the board is there: without one, never. */
  start(boot_ms: number, cause: ResetCause, detail: number): void {
    this.starting = { at_ms: boot_ms, cause, detail, first: true, since_us: -Infinity };
  }

  /** Power is gone: nothing is called any more. */
  powerOff(): void {
    this.up = false;
    this.controller = undefined;
    this.starting = undefined;
    this.forget();
  }

  /** A warm reset at that logical time. */
  reset(now_us: number, at_ms: number, cause: ResetCause, detail: number): void {
    this.real_us = now_us;
    this.up = false;
    this.controller = undefined;
    this.forget();
    this.now_ms = Math.max(this.now_ms, at_ms);
    this.tether.supplyDrive(now_us, false);
    this.watcher.down?.(this.now_ms, cause, detail);
    this.tether.poll(now_us);
    this.starting = { at_ms: this.now_ms + Wait.boot_ms, cause, detail, first: false, since_us: now_us };
  }

  private forget(): void {
    this.deadline_ms = 0;
    this.bite_us = Infinity;
    // Of it only the instant still counts: the next may not come too soon after it.
    if (this.pulse !== undefined) this.pulse.in_flight = false;
    this.owed = [];
    this.sampling = undefined;
    this.edges = [];
    this.events = [];
    this.chunks = [];
    this.tether.forget();
  }

  wake(now_us: number): void {
    this.real_us = now_us;
    this.tether.wake(now_us);
    this.work(now_us);
  }

  /** Bytes of the board's line. */
  bytes(now_us: number, bytes: Uint8Array): void {
    this.real_us = now_us;
    this.tether.bytes(now_us, bytes);
    this.work(now_us);
  }

  /** Bytes of the programmer's link, at most a chunk; false if no program is there to hear them. */
  chunk(now_us: number, at_ms: number, bytes: readonly number[]): boolean {
    if (!this.up) return false;
    this.chunks.push({ at_ms, bytes });
    this.wake(now_us);
    return true;
  }

  /** An event of what is not across the line. */
  event(now_us: number, at_ms: number, source: Source, a: number, b: number): boolean {
    if (!this.up) return false;
    this.events.push({ at_ms, source, a, b });
    this.wake(now_us);
    return true;
  }

  /** Whether all that lies up to that logical time has been done; if not, it is hurried. */
  reached(now_us: number, at_ms: number): boolean {
    this.wish_ms = at_ms;
    this.wake(now_us);
    return !this.up || this.wish_ms < 0;
  }

  take(): Uint8Array | undefined {
    return this.tether.take();
  }

  get next_us(): number {
    const times = [this.tether.next_us, this.bite_us];
    const { starting, pulse, sampling } = this;
    if (starting !== undefined && (!starting.first || this.tether.phase === Phase.up)) times.push(this.boots_us(starting));
    const held_us = this.heldUntil_us();
    for (const at_ms of this.wanted()) times.push(Math.max(held_us, this.release_us(at_ms)));
    if (pulse?.in_flight === true) {
      times.push(Math.max(held_us, pulse.ordered_us + Wait.silent_us));
      if (pulse.begun_board_us !== undefined) times.push(Math.max(pulse.begun_us + Wait.judged_us + 1000, this.polled_us + Wait.grace_us));
    }
    if (sampling !== undefined) times.push(sampling.ordered_us + Wait.sample_us);
    return Math.min(...times);
  }

  /** Logical instants at which something waits to be done. */
  private wanted(): number[] {
    if (!this.up) return [];
    const times = this.deadline_ms === 0 ? [] : [this.deadline_ms];
    if (this.events[0] !== undefined) times.push(this.events[0].at_ms);
    if (this.chunks[0] !== undefined && !this.waits(this.chunks[0].at_ms)) times.push(Math.max(this.chunks[0].at_ms, this.now_ms));
    if (this.wish_ms >= 0) times.push(this.wish_ms);
    return [...times, this.look_ms];
  }

  private work(now_us: number): void {
    this.boot(now_us);
    if (now_us >= this.bite_us) this.reset(now_us, Math.floor(now_us / 1000), ResetCause.watchdog, 0);
    if (now_us < this.heldUntil_us()) return;
    const { sampling } = this;
    if (sampling !== undefined && sampling.millivolts === undefined && now_us >= sampling.ordered_us + Wait.sample_us) this.sampling = undefined;
    for (let entry = this.find(now_us); entry !== undefined; entry = this.find(now_us)) entry.run();
    if (this.wish_ms >= 0 && this.wish_ms <= this.limit_ms(now_us)) this.wish_ms = -1;
    this.pollFor(now_us);
  }

  /** The board is asked whether an edge came, where something waits for that. */
  private pollFor(now_us: number): void {
    const { pulse } = this;
    if (!this.up || pulse?.in_flight !== true || pulse.begun_board_us === undefined) return;
    const judged = now_us > pulse.begun_us + Wait.judged_us;
    if (!judged && !this.wanted().some((at_ms) => at_ms * 1000 <= now_us)) return;
    if (now_us < this.polled_us + Wait.grace_us / 2) return;
    this.polled_us = now_us;
    this.tether.poll(now_us);
  }

  private boot(now_us: number): void {
    const { starting, tether } = this;
    if (starting === undefined || now_us < this.boots_us(starting) || (starting.first && tether.phase !== Phase.up)) return;
    this.starting = undefined;
    this.up = true;
    this.edges = [];
    this.woken_ms = -1;
    this.watcher.booting?.(starting.at_ms, starting.cause, starting.detail);
    this.controller = this.options.factory(this.board);
    this.lookAfter(starting.at_ms);
    this.watcher.selfTested?.(starting.at_ms, this.failed);
    this.enter(starting.at_ms, (controller, at_ms) => controller.boot(at_ms, starting.cause, starting.detail, this.failed));
  }

  /** Once the board has told what it finds wrong with itself since the reset: no pulse comes before that (MEM-1c). */
  private boots_us({ at_ms, since_us }: NonNullable<TetherHost["starting"]>): number {
    return at_ms * 1000 + (this.tether.phase === Phase.up && this.tether.answered_us <= since_us ? Wait.self_test_us : 0);
  }

  private lookAfter(at_ms: number): void {
    this.failed = this.tether.failed;
    this.look_ms = nextLook_ms(at_ms, this.failed);
  }

  private dueLook(): Entry {
    const { look_ms, failed } = this;
    return {
      at_ms: look_ms,
      run: () => {
        this.lookAfter(look_ms);
        if (failed === 0 && this.failed === 0) return;
        this.watcher.selfTested?.(Math.max(look_ms, this.now_ms), this.failed);
        this.tell(look_ms, Source.self_test, this.failed, 0);
      },
    };
  }

  /** Until when a line that was lost just now is waited for. */
  private heldUntil_us(): number {
    const { tether } = this;
    return this.up && tether.phase === Phase.opening ? tether.down_since_us + Wait.hold_us : -Infinity;
  }

  private heard(event: BoardEvent, now_us: number): void {
    const { pulse, tether: { alignment } } = this;
    if (event.kind === "stepped" && pulse?.sequence === event.sequence) {
      pulse.begun_board_us = event.begun_board_us;
      pulse.begun_us = alignment.host_us(event.begun_board_us);
      this.watcher.late?.(pulse.begun_us - pulse.command_ms * 1000);
    } else if (event.kind === "refused" && pulse?.sequence === event.sequence) pulse.refused = true;
    else if (event.kind === "edge") this.edges.push({ at_board_us: event.at_board_us, at_us: alignment.host_us(event.at_board_us), backward: event.backward });
    else if (event.kind === "edges_lost") {
      // Somebody turned the head, and the board has forgotten when: told as what it is, motion that no command explains.
      for (let i = 0; i < event.count; i++) this.edges.push({ at_board_us: Infinity, at_us: now_us, backward: false });
    } else if (event.kind === "sampled" && this.sampling?.sequence === event.sequence) this.sampling.millivolts = event.millivolts;
    else if (event.kind === "lost" && pulse !== undefined) {
      // Numbers begin again with the next session.
      pulse.sequence = -1;
    } else if (event.kind === "up" && event.anew && pulse?.begun_board_us !== undefined) {
      // A board that started anew has another clock, and has forgotten what came of the pulse.
      pulse.begun_board_us = alignment.board_us(pulse.begun_us);
      pulse.refused = true;
    }
    this.watcher.line?.(event, now_us);
  }

  private command(): void {
    const { pulse, real_us: now_us } = this;
    this.watcher.commanded?.(this.now_ms);
    // A command while a pulse is in flight breaks the contract and turns nothing.
    if (pulse?.in_flight === true) return;
    const begun_board_us = pulse?.begun_board_us;
    const sequence = this.tether.step(now_us, begun_board_us === undefined ? 0 : begun_board_us + Motion.interval_ms_min * 1000);
    if (pulse !== undefined) pulse.until_us = now_us;
    this.pulse = {
      command_ms: this.now_ms, ordered_us: now_us, sequence, begun_board_us: undefined, begun_us: now_us, in_flight: true, refused: sequence === 0, until_us: Infinity,
    };
  }

  private switchDrive(supplied: boolean): void {
    this.watcher.cut?.(this.now_ms, !supplied);
    this.tether.supplyDrive(this.real_us, supplied);
  }

  private sample(): void {
    const sequence = this.pulse?.sequence ?? 0;
    this.watcher.sampled?.(this.now_ms);
    this.sampling = { at_ms: this.now_ms + Wait.sampled_ms, sequence, ordered_us: this.real_us, millivolts: undefined };
    this.tether.sample(sequence);
  }

  /**
   * Up to where logical time has come. While a pulse is in flight it counts from its command, as far as the board is sure that no edge came; by the
   * host's own clock it follows a little behind, so that a line that is dead holds nothing up.
   *
   * A command that went out late leaves logical time behind the clock: it stays so until the next command could be due. Otherwise whoever was stopped for
   * seconds would give pulses closer than the motor's interval.
   */
  private limit_ms(now_us: number): number {
    const { pulse, tether, sampling } = this;
    let limit_ms = Math.floor(now_us / 1000);
    if (pulse?.in_flight === true) {
      const by_clock_us = now_us - pulse.begun_us - Wait.grace_us;
      const reached_us = pulse.begun_board_us === undefined ? by_clock_us : Math.max(by_clock_us, tether.certain_board_us - pulse.begun_board_us);
      limit_ms = Math.min(limit_ms, pulse.command_ms + Math.floor(Math.max(0, reached_us) / 1000));
    } else if (this.lags(now_us)) limit_ms = Math.min(limit_ms, pulse!.command_ms + Math.floor((now_us - pulse!.begun_us) / 1000));
    return sampling !== undefined && sampling.millivolts === undefined ? Math.min(limit_ms, sampling.at_ms - 1) : limit_ms;
  }

  private lags(now_us: number): boolean {
    const { pulse } = this;
    return pulse !== undefined && pulse.begun_us - pulse.command_ms * 1000 > Wait.lag_us && now_us < this.freed_us(pulse);
  }

  private freed_us(pulse: Pulse): number {
    return pulse.begun_us + Motion.interval_ms_min * 1000 - Wait.lag_us;
  }

  /** When logical time comes to `at_ms` by the clock alone. */
  private release_us(at_ms: number): number {
    const { pulse, sampling } = this;
    let at_us = at_ms * 1000;
    if (pulse?.in_flight === true) at_us = Math.max(at_us, pulse.begun_us + (at_ms - pulse.command_ms) * 1000 + Wait.grace_us);
    else if (pulse !== undefined && this.lags(at_us)) at_us = Math.max(at_us, Math.min(this.freed_us(pulse), pulse.begun_us + (at_ms - pulse.command_ms) * 1000));
    return sampling !== undefined && sampling.millivolts === undefined && at_ms >= sampling.at_ms ? Math.max(at_us, sampling.ordered_us + Wait.sample_us) : at_us;
  }

  /** The first of all that are due; at one instant a deadline before the rest. */
  private find(now_us: number): Entry | undefined {
    if (!this.up) return undefined;
    const limit_ms = this.limit_ms(now_us);
    const entries = [this.dueDeadline(), this.motorResult(now_us), this.otherEdge(now_us), this.sampled(), this.dueEvent(), this.dueLook(), this.dueChunk()];
    let first: Entry | undefined;
    for (const entry of entries) {
      if (entry !== undefined && entry.at_ms <= limit_ms && (first === undefined || entry.at_ms < first.at_ms)) first = entry;
    }
    return first;
  }

  private dueDeadline(): Entry | undefined {
    const { deadline_ms } = this;
    if (deadline_ms === 0) return undefined;
    return {
      at_ms: deadline_ms,
      run: () => {
        this.woken_ms = deadline_ms;
        this.deadline_ms = 0;
        this.enter(deadline_ms, (controller, at_ms) => controller.wake(at_ms));
      },
    };
  }

  /** The oldest edge, if it is the result of the pulse in flight. */
  private confirming(): SeenEdge | undefined {
    const { pulse, edges: [edge] } = this;
    if (edge === undefined || edge.backward || pulse?.in_flight !== true || pulse.begun_board_us === undefined) return undefined;
    const after_us = edge.at_board_us - pulse.begun_board_us;
    return after_us >= 0 && after_us <= Wait.judged_us ? edge : undefined;
  }

  private motorResult(now_us: number): Entry | undefined {
    const { pulse } = this;
    if (pulse?.in_flight !== true) return undefined;
    const edge = this.confirming();
    if (edge !== undefined) {
      const latency_ms = Math.floor((edge.at_board_us - pulse.begun_board_us!) / 1000);
      return this.result(pulse, MotorResult.confirmed, latency_ms);
    }
    const certain = pulse.begun_board_us !== undefined && this.tether.certain_board_us > pulse.begun_board_us + Wait.judged_us && this.edges.length === 0;
    const silent = now_us >= pulse.ordered_us + Wait.silent_us;
    return certain || pulse.refused || silent ? this.result(pulse, MotorResult.missed, Motion.confirm_ms_max) : undefined;
  }

  private result(pulse: Pulse, result: MotorResult, latency_ms: number): Entry {
    return {
      at_ms: pulse.command_ms + latency_ms,
      run: () => {
        pulse.in_flight = false;
        if (result === MotorResult.missed) this.owed = [...this.owed.slice(1 - Wait.owed_max), pulse];
        this.tether.forget();
        if (result === MotorResult.confirmed) this.edges.shift();
        this.tell(pulse.command_ms + latency_ms, Source.motor, result, latency_ms);
      },
    };
  }

  /** Of which missed pulse an edge is: the one after which it came, and before the next. */
  private owing(edge: SeenEdge): Pulse | undefined {
    if (edge.backward || edge.at_board_us === Infinity) return undefined;
    return this.owed.find(({ begun_us, until_us }) => edge.at_us >= begun_us - Wait.aligned_us && edge.at_us < until_us);
  }

  /** Any other edge. One of a pulse whose beginning is not known yet waits for that. */
  private otherEdge(now_us: number): Entry | undefined {
    const { pulse, edges: [edge] } = this;
    if (edge === undefined || this.confirming() !== undefined) return undefined;
    const owing = this.owing(edge);
    if (owing === undefined && pulse?.in_flight === true && pulse.begun_board_us === undefined && now_us < pulse.ordered_us + Wait.silent_us) return undefined;
    const of = owing ?? (pulse !== undefined && edge.at_us >= pulse.begun_us - Wait.aligned_us ? pulse : undefined);
    const since_ms = of === undefined ? 0
      : of.begun_board_us === undefined || edge.at_board_us === Infinity ? Math.max(0, Math.floor((edge.at_us - of.begun_us) / 1000)) : Math.floor((edge.at_board_us - of.begun_board_us) / 1000);
    const kind = edge.backward ? RotorEdge.reverse : owing !== undefined ? RotorEdge.late : RotorEdge.uncommanded;
    const at_ms = of !== undefined && (of.in_flight || owing !== undefined) ? of.command_ms + since_ms : Math.floor(edge.at_us / 1000);
    return {
      at_ms: Math.max(at_ms, this.now_ms),
      run: () => {
        this.edges.shift();
        this.owed = this.owed.filter((each) => each !== owing);
        this.tell(at_ms, Source.rotor, kind, owing !== undefined ? since_ms : Math.min(since_ms, Edge.since_ms_max));
      },
    };
  }

  private sampled(): Entry | undefined {
    const { sampling } = this;
    const millivolts = sampling?.millivolts;
    if (sampling === undefined || millivolts === undefined) return undefined;
    return {
      at_ms: sampling.at_ms,
      run: () => {
        this.sampling = undefined;
        this.tell(sampling.at_ms, Source.supply, millivolts, 0);
      },
    };
  }

  private dueEvent(): Entry | undefined {
    const [event] = this.events;
    if (event === undefined) return undefined;
    return {
      at_ms: event.at_ms,
      run: () => {
        this.events.shift();
        this.tell(event.at_ms, event.source, event.a, event.b);
      },
    };
  }

  /** Bytes wait for one deadline that is near, and not for a row of them (Clock.link_ahead_ms_min). */
  private waits(come_ms: number): boolean {
    return this.deadline_ms !== 0 && come_ms > this.woken_ms && this.deadline_ms - Math.max(come_ms, this.now_ms) < Clock.link_ahead_ms_min;
  }

  private dueChunk(): Entry | undefined {
    const [chunk] = this.chunks;
    if (chunk === undefined || this.waits(chunk.at_ms)) return undefined;
    return {
      at_ms: Math.max(chunk.at_ms, this.now_ms),
      run: () => {
        this.chunks.shift();
        this.enter(chunk.at_ms, (controller, at_ms) => controller.received(at_ms, chunk.bytes, chunk.bytes.length));
      },
    };
  }

  private tell(at_ms: number, source: Source, a: number, b: number): void {
    this.enter(at_ms, (controller, now_ms) => {
      this.watcher.told?.(now_ms, source, a, b);
      return controller.event(now_ms, source, a, b);
    });
  }

  private enter(wanted_ms: number, call: (controller: Controller, at_ms: number) => number): void {
    const controller = this.controller!;
    const at_ms = Math.max(wanted_ms, this.now_ms);
    this.now_ms = at_ms;
    this.inside = true;
    this.entries++;
    let deadline_ms = 0;
    try {
      deadline_ms = call(controller, at_ms);
    } catch (error) {
      if (!(error instanceof HostPanic) || this.panic_reason === Panic.none) throw error;
    } finally {
      this.inside = false;
    }
    const { panic_reason } = this;
    this.panic_reason = Panic.none;
    if (panic_reason !== Panic.none) this.reset(this.real_us, this.now_ms, ResetCause.panic, panic_reason);
    else if (this.bite_us === Infinity) this.keep(deadline_ms);
  }

  /** The deadline that was named; one that is none ends the feeding, and the watchdog does the rest (hal/watchdog.ts). */
  private keep(deadline_ms: number): void {
    const { now_ms } = this;
    if (Number.isSafeInteger(deadline_ms) && deadline_ms > now_ms && deadline_ms <= now_ms + Clock.deadline_ahead_ms_max) {
      this.deadline_ms = deadline_ms;
      return;
    }
    this.watcher.badDeadline?.(now_ms, deadline_ms);
    this.deadline_ms = 0;
    this.bite_us = this.real_us + Clock.watchdog_ms * 1000;
  }
}
