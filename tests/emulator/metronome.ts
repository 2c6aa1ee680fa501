// A small honest controller for the emulator's own tests, with tricks.

import type { Board } from "../../hal/board";
import { Source, type Controller, type ControllerFactory, type ResetCause } from "../../hal/controller";
import { Fault } from "../../hal/faults";
import { Motion, MotorResult } from "../../hal/motor";
import { Panic } from "../../hal/panic";
import { Tone } from "../../hal/sounder";
import { Book } from "../../hal/storage";
import { Alarm } from "../../protocol/alarms";
import { Op, Review } from "../../protocol/operations";
import { RecordKind, StallEnd } from "../../protocol/records";
import { Mode, State } from "../../protocol/states";
import type { Committed } from "../../emulator/wire-tap";
import { WireSide } from "./wire-side";

/** What a dishonest one does. Pulses are counted from 1 over the pump's life. */
export interface Tricks {
  /** Two pulses more right after this one, at the least interval. */
  readonly burst_at?: number;
  /** One pulse more, 2 s after this one. */
  readonly extra_at?: number;
  /** One pulse more, 700 ms after this one. */
  readonly hasty_at?: number;
  /** After this pulse it only sleeps. */
  readonly silent_after?: number;
  /** After this pulse it turns the motor off and says so. */
  readonly off_after?: number;
  /** It never raises this alarm. */
  readonly mute?: Alarm;
  /** It tells so many confirmed pulses too many. */
  readonly lie?: number;
  /** It goes on below the empty level. */
  readonly past_empty?: boolean;
  /** It names the present as its deadline once this pulse has its result. */
  readonly forget_after?: number;
  /** It panics at this pulse's result. */
  readonly panic_at?: number;
}

const IDLE_MS = 36_000_000;
const LOW_PL = 4e9;
const EMPTY_PL = 5e8;
const MAGIC = 20_260_105;

/** It reviews nothing. */
const REVIEW: readonly number[] = new Array<number>(Review.fields).fill(0);

/** Everything it knows, in retained memory. */
const enum Slot { magic, commanded, confirmed, owed, at, rate, pulse, concentration, fill, confirmed0, uncertain0, running, row, offset, alarms, sequence, in_flight, count }

/** One constant rate; its books; the alarms low, empty and stall. */
class Metronome {
  private readonly m: number[];
  private state: State = State.stopped;
  private extra_ms = 0;
  private extras = 0;
  private staged_rate = 0;
  private wire: WireSide | undefined;

  constructor(private readonly board: Board, private readonly tricks: Tricks) {
    this.m = board.retained;
  }

  boot(now_ms: number, cause: ResetCause, detail: number): number {
    const m = this.m;
    this.wire = new WireSide(this.board, (at_ms, op, args) => this.perform(at_ms, op, args), (at_ms, op, fault) => this.record(at_ms, RecordKind.operation, op, fault));
    if (m[Slot.magic] !== MAGIC) {
      for (let slot = 0; slot < Slot.count; slot++) m[slot] = 0;
      m[Slot.magic] = MAGIC;
      m[Slot.pulse] = 250_000;
      m[Slot.commanded] = this.board.storage.tallied(Book.commanded);
      m[Slot.confirmed] = this.board.storage.tallied(Book.confirmed);
      m[Slot.at] = now_ms;
      m[Slot.sequence] = this.board.storage.last_sequence();
    }
    m[Slot.in_flight] = 0;
    this.board.cutoff.cut(0);
    this.state = m[Slot.running] === 1 ? State.therapy : State.stopped;
    this.record(now_ms, RecordKind.boot, cause, detail);
    this.accrue(now_ms);
    return this.get(Slot.running) === 1 ? now_ms + Motion.interval_ms_min : this.next(now_ms);
  }

  wake(now_ms: number): number {
    this.accrue(now_ms);
    this.wire!.run(now_ms);
    this.fire(now_ms);
    return this.next(now_ms);
  }

  event(now_ms: number, source: Source, result: number): number {
    this.accrue(now_ms);
    if (source === Source.motor) this.result(now_ms, result === MotorResult.confirmed);
    return this.next(now_ms);
  }

  received(now_ms: number, bytes: readonly number[], count: number): number {
    this.accrue(now_ms);
    this.wire!.received(now_ms, bytes, count);
    return this.next(now_ms);
  }

  private perform(now_ms: number, op: Op, args: readonly number[]): readonly number[] | Fault {
    if (op === Op.status) return this.status(now_ms);
    if (op === Op.review) return REVIEW;
    if (op === Op.set_clock) {
      const old_ms = now_ms + this.get(Slot.offset);
      this.m[Slot.offset] = args[0]! - now_ms;
      return [old_ms];
    }
    if (op === Op.commit) {
      this.m[Slot.rate] = this.staged_rate;
      return [1];
    }
    return this.operate(now_ms, op, args) ? [] : Fault.unknown_operation;
  }

  private get(slot: Slot): number {
    return this.m[slot]!;
  }

  private uncertain(): number {
    return this.get(Slot.commanded) - this.get(Slot.confirmed) - this.get(Slot.in_flight);
  }

  private remaining(): number {
    return Math.max(0, this.get(Slot.fill) - (this.get(Slot.confirmed) - this.get(Slot.confirmed0)) * this.get(Slot.pulse));
  }

  private low(): number {
    return Math.max(0, this.remaining() - (this.uncertain() - this.get(Slot.uncertain0)) * this.get(Slot.pulse));
  }

  private due(): number {
    return this.get(Slot.pulse) * this.get(Slot.concentration) * 432;
  }

  private accrue(now_ms: number): void {
    const m = this.m;
    if (m[Slot.running] === 1) m[Slot.owed] = this.get(Slot.owed) + this.get(Slot.rate) * (now_ms - this.get(Slot.at)) * 5;
    m[Slot.at] = now_ms;
  }

  private fire(now_ms: number): void {
    const m = this.m;
    if (m[Slot.in_flight] === 1 || m[Slot.running] === 0) return;
    if (this.extra_ms === now_ms) this.extras--;
    else if (this.get(Slot.owed) >= this.due()) m[Slot.owed] = this.get(Slot.owed) - this.due();
    else return;
    const count = this.get(Slot.commanded) + 1;
    m[Slot.commanded] = count;
    m[Slot.in_flight] = 1;
    this.board.storage.tally(Book.commanded);
    this.board.motor.pulse();
    if (count === this.tricks.burst_at) this.extras = 2;
    if (count === this.tricks.extra_at || count === this.tricks.hasty_at) this.extras = 1;
    const after_ms = count === this.tricks.extra_at ? 2000 : count === this.tricks.hasty_at ? 700 : 750;
    this.extra_ms = this.extras > 0 ? now_ms + after_ms : 0;
  }

  private next(now_ms: number): number {
    const deadline_ms = this.nextPulse(now_ms);
    return deadline_ms <= now_ms ? deadline_ms : this.wire!.deadline(deadline_ms);
  }

  private nextPulse(now_ms: number): number {
    const m = this.m;
    const count = this.get(Slot.commanded);
    if (count === this.tricks.forget_after && m[Slot.in_flight] === 0) return now_ms;
    if (m[Slot.in_flight] === 1 || m[Slot.running] === 0 || m[Slot.rate] === 0) return now_ms + IDLE_MS;
    if (count >= (this.tricks.silent_after ?? Infinity)) return now_ms + IDLE_MS;
    const wait_ms = Math.ceil((this.due() - this.get(Slot.owed)) / (this.get(Slot.rate) * 5));
    const fire_ms = now_ms + Math.min(IDLE_MS, Math.max(1, wait_ms));
    return this.extra_ms > now_ms ? Math.min(fire_ms, this.extra_ms) : fire_ms;
  }

  private result(now_ms: number, confirmed: boolean): void {
    const m = this.m;
    const count = this.get(Slot.commanded);
    if (count === this.tricks.panic_at) this.board.panic(Panic.books);
    m[Slot.in_flight] = 0;
    if (confirmed) {
      m[Slot.confirmed] = this.get(Slot.confirmed) + 1;
      this.board.storage.tally(Book.confirmed);
      if (this.isOn(Alarm.motor_stall)) this.record(now_ms, RecordKind.stall_end, 0, this.get(Slot.row), StallEnd.confirmed);
      this.clear(now_ms, Alarm.motor_stall);
      m[Slot.row] = 0;
    } else {
      m[Slot.row] = this.get(Slot.row) + 1;
      if (this.get(Slot.row) >= 3) this.raise(now_ms, Alarm.motor_stall);
    }
    if (this.low() <= LOW_PL) this.raise(now_ms, Alarm.low_reservoir);
    if (this.low() <= EMPTY_PL) this.raise(now_ms, Alarm.reservoir_empty);
    const empty = this.remaining() <= EMPTY_PL && this.tricks.past_empty !== true;
    if ((empty || count === this.tricks.off_after) && m[Slot.running] === 1) {
      m[Slot.running] = 0;
      this.become(now_ms, State.safe_off);
    }
  }

  private operate(now_ms: number, op: Op, args: readonly number[]): boolean {
    const m = this.m;
    if (op === Op.set_up) m[Slot.pulse] = args[0]!;
    else if (op === Op.stage) this.staged_rate = 0;
    else if (op === Op.stage_steps) this.staged_rate = args[2]!;
    else if (op === Op.refill) {
      m[Slot.fill] = args[1]! * 1000;
      m[Slot.concentration] = args[2]!;
      m[Slot.confirmed0] = this.get(Slot.confirmed);
      m[Slot.uncertain0] = this.uncertain();
      this.clear(now_ms, Alarm.low_reservoir);
      this.clear(now_ms, Alarm.reservoir_empty);
    } else if (op === Op.start || op === Op.stop) {
      m[Slot.running] = op === Op.start ? 1 : 0;
      this.become(now_ms, op === Op.start ? State.therapy : State.stopped);
    } else return false;
    return true;
  }

  private status(now_ms: number): number[] {
    return [
      this.state, this.get(Slot.commanded), this.get(Slot.confirmed) + (this.tricks.lie ?? 0), this.uncertain(), this.get(Slot.in_flight),
      this.remaining(), this.low(), this.get(Slot.alarms), now_ms, now_ms + this.get(Slot.offset), this.get(Slot.rate), 1, 0, 3000,
      Mode.schedule, this.get(Slot.concentration), 0,
    ];
  }

  private become(now_ms: number, state: State): void {
    this.record(now_ms, RecordKind.state, this.state, state);
    this.state = state;
  }

  private record(now_ms: number, kind: RecordKind, a: number, b: number, c = 0): void {
    this.m[Slot.sequence] = this.get(Slot.sequence) + 1;
    this.board.storage.append(this.get(Slot.sequence), kind, now_ms, now_ms + this.get(Slot.offset), a, b, c);
    this.board.storage.commit();
  }

  private isOn(alarm: Alarm): boolean {
    return Math.floor(this.get(Slot.alarms) / 2 ** alarm) % 2 === 1;
  }

  private raise(now_ms: number, alarm: Alarm): void {
    if (this.isOn(alarm) || this.tricks.mute === alarm) return;
    this.m[Slot.alarms] = this.get(Slot.alarms) + 2 ** alarm;
    this.record(now_ms, RecordKind.alarm_on, alarm, 0);
    this.board.sounder.sound(Tone.single, 1000);
  }

  private clear(now_ms: number, alarm: Alarm): void {
    if (!this.isOn(alarm)) return;
    this.m[Slot.alarms] = this.get(Slot.alarms) - 2 ** alarm;
    this.record(now_ms, RecordKind.alarm_off, alarm, 0);
  }
}

/** A factory of metronomes that know these tricks. */
export function metronome(tricks: Tricks = {}): ControllerFactory {
  return (board): Controller => {
    const it = new Metronome(board, tricks);
    return {
      boot: (now_ms, cause, detail) => it.boot(now_ms, cause, detail),
      wake: (now_ms) => it.wake(now_ms),
      event: (now_ms, source, a) => it.event(now_ms, source, a),
      received: (now_ms, bytes, count) => it.received(now_ms, bytes, count),
    };
  };
}

/** One rate all week, as the oracle is told of it at a commit. */
export function committed(ng_per_day: number): Committed {
  return { schedule: [Mode.schedule, 0, 0, 0, 0, 0, 0, 0, 0, ng_per_day], timed: [], titration: [], extra: new Array<number>(9).fill(0) };
}
