// The wand's sites: clock, alarms, sessions, strangers, garbage.

import { ALARM_NAMES } from "../../../protocol/names";
import { Ops } from "../../../protocol/operations";
import { DAY, HOUR, MINUTE, between, pick, spreadOut } from "../draw";
import { instants } from "../site";
import type { Site } from "../site";

const maybe = "expect_refusal: maybe";
const alarms = Object.entries(ALARM_NAMES).filter(([number]) => number !== "0").map(([, name]) => name);

export const WAND_SITES: readonly Site[] = [
  // Summer time, a wrong date, a drift put right, and jumps on both sides of the 2 h of DOSE-5.
  instants("clock", 350, 4, (stream) => {
    const by_ms = pick(stream, [HOUR, -HOUR, 2 * HOUR, 2 * HOUR + MINUTE, -2 * HOUR, DAY, -DAY, spreadOut(stream, 1, 30 * DAY), -spreadOut(stream, 1, 30 * DAY)]);
    return [`clock: {by: ${String(by_ms)}ms${stream.below(4) === 0 ? ", confirm: no" : ""}, ${maybe}}`];
  }),
  instants("alarms", 200, 3, (stream) => [`alarms: {low_volume: ${String(between(stream, 1000, 10_000))}uL, critical_interval: ${String(between(stream, 5, 120))}min, other_interval: ${String(between(stream, 10, 1440))}min, ${maybe}}`]),
  instants("acknowledge", 250, 6, (stream) => [`acknowledge: {alarm: ${pick(stream, alarms)}, silence: ${String(between(stream, 0, 130))}min, ${maybe}}`]),
  instants("tone", 100, 2, (stream) => [`tone: {which: ${pick(stream, ["critical", "other"])}, ${maybe}}`]),
  instants("stays", 200, 2, (stream) => [`session: {role: ${pick(stream, ["clinician", "patient"])}, stays: yes}`, `request: {operation: 144, ${maybe}}`]),
  instants("session", 200, 3, () => ["session: clinician", `request: {operation: 144, ${maybe}}`]),
  instants("intrude", 150, 3, (stream) => [`intrude: {times: ${String(between(stream, 1, 7))}, expect: not let in}`]),
  // Any operation with any bytes: mostly refused, and where it is not, it is law like any other.
  instants("fuzz", 200, 8, (stream) => {
    const bytes = Array.from({ length: 1 + stream.below(20) }, () => (stream.below(3) === 0 ? stream.below(256) : stream.below(3)).toString(16).padStart(2, "0")).join("");
    return [`request: {operation: ${String(between(stream, Ops.first - 1, Ops.last + 2))}, bytes: "${bytes}", ${maybe}}`];
  }),
];
