// The real controller on its bench, doing what a program asks, and heard.

import { Bench, setUpOf, type Violation } from "../../emulator/bench";
import { TraceKind } from "../../emulator/trace";
import type { ControllerFactory } from "../../hal/controller";
import { MotorResult } from "../../hal/motor";
import { Op, Status } from "../../protocol/operations";
import { RecordKind } from "../../protocol/records";
import { Bridge, Mode } from "../../protocol/states";
import { program, confirmAll } from "../../protocol/wand/procedures/program";
import type { StagedPrescription } from "../../protocol/wand/procedures/prescription";
import { Refused } from "../../protocol/wand/procedures/procedure";
import type { Act, Heard, Plan, Program } from "./program";

/** Alarms that the model knows. */
const ALARMS = new Set([4, 5, 6, 8, 9, 11, 15, 17]);

/** A record in the model's words; undefined for those that it has none for. */
function textOf(kind: RecordKind, a: number, b: number, c: number): string | undefined {
  if (kind === RecordKind.state) return `state ${a} ${b}`;
  if (kind === RecordKind.alarm_on) return ALARMS.has(a) ? `alarm on ${a}` : undefined;
  if (kind === RecordKind.alarm_off) return ALARMS.has(a) ? `alarm off ${a}` : undefined;
  if (kind === RecordKind.bolus_begin) return `bolus begin ${a} ${b} ${c}`;
  if (kind === RecordKind.bolus_end) return `bolus end ${a} ${b} ${c}`;
  if (kind === RecordKind.bolus_sum) return `bolus sum ${a} ${b} ${c}`;
  if (kind === RecordKind.bolus_skipped) return `bolus skipped ${a} ${b} ${c}`;
  if (kind === RecordKind.bridge_begin) return `bridge begin ${a} ${b} ${c}`;
  if (kind === RecordKind.bridge_end) return `bridge end ${a} ${b}`;
  if (kind === RecordKind.prime_begin) return `prime begin ${a}`;
  if (kind === RecordKind.prime_end) return `prime end ${a} ${b}`;
  if (kind === RecordKind.titration) return `titration ${a} ${b}`;
  if (kind === RecordKind.tolerance_lost) return "tolerance lost";
  return undefined;
}

const BRIDGES = { no: Bridge.undecided, yes: Bridge.bridge, cleared: Bridge.cleared };

function stagedOf(plan: Plan): StagedPrescription {
  const steps = plan.schedules.flatMap((schedule, n) => schedule.map(([minute, rate]) => ({ key: n * 1440 + minute, rate_ng_per_day: rate })));
  const { refill, periodic, patient, caps } = plan;
  return {
    mode: steps.length > 0 ? Mode.schedule : Mode.minimum_rate, week: steps.length > 0 ? plan.week : [0, 0, 0, 0, 0, 0, 0], steps, timed: plan.timed, titration: plan.titration,
    ...(periodic === undefined ? {} : { periodic: { ...periodic, interval_min: periodic.every_min } }), ...(patient === undefined ? {} : { patient }), ...(caps === undefined ? {} : { caps }),
    ...(refill === undefined ? {} : { refill: { ...refill, drug: 1, lot: 0, bridge: BRIDGES[refill.bridge] } }),
  };
}

export interface Books {
  readonly state: number;
  readonly commanded: number;
  readonly confirmed: number;
  readonly uncertain: number;
  readonly remaining_pL: number;
}

export class Pump {
  readonly bench: Bench;
  readonly heard: Heard[] = [];
  /** What became of pulse n: confirmed or not, and after how many ms. */
  readonly results = new Map<number, { readonly confirmed: boolean; readonly after_ms: number }>();
  private commanded = 0;

  constructor(controller: ControllerFactory, { pulse_pL, catheter_cm, previous_ng, wall_ms }: Program) {
    const bench = new Bench({ controller, instant: true, unit: { pulse_pL, stroke_pL: pulse_pL, catheter_cm, previous_ng, wall_ms } });
    this.bench = bench;
    bench.trace.on((kind, at, a, b, c, d) => {
      if (kind === TraceKind.pulse) {
        this.commanded = a;
        this.heard.push({ at, what: "pulse" });
      } else if (kind === TraceKind.result) this.results.set(this.commanded, { confirmed: a === MotorResult.confirmed, after_ms: b });
      else if (kind === TraceKind.record) {
        const what = textOf(a, b, c, d);
        if (what !== undefined) this.heard.push({ at, what });
      }
    });
    bench.powerOn();
    this.ask(Op.set_up, setUpOf(bench.unit));
    this.ask(Op.set_clock, [wall_ms, 0]);
  }

  get now(): number {
    return this.bench.pump_ms();
  }

  private ask(op: Op, args: readonly number[] = []): number {
    return this.bench.request(op, args).fault;
  }

  /** Does it, and gives the answer: 0 where it was accepted or asks for none. */
  act(act: Act): number {
    if (act.do === "wait") this.bench.advance_us(act.ms * 1000);
    else if (act.do === "fault") this.bench.inject(act.kind.startsWith("rotor.d") || act.kind === "motor.stalled" ? { kind: act.kind } : { kind: act.kind, value: act.value });
    else if (act.do === "heal") this.bench.heal(act.kind);
    else if (act.do === "reset") this.bench.inject({ kind: "processor.reset" });
    else if (act.do === "power") this.bench.inject({ kind: "power.off", value: act.off_ms });
    else return this.request(act);
    return 0;
  }

  private request(act: Act): number {
    if (act.do === "prescribe") return this.prescribe(act.plan);
    if (act.do === "refill") return this.ask(Op.refill, [1, act.fill.volume_nL, act.fill.concentration, act.fill.aspirated_nL, act.fill.rinsed ? 1 : 0, 0]);
    if (act.do === "start") return this.ask(Op.start, [act.missed_h]);
    if (act.do === "stop") return this.ask(Op.stop, [1]);
    if (act.do === "bolus") return this.ask(Op.bolus, [act.dose_ng, act.minutes, act.confirm ? act.dose_ng : 0]);
    if (act.do === "patient") return this.ask(Op.patient_bolus);
    if (act.do === "cancel") return this.ask(Op.cancel, [act.what === "bolus" ? 1 : 2]);
    if (act.do === "low") return this.ask(Op.set_alarms, [act.nL, 10, 60]);
    if (act.do === "clock") {
      const wall = this.bench.status()[Status.wall_ms]! + act.by_ms;
      return this.ask(Op.set_clock, [wall, wall]);
    }
    if (act.do === "prime") {
      const { fault, values } = this.bench.request(Op.prime_arm, [act.nL]);
      return fault === 0 ? this.ask(Op.prime, [values[0]!]) : fault;
    }
    throw new Error(`no request: ${act.do}`);
  }

  private prescribe(plan: Plan): number {
    const staged = stagedOf(plan);
    try {
      this.bench.run(program(staged, (review) => (plan.confirm ? confirmAll(staged, review) : { daily_ng: 0, bolus_ng: 0, reason: 0 })));
      return 0;
    } catch (error) {
      if (error instanceof Refused) return error.fault;
      throw error;
    }
  }

  books(): Books {
    const status = this.bench.status();
    return {
      state: status[Status.state]!, commanded: status[Status.commanded]!, confirmed: status[Status.confirmed]!, uncertain: status[Status.uncertain]!, remaining_pL: status[Status.remaining_pL]!,
    };
  }

  /** The closing check; what the oracle found in all. */
  finish(): readonly Violation[] {
    this.bench.finish();
    return this.bench.oracle.violations;
  }
}
