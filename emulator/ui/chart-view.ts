// The live pump's recording, in the parts that a page does not have yet.

import type { Bench } from "../bench";
import { encodeMarks } from "../report/recording/marks";
import { Recorder } from "../report/recording/recorder";
import type { PackedBlock } from "../report/recording/row-store";
import { wholeOf } from "./fields";
import type { Body } from "./fields";
import type { ChartBlock, ChartPart } from "./messages";

/** Whole blocks and marks of one answer: a page that was away for years asks again for the rest. */
const BLOCKS_MAX = 16;
const MARKS_MAX = 20_000;

const inJson = ({ from_ms, rows, bytes }: PackedBlock): ChartBlock => ({ from_ms, rows, bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64") });

/** Hears a bench from its power-on on, and tells a page what is new to it. What a page has is the page's to know. */
export class ChartView {
  readonly #recorder = new Recorder();

  constructor(private readonly bench: Bench) {
    this.#recorder.listen(bench);
  }

  /** What follows so many whole blocks, marks, lanes and texts. Throws `BadRequest`. */
  part(body: Body): ChartPart {
    const recorder = this.#recorder;
    const { rows, marks: { marks, lanes, texts } } = recorder;
    recorder.look();
    const [blocks_had, marks_had, lanes_had, texts_had] = ([["blocks", rows.blocks.length], ["marks", marks.at_ms.length], ["lanes", lanes.length], ["texts", texts.length]] as const)
      .map(([field, max]) => wholeOf(body, field, 0, max)) as [number, number, number, number];
    const blocks = rows.blocks.slice(blocks_had, blocks_had + BLOCKS_MAX);
    const upto = Math.min(marks.at_ms.length, marks_had + MARKS_MAX);
    const more = blocks_had + blocks.length < rows.blocks.length || upto < marks.at_ms.length;
    const cut = { at_ms: marks.at_ms.slice(marks_had, upto), lane: marks.lane.slice(marks_had, upto), text: marks.text.slice(marks_had, upto) };
    return {
      ok: true, end_ms: this.bench.pump_ms(this.bench.engine.now_us), more, blocks: blocks.map(inJson), ...(more ? {} : { tail: inJson(rows.tail()) }),
      marks: Buffer.from(encodeMarks(cut)).toString("base64"), lanes: lanes.slice(lanes_had), texts: texts.slice(texts_had),
    };
  }
}
