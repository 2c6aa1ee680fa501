// Rows: the secure session, and what must not get into it.

import { Fault } from "../../hal/faults";
import { Index } from "../../protocol/frames";
import { getU32 } from "../../protocol/integers";
import { Wire } from "../../protocol/limits";
import { Op, Ops, Reservoir } from "../../protocol/operations";
import { RecordKind } from "../../protocol/records";
import { Command, Refused, Role } from "../../protocol/service";
import { hexText, sameBytes } from "../../protocol/wand/core/bytes";
import type { Heard } from "../../protocol/wand/core/packets";
import { sealRequest } from "../../protocol/wand/core/session";
import { execFrame } from "../../protocol/wand/core/stage";
import { requestBytes } from "../../protocol/wand/core/messages";
import { readLogExtent, readLogPage } from "../../protocol/wand/procedures/log";
import type { LogPage } from "../../protocol/wand/procedures/log";
import { execData, helloData, isExec, refusalOf } from "./login";
import type { Login, ProbeSession } from "./login";
import { packetFrame, packetsText } from "./probe";
import { expectNothing, must } from "./row";
import type { Bench, Row } from "./row";

/** The open session still answers its next message. */
async function mustGoOn(login: Login, session: ProbeSession): Promise<void> {
  must(await login.message(session, Op.status) !== undefined, "the session that was open does not go on");
}

/** No sealed answer came of it; a refusal in the open may have. */
async function mustNotDo({ probe }: Bench, what: string): Promise<void> {
  const answers = (await probe.echo()).filter((packet) => refusalOf(packet) === undefined);
  must(answers.length === 0, `${what}: the pump answers ${packetsText(answers)}`);
}

/** The settings of the alarms as they are: setting them again changes nothing but the log. */
async function sameAlarms(login: Login): Promise<readonly number[]> {
  const { values } = await login.operate(Op.reservoir);
  return [values[Reservoir.low_volume_nL] ?? 0, values[Reservoir.critical_interval_min] ?? 0, values[Reservoir.other_interval_min] ?? 0];
}

const isHelloAnswer = (packet: Heard): boolean => packet.index === Index.pump && (packet.code === Command.hello || refusalOf(packet) !== undefined);

const opening: readonly Row[] = [
  {
    id: "proof", requirement: "LINK-1", text: "The pump proves its key with nonce and session number fresh at every hello.",
    run: async (bench) => {
      const login = bench.login();
      await bench.probe.ready();
      const [first, second] = [await login.hello(), await login.hello()];
      must(!("reason" in first) && !("reason" in second), "hello is refused");
      must(!sameBytes(first.pump_nonce, second.pump_nonce), "its nonce is the same again");
      must(first.session !== second.session, "its session number is the same again");
      await login.fresh();
    },
  },
  {
    id: "version", requirement: "LINK-1", text: "No other version of the protocol is spoken: there is nothing to downgrade to.",
    run: async (bench) => {
      const { probe, random } = bench;
      bench.login();
      await probe.ready();
      for (const version of [0, Wire.version + 1, 65_535]) {
        const refusal = refusalOf(await probe.ask(Index.pump, Command.hello, helloData(version, Role.clinician, random(Wire.nonce)), isHelloAnswer));
        must(refusal?.reason === Refused.version_unknown, `version ${version} is ${refusal === undefined ? "not refused" : `refused for reason ${refusal.reason}`}`);
      }
    },
  },
  {
    id: "hello-alone", requirement: "LINK-3", text: "A hello without proof leaves the live session alone.",
    run: async (bench) => {
      const login = bench.login();
      const session = await login.session();
      const keys = await login.hello();
      must(!("reason" in keys), "hello is refused");
      await mustGoOn(login, session);
    },
  },
  {
    id: "wrong-key", requirement: "LINK-3", text: "A login with a wrong key is refused, and the live session goes on.",
    run: async (bench) => {
      const login = bench.login();
      const session = await login.session();
      const keys = await login.hello(Role.clinician, bench.random(32));
      must(!("reason" in keys), "hello is refused");
      const message = requestBytes(login.opId(), Op.status, []) ?? new Uint8Array(0);
      bench.probe.clear();
      bench.probe.frame(execFrame(keys.device, keys.session, 1, sealRequest(keys, 1, message)));
      const reactions = await bench.probe.echo();
      must(!reactions.some(isExec), "a message that was sealed with another key is answered");
      must(reactions.some((packet) => refusalOf(packet)?.reason === Refused.login_failed), "the failed login is not refused");
      await mustGoOn(login, session);
      // A good login ends the count of failed ones.
      await login.fresh();
    },
  },
  {
    id: "patient", requirement: "LINK-1", text: "A patient may see the state and may not change settings.",
    run: async (bench) => {
      const login = bench.login();
      const same = await sameAlarms(login);
      const session = await login.fresh(Role.patient);
      const answer = await login.message(session, Op.set_alarms, same);
      login.open = undefined;
      must(answer?.fault === Fault.not_permitted, answer === undefined ? "the patient is not answered" : `setting alarms as the patient gives fault ${answer.fault}`);
    },
  },
];

const numbers: readonly Row[] = [
  {
    id: "repetition", requirement: "LINK-2", text: "The last message again gets the same bytes as an answer.",
    run: async (bench) => {
      const login = bench.login();
      const session = await login.session();
      const frame = login.nextFrame(session, Op.status);
      must(await login.exchange(session, Op.status, frame) !== undefined, "the message is not answered");
      const [first, second] = [await repeated(bench, frame), await repeated(bench, frame)];
      must(first !== undefined && first === second, "its repetitions get different answers, or none");
    },
  },
  {
    id: "replay", requirement: "LINK-2", text: "An older message of the session is dropped.",
    run: async (bench) => {
      const login = bench.login();
      const session = await login.session();
      const frame = login.nextFrame(session, Op.status);
      await login.exchange(session, Op.status, frame);
      await mustGoOn(login, session);
      bench.probe.clear();
      bench.probe.frame(frame);
      await expectNothing(bench, "a replayed message");
      await mustGoOn(login, session);
    },
  },
  {
    id: "number-ahead", requirement: "LINK-2", text: "A message whose number leaves one out is dropped.",
    run: async (bench) => {
      const login = bench.login();
      const session = await login.session();
      session.number++;
      const ahead = login.nextFrame(session, Op.status);
      session.number -= 2;
      bench.probe.clear();
      bench.probe.frame(ahead);
      await expectNothing(bench, "a message that leaves a number out");
      await mustGoOn(login, session);
    },
  },
  {
    id: "later-session", requirement: "LINK-2", text: "A message of an earlier session is not done in a later one.",
    run: async (bench) => {
      const login = bench.login();
      const session = await login.fresh();
      const before = login.nextFrame(session, Op.status);
      await login.exchange(session, Op.status, before);
      const later = await login.fresh();
      bench.probe.clear();
      bench.probe.frame(before);
      await mustNotDo(bench, "a message of an earlier session");
      // The same sealed bytes under the later session's number.
      bench.probe.frame(packetFrame(bench.probe.device, Index.pump, Command.exec, execData(later.keys.session, later.number + 1, before.slice(Wire.frame_head + Wire.packet_head + Wire.sealed_head))));
      await mustNotDo(bench, "an earlier session's message under this one's number");
      await mustGoOn(login, later);
    },
  },
];

/** The bytes of the answer to a frame that was sent before; undefined if there is none. */
async function repeated({ probe }: Bench, frame: readonly number[]): Promise<string | undefined> {
  const answer = probe.next(isExec);
  probe.frame(frame);
  const packet = await answer;
  return packet === undefined ? undefined : hexText(packet.data);
}

const seals: readonly Row[] = [
  {
    id: "tampered", requirement: "LINK-2", text: "A sealed message with any bit changed is dropped, whatever its frame says.",
    run: async (bench) => {
      const login = bench.login();
      const session = await login.session();
      const frame = login.nextFrame(session, Op.status);
      const first = Wire.frame_head + Wire.packet_head;
      const data = frame.slice(first, first + (frame[Wire.frame_head] ?? 0));
      bench.probe.clear();
      for (let at = Wire.sealed_head; at < data.length; at += 3) {
        bench.probe.packet(Index.pump, Command.exec, data.with(at, (data[at] ?? 0) ^ (1 << (at % 8))));
      }
      await expectNothing(bench, "a message that was changed");
      must(await login.exchange(session, Op.status, frame) !== undefined, "the true message after them is not answered");
    },
  },
  {
    id: "cut-seal", requirement: "LINK-2", text: "A sealed message cut short is dropped.",
    run: async (bench) => {
      const login = bench.login();
      const session = await login.session();
      const frame = login.nextFrame(session, Op.status);
      const first = Wire.frame_head + Wire.packet_head;
      const data = frame.slice(first, first + (frame[Wire.frame_head] ?? 0));
      bench.probe.clear();
      // Shorter than head and tag it may be refused as no message at all: that is not an answer.
      for (let length = Wire.sealed_head + Wire.tag; length < data.length; length++) bench.probe.packet(Index.pump, Command.exec, data.slice(0, length));
      await expectNothing(bench, "a message that was cut short");
      must(await login.exchange(session, Op.status, frame) !== undefined, "the whole message after them is not answered");
    },
  },
  {
    id: "in-the-clear", requirement: "LINK-1", text: "What the pump answers is not to be read by others.",
    run: async (bench) => {
      const login = bench.login();
      const session = await login.session();
      const frame = login.nextFrame(session, Op.status);
      bench.probe.clear();
      const coming = bench.probe.next(isExec);
      bench.probe.frame(frame);
      const packet = await coming;
      must(packet !== undefined, "the message is not answered");
      must(login.opened(session, packet) !== undefined, "the answer is not sealed as the protocol has it");
    },
  },
  {
    id: "reflection", requirement: "LINK-2", text: "The pump's own answers, sent back to it, are dropped.",
    run: async (bench) => {
      const login = bench.login();
      const session = await login.session();
      const frame = login.nextFrame(session, Op.status);
      const answer = bench.probe.next(isExec);
      bench.probe.frame(frame);
      const packet = await answer;
      must(packet !== undefined, "the message is not answered");
      const sealed = packet.data.slice(Wire.sealed_head);
      bench.probe.clear();
      for (const number of [session.number + 1, session.number + 2]) bench.probe.packet(Index.pump, Command.exec, execData(getU32(packet.data, 0), number, sealed));
      const reported = packetFrame(bench.probe.device, Index.pump, Command.exec, packet.data).slice();
      bench.probe.frame(reported);
      const reactions = (await bench.probe.echo()).filter((each) => !sameBytes(each.data, packet.data));
      must(reactions.length === 0, `the pump answers ${packetsText(reactions)}`);
      await mustGoOn(login, session);
    },
  },
];

const requests: readonly Row[] = [
  {
    id: "malformed", requirement: "LINK-2", text: "A request that is not exactly its fields is refused, and so is an unknown operation.",
    run: async (bench) => {
      const login = bench.login();
      const session = await login.session();
      for (const [op, raw] of [[Op.status, [0]], [Op.log, [0, 0, 0]], [Op.set_alarms, [1, 2, 3, 4, 5, 6, 7]]] as const) {
        const answer = await login.message(session, op, [], login.opId(), Uint8Array.from(raw));
        must(answer?.fault === Fault.malformed, `operation ${op} with ${raw.length} bytes gives ${answer === undefined ? "no answer" : `fault ${answer.fault}`}`);
      }
      for (const op of [0, Op.status - 1, Ops.last + 1, 65_535]) {
        const answer = await login.message(session, op, [], login.opId(), new Uint8Array(0));
        must(answer?.fault === Fault.unknown_operation, `operation ${op} gives ${answer === undefined ? "no answer" : `fault ${answer.fault}`}`);
      }
    },
  },
  {
    id: "at-most-once", requirement: "PROG-3", text: "The same operation id is done once, in one session and over a new one, with the same answer.",
    run: async (bench) => {
      const login = bench.login();
      const same = await sameAlarms(login);
      const { newest } = await login.run(readLogExtent());
      const op_id = login.opId();
      for (const renewed of [false, false, true]) {
        const session = renewed ? await login.fresh() : await login.session();
        const answer = await login.message(session, Op.set_alarms, same, op_id);
        must(answer?.fault === Fault.ok, `setting the alarms as they are gives ${answer === undefined ? "no answer" : `fault ${answer.fault}`}`);
      }
      let done = 0;
      for (let next: number | undefined = newest + 1; next !== undefined;) {
        const page: LogPage = await login.run(readLogPage(next));
        done += page.records.filter(({ kind, a }) => kind === RecordKind.operation && a === Op.set_alarms).length;
        next = page.next;
      }
      must(done === 1, `it was done ${done} times, as the log says`);
    },
  },
  {
    id: "log-pages", requirement: "LOG-3", text: "Pages of the log can be asked for again and in any order, and have an end.",
    run: async (bench) => {
      const login = bench.login();
      await login.session();
      const { oldest, newest } = await login.run(readLogExtent());
      must(newest >= oldest && oldest > 0, `the log says it has records ${oldest} to ${newest}`);
      const middle = Math.max(oldest, newest - 20);
      const first = await login.run(readLogPage(middle));
      const early = await login.run(readLogPage(oldest));
      const again = await login.run(readLogPage(middle));
      must(first.records.length > 0 && early.records.length > 0, "a page is empty although there are records");
      must(early.records[0]?.number === oldest && first.records[0]?.number === middle, "a page begins at another record than was asked for");
      must(JSON.stringify(again.records.slice(0, first.records.length)) === JSON.stringify(first.records), "the same page has other records the second time");
      const beyond = await login.run(readLogPage(again.newest + 1));
      must(beyond.records.length === 0 && beyond.next === undefined, "behind the newest record there is another page");
    },
  },
];

export const SESSION_ROWS: readonly Row[] = [...opening, ...numbers, ...seals, ...requests];
