// The verbs of the therapy against the fake pump: what is done, what refused.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Op } from "../../protocol/operations";
import { patientKey } from "../../protocol/wand/cipher";
import { discrepancyOf } from "../../protocol/wand/cli/commands/refill";
import { Desk } from "./desk";
import type { Said } from "./desk";
import { KEY } from "./pair";

let desk: Desk;
beforeEach(async () => { desk = await Desk.open(); });
afterEach(async () => { await desk.close(); });

const path = (name: string): string => join(desk.directory, name);

/** Programs a file with this text. */
function program(text: string, ...options: readonly string[]): Promise<Said> {
  writeFileSync(path("p.yaml"), text);
  return desk.wand("program", path("p.yaml"), ...options);
}

/** In therapy at 500 ug/day, with a bolus for the patient. */
async function inTherapy(): Promise<void> {
  await desk.wand("refill", "18mL", "--concentration", "2000ug/mL");
  await program("rate: 500ug/day\npatient: {dose: 25ug, over: 30min, most: 3}", "--yes");
  await desk.wand("start");
}

/** A command with the patient's key. */
function asPatient(...words: readonly string[]): Promise<Said> {
  if (!existsSync(path("patient.yaml"))) writeFileSync(path("patient.yaml"), `{"pump": "Bench 1", "role": "patient", "key": "${Buffer.from(patientKey(KEY)).toString("hex")}"}`, { mode: 0o600 });
  return desk.say(...words, "--port", desk.served.port, "--key", path("patient.yaml"));
}

const refused = (text: string): object => ({ code: 6, err: expect.stringContaining(text) as string });
const wrong = (text: string): object => ({ code: 1, err: expect.stringContaining(text) as string });

describe("LIMIT-1f: soft limits are confirmed by their values", () => {
  beforeEach(inTherapy);

  test("the daily dose: --yes is no confirmation, its value is", async () => {
    expect(await program("600ug/day", "--yes")).toMatchObject(wrong("give --confirm-dose 600ug/day; nothing was changed"));
    expect(await program("600ug/day", "--yes", "--confirm-dose", "601ug/day")).toMatchObject(wrong("what --confirm-dose says is not the daily dose, which is 600ug/day; nothing was changed"));
    desk.answers = ["6000ug/day", "yes"];
    expect(await program("600ug/day")).toMatchObject(wrong('"6000ug/day" is not the daily dose, which is 600ug/day; nothing was changed'));
    desk.answers = ["600", "yes"];
    expect(await program("600ug/day")).toMatchObject(wrong("has no unit"));
    expect(desk.pump.therapy.version).toBe(1);
    expect(await program("600ug/day", "--yes", "--confirm-dose", "0.6mg/day")).toMatchObject({ code: 0 });
    expect(desk.pump.therapy.version).toBe(2);
  });

  test("a bolus, typed again by the person", async () => {
    desk.answers = ["120ug", "yes"];
    const said = await program('rate: 400ug/day\nboluses: {"08:00": {dose: 120ug, over: 2h}}');
    expect(said.out).toMatch(/^To confirm +the largest bolus, 120 ug: above the soft limit$/m);
    expect(desk.asked.at(-2)).toContain("Type the largest bolus again");
    expect(said.code).toBe(0);
  });

  test("LIMIT-3a: a large step down takes a reason, by number or name", async () => {
    expect(await program("200ug/day", "--yes", "--confirm-dose", "200ug/day")).toMatchObject(wrong("give --reason, a number from 1 to 255, or one of: 1 clinical decision, 2 side effects"));
    expect(await program("200ug/day", "--yes", "--confirm-dose", "200ug/day", "--reason", "side efects")).toMatchObject(wrong('did you mean "side effects"?'));
    expect(desk.pump.therapy.version).toBe(1);
    const { code, lines } = await program("200ug/day", "--yes", "--confirm-dose", "200ug/day", "--reason", "side-effects", "--json");
    expect(code).toBe(0);
    expect(lines.at(-1)).toMatchObject({ schema: 1, type: "programmed", confirmed: { daily_ng: 200_000, bolus_ng: 0, reason: 2 } });
  });

  test("a step up above the hard limit cannot be confirmed", async () => {
    expect(await program("800ug/day", "--yes", "--confirm-dose", "800ug/day")).toMatchObject(refused("dose step too large (63)"));
  });
});

describe("program", () => {
  beforeEach(inTherapy);

  test("shows boluses, caps, plan, drug and bridge beside what is in force", async () => {
    const { out, code } = await program([
      "rate: 400ug/day", 'boluses: {"08:00": {dose: 40ug, over: 30min}}', "periodic: {every: 6h, dose: 5ug, over: 10min}", "patient: {dose: 20ug, over: 20min, lockout: 6h, most: 2}",
      "caps: {hour: 100ug, day: 700ug}", "titration: [{rate: 100%, days: 7}, {rate: 110%, days: 1}]", "refill: {volume: 18mL, concentration: 500ug/mL, rinsed: yes, bridge: yes}",
    ].join("\n"), "--yes");
    expect(code).toBe(0);
    for (const row of [
      /^Daily dose +500 ug +460 ug +-8 %$/m, /^ {2}of it boluses +60 ug$/m, /^Boluses +08:00 {2}40 ug over 30min$/m, /^Periodic bolus +5 ug over 10min, every 6h$/m,
      /^Patient's bolus +25 ug over 30min, lockout 4h, 3 in 24 h +20 ug over 20min, lockout 6h, 2 in 24 h$/m, /^Caps +1 h 150 ug, 24 h 750 ug +1 h 100 ug, 24 h 700 ug$/m,
      /^Titration +100 % for 7 days$/m, /^ +110 % for 1 day$/m, /^Drug +2000 ug\/mL +500 ug\/mL$/m, /^Bridge +0\.316 mL of 2000 ug\/mL, lasts 1d 8h 58min at the daily dose$/m,
      /^Refill +18 mL of baclofen 500 ug\/mL, 0 mL taken out before, rinsed, bridge$/m, /^Largest 1 h /m, /^ {2}at nominal flow /m,
    ]) expect(out).toMatch(row);
  });

  test("PROG-2b: a pump that holds another bolus than it was sent is found out", async () => {
    await desk.close();
    desk = await Desk.open({ key: KEY, defects: ["holds_other_boluses"] });
    await desk.wand("refill", "18mL", "--concentration", "2000ug/mL");
    expect(await program('rate: 500ug/day\nboluses: {"08:00": {dose: 50ug, over: 30min}}', "--yes")).toMatchObject(wrong("another boluses"));
  });
});

describe("bolus", () => {
  test("a clinician's, and its end", async () => {
    await inTherapy();
    expect(await desk.wand("bolus", "50ug", "--over", "30min")).toMatchObject({ code: 0, out: "A bolus of 50 ug begins, over 30min.\n" });
    expect(desk.pump.therapy.asked.get(Op.bolus)).toEqual([50_000, 30, 0]);
    expect(await desk.wand("bolus", "50ug", "--over", "30min")).toMatchObject(refused("bolus active (70)"));
    expect((await desk.wand("delivery")).out).toMatch(/^Bolus +clinician, 0 ug of 50 ug confirmed, 50 ug left$/m);
    expect(await desk.wand("cancel", "bolus")).toMatchObject({ code: 0 });
    expect(await desk.wand("cancel", "bolus")).toMatchObject(refused("not active (79)"));
    expect(await desk.wand("cancel", "bolos")).toMatchObject(wrong("Allowed choices are bolus, prime"));
  });

  test("that is lengthened says so", async () => {
    await inTherapy();
    desk.pump.therapy.lengthens = true;
    const { lines } = await desk.wand("bolus", "50ug", "--over", "1min", "--json");
    expect(lines).toEqual([{ schema: 1, type: "bolus", by: "clinician", dose_ng: 50_000, duration_ms: 120_000, lengthened: true }]);
  });

  test("LIMIT-1f: above the soft limit it is said again, by option or by the person", async () => {
    await inTherapy();
    expect(await desk.wand("bolus", "120ug", "--over", "1h")).toMatchObject(wrong("give --confirm 120ug; nothing was changed"));
    expect(await desk.wand("bolus", "120ug", "--over", "1h", "--confirm", "12ug")).toMatchObject(wrong("what --confirm says is not the dose, which is 120ug; nothing was changed"));
    expect(desk.pump.therapy.bolus).toBeUndefined();
    desk.answers = ["120ug"];
    expect(await desk.wand("bolus", "120ug", "--over", "1h")).toMatchObject({ code: 0 });
    await desk.wand("cancel", "bolus");
    expect(await desk.wand("bolus", "120ug", "--over", "1h", "--confirm", "120ug")).toMatchObject({ code: 0 });
    expect(await desk.wand("bolus", "300ug", "--over", "1h", "--confirm", "300ug")).toMatchObject({ code: 6 });
  });

  test.each([[["bolus", "50ug"], "needs a dose and a duration"], [["bolus", "--over", "30min"], "needs a dose and a duration"], [["bolus", "50", "--over", "30min"], "has no unit"],
    [["bolus", "50ug", "--over", "90s"], "Whole minutes only"], [["bolus", "50ug", "--patient"], "takes no dose"], [["bolus", "--patient", "--over", "1h"], "takes no dose"]])("%s", async (words, text) => {
    expect(await desk.wand(...words)).toMatchObject(wrong(text));
  });

  test("LIMIT-4b: the patient's own, with the patient's key, and nothing that is the clinician's", async () => {
    await inTherapy();
    expect(await asPatient("bolus", "--patient")).toMatchObject({ code: 0, out: "The patient's bolus of 25 ug begins, over 30min.\n" });
    expect((await asPatient("delivery")).out).toMatch(/^Patient +1 in 24 h, locked out for 4h$/m);
    expect(await asPatient("tone", "other")).toMatchObject({ code: 0 });
    for (const words of [["bolus", "50ug", "--over", "30min"], ["cancel", "bolus"], ["prime", "0.3mL", "--yes"], ["refill", "18mL", "--concentration", "2000ug/mL"], ["start"], ["stop", "--reason", "1"],
      ["program", path("p.yaml"), "--yes"], ["setup", "--reservoir", "20mL", "--catheter", "80cm"]]) {
      expect(await asPatient(...words), words.join(" ")).toMatchObject(refused("not permitted (6)"));
    }
  });

  test("the patient's is refused where none is prescribed", async () => {
    await desk.wand("refill", "18mL", "--concentration", "2000ug/mL");
    await program("500ug/day", "--yes");
    await desk.wand("start");
    expect(await asPatient("bolus", "--patient")).toMatchObject(refused("patient bolus off (73)"));
  });
});

describe("prime", () => {
  test("FILL-6c: is armed, shown, confirmed and begun, and can be ended", async () => {
    desk.answers = ["yes"];
    const said = await desk.wand("prime", "0.316mL");
    expect(said.code).toBe(0);
    expect(said.out).toContain("0.316 mL at the greatest flow, 18min 57s 600ms: fills pump tubing and catheter.");
    expect(desk.pump.therapy.prime_nL).toBe(316_000);
    expect((await desk.wand("delivery")).out).toMatch(/^Prime +0\.316 mL left$/m);
    expect(await desk.wand("cancel", "prime")).toMatchObject({ code: 0 });
  });

  test("is not begun after a no, nor where nobody can be asked, nor in therapy, nor for more than there is", async () => {
    desk.answers = ["no"];
    expect(await desk.wand("prime", "0.316mL")).toMatchObject(wrong("it was not begun"));
    desk.answers = undefined;
    expect(await desk.wand("prime", "0.316mL")).toMatchObject(wrong("Give --yes"));
    expect(desk.pump.therapy.prime_nL).toBe(0);
    expect(await desk.wand("prime", "0.375mL", "--yes")).toMatchObject(refused("prime volume out of range (78)"));
    await inTherapy();
    expect(await desk.wand("prime", "0.316mL", "--yes")).toMatchObject(refused("not in this state"));
  });
});

describe("refill", () => {
  test("FILL-4b: shows what the books expect, what was taken out, and a discrepancy", async () => {
    await desk.wand("refill", "18mL", "--concentration", "2000ug/mL");
    const said = await desk.wand("refill", "18mL", "--concentration", "2000ug/mL", "--aspirated", "15mL");
    expect(said.out).toContain("The books expect 18 mL, 15 mL was taken out: 3 mL apart, nothing was delivered since the last fill.");
    expect(said.out).toContain("the pump raises a refill discrepancy alarm");
    expect((await desk.wand("refill", "18mL", "--concentration", "2000ug/mL", "--aspirated", "18mL")).out).not.toContain("discrepancy alarm");
  });

  test.each([
    // Taken out, of 10 mL that the books expect after 8 mL were delivered.
    [10_000_000, 0, 0, false], [8_840_000, 1_160_000, 145, false], [8_830_000, 1_170_000, 147, true], [12_100_000, 2_100_000, 263, true],
  ])("FILL-4b: %i nL taken out", (aspirated_nL, discrepancy_nL, permille, flagged) => {
    expect(discrepancyOf({ fill_nL: 18_000_000, remaining_pL: 10_000_000_000 }, aspirated_nL)).toEqual({ expected_nL: 10_000_000, discrepancy_nL, permille, flagged });
  });

  test("FILL-4b: more than 2 mL is flagged however much was delivered", () => {
    expect(discrepancyOf({ fill_nL: 38_000_000, remaining_pL: 3_000_000_000 }, 5_000_000)).toMatchObject({ flagged: false });
    expect(discrepancyOf({ fill_nL: 38_000_000, remaining_pL: 3_000_000_000 }, 5_000_001)).toMatchObject({ flagged: true });
  });

  test("refuses other drugs and volumes", async () => {
    expect(await desk.wand("refill", "19mL", "--concentration", "2000ug/mL")).toMatchObject(refused("overfill (21)"));
    expect(await desk.wand("refill", "18mL", "--concentration", "2000ug/mL", "--drug", "morphine")).toMatchObject(wrong("Allowed choices are baclofen"));
  });
});

describe("start after a long absence (DOSE-9b)", () => {
  beforeEach(async () => {
    await desk.wand("refill", "18mL", "--concentration", "2000ug/mL");
    await program("500ug/day", "--yes");
    desk.pump.therapy.missed_hours = 55;
  });

  test("begins at the minimum rate and says how to go on", async () => {
    expect(await desk.wand("start")).toMatchObject({ code: 0, out: "The pump is in the state safe minimum.\n", err: expect.stringContaining("--missed-hours 55") as string });
    desk.pump.therapy.alarms = 2 ** 6;
    expect(await desk.wand("start")).toMatchObject(wrong("give --missed-hours 55; nothing was changed"));
    desk.answers = ["5"];
    expect(await desk.wand("start")).toMatchObject(wrong('"5" is not the hours missed, 55'));
    expect(await desk.wand("start", "--missed-hours", "54")).toMatchObject(refused("full rate not confirmed (36)"));
    desk.answers = ["55"];
    expect(await desk.wand("start")).toMatchObject({ code: 0, out: expect.stringContaining("Nothing was delivered for 55 h") as string });
    expect(desk.pump.therapy.state).toBe(1);
  });
});

describe("clock, tone, setup", () => {
  test("DOSE-5f: a clock set that could break a cap is confirmed where the pump asks", async () => {
    desk.pump.therapy.clock_needs_confirmation = true;
    expect(await desk.wand("clock", "set", "2026-03-29 03:00")).toMatchObject(wrong("Give --confirm"));
    desk.answers = ["no", "yes"];
    expect(await desk.wand("clock", "set", "2026-03-29 03:00")).toMatchObject(wrong("the clock was not set"));
    expect(await desk.wand("clock", "set", "2026-03-29 03:00")).toMatchObject({ code: 0 });
    expect(await desk.wand("clock", "set", "2026-03-29 03:00", "--confirm")).toMatchObject({ code: 0 });
  });

  test("tones by name", async () => {
    expect(await desk.wand("tone", "critical", "--json")).toMatchObject({ code: 0, lines: [{ schema: 1, type: "tone", critical: true }] });
    expect(desk.pump.therapy.asked.get(Op.test_tone)).toEqual([1]);
    expect(await desk.wand("tone", "loud")).toMatchObject(wrong("Allowed choices are critical, other"));
  });

  test("the replaced pump's dose is said twice", async () => {
    const words = ["setup", "--reservoir", "20mL", "--catheter", "80cm", "--replaces", "450ug/day"];
    expect(await desk.wand(...words)).toMatchObject(wrong("give --confirm-replaces 450ug/day"));
    expect(await desk.wand(...words, "--confirm-replaces", "45ug/day")).toMatchObject({ code: 1 });
    expect(desk.pump.therapy.asked.get(Op.set_up)).toBeUndefined();
    expect(await desk.wand(...words, "--confirm-replaces", "450ug/day")).toMatchObject({ code: 0 });
    expect(desk.pump.therapy.asked.get(Op.set_up)).toEqual([250_000, 20_000_000, 80, 450_000, 450_000]);
  });
});

describe("propose", () => {
  test.each([["50ug", "6", "100 ug/day"], ["75ug", "8", "150 ug/day"], ["100ug", "8", "200 ug/day"], ["50ug", "8.5", "50 ug/day"], ["100ug", "12", "100 ug/day"]])("%s with an effect of %s h: %s", async (dose, hours, rate) => {
    const said = await desk.say("propose", "--dose", dose, "--effect-hours", hours);
    expect(said.code).toBe(0);
    expect(said.out).toContain(rate);
    expect(said.out).toContain("No increase in the first 24 h");
  });

  test("writes a file that program takes, and overwrites none", async () => {
    expect((await desk.say("propose", "--dose", "75ug", "--effect-hours", "5", "--out", path("first.yaml"))).code).toBe(0);
    expect(readFileSync(path("first.yaml"), "utf8")).toMatch(/^# A first prescription.*\n# Screening dose 75 ug; .*twice the screening dose\.\n(#.*\n)+rate: 150ug\/day\n$/);
    await desk.wand("refill", "18mL", "--concentration", "500ug/mL");
    expect(await desk.wand("program", path("first.yaml"), "--yes")).toMatchObject({ code: 0 });
    expect(await desk.say("propose", "--dose", "50ug", "--effect-hours", "5", "--out", path("first.yaml"))).toMatchObject(wrong("is not overwritten"));
    expect(readFileSync(path("first.yaml"), "utf8")).toContain("150ug/day");
  });

  test.each([[["--dose", "60ug", "--effect-hours", "6"], "60 ug is no screening dose: the label has 50 ug, 75 ug, 100 ug"], [["--dose", "100ug", "--no-effect"], "not a candidate for a pump"],
    [["--dose", "50ug", "--no-effect"], "the next test dose is 75 ug, 24 h after"], [["--dose", "50ug"], "was there an effect?"], [["--dose", "50ug", "--effect-hours", "0"], "more than 0 and at most 24 hours"],
    [["--dose", "50ug", "--effect-hours", "6h"], "no number of hours"], [["--dose", "50ug", "--effect-hours", "6", "--no-effect"], "contradict"], [["--effect-hours", "6"], "required option"]])("%s is refused", async (words, text) => {
    expect(await desk.say("propose", ...words)).toMatchObject(wrong(text));
  });
});
