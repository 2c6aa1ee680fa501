// A live pump whose firmware is the image: a wand cannot tell it from another.

import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { Bench } from "../../emulator/bench";
import type { Machine } from "../../emulator/brain";
import { processWall } from "../../emulator/cli/wall";
import { command } from "../../emulator/live/commands";
import { LiveServer } from "../../emulator/live/server";
import { StateFile } from "../../emulator/live/state-file";
import { picoMachine } from "../../emulator/pico/machine";
import type { Pico } from "../../emulator/pico/pico";
import { DEFAULT_UNIT } from "../../emulator/unit";
import { PLANNED_ROWS } from "../../emulator/verify/verify";
import { constantRate, openWand } from "../../protocol/wand/library";
import { State } from "../../protocol/states";
import { Folder, run } from "../cli/harness";
import { picoImage, withoutImage } from "./image";

const missing = withoutImage();
const folder = new Folder();
const key = new Uint8Array(32).fill(7);
const origin = { target: "pico", seed: 1, unit: DEFAULT_UNIT };
/** Where the application's slot begins, and its chunk in it. */
const SLOT_AT = 0x8_0000;
const CHUNK_AT = SLOT_AT + 64;

const servers: LiveServer[] = [];
afterEach(() => { for (const server of servers.splice(0)) server.close(); });
afterAll(() => { folder.remove(); });

function served(controller: Machine, state?: StateFile, speed = 1): LiveServer {
  const server = new LiveServer({
    controller, wall: processWall(), ...origin, speed, news: () => undefined, running: join(folder.path, "running"), ...(state === undefined ? {} : { state }),
  });
  servers.push(server);
  return server;
}

/** On a busy machine the chip takes its time. */
const patient = { key, give_up_us: 30_000_000, retry_us: 1_000_000 };

function liveTests(): void {
  let machine: Machine;
  /** The list runs beside the other tests: it has a process of its own. */
  let list: Promise<{ readonly stdout: string }>;
  beforeAll(async () => {
    machine = await picoImage();
    list = promisify(execFile)(process.execPath, ["--import", "tsx", join(import.meta.dirname, "conformance.ts")]);
    list.catch(() => undefined);
  }, 120_000);

  /** The image with something else in its application's slot. */
  const spoilt = (spoil: (flash: Uint8Array) => void): Machine => {
    const bench = new Bench({ controller: machine, wand: false });
    bench.powerOn();
    const flash = (bench.processor as Pico).flash.bytes.slice();
    spoil(flash);
    return picoMachine(flash);
  };

  test("a wand provisions it, programs it, starts it and reads it over a pseudo-terminal, and the run can be done again", async () => {
    const path = join(folder.path, "state");
    const server = served(machine, new StateFile(path), 100);
    await server.start();
    const wand = await openWand({ port: server.pty, ...patient });
    await wand.provision(key);
    await wand.setClock(1_767_600_000_000);
    await wand.setUp(250_000, 20_000_000, 80, 500_000);
    await wand.refill(18_000_000, 2000);
    expect((await wand.program(constantRate(500_000), () => true)).version).toBe(1);
    await wand.start();
    expect((await wand.interrogate()).status.state).toBe(State.therapy);
    const numbers: number[] = [];
    for await (const { number } of wand.log()) numbers.push(number);
    expect(numbers).toEqual(numbers.map((_each, i) => i + 1));
    await wand.close();
    expect(command(server, "fault storage.damaged 2")).toMatchObject({ text: expect.stringMatching(/storage.damaged: not on this target: .*flash/) as string });
    expect(command(server, "fault processor.reset")).toEqual({ text: "" });
    server.close();
    const { bench } = server;
    expect(bench.oracle.violations).toEqual([]);
    const state = new StateFile(path);
    expect(state.origin).toEqual(origin);
    const again = served(machine, state).bench;
    expect({ digest: again.trace.fullDigest(), us: again.engine.now_us }).toEqual({ digest: bench.trace.fullDigest(), us: bench.engine.now_us });
    expect(readFileSync(path, "utf8")).toContain('"target":"pico"');
  });

  test("info says what it is to whoever asks at its port", async () => {
    const server = served(machine);
    await server.start();
    const { code, out } = await run(["info", server.pty]);
    expect({ code, out }).toMatchObject({ code: 0, out: expect.stringMatching(/^Model +itb-pump bench\nFirmware .*\nProtocol +version 1\n(.*\n)*Key +none yet/m) as string });
  });

  test.each([
    ["blank", (flash: Uint8Array) => { flash.fill(0xff, SLOT_AT, SLOT_AT + 0x1000); }, "the slot is empty"],
    ["with one bit flipped", (flash: Uint8Array) => { flash[CHUNK_AT + 20_000]! ^= 8; }, "it is damaged"],
  ])("an image whose application is %s says so to info", async (_name, spoil, reason) => {
    const server = served(spoilt(spoil));
    await server.start();
    const text = await run(["info", server.pty]);
    expect(text).toMatchObject({ code: 0, out: expect.stringContaining(`no application: ${reason}`) as string });
    const json = await run(["info", server.pty, "--json"]);
    expect(JSON.parse(json.out)).toMatchObject({ schema: 1, type: "info", port: server.pty, protocol_version: 0, provisioned: false, no_application: reason });
  });

  test("every row of the list is as it must be: doses, alarms and loss of power with a plan, and those that take minutes", async () => {
    expect(JSON.parse((await list).stdout)).toEqual({ rows: PLANNED_ROWS.map(({ id }) => ({ id, result: "pass", reason: "" })), violations: [] });
  });
}

if (missing === undefined) describe("target pico, live", liveTests);
else test(`the image was not built, and a live pump of target pico not tested: ${missing}`, () => { expect(missing).toContain("apt-get install"); });
