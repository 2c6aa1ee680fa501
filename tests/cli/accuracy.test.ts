// itb-pump accuracy: what it prints and writes, its messages, its exit codes.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { metronome } from "../emulator/metronome";
import { Folder, run } from "./harness";

const folder = new Folder();
afterAll(() => { folder.remove(); });

/** A rate for two days: enough for all windows but the week. */
const QUICK = ["accuracy", "--rate", "0.25mL/day", "--for", "2d"];

interface JsonLine { readonly schema: number; readonly type: string; readonly [key: string]: unknown }
const linesOf = (out: string): JsonLine[] => out.trimEnd().split("\n").map((line) => JSON.parse(line) as JsonLine);

describe("itb-pump accuracy", () => {
  it("prints the mean flow error and the trumpet curve", async () => {
    const { code, out, err } = await run(QUICK);
    expect([code, err]).toEqual([0, ""]);
    expect(out).toContain("flow accuracy: 250 nL a pulse, 2000 ug/mL; analysis period 2d after 1d of stabilization; target node, seed 1\n");
    expect(out).toContain("0.25 mL/day (500 ug/day)\n  mean flow error 0.000 %: 500 uL delivered of 500 uL, by 2000 pulses\n");
    expect(out).toMatch(/\n +15 min +2\.604 uL +\+5\.600 +-4\.000 +\+5\.600 +-4\.000 +9\.600\n/);
    expect(out).not.toContain("7 d");
  });

  it("gives JSON lines with their schema, one a rate and the total last", async () => {
    const lines = linesOf((await run([...QUICK, "--rate", "minimum", "--window", "24h", "--window", "90min", "--json"])).out);
    expect(lines.map(({ schema, type }) => [schema, type])).toEqual([[1, "begin"], [1, "accuracy"], [1, "accuracy"], [1, "total"]]);
    expect(lines[1]).toEqual({
      schema: 1, type: "accuracy", rate: "0.25 mL/day (500 ug/day)", analysis_ms: 172_800_000, pulses: 2000, requested_pL: 500_000_000, delivered_pL: 500_000_000, mean_error_percent: 0,
      windows: [
        { window_ms: 5_400_000, requested_pL: 15_625_000, max_pL: 15_750_000, min_pL: 15_500_000, max_percent: 0.8, min_percent: -0.8, floor_max_percent: 0.8, floor_min_percent: -0.8, one_pulse_percent: 1.6 },
        { window_ms: 86_400_000, requested_pL: 250_000_000, max_pL: 250_000_000, min_pL: 250_000_000, max_percent: 0, min_percent: 0, floor_max_percent: 0, floor_min_percent: 0, one_pulse_percent: 0.1 },
      ],
      violations: [], over_limit: [],
    });
    expect(lines[2]).toMatchObject({ rate: "minimum rate, 0.006 mL/day", pulses: 48, mean_error_percent: 0 });
    expect(lines[3]).toEqual({ schema: 1, type: "total", rates: 2, measured: 2, exit_code: 0 });
  });

  it("writes CSV and chart, the same bytes for the same seed and others for another", async () => {
    const files = async (name: string, seed: string): Promise<string[]> => {
      const paths = ["csv", "svg"].map((kind) => join(folder.path, `${name}.${kind}`));
      const { code, err } = await run([...QUICK, "--fault", "motor.weak=20permille", "--seed", seed, "--csv", paths[0]!, "--svg", paths[1]!]);
      expect([code, err]).toEqual([0, `wrote ${paths[0]!}\nwrote ${paths[1]!}\n`]);
      return paths.map((path) => readFileSync(path, "utf8"));
    };
    const [csv = "", svg = ""] = await files("one", "1");
    expect(await files("again", "1")).toEqual([csv, svg]);
    const [other_csv, other_svg] = await files("other", "2");
    expect([other_csv === csv, other_svg === svg]).toEqual([false, false]);
    expect(csv.split("\n")).toHaveLength(9);
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"/);
    expect(svg).toContain("fault motor.weak 20 permille; target node, seed 1");
  });

  it("exit 2: a deviation is over the limit, which is marked; where a perfect pump is over it too, that is said", async () => {
    const over = await run([...QUICK, "--fault", "motor.worn=1145permille", "--limit", "5%"]);
    expect(over.code).toBe(2);
    expect(over.out).toMatch(/15 min +2\.604 uL +\+20\.912 ! +\+9\.920 ! /);
    expect(over.out).toContain("  over the limit of 5.000 %: mean flow error +14.500 %; 14 deviations marked !; at 15 min the floor is over it too\n");
    expect((await run([...QUICK, "--limit", "5.6"])).code).toBe(0);
    const floor = await run([...QUICK, "--limit", "5.5999", "--json"]);
    expect(floor.code).toBe(2);
    expect(linesOf(floor.out)[1]).toMatchObject({ over_limit: [{ window_ms: 900_000, which: "max", percent: 5.6 }] });
    expect((await run([...QUICK, "--limit", "0", "--window", "24h"])).code).toBe(0);
  });

  it("exit 3: the oracle found a dose violation", async () => {
    const { code, out } = await run(QUICK, metronome({ extra_at: 50 }));
    expect(code).toBe(3);
    expect(out).toContain("the oracle found 1 dose violation, the first: over: a pulse before it was due");
  });

  it("exit 1: the emulator comes to what it does not model, and says what", async () => {
    const { code, out } = await run([...QUICK, "--rate", "4mL/day", "--concentration", "500ug/mL", "--unit", "{battery: 1mAh}"]);
    expect(code).toBe(1);
    expect(out).toContain("4 mL/day (2000 ug/day)\n  not measured: the battery is flat");
  });

  it("exit 6: the pump refuses a rate, with its reason, and the others are measured all the same", async () => {
    const { code, out } = await run([...QUICK, "--rate", "0.047mL/day", "--rate", "25mL/day"]);
    expect(code).toBe(6);
    expect(out).toContain("mean flow error 0.000 %");
    expect(out).toContain("0.047 mL/day (94 ug/day)\n  not measured: review refused: flow below minimum (10): a step flows less than 0.048 mL/day");
    expect(out).toContain("not measured: review refused: flow above maximum (11)");
    const lines = linesOf((await run(["accuracy", "--rate", "0.047mL/day", "--json"])).out);
    expect(lines[1]).toMatchObject({ type: "refusal", operation: "review", fault: 10, name: "flow below minimum" });
    expect((await run([...QUICK, "--concentration", "700ug/mL"])).out).toContain("refill refused: concentration unknown");
  });
});

describe("exit 1, before anything runs", () => {
  const cases: readonly (readonly [string[], string])[] = [
    [["--rate", "500"], 'error: --rate 500: "500" is no rate: expected a dose rate such as "500ug/day" (ng/day, ug/day or mg/day), or a flow such as "6uL/day" (nL/day, uL/day or mL/day), or minimum\n'],
    [["--rate", "0.25ml/day"], 'did you mean "0.25mL/day"?\n'],
    [["--rate", "500ug/day", "--rate", "0.25mL/day"], "error: --rate: 0.25 mL/day (500 ug/day) is given twice\n"],
    [["--rate", "24mL/day", "--for", "365d"], "35 million pulses in 365d, of which at most 10 million are kept: give a lower rate or a shorter --for\n"],
    [["--for", "30"], 'error: --for 30: "30" has no unit: give a duration such as "6h"'],
    [["--for", "2d", "--window", "7d"], "error: --window 7d: is longer than the analysis period of 2d: give a longer --for\n"],
    [["--fault", "motor.wron=2%"], 'error: --fault motor.wron=2%: there is no fault "motor.wron": did you mean "motor.worn"?\n'],
    [["--fault", "motor.worn"], "error: --fault motor.worn: needs a value, motor.worn=VALUE: true stroke, in 1000ths of the unit's"],
    [["--fault", "motor.worn=9"], 'error: --fault motor.worn=9: "9" has no unit'],
    [["--fault", "motor.stalled=9"], 'error: --fault motor.stalled=9: motor.stalled takes no value: leave out "=9"\n'],
    [["--fault", "link.cut"], 'error: --fault link.cut: "link.cut" does not act on the flow all the time: expected one of motor.stalled, '],
    [["--fault", "motor.weak=1%", "--fault", "motor.weak=2%"], "error: --fault motor.weak is given twice: give it once, with one value\n"],
    [["--limit", "five"], "error: --limit five: expected a percentage from 0"],
    [["--concentration", "0ug/mL"], "error: --concentration 0ug/mL: expected 1ug/mL or more\n"],
    [["--unit", "{strok: 286nL}"], 'did you mean "stroke"?'],
    [["--csv", join(folder.path, "no", "such.csv")], "such.csv: cannot be written: no such file; name a file in a folder that is there\n"],
    [["--svg", folder.path], `error: --svg ${folder.path}: is a directory: name a file\n`],
    [["--rates", "500ug/day"], "(Did you mean --rate?)\n"],
  ];
  it.each(cases)("%j", async (args, message) => {
    const { code, out, err } = await run(["accuracy", ...args]);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toContain(message);
    expect(existsSync(join(folder.path, "no"))).toBe(false);
  });

  it("the help names every option, and the list of commands has it", async () => {
    expect((await run(["--help"])).out).toMatch(/accuracy \[options\] +flow accuracy of an emulated pump/);
    const { out } = await run(["accuracy", "--help"]);
    for (const option of ["--rate", "--concentration", "--for", "--stabilization", "--window", "--unit", "--fault", "--limit", "--csv", "--svg", "--target", "--seed", "--json"]) expect(out).toContain(option);
  });
});
