// Facts of a run for its page: from the outcome, in words.

import { durationText, wallText } from "../../../protocol/wand/text/wall";
import { placeText } from "../../scenario/problem";
import type { Outcome } from "../../scenario/run";
import type { Facts } from "./html";
import { TIMELINE_SCHEMA } from "./run-facts";
import type { FindingFacts } from "./run-facts";

/** An outcome as a report has it. */
export interface Told {
  readonly outcome: Outcome;
  /** The verdict, or that its digest is another one. */
  readonly result: string;
  readonly target: string;
  readonly again: string;
  /** Pump time of the end. */
  readonly end_ms: number;
  /** What was wrong beside what the outcome says, one line each. */
  readonly more?: readonly string[];
}

function findingsOf({ failures, refusal, violations, error, ended_at, scenario }: Outcome, end_ms: number): FindingFacts[] {
  return [
    ...failures.map((each) => ({ at_ms: each.pump_ms, kind: "expectation", text: `${each.what}: expected ${each.expected}, seen ${each.seen} (clock ${each.wall})`, place: placeText(each) })),
    ...(refusal === undefined ? [] : [{ at_ms: refusal.pump_ms, kind: "refusal", text: `the pump refused ${refusal.operation}: ${refusal.fault} ${refusal.name}: ${refusal.text}`, place: placeText(refusal) }]),
    ...violations.map((each) => ({ at_ms: each.pump_ms, kind: `violation (${each.kind})`, text: `${each.text}: expected ${each.expected}, seen ${each.seen}` })),
    ...(error === undefined ? [] : [{ at_ms: end_ms, kind: "error", text: `${error.name}: ${error.message}`, place: ended_at === undefined ? scenario.file : placeText(ended_at) }]),
  ].sort((a, b) => a.at_ms - b.at_ms);
}

/** What the page tells of a run. */
export function factsOf({ outcome, result, target, again, end_ms, more = [] }: Told): Facts {
  const { scenario, seed, virtual_ms, pulses, digest, full_digest, choices = [] } = outcome;
  const facts: (readonly [string, string])[] = [
    ["scenario", scenario.file], ["target", target], ["seed", String(seed)], ["virtual time", durationText(virtual_ms)], ["pulses", String(pulses)], ["clock at the start", wallText(scenario.wall_ms)],
    ["digest", digest], ["full digest", full_digest],
    ...(scenario.requirements.length === 0 ? [] : [["requirements", scenario.requirements.join(", ")] as const]),
    ...(choices.length === 0 ? [] : [["chosen", choices.join(", ")] as const]),
  ];
  return {
    schema: TIMELINE_SCHEMA, title: scenario.title, ...(scenario.about === "" ? {} : { about: scenario.about }), verdict: result, facts, again, end_ms,
    findings: [...findingsOf(outcome, end_ms), ...more.map((text) => ({ at_ms: end_ms, kind: "report", text }))],
  };
}
