// A whole pump on a bench: what conforms passes, each broken pump is found.

import { describe, expect, test } from "vitest";
import { createController } from "../../firmware/controller";
import { DEFAULT_UNIT } from "../../emulator/unit";
import { parsePlan, PlanProblems } from "../../emulator/verify/plan";
import { EdgeLines } from "../../emulator/verify/instruments";
import { Failure } from "../../emulator/verify/probe";
import type { Row } from "../../emulator/verify/row";
import { PLANNED_ROWS, ROWS, verify } from "../../emulator/verify/verify";
import type { RowResult } from "../../emulator/verify/verify";
import { loadFirmware, namedChange } from "../mutants/load";
import { benched, PLAN } from "./bench-bench";
import { BROKEN_PUMPS } from "./broken-pumps";
import { benchPump, transportTo, VirtualWall } from "./virtual-wall";

const reasonOf = (results: readonly RowResult[], id: string): string => {
  const found = results.find(({ row }) => row.id === id);
  return found === undefined ? "it was not run" : `${found.result}: ${found.reason}`;
};
const notPassed = (results: readonly RowResult[]): readonly string[] => results.filter(({ result }) => result !== "pass").map(({ row, result, reason }) => `${row.id} ${result}: ${reason}`);

describe("a pump that conforms (DOSE-1, DOSE-6b, MOTOR-1b, MEM-1a, MEM-2b, FILL-2b, ALARM-3b, LIMIT-4b, STATE-2a)", () => {
  test("passes every row with a plan that allows all and has every instrument", async () => {
    const { results, pump } = await benched(createController);
    expect(notPassed(results)).toEqual([]);
    expect(results.map(({ row }) => row.id)).toEqual(PLANNED_ROWS.map(({ id }) => id));
    expect(results.find(({ row }) => row.id === "dose-books")?.seen).toBe("22 pulses in 120.7 s; 22.34 are prescribed");
    expect(results.find(({ row }) => row.id === "power-pulses")?.seen).toMatch(/^(\d\d) edges, \1 pulses in the books$/);
    expect(pump.bench.oracle.violations).toEqual([]);
  });

  test("is not run where an instrument or a permission is missing, and says which", async () => {
    const { results } = await benched(createController, { without: ["pulses", "power"], rows: ["provision", "therapy", "dose-books", "dose-pulses", "pulse-spacing", "power-back", "power-pulses", "power-log", "power-burst"] });
    expect(reasonOf(results, "dose-books")).toBe("pass: ");
    for (const id of ["dose-pulses", "pulse-spacing", "power-pulses"]) expect(reasonOf(results, id)).toBe("skipped: needs a pulse counter");
    for (const id of ["power-back", "power-log", "power-burst"]) expect(reasonOf(results, id)).toBe("skipped: needs a power switch");
    const careful = await benched(createController, { plan: parsePlan("plan", "verify: nothing may be done\n") });
    expect(careful.results.filter(({ result }) => result === "failed")).toEqual([]);
    expect(reasonOf(careful.results, "therapy")).toBe("skipped: the pump has no key");
    expect(careful.pump.bench.trace.pulses).toBe(0);
  });

  test("whose therapy is its own is watched, and neither stopped nor changed", async () => {
    const pump = benchPump(createController);
    await benched(createController, { pump, rows: ["provision", "therapy"] });
    const { results } = await benched(createController, { pump, seed: 2, plan: parsePlan("plan", "verify: A look\ndose: 1min\npulses: {from: x}\n"), rows: ["therapy", "clock", "dose-books", "dose-pulses", "bolus", "low-reservoir", "power-back", "stop"] });
    expect(notPassed(results)).toEqual([
      'therapy skipped: needs "start" among what the plan allows: therapy begins, with drug in the pump\'s books',
      'bolus skipped: needs "bolus" among what the plan allows: a bolus of twelve pulses is given',
      'low-reservoir skipped: needs "alarms" among what the plan allows: the low-reservoir volume is set to just below what is left, and back',
      'power-back skipped: needs "power" among what the plan allows: the pump\'s power is taken away and given back',
      'stop skipped: needs "start" among what the plan allows: therapy that was begun here is ended',
    ]);
    const again = await benched(createController, { pump, seed: 3, rows: ["therapy", "stop"] });
    expect(reasonOf(again.results, "therapy")).toBe("skipped: needs a pump on the shelf: it is in the state therapy, and its therapy is left");
    expect(reasonOf(again.results, "stop")).toBe("skipped: needs therapy that was begun here: the pump's own goes on");
    expect(pump.bench.oracle.violations).toEqual([]);
  });

  test("cannot be watched for less than it takes", async () => {
    const { results } = await benched(createController, { rows: ["provision", "therapy", "dose-books", "dose-pulses"], plan: parsePlan("plan", PLAN.replace("dose: 2min", "dose: 10s")) });
    for (const id of ["dose-books", "dose-pulses"]) expect(reasonOf(results, id)).toBe("skipped: needs a longer time: a pulse comes every 5.4 s, and the plan's dose is 10 s");
  });
});

describe("each broken pump is found by its row, in its words", () => {
  test.each(BROKEN_PUMPS.map((pump) => [pump.name, pump] as const))("one that %s", async (name, { mutant, row, says, after }) => {
    const { results } = await benched(await loadFirmware(namedChange({ name, ...mutant })), { rows: [...after, row] });
    const failed = results.filter(({ result }) => result === "failed");
    expect(failed.map((each) => each.row.id)).toEqual([row]);
    expect(failed[0]?.reason).toMatch(says);
  });

  test("one whose crystal is off by two in a thousand, by its clock", async () => {
    const pump = benchPump(createController, 0, { ...DEFAULT_UNIT, crystal_ppb: 2_000_000 });
    const { results } = await benched(createController, { pump, rows: ["provision", "therapy", "clock"] });
    expect(reasonOf(results, "clock")).toMatch(/^failed: its time went on by 120\.9 s in 120\.\d s to 120\.\d s$/);
  });

  test("there are ten of them and more, and every row of dose, alarms and recovery but few has one", () => {
    expect(BROKEN_PUMPS.length).toBeGreaterThanOrEqual(10);
    const found = new Set(BROKEN_PUMPS.map(({ row }) => row));
    const only_planned = PLANNED_ROWS.filter((row) => !ROWS.includes(row)).map(({ id }) => id);
    expect(only_planned.filter((id) => !found.has(id))).toEqual(["therapy", "clock", "power-pulses"]);
  });
});

test("a row that fails takes no other with it: a pump that is deaf for a while is waited for", async () => {
  const pump = benchPump(createController);
  const wall = new VirtualWall(pump);
  let deaf_until_us = 0;
  const deafens: Row = { id: "deafens", requirement: "LINK-4", text: "Nothing.", run: ({ probe }) => { deaf_until_us = probe.wall.now_us() + 8_000_000; return Promise.reject(new Failure("planted")); } };
  const results = await wall.until(verify({
    transport: transportTo(pump, (bytes) => (pump.now_us < deaf_until_us ? new Uint8Array(0) : bytes)), wall, random: (count) => new Uint8Array(count), flood_s: 0,
    allowed: { provision: false, program: false, slow: false }, key: () => undefined, rows: [deafens, ...ROWS.filter(({ id }) => id === "registers")],
  }));
  expect(results.map(({ result, reason }) => [result, reason])).toEqual([["failed", "planted"], ["pass", ""]]);
});

describe("a plan", () => {
  test("says what is there, what may be done and for how long", () => {
    expect(parsePlan("plan.yaml", PLAN)).toEqual({
      title: "A pump in virtual time", allowed: { provision: true, program: true, start: true, bolus: true, alarms: true, power: true, slow: true },
      pulses: { from: "nowhere", unit_us: 1_000_000 }, power: { off: "-", on: "-", off_ms: 5000 }, dose_ms: 120_000, stopped_ms: 3_660_000, speed: 1, flood_s: 2,
    });
    expect(parsePlan("plan.yaml", "verify: Little\n")).toEqual({
      title: "Little", allowed: { provision: false, program: false, start: false, bolus: false, alarms: false, power: false, slow: false }, dose_ms: 180_000, stopped_ms: 0, speed: 1,
    });
  });

  test.each([
    ["", "plan.yaml: a plan is a mapping that begins with verify: TITLE"],
    ["allow: [start]\n", 'plan.yaml:1:1: the plan needs "verify": a title'],
    ["verify: x\nalow: [start]\n", 'plan.yaml:2:1: unknown field "alow" of the plan: did you mean "allow"?'],
    ["verify: x\nallow: [strat]\n", 'plan.yaml:2:9: unknown permission "strat": did you mean "start"?'],
    ["verify: x\ndose: 3\n", "plan.yaml:2:7: "],
    ["verify: x\ndose: 1s\n", 'plan.yaml:2:7: "1s" is out of range'],
    ["verify: x\npower: {off: a}\n", 'plan.yaml:2:8: power needs "on": a shell command'],
    ["verify: x\npulses: COM3\n", "plan.yaml:2:9: expected a pulse counter, {from: PATH}"],
    ["verify: x\npulses: {from: a, unit: min}\n", 'plan.yaml:2:25: unknown unit "min"'],
    ["verify: [\n", "plan.yaml:"],
  ])("with a mistake is refused with its place: %j", (content, message) => {
    expect(() => parsePlan("plan.yaml", content)).toThrow(PlanProblems);
    expect(() => parsePlan("plan.yaml", content)).toThrow(message);
  });
});

describe("a counter's lines", () => {
  test("are times in its unit, however they are cut", () => {
    const lines = new EdgeLines(1000);
    for (const part of ["# edges\r\n1", "2.5\r\n20 rising\n\n3", "0,1\n4"]) lines.take(part);
    expect(lines.edges_us).toEqual([12_500, 20_000, 30_000]);
    expect(lines.trouble).toBeUndefined();
  });

  test.each([["1\nx2\n3\n", 'its line 2 has no time: "x2"'], ["5\n4\n", 'its line 2 goes back in time: "4"'], ["9".repeat(1001), "it says a line of more than 1000 characters"]])("that are none are its trouble: %j", (text, trouble) => {
    const lines = new EdgeLines(1);
    lines.take(text);
    expect(lines.trouble).toBe(trouble);
  });

  test("and then nothing is concluded from it", async () => {
    const { results } = await benched(createController, { rows: ["provision", "therapy", "dose-pulses"], trouble: "its line 7 has no time" });
    expect(reasonOf(results, "dose-pulses")).toBe("skipped: needs a pulse counter that works: the step pin: its line 7 has no time");
  });
});
