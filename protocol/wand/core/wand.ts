// The wand's core: orders and bytes in, bytes and results out, sans-I/O.

import { Code, Index } from "../../frames";
import { getU16, getU32 } from "../../integers";
import { LinkTime, Wire } from "../../limits";
import { Op } from "../../operations";
import { Command, PumpEvent, Refused, Role } from "../../service";
import { Problem, PROBLEM_TEXTS } from "../problems";
import { hexText, sameBytes } from "./bytes";
import { Line } from "./line";
import { readAnswer, requestBytes } from "./messages";
import { onlyReads } from "./operations";
import type { Failed, Order, Result, WandOptions } from "./order";
import { announcesPump, CALL, GOODBYE } from "./packets";
import type { Heard } from "./packets";
import { isProof, openAnswer, sealRequest, sessionKeys } from "./session";
import type { SessionKeys } from "./session";
import { execFrame, helloFrame, infoOf, lookFrame, noteRegister, provisionFrame } from "./stage";
import type { Device, Stage } from "./stage";

/** A pump that was heard so lately is awake, announcements being half a second apart. */
const awake_us = 1_000_000;
/** A session that was silent for so long is taken for closed, a little before the pump does. */
const idle_us = (LinkTime.idle_ms - 5000) * 1000;
/** So many hellos with a wrong proof make a pump another one: a single wrong answer may be a late one of an earlier hello. */
const wrong_max = 3;
/** Another pump of the same line announces itself within this. */
const others_us = 600_000;
/** A close whose answer is lost is not worth more. */
const close_sends_max = 4;

/** Device ids to remember: a line full of forged ones must not fill the memory. */
const heard_max = 64;

const IDLE: Stage = { kind: "idle" };

/** The session that is open: its keys and the number of the last message that was answered. */
interface Live {
  readonly keys: SessionKeys;
  readonly number: number;
  readonly answered_us: number;
}

/** A session as its user may see it. */
export interface SessionInfo {
  readonly role: Role;
  readonly session: number;
  /** Device id, 16 hexadecimal digits. */
  readonly device: string;
}

/**
 * A programmer's wand, sans-I/O, in integer microseconds. Its host calls `begin`, `receive` and, at `next_us`, `wake`; after each it takes bytes until there are
 * none and looks at `result`. One order at a time. It goes on by itself over loss: frames are repeated, a session that the pump has lost is opened anew, and
 * the same operation id is sent again, so that the pump does a thing at most once.
 */
export class Wand {
  readonly #options: WandOptions;
  readonly #line: Line;
  readonly #retry_us: number;
  readonly #give_up_us: number;
  #now_us = 0;
  #order: Order | undefined;
  #result: Result | undefined;
  #stage: Stage = IDLE;
  /** Since when this stage lasts, how often it has sent, when it sends again, and when the order is given up. */
  #since_us = 0;
  #sends = 0;
  #retry_at_us = 0;
  #end_us = 0;
  /** No other pump has announced itself until then: the wrong one was the only one. */
  #others_until_us: number | undefined;
  #live: Live | undefined;
  /** Operation id and message of the order in hand, and whether it was sent. */
  #op_id = 0n;
  #message: Uint8Array = new Uint8Array(0);
  #sent = false;
  #login_failures = 0;
  /** The pump that was heard last, and when each was. */
  #awake: Device | undefined;
  readonly #heard_us = new Map<string, number>();
  readonly #rejected = new Set<string>();

  /** Events of the open session that say: an alarm came or went, so ask for the status. Hints, they can be lost and forged. */
  hints = 0;

  constructor(options: WandOptions) {
    this.#options = options;
    this.#line = new Line(options.turnaround_us ?? 0, options.left_us);
    this.#retry_us = options.retry_us ?? 150_000;
    this.#give_up_us = options.give_up_us ?? 3_000_000;
  }

  /** Of the order begun last; undefined while it is in hand. */
  get result(): Result | undefined {
    return this.#result;
  }

  get session(): SessionInfo | undefined {
    if (this.#live === undefined) return undefined;
    const { role, session, device } = this.#live.keys;
    return { role, session, device: hexText(device) };
  }

  /** When its last frame left, for whoever takes its place on the line. */
  get left_us(): number | undefined {
    return this.#line.left_us;
  }

  /** When `wake` is due; undefined if nothing is waited for. */
  get next_us(): number | undefined {
    const times: number[] = [];
    if (this.#line.next_us !== undefined) times.push(this.#line.next_us);
    if (this.#order !== undefined && this.#stage.kind !== "parting") times.push(this.#retry_at_us, this.#end_us, this.#others_until_us ?? this.#end_us);
    return times.length === 0 ? undefined : Math.max(this.#now_us, Math.min(...times));
  }

  /** Begins an order. Throws if one is in hand. */
  begin(now_us: number, order: Order): void {
    if (this.#order !== undefined) throw new Error("the wand has an order in hand: one at a time");
    this.#now_us = now_us;
    this.#result = undefined;
    this.#order = order;
    this.#end_us = now_us + this.#give_up_us;
    this.#sent = false;
    this.#login_failures = 0;
    this.#rejected.clear();
    this.#line.clear();
    this.#line.clearCounts();
    if (this.#live !== undefined && now_us - this.#live.answered_us > idle_us) this.#live = undefined;
    this.#start(order);
  }

  /** Takes bytes from the line. */
  receive(now_us: number, bytes: Uint8Array): void {
    this.#now_us = now_us;
    this.#line.receive(bytes, (packet) => { this.#hear(packet); });
  }

  /** The time `next_us` has come; earlier does no harm. */
  wake(now_us: number): void {
    this.#now_us = now_us;
    if (this.#order === undefined || this.#stage.kind === "parting") return;
    if (now_us >= this.#end_us) this.#giveUp();
    else if (this.#others_until_us !== undefined && now_us >= this.#others_until_us) this.#fail(this.#order.kind === "provision" ? Problem.already_provisioned : Problem.wrong_key_or_pump);
    else if (now_us >= this.#retry_at_us) this.#emit();
  }

  /** Bytes for the line, now; call until there are none. */
  take(): Uint8Array | undefined {
    const bytes = this.#line.take(this.#now_us);
    if (this.#stage.kind === "parting" && this.#line.empty) this.#finish({ kind: "done" });
    return bytes;
  }

  /** Drops the session without a word, and what it knows of pumps: the link was lost. An order in hand is given up. */
  forget(): void {
    if (this.#order !== undefined) this.#giveUp();
    this.#live = undefined;
    this.#awake = undefined;
    this.#heard_us.clear();
  }

  #start(order: Order): void {
    switch (order.kind) {
      case "look":
      case "provision":
        if (this.#live === undefined) this.#find();
        else this.#settle(this.#live.keys.device);
        return;
      case "goodbye":
        this.#awake = undefined;
        this.#enter({ kind: "parting", frame: GOODBYE });
        return;
      case "close":
        if (this.#live === undefined) this.#finish({ kind: "done" });
        else this.#operate(order, Op.close, []);
        return;
      case "operate":
        this.#operate(order, order.op, order.args, order.raw, order.op_id);
    }
  }

  #operate(order: Order, op: Op, args: readonly number[], raw?: Uint8Array, op_id?: bigint): void {
    if (this.#options.key === undefined) {
      this.#fail(Problem.no_key);
      return;
    }
    this.#op_id = op_id ?? this.#options.random(8).reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
    const message = requestBytes(this.#op_id, op, args, raw);
    if (message === undefined) {
      this.#fail(Problem.value_does_not_fit);
      return;
    }
    this.#message = message;
    if (this.#live !== undefined) this.#ask(this.#live.keys, this.#live.number + 1, order);
    else this.#find();
  }

  /** Goes on with a pump that is surely awake, or calls. */
  #find(): void {
    const awake = this.#awake;
    const heard_us = awake === undefined ? undefined : this.#heard_us.get(hexText(awake));
    if (awake !== undefined && heard_us !== undefined && this.#now_us - heard_us <= awake_us) this.#settle(awake);
    else this.#enter({ kind: "calling" });
  }

  #enter(stage: Stage): void {
    this.#stage = stage;
    this.#since_us = this.#now_us;
    this.#sends = 0;
    this.#line.clear();
    if (stage.kind !== "calling") this.#others_until_us = undefined;
    this.#emit();
  }

  /** A pump is there: goes on with it. */
  #settle(device: Device): void {
    const order = this.#order;
    this.#awake = device;
    if (order?.kind === "operate") this.#greet(device);
    else if (order?.kind === "close") this.#finish({ kind: "done" });
    else this.#enter({ kind: "looking", device, seen: new Map() });
  }

  #greet(device: Device): void {
    this.#enter({ kind: "greeting", device, nonce: this.#options.random(Wire.nonce), wrong: 0, wrong_send: 0 });
  }

  /** Sends the order's message in a session. */
  #ask(keys: SessionKeys, number: number, order = this.#order): void {
    const { device } = keys;
    const sealed = sealRequest(keys, number, this.#message);
    if (order?.kind === "close" && !order.wait) {
      this.#live = undefined;
      this.#awake = undefined;
      this.#enter({ kind: "parting", frame: execFrame(device, keys.session, number, sealed) });
      return;
    }
    this.#sent = true;
    this.#enter({ kind: "asking", device, keys, number, sealed, opened: number > 1, refusals: 0 });
  }

  /** Sends what the present stage repeats, and the call again where the pump may have fallen asleep. */
  #emit(): void {
    const stage = this.#stage;
    if (stage.kind === "idle") return;
    this.#sends += 1;
    if (stage.kind === "asking" && this.#order?.kind === "close" && this.#sends > close_sends_max) {
      this.#lost(stage.device);
      return;
    }
    const frames: (readonly number[])[] = [];
    if (stage.kind === "calling" || (stage.kind === "asking" ? this.#sends >= 3 && this.#sends % 2 === 1 : stage.kind !== "parting" && this.#sends >= 2)) frames.push(CALL);
    switch (stage.kind) {
      case "calling": break;
      case "looking": frames.push(lookFrame(stage.device, stage.seen)); break;
      case "provisioning": if (this.#order?.kind === "provision") frames.push(provisionFrame(stage.device, this.#order.key)); break;
      case "greeting": frames.push(helloFrame(stage.device, this.#role(), stage.nonce)); break;
      case "asking": frames.push(execFrame(stage.device, stage.keys.session, stage.number, stage.sealed)); break;
      case "parting": frames.push(stage.frame); break;
    }
    for (const frame of frames) this.#retry_at_us = this.#line.send(this.#now_us, frame) + this.#retry_us;
  }

  /** To see whether a pump has a key, one says hello as the one who owns it. */
  #role(): Role {
    return this.#order?.kind === "provision" ? Role.clinician : this.#options.role;
  }

  #hear(packet: Heard): void {
    const id = hexText(packet.device);
    if (this.#heard_us.size > heard_max) this.#heard_us.clear();
    this.#heard_us.set(id, this.#now_us);
    if (announcesPump(packet)) this.#announced(packet.device, id);
    const stage = this.#stage;
    if (this.#live !== undefined && sameBytes(this.#live.keys.device, packet.device) && packet.index === Index.pump && isHint(packet.code)) this.hints += 1;
    if (stage.kind === "idle" || stage.kind === "calling" || stage.kind === "parting" || !sameBytes(stage.device, packet.device)) return;
    if (stage.kind === "looking") {
      if (noteRegister(stage.seen, packet)) this.#looked(stage);
      return;
    }
    if (packet.index !== Index.pump) return;
    if (packet.code === Command.refused && packet.data.length === 8) this.#refused(stage, getU16(packet.data, 0), getU16(packet.data, 2), getU32(packet.data, 4));
    else if (packet.code === Code.refused) this.#unknownCommand(stage, getU16(packet.data, 0));
    else if (stage.kind === "provisioning") {
      if (packet.code === Command.provision) this.#finish({ kind: "done" });
    } else if (packet.code === Command.hello) this.#greeted(stage, packet.data);
    else if (packet.code === Command.exec && stage.kind === "asking") this.#answered(stage, packet.data);
  }

  #announced(device: Device, id: string): void {
    const stage = this.#stage;
    if (this.#rejected.has(id)) return;
    if (stage.kind === "calling") this.#settle(device);
    else if (stage.kind === "idle" || stage.kind === "parting") this.#awake = device;
    else if (id !== hexText(stage.device) && this.#sends >= 3 && this.#isSilent(stage.device)) this.#lost(device);
  }

  /** Not heard in this stage, or only long ago: frames that were under way when it fell silent may have come late. */
  #isSilent(device: Device): boolean {
    const heard_us = this.#heard_us.get(hexText(device)) ?? -1;
    return heard_us <= this.#since_us || this.#now_us - heard_us > awake_us;
  }

  /** The pump is another one now than the one that was spoken to, after a reset or a sleep: begins again there. */
  #lost(device: Device): void {
    this.#live = undefined;
    this.#settle(device);
  }

  #looked({ device, seen }: Stage & { readonly kind: "looking" }): void {
    const info = infoOf(device, seen);
    if (this.#order?.kind !== "provision") this.#finish({ kind: "pump", ...info });
    else if (info.protocol_version !== Wire.version) this.#fail(Problem.old_version);
    else if (info.provisioned) this.#greet(device);
    else this.#enter({ kind: "provisioning", device });
  }

  /** What the pump says in the open. Anybody can forge it, so that it never does more than make the wand ask again or give up. */
  #refused(stage: Stage & { readonly kind: "provisioning" | "greeting" | "asking" }, command: number, reason: number, wait_ms: number): void {
    if (stage.kind === "provisioning") {
      // It may be our own key, whose answer was lost: proof will tell.
      if (command !== Command.provision) return;
      if (reason === Refused.already_provisioned) this.#greet(stage.device);
      else if (reason === Refused.not_stored) this.#fail(Problem.key_not_stored);
      else if (reason === Refused.key_lost) this.#fail(Problem.key_lost);
    } else if (stage.kind === "greeting") {
      if (command !== Command.hello) return;
      if (reason === Refused.not_provisioned) this.#fail(Problem.not_provisioned);
      else if (reason === Refused.version_unknown) this.#fail(Problem.old_version);
      else if (reason === Refused.key_lost) this.#fail(Problem.key_lost);
      else if (reason === Refused.backing_off) this.#fail(Problem.backing_off, wait_ms);
    } else if (command === Command.exec) this.#refusedMessage(stage, reason);
  }

  #refusedMessage(stage: Stage & { readonly kind: "asking" }, reason: number): void {
    if (reason === Refused.login_failed && !stage.opened) {
      this.#login_failures += 1;
      if (this.#options.lenient === true || this.#login_failures > 1) this.#fail(Problem.login_failed);
      else this.#greet(stage.device);
    } else if (reason === Refused.no_session) {
      stage.refusals += 1;
      // Of an open session a first refusal may be a late one, meant for an earlier session: asks again.
      if (!stage.opened || stage.refusals > 1) this.#lost(stage.device);
      else this.#emit();
    }
  }

  /** Jacdac's word for a command it does not have. */
  #unknownCommand(stage: Stage, command: number): void {
    if (stage.kind === "greeting" && command === Command.hello) this.#fail(Problem.old_version);
    else if (stage.kind === "provisioning" && command === Command.provision) this.#fail(Problem.old_version);
  }

  #greeted(stage: Stage & { readonly kind: "greeting" | "asking" }, data: readonly number[]): void {
    if (data.length !== 4 + Wire.nonce + Wire.tag || (stage.kind === "asking" && stage.opened)) return;
    const key = this.#order?.kind === "provision" ? this.#order.key : this.#options.key;
    if (key === undefined) return;
    const wand_nonce = stage.kind === "greeting" ? stage.nonce : stage.keys.wand_nonce;
    const keys = sessionKeys(key, {
      role: this.#role(), session: getU32(data, 0), device: stage.device, wand_nonce, pump_nonce: Uint8Array.from(data.slice(4, 4 + Wire.nonce)),
    });
    if (isProof(keys, data.slice(4 + Wire.nonce)) || this.#options.lenient === true) {
      // A hello that arrived twice opens another session: the one answered last is the one that the pump knows.
      if (this.#order?.kind === "provision") this.#finish({ kind: "done" });
      else if (stage.kind === "greeting" || stage.keys.session !== keys.session) this.#ask(keys, 1);
    } else if (stage.kind === "greeting") this.#wrongProof(stage);
  }

  #wrongProof(stage: Stage & { readonly kind: "greeting" }): void {
    if (stage.wrong_send === this.#sends) return;
    stage.wrong_send = this.#sends;
    stage.wrong += 1;
    if (stage.wrong < wrong_max) {
      this.#emit();
      return;
    }
    this.#rejected.add(hexText(stage.device));
    this.#awake = undefined;
    this.#others_until_us = this.#now_us + others_us;
    this.#enter({ kind: "calling" });
  }

  #answered(stage: Stage & { readonly kind: "asking" }, data: readonly number[]): void {
    if (data.length < Wire.sealed_head + Wire.tag || getU32(data, 0) !== stage.keys.session || getU32(data, 4) !== stage.number) return;
    const message = openAnswer(stage.keys, stage.number, Uint8Array.from(data.slice(Wire.sealed_head)));
    const order = this.#order;
    if (message === undefined || order === undefined) return;
    const op = order.kind === "operate" ? order.op : Op.close;
    const answer = readAnswer(op, message);
    this.#live = { keys: stage.keys, number: stage.number, answered_us: this.#now_us };
    if (answer === undefined) this.#fail(Problem.answer_malformed);
    else {
      if (op === Op.close) {
        this.#live = undefined;
        this.#awake = undefined;
      }
      this.#finish(order.kind === "close" ? { kind: "done" } : { kind: "answer", ...answer, op_id: this.#op_id });
    }
  }

  #finish(result: Result): void {
    this.#result = result;
    this.#order = undefined;
    this.#stage = IDLE;
    this.#others_until_us = undefined;
    this.#line.clear();
  }

  #fail(problem: Problem, wait_ms?: number): void {
    // A message without an answer leaves its number in doubt, and no number is ever used for two messages: the session ends.
    this.#live = undefined;
    const order = this.#order;
    const unknown = this.#sent && order?.kind === "operate" && !onlyReads(order.op);
    const failed: Failed = { kind: "failed", problem, text: PROBLEM_TEXTS[problem].text };
    this.#finish({ ...failed, ...(wait_ms === undefined ? {} : { wait_ms }), ...(unknown ? { op_id: this.#op_id } : {}) });
  }

  /** Too long without what was waited for: tells why as well as it can. */
  #giveUp(): void {
    const order = this.#order;
    if (this.#sent && order?.kind === "operate" && !onlyReads(order.op)) this.#fail(Problem.interrupted_unknown);
    else if (this.#rejected.size > 0) this.#fail(order?.kind === "provision" ? Problem.already_provisioned : Problem.wrong_key_or_pump);
    else if (this.#line.bytes_in > 0 && this.#line.frames_in === 0) this.#fail(Problem.garbage_on_line);
    else this.#fail(Problem.no_answer);
  }
}

/** Events carry a counter in the bits above their code. */
function isHint(code: number): boolean {
  return code >= Code.event && code % 256 === PumpEvent.changed;
}
