// Matchers for vitest: what is expected of a pump; a failure tells the story.

import { expect } from "vitest";
import { RefusedByPump } from "../scenario/runner";
import { failureText, Pump } from "./pump";

interface Result {
  readonly pass: boolean;
  readonly message: () => string;
  readonly actual?: unknown;
  readonly expected?: unknown;
}

function pumpOf(received: unknown): Pump {
  if (!(received instanceof Pump)) throw new Error("this matcher is for a pump: expect(bench({}, controller))");
  return received;
}

function story(pump: Pump, lines: readonly string[]): string {
  return [...lines, "last events:", ...pump.lastEvents().map((line) => `  ${line}`)].join("\n");
}

/** Compares as the verb `expect` does. That the oracle found nothing is always expected, also by `not`. */
function shows(received: unknown, expected: Readonly<Record<string, unknown>>): Result {
  const pump = pumpOf(received);
  const violations = pump.violations();
  if (violations.length > 0) throw new Error(story(pump, violations));
  const failures = pump.differences(expected);
  const side = (pick: "expected" | "seen"): Record<string, string> => Object.fromEntries(failures.map((each) => [each.what, each[pick]]));
  return {
    pass: failures.length === 0,
    message: () => story(pump, failures.length > 0 ? failures.map(failureText) : [`expected anything but ${JSON.stringify(expected)}, seen just that, at ${pump.now()}`]),
    ...(failures.length === 0 ? {} : { actual: side("seen"), expected: side("expected") }),
  };
}

/** Whether the act is refused by the pump, with this reason. */
function refused(act: unknown, reason: string): Result {
  if (typeof act !== "function") throw new Error('toBeRefused is for an act: expect(() => pump.start()).toBeRefused("no drug")');
  try {
    (act as () => void)();
  } catch (error) {
    if (!(error instanceof RefusedByPump)) throw error;
    const { fault, name } = error.refusal;
    return { pass: name === reason, message: () => `refusal: expected "${reason}", seen ${fault} "${name}"\n${error.message}`, actual: name, expected: reason };
  }
  return { pass: false, message: () => `refusal: expected "${reason}", seen that the pump accepted`, actual: "accepted", expected: reason };
}

expect.extend({
  toShow: shows,
  toBeInState: (pump: unknown, state: string) => shows(pump, { state }),
  toHaveDelivered: (pump: unknown, delivered: string) => shows(pump, { delivered }),
  toHaveRemaining: (pump: unknown, remaining: string) => shows(pump, { remaining }),
  toHaveCommanded: (pump: unknown, pulses: number) => shows(pump, { pulses }),
  toHaveUncertain: (pump: unknown, uncertain: number) => shows(pump, { uncertain }),
  toHaveAlarms: (pump: unknown, ...alarms: string[]) => shows(pump, { alarms }),
  toHaveRaised: (pump: unknown, alarm: string, wanted: number | { readonly times?: number; readonly at?: string } = 1) => shows(pump, { raised: { [alarm]: wanted } }),
  toHaveLogged: (pump: unknown, records: Readonly<Record<string, number>>) => shows(pump, { records }),
  toHaveGivenAtTip: (pump: unknown, day: number, dose: string) => shows(pump, { tip_dose: { day, dose } }),
  toKeepToItsPrescription(received: unknown): Result {
    const pump = pumpOf(received);
    const found = pump.close();
    return {
      pass: found.length === 0,
      message: () => story(pump, found.length > 0 ? found : [`expected a dose violation, and the oracle found none, at ${pump.now()}`]), actual: found, expected: [],
    };
  },
  toBeRefused: refused,
});

declare module "vitest" {
  // The name and parameter are vitest's own.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  interface Matchers<T = any> {
    /** Anything that the verb `expect` of scenarios takes: toShow({ pulses: 30000, alarms: [] }). */
    toShow(expected: Readonly<Record<string, unknown>>): T;
    /** "therapy", "stopped", "safe minimum". */
    toBeInState(state: string): T;
    /** What truly left the reservoir through the head: "7.5mL", "7.5mL +/- 1nL". */
    toHaveDelivered(volume: string): T;
    /** By the pump's books. */
    toHaveRemaining(volume: string): T;
    /** Pulses, counted at the motor. */
    toHaveCommanded(pulses: number): T;
    /** Pulses, by the pump's books. */
    toHaveUncertain(pulses: number): T;
    /** Exactly these are active; none for no name. */
    toHaveAlarms(...alarms: readonly string[]): T;
    /** How often since power-on, and when the last time (pump time): toHaveRaised("motor stall", { times: 1, at: "1d 2h +/- 1s" }). */
    toHaveRaised(alarm: string, wanted?: number | { readonly times?: number; readonly at?: string }): T;
    /** Records since power-on: toHaveLogged({ "stall begin": 1 }). */
    toHaveLogged(records: Readonly<Record<string, number>>): T;
    /** Dose that left the catheter's tip on a day of pump time; 0 is the first. */
    toHaveGivenAtTip(day: number, dose: string): T;
    /** The oracle's closing check finds no dose violation in the whole run. */
    toKeepToItsPrescription(): T;
    /** For an act: expect(() => pump.start()).toBeRefused("no drug"). */
    toBeRefused(reason: string): T;
  }
}
