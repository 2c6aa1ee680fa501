// The emulator's storage, told by the lines of storage-peer.c, and drawn lives.

import { FlashAction, PowerCut, type CutFault, type NorFlash } from "../../emulator/devices/flash";
import { Stream } from "../../emulator/engine/random";
import { FlashStorage, OtherFormat, Transaction } from "../../emulator/storage/flash-storage";
import { Format } from "../../emulator/storage/format";
import type { TracedRecord } from "../../emulator/trace";

/** One line for either side (storage-peer.c says what they mean). */
export type Line =
  | { readonly do: "p"; readonly part: number; readonly values: readonly number[] }
  | { readonly do: "a"; readonly record: TracedRecord }
  | { readonly do: "c"; readonly now_ms: number }
  | { readonly do: "t"; readonly book: number; readonly count: number }
  | { readonly do: "i" }
  | { readonly do: "l"; readonly locked: boolean };

export function textOf(line: Line): string {
  switch (line.do) {
    case "p": return `p ${line.part} ${line.values.length} ${line.values.join(" ")}`;
    case "a": return `a ${Object.values(line.record).join(" ")}`;
    case "c": return `c ${line.now_ms}`;
    case "t": return `t ${line.book} ${line.count}`;
    case "i": return "i";
    case "l": return `l ${line.locked ? 1 : 0}`;
  }
}

/** What the emulator's storage prints for these lines on this flash. */
export function obey(flash: NorFlash, lines: readonly Line[]): string[] {
  const said: string[] = [];
  let pending = "";
  flash.lock(0, 128, false);
  flash.listener = (_operation, action, address, count) => { pending = `cut ${action === FlashAction.erase ? "erase" : "program"} ${address} ${count} `; };
  try {
    const storage = new FlashStorage(flash);
    let open = new Transaction();
    for (const line of lines) {
      if (line.do === "p") open.put(line.part, line.values, 0, line.values.length);
      else if (line.do === "a") open.append(line.record);
      else if (line.do === "c") {
        said.push(`written ${storage.write(open, line.now_ms)}`);
        open = new Transaction();
      } else if (line.do === "t") for (let i = 0; i < line.count; i++) storage.tally(line.book);
      else if (line.do === "i") said.push(`tidied ${storage.tidy()}`);
      else flash.lock(Format.journal_first, 128 - Format.journal_first, line.locked);
    }
    said.push(...told(storage));
  } catch (error) {
    if (error instanceof OtherFormat) said.push(`format ${error.format}`);
    else if (error instanceof PowerCut) said.push(pending);
    else throw error;
  }
  return said;
}

function told(storage: FlashStorage): string[] {
  const said: string[] = [];
  for (let part = 0; part < Format.parts; part++) {
    const values: number[] = [];
    said.push([`part ${part}: ${storage.read(part, values)}`, ...values].join(" "));
  }
  said.push(`tallies ${storage.tallied(0)} ${storage.tallied(1)}`, `log ${storage.log.first()} to ${storage.log.last}, latest ${storage.latest_ms}`);
  for (let each = storage.log.first(); each !== 0 && each <= storage.log.last; each++) {
    const record = storage.log.read(each);
    if (record === undefined) continue;
    const { kind, pump_ms, wall_ms, a, b, c } = record;
    said.push(`${each}: ${[kind, pump_ms, wall_ms, a, b, c].join(" ")}`);
  }
  return said;
}

/** Lines and cuts, drawn. Sequence numbers and times go on from life to life, as a controller's would. */
export class Lives {
  private readonly draws: Stream;
  private sequence = 0;
  private now_ms = 0;

  constructor(seed: number) {
    this.draws = new Stream(seed, "storage.lives");
  }

  /** How many operations of the next life come before its cut: few of them in the boot, many in its middle. */
  cutAfter(): number {
    const kind = this.draws.below(10);
    return kind < 3 ? 1 + this.draws.below(12) : kind < 7 ? 1 + this.draws.below(1500) : 1 + this.draws.below(100_000);
  }

  how(): CutFault {
    return (["torn_prefix", "torn_suffix", "torn_random"] as const)[this.draws.below(3)]!;
  }

  life(last_sequence: number): Line[] {
    const lines: Line[] = [];
    this.sequence = last_sequence;
    for (let n = 60 + this.draws.below(120); n > 0; n--) lines.push(...this.some());
    return lines;
  }

  private some(): Line[] {
    const { draws } = this;
    this.now_ms += draws.below(100_000);
    const kind = draws.below(100);
    if (kind < 15) return [{ do: "t", book: draws.below(2), count: 1 + draws.below(20) }];
    if (kind < 18) return [{ do: "t", book: draws.below(2), count: 1 + draws.below(30_000) }];
    if (kind < 40) return [{ do: "i" }];
    if (kind < 42) return [{ do: "l", locked: true }, ...this.transaction(), ...this.transaction(), { do: "t", book: 0, count: 1 }, { do: "l", locked: false }];
    return this.transaction();
  }

  private transaction(): Line[] {
    const { draws } = this;
    const lines: Line[] = [];
    for (let n = draws.below(4); n > 0; n--) lines.push({ do: "p", part: draws.below(6), values: this.values() });
    for (let n = draws.below(draws.below(6) === 0 ? 33 : 5); n > 0; n--) lines.push({ do: "a", record: this.record() });
    lines.push({ do: "c", now_ms: this.now_ms });
    return lines;
  }

  private values(): number[] {
    const count = this.draws.below(5) === 0 ? this.draws.below(300) : this.draws.below(40);
    return Array.from({ length: count }, () => (this.draws.below(8) === 0 ? this.draws.slot() : this.draws.below(1 << (1 + this.draws.below(20)))));
  }

  private record(): TracedRecord {
    const signed = (bits: number): number => (this.draws.slot() % 2 ** bits) - this.draws.below(2) * (2 ** bits - 1);
    return { sequence: ++this.sequence, kind: this.draws.below(256), pump_ms: this.now_ms, wall_ms: signed(46), a: signed(53), b: signed(40), c: signed(8) };
  }
}
