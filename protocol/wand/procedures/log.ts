// Reading the log: in pages, any of which may be asked for again.

import { Op } from "../../operations";
import type { RecordKind } from "../../records";
import { Problem, WandError } from "../problems";
import { ask } from "./procedure";
import type { Procedure } from "./procedure";

/** A record of the pump's log. What `a`, `b` and `c` are depends on the kind (protocol/SERVICE.md, RecordKind). */
export interface LogRecord {
  /** Sequence number: one more than that of the record before it. */
  readonly number: number;
  readonly kind: RecordKind;
  readonly pump_ms: number;
  readonly wall_ms: number;
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

/** One answer: some records in a row, and what the log holds at that time. */
export interface LogPage {
  /** Numbers of the oldest and newest record that the pump has; newest is oldest - 1 if it has none. */
  readonly oldest: number;
  readonly newest: number;
  readonly records: readonly LogRecord[];
  /** The number to ask for next; undefined at the end. */
  readonly next: number | undefined;
}

/** Where an answer's values stand: the list of bytes begins after the count. */
const enum At { oldest = 0, newest = 1, first = 2, count = 3, records = 4 }

const numbers_per_record = 6;

function malformed(what: string): never {
  throw new WandError(Problem.answer_malformed, `a page of the log ${what}`);
}

/** Numbers in groups of seven bits, the lowest first, bit 7 set in all but the last byte of each. */
export function readNumbers(bytes: readonly number[]): number[] {
  const numbers: number[] = [];
  let value = 0n;
  let shift = 0n;
  for (const byte of bytes) {
    value += BigInt(byte % 128) << shift;
    shift += 7n;
    if (byte >= 128) {
      if (shift > 56n) malformed("has a number that is too long");
      continue;
    }
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) malformed("has a number above 2^53 - 1");
    numbers.push(Number(value));
    value = 0n;
    shift = 0n;
  }
  if (shift !== 0n) malformed("ends inside a number");
  return numbers;
}

function pageOf(values: readonly number[]): LogPage {
  const [oldest = 0, newest = 0, first = 0, count = 0] = values;
  const numbers = readNumbers(values.slice(At.records));
  if (numbers.length !== count * numbers_per_record) malformed(`says it has ${count} records and has ${numbers.length} numbers`);
  const records: LogRecord[] = [];
  for (let i = 0; i < count; i += 1) {
    const [kind = 0, pump_ms = 0, wall_ms = 0, a = 0, b = 0, c = 0] = numbers.slice(i * numbers_per_record, (i + 1) * numbers_per_record);
    records.push({ number: first + i, kind, pump_ms, wall_ms, a, b, c });
  }
  const end = first + count > newest;
  if (!end && count === 0) malformed(`is empty although record ${newest} is the newest`);
  return { oldest, newest, records, next: end ? undefined : first + count };
}

/** One page: as many records as a message holds, from `first` on, or from the oldest one if that is lost. */
export function* readLogPage(first: number): Procedure<LogPage> {
  return pageOf(yield* ask(Op.log, [first]));
}

/** Greater than any record's number: a page of it tells what the log holds. */
const beyond = 4_294_967_295;

/** What the log holds, without reading it. */
export function* readLogExtent(): Procedure<{ readonly oldest: number; readonly newest: number }> {
  const [oldest = 0, newest = 0] = yield* ask(Op.log, [beyond]);
  return { oldest, newest };
}

/** A part of the log. */
export interface LogReading {
  readonly oldest: number;
  readonly newest: number;
  /** In ascending order, each once. */
  readonly records: readonly LogRecord[];
  /** Records of the part that was asked for which the pump no longer has. */
  readonly lost: number;
}

/**
 * Reads `count` records from number `from` on; without `from` the last `count`, without either everything. Pages that overlap are merged; what was
 * overwritten before it was read is counted as lost.
 */
export function* readLog(from?: number, count?: number): Procedure<LogReading> {
  let next: number | undefined = from ?? 0;
  if (from === undefined && count !== undefined) {
    const { oldest, newest } = yield* readLogExtent();
    next = Math.max(oldest, newest - count + 1);
  }
  const begin: number = next;
  const end = begin + (count ?? Infinity);
  const found = new Map<number, LogRecord>();
  let page: LogPage = { oldest: 0, newest: 0, records: [], next };
  while (next !== undefined && next < end) {
    page = yield* readLogPage(next);
    for (const record of page.records) if (record.number >= begin && record.number < end) found.set(record.number, record);
    next = page.next;
  }
  const records = [...found.values()].sort((a, b) => a.number - b.number);
  const wanted = from === undefined ? (records[0]?.number ?? begin) : begin;
  const last = Math.min(end - 1, page.newest);
  return { oldest: page.oldest, newest: page.newest, records, lost: Math.max(0, last - wanted + 1 - records.length) };
}
