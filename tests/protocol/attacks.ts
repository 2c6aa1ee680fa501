// Attacks at the front door: each says what it achieved, if anything.

import { Fault } from "../../hal/faults";
import { FrameAt, Index } from "../../protocol/frames";
import { Op, Review, Status } from "../../protocol/operations";
import { Command, Role } from "../../protocol/service";
import { State } from "../../protocol/states";
import { CALL, commandFrame } from "../../protocol/wand/core/packets";
import { requestBytes } from "../../protocol/wand/core/messages";
import { sealRequest } from "../../protocol/wand/core/session";
import { execFrame, helloFrame, provisionFrame } from "../../protocol/wand/core/stage";
import { Source } from "../../hal/controller";
import type { ControllerFactory } from "../../hal/controller";
import { daily, stagingOf } from "../firmware/prescribe";
import { Door, Session } from "./door";

export interface Attack {
  readonly what: string;
  /** True if it got what it wanted of a pump in therapy whose link is awake. */
  readonly run: (door: Door) => boolean;
}

const STOP = requestBytes(1n, Op.stop, [1])!;

/** A session in which a message has been answered. */
function opened(door: Door, role = Role.clinician): Session {
  const session = door.session(role);
  if (session.ask(Op.status)?.fault !== Fault.ok) throw new Error("no session to attack");
  return session;
}

/** Whether therapy was stopped, as the owner of the key sees it. */
function stopped(door: Door): boolean {
  return door.session().ask(Op.status)?.values[Status.state] !== State.therapy;
}

/** Stages a prescription in a session, with all of its messages or but for the last. */
function stage(session: Session, prescription: readonly number[], messages = Infinity): void {
  for (const [op, args] of stagingOf(prescription).slice(0, messages)) session.ask(op, args);
}

/** A wrong login; false if hello was refused. */
function wrongLogin(door: Door): boolean {
  const keys = door.hello(Role.clinician, new Uint8Array(32).fill(8));
  if (typeof keys === "number") return false;
  door.frame(new Session(door, keys).request(Op.stop, [1]));
  return true;
}

/** Therapy of another rate than the door's pump has, after a pulse's time. */
const changed = (session: Session): boolean => session.ask(Op.status)?.values[Status.version] !== 1;

export const ATTACKS: readonly Attack[] = [
  {
    what: "a message with anything for a seal",
    run: (door) => {
      const session = opened(door);
      door.frame(execFrame(door.device, session.keys.session, 2, Uint8Array.of(...STOP, ...door.random(16))));
      const sealed = Array.from(sealRequest(session.keys, 2, STOP));
      sealed[10]! ^= 1;
      door.frame(execFrame(door.device, session.keys.session, 2, Uint8Array.from(sealed)));
      return door.session().ask(Op.link_counts)!.values[3] === 0 || stopped(door);
    },
  },
  {
    what: "a login with anything for a seal",
    run: (door) => {
      const keys = door.hello();
      if (typeof keys === "number") throw new Error("hello refused");
      return door.frame(execFrame(door.device, keys.session, 1, Uint8Array.of(...STOP, ...door.random(16)))).some(({ code }) => code === Command.exec);
    },
  },
  {
    what: "an old message of the session, and one ahead",
    run: (door) => {
      const session = opened(door);
      const old = session.request(Op.status);
      session.ask(Op.link_counts);
      session.ask(Op.link_counts);
      return [old, session.request(Op.status, [], session.number + 2)].some((frame) => door.frame(frame).length > 0);
    },
  },
  {
    what: "the last message again, to have it done twice",
    run: (door) => {
      const session = opened(door);
      const frame = session.request(Op.set_clock, [1_767_571_200_000, 0]);
      const first = door.frame(frame);
      const again = door.frame(frame);
      return JSON.stringify(first) !== JSON.stringify(again);
    },
  },
  {
    what: "a hello of a stranger's, to cut the clinician off",
    run: (door) => {
      const session = opened(door);
      door.frame(helloFrame(door.device, Role.clinician, door.random(16)));
      return session.ask(Op.status) === undefined;
    },
  },
  { what: "six guesses at the key", run: (door) => Array.from({ length: 6 }, () => wrongLogin(door)).every((tried) => tried) },
  {
    what: "another version of the protocol",
    run: (door) => {
      const data = Array.from(helloFrame(door.device, Role.clinician, door.random(16))).slice(FrameAt.packets + 4);
      data[0] = 0;
      return door.frame(commandFrame(door.device, [{ index: Index.pump, code: Command.hello, data }]))[0]?.code === Command.hello;
    },
  },
  { what: "another key for a pump that has one", run: (door) => door.frame(provisionFrame(door.device, door.random(32)))[0]?.code === Command.provision },
  {
    what: "talking to a pump that sleeps",
    run: (door) => {
      door.wait(5000);
      return door.frame(commandFrame(door.device, [{ index: 1, code: 0x1180, data: [] }])).length > 0;
    },
  },
  { what: "a frame for another pump", run: (door) => door.frame(commandFrame([9, 9, 9, 9, 9, 9, 9, 9], [{ index: 1, code: 0x1180, data: [] }])).length > 0 },
  {
    what: "a flipped bit under the check value",
    run: (door) => {
      const frame = Array.from(commandFrame(door.device, [{ index: 1, code: 0x1180, data: [] }]));
      frame[FrameAt.packets + 2]! ^= 1;
      return door.frame(frame).length > 0;
    },
  },
  {
    what: "knowing a pump again by its device id",
    run: (door) => {
      const before = door.device.join();
      door.wait(5000);
      door.call();
      return door.device.join() === before;
    },
  },
  {
    what: "calling it all day long",
    run: (door) => {
      let calls = 0;
      for (let n = 0; n < 30; n++) {
        door.wait(6000);
        if (door.frame(CALL).length > 0) calls += 1;
      }
      return calls > 10;
    },
  },
  {
    what: "a session that was left open",
    run: (door) => {
      const session = opened(door);
      door.wait(181_000);
      return session.ask(Op.status) !== undefined;
    },
  },
  { what: "the patient's key to stop therapy", run: (door) => opened(door, Role.patient).ask(Op.stop, [1])?.fault === Fault.ok },
  {
    what: "the same command in a new session, to have it done twice",
    run: (door) => {
      opened(door).ask(Op.stop, [1], 7n);
      opened(door).ask(Op.start, [0], 8n);
      return opened(door).ask(Op.stop, [1], 7n) === undefined || stopped(door);
    },
  },
  {
    what: "the answer that another role got",
    run: (door) => {
      opened(door).ask(Op.acknowledge, [5, 0], 7n);
      return opened(door, Role.patient).ask(Op.acknowledge, [99, 0], 7n)?.fault !== Fault.malformed;
    },
  },
  {
    what: "a power cut right behind the answer",
    run: (door) => {
      const session = opened(door);
      const frame = session.request(Op.stop, [1]);
      session.number += 1;
      const { desk } = door;
      // As `Door.feed`, but storage is not done.
      const line = [0xfe, 0xfc, ...frame.flatMap((byte) => (byte === 0xfe ? [0xfe, 0xf8] : [byte])), 0xfe, 0xfd];
      for (let i = 0; i < line.length; i += 64) door.controller.received(door.now_ms, line.slice(i, i + 64), Math.min(64, line.length - i));
      const answered = desk.sent.length > 0;
      for (; desk.posted > 0; desk.posted--) door.controller.event(door.now_ms, Source.storage, 0, 0);
      return answered;
    },
  },
  {
    what: "committing what nobody reviewed",
    run: (door) => {
      const session = opened(door);
      stage(session, daily(0, 600_000));
      session.ask(Op.commit, [1, 12_345, 600_000, 0, 0]);
      return changed(session);
    },
  },
  {
    what: "committing against a prescription that is no longer in force",
    run: (door) => {
      const session = opened(door);
      stage(session, daily(0, 600_000));
      const review = session.ask(Op.review)!.values;
      session.ask(Op.commit, [0, review[Review.hash]!, 600_000, 0, 0]);
      return changed(session);
    },
  },
  {
    what: "committing half of a prescription",
    run: (door) => {
      const session = opened(door);
      const steps = Array.from({ length: 20 }, (_, n) => [n * 60, 600_000]).flat();
      stage(session, daily(...steps), 2);
      const review = session.ask(Op.review);
      return review?.fault === Fault.ok || review?.fault !== Fault.nothing_staged;
    },
  },
  {
    what: "committing what another session staged",
    run: (door) => {
      stage(opened(door), daily(0, 600_000));
      const session = opened(door);
      const review = session.ask(Op.review);
      if (review?.fault !== Fault.ok) return false;
      session.ask(Op.commit, [1, review.values[Review.hash]!, 600_000, 0, 0]);
      return changed(session);
    },
  },
];

/** The first of the attacks that this controller lets in, or that it breaks under; undefined if it withstands them all. */
export function firstOpenDoor(controller: ControllerFactory, attacks = ATTACKS): string | undefined {
  for (const { what, run } of attacks) {
    try {
      const door = new Door(controller);
      door.call();
      if (run(door)) return what;
    } catch (error) {
      return `${what}: ${error instanceof Error ? error.message : String(error)}`;
    }
  }
  return undefined;
}
