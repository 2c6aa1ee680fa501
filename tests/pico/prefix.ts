// The first minutes of a scenario, on any target: what therapy did in them.

import type { Program } from "../../emulator/brain";
import type { Bench } from "../../emulator/bench";
import { runScenario } from "../../emulator/scenario/run";
import type { Scenario } from "../../emulator/scenario/scenario";
import { TRACE_NAMES, TraceKind } from "../../emulator/trace";

/** Therapy up to a pump time. */
export interface Prefix {
  /** The therapy digest over all before that time: pulses, tones and records. */
  readonly digest: string;
  /** The same, one line each, for a person. */
  readonly events: readonly string[];
  readonly pulses: number;
  readonly violations: readonly string[];
  /** What ended the run before its time. */
  readonly error?: string;
  /** The latest that a pulse came after the true instant of its logical time. */
  readonly late_us_max: number;
  readonly bench: Bench;
}

/** Ends a run from within. */
class TimeIsUp extends Error {}

const THERAPY = new Set([TraceKind.pulse, TraceKind.tone, TraceKind.record]);

/** Runs until the first event at or after `until_ms`, on a line that takes its time: a chip has no other. */
export function prefixOf(scenario: Scenario, controller: Program, until_ms: number): Prefix {
  let digest = "";
  let bench: Bench | undefined;
  let pulses = 0;
  const events: string[] = [];
  const outcome = runScenario(scenario, {
    controller, instant: false,
    listener: {
      begin: (begun) => {
        bench = begun;
        digest = begun.trace.therapyDigest();
        begun.trace.on((kind, at_ms, a, b, c, d) => {
          if (at_ms >= until_ms) throw new TimeIsUp("time is up");
          if (!THERAPY.has(kind)) return;
          digest = begun.trace.therapyDigest();
          if (kind === TraceKind.pulse) pulses++;
          events.push(`${at_ms} ms ${TRACE_NAMES[kind]} ${a} ${b} ${c} ${d}`);
        });
      },
    },
  });
  const { error } = outcome;
  return {
    digest, events, pulses, bench: bench!, late_us_max: bench!.motor.late_us_max,
    violations: outcome.violations.map(({ text, expected, seen, pump_ms }) => `${text}: ${expected} expected, ${seen} seen at ${pump_ms} ms`),
    ...(error === undefined || error instanceof TimeIsUp ? {} : { error: `${error.name}: ${error.message}` }),
  };
}
