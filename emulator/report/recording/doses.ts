// doses.csv: what was asked for and given, an hour a line.

import { Unit } from "../../../hal/units";
import { Column, decodeRows, RowKind } from "./columns";
import type { PackedBlock } from "./row-store";

const FG_PER_UG = 1e9;
const PL_PER_ML = 1e9;
const NG_PER_UG = 1000;

const NAMES = [
  "from_h", "asked_ug", "given_ug", "tip_ug", "pulses", "confirmed", "missed", "without_result", "uncommanded", "reservoir_mL", "books_mL", "lower_bound_mL", "battery_used_C",
] as const;

/** One hour as it adds up. */
class Hour {
  asked_ng = 0;
  drawn_fg = 0;
  tip_fg = 0;
  readonly pulses = [0, 0, 0, 0, 0];

  constructor(readonly hour: number) {}

  line(levels: readonly number[]): string {
    const [, confirmed = 0, missed = 0, lost = 0, stray = 0] = this.pulses;
    return [
      this.hour, ...[this.asked_ng / NG_PER_UG, this.drawn_fg / FG_PER_UG, this.tip_fg / FG_PER_UG].map((dose) => dose.toFixed(6)),
      confirmed + missed + lost, confirmed, missed, lost, stray, ...levels.slice(0, 3).map((volume) => (volume / PL_PER_ML).toFixed(6)), ((levels[3] ?? 0) / 1000).toFixed(3),
    ].join(",") + "\n";
  }
}

/** Walks over rows in order and ends an hour as it is over. */
class Hours {
  #hour = new Hour(0);
  #at_ms = 0;
  #asked_ng = 0;
  #drawn_fg = 0;
  #tip_fg = 0;
  #levels: readonly number[] = [0, 0, 0, 0];

  constructor(private readonly write: (line: string) => void) {}

  /** Time passes: what is asked for adds up, over each hour that ends meanwhile. */
  pass(to_ms: number): void {
    while (this.#at_ms < to_ms) {
      const end_ms = (this.#hour.hour + 1) * Unit.ms_per_hour;
      const until_ms = Math.min(to_ms, end_ms);
      this.#hour.asked_ng += (this.#asked_ng * (until_ms - this.#at_ms)) / Unit.ms_per_day;
      this.#at_ms = until_ms;
      if (until_ms < end_ms) continue;
      this.write(this.#hour.line(this.#levels));
      this.#hour = new Hour(this.#hour.hour + 1);
    }
  }

  /** The rows of a block. Hot: seven years have five million. */
  rows(columns: readonly Float64Array[], length: number): void {
    const [times, kinds, drawn, tip, asked] = [columns[Column.at_ms]!, columns[Column.kind]!, columns[Column.drawn_fg]!, columns[Column.tip_fg]!, columns[Column.asked_ng]!];
    for (let row = 0; row < length; row += 1) {
      if (times[row]! >= (this.#hour.hour + 1) * Unit.ms_per_hour || asked[row]! !== this.#asked_ng) {
        if (row > 0) this.#stand(columns, row - 1);
        this.pass(times[row]!);
        this.#asked_ng = asked[row]!;
      }
      this.#hour.drawn_fg += drawn[row]! - this.#drawn_fg;
      this.#hour.tip_fg += tip[row]! - this.#tip_fg;
      this.#drawn_fg = drawn[row]!;
      this.#tip_fg = tip[row]!;
      const kind = kinds[row]!;
      if (kind !== RowKind.look) this.#hour.pulses[kind]! += 1;
    }
    if (length > 0) this.#stand(columns, length - 1);
  }

  /** Levels as that row left them. */
  #stand(columns: readonly Float64Array[], row: number): void {
    this.#levels = [Column.truth_pL, Column.books_pL, Column.low_pL, Column.used_mC].map((column) => columns[column]![row]!);
  }

  end(end_ms: number): void {
    this.pass(end_ms);
    if (this.#at_ms > this.#hour.hour * Unit.ms_per_hour || this.#hour.hour === 0) this.write(this.#hour.line(this.#levels));
  }
}

/**
 * The lines of doses.csv, one by one, the first with the names: doses in ug, volumes in mL at the hour's end, charge in C. A pulse counts in the hour of its command.
 * The last hour ends with the run.
 */
export function writeDoses(blocks: readonly PackedBlock[], end_ms: number, write: (line: string) => void): void {
  write(`${NAMES.join(",")}\n`);
  const hours = new Hours(write);
  for (const { bytes } of blocks) {
    const { columns, length } = decodeRows(bytes).rows;
    hours.rows(columns, length);
  }
  hours.end(end_ms);
}
