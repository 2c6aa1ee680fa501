// Recovery: what a clinician does about a pump until therapy runs again.

import { Fault } from "../../hal/faults";
import { errorText } from "../../hal/fault-texts";
import { Unit } from "../../hal/units";
import { Alarm, Alarms } from "../../protocol/alarms";
import { ALARM_NAMES, nameOf, OPERATION_NAMES, STATE_NAMES } from "../../protocol/names";
import { Delivery, Op, Status } from "../../protocol/operations";
import { Role } from "../../protocol/service";
import { Activity, Bridge, Drug, Mode, State } from "../../protocol/states";
import { constantRate } from "../../protocol/wand/procedures/prescription";
import { confirmAll } from "../../protocol/wand/procedures/program";
import { Refused } from "../../protocol/wand/procedures/procedure";
import { NoAnswer, setUpOf } from "../bench";
import type { Bench } from "../bench";
import { NoProgress } from "../engine/timers";
import type { Runner } from "./runner";

export interface RecoveryOrder {
  readonly rate_ng_per_day: number;
  /** Of the drug that is filled in where there is too little. */
  readonly concentration: number;
  /** By when therapy must run: the message says what was against it last. */
  readonly within_ms: number;
  /** How long it must then go on, pulse for pulse. */
  readonly for_ms: number;
}

/** Between one attempt and the next, at first and later: what a minute does not bring may need a day, such as the link's energy (BATT-3). */
const round_ms = Unit.ms_per_minute;
const rounds_soon = 20;
const round_later_ms = 30 * Unit.ms_per_minute;
/** Below this the clinician fills up: the default at which the alarm comes, and a day's flow. */
const low_pL = 5_000_000_000;
/** A step up by more than 40 % in 24 h is refused (LIMIT-1): then lower, so often at most. */
const attempts_max = 9;
/** The fraction that a rate begins with and the one it ends with; a pulse may be put off by the one before it. */
const pulses_tolerance = 2;

/** Minutes from midnight on for which a rate is given that is too much for a whole day. */
const PARTS_OF_A_DAY = [720, 360, 180, 60, 30, 15];

/** What speaks against a rate on a whole day, and not against one for some minutes of it. */
const TOO_MUCH: readonly Fault[] = [Fault.flow_below_minimum, Fault.dose_step_too_large];

/** Concentrations that a drug can be had in (FILL-4). */
const LABELS = [500, 1000, 2000];

const ACTIVE = (bits: number, alarm: number): boolean => Math.floor(bits / 2 ** alarm) % 2 === 1;

/** One recovery. `last` is what kept it from the end, for the message. */
class Recovery {
  private last = "the pump does not answer";
  /** Of the prescription that was given here, -1 before. */
  private version = -1;
  /** Whether it is one rate on every day. */
  private flat = false;
  /** Pulses confirmed before it began, -1 before. */
  private confirmed = -1;

  constructor(private readonly runner: Runner, private readonly bench: Bench, private readonly order: RecoveryOrder) {}

  run(): void {
    const { runner, bench, order } = this;
    for (const kind of [...bench.active_faults]) runner.healFault(kind);
    runner.connect({ role: Role.clinician });
    // An outage is over when it is over: there is nothing to be treated before.
    while (!bench.processor.powered) runner.wait(round_ms);
    const end_us = bench.now_us + order.within_ms * 1000;
    for (let round = 1; !this.round(); round += 1) {
      if (bench.now_us >= end_us) throw new NoProgress(`therapy does not come back: ${this.last}`);
      runner.wait(round < rounds_soon ? round_ms : round_later_ms);
    }
    this.hold();
  }

  private request(op: Op, args: readonly number[]): boolean {
    const { fault } = this.bench.request(op, args);
    if (fault !== Fault.ok) this.last = `${nameOf(OPERATION_NAMES, op)} refused: ${errorText(fault).name}`;
    return fault === Fault.ok;
  }

  /** One look at the pump, and everything that it asks for. True once therapy runs at the rate. */
  private round(): boolean {
    try {
      const status = this.bench.look(Op.status);
      if (status[Status.state] === State.end_of_service) throw new NoProgress("therapy does not come back: the pump is at its end of service");
      return this.treat(status);
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      this.last = error.message;
      return false;
    }
  }

  private treat(status: readonly number[]): boolean {
    const { bench } = this;
    const delivery = bench.look(Op.delivery);
    const alarms = status[Status.alarms]!;
    if (ACTIVE(alarms, Alarm.clock_doubtful)) this.request(Op.set_clock, [status[Status.wall_ms]!, status[Status.wall_ms]!]);
    if (delivery[Delivery.prime_left_pL]! > 0 && !this.request(Op.cancel, [Activity.prime])) return false;
    if (delivery[Delivery.bolus] !== 0 && !this.request(Op.cancel, [Activity.bolus])) return false;
    // What was set up is asked for again only where it was lost; anywhere else it is refused, and that is well.
    if (status[Status.state] === State.safe_minimum && status[Status.mode] === Mode.none) bench.request(Op.set_up, setUpOf(bench.unit));
    if (status[Status.version] !== this.version && !this.prescribe(status)) return false;
    if (this.confirmed < 0) this.confirmed = status[Status.confirmed]!;
    return this.runs(status, ACTIVE(alarms, Alarm.not_delivering) ? delivery[Delivery.missed_hours]! : 0);
  }

  /** Whether therapy runs: after 48 h without delivery the first pulse that is confirmed can lead out of it once more (DOSE-9). */
  private runs(status: readonly number[], missed_hours: number): boolean {
    const { bench } = this;
    const { state } = this.now();
    if (state !== State.therapy) {
      this.request(Op.start, [missed_hours]);
      this.last = `${this.last}; state ${nameOf(STATE_NAMES, state)}`;
      return false;
    }
    if (!bench.cutoff.supplied) return this.not("the drive has no supply");
    return status[Status.confirmed]! > this.confirmed || this.not("no pulse is confirmed");
  }

  private not(why: string): false {
    this.last = why;
    return false;
  }

  private now(): { readonly state: State } {
    return { state: this.bench.look(Op.status)[Status.state]! };
  }

  /** The rate, on every day; a lower one where the step would be too large. With a refill where there is little left. */
  private prescribe(status: readonly number[]): boolean {
    const { bench, order: { rate_ng_per_day } } = this;
    // The drug that is in it, if that can be had: another one takes a bridge.
    const concentration = LABELS.includes(status[Status.concentration]!) ? status[Status.concentration]! : this.order.concentration;
    const { unit: { capacity_nL }, plant } = bench;
    const refill = {
      drug: Drug.baclofen, volume_nL: capacity_nL - 1_400_000, concentration, aspirated_nL: Math.floor(plant.reservoir_pL / 1000), rinsed: true, lot: 0, bridge: Bridge.bridge,
    };
    // A pocket fill: the syringe shows what the books cannot.
    const low = Math.min(status[Status.remaining_low_pL]!, plant.reservoir_pL) < low_pL || status[Status.concentration] === 0;
    const filled = !low || this.request(Op.refill, [refill.drug, refill.volume_nL, concentration, refill.aspirated_nL, 0, 0]);
    let fault = this.tryRates(rate_ng_per_day, filled ? {} : { refill });
    // Of a weaker drug there is more to be pumped.
    const weaker = filled ? [] : LABELS.filter((label) => label < concentration).reverse();
    for (const label of weaker) if (fault === Fault.flow_below_minimum) fault = this.tryRates(rate_ng_per_day, { refill: { ...refill, concentration: label } });
    this.flat = fault === Fault.ok;
    // So much less was given, by steps of zero, that no rate on every day is near enough: what is in force stays, or a part of the day is without.
    if (fault === Fault.flow_below_minimum && filled && status[Status.mode] === Mode.schedule) this.version = status[Status.version]!;
    else for (const minutes of PARTS_OF_A_DAY) if (TOO_MUCH.includes(fault)) fault = this.tryRates(rate_ng_per_day, filled ? {} : { refill }, minutes);
    return this.version >= 0;
  }

  /** Gives the reason against the last rate that was tried. */
  private tryRates(rate_ng_per_day: number, more: object, minutes = 1440): Fault {
    let rate = rate_ng_per_day;
    for (let attempt = 1; ; attempt += 1) {
      const staged = { ...constantRate(rate), ...(minutes === 1440 ? {} : { steps: [{ key: 0, rate_ng_per_day: rate }, { key: minutes, rate_ng_per_day: 0 }] }), ...more };
      try {
        this.version = this.bench.prescribe(staged, (review) => confirmAll(staged, review, 1));
        return Fault.ok;
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        this.last = `prescribe refused: ${errorText(error.fault).name}`;
        const too_much = error.fault === Fault.dose_step_too_large || error.fault === Fault.first_dose_above_maximum;
        if (!too_much || attempt === attempts_max) return error.fault;
        rate = Math.floor((rate * 3) / 4);
      }
    }
  }

  /** Therapy must go on: pulse for pulse at the rate, and no critical alarm on at the end. */
  private hold(): void {
    const { runner, bench, order: { for_ms } } = this;
    const before = bench.look(Op.status);
    const exact = this.flat && bench.look(Op.delivery)[Delivery.bridge_left_pL]! === 0;
    runner.wait(for_ms);
    const after = bench.look(Op.status);
    const grown = (of: Status): number => after[of]! - before[of]!;
    const say = (text: string): never => { throw new NoProgress(`therapy does not go on: ${text}`); };
    if (after[Status.state] !== State.therapy) say(`state ${nameOf(STATE_NAMES, after[Status.state]!)} after it ran`);
    for (let alarm = 1; alarm <= Alarms.last_critical; alarm += 1) if (ACTIVE(after[Status.alarms]!, alarm)) say(`alarm ${nameOf(ALARM_NAMES, alarm)} is on`);
    const pulse_fg = bench.unit.pulse_pL * after[Status.concentration]!;
    // The old drug sets the pace as long as it is on the way.
    const owed = Math.floor((after[Status.rate]! * 1_000_000 * grown(Status.pump_ms)) / (pulse_fg * Unit.ms_per_day));
    const pulses = grown(Status.commanded);
    if (pulses === 0) say("no pulse");
    if (exact && Math.abs(pulses - owed) > pulses_tolerance) say(`${String(pulses)} pulses of ${String(owed)} that the rate asks for`);
    if (grown(Status.uncertain) > 0 || grown(Status.confirmed) < pulses - 1) say(`${String(grown(Status.confirmed))} pulses confirmed of ${String(pulses)}`);
  }
}

/**
 * Ends every fault, asks the pump and does what it needs (the clock, a refill, the prescription, a start, with the hours missed if it asks for them), again and again until
 * therapy runs; then watches it. Throws `NoProgress` if it does not run in time, or does not go on.
 */
export function recover(runner: Runner, order: RecoveryOrder): void {
  new Recovery(runner, runner.bench, order).run();
}
