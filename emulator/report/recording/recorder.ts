// The recorder: hears a bench, and keeps what a picture of its run needs.

import { MotorResult } from "../../../hal/motor";
import { RotorEdge } from "../../../hal/rotor";
import { Book } from "../../../hal/storage";
import { Unit } from "../../../hal/units";
import { RecordKind } from "../../../protocol/records";
import type { Bench } from "../../bench";
import { TraceKind } from "../../trace";
import { Column, RowKind } from "./columns";
import { Marker } from "./marker";
import { MarkStore } from "./marks";
import { RowStore } from "./row-store";

/** Battery and voltages are looked at so often. */
const LOOK_MS = Unit.ms_per_hour;
const NC_PER_MC = 1_000_000;

/** Kinds of events at which something else than a pulse may have changed what a row tells. */
const CHANGES: ReadonlySet<TraceKind> = new Set([TraceKind.record, TraceKind.answer, TraceKind.reset, TraceKind.fault, TraceKind.drive]);

/**
 * Rows and marks of one run. A row is written when the next one begins, or the recording ends: by then all that came of its pulse has happened.
 * Hot: called some four times a pulse.
 */
export class Recorder {
  readonly rows = new RowStore();
  readonly marks = new MarkStore();
  readonly #marker = new Marker(this.marks);
  #bench: Bench | undefined;
  /** Where the open row stands, -1 for none. */
  #row = -1;
  #row_ms = 0;
  #kind: RowKind = RowKind.look;
  #latency_ms = 0;
  /** What the open row's pulse has no result of yet. */
  #in_flight = false;
  #books_pL = 0;
  #looked_ms = -LOOK_MS;
  #used_mC = 0;
  #loaded_mV = 0;
  #asked_until_ms = 0;

  /** Listens to a bench, from before its power-on. */
  listen(bench: Bench): void {
    this.#bench = bench;
    bench.trace.on((kind, at_ms, a, b, c, d) => { this.#hear(kind, at_ms, a, b, c, d); });
  }

  /** A step of the scenario is about to run. */
  step(text: string, line: number): void {
    this.#marker.step(this.#heard.pump_ms(), text, line);
  }

  /** The recording is over at that pump time: its rows are complete. Once. */
  end(end_ms: number): void {
    this.#close();
    if (this.#row < 0) return;
    this.rows.end(Math.max(end_ms, this.#row_ms));
    this.#row = -1;
  }

  /** Writes the open row as it stands, for whoever looks before the end. */
  look(): void {
    this.#close();
  }

  get #heard(): Bench {
    if (this.#bench === undefined) throw new Error("the recorder has listened to nothing yet");
    return this.#bench;
  }

  #hear(kind: TraceKind, at_ms: number, a: number, b: number, c: number, d: number): void {
    if (kind === TraceKind.pulse) {
      this.#begin(at_ms, RowKind.lost);
      this.#in_flight = true;
    } else if (kind === TraceKind.result) this.#result(a, b);
    else if (kind === TraceKind.tally) this.#tally(a);
    else if (CHANGES.has(kind)) this.#changed(kind, at_ms, a, b);
    else if (kind === TraceKind.edge && a === Number(RotorEdge.uncommanded)) this.#stray(at_ms);
    if (kind !== TraceKind.tally) this.#marker.hear(kind, at_ms, a, b, c, d);
  }

  #result(result: number, latency_ms: number): void {
    this.#in_flight = false;
    this.#kind = result === Number(MotorResult.confirmed) ? RowKind.confirmed : RowKind.missed;
    this.#latency_ms = result === Number(MotorResult.confirmed) ? latency_ms : 0;
  }

  /** The pump's own books, as it writes them into storage. */
  #tally(book: number): void {
    if (book === Number(Book.confirmed)) this.#books_pL -= this.#heard.unit.pulse_pL;
  }

  #changed(kind: TraceKind, at_ms: number, a: number, b: number): void {
    if (kind === TraceKind.reset) this.#in_flight = false;
    // Within a pulse its row goes on; with none in flight another begins.
    if (!this.#in_flight) this.#begin(at_ms, RowKind.look);
    if (kind === TraceKind.record && a === Number(RecordKind.refill)) this.#books_pL = b * Unit.pL_per_nL;
  }

  #stray(at_ms: number): void {
    if (!this.#in_flight) this.#begin(at_ms, RowKind.stray);
  }

  /** Completes the open row and begins the next, with one between them at each change of the prescription's own rate. */
  #begin(at_ms: number, kind: RowKind): void {
    const now_ms = Math.max(at_ms, this.#row_ms);
    this.#close();
    while (this.#row >= 0 && this.#asked_until_ms > this.#row_ms && this.#asked_until_ms < now_ms) {
      this.#open(this.#asked_until_ms, RowKind.look);
      this.#close();
    }
    // What happens at one instant is one row, unless it is a pulse.
    if (kind === RowKind.look && this.#kind === RowKind.look && this.#row >= 0 && this.#row_ms === now_ms) return;
    this.#open(now_ms, kind);
  }

  #open(at_ms: number, kind: RowKind): void {
    this.#row = this.rows.add();
    this.#row_ms = at_ms;
    this.#kind = kind;
    this.#latency_ms = 0;
    this.#in_flight = false;
  }

  /** Writes the open row. */
  #close(): void {
    if (this.#row < 0) return;
    const { columns } = this.rows;
    const { plant, oracle, battery } = this.#heard;
    const { balance } = oracle;
    const row = this.#row;
    if (this.#row_ms - this.#looked_ms >= LOOK_MS) {
      this.#looked_ms = this.#row_ms;
      this.#used_mC = Math.floor(battery.drawn_nC / NC_PER_MC);
      this.#loaded_mV = battery.flat ? 0 : battery.loaded_mV;
    }
    this.#asked_until_ms = balance.askedUntil(this.#row_ms);
    columns[Column.at_ms]![row] = this.#row_ms;
    columns[Column.kind]![row] = this.#kind;
    columns[Column.latency_ms]![row] = this.#latency_ms;
    columns[Column.drawn_fg]![row] = plant.drawn_fg;
    columns[Column.tip_fg]![row] = plant.arrived_fg;
    columns[Column.truth_pL]![row] = plant.reservoir_pL;
    columns[Column.books_pL]![row] = Math.max(0, this.#books_pL);
    columns[Column.low_pL]![row] = oracle.ledger.remaining_low_pL;
    columns[Column.used_mC]![row] = this.#used_mC;
    columns[Column.loaded_mV]![row] = this.#loaded_mV;
    columns[Column.sampled_mV]![row] = battery.sample_mV;
    columns[Column.asked_ng]![row] = balance.askedAt(this.#row_ms);
  }
}
