// The conformance list: a pump that conforms passes, each broken one is found.

import { describe, expect, test } from "vitest";
import { DEFAULT_UNIT, setUpOf } from "../../emulator/bench";
import { createController } from "../../firmware/controller";
import type { Board } from "../../hal/board";
import type { ControllerFactory } from "../../hal/controller";
import { FrameAt } from "../../protocol/frames";
import { Op, Status } from "../../protocol/operations";
import { State } from "../../protocol/states";
import { constantRate } from "../../protocol/wand/procedures/prescription";
import { program } from "../../protocol/wand/procedures/program";
import { createUnframer, takeByte } from "../../protocol/usb";
import { Stream } from "../../emulator/engine/random";
import { drawBytes } from "../../emulator/devices/entropy";
import { Login } from "../../emulator/verify/login";
import { onLine, Probe, reseal } from "../../emulator/verify/probe";
import { NoPump, ROWS, verify } from "../../emulator/verify/verify";
import type { RowResult } from "../../emulator/verify/verify";
import { FakePump } from "../wand/fake-pump";
import type { Defect } from "../wand/fake-pump";
import { filling } from "../firmware/prescribe";
import { benchPump, fakePump, transportTo, VirtualWall } from "./virtual-wall";
import type { LinePump } from "./virtual-wall";

const key = new Uint8Array(32).fill(7);
const all = { provision: true, program: true, slow: true };

function randomOf(seed: number): (count: number) => Uint8Array {
  const stream = new Stream(seed, "verify");
  return (count) => drawBytes(stream, count);
}

function verified(pump: LinePump, allowed = all, meddle?: (bytes: Uint8Array) => Uint8Array): Promise<readonly RowResult[]> {
  const wall = new VirtualWall(pump);
  return wall.until(verify({ transport: transportTo(pump, meddle), wall, random: randomOf(1), allowed, flood_s: 2, key: () => key }));
}

function idsOf(results: readonly RowResult[], wanted: RowResult["result"]): string[] {
  return results.filter(({ result }) => result === wanted).map(({ row }) => row.id);
}

/** A fake pump with a prescription, so that all rows can be shown. */
function faked(defects: readonly Defect[]): LinePump {
  const fake = new FakePump({ defects });
  fake.therapy.fill_nL = 18_000_000;
  fake.therapy.concentration = 2000;
  fake.therapy.version = 1;
  fake.therapy.prescription = { mode: 2, week: [0, 0, 0, 0, 0, 0, 0], steps: [[0, 500_000]], timed: [], titration: [], extra: [], refill: [] };
  return fakePump(fake);
}

describe("a pump that conforms", () => {
  test.each([0, 115_200])("passes every row on a line of %i baud", async (baud) => {
    const pump = benchPump(createController, baud);
    const results = await verified(pump);
    expect(results.filter(({ result }) => result === "failed")).toEqual([]);
    expect(results.map(({ row }) => row.id)).toEqual(ROWS.map(({ id }) => id));
    expect(idsOf(results, "skipped")).toEqual([]);
    expect(pump.bench.oracle.violations).toEqual([]);
    expect(pump.bench.link.awake).toBe(false);
  });

  test("written by somebody else passes too, but for its counts, which it does not keep", async () => {
    const results = await verified(faked([]));
    expect(idsOf(results, "failed")).toEqual(["counted"]);
    expect(idsOf(results, "skipped")).toEqual([]);
  });

  test("without a key is only looked at unless a key is to be given", async () => {
    const results = await verified(benchPump(), { provision: false, program: true, slow: true });
    expect(idsOf(results, "failed")).toEqual([]);
    expect(idsOf(results, "pass")).toContain("unprovisioned");
    expect(idsOf(results, "skipped")).toEqual(expect.arrayContaining(["provision", "proof", "bad-check", "commit", "back-off"]));
  });

  test("in therapy goes on as if nothing had happened", async () => {
    const pump = benchPump();
    const wall = new VirtualWall(pump);
    const login = new Login(new Probe(transportTo(pump), wall), key, randomOf(2));
    const before = await wall.until((async () => {
      await login.probe.wake();
      login.probe.packet(1, 0x81, key);
      await login.probe.echo();
      for (const [op, args] of [[Op.set_up, setUpOf(DEFAULT_UNIT)], [Op.set_clock, [1_767_600_000_000, 0]], [Op.refill, filling(18_000_000, 2000)]] as const) expect((await login.operate(op, args)).fault).toBe(0);
      await login.run(program(constantRate(500_000)));
      expect((await login.operate(Op.start, [0])).fault).toBe(0);
      const { values } = await login.operate(Op.status);
      await login.close();
      return values;
    })());
    const results = await verified(pump, { provision: false, program: false, slow: true });
    expect(idsOf(results, "failed")).toEqual([]);
    expect(idsOf(results, "skipped")).toEqual(["unprovisioned", "provision", "provision-twice", "commit"]);
    const after = await wall.until((async () => {
      const again = new Login(new Probe(transportTo(pump), wall), key, randomOf(3));
      await again.probe.wake();
      return (await again.operate(Op.status)).values;
    })());
    expect(after[Status.state]).toBe(State.therapy);
    for (const at of [Status.version, Status.mode, Status.rate, Status.alarms, Status.alarm_changes, Status.concentration]) expect(after[at]).toBe(before[at]);
    expect(pump.bench.oracle.violations).toEqual([]);
  });
});

/** A pump that is wrong in one way, and the row that must find it. */
const DEFECTS: readonly (readonly [Defect, string])[] = [
  ["takes_bad_check", "bad-check"], ["takes_any_device", "other-device"], ["takes_multicast", "multicast"], ["silent_on_unknown", "unknown-command"],
  ["takes_old_numbers", "replay"], ["forgets_operations", "at-most-once"], ["takes_bad_seal", "tampered"], ["takes_any_version", "version"], ["no_back_off", "back-off"],
  ["announces_asleep", "asleep"], ["writable", "writes"], ["wrong_proof", "proof"], ["same_device_id", "fresh-id"], ["stuck_after_garbage", "garbage"],
  ["patient_may_all", "patient"], ["hello_ends_session", "hello-alone"], ["provisions_again", "provision-twice"], ["answers_in_clear", "in-the-clear"],
  ["ignores_hash", "wrong-hash"], ["ignores_base_version", "stale-base"], ["keeps_staged", "staged-dropped"], ["commits_half", "commit"], ["empty_log_pages", "log-pages"],
];

/** The firmware on a board that is wrong in one way. */
const BOARDS: readonly (readonly [string, (board: Board) => Board, string])[] = [
  ["a seal that opens for anything", (board) => ({ ...board, cipher: { ...board.cipher, open: (...given) => Math.max(1, board.cipher.open(...given)) } }), "tampered"],
  ["random numbers that are not", (board) => ({ ...board, entropy: { fill: (into, first, count) => { into.fill(9, first, first + count); } } }), "proof"],
  ["a log that changes", changingLog, "log-pages"],
];

function changingLog(board: Board): Board {
  let reads = 0;
  return {
    ...board,
    storage: {
      ...board.storage,
      record: (sequence, into) => {
        const found = board.storage.record(sequence, into);
        reads++;
        into[4] = reads;
        return found;
      },
    },
  };
}

/** What a frame on its way to the firmware is changed to, as if the firmware did not look at it. */
const MEDDLERS: readonly (readonly [string, (frame: number[]) => void, string])[] = [
  ["does not look at the check value", reseal, "bit-flips"],
  ["does not look at the size", (frame) => { frame[FrameAt.size] = frame.length - 12; reseal(frame); }, "bad-size"],
  ["takes other flags for a command's", (frame) => { if (![0x05, 0x45].includes(frame[FrameAt.flags] ?? 0)) frame[FrameAt.flags] = 1; reseal(frame); }, "bad-flags"],
  ["never acknowledges", (frame) => { if (frame[FrameAt.flags] === 3) frame[FrameAt.flags] = 1; reseal(frame); }, "acknowledge"],
  ["takes a reset for a call", (frame) => { if (frame[13] === 0 && frame[14] === 0x81) frame[14] = 0; reseal(frame); }, "reset"],
];

/** Changes the frames in what goes to the pump; all else goes as it is. */
function meddling(change: (frame: number[]) => void): (bytes: Uint8Array) => Uint8Array {
  return (bytes) => {
    const unframer = createUnframer();
    for (const [at, byte] of bytes.entries()) {
      if (!takeByte(unframer, byte) || at !== bytes.length - 1 || unframer.size < 16) continue;
      const frame = unframer.bytes.slice(0, unframer.size);
      change(frame);
      return onLine(frame);
    }
    return bytes;
  };
}

describe("a broken pump is found by its row", () => {
  test.each(DEFECTS)("%s by %s", async (defect, row) => {
    expect(idsOf(await verified(faked([defect])), "failed")).toContain(row);
  });

  test.each(BOARDS)("%s", async (_name, broken, row) => {
    const controller: ControllerFactory = (board) => createController(broken(board));
    expect(idsOf(await verified(benchPump(controller)), "failed")).toContain(row);
  });

  test.each(MEDDLERS)("one that %s", async (_name, change, row) => {
    expect(idsOf(await verified(benchPump(), all, meddling(change)), "failed")).toContain(row);
  });

  test("no pump at all is no finding", async () => {
    let now_us = 0;
    const silent: LinePump = { get now_us() { return now_us; }, heard: () => undefined, write: () => undefined, run: (us) => { now_us = us; } };
    await expect(verified(silent)).rejects.toThrow(NoPump);
  });
});
