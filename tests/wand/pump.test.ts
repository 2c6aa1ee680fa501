// The verbs of the wand against the emulated pump: its own answers, in words.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Bench } from "../../emulator/bench";
import { Role } from "../../protocol/service";
import { patientKey } from "../../protocol/wand/cipher";
import { writeKeyFile } from "../../protocol/wand/library/key-file";
import { benchPump, transportTo } from "../live/virtual-wall";
import { Desk } from "./desk";
import type { Said } from "./desk";
import { KEY } from "./pair";

/** Long enough for any answer: a pulse boundary is at most 500 ms away. */
const ANSWER_US = 1_000_000;

let desk: Desk;
let bench: Bench;
let run: (us: number) => void;

beforeAll(async () => {
  desk = await Desk.open();
  const pump = benchPump();
  bench = pump.bench;
  run = (us) => { for (const end_us = pump.now_us + us; pump.now_us < end_us && bench.engine.step(end_us);); };
  desk.open = () => {
    const transport = transportTo(pump);
    return Promise.resolve({ ...transport, write: (bytes: Uint8Array) => {
      transport.write(bytes);
      setImmediate(() => { run(ANSWER_US); });
    } });
  };
  writeKeyFile(path("new.yaml"), { pump: "Emulated", role: Role.clinician, key: KEY });
  writeKeyFile(path("patient.yaml"), { pump: "Emulated", role: Role.patient, key: patientKey(KEY) });
  expect(await desk.say("provision", "--existing", "--port", "emulated", "--key", path("new.yaml"))).toMatchObject({ code: 0 });
});
afterAll(async () => { await desk.close(); });

const path = (name: string): string => join(desk.directory, name);
const wand = (...words: readonly string[]): Promise<Said> => desk.say(...words, "--port", "emulated", "--key", path("new.yaml"));
const asPatient = (...words: readonly string[]): Promise<Said> => desk.say(...words, "--port", "emulated", "--key", path("patient.yaml"));

function program(text: string, ...options: readonly string[]): Promise<Said> {
  writeFileSync(path("p.yaml"), text);
  return wand("program", path("p.yaml"), "--yes", ...options);
}

const refused = (text: string): object => ({ code: 6, err: expect.stringContaining(text) as string });
const pass = (hours: number): void => { run(hours * 3_600_000_000); };

describe.sequential("a pump from the shelf to its second drug", () => {
  test("is set up, primed, filled and given what the label proposes", async () => {
    expect(await wand("setup", "--reservoir", "20mL", "--catheter", "80cm")).toMatchObject({ code: 0 });
    expect(await wand("clock", "set", "2026-01-05 08:00")).toMatchObject({ code: 0 });
    expect(await wand("refill", "18mL", "--concentration", "1000ug/mL", "--lot", "A123")).toMatchObject({ code: 0 });
    expect(await wand("prime", "0.375mL", "--yes")).toMatchObject(refused("prime volume out of range (78)"));
    expect((await wand("prime", "0.316mL", "--yes")).out).toContain("18min 57s 600ms");
    pass(1);
    await desk.say("propose", "--dose", "100ug", "--effect-hours", "6", "--out", path("first.yaml"));
    expect(await wand("program", path("first.yaml"), "--yes")).toMatchObject({ code: 0, out: expect.stringContaining("Version 1 is in force, read back and the same.") as string });
    expect(await wand("start")).toMatchObject({ code: 0, out: "The pump is in the state therapy.\n" });
  });

  test("LIMIT-3a: rises by what is confirmed, with every part read back (PROG-2b)", async () => {
    pass(25);
    const whole = 'rate: 210ug/day\nboluses: {"08:00": {dose: 25ug, over: 30min}}\npatient: {dose: 20ug, over: 30min, most: 2}\ntitration: [{rate: 100%, days: 7}, {rate: 105%, days: 7}]';
    expect(await program(whole)).toMatchObject({ code: 1, err: expect.stringContaining("--confirm-dose 235ug/day") as string });
    // Timed or periodic boluses (DOSE-3).
    expect(await program(`${whole}\nperiodic: {every: 12h, dose: 5ug, over: 10min}`)).toMatchObject(refused("bolus out of range (71)"));
    expect(await program(whole.replace("210", "310"), "--confirm-dose", "335ug/day")).toMatchObject(refused("dose step too large (63)"));
    const said = await program(whole, "--confirm-dose", "235ug/day", "--json");
    expect(said).toMatchObject({ code: 0 });
    expect(said.lines.map(({ schema, type }) => [schema, type])).toEqual([[1, "review"], [1, "programmed"]]);
    const shown = (await wand("interrogate")).out;
    for (const row of [/^Boluses +08:00 {2}25 ug over 30min$/m, /^Patient's bolus +20 ug over 30min, lockout 4h, 2 in 24 h$/m, /^Caps +1 h 150 ug, 24 h 352\.5 ug$/m,
      /^Titration +100 % for 7 days$/m, /^Daily dose +235 ug, 0\.235 mL\/day$/m, /^Drug at the tip +1000 ug\/mL$/m, /dose confirmed +daily dose 235 ug$/m]) expect(shown).toMatch(row);
  });

  test("LIMIT-4b: the patient's bolus, its lockout, and what a patient may not", async () => {
    expect(await asPatient("bolus", "--patient")).toMatchObject({ code: 0, out: "The patient's bolus of 20 ug begins, over 30min.\n" });
    expect(await wand("bolus", "20ug", "--over", "30min")).toMatchObject(refused("bolus active (70)"));
    pass(1);
    expect(await asPatient("bolus", "--patient")).toMatchObject(refused("lockout (74)"));
    expect((await asPatient("bolus", "--patient")).err).toMatch(/^1 given in the last 24 h; the lockout ends in 2h 59min/);
    expect(await asPatient("bolus", "20ug", "--over", "30min")).toMatchObject(refused("not permitted (6)"));
    expect(await asPatient("stop", "--reason", "9")).toMatchObject(refused("not permitted (6)"));
  });

  test("DOSE-6b: a clinician's bolus is given and cancelled", async () => {
    expect(await wand("bolus", "150ug", "--over", "1h")).toMatchObject({ code: 1, err: expect.stringContaining("give --confirm 150ug") as string });
    expect(await wand("bolus", "150ug", "--over", "1h", "--confirm", "150ug")).toMatchObject(refused("above the cap of 1 h (66)"));
    expect(await wand("bolus", "30ug", "--over", "1h")).toMatchObject({ code: 0 });
    pass(0.5);
    expect(await wand("cancel", "bolus")).toMatchObject({ code: 0 });
    const log = (await wand("log", "--count", "6")).out;
    expect(log).toMatch(/bolus end +clinician, cancelled, of 30 ug$/m);
    expect(log).toMatch(/bolus sum +[\d.]+ ug confirmed, 0 ug uncertain, [\d.]+ ug not delivered$/m);
  });

  test("FILL-4a, FILL-7e: another drug comes with a prescription and a bridge", async () => {
    expect(await wand("refill", "18mL", "--concentration", "500ug/mL", "--rinsed")).toMatchObject(refused("concentration needs a bridge (23)"));
    const text = "rate: 230ug/day\nrefill: {volume: 18mL, concentration: 500ug/mL, aspirated: 12mL, rinsed: yes, lot: B7, bridge: yes}";
    const { out, code } = await program(text);
    expect(code).toBe(0);
    expect(out).toMatch(/^Drug +1000 ug\/mL +500 ug\/mL$/m);
    expect(out).toMatch(/^Bridge +0\.316 mL of 1000 ug\/mL, lasts 1d 8h 58min at the daily dose$/m);
    expect((await wand("delivery")).out).toMatch(/^Bridge +0\.31\d+ mL left, 1 drug on the way$/m);
    const log = (await wand("log", "--count", "12")).out;
    expect(log).toMatch(/bridge begin +1000 ug\/mL at the tip, 500 ug\/mL in the reservoir, 0\.316 mL between them$/m);
    expect(log).toMatch(/refill detail +12 mL taken out, 5\.\d+ mL off the books, lot B7$/m);
    expect((await wand("alarms")).out).toContain("refill discrepancy");
  });

  test("DOSE-9b: after more than 48 h without delivery the full rate is confirmed by the hours missed", async () => {
    expect(await wand("stop", "--reason", "test")).toMatchObject({ code: 0 });
    pass(50);
    expect(await wand("start")).toMatchObject({ code: 0, out: "The pump is in the state safe minimum.\n", err: expect.stringContaining("--missed-hours 50") as string });
    expect(await wand("start", "--missed-hours", "49")).toMatchObject(refused("full rate not confirmed (36)"));
    desk.answers = ["50"];
    expect(await wand("start")).toMatchObject({ code: 0, out: expect.stringContaining("The pump is in the state therapy.") as string });
    expect((await wand("log", "--count", "16")).out).toContain("50 hours without delivery: minimum rate until the full rate is confirmed");
  });

  test("the tone can be heard", async () => {
    expect(await asPatient("tone", "critical")).toMatchObject({ code: 0 });
    expect((await wand("log", "--count", "3")).out).toMatch(/tone tested +critical$/m);
  });
});
