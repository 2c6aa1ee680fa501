// A short piece of therapy in which a bit flips, and all that is seen of it.

import { Bench, NoAnswer, setUpOf } from "../../emulator/bench";
import type { TracedRecord } from "../../emulator/trace";
import { HostEvent, TraceKind } from "../../emulator/trace";
import { C, Part } from "../../firmware/state";
import type { ControllerFactory } from "../../hal/controller";
import { Unit } from "../../hal/units";
import { Alarms } from "../../protocol/alarms";
import { Op, Status } from "../../protocol/operations";
import { State } from "../../protocol/states";
import { scheduled, type StagedPrescription } from "../../protocol/wand/procedures/prescription";
import { filling } from "../firmware/prescribe";

/** What goes on when the bit flips, and what follows at once. */
export const SITUATIONS = {
  "at rest": "between two pulses, an hour of pump time runs on: a step of the schedule, a timed bolus, the hourly check",
  "pulse in flight": "between a pulse's command and its edge",
  "bolus running": "while a clinician's bolus is given",
  "before a request": "at the instant at which a bolus is asked for",
  "warm reset": "between two pulses, and the program is reset",
  "power loss": "between two pulses, and power is gone for five seconds",
  "transaction, power loss": "between two pulses; a bolus is asked for and given, then power is lost",
} as const;
/** What no check at an entry's beginning can hold against: it is measured, and asked for by name. */
export const INSIDE = "inside an entry";
export type Situation = keyof typeof SITUATIONS | typeof INSIDE;

/** The program's own two copies of its values: the list that it works with, and retained memory. */
export interface Memory {
  primary: number[];
  retained: number[];
  /** Called once, inside the entry that commands the next pulse. */
  at_pulse: (() => void) | undefined;
}

/** Flips a bit, or does nothing: then the run is the one to compare with. */
export type Flip = (memory: Memory, bench: Bench) => void;

/** What was seen from the flip on. */
export interface Outcome {
  /** Logical times of motor commands. */
  readonly pulses: readonly number[];
  readonly records: readonly number[];
  readonly panics: number;
  readonly violations: readonly string[];
  /** Empty if nobody can log in. */
  readonly status: readonly number[];
  /** Whether the situation has a request, and the fault that it was answered with. */
  readonly asked: boolean;
  readonly answered: number;
  /** Records that were durable before the flip, as the log has them at the end. */
  readonly log: string;
  /** The region at the end. */
  readonly region: readonly number[];
}

const SECOND_US = 1_000_000;
const MINUTE_US = 60 * SECOND_US;
/** Longer than the hourly check of what is not looked at at each entry. */
const RUN_ON_US = 68 * MINUTE_US;
const LATENCY_US = 200_000;

/** Every stretch of the region has something in it; a step at 08:20 and 09:00, a timed bolus at 08:40, the clock begins at 08:00. */
const PRESCRIPTION: StagedPrescription = {
  ...scheduled([0, 0, 0, 0, 0, 1, 1], [0, 600_000, 500, 900_000, 540, 480_000, 1440, 500_000, 1440 + 720, 700_000]),
  timed: [{ minute: 520, dose_ng: 12_000, minutes: 6 }, { minute: 1200, dose_ng: 8000, minutes: 4 }],
  patient: { dose_ng: 5000, minutes: 3, lockout_min: 240, most: 2 },
  titration: [{ permille: 900, days: 1 }, { permille: 1000, days: 2 }],
};

export interface Scene {
  readonly bench: Bench;
  readonly memory: Memory;
}

/** A pump 13 minutes into its therapy. `controller` may be one that was broken on purpose. */
export function begin(controller: ControllerFactory, seed: number): Scene {
  const memory: Memory = { primary: [], retained: [], at_pulse: undefined };
  // What is put into storage as the saved values is the region itself: so a test comes by it without a door in the firmware.
  const watched: ControllerFactory = (board) => {
    memory.retained = board.retained;
    const { pulse } = board.motor;
    return controller({ ...board, motor: { ...board.motor, pulse: () => {
      pulse();
      const { at_pulse } = memory;
      memory.at_pulse = undefined;
      at_pulse?.();
    } }, storage: { ...board.storage, put: (part, values, first, count) => {
      if (part === (Part.saved as number)) memory.primary = values as number[];
      board.storage.put(part, values, first, count);
    } } });
  };
  const bench = new Bench({ controller: watched, seed, unit: { latency_us: LATENCY_US } });
  bench.powerOn();
  demand(bench, Op.set_up, setUpOf(bench.unit));
  demand(bench, Op.set_clock, [bench.unit.wall_ms, 0]);
  demand(bench, Op.refill, filling(18 * Unit.nL_per_mL, 2000));
  bench.prescribe(PRESCRIPTION);
  demand(bench, Op.start, [0]);
  bench.advance_us(13 * MINUTE_US);
  return { bench, memory };
}

function demand(bench: Bench, op: Op, args: readonly number[]): void {
  const { fault } = bench.request(op, args);
  if (fault !== 0) throw new Error(`the scene's operation ${op} was refused with ${fault}`);
}

const BOLUS = [9000, 5, 0] as const;
/** It has no duration. */
const NO_BOLUS = [9000, 0, 0] as const;
/** The situations in which a bolus is asked for after the flip. */
const ASKING: readonly Situation[] = ["before a request", "transaction, power loss"];

/** Brings a scene to the instant of the flip. */
function approach({ bench }: Scene, situation: Situation): void {
  if (situation === "bolus running") {
    demand(bench, Op.bolus, BOLUS);
    bench.advance_us(2 * MINUTE_US);
  }
  // To a pulse, then to between it and its edge, or well past that.
  const before = bench.trace.pulses;
  while (bench.trace.pulses === before) bench.advance_us(100_000);
  bench.advance_us(situation === "pulse in flight" ? 50_000 : 11 * SECOND_US);
}

/** What the situation goes on with; gives the fault of its request. */
function goOn({ bench }: Scene, situation: Situation, bolus: readonly number[]): number {
  let fault = 0;
  if (ASKING.includes(situation)) fault = bench.request(Op.bolus, bolus).fault;
  if (situation === "transaction, power loss") bench.advance_us(9 * MINUTE_US);
  if (situation === "warm reset") bench.inject({ kind: "processor.reset" });
  if (situation === "power loss" || situation === "transaction, power loss") bench.inject({ kind: "power.off", value: 5000 });
  bench.advance_us(RUN_ON_US);
  return fault;
}

function logUpTo(records: readonly TracedRecord[], last: number): string {
  return records.filter(({ sequence }) => sequence <= last).map((record) => Object.values(record).join(" ")).join("\n");
}

/** One run: a pump, a situation, a flip, and an hour of pump time. Where nothing flips, it is what others are compared with; without `asks` the bolus is one that any pump refuses. */
export function run(controller: ControllerFactory, seed: number, situation: Situation, flip: Flip, asks = true): Outcome {
  const scene = begin(controller, seed);
  const { bench, memory } = scene;
  approach(scene, situation);
  const last = bench.storage.records().at(-1)?.sequence ?? 0;
  const pulses: number[] = [];
  const records: number[] = [];
  let panics = 0;
  bench.trace.on((kind, at_ms, a) => {
    if (kind === TraceKind.pulse) pulses.push(at_ms);
    else if (kind === TraceKind.record) records.push(a);
    else if (kind === TraceKind.host && a !== (HostEvent.power_off as number)) panics++;
  });
  if (situation === INSIDE) memory.at_pulse = () => { flip(memory, bench); };
  else flip(memory, bench);
  const answered = goOn(scene, situation, asks ? BOLUS : NO_BOLUS);
  const log = logUpTo(bench.storage.records(), last);
  const status = close(bench);
  return { pulses, records, panics, violations: bench.oracle.violations.map(({ text }) => text), status, asked: ASKING.includes(situation), answered, log, region: [...memory.primary] };
}

/** The oracle's closing check, and the status; nothing if the pump lets nobody in. */
function close(bench: Bench): readonly number[] {
  try {
    bench.finish();
    return bench.status();
  } catch (error) {
    if (error instanceof NoAnswer) return [];
    throw error;
  }
}

/** Whether it ended at the minimum rate with a critical alarm. */
export function atMinimum({ status }: Outcome): boolean {
  const critical = (1 << (Alarms.last_critical + 1)) - 2;
  return status[Status.state] === State.safe_minimum && (status[Status.alarms]! & critical) !== 0;
}

/** Where two runs' regions differ in what therapy depends on: alarms, and what a record more or an alarm takes of battery and link, may. */
export function latent(a: Outcome, b: Outcome): number[] {
  // An alarm's tone is an entry more, up to which everything has run on.
  const moved = a.region[C.accrued_ms] === b.region[C.accrued_ms] ? [] : [C.dose, C.titration_ms, C.titration_counted_ms];
  // A panic is a reset more.
  const reset = a.panics === b.panics ? [] : [C.reset_1_ms, C.reset_2_ms];
  const free = new Set<number>([...moved, ...reset, C.alarms, C.alarm_changes, C.kept_ms, C.tone_ms, C.link_ms, C.deadline_ms, C.filtered, C.sampled_ms, C.accrued_ms, C.done_role, C.done_id_low, C.done_id_high, C.done_packed, C.done_value]);
  return a.region.flatMap((value, slot) => (value === b.region[slot] || free.has(slot) ? [] : [slot]));
}
