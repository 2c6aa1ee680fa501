// Generating: a seed to a plan of a month and more, in two phases.

import { Stream } from "../engine/random";
import { DAY, between, pick } from "./draw";
import type { Plan, PlanStep } from "./plan";
import type { Planned, Setting, Site } from "./site";
import { FAULT_SITES } from "./sites/faults";
import { implant, THERAPY_SITES } from "./sites/therapy";
import { WAND_SITES } from "./sites/wand";

/** Raised whenever a seed means something else than before. */
export const PLAN_VERSION = 2;

/** Everything that a seed can enable. */
export const SITES: readonly Site[] = [...THERAPY_SITES, ...WAND_SITES, ...FAULT_SITES];

/** After power is back the pump boots. */
const boot_ms = 60_000;

function stream(seed: number, site: string): Stream {
  return new Stream(seed, `explore.${site}`);
}

/** Which sites a seed has: each by its own draw, some seeds with few and some with many. */
export function enabledOf(seed: number): readonly Site[] {
  const share = pick(stream(seed, "swarm"), [300, 600, 1000, 1000, 1500]);
  return SITES.filter(({ name, permille }) => stream(seed, `enabled.${name}`).permille(Math.min(1000, Math.floor((permille * share) / 1000))));
}

function settingOf(seed: number): Setting {
  const draws = stream(seed, "setting");
  const large = draws.below(4) === 0;
  return {
    safety_ms: (29 + draws.below(12)) * DAY, concentration: pick(draws, [500, 1000, 2000, 2000]), daily_ug: between(draws, 110, 450), fill_uL: (large ? 40_000 : 20_000) - 1400,
  };
}

function unitOf(seed: number, { fill_uL }: Setting): string {
  const draws = stream(seed, "unit");
  const parts = [`reservoir: ${String((fill_uL + 1400) / 1000)}mL`, `pulse: ${String(draws.below(2) === 0 ? 250_000 : between(draws, 225_000, 275_000))}pL`];
  parts.push(`catheter: ${String(between(draws, 5, 150))}cm`, `crystal: ${String(between(draws, -50_000, 50_000))}ppb`);
  const minute = draws.below(7 * 1440);
  parts.push(`wall: 2026-01-${String(5 + Math.floor(minute / 1440)).padStart(2, "0")} ${String(Math.floor((minute % 1440) / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`);
  return `{${parts.join(", ")}}`;
}

/** In order of time, and at one time in that of the sites. What nothing can be done to without power is left out. */
function ordered(planned: readonly Planned[], safety_ms: number): Planned[] {
  const sorted = planned.filter(({ at_ms }) => at_ms < safety_ms).map((each, index) => ({ each, index })).sort((a, b) => (a.each.at_ms === b.each.at_ms ? a.index - b.index : a.each.at_ms - b.each.at_ms));
  let dark_ms = -1;
  const kept: Planned[] = [];
  for (const { each } of sorted) {
    const acts = each.steps.some((text) => /power\.off|processor\.reset|memory\.flip/.test(text));
    if (acts && each.at_ms < dark_ms) continue;
    if (each.off_ms !== undefined) dark_ms = each.at_ms + each.off_ms + boot_ms;
    kept.push(each);
  }
  return kept;
}

/** The steps with the time between them. */
function timed(planned: readonly Planned[], safety_ms: number): PlanStep[] {
  const steps: PlanStep[] = [];
  let now_ms = 0;
  for (const each of [...planned, { at_ms: safety_ms, steps: [] }]) {
    if (each.at_ms > now_ms) steps.push({ wait_ms: each.at_ms - now_ms });
    steps.push(...each.steps.map((text) => ({ text })));
    now_ms = each.at_ms;
  }
  return steps;
}

/**
 * The plan of a seed. A safety phase, in which anything that the seed enables may happen and the oracle judges; then all faults end and therapy must come back and go on
 * for a day: the liveness phase, by one `recover` step.
 */
export function planOf(seed: number): Plan {
  const setting = settingOf(seed);
  const { safety_ms, concentration, daily_ug } = setting;
  const planned = enabledOf(seed).flatMap(({ name, draw }) => draw(stream(seed, name), setting));
  const first = implant(stream(seed, "first"), setting);
  return {
    title: `Explored: seed ${String(seed)}`, seed, unit: unitOf(seed, setting),
    steps: [
      ...timed(ordered([...first, ...planned], safety_ms), safety_ms),
      { text: `recover: {rate: ${String(daily_ug)}ug/day, concentration: ${String(concentration)}ug/mL, within: 30h, for: 1d}` },
    ],
  };
}
