// The rows of a recording, packed block by block as they come.

import { BEGINNING, Column, emptyRows, encodeRows } from "./columns";
import type { Before, Rows } from "./columns";
import { emptyItems, summarise } from "./items";
import type { Items } from "./items";

/** Rows of a block. */
export const BLOCK_ROWS = 8192;

/** A block in bytes, and when its first row begins. */
export interface PackedBlock {
  readonly from_ms: number;
  readonly rows: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Keeps rows; a block that is full is packed and summarised. */
export class RowStore {
  readonly blocks: PackedBlock[] = [];
  readonly items: Items = emptyItems();
  readonly #open: Rows = emptyRows(BLOCK_ROWS + 1);
  #before: Before = BEGINNING;

  /** Adds a row, to be written by the caller: gives the columns and its place in them. The rows before it must be complete. */
  add(): number {
    // One more than a block: by its beginning the block before it knows its end.
    if (this.#open.length > BLOCK_ROWS) this.#pack();
    this.#open.length += 1;
    return this.#open.length - 1;
  }

  get columns(): readonly Float64Array[] {
    return this.#open.columns;
  }

  /** The rows of no block so far, the last of which may change. Those before them stand in `blocks`. */
  tail(): PackedBlock {
    return this.#packed({ columns: this.#open.columns, length: this.#open.length });
  }

  /** Packs what is left: no row comes after it. */
  end(end_ms: number): void {
    const { columns, length } = this.#open;
    if (length > BLOCK_ROWS) this.#pack();
    if (this.#open.length === 0) return;
    const rows = { columns, length: this.#open.length };
    this.blocks.push(this.#packed(rows));
    this.#before = summarise({ rows, before: this.#before }, end_ms, this.items);
    this.#open.length = 0;
  }

  #packed(rows: Rows): PackedBlock {
    return { from_ms: rows.columns[Column.at_ms]![0] ?? 0, rows: rows.length, bytes: encodeRows(rows, this.#before) };
  }

  #pack(): void {
    const { columns } = this.#open;
    const rows = { columns, length: BLOCK_ROWS };
    this.blocks.push(this.#packed(rows));
    this.#before = summarise({ rows, before: this.#before }, columns[Column.at_ms]![BLOCK_ROWS]!, this.items);
    for (const values of columns) values[0] = values[BLOCK_ROWS]!;
    this.#open.length = 1;
  }
}
