// Trace events in words.

import { ResetCause } from "../../hal/controller";
import { errorText } from "../../hal/fault-texts";
import { MotorResult } from "../../hal/motor";
import { RotorEdge } from "../../hal/rotor";
import { Tone } from "../../hal/sounder";
import { ALARM_NAMES, nameOf, OPERATION_NAMES, RECORD_NAMES, STATE_NAMES } from "../../protocol/names";
import { RecordKind } from "../../protocol/records";
import { FAULT_KINDS } from "../faults";
import { durationText, wallText } from "../../protocol/wand/text/wall";
import { HostEvent, TRACE_NAMES, TraceKind } from "../trace";

const causes: Record<ResetCause, string> = { [ResetCause.power]: "power", [ResetCause.watchdog]: "watchdog", [ResetCause.panic]: "panic" };
const host_events: Record<HostEvent, string> = {
  [HostEvent.bad_deadline]: "the controller named no valid deadline", [HostEvent.watchdog]: "the watchdog bit", [HostEvent.panic]: "the controller gave up",
  [HostEvent.power_off]: "power went",
};

function answered(operation: number, fault: number): string {
  const end = fault === 0 ? "accepted" : `refused: ${fault} ${errorText(fault).name}`;
  return `${nameOf(OPERATION_NAMES, operation)} ${end}`;
}

/** A record of the log: its name, and its numbers where they are not names themselves. */
function recordText(kind: number, a: number, b: number, c: number): string {
  const name = nameOf(RECORD_NAMES, kind);
  switch (kind as RecordKind) {
    case RecordKind.boot: return `record ${name}: ${nameOf(causes, a)} ${b}`;
    case RecordKind.state: return `record ${name}: ${nameOf(STATE_NAMES, a)} to ${nameOf(STATE_NAMES, b)}`;
    case RecordKind.operation: return `record ${name}: ${answered(a, b)}`;
    case RecordKind.alarm_on: return `record ${name}: ${nameOf(ALARM_NAMES, a)} (${b})`;
    case RecordKind.alarm_off: return `record ${name}: ${nameOf(ALARM_NAMES, a)}`;
    case RecordKind.acknowledged: return `record ${name}: ${nameOf(ALARM_NAMES, a)} for ${durationText(b)}`;
    case RecordKind.clock_set: return `record ${name}: ${wallText(a)} to ${wallText(b)}`;
    default: return `record ${name}: ${a} ${b} ${c}`;
  }
}

/** One event of the trace in words; the numbers are those of `TraceKind`. */
export function eventText(kind: TraceKind, a: number, b: number, c: number, d: number): string {
  switch (kind) {
    case TraceKind.pulse: return `pulse ${a}`;
    case TraceKind.result: return `pulse ${a === MotorResult.confirmed ? "confirmed" : "not confirmed"} after ${b} ms`;
    case TraceKind.tone: return `${a === Tone.two_tone ? "critical" : "other"} tone of ${b} ms`;
    case TraceKind.record: return recordText(a, b, c, d);
    case TraceKind.answer: return `answer: ${answered(a, b)}`;
    case TraceKind.reset: return `reset: boot after ${nameOf(causes, a)} ${b}`;
    case TraceKind.late_edge: return `late edge after ${a} ms`;
    case TraceKind.host: return `host: ${nameOf(host_events, a)}${b === 0 ? "" : ` (${b})`}`;
    case TraceKind.fault: return `fault ${FAULT_KINDS[a]?.kind ?? String(a)} ${b === 1 ? "begins" : "ends"}`;
    case TraceKind.drive: return `the drive ${a === 1 ? "has its supply" : "is cut"}`;
    case TraceKind.edge: return `${a === (RotorEdge.reverse as number) ? "backward" : "uncommanded"} edge ${b} ms after the last command`;
    case TraceKind.sent: return `sent ${a} bytes${b === 0 ? ", no room" : c === 0 ? ", asleep" : ""}`;
    case TraceKind.received: return `received ${a} bytes`;
    case TraceKind.link: return a === 1 ? "link awake" : "link asleep";
    case TraceKind.put: case TraceKind.tally: case TraceKind.commit: return `${TRACE_NAMES[kind]} ${a} ${b}`;
  }
}
