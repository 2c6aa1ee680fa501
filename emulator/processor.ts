// The processor: hosts the controller, keeps its deadline, resets it.

import { Clock } from "../hal/clock";
import { ResetCause, Source, type Controller, type ControllerFactory } from "../hal/controller";
import { Retained } from "../hal/retained";
import type { Board } from "../hal/board";
import type { Panic } from "../hal/panic";
import { nextLook_ms } from "../hal/serial/looks";
import { Watchdog } from "../hal/watchdog";
import type { Crystal } from "./devices/crystal";
import type { Brain, BrainEvents } from "./brain";
import { PowerCut } from "./devices/flash";
import { NoProgress, Timer, type Engine } from "./engine/timers";
import { Stream } from "./engine/random";
import type { FaultKind } from "./fault-kind";
import { HostEvent, TraceKind, type Trace } from "./trace";

export const PROCESSOR_FAULTS: readonly FaultKind[] = [
  {
    kind: "processor.reset",
    what: "The watchdog bites, or a person presses reset: a warm reset.",
    unknown_to_pump: "What would have come of a pulse in flight: its result is lost.",
    instant: true,
  },
  {
    kind: "power.off",
    what: "The supply is gone for a while, as soon as storage is at rest; then the pump boots. The crystal goes on.",
    unknown_to_pump: "How long it was, and what its retained memory held.",
    value: { unit: "ms", min: 1, max: 31_536_000_000, what: "how long (a year at most)" },
    instant: true,
  },
  {
    kind: "memory.flip",
    what: "One bit of a retained slot flips; which of its 53 is drawn from a stream of its own.",
    unknown_to_pump: "When it happened.",
    value: { unit: "slot", min: 0, max: Retained.slots - 1, what: "which retained slot" },
    instant: true,
  },
];

/** What `board.panic` throws through the controller, for the processor alone to catch. */
export class HostPanic extends Error {
  override readonly name = "HostPanic";
  constructor(readonly reason: Panic) {
    super(`panic ${reason}`);
  }
}

/** Warm resets with no kept deadline between them before the run is given up: 20 s of virtual time. */
export const RESETS_IN_A_ROW_MAX = 1000;
const RETAINED_BITS = 53;
/** For how long power is gone after a cut inside an operation of the flash: a contact that opens and closes again (choice). */
const CUT_MS = 1000;

/**
 * Calls the controller in the order of logical time. A wake for deadline D runs `lag_us` after the true
 * instant of D and is told D; an event is told its command's logical time plus the latency measured. Each wake
 * due up to an event's logical time is called before the event. So a lag shifts everything physical alike
 * and no logical stamp.
 */
export class Processor implements Brain {
  now_ms = 0;
  epoch = 0;
  /** Whether a program runs. */
  up = false;
  /** Whether there is power. */
  powered = false;
  /** Entry points called, over the pump's life. */
  entries = 0;
  private controller: Controller | undefined;
  /** Pump time of the next wake, or of a boot or the watchdog's bite while one of those is waited for. */
  private deadline_ms = 0;
  private feeding = false;
  private panic_reason = 0;
  private inside = false;
  private resets_in_a_row = 0;
  private cause = ResetCause.power;
  private detail = 0;
  private board: Board | undefined;
  /** Bytes of the link that were not given to the program yet: its deadline is near. */
  private chunks: { readonly at_ms: number; readonly bytes: readonly number[] }[] = [];
  private handing = false;
  /** The last deadline that was kept. */
  private woken_ms = -1;
  private readonly garbage: Stream;
  private readonly flips: Stream;
  private readonly waking = new Timer(() => this.wake());
  private readonly booting = new Timer(() => this.boot());
  private readonly watchdog = new Timer(() => this.bite());
  /** What the program was told last of the self-test, and when it is repeated. */
  private failed = 0;
  private look_ms = 0;
  private readonly looking = new Timer(() => this.look());

  constructor(
    private readonly engine: Engine,
    private readonly crystal: Crystal,
    private readonly trace: Trace,
    private readonly factory: ControllerFactory,
    private readonly lag_us: number,
    private readonly boot_delay_ms: number,
    private readonly events: BrainEvents,
    seed: number,
    private readonly link_ahead_ms: number = Clock.link_ahead_ms_min,
  ) {
    if (boot_delay_ms > Watchdog.boot_ms_max) throw new Error(`a boot takes at most ${Watchdog.boot_ms_max} ms`);
    this.garbage = new Stream(seed, "retained.garbage");
    this.flips = new Stream(seed, "memory.flip");
  }

  /** Gives it the board whose `retained` and `panic` are its own. Once. */
  attach(board: Board): void {
    this.board = board;
  }

  /** What `board.panic` does. */
  readonly panic = (reason: Panic): never => {
    if (!this.inside) throw new Error(`panic ${reason} outside an entry point`);
    this.panic_reason = reason;
    throw new HostPanic(reason);
  };

  /** Power comes after `delay_ms`, and the program boots: retained memory holds anything. */
  powerOn(delay_ms: number): void {
    if (this.powered || this.booting.armed) throw new Error("the pump has power already");
    const retained = this.board!.retained;
    for (let slot = 0; slot < Retained.slots; slot++) retained[slot] = this.garbage.slot();
    this.startBoot(ResetCause.power, 0, delay_ms);
  }

  /** Bytes of the link at the logical time `at_ms`, or later (`Clock.link_ahead_ms_min`). False if no program is there to hear them: they are lost. */
  received(at_ms: number, bytes: readonly number[], count: number): boolean {
    const { epoch } = this;
    if (!this.up) return false;
    this.upTo(at_ms);
    if (epoch !== this.epoch || !this.up) return false;
    this.chunks.push({ at_ms, bytes: bytes.slice(0, count) });
    this.handOver();
    return true;
  }

  /** Gives the program what has come over the link, unless its deadline is near. */
  private handOver(): void {
    if (this.handing) return;
    this.handing = true;
    for (let next = this.chunks[0]; next !== undefined; next = this.chunks[0]) {
      const time_ms = Math.max(next.at_ms, this.now_ms);
      // They wait for one deadline, and not for a row of them.
      if (this.waking.armed && next.at_ms > this.woken_ms && this.deadline_ms - time_ms < this.link_ahead_ms) break;
      this.chunks.shift();
      this.enter(3, time_ms, next.bytes.length, 0, 0, next.bytes);
    }
    this.handing = false;
  }

  deliver(epoch: number, at_ms: number, source: Source, a: number, b: number): boolean {
    if (epoch !== this.epoch || !this.up) return false;
    const time_ms = this.upTo(at_ms);
    if (epoch !== this.epoch || !this.up) return false;
    this.enter(2, time_ms, source, a, b, NOTHING);
    return true;
  }

  /** After a change of the crystal: what is waited for comes at another true time. */
  rearm(): void {
    for (const timer of [this.waking, this.booting, this.watchdog]) {
      if (timer.armed) this.engine.arm(timer, this.wakeAt_us());
    }
    if (this.looking.armed) this.armLook();
  }

  /** A warm reset now. */
  reset(cause: ResetCause, detail: number): void {
    this.goDown(false);
    if (++this.resets_in_a_row > RESETS_IN_A_ROW_MAX) {
      throw new NoProgress(`no progress: ${RESETS_IN_A_ROW_MAX} resets in a row, the last with cause ${cause}, detail ${detail}`);
    }
    this.startBoot(cause, detail, this.boot_delay_ms);
  }

  faultBegins(kind: string, value: number): void {
    if (!this.powered) throw new Error(`${kind}: the pump has no power`);
    const here_ms = this.clock_ms();
    if (kind === "processor.reset") {
      this.upTo(here_ms);
      this.reset(ResetCause.watchdog, 0);
    } else if (kind === "power.off") {
      this.upTo(here_ms);
      this.trace.emit(TraceKind.host, this.now_ms, HostEvent.power_off, value, 0, 0);
      this.goDown(true);
      this.powerOn(value + this.boot_delay_ms);
    } else {
      const retained = this.board!.retained;
      const bit = 2 ** this.flips.below(RETAINED_BITS);
      const content = retained[value]!;
      retained[value] = Math.floor(content / bit) % 2 === 1 ? content - bit : content + bit;
    }
  }

  brownOut(off_ms: number): void {
    this.faultBegins("power.off", off_ms);
  }

  /** Power goes now, at once and wherever the program is; it is back a second later. */
  cutPower(): void {
    this.trace.emit(TraceKind.host, this.now_ms, HostEvent.power_off, CUT_MS, 0, 0);
    this.inside = this.handing = false;
    this.panic_reason = 0;
    this.goDown(true);
    this.powerOn(CUT_MS + this.boot_delay_ms);
  }

  faultEnds(kind: string): void {
    throw new Error(`${kind} happens once: there is nothing to heal`);
  }

  /** Pump time as the processor sees it, its lag taken off. */
  private clock_ms(): number {
    return this.crystal.pump_ms(this.engine.now_us - this.lag_us);
  }

  private wakeAt_us(): number {
    return Math.max(this.engine.now_us, this.crystal.true_us(this.deadline_ms) + this.lag_us);
  }

  /** Calls the wakes that are due up to `at_ms`, and returns the time that an entry at `at_ms` has. */
  private upTo(at_ms: number): number {
    while (this.waking.armed && this.deadline_ms <= at_ms) {
      this.engine.cancel(this.waking);
      this.wake();
    }
    return Math.max(at_ms, this.now_ms);
  }

  private wake(): void {
    this.resets_in_a_row = 0;
    this.woken_ms = this.deadline_ms;
    this.enter(1, this.deadline_ms, 0, 0, 0, NOTHING);
  }

  /** One entry: 0 boot, 1 wake, 2 event, 3 received. */
  private enter(entry: number, at_ms: number, a: number, b: number, c: number, bytes: readonly number[]): void {
    const controller = this.controller!;
    this.now_ms = at_ms;
    this.inside = true;
    this.entries++;
    let deadline_ms = 0;
    let cut = false;
    try {
      if (entry === 1) deadline_ms = controller.wake(at_ms);
      else if (entry === 2) deadline_ms = controller.event(at_ms, a, b, c);
      else if (entry === 3) deadline_ms = controller.received(at_ms, bytes, a);
      else deadline_ms = controller.boot(at_ms, a, b, this.failed);
    } catch (error) {
      cut = error instanceof PowerCut;
      if (this.panic_reason === 0 && !cut) throw error;
    } finally {
      this.inside = false;
    }
    if (cut) this.cutPower();
    else if (this.panic_reason !== 0) this.panicked();
    else if (this.feeding) this.keep(deadline_ms);
    this.handOver();
  }

  private keep(deadline_ms: number): void {
    const now = this.now_ms;
    if (!Number.isSafeInteger(deadline_ms) || deadline_ms <= now || deadline_ms > now + Clock.deadline_ahead_ms_max) {
      this.trace.emit(TraceKind.host, now, HostEvent.bad_deadline, Number.isSafeInteger(deadline_ms) ? deadline_ms : -1, 0, 0);
      this.feeding = false;
      this.engine.cancel(this.waking);
      this.deadline_ms = now + Clock.watchdog_ms;
      this.engine.arm(this.watchdog, this.wakeAt_us());
      return;
    }
    this.deadline_ms = deadline_ms;
    this.engine.arm(this.waking, this.wakeAt_us());
  }

  private panicked(): void {
    const reason = this.panic_reason;
    this.panic_reason = 0;
    this.trace.emit(TraceKind.host, this.now_ms, HostEvent.panic, reason, 0, 0);
    this.reset(ResetCause.panic, reason);
  }

  private bite(): void {
    this.now_ms = Math.max(this.now_ms, this.deadline_ms);
    this.trace.emit(TraceKind.host, this.now_ms, HostEvent.watchdog, 0, 0, 0);
    this.reset(ResetCause.watchdog, 0);
  }

  private goDown(power: boolean): void {
    this.up = false;
    if (power) this.powered = false;
    this.controller = undefined;
    this.chunks = [];
    this.epoch++;
    this.engine.cancel(this.waking);
    this.engine.cancel(this.watchdog);
    this.engine.cancel(this.booting);
    this.engine.cancel(this.looking);
    this.now_ms = Math.max(this.now_ms, this.clock_ms());
    this.events.down(this.now_ms, power);
  }

  private startBoot(cause: ResetCause, detail: number, delay_ms: number): void {
    this.cause = cause;
    this.detail = detail;
    this.deadline_ms = this.now_ms + delay_ms; // when boot is called, in pump time
    this.engine.arm(this.booting, this.wakeAt_us());
  }

  /** The self-test's next look after `at_ms` (hal/self-test.ts). */
  private lookAfter(at_ms: number): void {
    this.look_ms = nextLook_ms(at_ms, this.failed);
    this.armLook();
  }

  private armLook(): void {
    this.engine.arm(this.looking, Math.max(this.engine.now_us, this.crystal.true_us(this.look_ms) + this.lag_us));
  }

  private look(): void {
    const { look_ms } = this;
    const before = this.failed;
    this.failed = this.events.selfTest();
    this.lookAfter(look_ms);
    if (before === 0 && this.failed === 0) return;
    this.events.selfTested(look_ms, this.failed);
    this.deliver(this.epoch, look_ms, Source.self_test, this.failed, 0);
  }

  private boot(): void {
    for (const value of this.board!.retained) {
      if (!Number.isSafeInteger(value)) throw new Error(`retained memory holds integers, and has ${value}`);
    }
    this.powered = true;
    this.up = true;
    this.feeding = true;
    this.trace.emit(TraceKind.reset, this.deadline_ms, this.cause, this.detail, 0, 0);
    try {
      this.events.booting(this.deadline_ms, this.cause, this.detail);
    } catch (error) {
      if (!(error instanceof PowerCut)) throw error;
      this.cutPower();
      return;
    }
    this.failed = this.events.selfTest();
    this.events.selfTested(this.deadline_ms, this.failed);
    this.lookAfter(this.deadline_ms);
    this.controller = this.factory(this.board!);
    this.enter(0, this.deadline_ms, this.cause, this.detail, 0, NOTHING);
  }
}

const NOTHING: readonly number[] = [];
