// The library over a real port: typed promises, one after another.

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Alarm } from "../../protocol/alarms";
import { Mode, State } from "../../protocol/states";
import { constantRate, NotConfirmed, openWand, Problem, Refused, WandError } from "../../protocol/wand/library";
import type { OpenWand } from "../../protocol/wand/library";
import { filling } from "../firmware/prescribe";
import { FakePump } from "./fake-pump";
import { KEY } from "./pair";
import { serve } from "./served";
import type { Served } from "./served";

let served: Served;
let wand: OpenWand;
beforeEach(async () => {
  served = await serve(new FakePump({ key: KEY }));
  wand = await openWand({ port: served.port, key: KEY, give_up_us: 600_000 });
});
afterEach(async () => {
  await wand.close();
  await served.close();
});

describe("a wand of the library", () => {
  test("does what its methods say", async () => {
    expect(await wand.look()).toMatchObject({ description: "fake pump", provisioned: true });
    expect(wand.session).toBeUndefined();
    await wand.refill(18_000_000, 2000);
    expect(wand.session).toMatchObject({ role: 1 });
    const { version, review } = await wand.program(constantRate(500_000), ({ daily_dose_ng, daily_volume_nL, pulse_ng }) => [daily_dose_ng, daily_volume_nL, pulse_ng].join() === "500000,250000,500");
    expect([version, review.base_version]).toEqual([1, 0]);
    await wand.start();
    expect(await wand.status()).toMatchObject({ state: State.therapy, mode: Mode.schedule, rate: 500_000, version: 1, alarms: [] });
    expect(await wand.prescription()).toMatchObject({ version: 1, ...constantRate(500_000) });
    await wand.setAlarms(5_000_000, 10, 30);
    expect(await wand.reservoir()).toMatchObject({ low_volume_nL: 5_000_000, other_interval_min: 30 });
    expect(await wand.setClock(Date.UTC(2026, 0, 5))).toBeLessThan(Date.UTC(2001, 0, 1));
    await wand.stop(3);
    expect((await wand.interrogate(3)).log?.records.map(({ kind }) => kind)).toEqual([3, 2, 3]);
    expect((await wand.linkCounts()).wakes).toBe(7);
  });

  test("throws what the pump refuses, with the number", async () => {
    await expect(wand.acknowledge(Alarm.motor_stall)).rejects.toThrow(Refused);
    await expect(wand.start()).rejects.toMatchObject({ fault: 16 });
    await wand.refill(18_000_000, 2000);
    await expect(wand.program(constantRate(500_000), () => Promise.resolve(false))).rejects.toThrow(NotConfirmed);
    expect(served.pump.therapy.version).toBe(0);
  });

  test("keeps the order of what is asked at once", async () => {
    await Promise.all([wand.refill(1_000_000, 2000), wand.refill(2_000_000, 2000), wand.refill(3_000_000, 2000)]);
    expect(served.pump.therapy.fill_nL).toBe(3_000_000);
    expect(served.pump.executed).toHaveLength(3);
  });

  test("iterates the log page by page, and ends where one wants", async () => {
    for (let i = 0; i < 100; i += 1) served.pump.therapy.record(i, 5, 9);
    const all: number[] = [];
    for await (const { number } of wand.log()) all.push(number);
    expect(all).toEqual(Array.from({ length: all.length }, (_, i) => i + 1));
    expect(all.length).toBeGreaterThan(100);
    const some: number[] = [];
    for await (const { number } of wand.log(10, 5)) some.push(number);
    expect(some).toEqual([10, 11, 12, 13, 14]);
  });

  test("closes the session, and can be closed twice", async () => {
    await wand.status();
    await wand.close();
    await wand.close();
    expect(served.pump.session).toBeUndefined();
    expect(served.pump.awake).toBe(false);
    await expect(wand.status()).rejects.toMatchObject({ problem: Problem.port_failed });
  });

  test("can be abandoned: the session goes on", async () => {
    await wand.status();
    await wand.abandon();
    expect(served.pump.session).toBeDefined();
  });

  test("a port that vanishes is told once and for all, and what was asked is in doubt", async () => {
    await wand.status();
    served.intercept = () => {
      served.hangUp();
      return true;
    };
    const failed = await wand.refill(18_000_000, 2000).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(WandError);
    expect(failed).toMatchObject({ problem: Problem.interrupted_unknown, op_id: expect.any(BigInt) as bigint });
    await expect(wand.status()).rejects.toMatchObject({ problem: Problem.port_vanished });
  });

  test("what was in doubt can be asked again under its id, and is done once", async () => {
    await wand.status();
    served.mute = true;
    const failed = await wand.refill(18_000_000, 2000).catch((error: unknown) => error);
    expect(failed).toMatchObject({ problem: Problem.interrupted_unknown });
    served.mute = false;
    const op_id = failed instanceof WandError ? failed.op_id : undefined;
    expect(op_id).toBe(served.pump.executed[0]);
    expect(await wand.operate(146, filling(18_000_000, 2000), op_id)).toMatchObject({ fault: 0 });
    expect(served.pump.executed).toEqual([op_id]);
  });
});
