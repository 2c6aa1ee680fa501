// The command line of the wand against a fake pump, as a person uses it.

import { execFile } from "node:child_process";
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Op } from "../../protocol/operations";
import { Role } from "../../protocol/service";
import { patientKey } from "../../protocol/wand/cipher";
import { readKeyFile } from "../../protocol/wand/library/key-file";
import { Problem } from "../../protocol/wand/problems";
import { lotNumber } from "../../protocol/wand/text/lot";
import { Desk, NOW_MS } from "./desk";
import type { FakePumpOptions } from "./fake-pump";
import { KEY } from "./pair";

let desk: Desk;
beforeEach(async () => { desk = await Desk.open(); });
afterEach(async () => { await desk.close(); });

/** A desk with another pump. */
async function other(options: FakePumpOptions): Promise<void> {
  await desk.close();
  desk = await Desk.open(options);
}

function file(text: string): string {
  const path = join(desk.directory, "prescription.yaml");
  writeFileSync(path, text);
  return path;
}

describe("reading", () => {
  test("info shows what a stranger may see, without a key", async () => {
    const said = await desk.wand("info");
    expect(said).toMatchObject({ code: 0, err: "" });
    expect(said.out).toMatch(/^Model +fake pump\nFirmware +0\.0\.1-fake\nProtocol +version 1\nProduct +0x3a6f3c52\nDevice id +[0-9a-f]{16}, until it falls asleep\nKey +provisioned\n$/);
    expect(desk.pump.session).toBeUndefined();
    expect(desk.pump.awake).toBe(false);
  });

  test("interrogate shows what a clinician's programmer shows", async () => {
    await desk.wand("refill", "18mL", "--concentration", "2000ug/mL");
    await desk.wand("clock", "set", "now");
    await desk.wand("program", file('schedule: {mon-fri: {"00:00": 200ug/day, "08:30": 350ug/day}, sat-sun: {"00:00": 200ug/day}}'), "--yes");
    await desk.wand("start");
    desk.pump.therapy.alarms = 2 ** 5 + 2 ** 9;
    const { code, out } = await desk.wand("interrogate");
    expect(code).toBe(0);
    expect(out).toContain("Bench 1, as its clinician\n");
    for (const row of [
      /^State +therapy$/m, /^Delivers now +200 ug\/day, 0\.1 mL\/day$/m, /^Alarms +motor stall \(critical\)$/m, /^ +low reservoir$/m, /^Prescription +version 1, schedule$/m,
      /^ +mon-fri +00:00 +200 ug\/day$/m, /^ +08:30 +350 ug\/day$/m, /^ +sat,sun +00:00 +200 ug\/day$/m, /^Daily dose +296\.875 ug, 0\.148438 mL\/day$/m,
      /^Reservoir +18 mL left, at least 18 mL$/m, /baclofen 2000 ug\/mL, filled with 18 mL on 2026-/, /^Refill by +2026-02-0\d .*decided by low reservoir; at nominal flow 2026-/m,
      /^Battery +3\.1 V under load, 1 mAh used$/m, /^Pulses +1000 commanded, 998 confirmed, 2 uncertain$/m, /^Clock +2026-01-05 08:00/m,
      /^Last of \d+ records$/m, /operation +commit: done$/m, /refill +18 mL of 2000 ug\/mL/,
    ]) expect(out).toMatch(row);
    expect(desk.pump.awake).toBe(false);
  });

  test("interrogate as JSON has the numbers and their names", async () => {
    const { lines } = await desk.wand("interrogate", "--json");
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ schema: 1, type: "interrogation", pump: "Bench 1", role: "clinician", status: { state: 0, state_name: "shelf", alarm_names: [] }, reservoir: { capacity_nL: 20_000_000 } });
  });

  test("a patient sees the state and no more", async () => {
    const patient = join(desk.directory, "patient.yaml");
    writeFileSync(patient, `{"pump": "Bench 1", "role": "patient", "key": "${Buffer.from(patientKey(KEY)).toString("hex")}"}`, { mode: 0o600 });
    const seen = await desk.say("interrogate", "--port", desk.served.port, "--key", patient);
    expect(seen.code).toBe(0);
    expect(seen.out).toMatch(/^Prescription +not for this role$/m);
    expect(await desk.say("stop", "--reason", "3", "--port", desk.served.port, "--key", patient)).toMatchObject({ code: 6, err: expect.stringContaining("stop refused: ") as string });
  });

  test("the log, in parts, with what is lost", async () => {
    for (let i = 0; i < 50; i += 1) desk.pump.therapy.record(1000 * i, 4, 9, i);
    const last = await desk.wand("log");
    expect(last.out.trimEnd().split("\n")).toHaveLength(20);
    expect(last.err).toContain("the pump has records 1 to 52");
    const some = await desk.wand("log", "--from", "10", "--count", "3", "--json");
    expect(some.lines.filter(({ type }) => type === "record").map((line) => line["number"])).toEqual([10, 11, 12]);
    desk.pump.therapy.lost = 30;
    const all = await desk.wand("log", "--from", "1", "--json");
    expect(all.err).toContain("records 1 to 30 are lost");
    expect(all.lines.filter(({ type }) => type === "record")[0]).toMatchObject({ number: 31, kind_name: "alarm on", text: "low reservoir" });
  });

  test("the log is followed until an interruption", async () => {
    const following = desk.wand("log", "--follow", "--count", "1");
    while (desk.interrupt === undefined) await new Promise((resolve) => { setTimeout(resolve, 5); });
    desk.interrupt();
    expect((await following).code).toBe(0);
  });

  test("alarms, clock and counts", async () => {
    expect((await desk.wand("alarms")).out).toBe("No alarm is active.\n");
    desk.pump.therapy.alarms = 2 ** 9;
    expect((await desk.wand("alarms", "--json")).lines[0]).toMatchObject({ type: "alarms", active: [{ alarm: 9, name: "low reservoir", critical: false }] });
    expect((await desk.wand("alarms", "acknowledge", "low-reservoir")).out).toContain("low reservoir is silent until its next interval");
    expect(await desk.wand("alarms", "acknowledge", "motor stall")).toMatchObject({ code: 6, err: expect.stringContaining("alarm not active (34)") as string });
    expect(await desk.wand("alarms", "acknowledge", "low resrvoir")).toMatchObject({ code: 1, err: expect.stringContaining('did you mean "low reservoir"?') as string });
    expect((await desk.wand("alarms", "set", "--low-volume", "5mL")).out).toBe("Low reservoir at 5 mL; critical tone every 10 min, other every 60 min.\n");
    expect((await desk.wand("clock", "set", "2026-03-29 03:00")).out).toContain("2026-03-29 03:00; it was ");
    expect((await desk.wand("clock")).out).toMatch(/^2026-03-29 03:00(:\d\d)?, 82d 19h .*ahead of this computer\n$/);
    expect(await desk.wand("clock", "set", "tomorrow")).toMatchObject({ code: 1 });
    expect((await desk.wand("counts")).out).toMatch(/^frames refused +7$/m);
  });

  test("what a refill, a start and a clock set say besides", async () => {
    expect((await desk.wand("refill", "18mL", "--concentration", "2000ug/mL", "--aspirated", "3.5mL", "--rinsed", "--lot", "0AB7")).code).toBe(0);
    expect(desk.pump.therapy.asked.get(Op.refill)).toEqual([1, 18_000_000, 2000, 3_500_000, 1, lotNumber("0ab7")]);
    expect(await desk.wand("refill", "18mL", "--concentration", "2000ug/mL", "--lot", "A B")).toMatchObject({ code: 1, err: expect.stringContaining("one to nine letters and digits") as string });
    await desk.wand("program", file("500ug/day"), "--yes");
    expect((await desk.wand("start", "--missed-hours", "55")).code).toBe(0);
    expect(desk.pump.therapy.asked.get(Op.start)).toEqual([55]);
    const wall_ms = Date.UTC(2026, 2, 29, 3);
    await desk.wand("clock", "set", "2026-03-29 03:00");
    expect(desk.pump.therapy.asked.get(Op.set_clock)).toEqual([wall_ms, 0]);
    await desk.wand("clock", "set", "2026-03-29 03:00", "--confirm");
    expect(desk.pump.therapy.asked.get(Op.set_clock)).toEqual([wall_ms, wall_ms]);
  });

  test("start, stop and their refusals", async () => {
    expect(await desk.wand("start")).toMatchObject({ code: 6, err: "error: refused by the pump: start refused: no prescription (16): prescribe before the start\n" });
    await desk.wand("refill", "18mL", "--concentration", "2000ug/mL");
    await desk.wand("program", file("500ug/day"), "--yes");
    expect((await desk.wand("start")).out).toBe("The pump is in the state therapy.\n");
    expect((await desk.wand("stop", "--reason", "2", "--json")).lines[0]).toMatchObject({ type: "state", state_name: "stopped" });
    expect(await desk.wand("stop")).toMatchObject({ code: 1 });
  });
});

describe("program", () => {
  beforeEach(async () => { await desk.wand("refill", "18mL", "--concentration", "2000ug/mL"); });

  test("shows old and new side by side with the change, asks, commits and reads back", async () => {
    desk.answers = ["yes"];
    await desk.wand("program", file("rate: 400ug/day"));
    desk.answers = ["500ug/day", "yes"];
    const said = await desk.wand("program", file("prescribe: {rate: 500ug/day}"));
    expect(said.code).toBe(0);
    expect(said.out).toMatch(/^ +in force: version 1 +new +change$/m);
    expect(said.out).toMatch(/^Daily dose +400 ug +500 ug +\+25 %$/m);
    expect(said.out).toMatch(/^Daily volume +0\.2 mL +0\.25 mL$/m);
    expect(said.out).toMatch(/^Schedule +daily +00:00 +400 ug\/day +daily +00:00 +500 ug\/day$/m);
    expect(said.out).toContain("Version 2 is in force, read back and the same.");
    expect(desk.asked).toHaveLength(3);
    expect(desk.pump.therapy.prescription.steps).toEqual([[0, 500_000]]);
  });

  test("changes nothing after a no, or where nobody can be asked", async () => {
    desk.answers = ["no"];
    expect(await desk.wand("program", file("500ug/day"))).toMatchObject({ code: 1, err: expect.stringContaining("nothing was changed") as string });
    desk.answers = undefined;
    expect(await desk.wand("program", file("500ug/day"))).toMatchObject({ code: 1, err: expect.stringContaining("--yes") as string });
    expect(desk.pump.therapy.version).toBe(0);
  });

  test("more steps than one message holds", async () => {
    const times = Array.from({ length: 24 }, (_, hour) => `"${String(hour).padStart(2, "0")}:00": ${200 + hour}ug/day`).join(", ");
    const week = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].map((day) => `${day}: {${times}}`).join(", ");
    const said = await desk.wand("program", file(`schedule: {${week}}`), "--yes", "--json");
    expect(said.code).toBe(0);
    expect(desk.pump.therapy.prescription.steps).toHaveLength(168);
    expect(said.lines.map(({ type }) => type)).toEqual(["review", "programmed"]);
  });

  test("the pump's refusal is told, and nothing was changed", async () => {
    expect(await desk.wand("program", file("90ug/day"), "--yes")).toMatchObject({ code: 6, err: expect.stringContaining("flow below minimum (10)") as string });
    expect(desk.pump.therapy.version).toBe(0);
  });

  test.each([
    ["rate: 500", 'prescription.yaml:1:7: "500" has no unit'],
    ["rte: 500ug/day", 'unknown field "rte" of prescription: did you mean "rate"?'],
    ["schedule: {mon-fri: {\"00:00\": 200ug/day}}", "no schedule for sat, sun"],
    ["schedule: {daily: {\"24:00\": 200ug/day}}", '"24:00" is not a time of day such as "08:30"'],
    ["rate: 500ug/day\nmode: minimum", "exactly one of rate, schedule, mode"],
    ["mode: minimal", 'unknown mode "minimal": did you mean "minimum"?'],
    ["{", "not YAML"],
    ["", "expected a prescription"],
  ])("a bad file is told with its place: %s", async (text, wrong) => {
    const said = await desk.wand("program", file(text), "--yes");
    expect(said.code).toBe(1);
    expect(said.err).toContain(wrong);
  });

  test("a commit whose answer is lost: says which prescription is in force, by asking again", async () => {
    const pump = desk.served;
    const commit = desk.pump.therapy.operate.bind(desk.pump.therapy);
    desk.pump.therapy.operate = (...args) => {
      if (args[2] === Op.commit) pump.hangUp();
      return commit(...args);
    };
    const said = await desk.wand("program", file("500ug/day"), "--yes");
    expect(said.code).toBe(1);
    expect(said.err).toContain("in force is version 1, the new one: schedule, 500 ug a day at the most");
    expect(said.err).toContain(`(error ${Problem.interrupted_unknown}, interrupted)`);
  });

  test("a pump that holds something else than it was sent is found out", async () => {
    await other({ key: KEY, defects: ["commits_half"] });
    await desk.wand("refill", "18mL", "--concentration", "2000ug/mL");
    const said = await desk.wand("program", file("500ug/day"), "--yes");
    expect(said.code).toBe(1);
    expect(said.err).toContain("neither the new one nor the one from before");
    expect(said.err).toContain("read back differs");
  });
});

describe("provision", () => {
  test("writes the key first, gives it to the pump, proves it, and writes the patient's", async () => {
    await other({});
    const patient = join(desk.directory, "patient.yaml");
    const said = await desk.wand("provision", "--name", "Bench 7", "--patient", patient);
    expect(said).toMatchObject({ code: 0, err: `key written to ${desk.key}\n` });
    const key = readKeyFile(desk.key);
    expect(key).toMatchObject({ pump: "Bench 7", role: Role.clinician });
    expect(Buffer.from(key.key)).toEqual(desk.pump.key);
    expect(statSync(desk.key).mode & 0o777).toBe(0o600);
    expect(readKeyFile(patient)).toEqual({ pump: "Bench 7", role: Role.patient, key: patientKey(key.key) });
    expect((await desk.wand("alarms")).code).toBe(0);
    expect((await desk.say("alarms", "--port", desk.served.port, "--key", patient)).code).toBe(0);
  });

  test("never overwrites a key file", async () => {
    await other({});
    writeFileSync(desk.key, "precious");
    expect(await desk.wand("provision")).toMatchObject({ code: 1, err: expect.stringContaining("never overwritten") as string });
    expect(readFileSync(desk.key, "utf8")).toBe("precious");
    expect(desk.pump.key).toBeUndefined();
  });

  test("makes nothing of a name or a file that cannot be", async () => {
    await other({});
    for (const wrong of [["--name", " "], ["--name", "a\nb"], ["--patient", desk.key], ["--patient", "/dev/null"]]) expect((await desk.wand("provision", ...wrong)).code).toBe(1);
    expect(existsSync(desk.key)).toBe(false);
    expect(desk.pump.key).toBeUndefined();
    expect(await desk.wand("provision", "--patient", "/dev/null/x")).toMatchObject({ code: 1, err: expect.stringContaining("cannot be written") as string });
    expect(desk.pump.key).toBeUndefined();
    // The key file stays, and can be used.
    expect((await desk.wand("provision", "--existing")).code).toBe(0);
  });

  test("leaves no key file for a pump that has a key", async () => {
    const fresh = join(desk.directory, "fresh.yaml");
    expect(await desk.say("provision", "--port", desk.served.port, "--key", fresh)).toMatchObject({ code: 6, err: expect.stringContaining("already provisioned") as string });
    expect(existsSync(fresh)).toBe(false);
  });

  test("an answer that is lost is no loss: the file stays, and --existing finishes it", async () => {
    await other({});
    const take = desk.pump.receive.bind(desk.pump);
    desk.pump.receive = (...args) => {
      take(...args);
      if (desk.pump.key !== undefined) desk.served.mute = true;
    };
    expect(await desk.wand("provision", "--timeout", "400ms")).toMatchObject({ code: 1, err: expect.stringContaining("wand provision --existing") as string });
    desk.pump.receive = take;
    desk.served.mute = false;
    expect(readKeyFile(desk.key).key).toEqual(new Uint8Array(desk.pump.key ?? []));
    expect((await desk.wand("provision", "--existing")).code).toBe(0);
  });
});

describe("what can be wrong", () => {
  test("a key file that others can read, with the chmod to type", async () => {
    chmodSync(desk.key, 0o640);
    expect(await desk.wand("alarms")).toMatchObject({ code: 1, err: expect.stringMatching(/mode 0640.*chmod 600 .*pump\.yaml \(error 741, key file open to others\)/) as string });
    expect(desk.pump.awake).toBe(false);
  });

  test.each(["", "pump: x", "pump: x\nrole: nurse\nkey: 00", "pump: x\nrole: patient\nkey: 0g", "- 1", "pump: [", `pump: x\nrole: clinician\nkey: ${"0".repeat(62)}`])("a bad key file: %j", async (text) => {
    writeFileSync(desk.key, text, { mode: 0o600 });
    expect(await desk.wand("alarms")).toMatchObject({ code: 1, err: expect.stringContaining("(error 743, bad key file)") as string });
  });

  test("no key file", async () => {
    expect(await desk.say("alarms", "--port", desk.served.port, "--key", "/nowhere/key")).toMatchObject({ code: 1, err: expect.stringContaining("(error 742, no key file)") as string });
  });

  test("the wrong key", async () => {
    await other({ key: KEY });
    writeFileSync(desk.key, `pump: x\nrole: clinician\nkey: "${"ab".repeat(32)}"\n`, { mode: 0o600 });
    const said = await desk.wand("alarms", "--json");
    expect(said.code).toBe(1);
    expect(said.lines).toEqual([{ schema: 1, type: "error", error: 703, name: "wrong key or pump", text: expect.any(String) as string, exit_code: 1 }]);
  });

  test("an unprovisioned pump, another version, a pump that is told to wait, a silent one", async () => {
    await other({});
    writeFileSync(desk.key, `pump: x\nrole: clinician\nkey: "${"ab".repeat(32)}"\n`, { mode: 0o600 });
    expect(await desk.wand("alarms")).toMatchObject({ code: 6, err: expect.stringContaining("(error 704, not provisioned)") as string });
    await other({ key: KEY, version: 9 });
    expect(await desk.wand("alarms")).toMatchObject({ code: 1, err: expect.stringContaining("(error 706, another version)") as string });
    desk.served.mute = true;
    expect(await desk.wand("alarms", "--timeout", "300ms")).toMatchObject({ code: 1, err: expect.stringContaining("(error 701, no answer)") as string });
  });

  test("a port that refuses, that is not there, that vanishes", async () => {
    expect(await desk.say("info", "--port", "tcp:127.0.0.1:1")).toMatchObject({ code: 1, err: expect.stringContaining("(error 725") as string });
    expect(await desk.say("info", "--port", "/dev/nowhere")).toMatchObject({ code: 1, err: expect.stringContaining("(error 721") as string });
    desk.served.intercept = () => {
      desk.served.hangUp();
      return true;
    };
    expect(await desk.wand("info")).toMatchObject({ code: 1, err: expect.stringContaining("(error 723") as string });
  });

  test("a line at another baud rate: bytes, and no frame among them", async () => {
    desk.served.intercept = () => {
      desk.served.say(Uint8Array.of(0xf8, 0x00, 0x80, 0x78));
      return true;
    };
    expect(await desk.wand("info", "--timeout", "300ms")).toMatchObject({ code: 1, err: expect.stringMatching(/115 200 baud.*\(error 702, garbage on the line\)/) as string });
  });

  test("the command itself, as a process: data on stdout without colours, chatter on stderr", async () => {
    const wand = fileURLToPath(new URL("../../protocol/wand/cli/wand.mjs", import.meta.url));
    const run = await promisify(execFile)(process.execPath, [wand, "info", "--port", desk.served.port, "--json"]);
    expect(run.stderr).toBe("");
    expect(JSON.parse(run.stdout)).toMatchObject({ schema: 1, type: "info", description: "fake pump" });
    await expect(promisify(execFile)(process.execPath, [wand, "alarms", "--port", desk.served.port, "--key", "/nowhere/key"])).rejects.toMatchObject({
      code: 1, stdout: "", stderr: expect.stringMatching(/^error: .*\(error 742, no key file\)\n$/) as string,
    });
  });

  test("typing errors", async () => {
    expect(await desk.say("interogate")).toMatchObject({ code: 1, err: expect.stringContaining("Did you mean interrogate?") as string });
    expect(await desk.say("refill", "18", "--concentration", "2000ug/mL")).toMatchObject({ code: 1, err: expect.stringContaining("has no unit") as string });
    expect(await desk.say("info", "--timeout", "3")).toMatchObject({ code: 1, err: expect.stringContaining("has no unit") as string });
  });

  test("ports are listed and, if there is only one, used", async () => {
    expect(await desk.say("list")).toMatchObject({ code: 0, out: "", err: expect.stringContaining("no port is there") as string });
    expect(await desk.say("info")).toMatchObject({ code: 1, err: expect.stringContaining("no port is there") as string });
    desk.ports = [{ port: desk.served.port, kind: "emulator", what: "a test" }];
    expect((await desk.say("list", "--json")).lines).toEqual([{ schema: 1, type: "port", port: desk.served.port, kind: "emulator", what: "a test" }]);
    expect(await desk.say("info")).toMatchObject({ code: 0, err: `port ${desk.served.port}\n` });
    desk.ports = [...desk.ports, { port: "/dev/ttyACM0", kind: "serial", what: "" }];
    expect(await desk.say("info")).toMatchObject({ code: 1, err: expect.stringContaining("several ports are there") as string });
  });

  test("the person's clock is what now means", async () => {
    const { lines } = await desk.wand("clock", "set", "now", "--json");
    expect(lines[0]).toMatchObject({ type: "clock_set", wall_ms: NOW_MS, wall: "2026-01-05 08:00" });
  });
});
