// Storage as a plain object: what a life costs without its journal.

import type { Bench } from "../../emulator/bench";
import { type TracedRecord, TraceKind } from "../../emulator/trace";
import type { Storage } from "../../hal/storage";

/** As many as the log keeps at the worst. */
const RECORDS_MAX = 4176;

/**
 * The same capability on lists and counters, for a bench's controller in place of the flash. Trace and oracle hear what they hear from the flash's, so that a life is the same to the digest. Of the device only the
 * event after a commit is used: a transaction of nothing. It is durable at once, and outlives nothing: for benchmarks alone.
 */
export function plainStorage(bench: Bench): Storage {
  const parts: (readonly number[])[] = [];
  const books = [0, 0];
  let records: TracedRecord[] = [];
  const now = (): number => bench.processor.now_ms;
  return {
    put: (part, values, first, count) => {
      const content = values.slice(first, first + count);
      parts[part] = content;
      bench.trace.emit(TraceKind.put, now(), part, count, 0, 0);
      bench.trace.more(content, count);
    },
    append: (sequence, kind, pump_ms, wall_ms, a, b, c) => {
      const record = { sequence, kind, pump_ms, wall_ms, a, b, c };
      records.push(record);
      if (records.length > 2 * RECORDS_MAX) records = records.slice(-RECORDS_MAX);
      bench.trace.record(now(), record);
      bench.oracle.recorded(now(), kind, a, b, c);
    },
    commit: () => { bench.storage.capability.commit(); },
    tally: (book) => {
      books[book]!++;
      bench.trace.emit(TraceKind.tally, now(), book, books[book]!, 0, 0);
    },
    tallied: (book) => books[book]!,
    read: (part, into) => {
      const content = parts[part] ?? [];
      for (let i = 0; i < content.length; i++) into[i] = content[i]!;
      return content.length;
    },
    last_sequence: () => records.at(-1)?.sequence ?? 0,
    first_sequence: () => records[0]?.sequence ?? 0,
    record: (sequence, into) => {
      const found = records.find((record) => record.sequence === sequence);
      if (found === undefined) return 0;
      [found.kind, found.pump_ms, found.wall_ms, found.a, found.b, found.c].forEach((value, i) => { into[i] = value; });
      return 1;
    },
  };
}
