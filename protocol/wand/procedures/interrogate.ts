// Interrogation: all that a programmer shows of a pump, read in one go.

import { Fault } from "../../../hal/faults";
import { Op, Reservoir, Status } from "../../operations";
import type { RefillBy } from "../../service";
import type { Mode, State } from "../../states";
import { readDelivery } from "./delivery";
import type { PumpDelivery } from "./delivery";
import { readLog } from "./log";
import type { LogReading } from "./log";
import { readPrescription } from "./read-prescription";
import type { HeldPrescription } from "./prescription";
import { ask, askUnless, Refused } from "./procedure";
import type { Procedure } from "./procedure";

/** The answer to `Op.status` by name; see protocol/SERVICE.md for each. */
export interface PumpStatus {
  readonly state: State;
  readonly commanded: number;
  readonly confirmed: number;
  readonly uncertain: number;
  readonly in_flight: number;
  readonly remaining_pL: number;
  readonly remaining_low_pL: number;
  /** Numbers of the active alarms, the most urgent first. */
  readonly alarms: readonly number[];
  readonly pump_ms: number;
  readonly wall_ms: number;
  /** ng/day, or nL/day at the minimum rate. */
  readonly rate: number;
  readonly version: number;
  readonly charge_used_nC: number;
  readonly filtered_mV: number;
  readonly mode: Mode;
  readonly concentration: number;
  readonly alarm_changes: number;
}

/** Numbers of the alarms whose bits are set in `mask`. */
export function alarmsIn(mask: number): readonly number[] {
  const alarms: number[] = [];
  for (let alarm = 0; alarm < 32; alarm += 1) if (Math.floor(mask / 2 ** alarm) % 2 === 1) alarms.push(alarm);
  return alarms;
}

export function statusOf(values: readonly number[]): PumpStatus {
  const at = (index: Status): number => values[index] ?? 0;
  return {
    state: at(Status.state), commanded: at(Status.commanded), confirmed: at(Status.confirmed), uncertain: at(Status.uncertain), in_flight: at(Status.in_flight),
    remaining_pL: at(Status.remaining_pL), remaining_low_pL: at(Status.remaining_low_pL), alarms: alarmsIn(at(Status.alarms)), pump_ms: at(Status.pump_ms),
    wall_ms: at(Status.wall_ms), rate: at(Status.rate), version: at(Status.version), charge_used_nC: at(Status.charge_used_nC),
    filtered_mV: at(Status.filtered_mV), mode: at(Status.mode), concentration: at(Status.concentration), alarm_changes: at(Status.alarm_changes),
  };
}

/** The answer to `Op.reservoir` by name. Wall times are 0 where there is none. */
export interface PumpReservoir {
  readonly fill_nL: number;
  readonly concentration: number;
  readonly remaining_pL: number;
  readonly remaining_low_pL: number;
  readonly low_volume_nL: number;
  readonly capacity_nL: number;
  readonly pulse_pL: number;
  readonly filled_wall_ms: number;
  readonly refill_by_ms: number;
  readonly refill_nominal_ms: number;
  readonly refill_decided: RefillBy;
  readonly critical_interval_min: number;
  readonly other_interval_min: number;
}

export function reservoirOf(values: readonly number[]): PumpReservoir {
  const at = (index: Reservoir): number => values[index] ?? 0;
  return {
    fill_nL: at(Reservoir.fill_nL), concentration: at(Reservoir.concentration), remaining_pL: at(Reservoir.remaining_pL), remaining_low_pL: at(Reservoir.remaining_low_pL),
    low_volume_nL: at(Reservoir.low_volume_nL), capacity_nL: at(Reservoir.capacity_nL), pulse_pL: at(Reservoir.pulse_pL), filled_wall_ms: at(Reservoir.filled_wall_ms),
    refill_by_ms: at(Reservoir.refill_by_ms), refill_nominal_ms: at(Reservoir.refill_nominal_ms), refill_decided: at(Reservoir.refill_decided),
    critical_interval_min: at(Reservoir.critical_interval_min), other_interval_min: at(Reservoir.other_interval_min),
  };
}

export function* readStatus(): Procedure<PumpStatus> {
  return statusOf(yield* ask(Op.status));
}

/** Everything at about one time. What the role may not see is undefined. */
export interface Interrogation {
  readonly status: PumpStatus;
  readonly delivery: PumpDelivery;
  readonly reservoir: PumpReservoir | undefined;
  readonly prescription: HeldPrescription | undefined;
  readonly log: LogReading | undefined;
}

function* permitted<T>(procedure: Procedure<T>): Procedure<T | undefined> {
  try {
    return yield* procedure;
  } catch (error) {
    if (error instanceof Refused && error.fault === Fault.not_permitted) return undefined;
    throw error;
  }
}

/** Reads status, reservoir, prescription and the last `records` records. */
export function* interrogate(records = 10): Procedure<Interrogation> {
  const status = yield* readStatus();
  const delivery = yield* readDelivery();
  const reservoir = yield* askUnless(Fault.not_permitted, Op.reservoir);
  const prescription = yield* permitted(readPrescription());
  const log = yield* permitted(readLog(undefined, records));
  return { status, delivery, reservoir: reservoir === undefined ? undefined : reservoirOf(reservoir), prescription, log };
}
