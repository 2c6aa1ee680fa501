// The pump's side of the wire for controllers of tests: asks, answers, sleep.

import type { Board } from "../../hal/board";
import { CipherSize, KeySlot } from "../../hal/cipher";
import { Fault } from "../../hal/faults";
import { clearFailures, beginAnswer, sealAnswer } from "../../protocol/device/session";
import { device_ms, runDevice, close } from "../../protocol/device/power";
import { receive } from "../../protocol/device/receive";
import { report, sendAnswer } from "../../protocol/device/send";
import { createDevice, D, get, Heard, Key } from "../../protocol/device/state";
import { readFields, writeFields } from "../../protocol/fields";
import { Index } from "../../protocol/frames";
import { getU16 } from "../../protocol/integers";
import { Wire } from "../../protocol/limits";
import { Op } from "../../protocol/operations";
import { RecordKind } from "../../protocol/records";
import { Command } from "../../protocol/service";
import { layoutsOf, onlyReads } from "../../protocol/wand/core/operations";

/** The part of storage that holds the key. */
const KEY_PART = 15;

/** What a controller makes of a request: the fields of its answer, or a fault. */
export type Perform = (now_ms: number, op: Op, args: readonly number[]) => readonly number[] | Fault;

/** Writes the record of an operation that was done or refused. */
export type Note = (now_ms: number, op: Op, fault: Fault) => void;

/** For controllers without a log of their own: a record and nothing else. */
function noteOf(board: Board): Note {
  return (now_ms, op, fault) => {
    board.storage.append(board.storage.last_sequence() + 1, RecordKind.operation, now_ms, now_ms, op, fault, 0);
    board.storage.commit();
  };
}

/**
 * Wire and session as the firmware has them, without its books of what was done: a request that comes again is done again. Every operation is
 * performed at once, also with a pulse in flight.
 */
export class WireSide {
  private readonly device;

  /** To be made at boot. */
  constructor(private readonly board: Board, private readonly perform: Perform, private readonly note: Note = noteOf(board)) {
    this.device = createDevice(board);
    const key: number[] = [];
    if (board.storage.read(KEY_PART, key) !== CipherSize.key) return;
    board.cipher.load(KeySlot.pump, key, 0);
    this.device.n[D.key] = Key.loaded;
  }

  /** The entry of that name. */
  received(now_ms: number, bytes: readonly number[], count: number): void {
    for (let i = 0; i < count; i++) {
      const heard = receive(this.device, now_ms, bytes[i] ?? 0);
      if (heard === Heard.key) this.takeKey();
      if (heard === Heard.login) clearFailures(this.device);
      if (heard === Heard.login || heard === Heard.request) this.answer(now_ms);
    }
  }

  /** To be called at each entry: what the link does by the clock. */
  run(now_ms: number): void {
    runDevice(this.device, now_ms);
  }

  /** The earlier of a deadline and what the link waits for. */
  deadline(deadline_ms: number): number {
    const link_ms = device_ms(this.device);
    return link_ms === 0 ? deadline_ms : Math.min(deadline_ms, link_ms);
  }

  private takeKey(): void {
    const d = this.device;
    const first = get(d, D.message_first);
    this.board.cipher.load(KeySlot.pump, d.unframer.bytes, first);
    this.board.storage.put(KEY_PART, d.unframer.bytes, first, CipherSize.key);
    this.board.storage.commit();
    d.n[D.key] = Key.loaded;
    report(d, Index.pump, Command.provision, d.nonce, 0);
  }

  private answer(now_ms: number): void {
    const d = this.device;
    const first = get(d, D.message_first);
    const op = getU16(d.unframer.bytes, first + 8);
    const layouts = layoutsOf(op);
    const args: number[] = [];
    const count = layouts === undefined ? -1 : readFields(layouts.request, d.unframer.bytes, first + Wire.request_head, get(d, D.message_end), args);
    const done = count < 0 ? Fault.malformed : op === Op.close ? [] : this.perform(now_ms, op, args);
    const fault = typeof done === "number" ? done : Fault.ok;
    const values = typeof done === "number" ? [] : done;
    if (fault !== Fault.ok || !onlyReads(op)) this.note(now_ms, op, fault);
    const at = beginAnswer(d, op, fault);
    sealAnswer(d, writeFields(fault === Fault.ok ? layouts?.answer ?? 0 : 0, values, values.length, d.answer, at));
    sendAnswer(d);
    if (op === Op.close) close(d, now_ms);
  }
}
