// Replies: the answer to the request in hand, sealed, sent when durable.

import { Panic } from "../hal/panic";
import { writeFields } from "../protocol/fields";
import { beginAnswer, sealAnswer } from "../protocol/device/session";
import { sendAnswer } from "../protocol/device/send";
import { D, get } from "../protocol/device/state";
import { W } from "./state";
import type { Pump } from "./state";

/** True if the session that asked is still the one that is open: otherwise nobody waits for this answer. */
function isAwaited(p: Pump): boolean {
  return get(p.d, D.session) === p.w[W.held_session] && get(p.d, D.in_hand) === 1;
}

/** Begins an answer; returns where its fields stand in `p.d.answer`, or 0 if nobody waits for it. */
export function beginReply(p: Pump, operation: number, fault: number): number {
  return isAwaited(p) ? beginAnswer(p.d, operation, fault) : 0;
}

/** Seals the answer that ends at `end`, and sends it once transaction number `awaited` has ended; 0 for at once. */
export function endReply(p: Pump, end: number, awaited: number): void {
  sealAnswer(p.d, end);
  if (awaited > p.w[W.ended]) p.w[W.awaited] = awaited;
  else sendAnswer(p.d);
}

/** Answers with the first `count` values of `reply` as the fields of `layout`. */
export function reply(p: Pump, operation: number, fault: number, layout: number, count: number, awaited: number): void {
  const first = beginReply(p, operation, fault);
  if (first === 0) return;
  const end = fault === 0 ? writeFields(layout, p.reply, count, p.d.answer, first) : first;
  if (end < 0) p.board.panic(Panic.value_range);
  endReply(p, end, awaited);
}

/** A transaction has ended: an answer that waited for it leaves. */
export function releaseReply(p: Pump): void {
  if (p.w[W.awaited] === 0 || p.w[W.ended] < p.w[W.awaited]) return;
  p.w[W.awaited] = 0;
  if (isAwaited(p)) sendAnswer(p.d);
}
