// A pump for tests: the verbs of scenarios as methods, without await.

import type { ControllerFactory } from "../../hal/controller";
import { Op } from "../../protocol/operations";
import { Bench, setUpOf } from "../bench";
import { EventTail } from "../report/event-tail";
import { parseScenario } from "../scenario/parse";
import { ScenarioProblems } from "../scenario/problem";
import type { Place } from "../scenario/problem";
import { RefusedByPump, Runner } from "../scenario/runner";
import type { Failure } from "../scenario/runner";
import type { Scenario } from "../scenario/scenario";
import { perform } from "../scenario/step";
import { durationText, parseWall, WALL_EXPECTED, wallText } from "../../protocol/wand/text/wall";

/** The emulated unit in the words of scenarios: every quantity has its unit. What is left out is the default. */
export interface UnitText {
  readonly pulse?: string;
  readonly stroke?: string;
  readonly reservoir?: string;
  readonly catheter?: string;
  readonly crystal?: string;
  readonly latency?: string;
  readonly temperature?: string;
  readonly wall?: string;
}

export interface PumpOptions {
  readonly unit?: UnitText;
  /** Of all random streams; default 1. */
  readonly seed?: number;
  /** How late each wake reaches the processor. */
  readonly lag_ms?: number;
  /** The line, the wand and storage take no time, so that an instant is exact. Otherwise a step that asks the pump takes it some 50 to 300 ms. */
  readonly instant?: boolean;
}

/** Dose rates by weekdays and time of day: {"mon-fri": {"00:00": "200ug/day", "08:30": "350ug/day"}, "sat-sun": {...}}. */
export type Week = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** A step as it stands in a scenario: "start", or a verb with what it takes. */
export type StepText = string | Readonly<Record<string, unknown>>;

/** Reads a scenario written as data: JSON is YAML. Throws an `Error` that tells every problem. `file` is its name in failures. */
function read(file: string, what: string, content: Readonly<Record<string, unknown>>): Scenario {
  try {
    return parseScenario(file, JSON.stringify({ scenario: what, ...content }));
  } catch (error) {
    if (!(error instanceof ScenarioProblems)) throw error;
    throw new Error(`${what}: ${error.problems.map(({ text }) => text).join("; ")}`, { cause: error });
  }
}

/** A step that a pump did not do as the test said: refused otherwise, or not at all. */
export class StepFailed extends Error {
  override readonly name = "StepFailed";
}

/** "pulses: expected 2, seen 1, at 1h (clock 2026-01-05 09:00)". */
export function failureText({ what, expected, seen, pump_ms, wall }: Failure): string {
  return `${what}: expected ${expected}, seen ${seen}, at ${durationText(pump_ms)} (clock ${wall})`;
}

/**
 * A programmed unit on the bench, ready for its first refill. Quantities are texts with units. A request
 * that the pump refuses throws `RefusedByPump`; `expect(() => pump.start()).toBeRefused("no drug")`.
 */
export class Pump {
  /** All that the unit and its world are, for what these methods cannot say. */
  readonly bench: Bench;
  readonly #runner: Runner;
  readonly #tail = new EventTail();
  /** Each step has a name of its own, by which its failures are known: the test's stack says better where it stands. */
  #steps = 0;

  constructor(options: PumpOptions, controller: ControllerFactory) {
    const { unit, wall_ms, seed } = read("bench", "bench", { unit: options.unit ?? {}, seed: options.seed ?? 1, steps: [{ wait: "0s" }] });
    this.bench = new Bench({ controller, seed, lag_us: (options.lag_ms ?? 0) * 1000, unit, instant: options.instant ?? false });
    this.#runner = new Runner(this.bench, seed, () => undefined);
    const place: Place = { file: "bench", line: 0, column: 0 };
    this.#tail.listen(this.bench.trace);
    this.bench.powerOn();
    this.#runner.operate(place, Op.set_up, setUpOf(this.bench.unit), undefined);
    this.#runner.operate(place, Op.set_clock, [wall_ms, 0], undefined);
  }

  /** The reservoir now holds so much: refill("18mL", "2000ug/mL"). */
  refill(volume: string, concentration: string): void {
    this.step({ refill: { volume, concentration } });
  }

  /** A dose rate, "minimum", or a week. */
  prescribe(dose: string | Week): void {
    if (typeof dose !== "string") this.step({ prescribe: { schedule: dose } });
    else this.step({ prescribe: dose === "minimum" ? { mode: "minimum" } : { rate: dose } });
  }

  start(): void {
    this.step("start");
  }

  /** With the clinician's reason, 1 to 255. */
  stop(reason = 1): void {
    this.step({ stop: { reason } });
  }

  /** Lets true time pass: wait("30d"), wait("1d 2h"). */
  wait(duration: string): void {
    this.step({ wait: { for: duration } });
  }

  /** Lets time pass until the pump's wall clock shows this: waitUntil("2026-03-29 03:00"). */
  waitUntil(wall: string): void {
    this.#check((file) => { this.#runner.waitUntil({ file, line: 0, column: 0 }, wallOf(wall)); });
  }

  setClock(wall: string): void {
    this.step({ clock: { set: wall } });
  }

  /** Moves the pump's wall clock, forward or back: moveClock("-1h"). */
  moveClock(by: string): void {
    this.step({ clock: { by } });
  }

  /** Starts a fault: fault("motor.stalled", { for: "6h" }). It lasts so long, or until `heal`. */
  fault(kind: string, more: { readonly value?: string | number; readonly for?: string } = {}): void {
    this.step({ fault: { kind, ...more } });
  }

  heal(kind: string): void {
    this.#check(() => { this.#runner.healFault(kind); });
  }

  acknowledge(alarm: string, silence?: string): void {
    this.step({ acknowledge: { alarm, ...(silence === undefined ? {} : { silence }) } });
  }

  setAlarms(settings: { readonly low_volume?: string; readonly critical_interval?: string; readonly other_interval?: string }): void {
    this.step({ alarms: settings });
  }

  /** Any step of the scenario language: step({ expect: { pulses: 0 } }). Throws `StepFailed` for an expectation that is not met. */
  step(written: StepText): void {
    const what = typeof written === "string" ? written : Object.keys(written).join(" ");
    this.#check((file) => { perform(this.#runner, read(file, what, { steps: [written] }).steps); });
  }

  /** What differs from what is expected, in the words of the verb `expect`. Nothing is thrown for a difference. */
  differences(expected: Readonly<Record<string, unknown>>): Failure[] {
    const file = this.#name();
    perform(this.#runner, read(file, "expect", { steps: [{ expect: expected }] }).steps);
    return this.#failuresOf(file);
  }

  /** The closing check: the oracle compares books, plant and prescription. Gives all that it found in the run. */
  close(): string[] {
    this.bench.finish();
    return this.violations();
  }

  /** What the oracle found so far, in words. */
  violations(): string[] {
    return this.bench.oracle.violations.map(({ kind, text, expected, seen, pump_ms }) =>
      `oracle: ${kind}: ${text}: expected ${expected}, seen ${seen}, at ${durationText(pump_ms)}`);
  }

  /** The last events, oldest first, in words, one a line. */
  lastEvents(): string[] {
    return this.#tail.lines();
  }

  /** "30d (clock 2026-02-04 08:00)": pump time and wall clock now. */
  now(): string {
    return `${durationText(this.bench.pump_ms())} (clock ${wallText(this.#runner.wall_ms())})`;
  }

  #name(): string {
    this.#steps += 1;
    return `step ${this.#steps}`;
  }

  #failuresOf(file: string): Failure[] {
    return this.#runner.failures.filter((each) => each.file === file);
  }

  /** Acts under a name, and throws for what the pump did not do as it was said. */
  #check(act: (file: string) => void): void {
    const file = this.#name();
    try {
      act(file);
    } catch (error) {
      if (error instanceof RefusedByPump) error.message += `, at ${this.now()}\n${this.#story()}`;
      throw error;
    }
    const failures = this.#failuresOf(file);
    if (failures.length > 0) throw new StepFailed(`${failures.map(failureText).join("\n")}\n${this.#story()}`);
  }

  #story(): string {
    return ["last events:", ...this.lastEvents().map((line) => `  ${line}`)].join("\n");
  }
}

function wallOf(text: string): number {
  const wall_ms = parseWall(text);
  if (wall_ms === undefined) throw new Error(`waitUntil: expected ${WALL_EXPECTED}, found "${text}"`);
  return wall_ms;
}

/** A unit on the bench, powered, set up, its clock set: bench({ unit: { pulse: "250nL" } }, createController). */
export function bench(options: PumpOptions, controller: ControllerFactory): Pump {
  return new Pump(options, controller);
}
