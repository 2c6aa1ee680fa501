// Progress: one line on a terminal tells how far the runs are.

import { MEASURES, parseQuantity } from "../../protocol/wand/text/quantity";
import type { Scenario } from "../scenario/scenario";
import { durationText } from "../../protocol/wand/text/wall";
import type { Run } from "./select";
import { runLabel } from "./select";
import type { Terminal } from "./terminal";

const day_ms = 86_400_000;

/** "12 thousand times life": virtual time over real. */
export function speedText(virtual_ms: number, real_ms: number): string {
  if (real_ms < 1) return "";
  const speed = virtual_ms / real_ms;
  if (speed < 1000) return `${speed.toFixed(0)} times life`;
  return speed < 1_000_000 ? `${(speed / 1000).toFixed(0)} thousand times life` : `${(speed / 1_000_000).toFixed(1)} million times life`;
}

/** "4 s", "3 min": what is left by the host's clock. */
export function leftText(real_ms: number): string {
  const s = Math.ceil(real_ms / 1000);
  return s < 100 ? `${s} s left` : `${Math.ceil(s / 60)} min left`;
}

/** A virtual time for a glance: days and hours, or less. */
export function roughly(virtual_ms: number): string {
  const unit = virtual_ms >= day_ms ? 3_600_000 : virtual_ms >= 3_600_000 ? 60_000 : 1000;
  return durationText(virtual_ms - (virtual_ms % unit));
}

/**
 * How long a scenario lasts in virtual time, as far as its waits tell. Undefined where a step can wait in
 * another way: until a time, for a condition, in a repetition.
 */
export function plannedOf({ steps }: Scenario): number | undefined {
  let sum_ms = 0;
  for (const { text } of steps) {
    const [, verb = "", rest = ""] = /^(\w+)(?:: (.*))?$/s.exec(text) ?? [];
    if (!waiting.has(verb)) continue;
    const parsed = parseQuantity(rest.replace(/^\{\s*for:\s*(.*)\}$/s, "$1").replaceAll('"', ""), MEASURES.duration);
    if (verb !== "wait" || "wrong" in parsed) return undefined;
    sum_ms += parsed.value;
  }
  return sum_ms;
}

/** Verbs that let time pass. */
const waiting = new Set(["wait", "repeat", "at", "when", "choose", "include"]);

/** Follows the runs of one command. */
export class Progress {
  readonly #terminal: Terminal;
  readonly #runs: readonly Run[];
  readonly #began_ms: number;
  readonly #under_way = new Map<Run, number>();
  readonly #planned_ms: number | undefined;
  #done = 0;
  #done_virtual_ms = 0;

  constructor(terminal: Terminal, runs: readonly Run[]) {
    this.#terminal = terminal;
    this.#runs = runs;
    this.#began_ms = terminal.now_ms();
    this.#planned_ms = runs.reduce<number | undefined>((sum, { scenario }) => {
      const planned_ms = sum === undefined ? undefined : plannedOf(scenario);
      return sum === undefined || planned_ms === undefined ? undefined : sum + planned_ms;
    }, 0);
  }

  /** A run has come so far. */
  at(run: Run, pump_ms: number): void {
    this.#under_way.set(run, pump_ms);
    const virtual_ms = this.#done_virtual_ms + [...this.#under_way.values()].reduce((sum, each) => sum + each, 0);
    const real_ms = this.#terminal.now_ms() - this.#began_ms;
    const count = this.#runs.length === 1 ? [] : [`${this.#done}/${this.#runs.length}`];
    const done = this.#share(virtual_ms);
    const left = done > 0 && done < 1 ? [leftText((real_ms / done) * (1 - done))] : [];
    this.#terminal.progress([...count, runLabel(run), roughly(pump_ms), speedText(virtual_ms, real_ms), ...left].join("  "));
  }

  /** A run has ended. */
  ended(run: Run, virtual_ms: number): void {
    this.#under_way.delete(run);
    this.#done += 1;
    this.#done_virtual_ms += virtual_ms;
    this.#terminal.progress("");
  }

  /** The speed of all runs together. */
  speed(): string {
    return speedText(this.#done_virtual_ms, this.#terminal.now_ms() - this.#began_ms);
  }

  /** How much of the whole is done, 0 to 1: of the virtual time if that is known, else of the runs. */
  #share(virtual_ms: number): number {
    return this.#planned_ms === undefined || this.#planned_ms === 0 ? this.#done / this.#runs.length : virtual_ms / this.#planned_ms;
  }
}
