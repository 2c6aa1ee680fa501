// Sessions of the probe: opened step by step, so that each step can go wrong.

import { Index } from "../../protocol/frames";
import { getU16, getU32, putU16, putU32 } from "../../protocol/integers";
import { Wire } from "../../protocol/limits";
import { Op } from "../../protocol/operations";
import { Command, Role } from "../../protocol/service";
import { patientKey } from "../../protocol/wand/cipher";
import { sameBytes } from "../../protocol/wand/core/bytes";
import { readAnswer, requestBytes } from "../../protocol/wand/core/messages";
import type { Answered } from "../../protocol/wand/core/messages";
import type { Heard } from "../../protocol/wand/core/packets";
import { isProof, openAnswer, sealRequest, sessionKeys } from "../../protocol/wand/core/session";
import type { SessionKeys } from "../../protocol/wand/core/session";
import { execFrame } from "../../protocol/wand/core/stage";
import { awaitProcedure } from "../../protocol/wand/procedures/procedure";
import type { Procedure } from "../../protocol/wand/procedures/procedure";
import { Failure } from "./probe";
import type { Probe } from "./probe";

/** A refusal in the open: the reason, and for how long. */
export interface OpenRefusal {
  readonly command: number;
  readonly reason: number;
  readonly wait_ms: number;
}

export function refusalOf(packet: Heard | undefined): OpenRefusal | undefined {
  if (packet?.index !== Index.pump || packet.code !== Command.refused || packet.data.length !== 8) return undefined;
  return { command: getU16(packet.data, 0), reason: getU16(packet.data, 2), wait_ms: getU32(packet.data, 4) };
}

/** A session of the probe's. */
export interface ProbeSession {
  readonly keys: SessionKeys;
  /** Of the last message that was sent. */
  number: number;
}

/** What fresh bytes come from. */
export type Random = (count: number) => Uint8Array;

/** The data of a hello. */
export function helloData(version: number, role: number, nonce: ArrayLike<number>): number[] {
  const data: number[] = [];
  putU16(data, 0, version);
  data.push(role, ...Array.from(nonce));
  return data;
}

/** The data of an exec. */
export function execData(session: number, number: number, sealed: ArrayLike<number>): number[] {
  const data: number[] = [];
  putU32(data, 0, session);
  putU32(data, 4, number);
  data.push(...Array.from(sealed));
  return data;
}

export function isExec(packet: Heard): boolean {
  return packet.index === Index.pump && packet.code === Command.exec;
}

/** Opens sessions over a probe, and asks in them. */
export class Login {
  /** The session that is open, as far as is known. */
  open: ProbeSession | undefined;

  /** `key` is the pump's own: the clinician's. */
  constructor(readonly probe: Probe, readonly key: Uint8Array, readonly random: Random) {}

  /** Says hello. Gives the handshake's keys, or how it was refused. Throws `Failure` if there is no answer, or the proof is wrong. */
  async hello(role: Role = Role.clinician, key = role === Role.patient ? patientKey(this.key) : this.key): Promise<SessionKeys | OpenRefusal> {
    const nonce = this.random(Wire.nonce);
    const { probe } = this;
    const packet = await probe.ask(Index.pump, Command.hello, helloData(Wire.version, role, nonce),
      (each) => each.index === Index.pump && (each.code === Command.hello || each.code === Command.refused));
    const refusal = refusalOf(packet);
    if (refusal !== undefined) return refusal;
    if (packet?.code !== Command.hello) throw new Failure("hello is not answered");
    const { data } = packet;
    if (data.length !== 4 + Wire.nonce + Wire.tag) throw new Failure(`the answer to hello has ${data.length} bytes in place of 36`);
    const keys = sessionKeys(key, { role, session: getU32(data, 0), device: probe.device, wand_nonce: nonce, pump_nonce: Uint8Array.from(data.slice(4, 20)) });
    if (sameBytes(key, role === Role.patient ? patientKey(this.key) : this.key) && !isProof(keys, data.slice(20))) {
      throw new Failure("the pump's proof is wrong: it does not have this key, or is another pump");
    }
    return keys;
  }

  /** A new session, proven by its first message, which asks for the status. */
  async fresh(role: Role = Role.clinician): Promise<ProbeSession> {
    await this.probe.ready();
    const keys = await this.hello(role);
    if ("reason" in keys) throw new Failure(`hello is refused for reason ${keys.reason}${keys.wait_ms === 0 ? "" : `, for ${keys.wait_ms} ms`}`);
    const session: ProbeSession = { keys, number: 0 };
    const answer = await this.message(session, Op.status);
    if (answer === undefined) throw new Failure("the first message of a session is not answered");
    this.open = session;
    return session;
  }

  /** The session that is open, or a fresh one. */
  async session(): Promise<ProbeSession> {
    await this.probe.ready();
    const { open } = this;
    if (open !== undefined && open.keys.role === Role.clinician && sameBytes(open.keys.device, this.probe.device)) return open;
    return this.fresh();
  }

  /** The frame of a request as the next message of a session, without sending it. */
  nextFrame(session: ProbeSession, op: number, args: readonly number[] = [], op_id = this.opId(), raw?: Uint8Array): readonly number[] {
    const message = requestBytes(op_id, op, args, raw);
    if (message === undefined) throw new Error(`the arguments of operation ${op} do not fit`);
    session.number++;
    return execFrame(session.keys.device, session.keys.session, session.number, sealRequest(session.keys, session.number, message));
  }

  opId(): bigint {
    return this.random(8).reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
  }

  /** Sends a frame of a session's last message until it is answered. Undefined if it is not. */
  async exchange(session: ProbeSession, op: number, frame: readonly number[]): Promise<Answered | undefined> {
    for (let attempt = 0; attempt < 3; attempt++) {
      const coming = this.probe.next((packet) => isExec(packet) && this.opened(session, packet) !== undefined, 1000);
      this.probe.frame(frame);
      const packet = await coming;
      const message = packet === undefined ? undefined : this.opened(session, packet);
      if (message === undefined) continue;
      const answer = readAnswer(op, message);
      if (answer === undefined && !(op < Op.status || op > Op.link_counts)) throw new Failure(`the answer to operation ${op} is not as the protocol has it`);
      return answer ?? { fault: getU16(Array.from(message), 2), values: [] };
    }
    return undefined;
  }

  /** The clear text of an answer to a session's last message; undefined if it is none. */
  opened(session: ProbeSession, { data }: Heard): Uint8Array | undefined {
    if (data.length < Wire.sealed_head + Wire.tag || getU32(data, 0) !== session.keys.session || getU32(data, 4) !== session.number) return undefined;
    return openAnswer(session.keys, session.number, Uint8Array.from(data.slice(Wire.sealed_head)));
  }

  message(session: ProbeSession, op: number, args: readonly number[] = [], op_id = this.opId(), raw?: Uint8Array): Promise<Answered | undefined> {
    return this.exchange(session, op, this.nextFrame(session, op, args, op_id, raw));
  }

  /** Asks in the open session. Throws `Failure` if there is no answer. */
  async operate(op: number, args: readonly number[] = [], op_id = this.opId()): Promise<Answered> {
    const answer = await this.message(await this.session(), op, args, op_id);
    if (answer !== undefined) return answer;
    this.open = undefined;
    throw new Failure(`operation ${op} is not answered`);
  }

  /** A procedure of the wand's in the open session. */
  run<T>(procedure: Procedure<T>): Promise<T> {
    return awaitProcedure(procedure, ({ op, args }) => this.operate(op, args));
  }

  /** Ends the session that is open. */
  async close(): Promise<void> {
    if (this.open === undefined) return;
    await this.message(this.open, Op.close);
    this.open = undefined;
  }
}
