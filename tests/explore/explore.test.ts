// itb-pump explore and replay: planted faults, shards, workers, bad input.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { plant } from "../../emulator/explore/canary";
import { readFailure } from "../../emulator/explore/failure-file";
import { loadScenario } from "../../emulator/scenario/load";
import { createController } from "../../firmware/controller";
import { broken } from "../cli/controllers";
import { Folder, run } from "../cli/harness";

const folder = new Folder();
afterAll(() => { folder.remove(); });

/** Seeds that pass, and are quick. */
const GOOD = "45..47";
const BROKEN = plant(createController, "motor");

/** A quick seed whose plan shows the fault of `BROKEN`. */
const SHOWS = "46..46";

interface Summary {
  readonly type: string;
  readonly canary_runs: number;
  readonly totals: { readonly jobs: number; readonly digest: string; readonly findings: readonly { readonly file?: string; readonly count: number }[] };
}

function summaryOf(out: string): Summary {
  return JSON.parse(out.trimEnd().split("\n").at(-1)!) as Summary;
}

describe("an exploration", () => {
  it("fails if a planted fault is not found", async () => {
    // It ends before anything that was planted shows.
    const { code, out, err } = await run(["explore", "--seeds", "1..9", "--canary", "2"], broken);
    expect([code, out]).toEqual([1, ""]);
    expect(err).toContain('the canary lives: the planted fault "tally" was not found in 2 runs');
  });

  it("finds the planted faults, and is the same with two workers as with one, and as its shards together", async () => {
    const common = ["explore", "--seeds", GOOD, "--json"];
    const whole = await run([...common, "--workers", "2", "--found", join(folder.path, "none")]);
    // The shards in this process, as they stand: neither the division nor the bundle shows.
    const [one, two] = [await run([...common, "--canary", "0", "--shard", "1/2"], createController), await run([...common, "--canary", "0", "--shard", "2/2"], createController)];
    const jobs = (out: string): string[] => out.split("\n").filter((line) => line.includes('"type":"job"'));
    expect(jobs(one.out + two.out)).toEqual(jobs(whole.out));
    expect(jobs(whole.out)).toHaveLength(3);
    expect([whole.code, existsSync(join(folder.path, "none"))]).toEqual([0, false]);
    expect(summaryOf(whole.out).canary_runs).toBeGreaterThan(1);
    const files = [folder.file("1.jsonl", one.out), folder.file("2.jsonl", two.out)];
    const merged = await run(["explore", "--json", "--merge", ...files]);
    expect([merged.code, summaryOf(merged.out).totals]).toEqual([0, summaryOf(whole.out).totals]);
    const { out } = await run(["explore", "--merge", folder.file("whole.jsonl", whole.out)]);
    expect(out).toContain("seed 45..47, shard 1/1, target node");
    expect(out).toMatch(/canary: the planted faults were found in \d+ runs\n/);
    expect(out).toMatch(/^state table: \d+ of 50 cells; never reached: /m);
    expect(out).toMatch(/^3 runs, 0\.\d virtual years, \d+ pulses\n/m);
    expect(out).toContain("no finding");
    expect((await run(["explore", "--merge", files[0]!])).err).toContain("of 2 shards one is missing: 2");
    const cut = folder.file("cut.jsonl", one.out.split("\n").slice(0, 1).join("\n"));
    expect((await run(["explore", "--merge", cut, files[1]!])).err).toContain("cut.jsonl: has no last line of an exploration: that shard did not come to its end");
    expect((await run(["explore", "--merge", folder.file("damaged.jsonl", one.out.slice(5))])).err).toContain("damaged.jsonl:1: is no JSON line");
  });
});

describe("a finding", () => {
  const found = join(folder.path, "found");
  const failure = join(found, "seed-46.yaml");
  const explore = (runs: number): ReturnType<typeof run> => run(["explore", "--seeds", SHOWS, "--canary", "0", "--json", "--shrink", String(runs), "--found", found], BROKEN);

  it("is made as small as it gets, written, and ends the same when it is replayed", async () => {
    const { code, out } = await explore(60);
    expect(code).toBe(3);
    expect(summaryOf(out).totals.findings).toMatchObject([{ file: failure, count: 1 }]);
    expect(loadScenario(failure).steps.length).toBeLessThanOrEqual(10);
    const head = readFailure(failure, readFileSync(failure, "utf8"));
    expect(head).toMatchObject({ verdict: "violation", found_by: "itb-pump explore --seeds 46..46", target: "node" });
    const again = await run(["replay", failure], BROKEN);
    expect(again.out).toContain(`violation, digest ${head.digest} therapy`);
    expect(again.out).toContain("the same as when it was found");
    expect([again.code, (await run(["run", failure], BROKEN)).code]).toEqual([3, 3]);
  });

  it("ends otherwise on a pump that has not the fault: two runs differed", async () => {
    const { code, out } = await run(["replay", failure]);
    expect(code).toBe(5);
    expect(out).toContain("two runs differed: verdict was violation, and is pass; digest was ");
    expect(out).toContain("and what was found is gone");
    expect(JSON.parse((await run(["replay", failure, "--json"])).out)).toMatchObject({ type: "replay", same: false, exit_code: 5 });
  });

  it("does not overwrite what is there", async () => {
    const before = readFileSync(failure, "utf8");
    await explore(0);
    expect(readFileSync(failure, "utf8")).toBe(before);
    expect(readdirSync(found).sort()).toEqual(["seed-46-2.yaml", "seed-46.yaml"]);
  });

  it("that is damaged, of another version, or none at all cannot be replayed", async () => {
    const text = readFileSync(failure, "utf8");
    const replay = async (name: string, content: string): Promise<string> => {
      const { code, err } = await run(["replay", folder.file(name, content)]);
      expect(code).toBe(1);
      return err;
    };
    expect(await replay("a.yaml", text.replace(/wait: \S+/, "wait: 1s"))).toContain("was changed since it was written, or is damaged");
    expect(await replay("b.yaml", text.slice(0, -20))).toContain("was changed since it was written, or is damaged");
    expect(await replay("c.yaml", text.replace("failure, version 1", "failure, version 99"))).toContain('is a failure file of version "99", and this itb-pump reads version 1');
    expect(await replay("d.yaml", "scenario: x\nsteps: [wait: 1h]\n")).toContain("is no failure file of itb-pump explore");
    expect(await replay("e.yaml", text.split("\n").slice(0, 3).join("\n"))).toContain('a line that begins with "# sum:" is missing');
    expect((await run(["replay", join(folder.path, "none.yaml")])).err).toContain("no such file");
    expect((await run(["replay", folder.path])).err).toContain("is no file");
  });
});

describe("bad input", () => {
  it.each([
    [[], "what is to be explored? Give --seeds"],
    [["--seeds", "7"], "--seeds 7: expected two whole numbers such as 1..1000"],
    [["--seeds", "9..1"], "--seeds 9..1: begins after its end: did you mean 1..9?"],
    [["--seeds", "-1..3"], "--seeds -1..3: expected two whole numbers"],
    [["--seeds", "1..9999999999"], "seeds go up to 4294967295"],
    [["--seeds", "1..9", "--shard", "0/4"], "--shard 0/4: the shards of 4 are 1 to 4; a job index that counts from 0 needs one added"],
    [["--seeds", "1..9", "--shard", "5/4"], "--shard 5/4: the shards of 4 are 1 to 4"],
    [["--seeds", "1..9", "--shard", "1"], "--shard 1: expected a part of a whole"],
    [["--seeds", "1..9", "--shard", "1/0"], "--shard 1/0: there can be 1 to 100000 shards"],
    [["--seeds", "1..9", "--workers", "0"], "Expected a whole number from 1 to 64"],
    [["--seeds", "1..9", "--merge", "x"], "--merge takes files alone"],
    [["--merge", "/nowhere/x.jsonl"], "/nowhere/x.jsonl: no such file"],
  ])("%j is told, and nothing runs", async (args, message) => {
    const { code, out, err } = await run(["explore", ...args]);
    expect([code, out]).toEqual([1, ""]);
    expect(err).toContain(message);
  });

  it("a folder for findings that cannot be is told", async () => {
    const file = folder.file("taken", "mine");
    const { code, err } = await run(["explore", "--seeds", SHOWS, "--canary", "0", "--shrink", "0", "--found", file], BROKEN);
    expect(code).toBe(1);
    expect(err).toContain(`--found ${file}: is no folder`);
    expect(readFileSync(file, "utf8")).toBe("mine");
  });
});
