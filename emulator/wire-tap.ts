// The tap: requests and answers in the clear, whatever wand there is.

import { Fault } from "../hal/faults";
import { getU16, getU32 } from "../protocol/integers";
import { readFields } from "../protocol/fields";
import { Wire } from "../protocol/limits";
import { Op } from "../protocol/operations";
import { Role } from "../protocol/service";
import { layoutsOf, onlyReads } from "../protocol/wand/core/operations";
import type { CipherTap } from "./devices/cipher";

/** A request that the pump has answered, in the entry in which it sealed the answer. */
export interface Answered {
  readonly op: number;
  readonly role: number;
  /** Values of the request's fields; undefined if its bytes are not those fields. */
  readonly args: readonly number[] | undefined;
  readonly fault: number;
  readonly values: readonly number[];
  /** What the session had staged when a commit was accepted. */
  readonly committed?: Committed;
}

/** What a commit puts in force. */
export interface Committed {
  /** Mode, week, then pairs of key and rate. */
  readonly schedule: readonly number[];
  /** Minute of the day, dose and minutes of each timed bolus. */
  readonly timed: readonly (readonly number[])[];
  /** Permille and days of each step of a titration plan. */
  readonly titration: readonly (readonly number[])[];
  /** The arguments of `Op.stage_extra`: nine zeros if it did not come. */
  readonly extra: readonly number[];
  /** Those of `Op.stage_refill`, if it came. */
  readonly refill?: readonly number[];
}

/** Where it tells what it heard. */
export interface TapEvents {
  readonly answered: (answered: Answered) => void;
  /** The pump broke the protocol: it sealed what answers nothing, or another request than the one in hand. */
  readonly breach: (text: string, expected: number, seen: number) => void;
  /** Scenario time in us. */
  readonly now_us: () => number;
}

/** Operations that are known again, for each role (protocol/SESSION.md, 5). */
const KNOWN_MAX = 8;
/** Operations whose instant is remembered for the scenario. */
const TIMES_MAX = 64;
/** Where role and session stand in what a session's keys are derived with. */
const enum Info { role = 10, count = 24 }

interface Request {
  readonly id: string;
  role: number;
  readonly op: number;
  readonly args: readonly number[] | undefined;
  /** Whether the pump's log says that it was done or refused now, and not remembered. */
  recorded: boolean;
}

/** Values of a row that `Op.stage_steps` and its kin bring, after the first row's number. */
const ROW_VALUES: Partial<Record<number, number>> = { [Op.stage_steps]: 2, [Op.stage_timed]: 3, [Op.stage_titration]: 2 };
/** Where `Op.stage` announces how many of them, and which parts. */
const ANNOUNCED: Partial<Record<number, number>> = { [Op.stage_steps]: 8, [Op.stage_timed]: 9, [Op.stage_titration]: 10 };
/** Bits of its `parts`. */
const PARTS: Partial<Record<number, number>> = { [Op.stage_extra]: 1, [Op.stage_refill]: 2 };

/** What a session has staged; what is missing is undefined. */
interface Staged {
  readonly head: readonly number[];
  readonly rows: ReadonlyMap<number, (readonly number[] | undefined)[]>;
  readonly parts: Map<number, readonly number[]>;
}

/**
 * Reads along at the cipher, and at the log: what is done is recorded in the entry in which it is done, so an answer without a record of its
 * own is one from the pump's memory, and is not told a second time. A request is in hand from its opening to the next sealed answer.
 */
export class WireTap implements CipherTap {
  private role = 0;
  private opening_role = 0;
  private in_hand: Request | undefined;
  /** Of a session that is gone: the pump may still do them, and then nobody is answered. */
  private orphans: Request[] = [];
  private staged: Staged | undefined;
  /** The operation that a wand was told of last. */
  private told_id = "";
  private readonly done: Record<number, string[]> = { [Role.clinician]: [], [Role.patient]: [] };
  /** The operations done last, of all roles. */
  private readonly latest: { readonly id: string; readonly role: number; readonly op: number }[] = [];
  /** When an operation was done, or refused, by its id. */
  private readonly times = new Map<string, number>();

  constructor(private readonly events: TapEvents) {}

  /** Scenario time of the entry in which the operation of that id was answered; undefined if it was not. */
  answered_us(id: bigint): number | undefined {
    return this.times.get(id.toString());
  }

  /** A reset: nothing is in hand, nothing is staged. */
  resetHappened(): void {
    this.in_hand = undefined;
    this.orphans = [];
    this.staged = undefined;
  }

  /** A wand has the answer to the operation of that id. */
  told(id: bigint): void {
    this.told_id = id.toString();
  }

  /** An operation that was done is undone: power went before it was durable. Its sealed answer must not have been sent. */
  lost(op: number): void {
    const at = this.latest.findLastIndex((each) => each.op === op);
    const [request] = at < 0 ? [] : this.latest.splice(at, 1);
    if (request === undefined) return;
    if (request.id === this.told_id) this.events.breach("an operation answered as done is lost with the power, operation", 0, op);
    this.done[request.role] = this.known(request.role).filter((id) => id !== request.id);
    this.times.delete(request.id);
  }

  /** A record of an operation. One that waited for its pulse boundary while another wand logged in is done now, and has no answer. */
  recorded(op: number, fault: number): void {
    const orphan = fault === Fault.busy ? undefined : this.orphans.find((each) => each.op === op);
    const request = orphan ?? this.in_hand;
    if (request === undefined) return;
    request.recorded = true;
    if (fault === 0 && this.known(request.role).includes(request.id)) this.events.breach("an operation done twice", 1, 2);
    if (orphan === undefined) return;
    this.orphans = this.orphans.filter((each) => each !== orphan);
    this.conclude(orphan, op, fault, []);
  }

  opening(info: readonly number[]): void {
    if (info.length !== Info.count) this.events.breach("keys of a session derived from info of another length", Info.count, info.length);
    this.opening_role = info[Info.role] ?? 0;
  }

  /** The session is open: its first message was good, and has just been heard. */
  opened(): void {
    this.role = this.opening_role;
    this.staged = undefined;
    if (this.in_hand === undefined) return;
    this.in_hand.role = this.role;
    this.adopt(this.in_hand);
  }

  request(message: readonly number[]): void {
    if (this.in_hand !== undefined) this.orphans.push(this.in_hand);
    if (message.length < Wire.request_head) {
      this.in_hand = { id: "", role: this.role, op: -1, args: undefined, recorded: false };
      return;
    }
    const op = getU16(message, 8);
    const id = (BigInt(getU32(message, 4)) * 4_294_967_296n + BigInt(getU32(message, 0))).toString();
    this.in_hand = { id, role: this.role, op, args: fieldsOf(layoutsOf(op)?.request, message, Wire.request_head), recorded: false };
  }

  /** The same again, in a new session, is the one that waits. */
  private adopt({ id, role }: Request): void {
    this.orphans = this.orphans.filter((each) => each.id !== id || each.role !== role);
  }

  answer(message: readonly number[]): void {
    const request = this.in_hand;
    if (request === undefined) {
      this.events.breach("an answer to no request", 0, 1);
      return;
    }
    this.in_hand = undefined;
    const op = getU16(message, 0);
    const fault = getU16(message, 2);
    if (op !== request.op && request.op >= 0) this.events.breach("an answer to another operation", request.op, op);
    const values = fault === 0 ? fieldsOf(layoutsOf(op)?.answer, message, Wire.answer_head) : [];
    if (values === undefined) this.events.breach("an answer whose bytes are not its fields, to operation", op, message.length);
    if (request.recorded || onlyReads(op)) this.conclude(request, op, fault, values ?? []);
    else if (fault === 0 && !this.known(request.role).includes(request.id)) this.events.breach("an operation answered as done, of which no record tells", 1, 0);
  }

  /** The operation is done or refused, for the first time or once more. */
  private conclude(request: Request, op: number, fault: number, values: readonly number[]): void {
    this.remember(request, fault, this.known(request.role));
    const committed = this.stage(request, fault);
    this.events.answered({ op, role: request.role, args: request.args, fault, values, ...(committed === undefined ? {} : { committed }) });
  }

  private known(role: number): string[] {
    return this.done[role] ??= [];
  }

  private remember({ id, op, role }: Request, fault: number, known: string[]): void {
    this.times.delete(id);
    this.times.set(id, this.events.now_us());
    const [oldest] = this.times.keys();
    if (this.times.size > TIMES_MAX && oldest !== undefined) this.times.delete(oldest);
    if (fault !== 0 || onlyReads(op)) return;
    known.push(id);
    this.latest.push({ id, role, op });
    if (this.latest.length > KNOWN_MAX) this.latest.shift();
    if (known.length > KNOWN_MAX) known.shift();
  }

  /** Follows what is staged. Returns what an accepted commit puts in force. */
  private stage({ op, args }: Request, fault: number): Committed | undefined {
    if (fault !== 0 || args === undefined) return undefined;
    if (op === Op.stage) {
      const rows = new Map(Object.entries(ANNOUNCED).map(([rowed, at]) => [Number(rowed), Array.from({ length: args[at!] ?? 0 }, () => undefined)]));
      this.staged = { head: args, rows, parts: new Map() };
    } else if (op in ROW_VALUES) this.stageRows(op, args);
    else if (op in PARTS) {
      if (this.staged === undefined) this.events.breach("a part accepted that nothing was staged for", 0, 1);
      this.staged?.parts.set(op, args);
    } else if (op === Op.commit) return this.commit();
    return undefined;
  }

  private stageRows(op: number, args: readonly number[]): void {
    const rows = this.staged?.rows.get(op);
    const values = ROW_VALUES[op]!;
    for (let i = 1; i + values <= args.length; i += values) {
      const at = args[0]! + (i - 1) / values;
      if (rows === undefined || at >= rows.length) this.events.breach("steps accepted that nothing was staged for", rows?.length ?? 0, at + 1);
      else rows[at] = args.slice(i, i + values);
    }
  }

  private commit(): Committed | undefined {
    const { staged } = this;
    this.staged = undefined;
    const announced = Object.entries(PARTS).filter(([, bit]) => ((staged?.head[11] ?? 0) & bit!) !== 0).map(([op]) => Number(op));
    if (staged === undefined || [...staged.rows.values()].some((rows) => rows.includes(undefined)) || announced.some((op) => !staged.parts.has(op))) {
      this.events.breach("a commit accepted of what was not staged whole", 1, 0);
      return undefined;
    }
    const rows = (op: number): readonly (readonly number[])[] => (staged.rows.get(op) ?? []).map((row) => row ?? []);
    const refill = staged.parts.get(Op.stage_refill);
    return {
      schedule: [...staged.head.slice(0, 8), ...rows(Op.stage_steps).flat()], timed: rows(Op.stage_timed), titration: rows(Op.stage_titration),
      extra: staged.parts.get(Op.stage_extra) ?? new Array<number>(9).fill(0), ...(refill === undefined ? {} : { refill }),
    };
  }
}

/** The values of a message's fields from `first` on; undefined if the bytes are not exactly those. */
function fieldsOf(layout: number | undefined, message: readonly number[], first: number): readonly number[] | undefined {
  const values: number[] = [];
  if (layout === undefined) return message.length === first ? values : undefined;
  const count = readFields(layout, message, first, message.length, values);
  return count < 0 ? undefined : values.slice(0, count);
}
