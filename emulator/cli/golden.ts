// Golden digests of one run: what is kept, and in words what differs.

import { Tone } from "../../hal/sounder";
import { nameOf, RECORD_NAMES } from "../../protocol/names";
import type { Bench } from "../bench";
import type { Outcome, RunListener } from "../scenario/run";
import type { Scenario } from "../scenario/scenario";

/** What a run came to when it was last looked at. */
export interface GoldenEntry {
  readonly digest: string;
  readonly full_digest: string;
  /** True time of the run, motor commands, tones and records: so that a change can be told in words. */
  readonly virtual_ms: number;
  readonly pulses: number;
  readonly tones: { readonly critical: number; readonly other: number };
  /** By name, those that there were. */
  readonly records: Readonly<Record<string, number>>;
  /** The beginning of the therapy digest before each step and at the end, so that the first step that went otherwise is found. */
  readonly trail: string;
}

/** Digits of each piece of the trail. Four tell two steps apart but once in 65 536 times; the digest decides, the trail only points. */
const piece = 4;
/** Steps after so many are one for the trail. */
const pieces_max = 256;

/** Listens to a run for its entry. */
export class GoldenWatch implements RunListener {
  #trail = "";
  #bench: Bench | undefined;

  begin = (bench: Bench): void => { this.#bench = bench; };
  step = (): void => {
    if (this.#trail.length < pieces_max * piece) this.#trail += (this.#bench?.trace.therapyDigest() ?? "").slice(0, piece);
  };

  /** The entry of a run that has ended. */
  entry({ digest, full_digest, virtual_ms, pulses }: Outcome): GoldenEntry {
    const { tones = [], records = [] } = this.#bench?.trace ?? {};
    const named = records.flatMap((count, kind) => (count > 0 ? [[nameOf(RECORD_NAMES, kind), count] as const] : []));
    return {
      digest, full_digest, virtual_ms, pulses, tones: { critical: tones[Tone.two_tone] ?? 0, other: tones[Tone.single] ?? 0 },
      records: Object.fromEntries(named), trail: this.#trail + digest.slice(0, piece),
    };
  }
}

/** What a run is compared with, as plain data: it travels to other processes. */
export interface GoldenWanted {
  /** The golden file. */
  readonly file: string;
  /** What it says of the run; undefined if it does not know it. */
  readonly entry: GoldenEntry | undefined;
  readonly lag_ms: number;
}

/** How a run differs from its golden entry. */
export interface Difference {
  readonly kind: "new" | "therapy" | "full";
  readonly text: string;
}

/** "pulses 30000, now 30001; record alarm on 2, now 3", or that all counts are as they were. */
function countsText(before: GoldenEntry, now: GoldenEntry): string {
  const counts: [string, number, number][] = [
    ["pulses", before.pulses, now.pulses], ["critical tones", before.tones.critical, now.tones.critical], ["other tones", before.tones.other, now.tones.other],
    ...[...new Set([...Object.keys(before.records), ...Object.keys(now.records)])]
      .map((name): [string, number, number] => [`records ${name}`, before.records[name] ?? 0, now.records[name] ?? 0]),
    ["virtual ms", before.virtual_ms, now.virtual_ms],
  ];
  const changed = counts.filter(([, was, is]) => was !== is);
  return changed.length === 0 ? "as many pulses, tones and records as before, at other times or with other values" : changed.map(([name, was, is]) => `${name} ${was}, now ${is}`).join("; ");
}

/** Where it first went otherwise, in words. */
function placeText(before: GoldenEntry, now: GoldenEntry, scenario: Scenario): string {
  if (before.trail.length !== now.trail.length) return "(the scenario has other steps)";
  let at = 0;
  while (at < now.trail.length && before.trail.slice(at, at + piece) === now.trail.slice(at, at + piece)) at += piece;
  // The trail has a piece before each step: the step before the first piece that differs made the difference.
  const index = at / piece - 1;
  const step = now.trail.length / piece - 1 === scenario.steps.length ? scenario.steps[index] : undefined;
  if (index < 0) return "from before the first step";
  return step === undefined ? `from step ${index + 1} on` : `from line ${step.line} on (${step.text})`;
}

/** What differs, undefined for nothing. Under a lag only the therapy must be the same: answers and storage come later. */
export function differenceOf(before: GoldenEntry | undefined, now: GoldenEntry, scenario: Scenario, lag_ms: number): Difference | undefined {
  if (before === undefined) return { kind: "new", text: `new: ${now.pulses} pulses, digest ${now.digest}` };
  if (before.digest !== now.digest) return { kind: "therapy", text: `therapy differs ${placeText(before, now, scenario)}: ${countsText(before, now)}` };
  if (before.full_digest === now.full_digest || lag_ms > 0) return undefined;
  return { kind: "full", text: "therapy is the same; answers, results, storage or resets are other than they were" };
}

/** How a run differs from what it is compared with; undefined for not at all, for nothing to compare with, and for a run that did not pass or is one of another seed. */
export function compareWith(wanted: GoldenWanted | undefined, { scenario, verdict, seed }: Outcome, now: GoldenEntry): Difference | undefined {
  if (wanted === undefined || verdict !== "pass" || seed !== scenario.seed) return undefined;
  const difference = differenceOf(wanted.entry, now, scenario, wanted.lag_ms);
  if (difference?.kind === "new") return { kind: "new", text: `not in ${wanted.file}: look at it, then add it with --update` };
  return difference;
}
