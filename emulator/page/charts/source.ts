// Where charts have their rows and marks from: a file, or a pump that lives.

import type { Block } from "../../report/recording/columns";
import type { Lane, Marks } from "../../report/recording/marks";
import { spansOfRows } from "../../report/recording/series";
import type { Spans } from "../../report/recording/series";
import { spanAt } from "./envelope";

/** A recording, as far as it is known. */
export interface Source {
  /** Pump time of the end; it grows while the pump lives. */
  readonly end_ms: number;
  /** The whole in short. */
  readonly items: Spans;
  /** When each block of rows begins. */
  readonly blocks_ms: readonly number[];
  /** Rows of each block. */
  readonly blocks_rows: readonly number[];
  readonly lanes: readonly Lane[];
  readonly texts: readonly string[];
  readonly marks: Marks;
  /** Blocks are there at once. */
  readonly at_hand: boolean;
  readonly block: (index: number) => Block | Promise<Block>;
}

/** More rows than these are shown in short: what is drawn of them takes a fifth of what a picture of the screen may. */
const ROWS_MAX = 40_000;
/** Blocks that are kept unpacked. */
const KEPT = 20;

/** Rows of a stretch of time. */
export interface Exact {
  readonly blocks: readonly Block[];
  readonly spans: Spans;
}

/** Gives a stretch of a source row by row if it is short enough and unpacked, and unpacks it meanwhile if not. */
export class Rows {
  readonly #blocks = new Map<number, Block>();
  /** Asked for, and on their way one after the other: several at once would make a picture of the screen late. */
  readonly #coming = new Set<number>();
  #chain: Promise<unknown> = Promise.resolve();
  #exact: Exact | undefined;
  #exact_of = "";

  /** `came` is called when rows have been unpacked that were asked for; `failed` if they cannot be. */
  constructor(readonly source: Source, private readonly came: () => void, private readonly failed: (why: unknown) => void) {}

  /** What was unpacked from that block on may have changed. */
  forget(from: number): void {
    for (const index of [...this.#blocks.keys()]) if (index >= from) this.#blocks.delete(index);
    this.#exact_of = "";
  }

  /** Undefined if the stretch is too long, or not unpacked yet. */
  between(begin_ms: number, finish_ms: number): Exact | undefined {
    const { blocks_ms, blocks_rows } = this.source;
    if (blocks_ms.length === 0) return undefined;
    const first = spanAt(blocks_ms, begin_ms);
    // The next motion tells what holds at the end, and it may be in the next block.
    const last = Math.min(blocks_ms.length - 1, spanAt(blocks_ms, finish_ms) + 1);
    let rows = 0;
    for (let index = first; index < last; index += 1) rows += blocks_rows[index]!;
    if (rows > ROWS_MAX) return undefined;
    const indexes = Array.from({ length: last - first + 1 }, (_none, at) => first + at);
    const found = indexes.map((index) => this.#get(index));
    if (!found.every((each) => each !== undefined)) return undefined;
    const of = `${first} ${last}`;
    if (this.#exact === undefined || this.#exact_of !== of) {
      const end_ms = last + 1 < blocks_ms.length ? blocks_ms[last + 1]! : this.source.end_ms;
      this.#exact = { blocks: found, spans: spansOfRows(found, end_ms) };
      this.#exact_of = of;
    }
    return this.#exact;
  }

  #get(index: number): Block | undefined {
    const known = this.#blocks.get(index);
    if (known !== undefined) {
      // The last one used is the last to go.
      this.#blocks.delete(index);
      this.#blocks.set(index, known);
      return known;
    }
    if (this.source.at_hand) return this.#keep(index, this.source.block(index) as Block);
    if (this.#coming.has(index)) return undefined;
    this.#coming.add(index);
    this.#chain = this.#chain.then(async () => {
      const found = await this.source.block(index);
      this.#coming.delete(index);
      this.#keep(index, found);
      if (this.#coming.size === 0) this.came();
      await new Promise((resolve) => { setTimeout(resolve); });
    }).catch(this.failed);
    return undefined;
  }

  #keep(index: number, block: Block): Block {
    this.#blocks.set(index, block);
    for (const oldest of this.#blocks.keys()) {
      if (this.#blocks.size <= KEPT) break;
      this.#blocks.delete(oldest);
    }
    return block;
  }
}
