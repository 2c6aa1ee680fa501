// Runs in several processes: the same results in the same order, and --bail.

import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { plainWorker } from "../../emulator/cli/bundle";
import { makeAll, ProcessLane } from "../../emulator/cli/lanes";
import type { Lane, Made } from "../../emulator/cli/lanes";
import { leftText, Progress, roughly, speedText } from "../../emulator/cli/progress";
import { select } from "../../emulator/cli/select";
import type { Run } from "../../emulator/cli/select";
import { fromPlain, lostOutcome, toPlain } from "../../emulator/cli/wire";
import { runScenario } from "../../emulator/scenario/run";
import { createController } from "../../firmware/controller";
import { broken } from "./controllers";
import { Folder, run, SCENARIOS, START_MS } from "./harness";

const folder = new Folder();
afterAll(() => { folder.remove(); });
mkdirSync(join(folder.path, "s"));
const { pass, expectation, refused, power_off, wait } = SCENARIOS;
Object.entries({ pass, expectation, refused, power_off, wait }).forEach(([name, content], at) => folder.file(`s/${String(at)}-${name}.yaml`, content));
const root = join(folder.path, "s");

/** Without what the host's clock says. */
function timeless(out: string): string {
  return out.replace(/ +\d+ ms$/gm, "").replace(/of virtual time.*/, "");
}

describe("--workers", () => {
  it("gives the same text, JSON and exit code whatever their number", async () => {
    for (const json of [[], ["--json"]]) {
      const [one, two] = [await run(["run", root, "--workers", "1", ...json]), await run(["run", root, "--workers", "2", ...json])];
      expect(timeless(two.out)).toBe(timeless(one.out));
      expect([two.code, two.err]).toEqual([one.code, one.err]);
      expect(one.code).toBe(6);
    }
  }, 60_000);

  it("with --bail ends with the same first run that does not pass", async () => {
    const one = await run(["run", root, "--bail", "--workers", "1"]);
    expect(one.code).toBe(2);
    expect(one.out).toContain("1 passed, 1 failed, 3 not run\n");
    expect(timeless((await run(["run", root, "--bail", "--workers", "3"])).out)).toBe(timeless(one.out));
    const total = JSON.parse((await run(["run", root, "--bail", "--json", "--workers", "2"])).out.trimEnd().split("\n").at(-1) ?? "") as unknown;
    expect(total).toEqual({
      schema: 1, type: "total", runs: 5, passed: 1, failed: 1, not_run: 3, verdicts: { pass: 1, "expectation failed": 1 }, virtual_ms: 2 * (3_600_000 + START_MS), pulses: 82, exit_code: 2,
    });
  }, 60_000);

  it("cannot have a test's own controller: it stays in this process", async () => {
    const { code, out } = await run(["run", root, "--workers", "2"], broken);
    expect(code).toBe(1);
    expect(out.match(/TypeError: planted/g)).toHaveLength(5);
  });

  it("works from another directory, without a terminal", () => {
    const bin = fileURLToPath(new URL("../../emulator/cli/itb-pump.mjs", import.meta.url));
    const { status, stdout, stderr } = spawnSync("node", [bin, "run", "s", "--workers", "2", "--filter", "wait"], { cwd: folder.path, encoding: "utf8" });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toContain("PASS");
    const several = spawnSync("node", [bin, "run", "s", "--workers", "2"], { cwd: folder.path, encoding: "utf8" });
    expect({ status: several.status, stderr: several.stderr }).toEqual({ status: 6, stderr: "" });
    expect(several.stdout).toContain("again: itb-pump run s/2-refused.yaml --target node --seed 1\n");
  }, 60_000);
});

describe("lanes", () => {
  const runs = select({ paths: [root], tags: [] }, () => undefined) ?? [];

  /** A lane that ends its runs when told, by the number of turns each takes. */
  function lane(turns: (run: Run) => number, log: string[]): Lane {
    return {
      async make(each): Promise<Made> {
        for (let turn = turns(each); turn > 0; turn -= 1) await new Promise((resolve) => { setImmediate(resolve); });
        const outcome = lostOutcome(each.scenario, 1, "planted");
        return { outcome, golden: { digest: "", full_digest: "", virtual_ms: 0, pulses: 0, tones: { critical: 0, other: 0 }, records: {}, trail: "" }, real_ms: 0, lines: "" };
      },
      close: () => { log.push("closed"); },
    };
  }

  it("deliver in order, however long each run takes, and are closed", async () => {
    for (const count of [1, 2, 3, 7]) {
      const log: string[] = [];
      const got: Run[] = [];
      const lanes = Array.from({ length: count }, (_, at) => lane((each) => ((runs.indexOf(each) * 7 + at * 3) % 5) * 2, log));
      await makeAll(runs, lanes, (each) => { got.push(each); return true; });
      expect(got).toEqual(runs);
      expect(log).toHaveLength(count);
    }
  });

  it("deliver nothing after the end, also when a later run is ready first", async () => {
    const got: Run[] = [];
    await makeAll(runs, [lane((each) => (each === runs[0] ? 50 : 1), []), lane(() => 1, [])], (each) => { got.push(each); return each !== runs[1]; });
    expect(got).toEqual(runs.slice(0, 2));
  });

  it("in a process that ends say so of that run, and make the next in another", async () => {
    const manner = { target: "node", lag_ms: 0, json: false } as const;
    const dying = new ProcessLane(manner, undefined, plainWorker(fileURLToPath(new URL("./dying-worker.ts", import.meta.url))));
    const reasons: string[] = [];
    await makeAll(runs.slice(0, 2), [dying], (_run, { outcome }) => { reasons.push(`${outcome.verdict}: ${outcome.error?.message ?? ""}`); return true; });
    expect(reasons).toEqual(["crashed: the process of this run ended with code 7", "crashed: the process of this run ended with code 7"]);
  }, 60_000);

  it("carry an outcome whole between processes", () => {
    const [first] = runs;
    if (first === undefined) throw new Error("one run is needed");
    for (const controller of [createController, broken]) {
      const outcome = runScenario(first.scenario, { controller });
      const back = fromPlain(structuredClone(toPlain(outcome)), first.scenario);
      expect({ ...back, error: undefined }).toEqual({ ...outcome, error: undefined, ...(outcome.ended_at === undefined ? {} : { ended_at: back.ended_at }) });
      expect([back.error?.name, back.error?.message, back.error?.stack]).toEqual([outcome.error?.name, outcome.error?.message, outcome.error?.stack]);
      expect([back.ended_at?.line, back.ended_at?.text]).toEqual([outcome.ended_at?.line, outcome.ended_at?.text]);
    }
  });

  it("that fail end all of it with their error", async () => {
    const failing: Lane = { make: () => Promise.reject(new Error("planted")), close: () => undefined };
    await expect(makeAll(runs, [failing, lane(() => 3, [])], () => true)).rejects.toThrow("planted");
  });
});

describe("progress", () => {
  it("is one line: how many, which, virtual time, speed, time left", () => {
    const runs = (select({ paths: [root], tags: [] }, () => undefined) ?? []).slice(0, 2);
    const shown: string[] = [];
    let now_ms = 0;
    const progress = new Progress({ out: () => undefined, err: () => undefined, paint: (_style, text) => text, live: true, progress: (text) => { shown.push(text); }, now_ms: () => now_ms }, runs);
    const [first, second] = runs;
    if (first === undefined || second === undefined) throw new Error("two runs are needed");
    now_ms = 500;
    progress.at(first, 1_800_000);
    progress.ended(first, 3_600_000);
    now_ms = 1000;
    progress.at(second, 0);
    expect(shown).toEqual([
      `0/2  ${join(root, "0-pass.yaml")}  30min  4 thousand times life  2 s left`, "",
      `1/2  ${join(root, "1-expectation.yaml")}  0s  4 thousand times life  1 s left`,
    ]);
  });

  it("says times and speeds for a glance", () => {
    expect([speedText(5000, 10), speedText(50_000, 10), speedText(25_000_000, 10), speedText(1, 0)]).toEqual(["500 times life", "5 thousand times life", "2.5 million times life", ""]);
    expect([leftText(400), leftText(99_000), leftText(150_000)]).toEqual(["1 s left", "99 s left", "3 min left"]);
    expect([roughly(0), roughly(61_500), roughly(3_661_500), roughly(86_400_000 * 3 + 3_661_000)]).toEqual(["0s", "1min 1s", "1h 1min", "3d 1h"]);
  });

  it("is heard from a run", async () => {
    const { execute } = await import("../../emulator/cli/execute");
    const [first] = select({ paths: [folder.file("month.yaml", pass.replace("wait: 1h", "wait: 30d").replace("pulses: 41", "pulses: 30000"))], tags: [] }, () => undefined) ?? [];
    if (first === undefined) throw new Error("one run is needed");
    const heard: number[] = [];
    let now_ms = 0;
    execute(first, createController, { target: "node", lag_ms: 0, json: false }, { write: () => undefined, now_ms: () => (now_ms += 60), progress: (pump_ms) => { heard.push(pump_ms); } });
    expect(heard.length).toBeGreaterThan(10);
    expect(heard).toEqual([...heard].sort((a, b) => a - b));
  });
});
