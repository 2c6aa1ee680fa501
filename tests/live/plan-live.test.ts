// A plan on the live emulator by the command line; a real bench's instruments.

import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { openInstruments } from "../../emulator/cli/bench-instruments";
import { writePulses } from "../../emulator/cli/pulse-file";
import { UsageError } from "../../emulator/cli/usage-error";
import { processWall } from "../../emulator/cli/wall";
import { LiveServer } from "../../emulator/live/server";
import { DEFAULT_UNIT } from "../../emulator/unit";
import { reportHtml } from "../../emulator/verify/html";
import { InstrumentError } from "../../emulator/verify/instruments";
import { parsePlan } from "../../emulator/verify/plan";
import { reportText, verifyXml } from "../../emulator/verify/report";
import { PLANNED_ROWS } from "../../emulator/verify/verify";
import type { RowResult } from "../../emulator/verify/verify";
import { createController } from "../../firmware/controller";
import { Folder, run } from "../cli/harness";

const folder = new Folder();
afterAll(() => { folder.remove(); });
const path = (name: string): string => join(folder.path, name);

/** What comes after some ms of the wall. */
const soon = (ms: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, ms); });

describe("itb-pump verify --plan", () => {
  // By the wall's clock: on a machine that is busy elsewhere a pump may not answer in time, and is asked another time.
  let attempt = 0;
  test("finds the live emulator a correct pump, at 20 times life, and reports on one page", { retry: 2 }, async () => {
    attempt += 1;
    const [key, pulses, report] = [`key-${attempt}.yaml`, `pulses-${attempt}.txt`, `report-${attempt}`].map(path) as [string, string, string];
    writeFileSync(pulses, "");
    const server = new LiveServer({ controller: createController, target: "node", wall: processWall(), seed: 1, unit: DEFAULT_UNIT, speed: 20, tcp: { host: "127.0.0.1", port: 0 }, news: () => undefined, running: path(`running-${attempt}`) });
    const end = writePulses(pulses, server.bench);
    await server.start();
    const plan = folder.file("plan.yaml", `verify: The live emulator\nallow: [provision, program, start, bolus]\npulses: {from: ${pulses}}\npower: {off: "exit 3", on: "true"}\ndose: 2min\nspeed: 20\nflood: 0s\n`);
    try {
      const { code, out, err } = await run(["verify", server.tcp ?? "", "--key", key, "--plan", plan, "--report", report]);
      expect(out).toMatch(/\n\d+ passed, 0 failed, \d+ not shown\n$/);
      expect(out).toMatch(/ {2}pass {2}dose-books .*\n +seen: 2\d pulses in 1[2-3]\d\.\d s; 2\d\.\d\d are prescribed\n/);
      expect(out).toMatch(/ {2}pass {2}dose-pulses .*\n +seen: (2\d) edges, \1 pulses in the books\n/);
      expect(out).toMatch(/ {2}- {5}clock .*\n +not run: needs a pump in real time/);
      expect(out).toMatch(/ {2}- {5}power-back .*\n +not run: needs "power" among what the plan allows/);
      expect(code).toBe(0);
      expect(err).toContain("verify.html");
      const html = readFileSync(join(report, "verify.html"), "utf8");
      expect(html).toContain('<p class="verdict is-pass">PASS: ');
      expect(html).toContain("<dt>plan</dt><dd>The live emulator</dd>");
      expect(html.match(/<tr class="(pass|skipped)">/g)).toHaveLength(PLANNED_ROWS.length);
      expect(html).toMatch(/<code>dose-pulses<\/code><\/td><td>The pulse output shows exactly the pulses that the books have\.<\/td><td>(2\d) edges, \1 pulses in the books</);
      expect(html).not.toMatch(/src=|href=|<script/);
      expect(server.bench.oracle.violations).toEqual([]);
    } finally {
      server.close();
      end();
    }
  });

  test("says what is wrong with the plan or missing on the bench, and ends with 1", async () => {
    const wrong = folder.file("wrong.yaml", "verify: x\ndose: 3 sheep\n");
    const absent = folder.file("absent.yaml", `verify: x\npulses: {from: ${path("no-counter")}}\n`);
    const giving = folder.file("giving.yaml", "verify: x\nallow: [provision]\n");
    for (const [args, text] of [
      [["--plan", path("none.yaml")], "none.yaml: cannot be read: no such file"], [["--plan", wrong], "wrong.yaml:2:7: "],
      [["--plan", absent], `the pulse counter at ${path("no-counter")}: no such file`], [["--plan", giving], "--provision needs --key FILE"],
    ] as const) {
      const { code, out, err } = await run(["verify", "/dev/no-such-port", ...args]);
      expect(err).toContain(text);
      expect({ code, out }).toEqual({ code: 1, out: "" });
    }
  });
});

describe("instruments of a bench", () => {
  test("a file that grows counts from where it stood", async () => {
    const file = folder.file("counter.txt", "1.0\n2.0\n");
    const { pulses } = await openInstruments(parsePlan("plan", `verify: x\npulses: {from: ${file}, unit: ms}\n`));
    try {
      appendFileSync(file, "3.5\n4");
      await soon(150);
      expect(pulses?.edges_us).toEqual([3500]);
      appendFileSync(file, ".5\nfive\n");
      await soon(150);
      expect(pulses?.edges_us).toEqual([3500, 4500]);
      expect(pulses?.trouble).toBe('its line 3 has no time: "five"');
    } finally {
      await pulses?.close();
    }
  });

  test("a switch is two commands, and one that fails is said with its words", async () => {
    const { power } = await openInstruments(parsePlan("plan", `verify: x\npower: {off: "echo no relay >&2; exit 3", on: "echo on > ${path("relay")}"}\n`));
    await power?.on();
    expect(readFileSync(path("relay"), "utf8")).toBe("on\n");
    await expect(power?.off()).rejects.toThrow(InstrumentError);
    await expect(power?.off()).rejects.toThrow('"echo no relay >&2; exit 3" ended with 3: no relay');
    await expect(openInstruments(parsePlan("plan", `verify: x\npulses: {from: ${path("nowhere/at-all")}}\n`))).rejects.toThrow(UsageError);
  });
});

describe("a report", () => {
  const [row, other] = PLANNED_ROWS;
  const results: readonly RowResult[] = [
    { row: row!, result: "failed", reason: "it says <b>\u001b[31m & more", seen: "two", real_ms: 1234 }, { row: other!, result: "skipped", reason: "needs a pulse counter", seen: "", real_ms: 0 },
  ];

  test("has what failed at its top, and nothing that a pump says gets out of its cell", () => {
    const html = reportHtml({ port: "a<b", title: 'x"y', instruments: [], when: "now", version: "1" }, results);
    expect(html).toContain('<p class="verdict is-failed">FAIL: 0 passed, 1 failed, 1 not run</p>');
    expect(html.split("it says &lt;b&gt;\ufffd[31m &amp; more<br>two")).toHaveLength(3);
    expect(html).toContain("Conformance of the pump at a&lt;b");
    expect(html).toContain("<dd>x&quot;y</dd>");
    expect(html).toContain("<dd>the port alone</dd>");
    expect(html).toContain('<td class="result is-skipped">not run</td>');
  });

  test("tells in text and in JUnit XML what was seen, and never counts as passed what was not run", () => {
    const text = reportText("p", results, (_style, each) => each);
    expect(text).toContain("seen: two\n");
    expect(text).toContain("not run: needs a pulse counter\n");
    expect(text).toMatch(/\n0 passed, 1 failed, 1 not shown\n$/);
    const xml = verifyXml("p", results);
    expect(xml).toContain('skipped message="needs a pulse counter"');
    expect(xml).toContain("seen: two");
  });
});
