// The bench: one emulated pump, its world, the oracle and the trace.

import type { Board } from "../hal/board";
import { Clock } from "../hal/clock";
import { ResetCause } from "../hal/controller";
import { Fault } from "../hal/faults";
import { Book } from "../hal/storage";
import { Unit as Units } from "../hal/units";
import { Op } from "../protocol/operations";
import { RecordKind } from "../protocol/records";
import { Role } from "../protocol/service";
import { Bridge } from "../protocol/states";
import { patientKey } from "../protocol/wand/cipher";
import { fitsFields, layoutsOf } from "../protocol/wand/core/operations";
import type { Order, Result, WandOptions } from "../protocol/wand/core/order";
import type { StagedPrescription } from "../protocol/wand/procedures/prescription";
import { runProcedure, type Procedure } from "../protocol/wand/procedures/procedure";
import { program, type Confirmed, type PrescriptionReview } from "../protocol/wand/procedures/program";
import { isMachine, type Brain, type BrainEvents, type Program } from "./brain";
import { checkIntegers, type Answer, type BenchOptions, type WandUser } from "./bench-options";
import { BenchWand, GIVE_UP_US, TURNAROUND_US } from "./bench-wand";
import { CipherDevice, type CipherTap } from "./devices/cipher";
import { Battery } from "./devices/battery";
import { Crystal } from "./devices/crystal";
import { CutoffDevice } from "./devices/cutoff";
import { drawBytes, EntropyDevice } from "./devices/entropy";
import { BAUD, LinkDevice, type LineEnd } from "./devices/link";
import { MotorDevice } from "./devices/motor";
import type { FlashCut } from "./devices/flash";
import { Rotor } from "./devices/rotor";
import { SelfTestDevice } from "./devices/self-test";
import { SounderDevice } from "./devices/sounder";
import { COMMIT_MS, StorageDevice, type Fate } from "./devices/storage";
import { Stream } from "./engine/random";
import { Engine, Timer } from "./engine/timers";
import type { FaultOrder } from "./fault-kind";
import { FaultPanel } from "./faults";
import { Hindsight } from "./oracle/hindsight";
import { Oracle, type Truth } from "./oracle/oracle";
import { Plant } from "./plant";
import { Processor } from "./processor";
import { Trace, TraceKind } from "./trace";
import { DEFAULT_UNIT, type Unit } from "./unit";
import { WireTap, type Answered } from "./wire-tap";

export type { Answer, BenchOptions, WandUser } from "./bench-options";
export { NoProgress } from "./engine/timers";
export { DEFAULT_UNIT, type Unit } from "./unit";
export type { Violation } from "./oracle/violation";

/** The arguments of `Op.set_up` for this unit. */
export function setUpOf({ pulse_pL, capacity_nL, catheter_cm, previous_ng }: Unit): number[] {
  return [pulse_pL, capacity_nL, catheter_cm, previous_ng, previous_ng];
}

/** Nobody answered a request: no power, a dead line, or a pump that lets nobody in. */
export class NoAnswer extends Error {
  override readonly name = "NoAnswer";
}

/** How long a request waits for a pump that boots. */
export const BOOT_US_MAX = 60_000_000;
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
  readonly processor: Brain;
  readonly motor: MotorDevice;
  readonly cutoff: CutoffDevice;
  readonly battery: Battery;
  readonly sounder: SounderDevice;
  readonly storage: StorageDevice;
  readonly link: LinkDevice;
  /** The wand's end of the line; the bench's own wand has it unless `BenchOptions.wand` is false. */
  readonly line: LineEnd;
  /** The key that the bench's wand gives the pump. */
  readonly key: Uint8Array;
  /** The oracle, if power may be cut inside storage. */
  readonly hindsight: Hindsight | undefined;
  /** What the wand is at. */
  private in_hand: Order | undefined;
  private readonly cipher: CipherDevice;
  private readonly entropy: EntropyDevice;
  private readonly tap: WireTap;
  private readonly draws: Stream;
  private readonly wand: BenchWand | undefined;
  private readonly crystal: Crystal;
  private readonly faults: FaultPanel;
  private readonly self_test = new SelfTestDevice(() => { this.processor.selfTestChanged?.(); });
  private readonly lag_us: number;
  private readonly instant: boolean;
  private readonly excluded: Readonly<Record<string, string>>;
  private here_us = 0;
  /** How far the engine is ahead by `rest` alone. */
  private rested_us = 0;
  /** The session is left open while time passes. */
  private stays = false;
  private next_check_ms = CHECK_MS;
  private readonly checking = new Timer(() => this.check());

  constructor(options: BenchOptions) {
    const unit = { ...DEFAULT_UNIT, ...options.unit };
    const seed = options.seed ?? 1;
    this.unit = unit;
    this.lag_us = options.lag_us ?? 0;
    this.instant = options.instant ?? false;
    this.excluded = isMachine(options.controller) ? options.controller.excluded : {};
    checkIntegers({ ...unit, seed, lag_us: this.lag_us });
    const engine = this.engine;
    engine.runUntil(this.lag_us);
    const trace = this.trace;
    const crystal = new Crystal(unit.crystal_ppb, () => engine.now_us - this.lag_us, () => this.clockMoved());
    this.crystal = crystal;
    this.plant = new Plant(unit, () => crystal.pump_ms(engine.now_us - this.lag_us));
    const truth: Truth = {
      motions: () => this.plant.motions, uncommanded: () => this.plant.uncommanded, commanded: () => this.motor.commanded, drawn_nC: () => this.battery.drawn_nC,
    };
    const now_us = (): number => engine.now_us;
    this.hindsight = options.cuts === true ? new Hindsight(() => new Oracle(unit, now_us, truth), unit, now_us, truth) : undefined;
    this.oracle = this.hindsight ?? new Oracle(unit, now_us, truth);
    const processor = this.brain(options.controller, seed);
    this.processor = processor;
    const rotor = new Rotor(processor, trace, unit.latency_us, seed);
    this.battery = new Battery(engine, crystal, processor, this.oracle, () => this.motor.loads, unit, (off_ms) => this.brownOut(off_ms));
    this.cutoff = new CutoffDevice(processor, this.oracle, trace, () => { this.motor.supplyChanged(); });
    this.motor = new MotorDevice(engine, crystal, processor, rotor, this.plant, this.oracle, trace, unit, () => this.battery.pulse(), this.cutoff, {
      noticed_ms: () => crystal.pump_ms(this.present_us), fault_us: () => this.here_us + this.lag_us,
    }, seed);
    this.sounder = new SounderDevice(processor, this.oracle, trace, (duration_ms) => { this.battery.draw(duration_ms * unit.tone_nC_per_ms); });
    this.storage = new StorageDevice(engine, crystal, processor, this.oracle, trace, this.instant ? 0 : COMMIT_MS, {
      opened: (transaction) => { this.hindsight?.opened(transaction); }, ended: (transaction) => { this.plant.fill(); this.hindsight?.ended(transaction); }, cut: () => { processor.cutPower?.(); },
    }, seed);
    if (this.hindsight !== undefined) this.storage.own = processor.own_flash;
    this.link = new LinkDevice(engine, crystal, processor, trace, (on) => { this.battery.linkPower(on); }, this.lag_us, seed, options.baud ?? (this.instant ? 0 : BAUD));
    this.line = this.link.line;
    trace.on((kind, _at_ms, a, op, fault) => {
      if (kind === TraceKind.record && a === RecordKind.operation) this.tap.recorded(op, fault);
    });
    this.tap = new WireTap({
      answered: (answered) => { this.answered(answered); },
      breach: (text, expected, seen) => { this.oracle.breach(processor.now_ms, text, expected, seen); },
      // What a machine takes to get there is no part of the scenario's time.
      now_us: () => (isMachine(options.controller) ? crystal.true_us(processor.now_ms) : this.present_us),
    });
    this.cipher = new CipherDevice(this.tap);
    this.entropy = new EntropyDevice(seed);
    this.draws = new Stream(seed, "wand");
    this.key = drawBytes(new Stream(seed, "key"), 32);
    this.wand = options.wand === false ? undefined : new BenchWand(engine, this.line, this.lag_us, this.user({ role: Role.clinician }));
    processor.attach(this.board());
    this.faults = new FaultPanel({
      motor: this.motor, cutoff: this.cutoff, rotor, crystal, battery: this.battery, reservoir: this.plant.reservoir, catheter: this.plant.catheter,
      storage: this.storage, sounder: this.sounder, link: this.link, processor, power: processor, memory: processor, self_test: this.self_test,
    }, (index, began, value) => { trace.emit(TraceKind.fault, this.pump_ms(), index, began ? 1 : 0, value, 0); });
  }

  private brain(built: Program, seed: number): Brain {
    const { engine, crystal, trace, oracle, lag_us, unit: { boot_delay_ms } } = this;
    const events: BrainEvents = {
      down: (at_ms, power) => this.wentDown(at_ms, power),
      booting: (at_ms, cause, detail) => {
        this.storage.booting();
        this.motor.booting(at_ms, cause === ResetCause.power);
        oracle.booting(at_ms, cause, detail);
      },
      selfTest: () => this.self_test.failed,
      selfTested: (at_ms, failed) => { oracle.selfTested(at_ms, failed); },
    };
    if (!isMachine(built)) return new Processor(engine, crystal, trace, built, lag_us, boot_delay_ms, events, seed, this.instant ? 0 : Clock.link_ahead_ms_min);
    if (lag_us > 0 || this.instant) throw new Error("a machine is as late as it is: it has neither a lag nor a line without time");
    const tap: CipherTap = {
      opening: (info) => { this.tap.opening(info); }, opened: () => { this.tap.opened(); },
      request: (message) => { this.tap.request(message); }, answer: (message) => { this.tap.answer(message); },
    };
    return built.start({
      engine, crystal, trace, seed, boot_delay_ms, events, witness: oracle, motor: { command: () => this.motor.command(), energise: () => { this.motor.energise(); } }, cutoff: { resetHappened: (at_ms, power) => { this.cutoff.resetHappened(at_ms, power); } }, tap, stored: (all) => { this.storage.went(all); },
      now_us: () => engine.now_us - this.rested_us, supply_mV: () => this.battery.sample_mV, left: (bytes) => { this.link.sent(bytes); },
    });
  }

  /** Where the engine is, its lag taken off: after a call of the pump that is ahead of `now_us`. */
  get present_us(): number {
    return this.engine.now_us - this.lag_us;
  }

  /** The wand's turnaround: from one frame of its own to the next, at least. */
  get turnaround_us(): number {
    return this.instant ? 0 : TURNAROUND_US;
  }

  /** The scenario's instant in true us: engine.now_us less the lag. Measure waits by this one. */
  get now_us(): number {
    return this.here_us;
  }

  /** The crystal's pump time at that instant, or at another true one from it on. */
  pump_ms(at_us = this.here_us): number {
    return this.crystal.pump_ms(at_us);
  }

  /** First boot, at once; then the bench's wand, if there is one, gives the pump its key. */
  powerOn(): void {
    this.processor.powerOn(0);
    this.armCheck();
    this.settle();
    if (this.wand === undefined) return;
    const result = this.carry({ kind: "provision", key: this.key });
    if (result.kind !== "done") throw new NoAnswer(`the pump did not take its key: ${textOf(result)}`);
    this.catchUp();
  }

  /** From now on somebody else is at the wand: another role, or a stranger's key. Who was there says good-bye, unless he was to stay. */
  connect(user: WandUser): void {
    const wand = this.ownWand();
    this.hangUp();
    this.await(wand);
    wand.replace(this.user(user));
    this.stays = user.stays ?? false;
  }

  /**
   * Asks for an operation, by frames on the line and in a session, which is opened if there is none; over loss and resets the wand asks again for the same.
   * Afterwards the scenario's instant is that at which the pump did it, although the engine is ahead of it by the answer's way. `raw` are the
   * bytes of the fields, in place of `args`. Throws NoAnswer if nobody answers, and an Error for arguments that the fields cannot hold.
   * A pump that boots is waited for.
   */
  request(op: Op, args: readonly number[] = [], raw?: Uint8Array): Answer {
    const { answer, performed_us } = this.ask(op, args, raw);
    this.here_us = Math.max(this.here_us, performed_us);
    return answer;
  }

  /** Does what a wand's procedure asks for, one request after another. What the procedure throws comes out. */
  run<T>(procedure: Procedure<T>): T {
    return runProcedure(procedure, ({ op, args }) => this.request(op, args));
  }

  /** Stages, reviews and commits a prescription. Throws Refused where the pump refuses. Gives its version. */
  prescribe(prescription: StagedPrescription, confirm?: (review: PrescriptionReview) => boolean | Confirmed): number {
    return this.run(program(prescription, confirm)).version;
  }

  /** The values of `Op.status`. Throws if the pump refuses. */
  status(): readonly number[] {
    const answer = this.request(Op.status);
    if (answer.fault !== Fault.ok) throw new Error(`the pump refused to tell its status: fault ${answer.fault}`);
    return answer.values;
  }

  /** The values of a reading, at once: a look takes no time of the scenario's, whose instant stays. They are those of the instant at which the pump answered. */
  look(op: Op): readonly number[] {
    const { answer } = this.ask(op, []);
    if (answer.fault !== Fault.ok) throw new Error(`the pump refused to tell: operation ${op}, fault ${answer.fault}`);
    return answer.values;
  }

  /** This bench is about to be made a copy of another one: its own wand is gone, and so is what it waits for. */
  beginAnew(): void {
    this.wand?.renew(this.user({ role: Role.clinician }));
  }

  /** This bench was made a copy of another one: from here on it lives by itself. */
  standHere(): void {
    this.here_us = this.present_us;
    this.rested_us = 0;
  }

  /** The wand does once more what the other's was at when this bench was copied, under the same operation id. */
  again(): Result | undefined {
    const { in_hand } = this;
    return in_hand === undefined ? undefined : this.carry(in_hand);
  }

  /** An order for the wand other than an operation; gives what became of it. */
  order(order: Order): Result {
    return this.carry(order);
  }

  /** Before a look at what was due by now: a machine is given the time that it takes, some ms, which are none of the scenario's. */
  rest(): void {
    const before_us = this.engine.now_us;
    this.processor.rest?.();
    this.rested_us += this.engine.now_us - before_us;
  }

  /** Lets true time pass. A session that is open is closed first, so that the link sleeps meanwhile. */
  advance_us(duration_us: number): void {
    if (!Number.isSafeInteger(duration_us) || duration_us < 0) throw new Error(`time cannot pass by ${duration_us} us`);
    if (duration_us > 0) this.hangUp();
    this.rested_us = Math.max(0, this.rested_us - duration_us);
    this.here_us += duration_us;
    this.settle();
  }

  /** Power is to be cut at the operation of storage's flash with that number, counted from now on: the first is 1. */
  cutPower(cut: FlashCut): void {
    if (this.hindsight === undefined) throw new Error("this bench was not made for cuts of power inside storage");
    const { flash } = this.storage.own ?? this.storage;
    flash.cut = { ...cut, operation: flash.operations + cut.operation };
  }

  /** Starts a fault now. Throws on an unknown kind, or a value that is missing or out of range. */
  inject(order: FaultOrder): void {
    const why = this.excluded[order.kind];
    if (why !== undefined) throw new Error(`${order.kind}: not on this target: ${why}`);
    if (order.kind === "power.off") this.holdUp();
    // The crystal tells time from its last change on: an instant before that can no longer be asked for.
    if (order.kind.startsWith("crystal.")) this.catchUp();
    this.faults.inject(order);
    if (order.kind === "storage.write_fails") this.processor.storageFails?.(true);
    if (order.kind === "memory.flip") this.oracle.memoryDamaged();
    this.settle();
  }

  /** Ends a fault. Throws if it is not active. */
  heal(kind: string): void {
    if (kind.startsWith("crystal.")) this.catchUp();
    this.faults.heal(kind);
    if (kind === "storage.write_fails") this.processor.storageFails?.(false);
  }

  /** Kinds of the faults that are active now. */
  get active_faults(): ReadonlySet<string> {
    return this.faults.kinds;
  }

  /** The closing check: asks status, and lets the oracle compare books, plant and prescription. */
  finish(): void {
    const { performed_us } = this.ask(Op.status, []);
    this.oracle.finish(this.crystal.pump_ms(performed_us));
  }

  /** What a wand needs to be this user's. */
  private user({ role, key, lenient }: WandUser): WandOptions {
    const own = role === Role.patient ? patientKey(this.key) : this.key;
    return { random: (count) => drawBytes(this.draws, count), role, key: key ?? own, turnaround_us: this.turnaround_us, give_up_us: GIVE_UP_US, lenient: lenient ?? false };
  }

  private ownWand(): BenchWand {
    if (this.wand === undefined) throw new Error("this bench has no wand of its own: its line is somebody else's");
    return this.wand;
  }

  private ask(op: Op, args: readonly number[], bytes?: Uint8Array): { readonly answer: Answer; readonly performed_us: number } {
    // What there is no layout for has no fields.
    const raw = bytes ?? (layoutsOf(op) === undefined ? new Uint8Array(0) : undefined);
    if (bytes === undefined && !fitsFields(op, args)) throw new Error(`the arguments of operation ${op} do not fit its fields: ${args.join(" ")}`);
    const id = drawBytes(this.draws, 8);
    const op_id = new DataView(id.buffer).getBigUint64(0, true);
    const result = this.carry({ kind: "operate", op, args, op_id, ...(raw === undefined ? {} : { raw }) });
    if (result.kind !== "answer") throw new NoAnswer(`operation ${op} was not answered: ${textOf(result)}`);
    this.tap.told(op_id);
    return { answer: { fault: result.fault, values: result.values }, performed_us: this.tap.answered_us(op_id) ?? this.present_us };
  }

  /** Lets time run until the wand has the order's result. */
  private carry(order: Order): Result {
    const wand = this.ownWand();
    const boot_us = this.engine.now_us + BOOT_US_MAX;
    while (!this.processor.up) {
      if (!this.engine.step(boot_us)) throw new NoAnswer("nobody answers: the pump is not running");
    }
    if (wand.busy) this.rested_us = 0;
    this.await(wand);
    this.in_hand = order;
    wand.begin(order, this.present_us - this.rested_us);
    this.rested_us = 0;
    const result = this.await(wand)!;
    this.in_hand = undefined;
    return result;
  }

  /** Runs until the wand's order is done; there may be none. */
  private await(wand: BenchWand): Result | undefined {
    const limit_us = this.engine.now_us + 2 * GIVE_UP_US;
    while (wand.busy) {
      if (!this.engine.step(limit_us)) throw new Error("the wand does not give up");
    }
    return wand.result;
  }

  /** Says good-bye, if there is a session to be ended. */
  private hangUp(): void {
    if (this.wand === undefined || this.stays || this.wand.busy || !this.wand.in_session) return;
    this.wand.begin({ kind: "close", wait: false });
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
    if (this.processor.powered) this.processor.brownOut(off_ms);
    return true;
  }

  /** A wait for an answer took time: the scenario's instant follows. */
  private catchUp(): void {
    this.here_us = Math.max(this.here_us, this.present_us);
  }

  private board(): Board {
    return {
      motor: this.motor.capability,
      cutoff: this.cutoff.capability,
      supply: this.battery.capability,
      sounder: this.sounder.capability,
      storage: this.storage.capability,
      link: this.link.capability,
      cipher: this.cipher.capability,
      entropy: this.entropy.capability,
      retained: [],
      panic: this.processor.panic,
    };
  }

  /** The pump answered a request, whoever sent it. What it accepted happens to the plant and is law for the oracle. */
  private answered({ op, args, fault, values, committed }: Answered): void {
    const at_ms = this.processor.now_ms;
    this.trace.emit(TraceKind.answer, at_ms, op, fault, values.length, 0);
    this.trace.more(values, values.length);
    if (fault !== Fault.ok) return;
    if (args === undefined) {
      this.oracle.breach(at_ms, "a request accepted whose bytes are not its fields, operation", 0, op);
      return;
    }
    // A commit of what nobody staged is a breach, and told by the tap.
    if (op === Op.commit && committed === undefined) return;
    const fill = op === Op.refill ? args : committed?.refill;
    if (fill !== undefined) this.plant.hold({ volume_nL: fill[1]!, concentration: fill[2]!, rinsed: fill[4] === 1, cleared: committed?.refill?.[5] === Bridge.cleared });
    if (this.hindsight === undefined) this.plant.fill();
    this.oracle.answered(at_ms, op, args, fault, values, committed);
  }

  private wentDown(at_ms: number, power: boolean): void {
    if (power) this.settleFate(at_ms, this.storage.powerLost());
    else this.storage.resetHappened();
    this.link.resetHappened();
    this.cipher.resetHappened();
    this.tap.resetHappened();
    this.oracle.down(at_ms, power);
    this.cutoff.resetHappened(at_ms, power);
  }

  /** After a power loss: what is durable has happened, although nobody was told; what is not has not. */
  private settleFate(at_ms: number, { lost, tally }: Fate): void {
    const undone = lost.flatMap(({ records }) => records.filter(({ kind, b }) => kind === (RecordKind.operation as number) && b === (Fault.ok as number)).map(({ a }) => a));
    for (const op of undone) this.tap.lost(op);
    if (undone.includes(Op.refill) || undone.includes(Op.commit)) this.plant.forgetFills();
    this.plant.fill();
    this.hindsight?.lost(lost.length);
    if (tally?.book === Book.commanded && tally.counts) this.oracle.booked(at_ms);
    if (tally?.book === Book.confirmed && !tally.counts) this.oracle.unconfirmed();
  }

  private clockMoved(): void {
    this.processor.rearm();
    this.link.rearm();
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

function textOf(result: Result): string {
  return result.kind === "failed" ? result.text : `the wand has another result: ${result.kind}`;
}
