// What a run's trace told so far, for what scenarios expect of it.

import { RecordKind } from "../../protocol/records";
import { Mode, State } from "../../protocol/states";
import type { Trace } from "../trace";
import { TraceKind } from "../trace";

/** A record of the log: when (pump ms), and its three values. */
export interface SeenRecord {
  readonly at_ms: number;
  readonly values: readonly [number, number, number];
}

export class Seen {
  /** The last record of each kind. */
  readonly records = new Map<RecordKind, SeenRecord>();
  /** Resets, by cause; the first is the power-on. */
  readonly resets = new Map<number, number>();
  late_edges = 0;

  constructor(trace: Trace) {
    trace.on((kind, at_ms, a, b, c, d) => {
      if (kind === TraceKind.record) this.records.set(a, { at_ms, values: [b, c, d] });
      else if (kind === TraceKind.reset) this.resets.set(a, (this.resets.get(a) ?? 0) + 1);
      else if (kind === TraceKind.late_edge) this.late_edges += 1;
    });
  }

  /** The state that the pump last recorded. */
  get state(): State {
    return this.records.get(RecordKind.state)?.values[1] ?? State.shelf;
  }

  /** Whether the rate in force is the minimum, told in volume a day and not in dose. */
  get by_volume(): boolean {
    return this.records.get(RecordKind.segment)?.values[0] === Mode.minimum_rate;
  }
}
