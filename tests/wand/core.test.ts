// The wand's core against a pump of another making, over good and bad lines.

import { describe, expect, test } from "vitest";
import { Fault } from "../../hal/faults";
import { Op, Status } from "../../protocol/operations";
import { Command, Role } from "../../protocol/service";
import { patientKey } from "../../protocol/wand/cipher";
import { hexText } from "../../protocol/wand/core/bytes";
import { CALL } from "../../protocol/wand/core/packets";
import { Wand } from "../../protocol/wand/core/wand";
import { Problem } from "../../protocol/wand/problems";
import { filling } from "../firmware/prescribe";
import { FakePump } from "./fake-pump";
import { Deframer, packetsIn } from "./fake-wire";
import { KEY, Pair } from "./pair";

const status = { kind: "operate", op: Op.status, args: [] } as const;
const refill = { kind: "operate", op: Op.refill, args: filling(18_000_000, 2000) } as const;
const provisioned = (): FakePump => new FakePump({ key: KEY });

describe("a good line", () => {
  test("the call is the one of SESSION.md", () => {
    expect(hexText(CALL)).toBe("b16e04454a1af618aaaaaaaa003d8100");
  });

  test("an operation wakes the pump, opens a session and is answered; the next one uses it", () => {
    const pair = new Pair(provisioned());
    expect(pair.do(status)).toMatchObject({ kind: "answer", fault: Fault.ok });
    expect(pair.wand.session).toMatchObject({ role: Role.clinician, session: pair.pump.session?.session, device: hexText(pair.pump.id) });
    const frames = pair.sent.length;
    expect(frames).toBe(3);
    const result = pair.do(refill);
    expect(result).toMatchObject({ kind: "answer", fault: Fault.ok, values: [] });
    expect(pair.sent.length).toBe(frames + 1);
    const after = pair.do(status);
    expect(after.kind === "answer" && after.values[Status.remaining_pL]).toBe(18_000_000_000);
  });

  test("a refusal is an answer", () => {
    expect(new Pair(provisioned()).do({ ...refill, args: filling(18_000_000, 123) })).toMatchObject({ kind: "answer", fault: Fault.concentration_unknown, values: [] });
  });

  test("a stranger sees the open registers and nothing else", () => {
    const pair = new Pair(provisioned());
    expect(pair.do({ kind: "look" })).toEqual({
      kind: "pump", device: hexText(pair.pump.id), protocol_version: 1, provisioned: true, description: "fake pump", product: 0x3a6f3c52, firmware: "0.0.1-fake",
    });
    expect(pair.pump.session).toBeUndefined();
  });

  test("a patient may see the state and not change the therapy", () => {
    const pair = new Pair(provisioned(), { role: Role.patient, key: patientKey(KEY) });
    expect(pair.do(status)).toMatchObject({ kind: "answer", fault: Fault.ok });
    expect(pair.do(refill)).toMatchObject({ kind: "answer", fault: Fault.not_permitted });
  });

  test("close ends the session and the pump sleeps; the next operation wakes it under a new name", () => {
    const pair = new Pair(provisioned());
    pair.do(status);
    const name = hexText(pair.pump.id);
    expect(pair.do({ kind: "close", wait: true })).toEqual({ kind: "done" });
    expect(pair.pump.awake).toBe(false);
    expect(pair.wand.session).toBeUndefined();
    expect(pair.do(status).kind).toBe("answer");
    expect(hexText(pair.pump.id)).not.toBe(name);
  });

  test("a close that is not awaited is done when it has left", () => {
    const pair = new Pair(provisioned());
    pair.do(status);
    const before_us = pair.now_us;
    expect(pair.do({ kind: "close", wait: false })).toEqual({ kind: "done" });
    expect(pair.now_us).toBe(before_us);
    pair.pass(10_000);
    expect(pair.pump.awake).toBe(false);
  });

  test("good-bye sends a pump without a session to sleep", () => {
    const pair = new Pair(provisioned());
    pair.do({ kind: "look" });
    expect(pair.pump.awake).toBe(true);
    expect(pair.do({ kind: "goodbye" })).toEqual({ kind: "done" });
    pair.pass(10_000);
    expect(pair.pump.awake).toBe(false);
  });

  test("with a turnaround, frames leave at its multiples only", () => {
    const pair = new Pair(provisioned(), { turnaround_us: 50_000 });
    pair.do(status);
    pair.pass(1234);
    pair.do(refill);
    const [first = { at_us: 0 }] = pair.sent;
    expect(pair.sent.length).toBe(4);
    for (const { at_us } of pair.sent) expect((at_us - first.at_us) % 50_000).toBe(0);
    expect(new Set(pair.sent.map(({ at_us }) => at_us)).size).toBe(4);
  });

  test("one order at a time", () => {
    const pair = new Pair(provisioned());
    pair.wand.begin(0, status);
    expect(() => { pair.wand.begin(0, status); }).toThrow("one at a time");
  });

  test("a value that does not fit its field is not sent", () => {
    for (const args of [filling(-1, 2000), filling(1.5, 2000), filling(2 ** 32, 2000), [1], [...filling(1, 2000), 3]]) {
      const pair = new Pair(provisioned());
      expect(pair.do({ ...refill, args })).toMatchObject({ kind: "failed", problem: Problem.value_does_not_fit });
      expect(pair.sent.length).toBe(0);
    }
  });

  test("raw bytes go as they are", () => {
    const pair = new Pair(provisioned());
    expect(pair.do({ ...refill, raw: Uint8Array.of(1, 2, 3) })).toMatchObject({ kind: "answer", fault: Fault.malformed });
    expect(pair.do({ kind: "operate", op: 77 as Op, args: [], raw: new Uint8Array(0) })).toMatchObject({ kind: "answer", fault: Fault.unknown_operation });
  });
});

describe("provisioning", () => {
  test("gives the key; afterwards a session opens with it", () => {
    const pair = new Pair(new FakePump());
    expect(pair.do(status)).toMatchObject({ kind: "failed", problem: Problem.not_provisioned });
    expect(pair.do({ kind: "provision", key: KEY })).toEqual({ kind: "done" });
    expect(pair.do(status).kind).toBe("answer");
  });

  test("the same key again is no error, since its answer may have been lost; another one is", () => {
    const pair = new Pair(provisioned());
    expect(pair.do({ kind: "provision", key: KEY })).toEqual({ kind: "done" });
    expect(pair.do({ kind: "provision", key: KEY.slice().reverse() })).toMatchObject({ kind: "failed", problem: Problem.already_provisioned });
    expect(pair.pump.logins_failed).toBe(0);
  });

  test("is done although every first answer is lost", () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const pair = new Pair(new FakePump({ seed }), { seed, faults: { loss: 400 }, give_up_us: 20_000_000 });
      expect(pair.do({ kind: "provision", key: KEY })).toEqual({ kind: "done" });
      expect(pair.pump.key).toEqual(Buffer.from(KEY));
    }
  });
});

describe("what can be wrong", () => {
  test("nobody answers", () => {
    const pair = new Pair(provisioned());
    pair.cut = "both ways";
    expect(pair.do(status)).toMatchObject({ kind: "failed", problem: Problem.no_answer });
    expect(pair.now_us).toBe(3_000_000);
  });

  test("bytes come that are no frames", () => {
    const pair = new Pair(provisioned());
    pair.cut = "both ways";
    expect(pair.do(status, () => { pair.wand.receive(pair.now_us, Uint8Array.of(0xf8, 0x80, 0x00, 0x1e)); })).toMatchObject({ problem: Problem.garbage_on_line });
  });

  test("the key is another one: the wand sends nothing sealed, and no login has failed", () => {
    const pair = new Pair(provisioned(), { key: KEY.slice().reverse() });
    expect(pair.do(status)).toMatchObject({ kind: "failed", problem: Problem.wrong_key_or_pump });
    expect(pair.pump.logins_failed).toBe(0);
  });

  test("a wand that goes on all the same fails to log in, and after five times is told to wait", () => {
    const pair = new Pair(provisioned(), { key: KEY.slice().reverse(), lenient: true });
    for (let i = 0; i < 5; i += 1) expect(pair.do(status)).toMatchObject({ kind: "failed", problem: Problem.login_failed });
    expect(pair.do(status)).toMatchObject({ kind: "failed", problem: Problem.backing_off, wait_ms: expect.any(Number) as number });
  });

  test("the pump speaks another version", () => {
    const pair = new Pair(new FakePump({ key: KEY, version: 2 }));
    expect(pair.do(status)).toMatchObject({ problem: Problem.old_version });
    expect(new Pair(new FakePump({ version: 2 })).do({ kind: "provision", key: KEY })).toMatchObject({ problem: Problem.old_version });
  });

  test("the pump's storage fails its key", () => {
    expect(new Pair(new FakePump({ key: KEY, defects: ["key_lost"] })).do(status)).toMatchObject({ problem: Problem.key_lost });
    expect(new Pair(new FakePump({ defects: ["key_not_stored"] })).do({ kind: "provision", key: KEY })).toMatchObject({ problem: Problem.key_not_stored });
  });

  test("the wand has no key", () => {
    const wand = new Wand({ random: (count) => new Uint8Array(count), role: Role.clinician });
    wand.begin(0, status);
    expect(wand.result).toMatchObject({ kind: "failed", problem: Problem.no_key });
    expect(wand.take()).toBeUndefined();
  });

  test("an operation that was sent and not answered is in doubt, and can be tried again under its id", () => {
    const pair = new Pair(provisioned());
    pair.do(status);
    pair.cut = "from the pump";
    const lost = pair.do(refill);
    pair.cut = "nowhere";
    expect(lost).toMatchObject({ kind: "failed", problem: Problem.interrupted_unknown, op_id: expect.any(BigInt) as bigint });
    expect(pair.wand.session).toBeUndefined();
    const op_id = lost.kind === "failed" ? (lost.op_id ?? 0n) : 0n;
    expect(pair.do({ ...refill, op_id })).toMatchObject({ kind: "answer", fault: Fault.ok });
    expect(pair.pump.executed).toEqual([op_id]);
  });

  test("a read without an answer leaves no doubt behind", () => {
    const pair = new Pair(provisioned());
    pair.do(status);
    pair.cut = "both ways";
    expect(pair.do(status)).toMatchObject({ problem: Problem.no_answer });
  });

  test("forget gives up what is in hand", () => {
    const pair = new Pair(provisioned());
    pair.do(status);
    pair.wand.begin(pair.now_us, refill);
    pair.wand.forget();
    expect(pair.wand.result).toMatchObject({ kind: "failed", problem: Problem.interrupted_unknown });
    expect(pair.wand.next_us).toBeUndefined();
    expect(pair.do(refill).kind).toBe("answer");
  });
});

describe("a session that the pump has lost", () => {
  test("by a reset: the operation is done in a new one, once", () => {
    const pair = new Pair(provisioned());
    pair.do(status);
    pair.pump.reset();
    expect(pair.do(refill)).toMatchObject({ kind: "answer", fault: Fault.ok });
    expect(pair.pump.executed.length).toBe(1);
  });

  test("by sleep", () => {
    const pair = new Pair(provisioned());
    pair.do(status);
    pair.pass(200_000_000);
    expect(pair.pump.awake).toBe(false);
    const before_us = pair.now_us;
    expect(pair.do(status).kind).toBe("answer");
    // It knew, and called at once.
    expect(pair.now_us - before_us).toBeLessThan(100_000);
  });

  test("to another wand", () => {
    const pair = new Pair(provisioned());
    pair.do(status);
    const other = new Pair(pair.pump, { seed: 5 });
    other.now_us = pair.now_us;
    expect(other.do(status).kind).toBe("answer");
    pair.now_us = other.now_us;
    expect(pair.do(refill)).toMatchObject({ kind: "answer", fault: Fault.ok });
  });
});

/** Two messages under one session and number would undo AES-CCM: a number is only ever used again for the very same bytes. */
function expectNoNonceTwice(pair: Pair): void {
  const sealed = new Map<string, string>();
  const hellos = new Set<string>();
  for (const { bytes } of pair.sent) {
    const [frame] = new Deframer().take(bytes);
    for (const { code, data } of frame === undefined ? [] : packetsIn(frame)) {
      if (code === Command.hello) hellos.add(data.toString("hex"));
      if (code !== Command.exec) continue;
      const place = data.subarray(0, 8).toString("hex");
      expect(sealed.get(place) ?? data.toString("hex")).toBe(data.toString("hex"));
      sealed.set(place, data.toString("hex"));
    }
  }
  expect(sealed.size).toBeGreaterThan(100);
  expect(hellos.size).toBeGreaterThan(0);
}

describe("a bad line", () => {
  test.each([
    ["30 % loss", { loss: 300 }],
    ["duplicates", { duplicate: 500 }],
    ["another order", { reorder: 300 }],
    ["flipped bits", { flip: 300 }],
    ["all of it", { loss: 300, duplicate: 200, reorder: 100, flip: 50 }],
  ])("1000 commands over %s are done exactly 1000 times", (_what, faults) => {
    const pair = new Pair(provisioned(), { faults, give_up_us: 60_000_000, seed: 7 });
    const ids: bigint[] = [];
    for (let i = 0; i < 1000; i += 1) {
      const result = pair.do({ ...refill, args: filling(1_000_000 + i, 2000) });
      expect(result).toMatchObject({ kind: "answer", fault: Fault.ok });
      if (result.kind === "answer") ids.push(result.op_id);
      if (i % 100 === 50) pair.pump.reset();
      expect(pair.pump.therapy.fill_nL).toBe(1_000_000 + i);
    }
    expect(pair.pump.executed).toEqual(ids);
    expectNoNonceTwice(pair);
  });

  test("an order is either answered or given up, and nothing is done twice, on a line that loses two of three", () => {
    const pair = new Pair(provisioned(), { faults: { loss: 600, duplicate: 300, reorder: 300 }, seed: 3 });
    let given_up = 0;
    for (let i = 0; i < 200; i += 1) if (pair.do(refill).kind === "failed") given_up += 1;
    expect(given_up).toBeGreaterThan(0);
    expect(given_up).toBeLessThan(200);
    expect(new Set(pair.pump.executed).size).toBe(pair.pump.executed.length);
    expectNoNonceTwice(pair);
  });
});

describe("frames that are not for the wand", () => {
  test("its own frames, reflected, and another session's answers change nothing", () => {
    const pair = new Pair(provisioned());
    pair.do(status);
    const [last] = pair.heard.slice(-1);
    pair.wand.begin(pair.now_us, refill);
    const sent = pair.wand.take();
    for (const bytes of [sent, last]) if (bytes !== undefined) pair.wand.receive(pair.now_us, bytes);
    expect(pair.wand.result).toBeUndefined();
    if (sent !== undefined) pair.pump.receive(Math.floor(pair.now_us / 1000), sent);
    const answer = pair.pump.take();
    if (answer !== undefined) pair.wand.receive(pair.now_us, answer);
    expect(pair.wand.result).toMatchObject({ kind: "answer", fault: Fault.ok });
  });

  test("no bit of an answer can be flipped", () => {
    const pair = new Pair(provisioned());
    pair.do(status);
    pair.wand.begin(pair.now_us, status);
    const sent = pair.wand.take() ?? new Uint8Array(0);
    pair.pump.receive(Math.floor(pair.now_us / 1000), sent);
    const answer = pair.pump.take() ?? new Uint8Array(0);
    expect(answer.length).toBeGreaterThan(100);
    for (let bit = 0; bit < answer.length * 8; bit += 1) {
      const flipped = Uint8Array.from(answer);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      pair.wand.receive(pair.now_us, flipped);
      expect(pair.wand.result, `bit ${bit}`).toBeUndefined();
    }
    pair.wand.receive(pair.now_us, answer);
    expect(pair.wand.result).toMatchObject({ kind: "answer", fault: Fault.ok });
  });

  test("other pumps on the same line are passed over", () => {
    const pair = new Pair(provisioned(), { give_up_us: 10_000_000 });
    const stranger = new FakePump({ key: KEY.slice().reverse(), seed: 99 });
    const result = pair.do(status, () => {
      const now_ms = Math.floor(pair.now_us / 1000);
      for (const { bytes } of pair.sent.splice(0)) stranger.receive(now_ms, bytes);
      stranger.wake(now_ms);
      for (let bytes = stranger.take(); bytes !== undefined; bytes = stranger.take()) pair.wand.receive(pair.now_us, bytes);
    });
    expect(result.kind).toBe("answer");
  });
});
