// Marks by lane: points and spans in order of time, ready to be drawn.

import type { Lane, Marks } from "../../report/recording/marks";
import { spanAt } from "./envelope";

/** What lasts or happens on one lane. */
export interface Interval {
  readonly from_ms: number;
  /** The same for a point; Infinity while it lasts. */
  to_ms: number;
  readonly text: string;
}

export interface LaneIntervals {
  readonly lane: Lane;
  readonly intervals: Interval[];
  /** Beginnings, for looking up. */
  readonly from_ms: number[];
}

/** Lanes in the order in which they are drawn. */
const GROUPS: readonly Lane["group"][] = ["pump", "alarm", "sound", "wand", "fault", "motor", "step"];

/** Reads marks as they come, from where it was. */
export class LaneBook {
  readonly #lanes: LaneIntervals[] = [];
  #read = 0;
  #ordered: readonly LaneIntervals[] | undefined;

  /** Takes in the marks that are new. Gives whether there were any. */
  read(lanes: readonly Lane[], texts: readonly string[], { at_ms, lane, text }: Marks): boolean {
    const before = this.#read;
    for (let each = this.#lanes.length; each < lanes.length; each += 1) this.#lanes.push({ lane: lanes[each]!, intervals: [], from_ms: [] });
    for (; this.#read < at_ms.length; this.#read += 1) {
      const on = this.#lanes[lane[this.#read]!]!;
      this.#mark(on, at_ms[this.#read]!, texts[text[this.#read]!] ?? "");
    }
    return this.#read > before;
  }

  #mark({ lane, intervals, from_ms }: LaneIntervals, at_ms: number, text: string): void {
    const last = intervals.at(-1);
    const lasts = lane.form === "span" && last?.to_ms === Infinity;
    // An alarm that is told twice goes on; a state that is followed by another one ends.
    if (lasts && last.text === text) return;
    if (lasts) last.to_ms = at_ms;
    if (lane.form === "span" && text === "") return;
    if (intervals.length === 0) this.#ordered = undefined;
    intervals.push({ from_ms: at_ms, to_ms: lane.form === "point" ? at_ms : Infinity, text });
    from_ms.push(at_ms);
  }

  /** All lanes on which something is, in order: within a group those with spans come first. */
  get lanes(): readonly LaneIntervals[] {
    return this.#ordered ??= GROUPS.flatMap((group) => (["span", "point"] as const).flatMap((form) =>
      this.#lanes.filter(({ lane, intervals }) => lane.group === group && lane.form === form && intervals.length > 0)));
  }
}

/** The first of those intervals that is not over at `at_ms`; spans of a lane follow each other. */
export function firstAfter({ intervals, from_ms }: LaneIntervals, at_ms: number): number {
  if (intervals.length === 0) return 0;
  const at = spanAt(from_ms, at_ms);
  let first = at;
  // Several may begin at one instant.
  while (first > 0 && intervals[first - 1]!.to_ms >= at_ms) first -= 1;
  return intervals[first]!.to_ms >= at_ms ? first : first + 1;
}
