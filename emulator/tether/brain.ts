// The tether as the bench's processor: its board is across a line.

import { SelfTest } from "../../hal/self-test";
import { ResetCause, Source, type ControllerFactory, type Source as AnySource } from "../../hal/controller";
import { MotorResult } from "../../hal/motor";
import { Retained } from "../../hal/retained";
import { RotorEdge } from "../../hal/rotor";
import type { Board } from "../../hal/board";
import { TetherHost } from "../../hal/serial/host";
import { problemText } from "../../hal/serial/problems";
import { Phase } from "../../hal/serial/tether";
import type { BoardEvent } from "../../hal/serial/board-event";
import type { Brain, World } from "../brain";
import { Stream } from "../engine/random";
import { NoProgress, Timer } from "../engine/timers";
import { RESETS_IN_A_ROW_MAX } from "../processor";
import { HostEvent, TraceKind } from "../trace";
import { BoardChip } from "./board-chip";
import { boardTime_us, trueTime_us } from "./board-clock";
import { Serial } from "./serial";

/** The first power-on comes so long before time 0: board and controller have found one another by then. */
const BEFORE_US = 2_000_000;
/** The chip's clock at true time 0. */
const ZERO_US = 3_000_000;
const REST_US_MAX = 800_000;
const RETAINED_BITS = 53;

/** What is measured, and is in no digest. */
export interface TetherMeasures {
  /** From a command's logical instant to the energising, by the truth; and by the measured clock. */
  readonly late_us: number[];
  /** How far the controller's idea of the energising was from the truth, either way. */
  align_us_max: number;
  /** Steps that the board made. */
  steps: number;
  step_gap_us_min: number;
  /** From the controller's call to the step, at most: an order has its expiry. */
  order_age_us_max: number;
}

export class TetherBrain implements Brain {
  epoch = 0;
  powered = false;
  readonly serial = new Serial();
  readonly board: BoardChip;
  host: TetherHost;
  readonly measures: TetherMeasures = { late_us: [], align_us_max: 0, steps: 0, step_gap_us_min: Infinity, order_age_us_max: 0 };
  /** Told of sessions that come and go. */
  line: (event: BoardEvent, now_us: number) => void = () => undefined;
  private devices: Board | undefined;
  /** True time before the engine's: negative while the first power-on is made. */
  private before_us = 0;
  private rolling = false;
  private frozen_until_us = -Infinity;
  private backlog: number[] = [];
  /** When a board that has no power gets it. */
  private waiting_us = Infinity;
  /** A person presses reset. */
  private pressed = false;
  /** The last command: its logical time, and the true one of the call. */
  private commanded_ms = 0;
  private commanded_us = 0;
  /** It has not driven the motor yet. */
  private ordered = false;
  private asked = false;
  private last_step_us = -Infinity;
  private step_us = 0;
  private edges: (() => void)[] = [];
  private heard: { readonly result: MotorResult; readonly entries: number } | undefined;
  private resets_in_a_row = 0;
  private readonly garbage: Stream;
  private readonly flips: Stream;
  private readonly numbers: Stream;
  private readonly running = new Timer(() => { this.advance(); });

  constructor(image: Uint8Array, private readonly factory: ControllerFactory, private readonly world: World, private readonly board_ppb: number) {
    const { seed } = world;
    this.garbage = new Stream(seed, "retained.garbage");
    this.flips = new Stream(seed, "memory.flip");
    this.numbers = new Stream(seed, "tether sessions");
    this.board = new BoardChip(image, seed, {
      sent: (byte) => { this.sent(byte); },
      stepped: () => { this.stepped(); },
      cutoff: (closed) => { this.cutoff(closed); },
      sample: () => {
        this.catchUp();
        this.devices!.supply.sample();
        return world.supply_mV();
      },
      failed: (reason) => { world.witness.breach(this.now_ms, "the board's image gave up, by its number", 0, reason); },
      bitten: () => { this.cutoff(false); },
    });
    this.host = this.newHost();
  }

  get now_ms(): number {
    return this.host.now_ms;
  }

  get up(): boolean {
    return this.host.up;
  }

  get entries(): number {
    return this.host.entries;
  }

  readonly panic: Board["panic"] = (reason) => this.host.panic(reason);

  /** The judge is told when the program is. */
  readonly onResult = (): void => undefined;
  readonly onEdge = (told: () => void): void => { this.edges.push(told); };

  attach(board: Board): void {
    this.devices = board;
    this.host = this.newHost();
  }

  private newHost(): TetherHost {
    const { devices, world: { trace, witness, motor, events } } = this;
    const local = devices ?? ({} as Board);
    const host = new TetherHost({
      factory: this.factory,
      local: { storage: local.storage, link: local.link, cipher: local.cipher, entropy: local.entropy, retained: local.retained },
      random: () => this.numbers.next(),
      watcher: {
        booting: (at_ms, cause, detail) => {
          this.powered = true;
          trace.emit(TraceKind.reset, at_ms, cause, detail, 0, 0);
          events.booting(at_ms, cause, detail);
        },
        selfTested: (at_ms, failed) => { events.selfTested(at_ms, failed); },
        down: (at_ms, cause, detail) => { this.wentDown(at_ms, cause, detail); },
        commanded: (at_ms) => {
          this.commanded_ms = at_ms;
          this.commanded_us = this.now_us;
          if (motor.command()) this.ordered = true;
        },
        cut: (_at_ms, on) => {
          this.asked = !on;
          // Given back, as the program says so; the switch follows within ms, if there is a line. Cut it is when the switch is open.
          if (!on && host.tether.phase === Phase.up) local.cutoff.cut(0);
        },
        sounded: (_at_ms, tone, duration_ms) => { local.sounder.sound(tone, duration_ms); },
        told: (at_ms, source, a, b) => { this.told(at_ms, source, a, b); },
        badDeadline: (at_ms, deadline_ms) => { trace.emit(TraceKind.host, at_ms, HostEvent.bad_deadline, Number.isSafeInteger(deadline_ms) ? deadline_ms : -1, 0, 0); },
        line: (event, now_us) => {
          if (event.kind === "lost" && event.cause === "problem") witness.breach(host.now_ms, problemText(host.tether.problem, host.tether.detail), 0, host.tether.problem);
          this.line(event, now_us);
        },
        late: (late_us) => { this.measures.align_us_max = Math.max(this.measures.align_us_max, Math.abs(late_us - this.step_us)); },
      },
    });
    return host;
  }

  powerOn(delay_ms: number): void {
    const { engine, boot_delay_ms } = this.world;
    if (this.powered) throw new Error("the pump has power already");
    const { retained } = this.devices!;
    for (let slot = 0; slot < Retained.slots; slot++) retained[slot] = this.garbage.slot();
    const boot_ms = this.now_ms + delay_ms;
    const from_us = (boot_ms - boot_delay_ms) * 1000;
    const before = this.host;
    this.host = this.newHost();
    this.host.now_ms = before.now_ms;
    this.host.start(boot_ms, ResetCause.power, 0);
    if (from_us < 0) this.roll();
    else {
      this.waiting_us = Math.max(engine.now_us, this.world.crystal.true_us(boot_ms - boot_delay_ms));
      engine.arm(this.running, this.waiting_us);
    }
  }

  /** The first power-on: all that comes before time 0, in which there is nothing but board, line and host. */
  private roll(): void {
    this.rolling = true;
    this.before_us = -BEFORE_US;
    this.board.powerOn(this.chip_ns(-BEFORE_US));
    while (this.before_us < 0) {
      const next_us = Math.min(0, this.next_us());
      this.before_us = Math.max(this.before_us, next_us);
      if (this.before_us < 0) this.step(0);
    }
    this.rolling = false;
    if (this.host.tether.phase !== Phase.up) throw new Error(`no therapy begins: ${problemText(this.host.tether.problem, this.host.tether.detail)}`);
    this.arm();
  }

  selfTestChanged(): void {
    this.settle();
    this.board.failDrive((this.world.events.selfTest() & SelfTest.motor) !== 0);
    this.arm();
  }

  /** True time. */
  private get now_us(): number {
    return this.rolling ? this.before_us : this.world.engine.now_us;
  }

  /** The controller's own clock, which is pump time. */
  private host_us(true_us: number): number {
    return true_us < 0 ? true_us : this.world.crystal.pump_us(true_us);
  }

  private trueOfHost_us(host_us: number): number {
    return host_us === Infinity ? Infinity : host_us < 0 ? host_us : this.world.crystal.trueAt_us(host_us);
  }

  private chip_ns(true_us: number): number {
    return (ZERO_US + boardTime_us(true_us, this.board_ppb)) * 1000;
  }

  private trueOfChip_us(chip_us: number): number {
    return trueTime_us(chip_us - ZERO_US, this.board_ppb);
  }

  /** When the next thing is due, in true time. */
  private next_us(): number {
    if (this.waiting_us !== Infinity) return this.waiting_us;
    const { board, serial, host } = this;
    const sleeps_ns = board.sleeps_until_ns;
    const chip_us = sleeps_ns === undefined ? this.trueOfChip_us(Math.floor(board.now_ns / 1000) + 1) : sleeps_ns === Infinity ? Infinity : this.trueOfChip_us(Math.ceil(sleeps_ns / 1000));
    const host_us = Math.max(this.frozen_until_us, this.trueOfHost_us(host.next_us));
    return Math.max(this.now_us, Math.min(chip_us, serial.next_us, host_us));
  }

  private arm(): void {
    if (this.rolling) return;
    const { engine } = this.world;
    const next_us = this.next_us();
    if (next_us === Infinity) engine.cancel(this.running);
    else engine.arm(this.running, next_us);
  }

  private advance(): void {
    if (this.waiting_us !== Infinity) {
      this.waiting_us = Infinity;
      this.board.powerOn(this.chip_ns(this.now_us));
    }
    this.step(this.world.engine.horizon_us);
    this.arm();
  }

  /** What is due now: bytes, the controller, then the chip for as long as nothing else is. */
  private step(horizon_us: number): void {
    const { serial } = this;
    this.settle();
    const { out, back } = serial.take(this.now_us);
    for (const byte of out) this.board.receive(byte);
    if (back.length > 0) this.give(back);
    if (this.now_us >= this.frozen_until_us && this.now_us >= this.trueOfHost_us(this.host.next_us)) this.wake();
    const until_us = Math.min(horizon_us, serial.next_us, Math.max(this.frozen_until_us, this.trueOfHost_us(this.host.next_us)));
    if (until_us > this.now_us) this.board.run(this.chip_ns(until_us));
  }

  private wake(): void {
    this.host.wake(this.host_us(this.now_us));
    this.post();
  }

  /** What the controller has to say goes out. */
  post(): void {
    for (let bytes = this.host.take(); bytes !== undefined; bytes = this.host.take()) this.serial.write(this.now_us, bytes);
  }

  /** The chip comes to the present: before something from outside reaches it. */
  private settle(): void {
    const now_ns = this.chip_ns(this.now_us);
    while (this.board.chip !== undefined && this.board.now_ns < now_ns) this.board.run(now_ns);
  }

  /** An output of the chip: true time follows. */
  private catchUp(): void {
    const us = this.trueOfChip_us(Math.floor(this.board.now_ns / 1000));
    if (this.rolling) this.before_us = Math.max(this.before_us, us);
    else if (us > this.world.engine.now_us) this.world.engine.pass(Math.min(us, this.world.engine.horizon_us));
  }

  private sent(byte: number): void {
    this.catchUp();
    const bytes = this.serial.sent(this.now_us, byte);
    if (bytes.length > 0) this.give(bytes);
    this.board.stop();
  }

  private give(bytes: readonly number[]): void {
    if (this.now_us < this.frozen_until_us) {
      this.backlog.push(...bytes);
      return;
    }
    const all = this.backlog.length === 0 ? bytes : [...this.backlog, ...bytes];
    this.backlog = [];
    this.host.bytes(this.host_us(this.now_us), Uint8Array.from(all));
    this.post();
  }

  private stepped(): void {
    this.catchUp();
    const { world: { witness, engine, crystal, motor }, measures } = this;
    if (!this.ordered) witness.breach(this.now_ms, "the motor was driven, and nobody had commanded it", 0, 1);
    this.ordered = false;
    measures.steps++;
    measures.step_gap_us_min = Math.min(measures.step_gap_us_min, engine.now_us - this.last_step_us);
    measures.order_age_us_max = Math.max(measures.order_age_us_max, engine.now_us - this.commanded_us);
    this.last_step_us = engine.now_us;
    motor.energise();
    this.step_us = engine.now_us - crystal.true_us(this.commanded_ms);
    measures.late_us.push(this.step_us);
    this.board.stop();
  }

  private cutoff(closed: boolean): void {
    if (this.devices === undefined || this.rolling) return;
    this.catchUp();
    // What nobody here asked for the board did by itself: nobody holds the switch.
    if (closed || !this.asked) this.devices.cutoff.cut(closed ? 0 : 1);
    else this.world.cutoff.resetHappened(this.now_ms, false);
    this.board.stop();
  }

  private told(at_ms: number, source: AnySource, a: number, b: number): void {
    const { world: { trace, witness } } = this;
    this.resets_in_a_row = 0;
    if (source === Source.motor) {
      this.heard = { result: a, entries: this.entries };
      trace.emit(TraceKind.result, at_ms, a, b, 0, 0);
      witness.resulted(at_ms, a, true);
    } else if (source === Source.rotor && a !== (RotorEdge.late as number)) {
      const told = this.edges.shift();
      if (told !== undefined) told();
      else {
        trace.emit(TraceKind.edge, at_ms, a, b, 0, 0);
        witness.edged(at_ms, a === (RotorEdge.reverse as number));
      }
    }
  }

  private wentDown(at_ms: number, cause: ResetCause, detail: number): void {
    const { world: { trace, witness, events } } = this;
    if (cause === ResetCause.panic) trace.emit(TraceKind.host, at_ms, HostEvent.panic, detail, 0, 0);
    else if (cause === ResetCause.watchdog && !this.pressed) trace.emit(TraceKind.host, at_ms, HostEvent.watchdog, 0, 0, 0);
    if (cause === ResetCause.panic && this.heard?.entries === this.entries) witness.doubted(this.heard.result);
    if (++this.resets_in_a_row > RESETS_IN_A_ROW_MAX) throw new NoProgress(`no progress: ${RESETS_IN_A_ROW_MAX} resets in a row`);
    this.epoch++;
    this.edges = [];
    this.asked = false;
    events.down(at_ms, false);
  }

  received(at_ms: number, bytes: readonly number[], count: number): boolean {
    const heard = this.host.chunk(this.host_us(this.now_us), at_ms, bytes.slice(0, count));
    this.post();
    this.arm();
    return heard;
  }

  deliver(epoch: number, at_ms: number, source: AnySource, a: number, b: number): boolean {
    if (epoch !== this.epoch || !this.powered) return false;
    if (source === Source.supply) return true; // the board's ADC shows it
    if (source === Source.rotor || source === Source.motor) {
      if (source === Source.motor && a !== (MotorResult.confirmed as number)) return true;
      this.settle();
      this.board.edge(source === Source.rotor && a === (RotorEdge.reverse as number));
      this.arm();
      return true;
    }
    const heard = this.host.event(this.host_us(this.now_us), at_ms, source, a, b);
    this.post();
    this.arm();
    return heard;
  }

  rearm(): void {
    this.arm();
  }

  faultBegins(kind: string, value: number): void {
    if (!this.powered) throw new Error(`${kind}: the pump has no power`);
    const { crystal } = this.world;
    const here_ms = crystal.pump_ms(Math.max(crystal.since_us, this.world.now_us()));
    if (kind === "memory.flip") this.flip(value);
    else {
      this.rest();
      if (kind === "processor.reset") {
        this.pressed = true;
        this.host.reset(this.host_us(this.now_us), here_ms, ResetCause.watchdog, 0);
        this.pressed = false;
        this.post();
      } else this.powerLost(Math.max(here_ms, this.now_ms), value);
    }
    this.arm();
  }

  private flip(slot: number): void {
    const { retained } = this.devices!;
    const bit = 2 ** this.flips.below(RETAINED_BITS);
    const content = retained[slot]!;
    retained[slot] = Math.floor(content / bit) % 2 === 1 ? content - bit : content + bit;
  }

  /** It follows a pulse, whose step came late: in the pump's logical time it is as much earlier. */
  brownOut(off_ms: number): void {
    const { crystal, engine } = this.world;
    this.powerLost(Math.max(this.now_ms, crystal.pump_ms(Math.max(crystal.since_us, engine.now_us - this.step_us))), off_ms);
  }

  private powerLost(at_ms: number, off_ms: number): void {
    const { world: { trace, events } } = this;
    trace.emit(TraceKind.host, at_ms, HostEvent.power_off, off_ms, 0, 0);
    this.host.powerOff();
    this.host.now_ms = Math.max(this.host.now_ms, at_ms);
    this.board.powerOff();
    this.serial.cut(this.now_us, 0);
    this.powered = false;
    this.epoch++;
    this.edges = [];
    this.asked = false;
    this.ordered = false;
    events.down(at_ms, true);
    this.powerOn(off_ms + this.world.boot_delay_ms);
  }

  faultEnds(kind: string): void {
    throw new Error(`${kind} happens once: there is nothing to heal`);
  }

  /** The controller is stopped, as in a debugger: nothing is called, nothing is sent; what the board says meanwhile waits in the port. */
  freeze(duration_us: number): void {
    this.frozen_until_us = this.now_us + duration_us;
    this.arm();
  }

  rest(): void {
    const { engine, crystal } = this.world;
    const at_ms = crystal.pump_ms(engine.now_us);
    const limit_us = engine.now_us + REST_US_MAX;
    const done = (): boolean => {
      const reached = this.host.reached(this.host_us(this.now_us), at_ms);
      this.post();
      this.arm();
      return reached;
    };
    while (!done() && engine.step(limit_us));
  }
}
