// Storage for a controller in wall time: in memory, or in a file as well.

import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { Fault } from "../../hal/faults";
import type { Storage } from "../../hal/storage";
import { NorFlash } from "../devices/flash";
import { FlashStorage, Transaction } from "../storage/flash-storage";
import { STORAGE_SIZE } from "../storage/format";

/** Writes at once, in the image's format; the event that tells so is for whoever calls `ended`. */
export class LiveStorage {
  readonly flash = new NorFlash(STORAGE_SIZE, 0);
  /** Transactions that have ended, and were not told yet: their faults. */
  ended: Fault[] = [];
  private readonly durable: FlashStorage;
  private open = new Transaction();
  private last = 0;

  /** With a file, what it holds goes on; throws what the system says, and `OtherFormat`. */
  constructor(private readonly file: string | undefined, private readonly now_ms: () => number) {
    if (file !== undefined && existsSync(file)) {
      const held = readFileSync(file);
      if (held.length !== this.flash.bytes.length) throw new Error(`it has ${held.length} bytes, and storage has ${this.flash.bytes.length}: it is something else`);
      this.flash.bytes.set(held);
    }
    this.durable = new FlashStorage(this.flash);
    this.last = this.durable.log.last;
  }

  /** Pump time of the latest that is durable: time goes on from there. */
  get latest_ms(): number {
    return this.durable.latest_ms;
  }

  readonly capability: Storage = {
    put: (part, values, first, count) => { this.open.put(part, values, first, count); },
    append: (sequence, kind, pump_ms, wall_ms, a, b, c) => {
      this.open.append({ sequence, kind, pump_ms, wall_ms, a, b, c });
      this.last = sequence;
    },
    commit: () => {
      const good = this.durable.write(this.open, this.now_ms());
      this.open = new Transaction();
      this.last = this.durable.log.last;
      this.keep();
      this.ended.push(good ? Fault.ok : Fault.storage_write_failed);
    },
    tally: (book) => {
      this.durable.tally(book);
      this.keep();
    },
    tallied: (book) => this.durable.tallied(book),
    read: (part, into) => this.durable.read(part, into),
    first_sequence: () => this.durable.log.first(),
    last_sequence: () => this.last,
    record: (sequence, into) => {
      const found = this.durable.log.read(sequence);
      if (found === undefined) return 0;
      const { kind, pump_ms, wall_ms, a, b, c } = found;
      [kind, pump_ms, wall_ms, a, b, c].forEach((value, i) => { into[i] = value; });
      return 1;
    },
  };

  /** Whole, by a rename: nobody finds half of it. */
  private keep(): void {
    if (this.file === undefined) return;
    writeFileSync(`${this.file}.part`, this.flash.bytes);
    renameSync(`${this.file}.part`, this.file);
  }
}
