// The live pump's recording as charts have it: fetched in parts as it grows.

import { decodeRows } from "../../report/recording/columns";
import type { Block } from "../../report/recording/columns";
import { emptyItems, spansOfItems, summarise } from "../../report/recording/items";
import type { Items } from "../../report/recording/items";
import { decodeMarks } from "../../report/recording/marks";
import type { Lane, Marks } from "../../report/recording/marks";
import type { Spans } from "../../report/recording/series";
import type { ChartBlock, ChartPart } from "../../ui/messages";
import { bytesOf } from "../charts/base64";
import type { Source } from "../charts/source";

/** Grows by parts; whole blocks stay packed, so that seven years are some MB. */
export class LiveSource implements Source {
  readonly at_hand = true;
  end_ms = 1;
  readonly blocks_ms: number[] = [];
  readonly blocks_rows: number[] = [];
  readonly lanes: Lane[] = [];
  readonly texts: string[] = [];
  readonly marks: Marks = { at_ms: [], lane: [], text: [] };
  readonly #bytes: Uint8Array[] = [];
  readonly #items: Items = emptyItems();
  /** A whole block whose end is not known yet. */
  #ended: Block | undefined;
  #whole = 0;
  #spans: Spans | undefined;

  /** What the server is told that the page has. */
  get has(): { readonly blocks: number; readonly marks: number; readonly lanes: number; readonly texts: number } {
    return { blocks: this.#whole, marks: this.marks.at_ms.length, lanes: this.lanes.length, texts: this.texts.length };
  }

  get items(): Spans {
    return this.#spans ??= this.#summary();
  }

  readonly block = (index: number): Block => decodeRows(this.#bytes[index]!);

  /** Takes in what came. Gives the first block that is not what it was. */
  take({ end_ms, blocks, tail, marks, lanes, texts }: ChartPart): number {
    const changed = this.#whole;
    this.end_ms = Math.max(1, end_ms);
    this.lanes.push(...lanes);
    this.texts.push(...texts);
    decodeMarks(bytesOf(marks), this.marks);
    for (const block of blocks) {
      const index = this.#whole;
      this.#whole += 1;
      this.#put(index, block);
      this.#finish(block.from_ms);
      this.#ended = this.block(index);
    }
    if (tail !== undefined) {
      this.#put(this.#whole, tail);
      this.#finish(tail.from_ms);
    }
    this.#spans = undefined;
    return changed;
  }

  #put(index: number, { from_ms, rows, bytes }: ChartBlock): void {
    this.#bytes[index] = bytesOf(bytes);
    this.blocks_ms[index] = from_ms;
    this.blocks_rows[index] = rows;
  }

  /** The block before it ends where another one begins. */
  #finish(end_ms: number): void {
    if (this.#ended !== undefined) summarise(this.#ended, end_ms, this.#items);
    this.#ended = undefined;
  }

  /** Whole blocks in short, and the rest for now. */
  #summary(): Spans {
    const { from_ms, low, high, mean } = this.#items;
    const before = from_ms.length;
    if (this.#bytes.length > this.#whole) summarise(this.block(this.#whole), this.end_ms, this.#items);
    const spans = spansOfItems(this.#items, this.end_ms);
    for (const list of [from_ms, ...low, ...high, ...mean]) list.length = before;
    return spans;
  }
}
