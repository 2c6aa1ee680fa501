// Control steps, parameters and includes: what runs, when, and how it fails.

import { describe, expect, it } from "vitest";
import { parseScenario, parseScenarios } from "../../emulator/scenario/parse";
import { runScenario } from "../../emulator/scenario/run";
import type { Outcome } from "../../emulator/scenario/run";
import type { Scenario } from "../../emulator/scenario/scenario";
import { Stream } from "../../emulator/engine/random";
import { createController } from "../../firmware/controller";

const begin = `scenario: x
steps:
  - refill: {volume: 18mL, concentration: 2000ug/mL}
  - prescribe: 500ug/day
  - start
`;

/** Runs a scenario; the steps that ran, each with its ms of true time, and how it ended. */
function follow(scenario: Scenario, seed?: number): { readonly steps: string[]; readonly outcome: Outcome; readonly failures: string[] } {
  const steps: string[] = [];
  const outcome = runScenario(scenario, {
    instant: true,
    controller: createController, ...(seed === undefined ? {} : { seed }),
    listener: { step: ({ text }, bench) => { steps.push(`${String(bench.now_us / 1000)} ${text}`); } },
  });
  return { steps: steps.slice(3), outcome, failures: outcome.failures.map((each) => `${String(each.line)}: ${each.what}: ${each.expected}, ${each.seen}`) };
}

function run(steps: string, seed?: number): ReturnType<typeof follow> {
  return follow(parseScenario("f.yaml", begin + steps), seed);
}

describe("repeat", () => {
  it("runs its steps so many times, each as long as every says, the last one too", () => {
    const { steps, outcome } = run("  - repeat: {times: 3, every: 1h, steps: [wait: 10min]}\n  - wait: 1s\n");
    expect(steps).toEqual([
      "0 repeat: {times: 3, every: 1h, steps: [wait: 10min]}", "0 wait: 10min", "3600000 wait: 10min", "7200000 wait: 10min", "10800000 wait: 1s",
    ]);
    expect(outcome).toMatchObject({ verdict: "pass", virtual_ms: 10_801_000 });
  });

  it("goes on at once without every, and repeats what repeats", () => {
    const { outcome } = run("  - repeat: {times: 4, steps: [repeat: {times: 6, steps: [wait: 1h]}]}\n  - expect: {elapsed: 24h}\n");
    expect(outcome).toMatchObject({ verdict: "pass", virtual_ms: 86_400_000 });
  });

  it("names the time in a failure, tells three of a place and then how many", () => {
    const { failures } = run("  - repeat: {times: 10, every: 1h, steps: [expect: {uncertain: 1}]}\n");
    expect(failures).toEqual([
      "6: uncertain (time 1 of 10): 1, 0", "6: uncertain (time 2 of 10): 1, 0", "6: uncertain (time 3 of 10): 1, 0", "6: uncertain (time 10 of 10): 1, 0, the last of 10 misses here",
    ]);
  });

  it("fails where the steps took longer than every, by a wait that only the run knows", () => {
    const { failures } = run("  - repeat: {times: 2, every: 1min, steps: [when: {pulses: 2, within: 1d}]}\n");
    // The second pulse comes at 2 x 86.4 s, when 1 min has gone.
    expect(failures).toEqual([
      "6: repeat (time 1 of 2): to be there at 1min, 2min 52s 800ms", "6: repeat (time 2 of 2): to be there at 2min, 2min 52s 800ms",
    ]);
  });
});

describe("at", () => {
  it("waits until a time since power-on, or of the wall clock, and does the steps there", () => {
    const { steps, outcome } = run("  - wait: 1h\n  - at: {time: 2h, steps: [wait: 1min]}\n  - clock: {by: 1h}\n  - at: {wall: 2026-01-05 12:00, steps: [expect: {elapsed: 3h}]}\n");
    expect(steps.slice(1).map((step) => step.split(":", 1)[0])).toEqual(["3600000 at", "7200000 wait", "7260000 clock", "7260000 at", "10800000 expect"]);
    expect(outcome.verdict).toBe("pass");
  });

  it("fails where only the run shows that the time has gone", () => {
    expect(run("  - when: {pulses: 100, within: 1d}\n  - at: {time: 1h, steps: [expect: {state: therapy}]}\n").failures).toEqual(["7: at: to be there at 1h, 2h 24min"]);
    expect(run("  - when: {pulses: 100, within: 1d}\n  - at: {wall: 2026-01-05 09:00, steps: [expect: {state: therapy}]}\n").failures)
      .toEqual(["7: wait: a clock before 2026-01-05 09:00, 2026-01-05 10:24"]);
  });
});

describe("when", () => {
  it("finds the instant of an event, and then does its steps", () => {
    // Three pulses without confirmation: commanded at 3 x 86.4 s, the last given up 500 ms later.
    const { steps, outcome } = run("  - fault: motor.stalled\n  - when: {alarms: [motor stall], within: 1h, steps: [heal: motor.stalled]}\n");
    expect(steps.at(-1)).toBe("259700 heal: motor.stalled");
    expect(outcome.verdict).toBe("pass");
  });

  it("is done at once where it is so already, and looks once a minute at what no event tells", () => {
    expect(run("  - when: {state: therapy, within: 1ms, steps: [expect: {elapsed: 0s}]}\n").outcome.verdict).toBe("pass");
    expect(run("  - when: {clock: 2026-01-05 08:30 +/- 1min, within: 1h, steps: [expect: {elapsed: 29min +/- 1min}]}\n").outcome.verdict).toBe("pass");
  });

  it("fails after within, with everything that is not so, and leaves its steps out", () => {
    const { steps, failures, outcome } = run("  - when: {state: stopped, pulses: 9, within: 2h, steps: [heal: motor.stalled]}\n".replace("heal: motor.stalled", "wait: 1d"));
    expect(failures).toEqual(["6: state: stopped within 2h, therapy", "6: pulses: 9 within 2h, 83"]);
    expect(outcome).toMatchObject({ verdict: "expectation failed", virtual_ms: 7_200_000 });
    expect(steps).toHaveLength(1);
  });

  it("waits for a pump that has no power", () => {
    // 1 s, in which storage comes to rest, 10 min without power, 20 ms for the boot.
    expect(run("  - wait: 1s\n  - reset: {off: 10min}\n  - when: {state: therapy, within: 1h, steps: [expect: {elapsed: 10min 1s 20ms}]}\n").outcome.verdict).toBe("pass");
    expect(run("  - reset: {off: 10min}\n  - when: {state: therapy, within: 1min}\n  - wait: 1h\n").failures).toEqual(["7: when: a pump that runs within 1min, it has no power, or boots"]);
  });

  it("leaves it to the run whether a fault has healed by itself", () => {
    expect(run("  - fault: {kind: motor.stalled, for: 1h}\n  - when: {pulses: 100, within: 1d}\n  - heal: motor.stalled\n").failures)
      .toEqual(["8: heal: fault motor.stalled in force, not in force"]);
  });

  it("is the same therapy on a late processor", () => {
    const scenario = parseScenario("f.yaml", `${begin}  - fault: {kind: motor.stalled, for: 2h}\n  - when: {alarms: [motor stall], within: 1h}\n  - when: {alarms: [], within: 1d}\n  - stop: 3\n`);
    const [prompt, late] = [0, 3].map((lag_ms) => runScenario(scenario, { controller: createController, lag_ms, instant: true }));
    expect(prompt?.verdict).toBe("pass");
    expect({ digest: late?.digest, virtual_ms: late?.virtual_ms }).toEqual({ digest: prompt?.digest, virtual_ms: prompt?.virtual_ms });
  });
});

describe("choose", () => {
  const step = "  - choose:\n      name: which\n      of:\n        - [expect: {pulses: 1}]\n        - [expect: {pulses: 2}]\n        - [expect: {pulses: 3}]\n";

  it("takes what the named stream of the seed gives, and tells it", () => {
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const chosen = new Stream(seed, "choose.which").below(3) + 1;
      const { outcome, failures } = run(step, seed);
      expect(outcome.choices).toEqual([`which ${String(chosen)} of 3`]);
      expect(failures).toEqual([`${String(8 + chosen)}: pulses (which ${String(chosen)} of 3): ${String(chosen)}, 0`]);
    }
  });

  it("chooses anew each time, and one name does not move another", () => {
    const stream = new Stream(7, "choose.which");
    const expected = [1, 2, 3, 4].map(() => `which ${String(stream.below(3) + 1)} of 3`);
    const both = "  - repeat:\n      times: 4\n      steps:\n        - choose: {name: other, of: [[wait: 1s], [wait: 2s]]}\n        - choose: {name: which, of: [[wait: 1s], [wait: 2s], [wait: 3s]]}\n";
    expect(run(both, 7).outcome.choices?.filter((each) => each.startsWith("which"))).toEqual(expected);
    expect(new Set([1, 2, 3, 4, 5, 6, 7, 8].map((seed) => run(step, seed).outcome.choices?.[0])).size).toBe(3);
  });

  it("shows the choice of a run that passed before a later failure", () => {
    expect(run("  - choose: {name: a, of: [[wait: 1h], [wait: 1h]]}\n  - expect: {pulses: 0}\n").failures[0]).toMatch(/^7: pulses \(a [12] of 2\): 0, 41$/);
  });
});

describe("parameters and tables", () => {
  const table = `scenario: "\${rate} for two days"
tags: [basal, table]
parameters: {time: 2d, rate: 500ug/day}
table:
  usual: {pulses: 2000}
  half: {rate: 250ug/day, pulses: 1000}
  late clock: {pulses: 2000 +/- 1, time: 172801s}
unit: {wall: 2026-03-01 00:00}
steps:
  - refill: {volume: 18mL, concentration: 2000ug/mL}
  - prescribe: \${rate}
  - start
  - wait: \${time}
  - wait: 1s
  - expect: {pulses: "\${pulses}", rate: "\${rate}"}
`;

  it("make a run of each row, with its title and its values", () => {
    const runs = parseScenarios("f.yaml", table);
    expect(runs.map(({ title, row, tags, planned_ms }) => [title, row, tags, planned_ms])).toEqual([
      ["500ug/day for two days [usual]", "usual", ["basal", "table"], 172_801_000], ["250ug/day for two days [half]", "half", ["basal", "table"], 172_801_000],
      ["500ug/day for two days [late clock]", "late clock", ["basal", "table"], 172_802_000],
    ]);
    expect(runs.map((scenario) => follow(scenario).outcome.verdict)).toEqual(["pass", "pass", "pass"]);
    expect(follow(runs[1]!).steps[0]).toBe("0 wait: 2d");
  });

  it("without a table make one run, and a table is no single scenario", () => {
    const one = parseScenario("f.yaml", `parameters: {time: 1h}\n${begin}  - wait: \${time}\n`);
    expect(one).not.toHaveProperty("row");
    expect(follow(one).outcome.virtual_ms).toBe(3_600_000);
    expect(() => parseScenario("f.yaml", table)).toThrow("f.yaml: has a table with 3 rows, and one run was wanted");
  });
});

describe("include", () => {
  const files: Readonly<Record<string, string>> = {
    "rooms/parts/fill.steps.yaml": "- refill: {volume: 18mL, concentration: 2000ug/mL}\n- include: ../more.steps.yaml\n",
    "rooms/more.steps.yaml": "- prescribe: ${rate}\n- start\n- expect: {pulses: 1}\n",
  };
  const readText = (file: string): string => files[file] ?? "";

  it("does the steps of another file, from its own folder, with the parameters of the scenario", () => {
    const scenario = parseScenario("rooms/f.yaml", "scenario: x\nparameters: {rate: 500ug/day}\nsteps:\n  - include: parts/fill.steps.yaml\n  - wait: 1h\n  - expect: {pulses: 41}\n", readText);
    const { outcome } = follow(scenario);
    expect(outcome.failures.map(({ file, line, seen }) => [file, line, seen])).toEqual([["rooms/more.steps.yaml", 3, "0"]]);
    expect(outcome.pulses).toBe(41);
  });
});
