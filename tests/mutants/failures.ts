// What has gone wrong in real devices, and firmware that has the failure.

import { NAMED_MUTANTS, OPEN_DOORS, type Mutant } from "./named";
import { THERAPY_MUTANTS } from "./therapy";

/** One entry of the list at the end of firmware/REQUIREMENTS.md. */
export interface FieldFailure {
  /** How its entry begins. */
  readonly failure: string;
  /** Who must answer where the pump cannot know. */
  readonly layer?: string;
  /** Scenarios of it, each with a firmware that has the failure and that it notices; of those where the pump cannot know, one that shows it and what the books say. */
  readonly scenarios: readonly (readonly [scenario: string, mutant: Mutant | undefined])[];
}

function named(name: string): Mutant {
  const found = [...NAMED_MUTANTS, ...THERAPY_MUTANTS, ...OPEN_DOORS].find((each) => each.name === name);
  if (found === undefined) throw new Error(`no mutant "${name}"`);
  return found;
}

const REFILL = "the refill: what the needle finds against what the books expect (FILL-4b)";

export const FIELD_FAILURES: readonly FieldFailure[] = [
  {
    failure: "A bolus interval in minutes", scenarios: [["limits/minutes-for-hours", {
      name: "interval of minutes", breaks: "LIMIT-1c: an hour at least", file: "firmware/prescription.ts",
      find: "isBetween(interval, Limit.interval_min_min, Limit.interval_min_max)", replace: "isBetween(interval, 1, Limit.interval_min_max)",
    }]],
  },
  {
    failure: "A prime with the wrong volume", scenarios: [["prime/worked", {
      name: "a prime of any volume", breaks: "FILL-6b: at most tubing and catheter", file: "firmware/arm.ts",
      find: " || volume_pL > p.c[C.catheter_pL]", replace: "",
    }]],
  },
  {
    failure: "Programming left unfinished", scenarios: [
      ["link/left-in-the-middle", {
        name: "staging stops the pump", breaks: "PROG-1a: the old therapy runs until the commit", file: "firmware/operations.ts",
        find: "stager(Layout.stage, checkStage, stage)", replace: "stager(Layout.stage, checkStage, (p) => { transition(p, Event.stop); return stage(p); })",
      }],
      ["alarms/left-stopped-21-days", {
        name: "a stop that nobody is told of", breaks: "STATE-2b: critical at 48 h", file: "firmware/alarms.ts",
        find: "  if (!isActive(p, Alarm.stopped_48h)) return p.c[C.stopped_ms] + Sound.stopped_critical_ms;\n", replace: "",
      }],
    ],
  },
  { failure: "Noise during an alarm", scenarios: [["motor/mri-during-alarm", named("stall that waits for a person")]] },
  { failure: "Recovery from an MRI hours late", scenarios: [["motor/mri-short", named("stall that waits for a person")], ["motor/stall-and-recovery", named("stall that waits for a person")]] },
  { failure: "An over-infusing pump", layer: REFILL, scenarios: [["motor/worn-runs-dry", undefined], ["refill/over-infusion-answered", named("discrepancy not told")]] },
  { failure: "Stopped and restarted", scenarios: [["motor/restart-after-two-days", named("catch-up after a stall")], ["tolerance/stall-of-two-days", named("a commit brings the full rate back")]] },
  {
    failure: "A film in the battery", scenarios: [["battery/film-never-a-low-rate", {
      name: "back at a very low rate", breaks: "MEM-1a, STATE-3b: a brown-out is not a reason for the minimum rate", file: "firmware/boot.ts",
      find: "takeUp(p, known, true)", replace: "takeUp(p, known, false)",
    }]],
  },
  { failure: "Drug beside the pump", layer: REFILL, scenarios: [["reservoir/pocket-fill", undefined], ["refill/pocket-fill-answered", named("discrepancy not told")]] },
  {
    failure: "A wrong replace-by date", scenarios: [["refill/refill-by", {
      name: "a date by the nominal flow", breaks: "FILL-5a: flow 14.5 % high", file: "firmware/forecast.ts",
      find: "worst ? Fill.high_permille : Fill.nominal_permille", replace: "Fill.nominal_permille",
    }]],
  },
  {
    failure: "A rolling cap summed over a half-filled window", scenarios: [["limits/first-hour", {
      name: "a cap on what was given", breaks: "LIMIT-2d: everything that is committed counts", file: "firmware/caps.ts",
      find: "  if (hour_ng < 0 || day_ng < 0) return Fault.history_unknown;\n  if (hour_ng > cap1h_ng(p)) return Fault.above_cap_1h;\n  if (day_ng > cap24h_ng(p)) return Fault.above_cap_24h;\n  if (bolus_ng === 0) return Fault.ok;\n",
      replace: "  if (hour_ng < 0 || day_ng < 0) return Fault.history_unknown;\n  if (given_ng(p, false) + bolus_ng > cap1h_ng(p)) return Fault.above_cap_1h;\n  if (given_ng(p, true) + bolus_ng > cap24h_ng(p)) return Fault.above_cap_24h;\n  if (bolus_ng + delayed_ng >= 0) return Fault.ok;\n",
    }]],
  },
  { failure: "A lost reply answered by a second bolus", scenarios: [["bolus/lost-reply", named("a repetition is done again")]] },
  { failure: "Summer time given twice", scenarios: [["bolus/summer-time", named("timed bolus given twice")], ["clock/summer-time-given-twice", named("clock set without its step")]] },
  { failure: "A safety check that returned \"stop\"", scenarios: [["motor/stopped-and-the-motor-goes-on", named("a check that says stop while the motor goes on")]] },
];
