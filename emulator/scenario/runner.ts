// The runner: what verbs act on while a scenario runs.

import { errorText } from "../../hal/fault-texts";
import { Unit } from "../../hal/units";
import { nameOf, OPERATION_NAMES } from "../../protocol/names";
import type { Op } from "../../protocol/operations";
import { Status } from "../../protocol/operations";
import type { Bench } from "../bench";
import { Stream } from "../engine/random";
import type { FaultOrder } from "../faults";
import { Seen } from "./seen";
import { placeText } from "./problem";
import type { Place } from "./problem";
import { durationText, wallText } from "./wall";

/** An expectation that the run did not meet. */
export interface Failure extends Place {
  /** "pulses", "refusal of prescribe". */
  readonly what: string;
  readonly expected: string;
  readonly seen: string;
  readonly pump_ms: number;
  /** The pump's wall clock then, as text. */
  readonly wall: string;
}

/** A request that the pump refused and the scenario did not expect it to. */
export interface Refusal extends Place {
  readonly operation: string;
  readonly fault: number;
  readonly name: string;
  readonly text: string;
  readonly pump_ms: number;
}

/** Ends the run: the steps after an unexpected refusal would mean something else. */
export class RefusedByPump extends Error {
  override readonly name = "RefusedByPump";

  constructor(readonly refusal: Refusal) {
    super(`${refusal.operation} refused: ${String(refusal.fault)} ${refusal.name}: ${refusal.text}`);
  }
}

/** What `Op.set_alarms` was last given: it takes all three, the verb takes any. Defaults: FILL-2, ALARM-1. */
export interface AlarmSettings {
  readonly low_volume_nL: number;
  readonly critical_ms: number;
  readonly other_ms: number;
}

/** A step as it is told to whoever listens. */
export interface Announced extends Place {
  readonly text: string;
}

/** Misses of one place that are told one by one; a repetition can have thousands. */
const misses_told = 3;

export class Runner {
  /** What the trace told so far. */
  readonly seen: Seen;
  /** Each choice made, in order: "which-fault 2 of 3". */
  readonly choices: string[] = [];
  /** All that was not met so far; of one place in a repetition the first few, and then how many there were. */
  readonly failures: Failure[] = [];
  readonly #misses = new Map<string, { readonly last: Failure; count: number }>();
  /** Around the step that runs: "time 3 of 288". */
  readonly #inside: string[] = [];
  readonly #chosen = new Map<string, string>();
  readonly #streams = new Map<string, Stream>();
  settings: AlarmSettings = { low_volume_nL: 4 * Unit.nL_per_mL, critical_ms: 10 * Unit.ms_per_minute, other_ms: 60 * Unit.ms_per_minute };
  /** The pump's answer to `Op.status`, until something can have changed it. */
  #status: readonly number[] | undefined;
  /** Faults that heal by themselves: kind and scenario time in us. */
  readonly #heals = new Map<string, number>();

  /** `seed` is of the named choices; `announce` hears each step before it runs. */
  constructor(readonly bench: Bench, private readonly seed = 1, readonly announce: (step: Announced) => void = () => undefined) {
    this.seen = new Seen(bench.trace);
  }

  /** Runs `work` so many times; failures name the time. */
  repeated(times: number, work: (time: number) => void): void {
    for (let time = 1; time <= times; time += 1) {
      this.#inside.push(`time ${String(time)} of ${String(times)}`);
      try {
        work(time);
      } finally {
        this.#inside.pop();
        if (this.#inside.length === 0 && time === times) this.#tellMisses();
      }
    }
  }

  #tellMisses(): void {
    for (const { last, count } of this.#misses.values()) {
      if (count > misses_told) this.failures.push({ ...last, seen: `${last.seen}, the last of ${String(count)} misses here` });
    }
    this.#misses.clear();
  }

  /** One of `count`, from the stream of that name. */
  choose(name: string, count: number): number {
    const stream = this.#streams.get(name) ?? new Stream(this.seed, `choose.${name}`);
    this.#streams.set(name, stream);
    const chosen = stream.below(count);
    const text = `${name} ${String(chosen + 1)} of ${String(count)}`;
    this.choices.push(text);
    this.#chosen.set(name, text);
    return chosen;
  }

  /** " (time 3 of 288, which-fault 2 of 3)": what led here, besides the steps. */
  #circumstances(): string {
    const all = [...this.#inside, ...this.#chosen.values()];
    return all.length === 0 ? "" : ` (${all.join(", ")})`;
  }

  /** One value of the pump's own answer to `Op.status`; asked once for all that is expected at an instant. */
  status(index: Status): number {
    this.#status ??= this.bench.status();
    return this.#status[index] ?? 0;
  }

  /** The pump's wall clock, by its own answer. */
  wall_ms(): number {
    return this.status(Status.wall_ms);
  }

  /**
   * Sends a request. True if the pump accepted it. Refused as expected: false, and the run goes on. An
   * unexpected refusal throws `RefusedByPump`; an acceptance where a refusal was expected is a failure.
   */
  operate(place: Place, op: Op, args: readonly number[], expected_refusal: number | undefined): boolean {
    this.#status = undefined;
    const { fault } = this.bench.request(op, args);
    const operation = nameOf(OPERATION_NAMES, op);
    if (expected_refusal === undefined) {
      if (fault === 0) return true;
      throw new RefusedByPump({ ...place, operation: operation + this.#circumstances(), fault, ...errorText(fault), pump_ms: this.bench.pump_ms() });
    }
    if (fault !== expected_refusal) this.fail(place, `refusal of ${operation}`, faultText(expected_refusal), faultText(fault));
    return fault === 0;
  }

  /** Notes an expectation that was not met; the run goes on, so that all of them are seen. */
  fail(place: Place, what: string, expected: string, seen: string): void {
    // A pump without power tells no time.
    const wall = this.bench.processor.up ? wallText(this.wall_ms()) : "unknown";
    const failure = { ...place, what: what + this.#circumstances(), expected, seen, pump_ms: this.bench.pump_ms(), wall };
    if (this.#inside.length > 0) {
      const key = `${placeText(place)} ${what}`;
      const count = (this.#misses.get(key)?.count ?? 0) + 1;
      this.#misses.set(key, { last: failure, count });
      if (count > misses_told) return;
    }
    this.failures.push(failure);
  }

  /** Notes that the pump did not answer: without power, or in a reset. The run ends there. */
  unanswered(place: Place, error: Error): void {
    const { file, line, column } = place;
    this.failures.push({ file, line, column, what: `answer${this.#circumstances()}`, expected: "an answer of the pump", seen: error.message, pump_ms: this.bench.pump_ms(), wall: "unknown" });
  }

  /** Lets true time pass, healing what is due on the way in the order of time. */
  wait(duration_ms: number): void {
    this.#pass(this.bench.now_us + duration_ms * 1000);
  }

  /** Waits until an instant of the run; that it has gone is a miss of `what`. */
  waitTo(place: Place, what: string, at_us: number): void {
    const now_us = this.bench.now_us;
    if (at_us < now_us) this.fail(place, what, `to be there at ${timeText(at_us)}`, timeText(now_us));
    else this.#pass(at_us);
  }

  /** Waits for the next event of the run, at most until `limit_us`. */
  waitForEvent(limit_us: number): void {
    const { engine, now_us } = this.bench;
    const next_us = engine.next_us;
    this.#pass(next_us === undefined ? limit_us : Math.min(limit_us, Math.max(now_us, now_us + next_us - engine.now_us)));
  }

  #pass(end_us: number): void {
    for (;;) {
      const next = [...this.#heals].filter(([, at_us]) => at_us <= end_us).sort(([, a], [, b]) => a - b)[0];
      const until_us = next === undefined ? end_us : next[1];
      // A request can have taken a moment of virtual time, past the instant that was due.
      this.#status = undefined;
      if (until_us > this.bench.now_us) this.bench.advance_us(until_us - this.bench.now_us);
      if (next === undefined) return;
      this.healFault(next[0]);
    }
  }

  /** Waits until the pump's wall clock shows `wall_ms`; asks again where a crystal drifts. */
  waitUntil(place: Place, wall_ms: number): void {
    let left_ms = wall_ms - this.wall_ms();
    if (left_ms < 0) this.fail(place, "wait", `a clock before ${wallText(wall_ms)}`, wallText(this.wall_ms()));
    for (; left_ms > 0; left_ms = wall_ms - this.wall_ms()) this.wait(left_ms);
  }

  startFault(order: FaultOrder, for_ms: number | undefined): void {
    this.#status = undefined;
    this.bench.inject(order);
    if (for_ms !== undefined) this.#heals.set(order.kind, this.bench.now_us + for_ms * 1000);
  }

  healFault(kind: string): void {
    this.#heals.delete(kind);
    this.#status = undefined;
    this.bench.heal(kind);
  }
}

/** True time since power-on, to the us where it has any. */
function timeText(us: number): string {
  const rest_us = us % 1000;
  return rest_us === 0 ? durationText(us / 1000) : `${durationText((us - rest_us) / 1000)} ${String(rest_us)}us`;
}

/** "10 flow below minimum", or "accepted". */
export function faultText(fault: number): string {
  return fault === 0 ? "accepted" : `${String(fault)} ${errorText(fault).name}`;
}
