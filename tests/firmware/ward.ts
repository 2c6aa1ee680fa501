// A programmed pump on the bench, with what it did written down.

import { expect } from "vitest";
import { Bench, setUpOf } from "../../emulator/bench";
import type { BenchOptions } from "../../emulator/bench";
import { TraceKind } from "../../emulator/trace";
import { createController } from "../../firmware/controller";
import { Fault } from "../../hal/faults";
import { Op, Status } from "../../protocol/operations";
import type { RecordKind } from "../../protocol/records";
import { MIDNIGHT_MS, filling, prescribe } from "./prescribe";

export { MIDNIGHT_MS, daily } from "./prescribe";

/** One event of the trace. */
export interface Note {
  readonly kind: TraceKind;
  readonly at_ms: number;
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
}

/** A bench with its notes. */
export class Ward {
  readonly notes: Note[] = [];
  readonly bench: Bench;

  constructor(options: Partial<BenchOptions> = {}) {
    this.bench = new Bench({ controller: createController, instant: true, ...options });
    this.bench.trace.on((kind, at_ms, a, b, c, d) => this.notes.push({ kind, at_ms, a, b, c, d }));
    this.bench.powerOn();
    this.ask(Op.set_up, ...setUpOf(this.bench.unit));
    this.setClock(MIDNIGHT_MS + this.bench.pump_ms());
  }

  /** A request that must be accepted; its answer's values. */
  ask(op: Op, ...args: number[]): readonly number[] {
    const { fault, values } = this.bench.request(op, args);
    expect({ op, fault }).toEqual({ op, fault: Fault.ok });
    return values;
  }

  /** A refill that must be accepted, by somebody who found in the reservoir what the books say was left. */
  refill(volume_nL: number, concentration: number, aspirated_nL = Math.floor(this.bench.look(Op.status)[Status.remaining_pL]! / 1000)): readonly number[] {
    return this.ask(Op.refill, ...filling(volume_nL, concentration, aspirated_nL));
  }

  /** A start that must be accepted. */
  start(): readonly number[] {
    return this.ask(Op.start, 0);
  }

  /** A clock set that must be accepted, with no time given twice; the old time. */
  setClock(wall_ms: number): readonly number[] {
    return this.ask(Op.set_clock, wall_ms, 0);
  }

  /** A prescription that must be accepted; its version. */
  prescribe(prescription: readonly number[]): number {
    const { fault, values } = prescribe(this.bench, prescription);
    expect(fault).toBe(Fault.ok);
    return values[0]!;
  }

  /** Fills, prescribes, starts; returns the pump time of the start. */
  begin(prescription: number[], concentration = 2000, volume_nL = 18_000_000): number {
    this.refill(volume_nL, concentration);
    this.prescribe(prescription);
    this.start();
    return this.bench.pump_ms();
  }

  wait_ms(ms: number): void {
    this.bench.advance_us(ms * 1000);
  }

  of(kind: TraceKind): Note[] {
    return this.notes.filter((note) => note.kind === kind);
  }

  /** Pump times of the motor commands. */
  pulses(): number[] {
    return this.of(TraceKind.pulse).map(({ at_ms }) => at_ms);
  }

  /** The log's records of a kind: their a, b, c are `b`, `c`, `d` of the note. */
  records(kind: RecordKind): Note[] {
    return this.of(TraceKind.record).filter(({ a }) => a === kind);
  }

  /** The books, after the oracle's closing check, which must find nothing. */
  close(): { commanded: number; confirmed: number; uncertain: number; state: number; remaining_pL: number } {
    this.bench.finish();
    expect(this.bench.oracle.violations).toEqual([]);
    const status = this.bench.status();
    return {
      state: status[Status.state]!, commanded: status[Status.commanded]!, confirmed: status[Status.confirmed]!,
      uncertain: status[Status.uncertain]!, remaining_pL: status[Status.remaining_pL]!,
    };
  }
}
