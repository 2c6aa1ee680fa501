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
  /** What the session had staged when a commit was accepted: mode, week, then pairs of key and rate. */
  readonly committed?: readonly number[];
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

/** Steps that a session has staged; what is missing is undefined. */
interface Staged {
  readonly head: readonly number[];
  readonly steps: (readonly [number, number] | undefined)[];
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
  private readonly done: Record<number, string[]> = { [Role.clinician]: [], [Role.patient]: [] };
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

  private remember({ id, op }: Request, fault: number, known: string[]): void {
    this.times.delete(id);
    this.times.set(id, this.events.now_us());
    const [oldest] = this.times.keys();
    if (this.times.size > TIMES_MAX && oldest !== undefined) this.times.delete(oldest);
    if (fault !== 0 || onlyReads(op)) return;
    known.push(id);
    if (known.length > KNOWN_MAX) known.shift();
  }

  /** Follows what is staged. Returns what an accepted commit puts in force. */
  private stage({ op, args }: Request, fault: number): readonly number[] | undefined {
    if (fault !== 0 || args === undefined) return undefined;
    if (op === Op.stage) this.staged = { head: args.slice(0, 8), steps: Array.from({ length: args[8] ?? 0 }, () => undefined) };
    else if (op === Op.stage_steps) this.stageSteps(args);
    else if (op === Op.commit) return this.commit();
    return undefined;
  }

  private stageSteps(args: readonly number[]): void {
    const steps = this.staged?.steps;
    for (let i = 1; i + 1 < args.length; i += 2) {
      const at = args[0]! + (i - 1) / 2;
      if (steps === undefined || at >= steps.length) this.events.breach("steps accepted that nothing was staged for", steps?.length ?? 0, at + 1);
      else steps[at] = [args[i]!, args[i + 1]!];
    }
  }

  private commit(): readonly number[] | undefined {
    const { staged } = this;
    this.staged = undefined;
    if (staged === undefined || staged.steps.includes(undefined)) {
      this.events.breach("a commit accepted of what was not staged whole", 1, 0);
      return undefined;
    }
    return [...staged.head, ...staged.steps.flatMap((step) => step ?? [])];
  }
}

/** The values of a message's fields from `first` on; undefined if the bytes are not exactly those. */
function fieldsOf(layout: number | undefined, message: readonly number[], first: number): readonly number[] | undefined {
  const values: number[] = [];
  if (layout === undefined) return message.length === first ? values : undefined;
  const count = readFields(layout, message, first, message.length, values);
  return count < 0 ? undefined : values.slice(0, count);
}
