// A load on the controller: its operations, faults and alarms, in two days.

import { setUpOf, type Bench } from "../../emulator/bench";
import { Unit } from "../../hal/units";
import { Alarm } from "../../protocol/alarms";
import { Prescribe } from "../../protocol/limits";
import { Op, Status } from "../../protocol/operations";
import { Mode } from "../../protocol/states";
import { filling, prescribe } from "../firmware/prescribe";

const US_PER_MS = 1000;
const ug = (count: number): number => count * 1000;

/** The largest prescription there is: seven schedules of 24 steps, one for each weekday. */
export function fullWeek(base_ng_per_day: number): number[] {
  const args: number[] = [Mode.schedule, 0, 1, 2, 3, 4, 5, 6];
  for (let schedule = 0; schedule < Prescribe.schedules_max; schedule++) {
    for (let step = 0; step < Prescribe.steps_per_day_max; step++) {
      args.push(schedule * Prescribe.minutes_per_day + step * 60, base_ng_per_day + (schedule * 24 + step) * 1000);
    }
  }
  return args;
}

/** One rate all day, every day, but for the four minutes from 07:00 on. */
function rush(rate_ng_per_day: number, rush_ng_per_day: number): number[] {
  return [Mode.schedule, 0, 0, 0, 0, 0, 0, 0, 0, rate_ng_per_day, 420, rush_ng_per_day, 424, rate_ng_per_day];
}

/** Asks for an operation; throws if the pump refuses. */
function demand(bench: Bench, op: Op, args: readonly number[] = []): void {
  const { fault } = bench.request(op, args);
  if (fault !== 0) throw new Error(`the load's operation ${op} was refused: fault ${fault}`);
}

/** Fills with 2000 ug/mL, by somebody who took out what the books expect. */
function fill(bench: Bench, volume_nL: number): void {
  demand(bench, Op.refill, filling(volume_nL, 2000, Math.floor(bench.status()[Status.remaining_pL]! / Unit.pL_per_nL)));
}

/** Puts a prescription in force. */
export function install(bench: Bench, prescription: readonly number[]): void {
  const { fault } = prescribe(bench, prescription);
  if (fault !== 0) throw new Error(`the load's prescription was refused: fault ${fault}`);
}

function wait(bench: Bench, ms: number): void {
  bench.advance_us(ms * US_PER_MS);
}

/** Sets up, fills and starts a pump on the fullest of schedules. */
export function begin(bench: Bench): void {
  bench.powerOn();
  demand(bench, Op.set_up, setUpOf(bench.unit));
  demand(bench, Op.set_clock, [bench.unit.wall_ms, 0]);
  fill(bench, 18 * Unit.nL_per_mL);
  install(bench, fullWeek(ug(500)));
  demand(bench, Op.start, [0]);
}

/** Two busy days on a pump that `begin` started. */
export function twoDays(bench: Bench): void {
  wait(bench, 6 * Unit.ms_per_hour);
  for (let i = 0; i < 12; i++) {
    install(bench, fullWeek(ug(400 + i)));
    bench.status();
    wait(bench, 10 * Unit.ms_per_minute);
  }
  bench.inject({ kind: "motor.stalled" });
  wait(bench, 5 * Unit.ms_per_hour);
  demand(bench, Op.acknowledge, [Alarm.motor_stall, 30 * Unit.ms_per_minute]);
  wait(bench, Unit.ms_per_hour);
  bench.heal("motor.stalled");
  wait(bench, Unit.ms_per_hour);
  demand(bench, Op.set_clock, [bench.unit.wall_ms + 20 * Unit.ms_per_hour, 0]);
  demand(bench, Op.set_alarms, [2 * Unit.nL_per_mL, 5, 10]);
  demand(bench, Op.stop, [3]);
  wait(bench, 2 * Unit.ms_per_hour);
  demand(bench, Op.start, [0]);
  // At 21 mL a day for four minutes the motor is at its quickest; what was filled in is low from the first, and empty within the day.
  fill(bench, 700_000);
  install(bench, rush(ug(500), ug(42_000)));
  wait(bench, 21 * Unit.ms_per_hour);
  fill(bench, 18 * Unit.nL_per_mL);
  install(bench, [Mode.minimum_rate]);
  if (bench.status()[0] !== 1) demand(bench, Op.start, [0]);
  wait(bench, 10 * Unit.ms_per_hour);
  install(bench, fullWeek(ug(500)));
}
