// What the wand reads and prints: prescriptions, amounts, days, records.

import { describe, expect, test } from "vitest";
import { RecordKind } from "../../protocol/records";
import { Mode } from "../../protocol/states";
import { PROBLEM_TEXTS } from "../../protocol/wand/problems";
import { constantRate, MINIMUM_RATE } from "../../protocol/wand/procedures/prescription";
import { basalText, changeText, chargeText, doseText, flowText, volumeOf } from "../../protocol/wand/text/amounts";
import { lotNumber } from "../../protocol/wand/text/lot";
import { bridge_ms } from "../../protocol/wand/text/review";
import { prescriptionText, scheduleRows } from "../../protocol/wand/text/prescribed";
import { readPrescriptionText } from "../../protocol/wand/text/prescription";
import { recordRow } from "../../protocol/wand/text/records";
import { columns } from "../../protocol/wand/text/table";
import { daysText, minuteText, parseDays, parseMinute } from "../../protocol/wand/text/week";

const read = (text: string): unknown => readPrescriptionText("p.yaml", text);

describe("a prescription file", () => {
  test.each(["500ug/day", "rate: 500ug/day", "prescribe: 500ug/day", "prescribe: {rate: 500ug/day}", "rate: 0.5 mg/day # half a milligram", '{"rate": "500ug/day"}'])("one rate: %s", (text) => {
    expect(read(text)).toEqual(constantRate(500_000));
  });

  test("the minimum rate", () => {
    expect(read("mode: minimum")).toEqual(MINIMUM_RATE);
  });

  test("a schedule, in the order in which it stands, with aliases", () => {
    expect(read('schedule:\n  mon-thu: &usual {"00:00": 200ug/day, "08:30": 350ug/day}\n  fri: *usual\n  sat,sun: {"00:00": 200ug/day}\n')).toEqual({
      mode: Mode.schedule, week: [0, 0, 0, 0, 1, 2, 2],
      steps: [[0, 200_000], [510, 350_000], [1440, 200_000], [1950, 350_000], [2880, 200_000]].map(([key, rate_ng_per_day]) => ({ key, rate_ng_per_day })),
    });
  });

  test("everything that is wrong is told at once, each with its place", () => {
    expect(() => read('schedule:\n  mon-fry: {"00:00": 200ug/day}\n  sat-sun: {"0:00": 200ug/day, "08:00": fast, "09:00": }\n')).toThrow([
      'p.yaml:2:3: "mon-fry" is not weekdays such as "mon-fri", "sat,sun" or "daily"',
      'p.yaml:3:13: "0:00" is not a time of day such as "08:30"',
      'p.yaml:3:41: "fast" is not a dose rate such as "500ug/day" (ng/day, ug/day or mg/day)',
      'p.yaml:3:47: "09:00" has no value: expected a dose rate such as "500ug/day" (ng/day, ug/day or mg/day)',
    ].join("\n"));
  });

  test("every part, in the words of a scenario", () => {
    expect(read('rate: 400ug/day\nboluses: {"08:00": {dose: 40ug, over: 30min}, "20:00": {dose: 30ug, over: 1h}}\npatient: {dose: 20ug, over: 20min, most: 2}\ncaps: {day: 700ug}\n'
      + "titration: [{rate: 110%, days: 7}]\nrefill: {volume: 18mL, concentration: 500ug/mL, aspirated: 1.2mL, rinsed: yes, lot: A1, bridge: cleared}\n")).toEqual({
      ...constantRate(400_000), timed: [{ minute: 480, dose_ng: 40_000, minutes: 30 }, { minute: 1200, dose_ng: 30_000, minutes: 60 }], patient: { dose_ng: 20_000, minutes: 20, lockout_min: 240, most: 2 },
      caps: { hour_ng: 0, day_ng: 700_000 }, titration: [{ permille: 1100, days: 7 }],
      refill: { drug: 1, volume_nL: 18_000_000, concentration: 500, aspirated_nL: 1_200_000, rinsed: true, lot: lotNumber("A1"), bridge: 2 },
    });
    expect(read("rate: 400ug/day\nperiodic: {every: 6h, dose: 5ug, over: 10min}")).toEqual({ ...constantRate(400_000), periodic: { interval_min: 360, dose_ng: 5000, minutes: 10 } });
  });

  test("all problems of all parts at once, with line, column, field and what was expected", () => {
    expect(() => read([
      "rate: 400ug/day", "boluses:", '  "8:00": {dose: 40ug, over: 30min}', '  "09:00": {dose: 40, over: 90s}', "patiant: {dose: 20ug}", "patient: {dose: 20ug, over: 20min}", "caps: {hou: 1ug}",
      "titration: [{rate: 110%}, {rate: fast, days: 7}]", "refill: {volume: 18mL, concentration: 500ug/mL, drug: baclofin, bridge: maybe}",
    ].join("\n"))).toThrow([
      'p.yaml:3:3: "8:00" is not a time of day: expected one such as "08:00"',
      'p.yaml:4:19: "40" has no unit: give a dose such as "500ug" (ng, ug or mg)',
      'p.yaml:4:29: "90s" is no whole number of minutes: durations of boluses are whole minutes',
      'p.yaml:5:1: unknown field "patiant" of prescription: did you mean "patient"?',
      'p.yaml:6:10: patient bolus needs "most": a whole number from 0 to 255',
      'p.yaml:7:8: unknown field "hou" of caps: did you mean "hour"?',
      'p.yaml:8:13: titration step needs "days": a whole number from 0 to 255',
      'p.yaml:8:34: "fast" is not a share such as "30%" (permille or %)',
      'p.yaml:9:55: unknown drug "baclofin": did you mean "baclofen"?',
      'p.yaml:9:73: unknown bridge "maybe": expected one of no, yes, cleared',
    ].join("\n"));
  });

  test("a scenario's word that is none of a prescription's is told", () => {
    expect(() => read("rate: 400ug/day\nexpect_refusal: busy")).toThrow('p.yaml:2:1: unknown field "expect_refusal" of prescription');
  });

  test.each(["- 500ug/day", "rate: [1]", "rate:", "schedule: 500ug/day", "rate: 500ug/day\nrate: 500ug/day", "&a [*a]", "rate: 0.0001ug/day", "x".repeat(100_001), "a: *nowhere", "mode: {}"])("what is none is refused: %.20s", (text) => {
    expect(() => read(text)).toThrow(/^p\.yaml/);
  });
});

describe("days and times", () => {
  test.each([["daily", [0, 1, 2, 3, 4, 5, 6]], ["mon-fri", [0, 1, 2, 3, 4]], ["sat,sun", [5, 6]], ["mon,wed-fri,sun", [0, 2, 3, 4, 6]], ["tue", [1]]])("%s", (text, days) => {
    expect(daysText(days)).toBe(text);
    expect(parseDays(text)).toEqual(days);
  });

  test("each minute of the day comes back", () => {
    for (let minute = 0; minute < 1440; minute += 1) expect(parseMinute(minuteText(minute))).toBe(minute);
  });
});

describe("amounts", () => {
  test("are exact", () => {
    expect(doseText(296_875)).toBe("296.875 ug");
    expect(chargeText(3_600_000_000)).toBe("1 mAh");
    expect(basalText(Mode.minimum_rate, 6000)).toBe("0.006 mL/day");
    expect(basalText(Mode.schedule, 500_000)).toBe("500 ug/day");
  });

  test("500 ug a day of 2000 ug/mL are 0.25 mL, as in the worked figures", () => {
    expect(volumeOf(500_000, 2000)).toBe(250_000);
    expect(flowText(500_000, 2000)).toBe("0.25 mL/day");
  });

  test("FILL-7e: a bridge of 0.316 mL lasts 18.96 h from 500 ug/mL at 200 ug a day, 75.84 h from 2000, as in the worked figures", () => {
    expect(bridge_ms(316_000, 200_000, 500)).toBe(18.96 * 3_600_000);
    expect(bridge_ms(316_000, 200_000, 2000)).toBe(75.84 * 3_600_000);
  });

  test.each([[400, 500, "+25 %"], [500, 400, "-20 %"], [1000, 1001, "+0.1 %"], [1_000_000, 1_000_001, "+0.1 %"], [5, 5, "no change"], [0, 5, "new"], [300, 400, "+33.4 %"]])("from %i to %i is %s", (before, now, text) => {
    expect(changeText(before, now)).toBe(text);
  });
});

describe("words", () => {
  test("a prescription's schedule names days that are alike once", () => {
    const rows = scheduleRows(readPrescriptionText("p", 'schedule: {mon: {"00:00": 1ug/day}, tue-fri: {"00:00": 2ug/day, "12:00": 3ug/day}, sat,sun: {"00:00": 1ug/day}}'.replace("sat,sun", "sat-sun")));
    expect(columns(rows)).toEqual(["mon,sat,sun  00:00  1 ug/day", "tue-fri      00:00  2 ug/day", "             12:00  3 ug/day"]);
    expect(prescriptionText(constantRate(500_000))).toBe("schedule, 500 ug a day at the most");
    expect(prescriptionText(MINIMUM_RATE)).toBe("minimum rate");
  });

  test.each([
    [{ kind: RecordKind.operation, a: 146, b: 21, c: 0 }, "refill: refused, overfill"],
    [{ kind: RecordKind.stall_end, a: 20_500, b: 41, c: 1 }, "a pulse was confirmed; missed 20.5 ug, 41 pulses uncertain"],
    [{ kind: RecordKind.segment, a: 1, b: 6000, c: 3 }, "minimum rate 0.006 mL/day, version 3"],
    [{ kind: RecordKind.login, a: 2, b: 1, c: 0 }, "patient, after 1 failed login"],
    [{ kind: RecordKind.boot, a: 3, b: 905, c: 0 }, "panic 905: command too soon"],
    [{ kind: RecordKind.not_delivered, a: 1000, b: 60_000, c: 1 }, "1 ug over 1min"],
    [{ kind: RecordKind.bolus_begin, a: 4, b: 25_000, c: 1_800_000 }, "patient, 25 ug over 30min"],
    [{ kind: RecordKind.bolus_end, a: 1, b: 4, c: 50_000 }, "clinician, stalled, of 50 ug"],
    [{ kind: RecordKind.bolus_skipped, a: 2, b: 0, c: 1 }, "timed bolus 1: clock jump"],
    [{ kind: RecordKind.bridge_end, a: 500, b: 0, c: 0 }, "500 ug/mL at the tip"],
    [{ kind: RecordKind.refill_detail, a: 1_200_000, b: 300_000, c: lotNumber("A123") ?? 0 }, "1.2 mL taken out, 0.3 mL off the books, lot A123"],
    [{ kind: RecordKind.prime_begin, a: 316_000, b: 1264, c: 0 }, "0.316 mL"],
    [{ kind: RecordKind.prime_end, a: 0, b: 1, c: 0 }, "complete, 0 pulses left"],
    [{ kind: RecordKind.titration, a: 2, b: 1100, c: 0 }, "step 2, 110 %"],
    [{ kind: RecordKind.daily_dose, a: 500_000, b: 0, c: 0 }, "500 ug; in the 24 h before none"],
    [{ kind: RecordKind.daily_dose, a: 500_000, b: 450_000, c: 400_000 }, "500 ug; in the 24 h before 400 ug to 450 ug"],
    [{ kind: RecordKind.dose_confirmed, a: 600_000, b: 120_000, c: 2 }, "daily dose 600 ug, bolus 120 ug, reason 2 side effects"],
    [{ kind: RecordKind.tolerance_lost, a: 50, b: 0, c: 0 }, "50 hours without delivery: minimum rate until the full rate is confirmed"],
    [{ kind: RecordKind.tone_tested, a: 0, b: 0, c: 0 }, "other"],
    [{ kind: 99 as RecordKind, a: 1, b: 2, c: 3 }, "1 2 3"],
  ])("a record: %o", (record, text) => {
    expect(recordRow({ number: 7, pump_ms: 0, wall_ms: Date.UTC(2026, 0, 5, 8), ...record }).slice(0, 2)).toEqual(["7", "2026-01-05 08:00"]);
    expect(recordRow({ number: 7, pump_ms: 0, wall_ms: 0, ...record }).at(-1)).toBe(text);
  });

  test("every problem has a name of its own, and a text", () => {
    const texts = Object.values(PROBLEM_TEXTS);
    expect(new Set(texts.map(({ name }) => name)).size).toBe(texts.length);
    for (const [number, { text }] of Object.entries(PROBLEM_TEXTS)) expect([Number(number) > 700, text.length > 10]).toEqual([true, true]);
  });
});
