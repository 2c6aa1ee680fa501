// Sniffing: what went over a line, in words; captures, and replaying them.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Role } from "../../protocol/service";
import { patientKey } from "../../protocol/wand/cipher";
import { readCapture, readCaptureFile } from "../../protocol/wand/sniff/capture";
import { Sniffer } from "../../protocol/wand/sniff/sniffer";
import { framed } from "./fake-wire";
import { Desk } from "./desk";
import { KEY } from "./pair";

let desk: Desk;
let capture: string;
beforeEach(async () => {
  desk = await Desk.open();
  capture = join(desk.directory, "capture.jsonl");
});
afterEach(async () => { await desk.close(); });

const texts = (lines: readonly Readonly<Record<string, unknown>>[]): string[] =>
  lines.flatMap((line) => (line["packets"] as { readonly text: string; readonly sealed?: { readonly text: string } }[]).flatMap(({ text, sealed }) => [text, ...(sealed === undefined ? [] : [sealed.text])]));

describe("a capture of a command", () => {
  beforeEach(async () => {
    expect((await desk.wand("refill", "18mL", "--concentration", "2000ug/mL", "--capture", capture)).code).toBe(0);
  });

  test("is decoded in the open without the key", async () => {
    const { code, out } = await desk.say("sniff", "--file", capture);
    expect(code).toBe(0);
    expect(out).toMatch(/^ +0\.00\d{4} +\+0\.000000 {2}wand > +call \(packets on\)$/m);
    expect(out).toMatch(/^ +\d+\.\d{6} +\+\d+\.\d{6} {2}pump < +announcement restarts=1 services=0x1a6f3c52$/m);
    expect(out).toMatch(/wand > +hello version=1 role=clinician wand_nonce=[0-9a-f]{32}$/m);
    expect(out).toMatch(/pump < +hello answer session=\d+ pump_nonce=[0-9a-f]{32} proof=[0-9a-f]{32}$/m);
    expect(out).toMatch(/wand > +exec session=\d+ number=1 sealed=/);
    expect(out).not.toContain("volume_nL");
  });

  test("is decoded to the last field with it", async () => {
    const { code, lines } = await desk.say("sniff", "--file", capture, "--key", desk.key, "--json");
    expect(code).toBe(0);
    const told = texts(lines);
    expect(told).toContain("the proof is good; a session as clinician");
    expect(told).toContainEqual(expect.stringMatching(/^refill drug=baclofen volume_nL=18000000 concentration=2000 aspirated_nL=0 rinsed=0 lot=0 \(id [0-9a-f]{16}\)$/));
    expect(told).toContain("refill done");
    expect(told).toContainEqual(expect.stringMatching(/^reservoir done fill_nL=18000000 concentration=2000 .*refill_decided=low_reservoir/));
    expect(told.at(-1)).toMatch(/^close done/);
    expect(lines[0]).toMatchObject({ schema: 1, type: "frame", us: expect.any(Number) as number, gap_us: 0, from: "wand" });
  });

  test("with another key says that the proof is not good, and reads nothing", async () => {
    const other = join(desk.directory, "other.yaml");
    writeFileSync(other, `pump: x\nrole: clinician\nkey: "${"ab".repeat(32)}"\n`, { mode: 0o600 });
    const told = texts((await desk.say("sniff", "--file", capture, "--key", other, "--json")).lines);
    expect(told).toContain("the proof is not good for this key");
    expect(told.join()).not.toContain("volume_nL");
  });

  test("is replayed, and the pump does nothing of it again", async () => {
    const fill = desk.pump.executed.length;
    const save = join(desk.directory, "again.jsonl");
    const said = await desk.say("sniff", "--replay", capture, "--port", desk.served.port, "--save", save);
    expect(said.code).toBe(0);
    expect(desk.pump.executed).toHaveLength(fill);
    expect(said.out).toMatch(/pump < +announcement /);
    const sides = readCaptureFile(save).map(({ from }) => from);
    expect(sides.filter((from) => from === "wand")).toHaveLength(readCaptureFile(capture).filter(({ from }) => from === "wand").length);
    expect(sides).toContain("pump");
  });

  test("knows who spoke even where the capture does not say", async () => {
    const blind = join(desk.directory, "blind.jsonl");
    writeFileSync(blind, readFileSync(capture, "utf8").replaceAll(/"from":"(wand|pump)",/g, ""));
    const { lines } = await desk.say("sniff", "--file", blind, "--key", desk.key, "--json");
    expect(texts(lines)).toContain("refill done");
    expect(new Set(lines.map((line) => line["from"]))).toEqual(new Set(["wand", "pump"]));
  });
});

describe("a patient's session", () => {
  test("is read with the clinician's key, which the patient's is made from", async () => {
    const patient = join(desk.directory, "patient.yaml");
    writeFileSync(patient, `pump: x\nrole: patient\nkey: "${Buffer.from(patientKey(KEY)).toString("hex")}"\n`, { mode: 0o600 });
    await desk.say("alarms", "--port", desk.served.port, "--key", patient, "--capture", capture);
    for (const key of [patient, desk.key]) expect(texts((await desk.say("sniff", "--file", capture, "--key", key, "--json")).lines)).toContain("the proof is good; a session as patient");
    await desk.wand("alarms", "--capture", capture);
    expect(texts((await desk.say("sniff", "--file", capture, "--key", patient, "--json")).lines).join()).not.toContain("session as");
  });
});

describe("live", () => {
  test("shows what the pump says, until it is ended", async () => {
    desk.pump.receive(0, framed(0x45, Buffer.from("4a1af618aaaaaaaa", "hex"), [{ index: 0x3d, code: 0x81, data: Buffer.alloc(0) }]));
    const listening = desk.say("sniff", "--port", desk.served.port, "--save", capture);
    while (desk.interrupt === undefined) await new Promise((resolve) => { setTimeout(resolve, 5); });
    const end = desk.interrupt;
    const other = await desk.wand("info");
    expect(other.code).toBe(0);
    end();
    const said = await listening;
    expect(said.code).toBe(0);
    expect(said.out).toMatch(/pump < +register /);
    expect(existsSync(capture)).toBe(true);
  });

  test("ends by itself after the time it was given", async () => {
    expect((await desk.say("sniff", "--port", desk.served.port, "--for", "50ms")).code).toBe(0);
  });

  test("a port that goes away ends it with what happened", async () => {
    const listening = desk.say("sniff", "--port", desk.served.port);
    while (desk.interrupt === undefined) await new Promise((resolve) => { setTimeout(resolve, 5); });
    desk.served.hangUp();
    expect(await listening).toMatchObject({ code: 1, err: expect.stringContaining("(error 723") as string });
  });
});

describe("what is no frame", () => {
  test("broken frames and stray bytes are told", () => {
    const sniffer = new Sniffer({ pump: "x", role: Role.clinician, key: KEY });
    const good = framed(0, Buffer.alloc(8, 1), [{ index: 0, code: 0, data: Buffer.alloc(8) }]);
    const bad = Buffer.from(good);
    bad[20] = (bad[20] ?? 0) ^ 1;
    const seen = sniffer.feed({ us: 5, from: "pump", bytes: Buffer.concat([Buffer.from("log line"), bad, good]) });
    expect(seen.map(({ problem, outside, packets }) => [problem, outside, packets.length])).toEqual([["its check value is wrong", 8, 0], [undefined, 0, 1]]);
  });

  test.each(["{", '{"us":-1,"hex":""}', '{"us":1,"hex":"0"}', '{"us":1,"from":"me","hex":""}', "[]", '{"us":5,"hex":""}\n{"us":4,"hex":""}'])("a capture that is none: %s", (text) => {
    expect(() => readCapture("c.jsonl", text)).toThrow(/^c\.jsonl:[12]: /);
  });

  test("options that do not go together, and files that are not there", async () => {
    writeFileSync(capture, "");
    expect(await desk.say("sniff", "--file", capture, "--save", capture)).toMatchObject({ code: 1, err: expect.stringContaining("need a port") as string });
    expect(await desk.say("sniff", "--file", "/nowhere")).toMatchObject({ code: 1, err: expect.stringContaining("(error 746") as string });
    expect(await desk.say("sniff", "--replay", capture, "--port", desk.served.port)).toMatchObject({ code: 1, err: expect.stringContaining("nothing in it was said by a wand") as string });
  });
});
