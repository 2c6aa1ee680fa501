// Records of what happened, and what must be saved at the end of an entry.

import type { RecordKind } from "../protocol/records";
import { put } from "./region";
import { C, Dirty, Part, Region, W } from "./state";
import type { Pump } from "./state";

/** Marks parts to be saved when this entry ends: a sum of `Dirty`. */
export function mark(p: Pump, part: number): void {
  p.w[W.dirty] = p.w[W.dirty] | part;
}

/** Adds a record to this entry's transaction, stamped with pump time and wall time. */
export function record(p: Pump, kind: RecordKind, a: number, b: number, c: number): void {
  const now_ms = p.w[W.now_ms];
  const sequence = p.w[W.sequence] + 1;
  p.w[W.sequence] = sequence;
  p.board.storage.append(sequence, kind, now_ms, now_ms + p.c[C.wall_offset_ms], a, b, c);
  mark(p, Dirty.log);
}

/**
 * Posts what this entry changed as one transaction: the saved values, the prescription, the records and the answers become
 * durable together or not at all.
 */
export function flush(p: Pump): void {
  if (p.w[W.dirty] === 0) return;
  const dirty = p.w[W.dirty] | p.w[W.unsaved];
  p.w[W.dirty] = 0;
  if ((dirty & Dirty.saved) !== 0) put(p, C.kept_ms, p.w[W.now_ms]);
  if ((dirty & Dirty.saved) !== 0) p.board.storage.put(Part.saved, p.primary, Region.saved, Region.saved_count);
  if ((dirty & Dirty.prescription) !== 0) {
    p.board.storage.put(Part.prescription, p.primary, Region.prescription, Region.prescription_count);
  }
  if ((dirty & Dirty.answers) !== 0) p.board.storage.put(Part.answers, p.answers, 0, p.answers.length);
  p.w[W.posted] = p.w[W.posted] + 1;
  p.board.storage.commit();
}
