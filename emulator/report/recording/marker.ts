// The marker: events of the trace as marks, each on its lane.

import { RotorEdge } from "../../../hal/rotor";
import { Tone } from "../../../hal/sounder";
import { MotorResult } from "../../../hal/motor";
import { Alarms } from "../../../protocol/alarms";
import { ALARM_NAMES, nameOf, STATE_NAMES } from "../../../protocol/names";
import { RecordKind } from "../../../protocol/records";
import { onlyReads } from "../../../protocol/wand/core/operations";
import { FAULT_KINDS } from "../../faults";
import { TraceKind } from "../../trace";
import { eventText } from "../event-text";
import type { Lane, LaneGroup, MarkStore } from "./marks";

const lane = (group: LaneGroup, name: string, form: Lane["form"], grave = false): Lane => ({ group, name, form, grave });

const STATE = lane("pump", "state", "span");
const RESETS = lane("pump", "resets", "point", true);
const LOG = lane("pump", "log", "point");
const TONES: Readonly<Record<number, Lane>> = { [Tone.two_tone]: lane("sound", "critical tones", "point", true) };
const OTHER_TONES = lane("sound", "other tones", "point");
const OPERATIONS = lane("wand", "operations", "point");
const READS = lane("wand", "readings", "point");
const REFUSED = lane("wand", "refused", "point", true);
const LINK = lane("wand", "link awake", "span");
const FRAMES = lane("wand", "frames", "point");
const MISSES = lane("motor", "misses", "point", true);
const EDGES = lane("motor", "other edges", "point", true);
const DRIVE = lane("motor", "drive cut", "span", true);
const STEPS = lane("step", "steps", "point");

/** What is told by the answer already, and by lanes of its own. */
const TOLD: ReadonlySet<RecordKind> = new Set([RecordKind.operation, RecordKind.state, RecordKind.alarm_on, RecordKind.alarm_off]);

export class Marker {
  readonly #lanes = new Map<number, Lane>();

  constructor(private readonly store: MarkStore) {}

  /** A step of the scenario, with the line of its file. */
  step(at_ms: number, text: string, line: number): void {
    this.store.add(at_ms, STEPS, `line ${line}: ${text}`);
  }

  /** An event of the trace; pulses that went well make no mark. */
  hear(kind: TraceKind, at_ms: number, a: number, b: number, c: number, d: number): void {
    const { store } = this;
    switch (kind) {
      case TraceKind.result:
        if (a !== Number(MotorResult.confirmed)) store.add(at_ms, MISSES, eventText(kind, a, b, c, d));
        return;
      case TraceKind.record: this.#record(at_ms, a, b, c, d); return;
      case TraceKind.tone: store.add(at_ms, TONES[a] ?? OTHER_TONES, eventText(kind, a, b, c, d)); return;
      case TraceKind.answer: store.add(at_ms, b !== 0 ? REFUSED : onlyReads(a) ? READS : OPERATIONS, eventText(kind, a, b, c, d).replace(/^answer: /, "")); return;
      case TraceKind.reset: case TraceKind.host: store.add(at_ms, RESETS, eventText(kind, a, b, c, d)); return;
      case TraceKind.fault: this.#fault(at_ms, a, b === 1, c); return;
      case TraceKind.drive: store.add(at_ms, DRIVE, a === 1 ? "" : "cut"); return;
      case TraceKind.link: store.add(at_ms, LINK, a === 1 ? "awake" : ""); return;
      case TraceKind.late_edge: store.add(at_ms, EDGES, eventText(kind, a, b, c, d)); return;
      case TraceKind.edge: store.add(at_ms, EDGES, `${a === Number(RotorEdge.reverse) ? "backward" : "uncommanded"} edge`); return;
      case TraceKind.sent: case TraceKind.received: store.add(at_ms, FRAMES, eventText(kind, a, b, c, d)); return;
      default:
    }
  }

  #record(at_ms: number, kind: number, a: number, b: number, c: number): void {
    const { store } = this;
    if (kind === Number(RecordKind.state)) store.add(at_ms, STATE, nameOf(STATE_NAMES, b));
    else if (kind === Number(RecordKind.alarm_on) || kind === Number(RecordKind.alarm_off)) {
      const name = nameOf(ALARM_NAMES, a);
      const on = kind === Number(RecordKind.alarm_on);
      store.add(at_ms, this.#known(a, () => lane("alarm", name, "span", a <= Alarms.last_critical)), on ? name : "");
    } else if (!TOLD.has(kind)) store.add(at_ms, LOG, eventText(TraceKind.record, kind, a, b, c).replace(/^record /, ""));
  }

  #fault(at_ms: number, index: number, began: boolean, value: number): void {
    const kind = FAULT_KINDS[index];
    if (kind === undefined) return;
    const on = this.#known(-1 - index, () => lane("fault", kind.kind, kind.instant === true ? "point" : "span"));
    if (began || on.form === "span") this.store.add(at_ms, on, began ? `${kind.kind}${kind.value === undefined ? "" : ` ${value} ${kind.value.unit}`}` : "");
  }

  #known(key: number, make: () => Lane): Lane {
    const known = this.#lanes.get(key) ?? make();
    this.#lanes.set(key, known);
    return known;
  }
}
