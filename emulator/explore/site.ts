// A site: one kind of thing that a seed may do, drawn from its own stream.

import type { Stream } from "../engine/random";

/** What all sites of a seed have in common. */
export interface Setting {
  /** How long the safety phase lasts. */
  readonly safety_ms: number;
  /** Of the drug that is filled in first, in ug/mL. */
  readonly concentration: number;
  /** About how much a day, in ug. */
  readonly daily_ug: number;
  /** The most that can be filled in, in uL. */
  readonly fill_uL: number;
}

/** Steps at an instant of the safety phase. They are done one after the other. */
export interface Planned {
  readonly at_ms: number;
  readonly steps: readonly string[];
  /** The pump has no power for so long from then on: nothing instantaneous can be done to it meanwhile. */
  readonly off_ms?: number;
}

/**
 * A site draws from `new Stream(seed, "explore.<name>")` and from nothing else: a seed keeps its meaning when another site is added or draws more.
 */
export interface Site {
  readonly name: string;
  /** In how many of 1000 seeds it is enabled. */
  readonly permille: number;
  readonly draw: (stream: Stream, setting: Setting) => readonly Planned[];
}

/** A site of instants: about `most` at the most, each from `make`. */
export function instants(name: string, permille: number, most: number, make: (stream: Stream, setting: Setting) => readonly string[]): Site {
  return {
    name, permille,
    draw(stream, setting) {
      const planned: Planned[] = [];
      for (let left = 1 + stream.below(most); left > 0; left -= 1) {
        planned.push({ at_ms: placeOf(stream, setting.safety_ms), steps: make(stream, setting) });
      }
      return planned;
    },
  };
}

/** An instant of the phase, to the minute, now and then to the second or on the hour, where much else happens. */
export function placeOf(stream: Stream, length_ms: number): number {
  const minute = stream.below(Math.floor(length_ms / 60_000));
  const how = stream.below(4);
  if (how === 0) return Math.floor(minute / 60) * 3_600_000;
  return minute * 60_000 + (how === 1 ? stream.below(60) * 1000 : 0);
}
