// Coverage: which cells of the state table and which faults a run reached.

import { Fault } from "../../hal/faults";
import { Alarm } from "../../protocol/alarms";
import { nameOf, STATE_NAMES } from "../../protocol/names";
import { Op } from "../../protocol/operations";
import { RecordKind } from "../../protocol/records";
import { State } from "../../protocol/states";
import type { Bench } from "../bench";
import { FAULT_KINDS } from "../faults";
import { TraceKind } from "../trace";

/** Counts by name. */
export type Counts = Record<string, number>;

/** What a run reached, in counts that add up over runs. */
export interface Reached {
  /** "therapy x stop": state and event, as firmware/STATES.md names them. */
  readonly cells: Counts;
  /** Faults that began, by kind. */
  readonly faults: Counts;
  /** Requests that were accepted and refused. */
  readonly requests: { accepted: number; refused: number };
}

/** Events of the state table, by number, as the record of a transition carries them. The command line holds them against the firmware's own. */
export const EVENT_NAMES: readonly string[] = [
  "commit", "start", "stop", "refill", "empty", "end of service", "untrusted", "tolerance lost", "repeated resets", "prime", "bolus", "cancel", "commit held", "drive failed",
  "self-test failed",
];

const EVENT_OF_OP: Readonly<Partial<Record<Op, string>>> = {
  [Op.commit]: "commit", [Op.start]: "start", [Op.stop]: "stop", [Op.refill]: "refill", [Op.prime]: "prime", [Op.bolus]: "bolus", [Op.patient_bolus]: "bolus", [Op.cancel]: "cancel",
};

/** What shows an event of the pump's own that may leave the state as it is. */
const EVENT_OF_ALARM: Readonly<Partial<Record<Alarm, string>>> = { [Alarm.no_valid_prescription]: "untrusted" };

export function cellName(state: string, event: string): string {
  return `${state} x ${event}`;
}

export function addTo(counts: Counts, name: string, count = 1): void {
  counts[name] = (counts[name] ?? 0) + count;
}

export function nothingReached(): Reached {
  return { cells: {}, faults: {}, requests: { accepted: 0, refused: 0 } };
}

/** Three resets in this time that are not power's: an event of the table (STATE). */
const repeated_ms = 600_000;

/** Watches one run, from outside: a transition by its record, an event that leaves the state by the answer or the alarm that shows it. */
class CoverageWatch {
  readonly reached = nothingReached();
  private state: State = State.shelf;
  /** An event that was seen, while it is not known whether a transition follows. */
  private open: { readonly state: State; readonly event: string } | undefined;
  private readonly resets: number[] = [];

  listen({ trace }: Bench): void {
    trace.on((kind, at_ms, a, b, c, d) => {
      if (kind === TraceKind.fault && b === 1) addTo(this.reached.faults, FAULT_KINDS[a]?.kind ?? String(a));
      else if (kind === TraceKind.record) this.record(at_ms, a, b, c, d);
      else if (kind === TraceKind.answer) this.answered(a, b);
    });
  }

  private cell(state: State, event: string): void {
    addTo(this.reached.cells, cellName(nameOf(STATE_NAMES, state), event));
  }

  private record(at_ms: number, kind: RecordKind, a: number, b: number, c: number): void {
    if (kind === RecordKind.state) {
      this.cell(a, EVENT_NAMES[c] ?? String(c));
      this.state = b;
      this.open = undefined;
    } else if (kind === RecordKind.tolerance_lost) this.seen("tolerance lost");
    else if (kind === RecordKind.alarm_on && EVENT_OF_ALARM[a as Alarm] !== undefined) this.seen(EVENT_OF_ALARM[a as Alarm]!);
    else if (kind === RecordKind.alarm_on && a === (Alarm.pump_fault as number)) this.seen(b === 0 ? "repeated resets" : "self-test failed");
    else if (kind === RecordKind.boot && a !== 1) {
      this.resets.push(at_ms);
      if (this.resets.length > 3) this.resets.shift();
      if (this.resets.length === 3 && at_ms - this.resets[0]! <= repeated_ms) this.seen("repeated resets");
    }
  }

  /** Of an event that changes the state a record follows, in the same entry; of another one none does. */
  private seen(event: string): void {
    this.settle();
    this.open = { state: this.state, event };
  }

  private settle(): void {
    if (this.open !== undefined && this.open.state === this.state) this.cell(this.open.state, this.open.event);
    this.open = undefined;
  }

  private answered(op: Op, fault: number): void {
    this.reached.requests[fault === 0 ? "accepted" : "refused"] += 1;
    const event = EVENT_OF_OP[op];
    if (event === undefined || fault !== (Fault.ok as number)) return;
    this.settle();
    // A transition was recorded before the answer, and counted; what left the state as it was shows only here.
    if (op === Op.commit && this.state === State.safe_minimum) this.cell(this.state, "commit held");
    else if (op === Op.bolus || op === Op.patient_bolus || op === Op.refill || op === Op.prime || op === Op.cancel) this.cell(this.state, event);
    else if (op === Op.commit && this.state !== State.safe_off) this.cell(this.state, "commit");
  }

  /** The run is over. */
  end(): Reached {
    this.settle();
    return this.reached;
  }
}

export { CoverageWatch };
