// What happens at instants of a run: lanes of spans and of points, in order.

import { ByteReader, ByteWriter } from "./bytes";

/** What belongs together, drawn in this order. */
export type LaneGroup = "pump" | "alarm" | "sound" | "wand" | "fault" | "motor" | "step";

/** A line of its own under the charts. */
export interface Lane {
  readonly group: LaneGroup;
  readonly name: string;
  /** Spans begin with a text and end with another one or none; points have no length. */
  readonly form: "span" | "point";
  /** Drawn so that nobody overlooks it. */
  readonly grave: boolean;
}

/** Marks by column. */
export interface Marks {
  /** Pump time. */
  readonly at_ms: number[];
  /** Index of the lane. */
  readonly lane: number[];
  /** Index of the text, 0 for the end of a span. */
  readonly text: number[];
}

/** Marks and the tables that they point into. The first text is empty. */
export class MarkStore {
  readonly lanes: Lane[] = [];
  readonly texts: string[] = [""];
  readonly marks: Marks = { at_ms: [], lane: [], text: [] };
  readonly #lanes = new Map<string, number>();
  readonly #texts = new Map<string, number>([["", 0]]);

  add(at_ms: number, lane: Lane, text: string): void {
    this.marks.at_ms.push(at_ms);
    this.marks.lane.push(this.#lane(lane));
    this.marks.text.push(this.#text(text));
  }

  #lane(lane: Lane): number {
    const key = `${lane.group} ${lane.name}`;
    const known = this.#lanes.get(key);
    if (known !== undefined) return known;
    this.#lanes.set(key, this.lanes.push(lane) - 1);
    return this.lanes.length - 1;
  }

  #text(text: string): number {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    this.#texts.set(text, this.texts.push(text) - 1);
    return this.texts.length - 1;
  }
}

/** Marks from `from` on as bytes; their times may go back. */
export function encodeMarks({ at_ms, lane, text }: Marks, from = 0): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter();
  let last_ms = 0;
  for (let i = from; i < at_ms.length; i += 1) {
    writer.signed(at_ms[i]! - last_ms);
    writer.whole(lane[i]!);
    writer.whole(text[i]!);
    last_ms = at_ms[i]!;
  }
  return writer.bytes();
}

/** Adds what `encodeMarks` wrote. Throws for bytes that end in the middle. */
export function decodeMarks(bytes: Uint8Array, into: Marks): void {
  const reader = new ByteReader(bytes);
  let at_ms = 0;
  while (!reader.ended) {
    at_ms += reader.signed();
    into.at_ms.push(at_ms);
    into.lane.push(reader.whole());
    into.text.push(reader.whole());
  }
}
