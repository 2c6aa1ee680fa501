// The motor of the head: commands, true motion, and the result they get.

import { Source } from "../../hal/controller";
import { Motion, MotorResult, type Motor } from "../../hal/motor";
import { Edge, RotorEdge } from "../../hal/rotor";
import { type Engine, Timer } from "../engine/timers";
import { Stream } from "../engine/random";
import type { FaultKind } from "../fault-kind";
import { type Trace, TraceKind } from "../trace";
import type { Unit } from "../unit";
import { Dip } from "./battery";
import type { Crystal } from "./crystal";
import type { FaultSite, Host, Witness } from "./host";
import { LOST, type Rotor } from "./rotor";
import { Runaway } from "./runaway";

export const MOTOR_FAULTS: readonly FaultKind[] = [
  {
    kind: "motor.stalled",
    what: "The head does not turn, as in an MRI field; the rotor gives no edge.",
    unknown_to_pump: "Whether the head stands still or the sensor is dead: both are silence.",
  },
  {
    kind: "motor.weak",
    what: "Some pulses do not turn the head, drawn from a stream of its own.",
    unknown_to_pump: "Whether the drug of an unconfirmed pulse moved.",
    value: { unit: "permille", min: 1, max: 1000, what: "pulses of 1000 that do not move" },
  },
  {
    kind: "motor.worn",
    what: "Each pulse moves another volume than it was calibrated to.",
    unknown_to_pump: "The volume: it is computed from pulses and not measured, so books and truth part.",
    value: { unit: "permille", min: 900, max: 1300, what: "true stroke, in 1000ths of the unit's" },
  },
  {
    kind: "motor.reverse",
    what: "Each pulse turns the head backwards. What that would draw back out of tubing and catheter is not modelled: no drug moves at all.",
    unknown_to_pump: "How much of a backward pulse's drug moved: the pulse stays uncertain.",
  },
  {
    kind: "motor.runaway",
    what: "A shorted driver turns the head by itself whenever the drive has its supply, a pulse's volume each time.",
    unknown_to_pump: "A motion whose edge the sensor did not give, or gave in place of a pulse's own.",
    value: { unit: "ms", min: 100, max: 3_600_000, what: "from one motion to the next" },
  },
];

/** What turns when the motor does: the plant. */
export interface Head {
  /** One motion of `stroke_pL` happened. */
  turned(stroke_pL: number): void;
  /** The same, and nobody commanded it. */
  strayed(stroke_pL: number): void;
  /** One motion backwards happened. */
  turnedBack(): void;
}

/** What the drive's supply is switched by. */
export interface DriveSupply {
  /** Whether the drive has it. */
  readonly supplied: boolean;
  /** Whether the program wants it to: a switch that is stuck does not do as it is told. */
  readonly asked: boolean;
}

/** Where the motor stands in time. */
export interface MotorTime {
  /** Pump time of what is noticed now. */
  readonly noticed_ms: () => number;
  /** True time at which a fault that begins now begins. */
  readonly fault_us: () => number;
}

/** How long a pulse's drive is on (`STEP_US` of hal/pico/src/hardware.h). */
const DRIVE_US = 8000;

/**
 * The drive. A pulse moves the head at the instant of its command; the rotor's edge, if there is one, comes
 * later. A command while a pulse is in flight turns nothing and gets no result; one within 750 ms of the
 * last does turn the head; one while the drive is cut turns nothing. All three break the contract, and the witness is told.
 *
 * The sensor cannot tell of which motion an edge is. The first forward one after a command is the pulse's, whatever turned
 * the head; a motion of its own that comes besides then gives an edge too many, and that one is told as uncommanded.
 */
export class MotorDevice implements FaultSite {
  /** Calls of `pulse`, over the pump's life. */
  commanded = 0;
  /** The latest that a pulse came after the true instant of its logical time, in us. */
  late_us_max = 0;
  /** Whether a pulse awaits its result. */
  in_flight = false;
  private driven_until_us = 0;
  private stalled = false;
  private weak_permille = 0;
  private stroke_pL: number;
  private last_ms = -Motion.interval_ms_min;
  private epoch = 0;
  private latency_ms = 0;
  private begun_us = 0;
  private edge_back = false;
  private reversed = false;
  /** The last pulse was missed, and no edge has come since: the next forward one is late. */
  private watching = false;
  /** A forward edge up to here may be of a pulse that a reset cut off: the pump takes it for that, and is not blamed. */
  private owed_until_ms = -1;
  private readonly runaway: Runaway;
  private readonly weak: Stream;
  private readonly dipped: Stream;
  private readonly edge = new Timer(() => this.edgeCame());
  private readonly timeout = new Timer(() => this.finish(MotorResult.missed, Motion.confirm_ms_max));

  constructor(
    private readonly engine: Engine,
    private readonly crystal: Crystal,
    private readonly host: Host,
    private readonly rotor: Rotor,
    private readonly head: Head,
    private readonly witness: Witness,
    private readonly trace: Trace,
    private readonly unit: Unit,
    /** Draws the pulse's charge; gives for how many ms the supply then breaks down. */
    private readonly drain: () => number,
    private readonly supply: DriveSupply,
    private readonly time: MotorTime,
    seed: number,
  ) {
    this.runaway = new Runaway(engine, () => supply.supplied, () => this.runAway(), () => { this.sensed(); });
    this.stroke_pL = unit.stroke_pL;
    this.weak = new Stream(seed, "motor.weak");
    this.dipped = new Stream(seed, "battery.dip");
  }

  /** The capability that the controller is given. */
  readonly capability: Motor = { pulse: () => { if (this.command()) this.energise(); } };

  /** Whether the supply bears the motor's load: a pulse awaits its result, or its drive is on although its edge came at once. */
  get loads(): boolean {
    return this.in_flight || this.engine.now_us < this.driven_until_us;
  }

  /** The program's command, which a drive that is elsewhere has yet to hear of. False if it is none, since a pulse is in flight. */
  command(): boolean {
    const at_ms = this.host.now_ms;
    this.commanded++;
    this.trace.emit(TraceKind.pulse, at_ms, this.commanded, 0, 0, 0);
    this.witness.commanded(at_ms, !this.in_flight);
    if (this.in_flight) {
      this.witness.breach(at_ms, "a motor command while a pulse was in flight", 0, 1);
      return false;
    }
    if (at_ms - this.last_ms < Motion.interval_ms_min) {
      this.witness.breach(at_ms, "a motor command too soon after the last, in ms", Motion.interval_ms_min, at_ms - this.last_ms);
    }
    this.last_ms = at_ms;
    this.epoch = this.host.epoch;
    return true;
  }

  /** The drive is energised for the last command. */
  energise(): void {
    const at_ms = this.last_ms;
    const { supplied, asked } = this.supply;
    if (!supplied && !asked) this.witness.breach(at_ms, "a motor command while the drive has no supply", 1, 0);
    this.engine.cancel(this.edge); // a late edge of the pulse before is not seen once the head turns again
    this.begun_us = this.engine.now_us;
    this.in_flight = true;
    this.watching = false;
    this.owed_until_ms = -1;
    const dip_ms = supplied ? this.drive() : 0;
    this.late_us_max = Math.max(this.late_us_max, this.engine.now_us - this.crystal.true_us(at_ms));
    const moved = supplied && !this.stalled && !(this.weak_permille > 0 && this.weak.permille(this.weak_permille)) && !this.lames(dip_ms);
    if (moved && this.reversed) this.head.turnedBack();
    else if (moved) this.head.turned(this.stroke_pL);
    const edge_us = moved ? this.rotor.edgeAfter_us() : LOST;
    this.await(edge_us === LOST || dip_ms > Dip.ride_ms_max ? LOST : edge_us + dip_ms * 1000);
  }

  /** The drive takes its charge; gives for how many ms the supply then breaks down. */
  private drive(): number {
    this.driven_until_us = this.engine.now_us + DRIVE_US;
    return this.drain();
  }

  /** The head turns by itself; gives when the edge of it comes. */
  private runAway(): number {
    if (this.stalled) return LOST;
    this.drive();
    this.head.strayed(this.stroke_pL);
    return this.rotor.edgeAfter_us();
  }

  /** The drive's supply may have changed. */
  supplyChanged(): void {
    this.runaway.follow();
  }

  /** The program starts again: it does not know of edges that it has not heard, and takes one that comes soon for one of those. */
  booting(at_ms: number, power: boolean): void {
    this.owed_until_ms = (power ? at_ms : this.last_ms) + Motion.interval_ms_min;
  }

  /** Whether a dip of the supply keeps the head from turning: a long one does or does not. */
  private lames(dip_ms: number): boolean {
    return dip_ms > Dip.ride_ms_max && this.dipped.below(2) === 0;
  }

  /** Arms what will end the pulse. At 500 ms exactly the edge wins over the timeout. */
  private await(edge_us: number): void {
    const now = this.engine.now_us;
    const measured_us = edge_us === LOST ? 0 : this.crystal.measured_us(edge_us);
    const confirms = edge_us !== LOST && !this.reversed && measured_us <= Motion.confirm_ms_max * 1000;
    if (edge_us !== LOST) {
      this.latency_ms = Math.floor(measured_us / 1000);
      this.edge_back = this.reversed;
      this.engine.arm(this.edge, now + edge_us);
    }
    if (!confirms) this.engine.arm(this.timeout, now + this.crystal.trueSpan_us(Motion.confirm_ms_max * 1000));
  }

  private edgeCame(): void {
    const at_ms = this.last_ms + this.latency_ms;
    if (this.edge_back) this.tell(RotorEdge.reverse, at_ms, this.latency_ms);
    else this.forward(at_ms, this.latency_ms);
  }

  /** The edge of a motion that nobody commanded. */
  private sensed(): void {
    const since_ms = this.epoch === this.host.epoch ? Math.floor(this.crystal.measured_us(this.engine.now_us - this.begun_us) / 1000) : 0;
    this.forward(this.in_flight ? this.last_ms + since_ms : this.time.noticed_ms(), since_ms);
  }

  /** A forward edge: whose it is, is told by what is waited for. */
  private forward(at_ms: number, since_ms: number): void {
    const heard = this.epoch === this.host.epoch;
    if (this.in_flight) {
      this.engine.cancel(this.timeout);
      this.finish(MotorResult.confirmed, since_ms);
      if (heard) return;
    } else if (this.watching && heard) {
      this.watching = false;
      this.rotor.lateEdge(this.epoch, at_ms, since_ms);
      return;
    }
    this.tell(RotorEdge.uncommanded, at_ms, heard ? since_ms : 0);
  }

  /** Tells the program of an edge that it did not wait for; on the way to it a machine may take some ms. */
  private tell(edge: RotorEdge, at_ms: number, since_ms: number): void {
    const { host } = this;
    if (!host.up) return;
    const owed = edge === RotorEdge.uncommanded && at_ms < this.owed_until_ms;
    if (owed) this.owed_until_ms = -1;
    const told = (): void => {
      this.trace.emit(TraceKind.edge, at_ms, edge, since_ms, 0, 0);
      if (!owed) this.witness.edged(at_ms, edge === RotorEdge.reverse);
    };
    if (host.onEdge === undefined) told();
    else host.onEdge(told);
    host.deliver(host.epoch, at_ms, Source.rotor, edge, Math.min(since_ms, Edge.since_ms_max));
  }

  private finish(result: MotorResult, latency_ms: number): void {
    const at_ms = this.last_ms + latency_ms;
    const heard = this.epoch === this.host.epoch;
    this.in_flight = false;
    this.watching = result === MotorResult.missed;
    // The judge must not know it before the program can: an answer that is being made meanwhile is of the instant before.
    if (heard && this.host.onResult !== undefined) this.host.onResult(() => { this.tellJudge(at_ms, result, latency_ms, heard); });
    else this.tellJudge(at_ms, result, latency_ms, heard);
    if (!heard) return;
    const epoch = this.epoch;
    this.host.deliver(epoch, at_ms, Source.motor, result, latency_ms);
    // A machine's program is given it later, if at all, and the machine knows. Where power went, the books in flash say what was counted.
    if (epoch !== this.host.epoch && this.host.powered && this.host.onResult === undefined) this.witness.doubted(result);
  }

  /** A method, and no function made anew at each pulse: that would cost a tenth of a run. */
  private tellJudge(at_ms: number, result: MotorResult, latency_ms: number, heard: boolean): void {
    this.trace.emit(TraceKind.result, at_ms, result, latency_ms, 0, 0);
    this.witness.resulted(at_ms, result, heard);
  }

  faultBegins(kind: string, value: number): void {
    if (kind === "motor.stalled") this.stalled = true;
    else if (kind === "motor.reverse") this.reversed = true;
    else if (kind === "motor.runaway") this.runaway.begin(this.time.fault_us(), value);
    else if (kind === "motor.weak") this.weak_permille = value;
    else this.stroke_pL = Math.floor((this.unit.stroke_pL * value) / 1000);
  }

  faultEnds(kind: string): void {
    if (kind === "motor.stalled") this.stalled = false;
    else if (kind === "motor.reverse") this.reversed = false;
    else if (kind === "motor.runaway") this.runaway.end();
    else if (kind === "motor.weak") this.weak_permille = 0;
    else this.stroke_pL = this.unit.stroke_pL;
  }
}
