// The runner: what verbs act on while a scenario runs.

import { errorText } from "../../hal/fault-texts";
import { Fault } from "../../hal/faults";
import { Unit } from "../../hal/units";
import { nameOf, OPERATION_NAMES } from "../../protocol/names";
import { Op, Status } from "../../protocol/operations";
import type { Delivery, LinkCounts, Reservoir } from "../../protocol/operations";
import type { Confirmed, PrescriptionReview } from "../../protocol/wand/procedures/program";
import type { StagedPrescription } from "../../protocol/wand/procedures/prescription";
import { Refused } from "../../protocol/wand/procedures/procedure";
import type { Problem } from "../../protocol/wand/problems";
import { Role } from "../../protocol/service";
import { NoAnswer } from "../bench";
import type { Bench, WandUser } from "../bench";
import type { FlashCut } from "../devices/flash";
import { Stream } from "../engine/random";
import type { FaultOrder } from "../faults";
import { foresee } from "./foresee";
import { Seen } from "./seen";
import { placeText } from "./problem";
import type { Place } from "./problem";
import { MAYBE } from "./refusal";
import { durationText, wallText } from "../../protocol/wand/text/wall";

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

/** A back-off of an hour, and the login after it. */
const back_off_us_max = 3_660_000_000;

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
  #cut = false;
  /** The pump's answer to `Op.status`, until something can have changed it. */
  #status: readonly number[] | undefined;
  #counts: readonly number[] | undefined;
  #delivery: readonly number[] | undefined;
  #reservoir: readonly number[] | undefined;
  #last: { readonly values: readonly number[]; readonly at_us: number } | undefined;
  /** More than 0 while answers are foreseen, and then how old the last one may be. */
  #old_us = 0;
  /** Faults that heal by themselves: kind and scenario time in us. */
  readonly #heals = new Map<string, number>();
  /** Until when the pump may have a reason not to answer after what a stranger or the line did to it. */
  #excused_us = -Infinity;

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

  /** One value of the pump's own answer to `Op.status`; asked once for all that is expected at an instant, and of the instant at which it answers. */
  status(index: Status): number {
    if (this.#old_us > 0) {
      const foreseen = foresee(this, index);
      if (foreseen !== undefined) return foreseen;
      if (this.#last !== undefined && this.bench.now_us - this.#last.at_us < this.#old_us) return this.#last.values[index] ?? 0;
    }
    if (this.#status === undefined) {
      this.#status = this.bench.look(Op.status);
      this.#last = { values: this.#status, at_us: this.bench.now_us };
    }
    return this.#status[index] ?? 0;
  }

  /** One of the pump's counts of what its link has seen. */
  linkCount(index: LinkCounts): number {
    this.#counts ??= this.bench.look(Op.link_counts);
    return this.#counts[index] ?? 0;
  }

  /** One value of the pump's answer to `Op.delivery`. */
  delivery(index: Delivery): number {
    this.#delivery ??= this.bench.look(Op.delivery);
    return this.#delivery[index] ?? 0;
  }

  /** One value of the pump's answer to `Op.reservoir`. */
  reservoir(index: Reservoir): number {
    this.#reservoir ??= this.bench.look(Op.reservoir);
    return this.#reservoir[index] ?? 0;
  }

  /** The pump's wall clock at the scenario's instant, by its own answer: less what went by until it was asked. */
  wall_ms(): number {
    return this.status(Status.wall_ms) - (this.status(Status.pump_ms) - this.bench.pump_ms());
  }

  /** The pump's wall clock as it answers, at the instant at which it does. */
  readClock(): number {
    this.#forget();
    return this.status(Status.wall_ms);
  }

  /**
   * Looks with what the oracle knows of the pump's books in place of the pump's answers, which it holds against them at every answer. What only the pump
   * knows is asked for if its last answer is `old_us` old.
   */
  foreseeing<T>(old_us: number, look: () => T): T {
    this.#old_us = old_us;
    try {
      return look();
    } finally {
      this.#old_us = 0;
    }
  }

  /** From now on somebody else is at the wand. */
  connect(user: WandUser): void {
    this.#forget();
    this.bench.connect(user);
  }

  /** A stranger whose key is another one tries to log in. Gives how it ended, undefined if he was let in. The clinician has the wand afterwards. */
  intrude(): Problem | undefined {
    const { bench } = this;
    this.#excused_us = Math.max(this.#excused_us, bench.now_us + back_off_us_max);
    this.connect({ role: Role.clinician, key: bench.key.map((byte) => 255 - byte), lenient: true });
    try {
      const result = bench.order({ kind: "operate", op: Op.status, args: [] });
      return result.kind === "failed" ? result.problem : undefined;
    } finally {
      this.connect({ role: Role.clinician });
    }
  }

  /** Does what may be refused. That nobody answers is part of it where nobody can be expected to. */
  leniently(work: (runner: Runner) => void): void {
    const was_up = this.bench.processor.up;
    try {
      work(this);
    } catch (error) {
      if (!(error instanceof NoAnswer) || (was_up && !this.#unreachable())) throw error;
      this.#forget();
    }
  }

  /**
   * Whether the pump has a reason not to answer: no power; a bad line, and up to a day after it, whose energy for the link calls may have used up (BATT-3); a stranger after whom
   * it backs off, for an hour at most (LINK-3).
   */
  #unreachable(): boolean {
    const { processor, active_faults, now_us } = this.bench;
    return !processor.up || [...active_faults].some((kind) => kind.startsWith("link.")) || now_us <= this.#excused_us;
  }

  /** What the pump answered is no longer what it would answer. */
  #forget(): void {
    this.#status = undefined;
    this.#counts = undefined;
    this.#delivery = undefined;
    this.#reservoir = undefined;
  }

  /** Programs the pump, whole; a refusal of any of its steps is that of the verb. As `operate`, but for one that is to be `lost`: nobody answers it. */
  prescribe(
    place: Place, prescription: StagedPrescription, expected_refusal: number | undefined, lost: boolean, confirm?: (review: PrescriptionReview) => Confirmed,
  ): boolean {
    this.#forget();
    let fault: number = Fault.ok;
    try {
      this.bench.prescribe(prescription, confirm);
    } catch (error) {
      if (lost && error instanceof NoAnswer) return false;
      if (!(error instanceof Refused)) throw error;
      fault = error.fault;
    }
    if (lost) this.fail(place, "answer to prescribe", "none", faultText(fault));
    return this.#judge(place, "prescribe", fault, expected_refusal);
  }

  /**
   * Sends a request. True if the pump accepted it. Refused as expected: false, and the run goes on. An
   * unexpected refusal throws `RefusedByPump`; an acceptance where a refusal was expected is a failure. `raw` are the bytes of the fields, in
   * place of `args`.
   */
  operate(place: Place, op: Op, args: readonly number[], expected_refusal: number | undefined, raw?: Uint8Array): boolean {
    this.#forget();
    const { fault } = this.bench.request(op, args, raw);
    return this.#judge(place, nameOf(OPERATION_NAMES, op), fault, expected_refusal);
  }

  /** Arms a prime. Gives its token; undefined if the pump refused that, as was expected. */
  arm(place: Place, volume_nL: number, expected_refusal: number | undefined): number | undefined {
    this.#forget();
    const { fault, values } = this.bench.request(Op.prime_arm, [volume_nL]);
    if (fault === Fault.ok) return values[0];
    this.#judge(place, nameOf(OPERATION_NAMES, Op.prime_arm), fault, expected_refusal);
    return undefined;
  }

  /** Arms a cut of power inside storage. What it takes may lead to refusals that nobody can foresee. */
  cutPower(cut: FlashCut): void {
    this.#cut = true;
    this.bench.cutPower(cut);
  }

  #judge(place: Place, operation: string, fault: number, expected_refusal: number | undefined): boolean {
    if (expected_refusal === undefined) {
      if (fault === 0) return true;
      if (this.#cut) return false;
      throw new RefusedByPump({ ...place, operation: operation + this.#circumstances(), fault, ...errorText(fault), pump_ms: this.bench.pump_ms() });
    }
    if (expected_refusal !== MAYBE && !this.#cut && fault !== expected_refusal) this.fail(place, `refusal of ${operation}`, faultText(expected_refusal), faultText(fault));
    return fault === 0;
  }

  /** Notes an expectation that was not met; the run goes on, so that all of them are seen. */
  fail(place: Place, what: string, expected: string, seen: string): void {
    // A pump without power tells no time. It is not asked: it may be out of reach.
    const wall = this.bench.processor.up ? wallText(this.bench.oracle.wall_ms(this.bench.pump_ms())) : "unknown";
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
    const { engine, now_us, present_us } = this.bench;
    const next_us = engine.next_us;
    this.#pass(next_us === undefined ? limit_us : Math.min(limit_us, Math.max(now_us, present_us + next_us - engine.now_us)));
  }

  #pass(end_us: number): void {
    for (;;) {
      const next = [...this.#heals].filter(([, at_us]) => at_us <= end_us).sort(([, a], [, b]) => a - b)[0];
      const until_us = next === undefined ? end_us : next[1];
      // A request can have taken a moment of virtual time, past the instant that was due.
      this.#forget();
      if (until_us > this.bench.now_us) this.bench.advance_us(until_us - this.bench.now_us);
      if (next === undefined) return;
      this.healFault(next[0]);
    }
  }

  /**
   * Waits until the pump's wall clock shows `wall_ms`, on in steps where a crystal drifts. The clock is followed as it was last set and not asked for, which would take time
   * just when it matters; each status answer is held against it.
   */
  waitUntil(place: Place, wall_ms: number): void {
    const shown = (): number => this.bench.oracle.wall_ms(this.bench.pump_ms());
    let left_ms = wall_ms - shown();
    if (left_ms < 0) this.fail(place, "wait", `a clock before ${wallText(wall_ms)}`, wallText(shown()));
    for (; left_ms > 0; left_ms = wall_ms - shown()) this.wait(left_ms);
  }

  startFault(order: FaultOrder, for_ms: number | undefined): void {
    this.#forget();
    this.bench.inject(order);
    // It began where the engine is, which after a call is ahead of the scenario.
    if (for_ms !== undefined) this.#heals.set(order.kind, this.bench.present_us + for_ms * 1000);
  }

  healFault(kind: string): void {
    if (kind.startsWith("link.")) this.#excused_us = Math.max(this.#excused_us, this.bench.present_us + Unit.ms_per_day * 1000);
    this.#heals.delete(kind);
    this.#forget();
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
