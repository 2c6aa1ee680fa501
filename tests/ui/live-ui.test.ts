// The bench over HTTP at a live pump: its wand, time, faults, and its streams.

import { join } from "node:path";
import { afterAll, afterEach, expect, test } from "vitest";
import { createController } from "../../firmware/controller";
import { Bench } from "../../emulator/bench";
import { replay } from "../../emulator/live/replay";
import { StateFile } from "../../emulator/live/state-file";
import { DEFAULT_UNIT } from "../../emulator/unit";
import { Fault } from "../../hal/faults";
import { Role } from "../../protocol/service";
import { openWand, readKeyFile } from "../../protocol/wand/library";
import { Folder } from "../cli/harness";
import { ask, listen, post, serve } from "./served";
import type { Event, Served } from "./served";

const folder = new Folder();
const open: Served[] = [];
afterEach(() => { for (const each of open.splice(0)) each.close(); });
afterAll(() => { folder.remove(); });

async function served(options: Partial<Parameters<typeof serve>[0]> = {}): Promise<Served> {
  const made = await serve({ folder: folder.path, ...options });
  open.push(made);
  return made;
}

const act = (at: Served, body: object): ReturnType<typeof post> => post(at, "/api/wand", { stay: false, ...body });

/** What the last snapshot had. */
const last = (events: readonly Event[]): Event["data"] => events.findLast(({ name }) => name === "snapshot")?.data ?? {};
/** The first snapshot that is so. */
const shown = (at: Served, wanted: (snapshot: Event["data"]) => boolean = () => true): Promise<Event["data"]> =>
  listen(at, (events) => events.at(-1)?.name === "snapshot" && wanted(last(events))).then(last);
const items = (events: readonly Event[]): readonly { readonly kind: string; readonly text: string; readonly id: string }[] => events.filter(({ name }) => name === "batch").flatMap(({ data }) => data["items"] as never);

async function toTherapy(at: Served): Promise<void> {
  for (const body of [
    { do: "provision", name: "test pump" }, { do: "setup", reservoir: "20mL", catheter: "80cm", wall_ms: DEFAULT_UNIT.wall_ms },
    { do: "refill", volume: "18mL", concentration: "2000ug/mL", aspirated: "" }, { do: "review", text: "rate: 100ug/day" }, { do: "commit", dose: "", bolus: "", reason: "" }, { do: "start", missed_hours: "" },
  ]) expect(await act(at, body)).toMatchObject({ status: 200, ok: true });
}

test("a pump whose time stands: the page's wand lets it go on for as long as it talks, unless somebody says otherwise", async () => {
  const at = await served();
  await post(at, "/api/speed", { speed: 0 });
  const stood_us = at.server.bench.engine.now_us;
  await new Promise((resolve) => { setTimeout(resolve, 50); });
  expect(at.server.bench.engine.now_us).toBe(stood_us);
  expect(await act(at, { do: "look" })).toMatchObject({ ok: true });
  expect(at.server.bench.engine.now_us).toBeGreaterThan(stood_us);
  expect(at.server.time.speed).toBe(0);
  const looking = act(at, { do: "look" });
  await post(at, "/api/speed", { speed: 60 });
  await looking;
  expect(at.server.time.speed).toBe(60);
});

test("one action at a time; a session that is to stay stays, and is closed on demand", async () => {
  const at = await served();
  const first = act(at, { do: "provision", name: "test pump" });
  expect(await act(at, { do: "look" })).toMatchObject({ status: 400, error: "the wand is busy: provision; wait for it" });
  expect(await first).toMatchObject({ ok: true });
  // It falls asleep soon after the last word.
  const asleep = ({ link_awake }: Event["data"]): boolean => link_awake === false;
  expect(await shown(at, asleep)).toMatchObject({ wand_session: false });
  await act(at, { do: "status", stay: true });
  expect(await shown(at)).toMatchObject({ wand_session: true, link_awake: true, wand_busy: "" });
  expect(await act(at, { do: "close" })).toMatchObject({ ok: true });
  expect(await shown(at, asleep)).toMatchObject({ wand_session: false });
});

test("what the pump refuses has its number, its name and why; what the review asks for must be said again", async () => {
  const at = await served();
  await toTherapy(at);
  const refused = await act(at, { do: "refill", volume: "18mL", concentration: "1000ug/mL", aspirated: "" });
  expect(refused).toMatchObject({ ok: false, title: "Refused by the pump.", fault: { number: Fault.concentration_needs_bridge, name: "concentration needs a bridge" } });
  expect(JSON.stringify(await act(at, { do: "review", text: "rate: fast" }))).toMatch(/"ok":false.*prescription:1:7/);
  expect(await act(at, { do: "review", text: "rate: 190ug/day" })).toMatchObject({ ok: false, fault: { name: "dose step too large" } });
  // A large change is confirmed by its value.
  const review = await act(at, { do: "review", text: "rate: 130ug/day" });
  expect(review, JSON.stringify(review)).toMatchObject({ ok: true, ask: { dose: "130ug/day" } });
  expect(await act(at, { do: "commit", dose: "131ug/day", bolus: "", reason: "" })).toMatchObject({ status: 400, error: "type the daily dose again, with its unit: 130 ug; nothing was changed" });
  expect(await act(at, { do: "commit", dose: "130ug/day", bolus: "", reason: "" })).toMatchObject({ ok: true, title: "Version 2 is in force, read back and the same." });
  expect(await shown(at)).toMatchObject({ state: "therapy", basal: "130 ug/day, version 2", violations: { total: 0 } });
});

test("frames are decoded, sealed ones too; a stream goes on where it was; a key can be saved; all pages are told of the end", async () => {
  const at = await served();
  await toTherapy(at);
  const events = await listen(at, (found) => items(found).some(({ text }) => text.includes("start done")));
  const frames = items(events).filter(({ kind }) => kind === "frame").map(({ text }) => text);
  expect(frames.some((text) => /^exec: commit .*id [0-9a-f]{16}/.test(text))).toBe(true);
  expect(frames.some((text) => text.includes("the proof is good; a session as clinician"))).toBe(true);
  const { id } = items(events).at(-1)!;
  await post(at, "/api/fault", { kind: "motor.weak", on: true, value: 500 });
  const more = await listen(at, (found) => items(found).some(({ text }) => text.includes("motor.weak begins")), id);
  expect(items(more)[0]!.id).toBe(id.replace(/\d+$/, (number) => String(Number(number) + 1)));
  expect(last(more)).toMatchObject({ faults: [{ kind: "motor.weak", value: 500 }] });
  const key = await ask(at.port, "/api/key", { headers: { Cookie: at.cookie } });
  expect(key.headers["content-disposition"]).toContain("pump-key.yaml");
  const path = folder.file("saved.yaml", key.text);
  (await import("node:fs")).chmodSync(path, 0o600);
  const wand = await openWand({ port: at.server.port, ...readKeyFile(path) });
  await wand.status();
  await wand.close();
  const ended = listen(at, () => false);
  await new Promise((resolve) => { setTimeout(resolve, 50); });
  at.close("The emulator was ended by its user.");
  expect((await ended).at(-1)).toMatchObject({ name: "bye", data: { text: "The emulator was ended by its user." } });
});

test("all it does to the pump is in the state file, whatever the speed, and the run comes out the same", async () => {
  const path = join(folder.path, "state");
  const at = await served({ state: new StateFile(path) });
  await toTherapy(at);
  await post(at, "/api/speed", { speed: 1000 });
  await post(at, "/api/speed", { speed: 0 });
  await post(at, "/api/fault", { kind: "motor.stalled", on: true });
  await post(at, "/api/until-alarm", {});
  expect(await shown(at, ({ speed }) => speed === 0)).toMatchObject({ alarms: [{ name: "motor stall", critical: true }], awaits_alarm: false });
  await post(at, "/api/fault", { kind: "motor.stalled", on: false });
  const digest = at.server.bench.trace.fullDigest();
  at.close();
  const file = new StateFile(path);
  const again = new Bench({ controller: createController, wand: false, baud: 0 });
  again.powerOn();
  replay(again, file.entries);
  expect(again.trace.fullDigest()).toBe(digest);
  // Its key was in the memory of a server that is gone: that is seen, and a key file helps.
  const without = await served({ state: file, run: "run2" });
  expect(await shown(without)).toMatchObject({ provisioned: true, key: { held: "none" }, state: "therapy", basal: "100 ug/day, version 1" });
  expect(await act(without, { do: "status" })).toMatchObject({ ok: false, fault: { name: "no key" } });
  expect(await act(without, { do: "provision", name: "mine" })).toMatchObject({ ok: false, fault: { name: "already provisioned" } });
  expect(await shown(without)).toMatchObject({ key: { held: "none" } });
  without.close();
  const other = await served({ state: new StateFile(path), run: "run3", key: { pump: "test pump", role: Role.clinician, key: new Uint8Array(32).fill(7) } });
  expect(await act(other, { do: "status" })).toMatchObject({ ok: true, title: "The pump is in the state therapy." });
});

test("a new pump gets the key of the key file, if there is one, and that is no key in memory", async () => {
  const at = await served({ key: { pump: "filed pump", role: Role.clinician, key: new Uint8Array(32).fill(9) } });
  expect(await act(at, { do: "provision", name: "" })).toMatchObject({ ok: true, title: "filed pump is provisioned.", lines: ["It has the key of the key file."] });
  expect(await shown(at)).toMatchObject({ key: { held: "file", name: "filed pump", role: "clinician" } });
  expect(await act(at, { do: "status" })).toMatchObject({ ok: true });
});
