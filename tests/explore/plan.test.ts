// Plans: the same seed the same plan, all of them valid, all kinds of faults.

import { describe, expect, it } from "vitest";
import { EVENT_NAMES } from "../../emulator/explore/coverage";
import { enabledOf, planOf, SITES } from "../../emulator/explore/generate";
import { isWait, planText, scenarioOf } from "../../emulator/explore/plan";
import type { Plan, PlanStep } from "../../emulator/explore/plan";
import { shrink } from "../../emulator/explore/shrink";
import { FAULT_KINDS } from "../../emulator/faults";
import { Stream } from "../../emulator/engine/random";
import { tableCells } from "../../emulator/cli/cells";
import { Event } from "../../firmware/machine";

const seeds = Array.from({ length: 40 }, (_, index) => index + 1);
const day_ms = 86_400_000;

describe("a seed", () => {
  it("is the same plan each time, and another seed another", () => {
    expect(planText(planOf(7))).toBe(planText(planOf(7)));
    expect(planText(planOf(7))).not.toBe(planText(planOf(8)));
  });

  it("is a scenario of 30 days or more, its liveness phase at the end", () => {
    for (const seed of seeds.slice(0, 15)) {
      const plan = planOf(seed);
      const waited_ms = plan.steps.reduce((sum, step) => sum + (isWait(step) ? step.wait_ms : 0), 0);
      expect(scenarioOf(plan).steps.length).toBeGreaterThanOrEqual(5);
      expect(waited_ms).toBeGreaterThanOrEqual(29 * day_ms);
      const last = plan.steps.at(-1)!;
      expect("text" in last ? last.text : "").toMatch(/^recover: .*for: 1d/);
    }
  });

  it("enables some sites and not others, and together they have every fault there is", () => {
    const counts = seeds.map((seed) => enabledOf(seed).length);
    expect(Math.max(...counts)).toBeLessThan(SITES.length);
    expect(Math.min(...counts)).toBeLessThan(SITES.length / 4);
    const text = seeds.map((seed) => planText(planOf(seed))).join("\n");
    for (const { kind } of FAULT_KINDS) expect(text, kind).toContain(`kind: ${kind}`);
  });

  it("draws a site from its own stream: what one site draws does not depend on the others", () => {
    const site = SITES.find(({ name }) => name === "fault.motor.stalled")!;
    const setting = { safety_ms: 30 * day_ms, concentration: 2000, daily_ug: 200, fill_uL: 18_600 };
    const one = site.draw(new Stream(3, `explore.${site.name}`), setting);
    for (const other of SITES) other.draw(new Stream(3, `explore.${other.name}`), setting);
    expect(site.draw(new Stream(3, `explore.${site.name}`), setting)).toEqual(one);
  });
});

describe("shrinking", () => {
  const wait = (wait_ms: number): PlanStep => ({ wait_ms });
  const noise = Array.from({ length: 60 }, (_, index): PlanStep[] => [wait(60_000 * (index + 7)), { text: `tone: {which: other, expect_refusal: maybe}` }]).flat();
  const plan: Plan = {
    title: "x", seed: 1, unit: "{reservoir: 40mL, catheter: 60cm}",
    steps: [{ text: "refill: {volume: 18mL, concentration: 2000ug/mL}" }, ...noise, { text: "stop: {reason: 1, expect_refusal: maybe}" }, ...noise, { text: "start" }, ...noise],
  };
  const texts = ({ steps }: Plan): string[] => steps.flatMap((step) => ("text" in step ? [step.text] : []));
  const fails = (candidate: Plan): boolean => {
    const stop = texts(candidate).findIndex((text) => text.startsWith("stop: {reason"));
    return stop >= 0 && texts(candidate).slice(stop).includes("start") && candidate.steps.some((step) => isWait(step) && step.wait_ms >= 300_000);
  };

  it("leaves what is needed, and no more", () => {
    const { plan: smallest, runs } = shrink(plan, fails, 1000);
    expect(texts(smallest)).toEqual(["stop: {reason: 1}", "start"]);
    expect(smallest.steps.length).toBe(3);
    expect(smallest.unit).toBe("{}");
    expect(runs).toBeLessThan(1000);
  });

  it("gives up after so many runs, with what it has by then", () => {
    const { plan: smaller, runs } = shrink(plan, fails, 10);
    expect(runs).toBe(10);
    expect(fails(smaller)).toBe(true);
  });
});

describe("coverage", () => {
  it("knows the firmware's events by number", () => {
    expect(EVENT_NAMES).toHaveLength(Event.count);
    expect([EVENT_NAMES[Event.untrusted], EVENT_NAMES[Event.tolerance_lost], EVENT_NAMES[Event.drive_failed]]).toEqual(["untrusted", "tolerance lost", "drive failed"]);
    expect(tableCells()).toContain("safe minimum x commit held");
    expect(tableCells()).not.toContain("shelf x bolus");
  });
});
