// The bench: one emulated pump, its world, the oracle and the trace.

import type { Board } from "../hal/board";
import type { ControllerFactory } from "../hal/controller";
import { Fault } from "../hal/faults";
import { Unit as Units } from "../hal/units";
import { Op } from "../protocol/operations";
import { Battery } from "./devices/battery";
import { Crystal } from "./devices/crystal";
import { MotorDevice } from "./devices/motor";
import { Rotor } from "./devices/rotor";
import { SounderDevice } from "./devices/sounder";
import { StorageDevice } from "./devices/storage";
import { Engine, Timer } from "./engine/timers";
import type { FaultOrder } from "./fault-kind";
import { FaultPanel } from "./faults";
import { Oracle } from "./oracle/oracle";
import { Plant } from "./plant";
import { Processor } from "./processor";
import { Trace, TraceKind } from "./trace";
import { DEFAULT_UNIT, type Unit } from "./unit";

export { NoProgress } from "./engine/timers";
export { DEFAULT_UNIT, type Unit } from "./unit";
export type { Violation } from "./oracle/violation";

/** What the pump answered: fault is 0 or the reason of a refusal. */
export interface Answer {
  readonly fault: number;
  readonly values: readonly number[];
}

export interface BenchOptions {
  readonly controller: ControllerFactory;
  /** Of all random streams; default 1. */
  readonly seed?: number;
  /** How late each wake reaches the processor; default 0. */
  readonly lag_us?: number;
  /** What differs from DEFAULT_UNIT. */
  readonly unit?: Partial<Unit>;
}

/** Nobody answered a request: no power, or a reset before the answer. */
export class NoAnswer extends Error {
  override readonly name = "NoAnswer";
}

/** How long a request waits for its answer: a boot, then a pulse boundary, are far quicker. */
export const ANSWER_US_MAX = 60_000_000;
/** How long a power loss waits for storage. */
const HOLD_UP_US_MAX = 1_000_000;
/** The oracle looks this often when nothing happens. */
const CHECK_MS = Units.ms_per_hour;

/**
 * Everything that one run needs. The bench has a clock of its own, `now_us`: the scenario's instant. The
 * engine runs ahead of it by the lag, so that at each scenario instant a late processor has done what a
 * prompt one would have.
 */
export class Bench {
  readonly unit: Unit;
  readonly engine = new Engine();
  readonly trace = new Trace();
  readonly plant: Plant;
  readonly oracle: Oracle;
  readonly processor: Processor;
  readonly motor: MotorDevice;
  readonly battery: Battery;
  readonly sounder: SounderDevice;
  readonly storage: StorageDevice;
  private readonly crystal: Crystal;
  private readonly faults: FaultPanel;
  private readonly lag_us: number;
  private here_us = 0;
  private next_check_ms = CHECK_MS;
  private asked: { readonly op: number; readonly args: readonly number[] } | undefined;
  private answer: Answer | undefined;
  private readonly checking = new Timer(() => this.check());

  constructor(options: BenchOptions) {
    const unit = { ...DEFAULT_UNIT, ...options.unit };
    const seed = options.seed ?? 1;
    this.unit = unit;
    this.lag_us = options.lag_us ?? 0;
    for (const [name, value] of Object.entries<number>({ ...unit, seed, lag_us: this.lag_us })) {
      if (!Number.isSafeInteger(value)) throw new Error(`${name} must be an integer: ${value}`);
    }
    if (this.lag_us < 0) throw new Error(`a lag cannot be negative: ${this.lag_us}`);
    const engine = this.engine;
    engine.runUntil(this.lag_us);
    const trace = this.trace;
    const crystal = new Crystal(unit.crystal_ppb, () => engine.now_us - this.lag_us, () => this.clockMoved());
    this.crystal = crystal;
    this.plant = new Plant(unit, () => crystal.pump_ms(engine.now_us - this.lag_us));
    this.oracle = new Oracle(unit, () => engine.now_us, {
      motions: () => this.plant.motions, commanded: () => this.motor.commanded, drawn_nC: () => this.battery.drawn_nC,
    });
    const processor = new Processor(engine, crystal, trace, options.controller, this.lag_us, unit.boot_delay_ms, {
      down: (at_ms, power) => this.wentDown(at_ms, power),
      booting: (at_ms, cause) => { this.oracle.booting(at_ms, cause); },
    }, seed);
    this.processor = processor;
    const rotor = new Rotor(processor, trace, unit.latency_us, seed);
    this.battery = new Battery(engine, crystal, processor, this.oracle, () => this.motor.in_flight, unit, (off_ms) => this.brownOut(off_ms));
    this.motor = new MotorDevice(engine, crystal, processor, rotor, this.plant, this.oracle, trace, unit, () => this.battery.pulse(), seed);
    this.sounder = new SounderDevice(processor, this.oracle, trace, (duration_ms) => { this.battery.draw(duration_ms * unit.tone_nC_per_ms); });
    this.storage = new StorageDevice(engine, crystal, processor, this.oracle, trace);
    processor.attach(this.board());
    this.faults = new FaultPanel({
      motor: this.motor, rotor, crystal, battery: this.battery, reservoir: this.plant.reservoir, catheter: this.plant.catheter,
      storage: this.storage, sounder: this.sounder, processor, power: processor, memory: processor,
    }, (index, began, value) => { trace.emit(TraceKind.fault, this.pump_ms(), index, began ? 1 : 0, value, 0); });
  }

  /** The scenario's instant in true us: engine.now_us less the lag. Measure waits by this one. */
  get now_us(): number {
    return this.here_us;
  }

  /** The crystal's pump time at that instant. */
  pump_ms(): number {
    return this.crystal.pump_ms(this.here_us);
  }

  /** First boot, at once. */
  powerOn(): void {
    this.processor.powerOn(0);
    this.armCheck();
    this.settle();
  }

  /**
   * Posts a request at the present instant and lets time run until it is answered: at once, or at the next
   * pulse boundary. Throws NoAnswer if nobody answers. A pump that boots is waited for.
   */
  request(op: Op, args: readonly number[] = []): Answer {
    for (const value of args) {
      if (!Number.isSafeInteger(value)) throw new Error(`a request carries integers, and operation ${op} has ${value}`);
    }
    const limit_us = this.engine.now_us + ANSWER_US_MAX;
    while (!this.processor.up) {
      if (!this.engine.step(limit_us)) throw this.noAnswer(op, "the pump is not running");
    }
    this.catchUp();
    this.asked = { op, args: [...args] };
    this.answer = undefined;
    const epoch = this.processor.epoch;
    this.processor.request(this.pump_ms(), op, this.asked.args);
    while (this.answered() === undefined) {
      if (epoch !== this.processor.epoch) throw this.noAnswer(op, "the pump was reset before it answered");
      if (!this.engine.step(limit_us)) throw this.noAnswer(op, `no answer within ${ANSWER_US_MAX / 1_000_000} s`);
    }
    this.asked = undefined;
    this.catchUp();
    return this.answered()!;
  }

  /** The values of `Op.status`. Throws if the pump refuses. */
  status(): readonly number[] {
    const answer = this.request(Op.status);
    if (answer.fault !== Fault.ok) throw new Error(`the pump refused to tell its status: fault ${answer.fault}`);
    return answer.values;
  }

  /** Lets true time pass. */
  advance_us(duration_us: number): void {
    if (!Number.isSafeInteger(duration_us) || duration_us < 0) throw new Error(`time cannot pass by ${duration_us} us`);
    this.here_us += duration_us;
    this.settle();
  }

  /** Starts a fault now. Throws on an unknown kind, or a value that is missing or out of range. */
  inject(order: FaultOrder): void {
    if (order.kind === "power.off") this.holdUp();
    this.faults.inject(order);
    if (order.kind === "memory.flip") this.oracle.memoryDamaged();
    this.settle();
  }

  /** Ends a fault. Throws if it is not active. */
  heal(kind: string): void {
    this.faults.heal(kind);
  }

  /** Kinds of the faults that are active now. */
  get active_faults(): ReadonlySet<string> {
    return this.faults.kinds;
  }

  /** The closing check: asks status, and lets the oracle compare books, plant and prescription. */
  finish(): void {
    this.status();
    this.oracle.finish(this.pump_ms());
  }

  private answered(): Answer | undefined {
    return this.answer;
  }

  private noAnswer(op: Op, why: string): NoAnswer {
    this.asked = undefined;
    return new NoAnswer(`operation ${op} was not answered: ${why}`);
  }

  /** Lets the engine reach the scenario's instant, lag included. */
  private settle(): void {
    this.engine.runUntil(Math.max(this.engine.now_us, this.here_us + this.lag_us));
  }

  /** The supply's capacitor: power lasts until storage is at rest. A cut inside a write is not modelled. */
  private holdUp(): void {
    const limit_us = this.engine.now_us + HOLD_UP_US_MAX;
    while (this.storage.busy) {
      if (!this.engine.step(limit_us)) throw new Error("power.off: storage did not come to rest within a second, and a cut inside a write is not modelled");
    }
    this.catchUp();
  }

  /** The supply broke down for longer than its capacitor holds: power is lost, as soon as storage is at rest. */
  private brownOut(off_ms: number): boolean {
    if (this.storage.busy) return false;
    if (this.processor.powered) this.processor.faultBegins("power.off", off_ms);
    return true;
  }

  /** A wait for an answer took time: the scenario's instant follows. */
  private catchUp(): void {
    this.here_us = Math.max(this.here_us, this.engine.now_us - this.lag_us);
  }

  private board(): Board {
    return {
      motor: this.motor.capability,
      supply: this.battery.capability,
      sounder: this.sounder.capability,
      storage: this.storage.capability,
      link: { answer: (fault, values, count) => { this.take(fault, values, count); } },
      retained: [],
      panic: this.processor.panic,
    };
  }

  private take(fault: number, values: readonly number[], count: number): void {
    const at_ms = this.processor.now_ms;
    const given = values.slice(0, count);
    if (this.asked === undefined || this.answer !== undefined) {
      this.oracle.breach(at_ms, "an answer to no request", 0, 1);
      return;
    }
    for (const value of given) {
      if (!Number.isSafeInteger(value)) throw new Error(`an answer carries integers, and operation ${this.asked.op} gave ${value}`);
    }
    this.answer = { fault, values: given };
    this.trace.emit(TraceKind.answer, at_ms, this.asked.op, fault, count, 0);
    this.trace.more(given, given.length);
    const { op, args } = this.asked;
    if (op === Op.refill && fault === Fault.ok) this.plant.reservoir.refill(args[0]!, args[1]!);
    this.oracle.answered(at_ms, op, args, fault, given);
  }

  private wentDown(at_ms: number, power: boolean): void {
    if (power) this.storage.powerLost();
    else this.storage.resetHappened();
    this.oracle.down(at_ms, power);
  }

  private clockMoved(): void {
    this.processor.rearm();
    if (this.checking.armed) this.armCheck();
  }

  private armCheck(): void {
    this.engine.arm(this.checking, Math.max(this.engine.now_us, this.crystal.true_us(this.next_check_ms) + this.lag_us));
  }

  private check(): void {
    this.battery.keepCount();
    this.oracle.check(this.next_check_ms);
    this.next_check_ms += CHECK_MS;
    this.armCheck();
  }
}
