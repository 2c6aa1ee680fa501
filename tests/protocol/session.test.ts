// The session from outside: replay, reflection, wrong keys, at most once.

import { describe, expect, it } from "vitest";
import { createController } from "../../firmware/controller";
import { ResetCause } from "../../hal/controller";
import { Fault } from "../../hal/faults";
import { FrameAt, Index } from "../../protocol/frames";
import { getU16, getU32 } from "../../protocol/integers";
import { LinkCounts, Op, Status } from "../../protocol/operations";
import { RecordKind } from "../../protocol/records";
import { Command, Role } from "../../protocol/service";
import { State } from "../../protocol/states";
import { CALL, GOODBYE, announcesPump, commandFrame, reportsOf } from "../../protocol/wand/core/packets";
import { Direction, messageNonce, sealRequest } from "../../protocol/wand/core/session";
import { requestBytes } from "../../protocol/wand/core/messages";
import { execFrame, helloFrame, provisionFrame } from "../../protocol/wand/core/stage";
import { createUnframer, takeByte } from "../../protocol/usb";
import { Bench, DEFAULT_UNIT, setUpOf } from "../../emulator/bench";
import { Part } from "../../firmware/state";
import { open, seal } from "../../protocol/wand/cipher";
import { filling } from "../firmware/prescribe";
import { Door, KEY, Session, marked } from "./door";
import type { Heard } from "../../protocol/wand/core/packets";

/** A door with a session in which one message has been answered; another number of hellos before it makes another pump of it. */
function begin(role = Role.clinician, hellos = 0): { door: Door; session: Session } {
  const door = new Door();
  door.call();
  for (let n = 0; n < hellos; n++) door.hello(role);
  const session = door.session(role);
  expect(session.ask(Op.status)?.fault).toBe(Fault.ok);
  return { door, session };
}

/** The reason of what the pump refused in the open, 0 if it said nothing. */
const refusal = (heard: readonly Heard[]): number => (heard[0]?.code === Command.refused ? getU16(heard[0].data, 2) : 0);

/** Records of a kind, as "a b c". */
function records(door: Door, kind: RecordKind): string[] {
  return door.desk.notes.map((note) => note.split(" ")).filter(([word, , of]) => word === "record" && of === String(kind)).map((words) => words.slice(3).join(" "));
}

describe("replay (LINK-2b)", () => {
  it("in the same session: the last message is answered again with the same bytes and not done again, an older one is dropped", () => {
    const { door, session } = begin();
    const stop = session.request(Op.stop, [1]);
    const first = door.frame(stop);
    session.number += 1;
    const before = door.state();
    expect(door.frame(stop)).toEqual(first);
    expect(session.ask(Op.status)?.values[Status.state]).toBe(State.stopped);
    expect(door.frame(stop)).toEqual([]);
    expect(door.state()).toBe(before);
    expect(session.ask(Op.link_counts)!.values).toEqual(expect.objectContaining({ [LinkCounts.repeats]: 1, [LinkCounts.messages_refused]: 1 }));
  });

  it("in a later session, after a sleep and after a reset: nothing of it is done", () => {
    const { door, session } = begin();
    const stop = session.request(Op.stop, [1]);
    const other = door.session();
    expect(other.ask(Op.status)?.fault).toBe(Fault.ok);
    const before = door.state();
    expect(refusal(door.frame(stop))).toBe(Fault.no_session);

    expect(other.ask(Op.close)?.fault).toBe(Fault.ok);
    door.wait(1000);
    door.call();
    // The device id is another one now: the old frame is not for this pump any more; with the new id in it, its session is unknown.
    expect(door.frame(stop)).toEqual([]);
    const readdressed = execFrame(door.device, session.keys.session, 2, sealRequest(session.keys, 2, requestBytes(1n, Op.stop, [1])!));
    expect(refusal(door.frame(readdressed))).toBe(Fault.no_session);
    expect(door.state()).toBe(before);

    const after = createController(door.desk.board);
    after.boot(door.now_ms, ResetCause.watchdog, 0, 0);
    Object.assign(door, { controller: after });
    door.desk.notes.length = 0;
    door.call();
    const rebooted = door.state();
    expect(refusal(door.frame(execFrame(door.device, session.keys.session, 2, sealRequest(session.keys, 2, requestBytes(2n, Op.stop, [1])!))))).toBe(Fault.no_session);
    expect(door.state()).toBe(rebooted);
    expect(door.session().ask(Op.status)?.values[Status.state]).toBe(State.therapy);
  });

  it("a recorded hello opens nothing: the recorded login does not fit the fresh nonce", () => {
    const { door } = begin();
    const nonce = door.random(16);
    const hello = helloFrame(door.device, Role.clinician, nonce);
    door.frame(hello);
    door.frame(hello);
    const recorded = door.session();
    const login = recorded.request(Op.stop, [1]);
    const before = door.state();
    const [answer] = door.frame(hello);
    const session = getU32(answer!.data, 0);
    expect(refusal(door.frame(execFrame(door.device, session, 1, Uint8Array.from(login.slice(FrameAt.packets + 12)))))).toBe(Fault.login_failed);
    expect(door.state()).toBe(before);
  });
});

describe("reflection and mix-ups (LINK-2b)", () => {
  it("the pump's own answer sent back to it, as a message of either number, is refused", () => {
    const { door, session } = begin();
    const frame = session.request(Op.status);
    session.number += 1;
    const answer = door.frame(frame)[0]!;
    const before = door.state();
    for (const number of [session.number, session.number + 1]) {
      expect(session.answerIn(door.frame(execFrame(door.device, session.keys.session, number, Uint8Array.from(answer.data.slice(8)))), Op.status)?.fault).toBe(number === session.number ? Fault.ok : undefined);
    }
    // A message sealed with the key of the other direction, nonce and all.
    const sealed = seal(session.keys.from_pump, messageNonce(Direction.from_pump, session.keys.session, session.number + 1), requestBytes(9n, Op.stop, [1])!);
    expect(door.frame(execFrame(door.device, session.keys.session, session.number + 1, sealed))).toEqual([]);
    expect(door.state()).toBe(before);
    expect(session.ask(Op.status)?.values[Status.state]).toBe(State.therapy);
  });

  it("another pump's session, the right number with another's session, and numbers ahead are refused", () => {
    const { door, session } = begin();
    const { session: elsewhere } = begin(Role.clinician, 3);
    const before = door.state();
    const message = requestBytes(5n, Op.stop, [1])!;
    expect(refusal(door.frame(execFrame(door.device, elsewhere.keys.session + 1, 2, sealRequest(elsewhere.keys, 2, message))))).toBe(Fault.no_session);
    const foreign = { ...elsewhere.keys, session: session.keys.session };
    expect(door.frame(execFrame(door.device, session.keys.session, 2, sealRequest(foreign, 2, message)))).toEqual([]);
    for (const number of [0, 3, 4_294_967_295]) expect(door.frame(execFrame(door.device, session.keys.session, number, sealRequest(session.keys, number, message)))).toEqual([]);
    expect(door.state()).toBe(before);
    expect(session.ask(Op.status)?.fault).toBe(Fault.ok);
  });

  it("every bit of what is sealed, and of session and number, with the check value made right again (LINK-1a)", () => {
    const { door, session } = begin();
    const frame = session.request(Op.stop, [1]);
    const data = frame.slice(FrameAt.packets + 4);
    const before = door.state();
    for (let bit = 0; bit < data.length * 8; bit++) {
      const flipped = data.map((byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
      const heard = door.frame(commandFrame(door.device, [{ index: Index.pump, code: Command.exec, data: flipped }]));
      expect([bit, heard.some(({ code }) => code === Command.exec && bit >= 64)]).toEqual([bit, false]);
    }
    expect(door.state()).toBe(before);
    session.number += 1;
    expect(session.answerIn(door.frame(frame), Op.stop)?.fault).toBe(Fault.ok);
  });
});

describe("downgrade (LINK-1e)", () => {
  it("another version is refused, and the version is part of the keys", () => {
    const { door, session } = begin();
    const before = door.state();
    for (const version of [0, 2, 0xffff]) {
      const hello = Array.from(helloFrame(door.device, Role.clinician, door.random(16))).slice(FrameAt.packets + 4);
      hello[0] = version & 255;
      hello[1] = version >> 8;
      expect(refusal(door.frame(commandFrame(door.device, [{ index: Index.pump, code: Command.hello, data: hello }])))).toBe(Fault.version_unknown);
    }
    expect(door.state()).toBe(before);
    expect(session.ask(Op.status)?.fault).toBe(Fault.ok);
  });

  it("roles that do not exist, and a hello that is too short or too long, are no hello", () => {
    const { door } = begin();
    for (const data of [[1, 0, 0, ...new Array<number>(16).fill(1)], [1, 0, 3, ...new Array<number>(16).fill(1)], new Array<number>(18).fill(1), new Array<number>(20).fill(1), []]) {
      expect(door.frame(commandFrame(door.device, [{ index: Index.pump, code: Command.hello, data }]))).toMatchObject([{ code: 3 }]);
    }
  });
});

/** A login with a key that is not the pump's; gives the reason of the refusal. */
function wrongLogin(door: Door): number {
  const keys = door.hello(Role.clinician, new Uint8Array(32).fill(8));
  if (typeof keys === "number") return keys;
  return refusal(door.frame(new Session(door, keys).request(Op.stop, [1])));
}

describe("the announced device id (LINK-1c)", () => {
  it("is another one at every wake", () => {
    const door = new Door();
    const seen = new Set<string>();
    for (let n = 0; n < 5; n++) {
      door.call();
      seen.add(door.device.join());
      door.wait(10_000); // nobody logs in, so it falls asleep
    }
    expect(seen.size).toBe(5);
  });
});

describe("wrong logins (LINK-3c)", () => {
  it("five in a row, and hello is refused for 60 s, then for twice as long with each one more, up to an hour; a login clears it", () => {
    const { door, session } = begin();
    const before = door.state();
    expect(session.ask(Op.close)?.fault).toBe(Fault.ok);
    door.call();
    for (let n = 0; n < 5; n++) expect(wrongLogin(door)).toBe(Fault.login_failed);
    expect(records(door, RecordKind.logins_refused)).toEqual(["5 60000 0"]);
    door.frame(GOODBYE); // so that the wakes without a login do not use up their allowance
    for (const back_off_ms of [60_000, 120_000, 240_000, 480_000, 960_000, 1_920_000, 3_600_000, 3_600_000]) {
      expect(door.hello()).toBe(Fault.backing_off);
      door.wait(back_off_ms - 1);
      door.call();
      expect(door.hello()).toBe(Fault.backing_off);
      door.wait(1);
      expect(wrongLogin(door)).toBe(Fault.login_failed);
      door.frame(GOODBYE);
    }
    expect(records(door, RecordKind.logins_refused).at(-1)).toBe("11 3600000 0");
    door.wait(3_600_000);
    door.call();
    expect(door.session().ask(Op.status)?.fault).toBe(Fault.ok);
    expect(records(door, RecordKind.login).at(-1)).toBe("1 13 0");
    for (let n = 0; n < 4; n++) expect(wrongLogin(door)).toBe(Fault.login_failed);
    expect(door.session().ask(Op.status)?.fault).toBe(Fault.ok);
    const prescribed = (state: string): unknown => (JSON.parse(state) as unknown[])[1];
    expect(prescribed(door.state())).toEqual(prescribed(before));
  });

  it("a session that is open goes on meanwhile, and a hello that is not proven does not end it (LINK-3b)", () => {
    const { door, session } = begin();
    for (let n = 0; n < 6; n++) wrongLogin(door);
    expect(session.ask(Op.status)?.fault).toBe(Fault.ok);
    expect(door.hello()).toBe(Fault.backing_off);
    const other = begin();
    other.door.hello();
    expect(other.session.ask(Op.status)?.fault).toBe(Fault.ok);
    const next = other.door.session();
    expect(other.session.ask(Op.status)?.fault).toBe(Fault.ok);
    expect(next.ask(Op.status)?.fault).toBe(Fault.ok);
    expect(refusal(other.door.frame(other.session.request(Op.status)))).toBe(Fault.no_session);
  });

  it("the patient's key opens no clinician's session, and the clinician's own no patient's (LINK-1b)", () => {
    const { door } = begin();
    const keys = door.hello(Role.patient);
    if (typeof keys === "number") throw new Error("refused");
    const clinician = door.hello(Role.clinician);
    if (typeof clinician === "number") throw new Error("refused");
    const forged = execFrame(door.device, clinician.session, 1, sealRequest({ ...keys, session: clinician.session }, 1, requestBytes(1n, Op.stop, [1])!));
    expect(refusal(door.frame(forged))).toBe(Fault.login_failed);
  });
});

describe("the patient's role (LINK-1b)", () => {
  it("may see state and boluses, ask for his own bolus, silence alarms and hear their tones, and nothing else; each refusal is recorded", () => {
    const { door, session } = begin(Role.patient);
    const allowed = new Set([Op.status, Op.acknowledge, Op.link_counts, Op.close, Op.patient_bolus, Op.delivery, Op.prescription_boluses, Op.test_tone]);
    for (const [op, args] of [
      [Op.set_up, setUpOf(DEFAULT_UNIT)], [Op.refill, filling(1, 2000)], [Op.stage, [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]], [Op.stage_steps, [0]], [Op.review, []], [Op.commit, [1, 1, 0, 0, 0]], [Op.start, [0]],
      [Op.stop, [1]], [Op.set_clock, [946_684_800_000, 0]], [Op.acknowledge, [5, 0]], [Op.set_alarms, [4_000_000, 10, 60]], [Op.prescription, [0]], [Op.reservoir, []], [Op.log, [1]], [Op.status, []],
      [Op.stage_timed, [0]], [Op.stage_extra, [0, 0, 0, 0, 0, 0, 0, 0, 0]], [Op.stage_titration, [0]], [Op.stage_refill, [1, 1, 2000, 0, 0, 0, 0]], [Op.bolus, [1000, 1, 0]], [Op.patient_bolus, []],
      [Op.cancel, [1]], [Op.prime_arm, [1000]], [Op.prime, [1]], [Op.delivery, []], [Op.prescription_boluses, []], [Op.prescription_plan, []], [Op.test_tone, [0]], [Op.link_counts, []],
    ] as const) {
      const told = records(door, RecordKind.operation).length;
      const fault = session.ask(op, args)?.fault;
      if (allowed.has(op)) expect([op, fault]).not.toEqual([op, Fault.not_permitted]);
      else expect([op, fault, records(door, RecordKind.operation).slice(told)]).toEqual([op, Fault.not_permitted, [expect.stringMatching(new RegExp(`^${op} ${Fault.not_permitted} `))]]);
    }
    expect(session.ask(Op.status)?.values[Status.state]).toBe(State.therapy);
  });
});

describe("idle", () => {
  it("after 3 min without a good message the session ends, what was staged with it, and the link sleeps (LINK-3a, BATT-3a)", () => {
    const { door, session } = begin();
    expect(session.ask(Op.stage, [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])?.fault).toBe(Fault.ok);
    door.wait(179_999);
    for (let n = 0; n < 10; n++) door.frame(execFrame(door.device, session.keys.session, session.number + 1, door.random(40)));
    expect(session.ask(Op.review)?.fault).toBe(Fault.ok);
    door.wait(180_000);
    expect(door.frame(session.request(Op.status))).toEqual([]);
    door.call();
    const again = door.session();
    expect(again.ask(Op.review)?.fault).toBe(Fault.nothing_staged);
    expect(door.desk.notes.filter((note) => note.startsWith("power")).slice(-3)).toEqual(["power 1", "power 0", "power 1"]);
  });

  it("woken and left alone it sleeps after 5 s, and says nothing any more (BATT-3a)", () => {
    const door = new Door();
    door.call();
    door.wait(4999);
    expect(door.frame(commandFrame(door.device, [{ index: 0, code: 0, data: [] }])).length).toBe(1);
    door.wait(1);
    expect(door.frame(commandFrame(door.device, [{ index: 0, code: 0, data: [] }]))).toEqual([]);
  });

  it("wakes without a login cost at most 1 % of a day's charge; a login is always free (BATT-3b)", () => {
    const door = new Door();
    let awake_ms = 0;
    const day_ms = 86_400_000;
    const end_ms = door.now_ms + day_ms;
    // Somebody calls each 10 s, all day long.
    while (door.now_ms < end_ms) {
      if (door.frame(CALL).length > 0) awake_ms += 5000;
      door.wait(10_000);
    }
    // 1 % of 4 uA for a day at 100 uA are 34.56 s; the allowance of the day before may be used up too.
    expect(awake_ms).toBeLessThanOrEqual(2 * 34_560);
    expect(awake_ms).toBeGreaterThanOrEqual(34_560);
    door.wait(4 * 3_600_000);
    for (let n = 0; n < 300; n++) {
      door.call();
      const session = door.session();
      expect(session.ask(Op.status)?.fault).toBe(Fault.ok);
      expect(session.ask(Op.close)?.fault).toBe(Fault.ok);
      door.wait(200);
    }
  });
});

describe("at most once", () => {
  it("the same operation id in a new session, and after a reset, gets the first answer and does nothing (PROG-3a)", () => {
    const { door, session } = begin();
    expect(session.ask(Op.set_clock, [1_767_571_200_000, 0], 77n)).toEqual({ fault: Fault.ok, values: [expect.any(Number)] });
    const first = session.ask(Op.stop, [3], 78n);
    const before = door.state();
    expect(session.ask(Op.set_clock, [1_999_999_999_999, 0], 77n)?.fault).toBe(Fault.ok);
    const other = door.session();
    expect(other.ask(Op.stop, [3], 78n)).toEqual(first);
    expect(other.ask(Op.start, [0], 78n)).toBeUndefined(); // the answer is that to a stop: not what was asked
    expect(door.state()).toBe(before);
    expect(records(door, RecordKind.operation).filter((text) => text.startsWith(`${Op.stop} `))).toHaveLength(1);
  });

  it("a refusal is remembered like any answer; of each role the last eight are (PROG-3b)", () => {
    const { door, session } = begin();
    expect(session.ask(Op.start, [0], 100n)?.fault).toBe(Fault.not_in_this_state);
    expect(session.ask(Op.stop, [1], 101n)?.fault).toBe(Fault.ok);
    expect(session.ask(Op.start, [0], 100n)?.fault).toBe(Fault.not_in_this_state);
    for (let n = 0n; n < 6n; n++) expect(session.ask(Op.set_clock, [1_767_571_200_000, 0], 200n + n)?.fault).toBe(Fault.ok);
    expect(session.ask(Op.stop, [1], 101n)?.fault).toBe(Fault.ok);
    expect(session.ask(Op.set_clock, [1_767_571_200_000, 0], 300n)?.fault).toBe(Fault.ok);
    expect(session.ask(Op.start, [0], 100n)?.fault).toBe(Fault.ok); // nine answers later it is not known any more
    const patient = door.session(Role.patient);
    expect(patient.ask(Op.acknowledge, [5, 0], 101n)?.fault).toBe(Fault.alarm_not_active);
  });
});

describe("provisioning (LINK-1d)", () => {
  /** A pump as it was made, its link awake. */
  function unprovisioned(): { bench: Bench; ask: (frame: readonly number[]) => Heard[]; device: readonly number[] } {
    const bench = new Bench({ controller: createController, instant: true, wand: false });
    bench.powerOn();
    const u = createUnframer();
    const heard: Heard[] = [];
    bench.line.heard = (bytes) => { for (const byte of bytes) if (takeByte(u, byte)) heard.push(...reportsOf(u.bytes, u.size)!); };
    const ask = (frame: readonly number[]): Heard[] => {
      heard.length = 0;
      bench.line.write(Uint8Array.from(marked(frame)));
      bench.advance_us(10_000);
      return [...heard];
    };
    return { bench, ask, device: ask(CALL).find(announcesPump)!.device };
  }

  it("a pump without a key lets nobody in, takes one key, and answers when it is durable", () => {
    const { ask, device } = unprovisioned();
    expect(refusal(ask(helloFrame(device, Role.clinician, new Uint8Array(16))))).toBe(Fault.not_provisioned);
    expect(ask(provisionFrame(device, KEY))).toMatchObject([{ code: Command.provision, data: [] }]);
    expect(refusal(ask(provisionFrame(device, KEY)))).toBe(Fault.already_provisioned);
    expect(ask(helloFrame(device, Role.clinician, new Uint8Array(16)))).toMatchObject([{ code: Command.hello }]);
  });

  it("one that storage does not take is none: the pump says so, and can be given it again", () => {
    const { bench, ask, device } = unprovisioned();
    bench.inject({ kind: "storage.write_fails" });
    expect(refusal(ask(provisionFrame(device, KEY)))).toBe(Fault.not_stored);
    expect(refusal(ask(helloFrame(device, Role.clinician, new Uint8Array(16))))).toBe(Fault.not_provisioned);
    bench.heal("storage.write_fails");
    expect(ask(provisionFrame(device, KEY))).toMatchObject([{ code: Command.provision, data: [] }]);
  });

  it("one that can no longer be read lets nobody in and is not replaced", () => {
    const { bench, ask, device } = unprovisioned();
    ask(provisionFrame(device, KEY));
    bench.inject({ kind: "storage.damaged", value: Part.key });
    bench.inject({ kind: "processor.reset" });
    bench.advance_us(1_000_000);
    const again = ask(CALL).find(announcesPump)!.device;
    expect(refusal(ask(helloFrame(again, Role.clinician, new Uint8Array(16))))).toBe(Fault.key_lost);
    expect(refusal(ask(provisionFrame(again, KEY)))).toBe(Fault.already_provisioned);
  });
});

describe("events (LINK-5)", () => {
  it("are hints, sent while somebody is logged in, when an alarm comes; the state counts the changes", () => {
    const bench = new Bench({ controller: createController });
    bench.powerOn();
    const u = createUnframer();
    let hints = 0;
    const { heard } = bench.line;
    bench.line.heard = (bytes) => {
      for (const byte of bytes) if (takeByte(u, byte)) hints += reportsOf(u.bytes, u.size)!.filter(({ index, code }) => index === Index.pump && (code & 0x80ff) === 0x8080).length;
      heard(bytes);
    };
    // Filled to the brim of the low alarm: on the shelf it is on record, and muted.
    expect(bench.request(Op.refill, filling(3_000_000, 2000)).fault).toBe(Fault.ok);
    expect(bench.status()[Status.alarm_changes]).toBe(1);
    expect(hints).toBe(1);
    bench.advance_us(1_000_000);
    hints = 0;
    bench.advance_us(1_000_000);
    expect(hints).toBe(0);
  });
});

describe("secrets (LINK-1a)", () => {
  it("nothing that a session tells can be read on the line, and equal requests never look alike", () => {
    const { door, session } = begin();
    const seen = new Set<string>();
    for (let n = 0; n < 50; n++) {
      const frame = session.request(Op.status, [], session.number + 1, 4n);
      session.number += 1;
      const [answer] = door.frame(frame);
      for (const bytes of [frame.slice(FrameAt.packets + 12), answer!.data.slice(8)]) {
        expect(seen.has(bytes.join())).toBe(false);
        seen.add(bytes.join());
      }
      expect(open(session.keys.to_pump, messageNonce(Direction.from_pump, session.keys.session, session.number), Uint8Array.from(answer!.data.slice(8)))).toBeUndefined();
    }
  });

  it("the key is stored and loaded, and no operation tells any of it", () => {
    const { door, session } = begin();
    expect([...door.desk.parts.values()].filter((part) => part.join() === [...KEY].join())).toHaveLength(1);
    for (const op of [Op.status, Op.prescription, Op.reservoir, Op.log, Op.link_counts]) {
      const answer = session.ask(op, op === Op.prescription || op === Op.log ? [0] : []);
      expect(answer?.values.join()).not.toContain([...KEY].slice(0, 8).join());
    }
  });
});
