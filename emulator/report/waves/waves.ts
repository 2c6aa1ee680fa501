// The waves of a run: what a logic analyser at the pump would have seen.

import { ResetCause } from "../../../hal/controller";
import { errorText } from "../../../hal/fault-texts";
import { MotorResult } from "../../../hal/motor";
import { RotorEdge } from "../../../hal/rotor";
import { Tone } from "../../../hal/sounder";
import { Book } from "../../../hal/storage";
import { Unit } from "../../../hal/units";
import { ALARM_NAMES, nameOf, OPERATION_NAMES, STATE_NAMES } from "../../../protocol/names";
import { RecordKind } from "../../../protocol/records";
import type { Bench } from "../../bench";
import { FAULT_KINDS } from "../../faults";
import { HostEvent, TraceKind } from "../../trace";
import { Vcd } from "./vcd";
import type { Var } from "./vcd";

const CAUSES: Readonly<Record<ResetCause, string>> = { [ResetCause.power]: "power", [ResetCause.watchdog]: "watchdog", [ResetCause.panic]: "panic" };

/** The variables that change with every pulse; declared first, since then their codes are short. */
function declarePump(vcd: Vcd) {
  return {
    step: vcd.declare("event", "step"), pulse: vcd.declare("integer", "pulse"), in_flight: vcd.declare("wire", "in_flight"),
    confirmed: vcd.declare("event", "edge_confirmed"), missed: vcd.declare("event", "edge_missed"), books: vcd.declare("real", "reservoir_books_nL"),
    up: vcd.declare("wire", "program_up"), reset: vcd.declare("string", "reset_cause"), state: vcd.declare("string", "state"), link: vcd.declare("wire", "link_awake"),
    critical: vcd.declare("wire", "tone_critical"), other: vcd.declare("wire", "tone_other"),
  };
}

function declarePlant(vcd: Vcd) {
  return {
    drive: vcd.declare("wire", "drive_supply"), late: vcd.declare("event", "edge_late"),
    uncommanded: vcd.declare("event", "edge_uncommanded"), reverse: vcd.declare("event", "edge_reverse"),
  };
}

function declareWand(vcd: Vcd) {
  return { answered: vcd.declare("event", "answered"), operation: vcd.declare("string", "operation"), number: vcd.declare("integer", "operation_number"), fault: vcd.declare("integer", "refusal_number") };
}

/** One for each alarm, by its number. */
function declareAlarms(vcd: Vcd): ReadonlyMap<number, Var> {
  return new Map(Object.entries(ALARM_NAMES).filter(([number]) => Number(number) > 0).map(([number, name]) => [Number(number), vcd.declare("wire", name)]));
}

/** One for each kind, by its index; what happens once is an event. */
function declareFaults(vcd: Vcd): readonly Var[] {
  return FAULT_KINDS.map(({ kind, instant }) => vcd.declare(instant === true ? "event" : "wire", kind.replaceAll(".", "_")));
}

/** "prescribe", or "prescribe refused: 10 flow below minimum". */
function answerText(op: number, fault: number): string {
  return nameOf(OPERATION_NAMES, op) + (fault === 0 ? "" : ` refused: ${String(fault)} ${errorText(fault).name}`);
}

/** What stands at the top and at the end of the file: words of whoever made the run. */
export interface WavesHead {
  /** One line each. */
  readonly lines: readonly string[];
}

/** Writes one run as a value change dump, time in ms of the pump's own clock. */
export class Waves {
  private readonly vcd: Vcd;
  private readonly pump: ReturnType<typeof declarePump>;
  private readonly plant: ReturnType<typeof declarePlant>;
  private readonly wand: ReturnType<typeof declareWand>;
  private readonly alarms: ReadonlyMap<number, Var>;
  private readonly faults: readonly Var[];
  /** By the books, in pL. */
  private books_pL = 0;
  private pulse_pL = 0;

  /** `put` is given the file, piece by piece; the bytes are used again after it. */
  constructor(head: WavesHead, put: (bytes: Uint8Array) => void) {
    const vcd = this.vcd = new Vcd(put);
    vcd.section("comment", ["BENCH ONLY: an emulated pump. Never for use on a person.", ...head.lines, "Time is the pump's own, from power-on, at its logical instants."].join("\n"));
    vcd.section("date", "virtual time: no wall clock was looked at");
    vcd.section("version", "itb-pump");
    vcd.section("timescale", "1 ms");
    const declared = new Map<string, unknown>();
    const inside = <T>(name: string, declare: (vcd: Vcd) => T, more: () => void = () => undefined): void => {
      vcd.scope(name, () => {
        declared.set(name, declare(vcd));
        more();
      });
    };
    inside("pump", declarePump, () => { inside("alarms", declareAlarms); });
    inside("plant", declarePlant, () => { inside("faults", declareFaults); });
    inside("wand", declareWand);
    this.pump = declared.get("pump") as ReturnType<typeof declarePump>;
    this.plant = declared.get("plant") as ReturnType<typeof declarePlant>;
    this.wand = declared.get("wand") as ReturnType<typeof declareWand>;
    this.alarms = declared.get("alarms") as ReadonlyMap<number, Var>;
    this.faults = declared.get("faults") as readonly Var[];
    vcd.begin(() => { this.initial(); });
  }

  /** Listens to a bench, from before its power-on. */
  listen(bench: Bench): void {
    this.pulse_pL = bench.unit.pulse_pL;
    bench.trace.on((kind, at_ms, a, b, c) => {
      // In the order of how often they come.
      if (kind === TraceKind.tally) this.tallied(at_ms, a);
      else if (kind === TraceKind.pulse) this.stepped(at_ms, a);
      else if (kind === TraceKind.result) this.resulted(at_ms, a);
      else this.rare(kind, at_ms, a, b, c);
    });
  }

  /** The run is over, at a time of the pump's clock in ms. */
  end(at_ms: number, { lines }: WavesHead): void {
    const { count, most_ms } = this.vcd.early;
    const early = count === 0 ? [] : [`changes that are stamped earlier than one before them, and stand at its time: ${String(count)}, by ${String(most_ms)} ms at most`];
    this.vcd.close(at_ms, [...lines, ...early].join("\n"));
  }

  private initial(): void {
    const { vcd, pump, plant, wand, alarms, faults } = this;
    for (const id of [pump.in_flight, pump.up, pump.link, pump.critical, pump.other, plant.drive, ...alarms.values()]) vcd.bit(id, 0);
    FAULT_KINDS.forEach(({ instant }, index) => { if (instant !== true) vcd.bit(faults[index]!, 0); });
    for (const id of [pump.pulse, wand.number, wand.fault]) vcd.integer(id, 0);
    vcd.real(pump.books, 0);
    vcd.string(pump.reset, "none");
    vcd.string(pump.state, STATE_NAMES[0]);
    vcd.string(wand.operation, "none");
  }

  private stepped(at_ms: number, number: number): void {
    const { vcd, pump } = this;
    vcd.time(at_ms);
    vcd.event(pump.step);
    vcd.integer(pump.pulse, number);
    vcd.bit(pump.in_flight, 1);
  }

  private resulted(at_ms: number, result: number): void {
    const { vcd, pump } = this;
    vcd.time(at_ms);
    vcd.event(result === MotorResult.confirmed ? pump.confirmed : pump.missed);
    vcd.bit(pump.in_flight, 0);
  }

  private tallied(at_ms: number, book: number): void {
    if (book !== Book.confirmed) return;
    this.books_pL -= this.pulse_pL;
    this.booked(at_ms);
  }

  private booked(at_ms: number): void {
    this.vcd.time(at_ms);
    this.vcd.real(this.pump.books, Math.max(0, Math.floor(this.books_pL / Unit.pL_per_nL)));
  }

  private rare(kind: TraceKind, at_ms: number, a: number, b: number, c: number): void {
    const { vcd, pump, plant } = this;
    if (kind === TraceKind.record) this.recorded(at_ms, a, b, c);
    else if (kind === TraceKind.answer) this.answered(at_ms, a, b);
    else if (kind === TraceKind.link) this.bit(at_ms, pump.link, a);
    else if (kind === TraceKind.drive) this.bit(at_ms, plant.drive, a);
    else if (kind === TraceKind.tone) {
      vcd.time(at_ms);
      vcd.high(a === Tone.two_tone ? pump.critical : pump.other, b);
    } else if (kind === TraceKind.late_edge) this.bit(at_ms, plant.late, 1);
    else if (kind === TraceKind.edge) this.bit(at_ms, a === (RotorEdge.reverse as number) ? plant.reverse : plant.uncommanded, 1);
    else if (kind === TraceKind.fault) {
      if (FAULT_KINDS[a]?.instant !== true || b === 1) this.bit(at_ms, this.faults[a]!, b);
    } else if (kind === TraceKind.reset) {
      this.bit(at_ms, pump.up, 1);
      vcd.string(pump.reset, nameOf(CAUSES, a));
    } else if (kind === TraceKind.host && a !== HostEvent.bad_deadline) this.bit(at_ms, pump.up, 0);
  }

  private bit(at_ms: number, id: Var, value: number): void {
    this.vcd.time(at_ms);
    this.vcd.bit(id, value);
  }

  private answered(at_ms: number, op: number, fault: number): void {
    const { vcd, wand } = this;
    vcd.time(at_ms);
    vcd.event(wand.answered);
    vcd.string(wand.operation, answerText(op, fault));
    vcd.integer(wand.number, op);
    vcd.integer(wand.fault, fault);
  }

  private recorded(at_ms: number, kind: number, a: number, b: number): void {
    if (kind === RecordKind.alarm_on || kind === RecordKind.alarm_off) {
      const id = this.alarms.get(a);
      if (id !== undefined) this.bit(at_ms, id, kind === RecordKind.alarm_on ? 1 : 0);
    } else if (kind === RecordKind.state) {
      this.vcd.time(at_ms);
      this.vcd.string(this.pump.state, nameOf(STATE_NAMES, b));
    } else if (kind === RecordKind.refill) {
      this.books_pL = a * Unit.pL_per_nL;
      this.booked(at_ms);
    }
  }
}
