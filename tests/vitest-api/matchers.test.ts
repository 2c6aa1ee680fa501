// The matchers fail as they should: expected, seen, when, and what came before.

import { describe, expect, it } from "vitest";
import { bench } from "../../emulator/vitest/index";
import type { Pump, PumpOptions } from "../../emulator/vitest/index";
import { parseScenario } from "../../emulator/scenario/parse";
import { runScenario } from "../../emulator/scenario/run";
import { createController } from "../../firmware/controller";
import { runaway } from "../cli/controllers";

function treated(options: PumpOptions = {}): Pump {
  const pump = bench({ instant: true, ...options }, createController);
  pump.refill("18mL", "2000ug/mL");
  pump.prescribe("500ug/day");
  pump.start();
  return pump;
}

/** The message with which the act fails. */
function failure(act: () => void): string {
  try {
    act();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return "it did not fail";
}

describe("a failing matcher", () => {
  it("shows expected, seen, virtual time, wall clock and the last events before it", () => {
    const pump = treated();
    pump.wait("1d");
    pump.wait("1s");
    pump.fault("motor.stalled", { for: "3min" });
    pump.wait("1h");
    pump.stop(7);
    const text = failure(() => { expect(pump).toHaveDelivered("7.5mL"); });
    const [first, second, ...events] = text.split("\n");
    expect(first).toBe("delivered: expected 7.5 mL, seen 0.25975 mL, at 1d 1h 1s (clock 2026-01-06 09:00:01)");
    expect(second).toBe("last events:");
    expect(events.join("\n")).toContain([
      "  1min 26s 400ms to 1d  pulses 1 to 1000 confirmed",
      "  1d 1s  fault motor.stalled begins",
      "  1d 1min 26s 400ms to 1d 2min 52s 800ms  pulses 1001 to 1002 not confirmed",
      "  1d 3min 1s  fault motor.stalled ends",
      "  1d 4min 19s 200ms to 1d 59min 2s 400ms  pulses 1003 to 1041 confirmed",
    ].join("\n"));
    expect(events.join("\n")).toContain("  1d 1h 1s  record state: therapy to stopped");
    expect(events.join("\n")).toContain("  1d 1h 1s  answer: stop accepted");
  });

  const misses: readonly (readonly [string, (pump: Pump) => void, string])[] = [
    ["toShow", (pump) => { expect(pump).toShow({ pulses: 1, uncertain: 2, state: "therapy" }); }, "pulses: expected 1, seen 1000, at 1d 1s (clock 2026-01-06 08:00:01)\nuncertain: expected 2, seen 0, at 1d 1s"],
    ["toBeInState", (pump) => { expect(pump).toBeInState("stopped"); }, "state: expected stopped, seen therapy, at 1d 1s"],
    ["toHaveRemaining", (pump) => { expect(pump).toHaveRemaining("18mL +/- 1nL"); }, "remaining: expected 18 +/- 0.000001 mL, seen 17.75 mL"],
    ["toHaveCommanded", (pump) => { expect(pump).toHaveCommanded(999); }, "pulses: expected 999, seen 1000"],
    ["toHaveUncertain", (pump) => { expect(pump).toHaveUncertain(1); }, "uncertain: expected 1, seen 0"],
    ["toHaveAlarms", (pump) => { expect(pump).toHaveAlarms("motor stall"); }, "alarms: expected motor stall, seen none"],
    ["toHaveRaised", (pump) => { expect(pump).toHaveRaised("low reservoir"); }, "raised low reservoir: expected 1 times, seen 0 times"],
    ["toHaveLogged", (pump) => { expect(pump).toHaveLogged({ boot: 2 }); }, "records boot: expected 2, seen 1"],
    ["toHaveGivenAtTip", (pump) => { expect(pump).toHaveGivenAtTip(0, "1ug"); }, "tip_dose of day 0: expected 1 ug, seen "],
    ["not", (pump) => { expect(pump).not.toBeInState("therapy"); }, 'expected anything but {"state":"therapy"}, seen just that, at 1d 1s (clock 2026-01-06 08:00:01)'],
    ["toBeRefused, accepted", (pump) => { expect(() => { pump.stop(); }).toBeRefused("not in this state"); }, 'refusal: expected "not in this state", seen that the pump accepted'],
    ["toBeRefused, otherwise", (pump) => { expect(() => { pump.start(); }).toBeRefused("no drug"); }, 'refusal: expected "no drug", seen 4 "not in this state"\nstart refused: 4 not in this state: '],
    ["not toKeepToItsPrescription", (pump) => { expect(pump).not.toKeepToItsPrescription(); }, "expected a dose violation, and the oracle found none, at 1d 1s"],
  ];
  it.each(misses)("%s", (_name, act, text) => {
    const pump = treated();
    pump.wait("1d");
    pump.wait("1s");
    expect(failure(() => { act(pump); })).toContain(text);
  });

  it("is for pumps", () => {
    expect(failure(() => { expect(3).toBeInState("therapy"); })).toBe("this matcher is for a pump: expect(bench({}, controller))");
    expect(failure(() => { expect("start").toBeRefused("no drug"); })).toContain("toBeRefused is for an act");
  });
});

describe("a pump for tests", () => {
  it("is violated against: no matcher is met, whatever it compares, and none by not", () => {
    const pump = bench({ instant: true }, runaway);
    pump.wait("1h");
    for (const act of [() => { expect(pump).toShow({ pulses: 3600 }); }, () => { expect(pump).not.toShow({ pulses: 1 }); }, () => { expect(pump).toKeepToItsPrescription(); }]) {
      expect(failure(act)).toContain("oracle: over: ");
    }
    expect(pump).not.toKeepToItsPrescription();
  });

  it("says what is wrong with a step, and does nothing", () => {
    const pump = treated();
    const before = pump.bench.trace.fullDigest();
    expect(failure(() => { pump.wait("3"); })).toContain('wait: "3" has no unit');
    expect(failure(() => { pump.fault("motor.staled"); })).toContain('fault: unknown fault "motor.staled": did you mean "motor.stalled"?');
    expect(failure(() => { pump.step({ wiat: "1h" }); })).toContain('wiat: unknown verb "wiat": did you mean "wait"?');
    expect(failure(() => { pump.waitUntil("noon"); })).toContain('found "noon"');
    expect(failure(() => { bench({ unit: { pulse: "1mL" } }, createController); })).toMatch(/^bench: |refused/);
    expect(pump.bench.trace.fullDigest()).toBe(before);
  });

  it("tells a refusal that nobody expected, and an expectation of a step, with the last events", () => {
    const pump = bench({ instant: true }, createController);
    expect(failure(() => { pump.start(); })).toMatch(/^start refused: 20 no drug: .*, at 0s \(clock 2026-01-05 08:00\)\nlast events:\n(.*\n)*.*start refused: 20 no drug/);
    expect(failure(() => { pump.step({ expect: { pulses: 1 } }); })).toMatch(/^pulses: expected 1, seen 0, at 0s \(clock 2026-01-05 08:00\)\nlast events:\n/);
  });

  it("does what a scenario does: the same digests", () => {
    const pump = treated({ seed: 7 });
    pump.wait("2d");
    pump.fault("rotor.intermittent", { value: "10%", for: "12h" });
    pump.wait("1d");
    pump.moveClock("1h");
    pump.stop(3);
    pump.bench.finish();
    const outcome = runScenario(parseScenario("f.yaml", [
      "scenario: x", "seed: 7", "steps:", "  - refill: {volume: 18mL, concentration: 2000ug/mL}", "  - prescribe: {rate: 500ug/day}", "  - start", "  - wait: 2d",
      "  - fault: {kind: rotor.intermittent, value: 10%, for: 12h}", "  - wait: 1d", "  - clock: {by: 1h}", "  - stop: 3", "",
    ].join("\n")), { controller: createController, instant: true });
    expect([pump.bench.trace.therapyDigest(), pump.bench.trace.fullDigest()]).toEqual([outcome.digest, outcome.full_digest]);
  });
});
