// News: what a live pump does that somebody at the screen wants to know.

import { Alarms } from "../../protocol/alarms";
import { ALARM_NAMES, nameOf, RECORD_NAMES, ROLE_NAMES, STATE_NAMES } from "../../protocol/names";
import { RecordKind } from "../../protocol/records";
import { FAULT_KINDS } from "../faults";
import type { Violation } from "../oracle/violation";
import { eventText } from "../report/event-text";
import { TraceKind } from "../trace";
import type { TraceListener } from "../trace";

/** One piece of news: in words, and as the fields of a JSON line. */
export interface News {
  readonly type: string;
  readonly pump_ms: number;
  readonly text: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

const two = (value: number): string => String(value).padStart(2, "0");

/** Pump time for a column: "12d 08:05:00.250". */
export function pumpTimeText(pump_ms: number): string {
  const s = Math.floor(pump_ms / 1000);
  const clock = [Math.floor(s / 3600) % 24, Math.floor(s / 60) % 60, s % 60].map(two).join(":");
  return `${Math.floor(s / 86_400)}d ${clock}.${String(pump_ms % 1000).padStart(3, "0")}`;
}

/** Type, words and fields of a record, the last two where they are not those of every record. */
type Told = readonly [type: string, fields: Readonly<Record<string, unknown>>];

function recordTold(kind: number, a: number, b: number, c: number): Told {
  if (kind === RecordKind.alarm_on || kind === RecordKind.alarm_off) {
    return ["alarm", { alarm: nameOf(ALARM_NAMES, a), critical: a <= Alarms.last_critical, on: kind === RecordKind.alarm_on }];
  }
  if (kind === RecordKind.state) return ["state", { from: nameOf(STATE_NAMES, a), to: nameOf(STATE_NAMES, b) }];
  if (kind === RecordKind.login) return ["login", { role: nameOf(ROLE_NAMES, a), failed_before: b }];
  return ["record", { record: nameOf(RECORD_NAMES, kind), a, b, c }];
}

function told(kind: TraceKind, a: number, b: number, c: number, d: number): Told | undefined {
  switch (kind) {
    case TraceKind.record: return recordTold(a, b, c, d);
    case TraceKind.tone: return ["tone", { tone: a, duration_ms: b }];
    case TraceKind.reset: return ["reset", { cause: a, detail: b }];
    case TraceKind.host: return ["host", { event: a, detail: b }];
    case TraceKind.fault: return ["fault", { kind: FAULT_KINDS[a]?.kind, on: b === 1, value: c }];
    default: return undefined;
  }
}

/** A listener for the trace that tells of alarms, tones, states, logins, resets, faults and the rest of the log; not of pulses and bytes. */
export function newsListener(tell: (news: News) => void): TraceListener {
  return (kind, pump_ms, a, b, c, d) => {
    const found = told(kind, a, b, c, d);
    if (found === undefined) return;
    const [type, fields] = found;
    tell({ type, pump_ms, text: eventText(kind, a, b, c, d).replace(/^record /, ""), fields });
  };
}

/** The oracle found something. */
export function violationNews(violation: Violation, pump_ms: number): News {
  return { type: "violation", pump_ms, text: `violation (${violation.kind}): ${violation.text}: expected ${violation.expected}, seen ${violation.seen}`, fields: { violation: violation.kind, what: violation.text, expected: violation.expected, seen: violation.seen, at_us: violation.at_us } };
}

/** The link fell asleep, or was woken. */
export function linkNews(awake: boolean, pump_ms: number): News {
  return { type: "link", pump_ms, text: awake ? "link awake: time goes at the wall's pace" : "link asleep", fields: { awake } };
}

/** Virtual time has come to its end, and the pump does no more. */
export function endNews(pump_ms: number): News {
  return { type: "time_over", pump_ms, text: "the end of virtual time: the pump goes no further", fields: {} };
}
