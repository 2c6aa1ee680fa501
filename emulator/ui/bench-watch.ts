// What the trace tells of a pump, kept for whoever looks: state, rate, bolus.

import { MotorResult } from "../../hal/motor";
import { BOLUS_KIND_NAMES, nameOf, STATE_NAMES } from "../../protocol/names";
import { RecordKind } from "../../protocol/records";
import { State } from "../../protocol/states";
import { basalText, doseText } from "../../protocol/wand/text/amounts";
import { durationText } from "../../protocol/wand/text/wall";
import type { Bench } from "../bench";
import { pumpTimeText } from "../live/news";
import { TraceKind } from "../trace";
import type { PulseRow } from "./messages";

/** Pulses that are shown. */
const PULSES_MAX = 12;

interface Pulse {
  readonly at_ms: number;
  readonly pulse: number;
  result: string;
}

/** Hears a bench from its power-on on. It asks nobody: what it knows is what the outside can see. */
export class BenchWatch {
  state: string = nameOf(STATE_NAMES, State.shelf);
  basal = "none";
  bolus = "";
  provisioned = false;
  /** The wall clock at pump time 0, as it was set last; undefined before that. */
  private wall_at_0_ms: number | undefined;
  private readonly last: Pulse[] = [];

  constructor(bench: Bench) {
    bench.trace.on((kind, at_ms, a, b, c, d) => {
      if (kind === TraceKind.pulse) this.pulsed(at_ms, a);
      else if (kind === TraceKind.result) this.resulted(a, b);
      else if (kind === TraceKind.record) this.recorded(at_ms, a, b, c, d);
    });
  }

  /** The last pulses, the newest first. */
  get pulses(): readonly PulseRow[] {
    return this.last.map(({ at_ms, pulse, result }) => ({ at: pumpTimeText(at_ms), pulse, result })).reverse();
  }

  /** The pump's wall clock, in ms since 1970 without time zones; undefined before it was set. */
  wall_ms(pump_ms: number): number | undefined {
    return this.wall_at_0_ms === undefined ? undefined : this.wall_at_0_ms + pump_ms;
  }

  private pulsed(at_ms: number, pulse: number): void {
    this.last.push({ at_ms, pulse, result: "in flight" });
    if (this.last.length > PULSES_MAX) this.last.shift();
  }

  private resulted(result: number, latency_ms: number): void {
    const pulse = this.last.at(-1);
    if (pulse !== undefined) pulse.result = result === MotorResult.confirmed ? `confirmed after ${latency_ms} ms` : "not confirmed";
  }

  private recorded(at_ms: number, kind: number, a: number, b: number, c: number): void {
    switch (kind as RecordKind) {
      case RecordKind.state:
        this.state = nameOf(STATE_NAMES, b);
        return;
      case RecordKind.segment:
        this.basal = b === 0 ? "none" : `${basalText(a, b)}, version ${c}`;
        return;
      case RecordKind.bolus_begin:
        this.bolus = `${nameOf(BOLUS_KIND_NAMES, a)}: ${doseText(b)} over ${durationText(c)}`;
        return;
      case RecordKind.bolus_end:
        this.bolus = "";
        return;
      case RecordKind.clock_set:
        this.wall_at_0_ms = b - at_ms;
        return;
      case RecordKind.provisioned:
        this.provisioned = true;
        return;
      default:
    }
  }
}
