// Malformed scenarios: the exact message of each, with its line and column.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadScenario } from "../../emulator/scenario/load";
import { parseScenario } from "../../emulator/scenario/parse";
import { ScenarioProblems } from "../../emulator/scenario/problem";
import { VERBS } from "../../emulator/scenario/verbs/index";

/** Everything that is reported for a text, a line each. */
function problemsOf(content: string): string[] {
  try {
    parseScenario("f.yaml", content);
  } catch (error) {
    if (error instanceof ScenarioProblems) return error.message.split("\n");
    throw error;
  }
  return [];
}

const verbs = [...VERBS.keys()].join(", ");

/** Steps that are wrong, each alone in a file of which it is line 3. */
const steps: readonly (readonly [string, string])[] = [
  ["wiat: 3d", 'f.yaml:3:5: unknown verb "wiat": did you mean "wait"?'],
  ["inject: 3d", `f.yaml:3:5: unknown verb "inject": expected one of ${verbs}`],
  ["__proto__: 3d", `f.yaml:3:5: unknown verb "__proto__": expected one of ${verbs}`],
  ["wait: 3", 'f.yaml:3:11: "3" has no unit: give a duration such as "6h" (ms, s, min, h or d)'],
  ["wait: 3mL", 'f.yaml:3:11: unit "mL" is not a unit of duration: give a duration such as "6h" (ms, s, min, h or d)'],
  ["wait: -3d", 'f.yaml:3:11: "-3d" is negative: give a duration such as "6h" (ms, s, min, h or d)'],
  ["wait: 4000d", "f.yaml:3:11: the scenario would last longer than 3653d"],
  ["wait: {for: 1d, until: 2027-01-01}", 'f.yaml:3:5: wait needs a duration, "wait: 6h", or a time, "wait: {until: 2026-03-29 03:00}", and not both'],
  ["wait: {until: 2025-01-01}", "f.yaml:3:19: 2025-01-01 00:00 has gone: the pump's clock shows 2026-01-05 08:00 at this step"],
  ["wait: {until: 2026-02-30}", 'f.yaml:3:19: expected a date and time such as "2026-03-29 03:00", found "2026-02-30"'],
  ["wait:", 'f.yaml:3:5: wait needs a duration, "wait: 6h", or a time, "wait: {until: 2026-03-29 03:00}", and not both'],
  ["[start]", 'f.yaml:3:5: expected a verb such as "wait: 6h", found a list'],
  ["", 'f.yaml:3:5: expected a verb such as "wait: 6h", found nothing'],
  ["start: now", 'f.yaml:3:12: expected a mapping with missed, expect_refusal, found "now"'],
  ["start: {expect_refusal: no drgu}", 'f.yaml:3:29: unknown refusal "no drgu": did you mean "no drug"?'],
  ["stop", 'f.yaml:3:5: stop needs "reason": a whole number from 0 to 255'],
  ["stop: {reason: 1.5}", 'f.yaml:3:20: expected a whole number from 0 to 255, found "1.5"'],
  ["refill: {volume: 18mL, concentration: 2000ug/mL, batch: 7}", 'f.yaml:3:54: unknown field "batch" of refill: expected one of volume, concentration, drug, aspirated, rinsed, lot, expect_refusal'],
  ["refill: {volume: 18mL, concentration: 2000ug/mL, lot: A-7}", 'f.yaml:3:59: expected a lot of up to 9 letters and digits, such as A123, found "A-7"'],
  ["refill: {volume: 18mL}", 'f.yaml:3:13: refill needs "concentration": a concentration such as "2000ug/mL" (ng/uL, ug/mL or mg/mL)'],
  ["refill: {volume: , concentration: 2000ug/mL}", 'f.yaml:3:14: "volume" has no value: expected a volume such as "18mL" (nL, uL or mL)'],
  ["refill: {volume: 18mL, volume: 19mL, concentration: 2000ug/mL}", 'f.yaml:3:28: "volume" is there twice'],
  ["refill: {volume: 18mL, drug: morphine, concentration: 2000ug/mL}", 'f.yaml:3:34: unknown drug "morphine": expected one of baclofen, saline'],
  ["prescribe: {rate: 1ug/day, mode: minimum}", "f.yaml:3:5: prescribe needs exactly one of rate, schedule, mode"],
  ['prescribe: {schedule: {mon-fri: {"00:00": 1ug/day}}}', "f.yaml:3:27: no schedule for sat, sun"],
  ['prescribe: {schedule: {daily: {"00:00": 1ug/day}, sun: {"00:00": 1ug/day}}}', "f.yaml:3:55: sun already has a schedule"],
  ['prescribe: {schedule: {fri-mon: {"00:00": 1ug/day}}}', 'f.yaml:3:28: "fri-mon" is not weekdays such as "mon-fri", "sat,sun" or "daily"'],
  ['prescribe: {schedule: {daily: {"24:00": 1ug/day}}}', 'f.yaml:3:36: "24:00" is not a time of day such as "08:30"'],
  ["clock: {set: 2026-03-29 03:00, by: 1h}", 'f.yaml:3:5: clock needs a time, "clock: {set: 2026-03-29 03:00}", or an amount, "clock: {by: 1h}", and not both'],
  ["fault: motor.staled", 'f.yaml:3:12: unknown fault "motor.staled": did you mean "motor.stalled"?'],
  ["fault: {kind: motor.stalled, for: 0s}", "f.yaml:3:39: a fault that lasts no time"],
  ["fault: {kind: motor.stalled, value: 3}", 'f.yaml:3:41: fault "motor.stalled" takes no value'],
  ["fault: {kind: rotor.late, value: 400}", 'f.yaml:3:38: "400" has no unit: give a duration such as "6h" (ms, s, min, h or d)'],
  ["heal: motor.stalled", 'f.yaml:3:11: fault "motor.stalled" is not there at this step: there is nothing to heal'],
  ["alarms: {critical_interval: 90s}", "f.yaml:3:33: the pump counts alarm intervals in whole minutes"],
  ["acknowledge: stall", `f.yaml:3:18: unknown alarm "stall": expected one of drive cut, no valid prescription, end of service, reservoir empty, motor stall, `
    + "not delivering, pump fault, stopped 48h, low reservoir, battery eri, stopped 1h, clock doubtful, memory corrected, log fault, refill discrepancy, stall trend, titration ended"],
  ["expect: {state: terapy}", 'f.yaml:3:21: unknown state "terapy": did you mean "therapy"?'],
  ["expect: {raised: {low reservoir: {times: 1, when: 3d}}}", 'f.yaml:3:49: unknown field "when" of raised: expected one of times, first, at, off'],
  ["expect: {remaining: 10mL +/- 1}", 'f.yaml:3:25: "1" has no unit: give a volume such as "10.5mL" (pL, nL, uL or mL)'],
  ["*nowhere", 'f.yaml:3:5: alias "nowhere" stands for nothing above it'],
];

const files: readonly (readonly [string, string, readonly string[]])[] = [
  ["empty", "", ["f.yaml: the file is empty"]],
  ["only a comment", "# nothing\n", ["f.yaml: the file is empty"]],
  ["a list", "- start", ["f.yaml:1:1: expected a mapping with scenario and steps, found a list"]],
  ["no steps", "scenario: x", ['f.yaml:1:1: the scenario needs "steps": a list of steps such as "- wait: 6h"']],
  ["an empty list", "scenario: x\nsteps: []", ['f.yaml:2:8: expected a list of steps such as "- wait: 6h", found an empty list']],
  ["a duplicate key", "scenario: x\nscenario: y\nsteps: [start]", ['f.yaml:2:1: "scenario" is there twice']],
  ["a wrong field", "scenario: x\nsede: 3\nsteps: [start]", ['f.yaml:2:1: unknown field "sede" of the scenario: did you mean "seed"?']],
  ["a wrong seed", "scenario: x\nseed: -1\nsteps: [start]", ['f.yaml:2:7: expected a whole number from 0 to 4294967295, found "-1"']],
  ["a wrong id", "scenario: x\nrequirements: [DOSE1]\nsteps: [start]", ['f.yaml:2:16: expected a requirement id such as "DOSE-1", found "DOSE1"']],
  ["a wrong unit", "scenario: x\nunit: {pulse: 250}\nsteps: [start]", ['f.yaml:2:15: "250" has no unit: give a pulse volume such as "250nL" (pL, nL or uL)']],
  ["broken YAML", "scenario: x\nsteps: [start", ["f.yaml:2:14: not YAML: Flow sequence in block collection must be sufficiently indented and end with a ]"]],
  ["two documents", "scenario: x\n---\nscenario: y\n", ["f.yaml:2:1: not YAML: Source contains multiple documents; please use YAML.parseAllDocuments()"]],
  ["an alias of itself", "scenario: x\nsteps: &a [*a]", ['f.yaml:2:12: expected a verb such as "wait: 6h", found a list']],
  ["too many aliases", `scenario: &a x\nsteps: [${"*a,".repeat(101)}]`, ["f.yaml: 101 aliases: at most 100 are allowed"]],
  ["nested flow", "[".repeat(100_000), ["f.yaml: is nested too deeply to be a scenario, from character 51 on"]],
  ["nested lists", "- ".repeat(100_000), ["f.yaml: is nested too deeply to be a scenario, from character 101 on"]],
  ["control characters", 'scenario: "\\e[2J"\nsteps: ["\\e[2J"]', [
    'f.yaml:1:11: expected text of at most 200 characters, found "\ufffd[2J"', `f.yaml:2:9: unknown verb "\ufffd[2J": expected one of ${verbs}`]],
  ["several at once", "scenario: x\nsteps:\n  - wiat: 3d\n  - stop\n  - heal: motor.stalled", [
    'f.yaml:3:5: unknown verb "wiat": did you mean "wait"?', 'f.yaml:4:5: stop needs "reason": a whole number from 0 to 255']],
];

describe("a malformed scenario", () => {
  it.each(steps)("step %s", (step, message) => {
    expect(problemsOf(`scenario: x\nsteps:\n  - ${step}\n`)).toEqual([message]);
  });

  it.each(files)("file with %s", (_what, content, messages) => {
    expect(problemsOf(content)).toEqual(messages);
  });
});

describe("a file that cannot be read", () => {
  let dir = "";
  beforeAll(() => { dir = mkdtempSync(join(tmpdir(), "itb-pump-")); });
  afterAll(() => { rmSync(dir, { recursive: true }); });

  const contents: readonly (readonly [string, Uint8Array, string])[] = [
    ["nul.yaml", Uint8Array.of(0x61, 0x00), "is not a text file: byte 2 is NUL"],
    ["latin1.yaml", Uint8Array.of(0x61, 0xb5, 0x4c), "is not a text file: not UTF-8"],
    ["large.yaml", new Uint8Array(1_048_577).fill(0x20), "is 1048577 bytes long: a scenario has at most 1048576"],
    ["huge.yaml", new Uint8Array(10_485_760).fill(0x20), "is 10485760 bytes long: a scenario has at most 1048576"],
    ["empty.yaml", new Uint8Array(0), "the file is empty"],
  ];
  it.each(contents)("%s", (name, content, message) => {
    const file = join(dir, name);
    writeFileSync(file, content);
    expect(() => loadScenario(file)).toThrow(new ScenarioProblems([{ file, line: 0, column: 0, text: message }]));
  });

  it("says what a missing file, a directory and a device are", () => {
    expect(() => loadScenario(join(dir, "none.yaml"))).toThrow(`${join(dir, "none.yaml")}: no such file`);
    expect(() => loadScenario(dir)).toThrow(`${dir}: is a directory: name the scenario files in it`);
    expect(() => loadScenario(join(dir, "empty.yaml", "x.yaml"))).toThrow(`${join(dir, "empty.yaml", "x.yaml")}: a part of the path is not a directory`);
    expect(() => loadScenario(join(dir, "x".repeat(300)))).toThrow(": the name is too long");
    expect(() => loadScenario("/dev/null")).toThrow("/dev/null: is not a plain file");
  });
});
