// Fault sites: one for each fault kind there is, with values that matter.

import type { Stream } from "../../engine/random";
import { FAULT_KINDS } from "../../faults";
import type { FaultKind, FaultValue } from "../../faults";
import { DAY, HOUR, MINUTE, between, pick, spreadOut } from "../draw";
import { durationText } from "../../../protocol/wand/text/wall";
import type { Planned, Setting, Site } from "../site";
import { placeOf } from "../site";

/** What a kind's own declaration does not say: which values are worth trying, how long it lasts, how often a seed has it. */
interface Manner {
  readonly value?: (stream: Stream) => number;
  readonly lasts_ms?: readonly [number, number];
  readonly permille?: number;
  /** Without which it does not show: done in half of all cases. */
  readonly then?: { readonly after_ms: number; readonly text: string; readonly off_ms: number };
}

const usual_permille = 220;
const usual_lasts_ms: readonly [number, number] = [MINUTE, 3 * DAY];

/**
 * Parts of storage: the prescription, the answers, and one that is not used. Without the key nobody gets in any more, also after the fault. Without the settings the pump goes by
 * the nominal pulse, a full reservoir and no date, with a critical alarm: it can do no better, and no book of its own can be held against the truth.
 */
const parts = [2, 4, 5];

const MANNERS: Readonly<Record<string, Manner>> = {
  "motor.worn": { value: (stream) => between(stream, 900, 1145) },
  "motor.runaway": { value: (stream) => spreadOut(stream, 100, 3_600_000), lasts_ms: [MINUTE, 12 * HOUR] },
  "motor.reverse": { lasts_ms: [MINUTE, 12 * HOUR] },
  "cutoff.stuck": { lasts_ms: [1000, 30 * MINUTE] },
  // On both sides of every limit that there is for an edge.
  "rotor.late": { value: (stream) => pick(stream, [0, 1, 100, 499, 500, 501, 748, 749]) },
  "battery.dip": { value: (stream) => pick(stream, [1, 5, 6, 20, 21, 100, 400]), lasts_ms: [MINUTE, 6 * HOUR] },
  // A flat battery is not modelled: what leaks in a month must leave some of it.
  "battery.leak": { value: (stream) => spreadOut(stream, 1, 300) },
  "storage.damaged": { value: (stream) => pick(stream, parts), lasts_ms: [5 * MINUTE, 3 * DAY], then: { after_ms: MINUTE, text: "fault: {kind: power.off, value: 1s}", off_ms: 1000 } },
  // What was accepted meanwhile is lost with power: for days together that would be the only thing that is found.
  "storage.write_fails": { lasts_ms: [1000, 30 * MINUTE] },
  "link.cut": { value: (stream) => spreadOut(stream, 1, 4096), lasts_ms: [MINUTE, 6 * HOUR] },
  // At line rate every second has 11 520 bytes.
  "link.noise": { lasts_ms: [100, 20_000] },
  "link.calls": { value: (stream) => spreadOut(stream, 10_000, 3_600_000), lasts_ms: [MINUTE, DAY] },
  "power.off": { value: (stream) => spreadOut(stream, 1, 3 * DAY), permille: 350 },
  "processor.reset": { permille: 400 },
  "memory.flip": { permille: 250 },
};

const units: Readonly<Record<FaultValue["unit"], string>> = { ms: "ms", ppb: "ppb", permille: "permille", mV: "mV", mOhm: "mOhm", uA: "uA", slot: "", count: "" };

function valueOf({ min, max }: FaultValue, stream: Stream): number {
  return min >= 1 ? spreadOut(stream, min, max) : between(stream, min, max);
}

/** One fault that happens once: in a third of cases again and again within minutes, which is what counts resets. */
function once(kind: FaultKind, stream: Stream, setting: Setting, write: (more: string) => string): Planned[] {
  const { safety_ms } = setting;
  const planned: Planned[] = [];
  for (let left = 1 + stream.below(3); left > 0; left -= 1) {
    const at_ms = placeOf(stream, safety_ms);
    const times = stream.below(3) === 0 ? 2 + stream.below(3) : 1;
    for (let time = 0; time < times; time += 1) {
      const value = kind.value === undefined ? undefined : (MANNERS[kind.kind]?.value?.(stream) ?? valueOf(kind.value, stream));
      const off_ms = kind.kind === "power.off" ? value : undefined;
      planned.push({ at_ms: at_ms + time * 90_000, steps: [write(value === undefined ? "" : `, value: ${String(value)}${units[kind.value!.unit]}`)], ...(off_ms === undefined ? {} : { off_ms }) });
    }
  }
  return planned;
}

/** One that lasts: never twice at the same time. */
function lasting(kind: FaultKind, stream: Stream, setting: Setting, write: (more: string) => string): Planned[] {
  const { safety_ms } = setting;
  const planned: Planned[] = [];
  const [least_ms, most_ms] = MANNERS[kind.kind]?.lasts_ms ?? usual_lasts_ms;
  // Waits are longer by what requests take: an hour lies between one and the next.
  for (let at_ms = placeOf(stream, safety_ms); at_ms < safety_ms && planned.length < 6;) {
    const value = kind.value === undefined ? "" : `, value: ${String(MANNERS[kind.kind]?.value?.(stream) ?? valueOf(kind.value, stream))}${units[kind.value.unit]}`;
    const drawn_ms = spreadOut(stream, least_ms, most_ms);
    const lasts_ms = drawn_ms < MINUTE ? drawn_ms : drawn_ms - (drawn_ms % MINUTE);
    planned.push({ at_ms, steps: [write(`${value}, for: ${durationText(lasts_ms)}`)] });
    const then = MANNERS[kind.kind]?.then;
    if (then !== undefined && stream.below(2) === 0) planned.push({ at_ms: at_ms + then.after_ms, steps: [then.text], off_ms: then.off_ms });
    at_ms += lasts_ms + HOUR + spreadOut(stream, HOUR, 10 * DAY);
  }
  return planned;
}

export const FAULT_SITES: readonly Site[] = FAULT_KINDS.map((kind) => ({
  name: `fault.${kind.kind}`, permille: MANNERS[kind.kind]?.permille ?? usual_permille,
  draw(stream, setting) {
    const write = (more: string): string => `fault: {kind: ${kind.kind}${more}}`;
    return kind.instant === true ? once(kind, stream, setting, write) : lasting(kind, stream, setting, write);
  },
}));
