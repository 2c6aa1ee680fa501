// The motor of the head: commands, true motion, and the result they get.

import { Source } from "../../hal/controller";
import { Motion, MotorResult, type Motor } from "../../hal/motor";
import { type Engine, Timer } from "../engine/timers";
import { Stream } from "../engine/random";
import type { FaultKind } from "../fault-kind";
import { type Trace, TraceKind } from "../trace";
import type { Unit } from "../unit";
import { Dip } from "./battery";
import type { Crystal } from "./crystal";
import type { FaultSite, Host, Witness } from "./host";
import { LOST, type Rotor } from "./rotor";

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
];

/** What turns when the motor does: the plant. */
export interface Head {
  /** One motion of `stroke_pL` happened. */
  turned(stroke_pL: number): void;
}

/** How long a pulse's drive is on (`STEP_US` of hal/pico/src/hardware.h). */
const DRIVE_US = 8000;

/**
 * The drive. A pulse moves the head at the instant of its command; the rotor's edge, if there is one, comes
 * later. A command while a pulse is in flight turns nothing and gets no result; one within 750 ms of the
 * last does turn the head. Both break the contract, and the witness is told.
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
  private edge_late = false;
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
    seed: number,
  ) {
    this.stroke_pL = unit.stroke_pL;
    this.weak = new Stream(seed, "motor.weak");
    this.dipped = new Stream(seed, "battery.dip");
  }

  /** The capability that the controller is given. */
  readonly capability: Motor = { pulse: () => this.pulse() };

  /** Whether the supply bears the motor's load: a pulse awaits its result, or its drive is on although its edge came at once. */
  get loads(): boolean {
    return this.in_flight || this.engine.now_us < this.driven_until_us;
  }

  private pulse(): void {
    const at_ms = this.host.now_ms;
    this.commanded++;
    this.trace.emit(TraceKind.pulse, at_ms, this.commanded, 0, 0, 0);
    this.witness.commanded(at_ms, !this.in_flight);
    if (this.in_flight) {
      this.witness.breach(at_ms, "a motor command while a pulse was in flight", 0, 1);
      return;
    }
    if (at_ms - this.last_ms < Motion.interval_ms_min) {
      this.witness.breach(at_ms, "a motor command too soon after the last, in ms", Motion.interval_ms_min, at_ms - this.last_ms);
    }
    this.engine.cancel(this.edge); // a late edge of the pulse before is not seen once the head turns again
    this.last_ms = at_ms;
    this.epoch = this.host.epoch;
    this.in_flight = true;
    this.driven_until_us = this.engine.now_us + DRIVE_US;
    const dip_ms = this.drain();
    this.late_us_max = Math.max(this.late_us_max, this.engine.now_us - this.crystal.true_us(at_ms));
    const moved = !this.stalled && !(this.weak_permille > 0 && this.weak.permille(this.weak_permille)) && !this.lames(dip_ms);
    if (moved) this.head.turned(this.stroke_pL);
    const edge_us = moved ? this.rotor.edgeAfter_us() : LOST;
    this.await(edge_us === LOST || dip_ms > Dip.ride_ms_max ? LOST : edge_us + dip_ms * 1000);
  }

  /** Whether a dip of the supply keeps the head from turning: a long one does or does not. */
  private lames(dip_ms: number): boolean {
    return dip_ms > Dip.ride_ms_max && this.dipped.below(2) === 0;
  }

  /** Arms what will end the pulse. At 500 ms exactly the edge wins over the timeout. */
  private await(edge_us: number): void {
    const now = this.engine.now_us;
    const measured_us = edge_us === LOST ? 0 : this.crystal.measured_us(edge_us);
    const confirms = edge_us !== LOST && measured_us <= Motion.confirm_ms_max * 1000;
    if (edge_us !== LOST) {
      this.latency_ms = Math.floor(measured_us / 1000);
      this.edge_late = !confirms;
      this.engine.arm(this.edge, now + edge_us);
    }
    if (!confirms) this.engine.arm(this.timeout, now + this.crystal.trueSpan_us(Motion.confirm_ms_max * 1000));
  }

  private edgeCame(): void {
    if (this.edge_late) this.rotor.lateEdge(this.epoch, this.last_ms + this.latency_ms, this.latency_ms);
    else this.finish(MotorResult.confirmed, this.latency_ms);
  }

  private finish(result: MotorResult, latency_ms: number): void {
    const at_ms = this.last_ms + latency_ms;
    const heard = this.epoch === this.host.epoch;
    this.in_flight = false;
    const told = (): void => {
      this.trace.emit(TraceKind.result, at_ms, result, latency_ms, 0, 0);
      this.witness.resulted(at_ms, result, heard);
    };
    // The judge must not know it before the program can: an answer that is being made meanwhile is of the instant before.
    if (heard && this.host.onResult !== undefined) this.host.onResult(told);
    else told();
    if (!heard) return;
    const epoch = this.epoch;
    this.host.deliver(epoch, at_ms, Source.motor, result, latency_ms);
    if (epoch !== this.host.epoch) this.witness.doubted(result);
  }

  faultBegins(kind: string, value: number): void {
    if (kind === "motor.stalled") this.stalled = true;
    else if (kind === "motor.weak") this.weak_permille = value;
    else this.stroke_pL = Math.floor((this.unit.stroke_pL * value) / 1000);
  }

  faultEnds(kind: string): void {
    if (kind === "motor.stalled") this.stalled = false;
    else if (kind === "motor.weak") this.weak_permille = 0;
    else this.stroke_pL = this.unit.stroke_pL;
  }
}
