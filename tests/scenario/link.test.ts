// Scenarios and the line: who is at the wand, what is lost, what a call costs.

import { describe, expect, it } from "vitest";
import { parseScenario } from "../../emulator/scenario/parse";
import { ScenarioProblems } from "../../emulator/scenario/problem";
import { runScenario } from "../../emulator/scenario/run";
import type { Outcome } from "../../emulator/scenario/run";
import { createController } from "../../firmware/controller";

const begin = ["refill: {volume: 18mL, concentration: 2000ug/mL}", "prescribe: 500ug/day", "start"];

function parse(steps: readonly string[]): ReturnType<typeof parseScenario> {
  return parseScenario("f.yaml", ["scenario: x", "steps:", ...steps.map((step) => `  - ${step}`)].join("\n"));
}

function run(...steps: readonly string[]): Outcome {
  return runScenario(parse([...begin, ...steps]), { controller: createController });
}

const missesOf = (outcome: Outcome): unknown[] => [...outcome.failures.map(({ what, expected, seen }) => [what, expected, seen]), ...(outcome.refusal === undefined ? [] : [outcome.refusal.name])];

function problemsOf(step: string): string[] {
  try {
    parse([step]);
  } catch (error) {
    if (error instanceof ScenarioProblems) return error.problems.map(({ text }) => text);
    throw error;
  }
  return [];
}

describe("the verbs of the line", () => {
  it("intrude fails where a login ends in another way", () => {
    expect(missesOf(run("intrude: backing off"))).toEqual([["intrude", "backing off", "login failed"]]);
    expect(missesOf(run("intrude: {times: 5, expect: login failed}", "intrude: login failed", "wait: 2min"))).toEqual([["intrude", "login failed", "backing off"]]);
  });

  it("a prescription that is to be lost fails if it is answered, or refused", () => {
    expect(missesOf(run("prescribe: {rate: 600ug/day, lost: yes}"))).toEqual([["answer to prescribe", "none", "accepted"]]);
    expect(missesOf(run("prescribe: {rate: 1ug/day, lost: yes}"))).toEqual([["answer to prescribe", "none", "10 flow below minimum"], "flow below minimum"]);
    expect(missesOf(run("fault: link.off", "prescribe: {rate: 600ug/day, lost: yes}", "heal: link.off", "expect: {version: 1}"))).toEqual([]);
  });

  it("a wand that is out of reach ends the run with the step that needed it", () => {
    const outcome = run("fault: link.off", "wait: 1h", "stop: 3");
    expect(outcome.verdict).toBe("expectation failed");
    expect(outcome.failures[0]).toMatchObject({ line: 8, what: "answer", expected: "an answer of the pump" });
    expect(outcome.failures[0]!.seen).toContain("operation 152 was not answered: the pump does not answer");
  });

  it.each([
    ["session", ["session needs a role, or stays"]],
    ["session: {role: doctor}", ['unknown role "doctor": expected one of clinician, patient']],
    ["prescribe: {rate: 1mg/day, lost: yes, expect_refusal: busy}", ["a prescription that gets no answer is not refused"]],
    ["request: {operation: 146, arguments: [1]}", ["these do not fit the fields of operation 146 (protocol/SERVICE.md); anything at all can be sent as bytes"]],
    ["request: {operation: 77, arguments: [1]}", ["these do not fit the fields of operation 77 (protocol/SERVICE.md); anything at all can be sent as bytes"]],
    ["request: {operation: 152, arguments: [256]}", ["these do not fit the fields of operation 152 (protocol/SERVICE.md); anything at all can be sent as bytes"]],
    ["request: {operation: 146, bytes: 0a1}", ['"0a1" is not whole bytes in hexadecimal such as "0a1b"']],
    ["request: {operation: 146, bytes: 0a1b, arguments: [1, 2]}", ["request takes arguments or bytes, and not both"]],
  ])("%s is told before the run", (step, problems) => {
    expect(problemsOf(step)).toEqual(problems);
  });
});

describe("time", () => {
  it("after a step is that of the deed; a look takes none", () => {
    const elapsed = (...steps: readonly string[]): number => run(...steps).virtual_ms;
    const plain = elapsed("wait: 1h");
    expect(elapsed("expect: {state: therapy}", "expect: {confirmed: 0}", "wait: 1h")).toBe(plain);
    // A login, then one more request 100 ms later.
    const stopped = elapsed("wait: 1h", "stop: 3") - plain;
    expect(stopped).toBeGreaterThan(200);
    expect(stopped).toBeLessThan(400);
    expect(elapsed("wait: 1h", "stop: 3", "start") - plain - stopped).toBe(101); // two bytes more than the stop has
  });

  it("of a day of therapy is a day from the start on, whatever the programming took", () => {
    expect(missesOf(run("wait: 86399999ms", "expect: {pulses: 999}", "wait: 1ms", "expect: {pulses: 1000, in_flight: 1}", "wait: 8ms", "expect: {in_flight: 0}"))).toEqual([]);
  });

  it("is allowed for where the clock is moved by an amount", () => {
    expect(missesOf(run("clock: {by: 1h}", "expect: {clock: 2026-01-05 09:00:01 +/- 300ms}", "clock: {by: -1h}", "expect: {clock: 2026-01-05 08:00:01.400 +/- 400ms}"))).toEqual([]);
  });

  it("passes with the link asleep, unless the session stays", () => {
    expect(missesOf(run("wait: 1s", "expect: {link_awake: 0}", "session: {stays: yes}", "stop: 3", "wait: 1min", "expect: {link_awake: 1}"))).toEqual([]);
  });
});
