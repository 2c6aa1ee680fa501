// The state file: gone on from, or refused as it is.

import { appendFileSync, existsSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { createController } from "../../firmware/controller";
import type { ControllerFactory } from "../../hal/controller";
import { Bench } from "../../emulator/bench";
import { applyInput, bytesInput, runTo } from "../../emulator/live/input";
import type { Input } from "../../emulator/live/input";
import { replay } from "../../emulator/live/replay";
import { StateFile } from "../../emulator/live/state-file";
import { originLine, readState, sameRuns } from "../../emulator/live/state-text";
import { DEFAULT_UNIT } from "../../emulator/unit";
import { onLine } from "../../emulator/verify/probe";
import { CALL } from "../../protocol/wand/core/packets";
import { Folder } from "../cli/harness";

const folder = new Folder();
afterAll(() => { folder.remove(); });

const origin = { target: "node", seed: 5, unit: DEFAULT_UNIT };

function made(controller: ControllerFactory = createController): Bench {
  const bench = new Bench({ controller, seed: origin.seed, wand: false, baud: 0 });
  bench.powerOn();
  return bench;
}

let files = 0;
/** A file of a run with three inputs, the last mark at one minute. Gives its path and the run. */
function written(): { readonly path: string; readonly bench: Bench } {
  files += 1;
  const path = join(folder.path, `state-${files}`);
  const state = new StateFile(path);
  state.begin(origin);
  const bench = made();
  const does = (input: Input): void => {
    runTo(bench, input.us);
    state.append(input);
    applyInput(bench, input);
  };
  does(bytesInput(1_000_300, onLine(CALL)));
  state.mark(1_000_300, bench.trace.fullDigest());
  does({ us: 2_000_000, fault: "link.noise" });
  does({ us: 9_000_000, heal: "link.noise" });
  for (const us of [10_000_000, 20_000_000, 60_000_000]) {
    runTo(bench, us);
    state.mark(us, bench.trace.fullDigest());
  }
  state.close();
  return { path, bench };
}

function refusal(path: string, controller?: ControllerFactory): string {
  const before = readFileSync(path);
  let said = "";
  try {
    const state = new StateFile(path);
    try {
      replay(made(controller), state.entries);
    } finally {
      state.close();
    }
  } catch (error) {
    said = (error as Error).message;
  }
  expect(readFileSync(path).equals(before)).toBe(true);
  expect(existsSync(`${path}.lock`)).toBe(false);
  return said;
}

describe("a state file", () => {
  test("brings a pump to where it was", () => {
    const { path, bench } = written();
    const state = new StateFile(path);
    expect(state.origin).toEqual(origin);
    expect(state.torn).toBe(false);
    const again = made();
    replay(again, state.entries);
    state.close();
    expect(again.engine.now_us).toBe(60_000_000);
    expect(again.trace.fullDigest()).toBe(bench.trace.fullDigest());
  });

  test("without a target is one of node", () => {
    const state = readState(originLine(origin).replace('"target":"node",', ""));
    expect(state.origin).toEqual(origin);
    expect([["node", "lua"], ["pico", "pico"], ["node", "pico"], ["pico", "lua"]].map(([a = "", b = ""]) => sameRuns(a, b))).toEqual([true, true, false, false]);
  });

  test("is read by its owner alone, holds one mark at a time at its end, and grows with inputs only", () => {
    const { path } = written();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const lines = readFileSync(path, "utf8").trimEnd().split("\n");
    expect(lines).toHaveLength(1 + 3 + 2);
    expect(JSON.parse(lines.at(-1)!)).toMatchObject({ us: 60_000_000 });
  });

  test("goes on after it was opened again", () => {
    const { path } = written();
    const size = statSync(path).size;
    const state = new StateFile(path);
    state.begin(origin);
    const bench = made();
    replay(bench, state.entries);
    runTo(bench, 70_000_000);
    state.mark(70_000_000, bench.trace.fullDigest());
    expect(statSync(path).size).toBe(size);
    const input = { us: 70_000_000, fault: "processor.reset" };
    state.append(input);
    applyInput(bench, input);
    runTo(bench, 80_000_000);
    state.mark(80_000_000, bench.trace.fullDigest());
    state.close();
    expect(refusal(path)).toBe("");
  });

  test("of nothing is a new one", () => {
    const path = folder.file("empty", "");
    const state = new StateFile(path);
    expect(state.origin).toBeUndefined();
    state.begin(origin);
    state.close();
    expect(readState(readFileSync(path, "utf8")).origin).toEqual(origin);
  });

  test("whose last line was cut short anywhere loses that line alone", () => {
    const { path } = written();
    const text = readFileSync(path, "utf8");
    const last = text.lastIndexOf("\n", text.length - 2) + 1;
    for (const length of [last + 1, last + 40, text.length - 1]) {
      writeFileSync(path, text.slice(0, length));
      const state = new StateFile(path);
      expect(state.torn).toBe(true);
      replay(made(), state.entries);
      state.begin(origin);
      state.close();
      expect(readFileSync(path, "utf8")).toBe(text.slice(0, last));
    }
    // A mark that was half written over an older one, by a host that lost power.
    writeFileSync(path, text.replace(/"us":\s+60000000/, '"us":        50000000'));
    const state = new StateFile(path);
    expect(state.torn).toBe(true);
    state.close();
  });
});

describe("a state file is refused and left as it is", () => {
  const damaged = (change: (text: string) => string): string => {
    const { path } = written();
    writeFileSync(path, change(readFileSync(path, "utf8")));
    return refusal(path);
  };

  test.each([
    ["of another kind", () => "hello\n", "is not a state file"],
    ["of another format", (text: string) => text.replace('"itb_pump_state":1', '"itb_pump_state":9'), "is of version 9 of the format"],
    ["of another unit", (text: string) => text.replace('"pulse_pL"', '"pulse_xL"'), "the unit is not one of this emulator: pulse_xL"],
    ["of a target that is no name", (text: string) => text.replace('"target":"node"', '"target":1'), "line 1: is damaged: a target"],
    ["without a seed", (text: string) => text.replace('"seed":5', '"seed":-5'), "line 1: is damaged"],
    ["with a line that is no JSON", (text: string) => text.replace('{"us":2000000', '{"us" 2000000'), "line 4: is damaged: not JSON"],
    ["with a line that is nothing", (text: string) => text.replace('"fault":"link.noise"', '"salt":"link.noise"'), "line 4: is damaged: neither an input nor a mark"],
    ["with a fault that there is not", (text: string) => text.replace('"fault":"link.noise"', '"fault":"link.peace"'), "line 4: is damaged: no input of this emulator"],
    ["with times out of order", (text: string) => text.replace('"us":2000000', '"us":200000'), "line 4: is damaged: its time is before"],
    ["with another byte in an input", (text: string) => text.replace("fefc", "fefd"), "line 3: the lines above are not those that were written"],
    ["without one of its inputs", (text: string) => text.split("\n").filter((_, i) => i !== 4).join("\n"), "line 5: the lines above are not those that were written"],
    ["with a mark changed in its middle", (text: string) => text.replace(/"us":\s+1000300,"i/, '"us":         1000301,"i'), "line 3: is damaged: a mark"],
    ["with another seed", (text: string) => text.replace('"seed":5', '"seed":6'), "line 3: the lines above are not those that were written"],
  ])("%s", (_name, change, said) => {
    expect(damaged(change)).toContain(said);
  });

  test("that the firmware of today does otherwise", () => {
    const { path } = written();
    const other: ControllerFactory = (board) => createController({ ...board, entropy: { fill: (into, first, count) => { into.fill(1, first, first + count); } } });
    expect(refusal(path, other)).toContain("the run comes out differently from what it was: firmware or emulator have changed");
  });

  test("that is no text, no file or not to be read", () => {
    const binary = join(folder.path, "binary");
    writeFileSync(binary, Uint8Array.of(0xff, 0xfe, 0, 1));
    expect(refusal(binary)).toContain("is not a state file");
    expect(() => new StateFile(folder.path)).toThrow("is not a plain file");
    expect(() => new StateFile(join(folder.path, "no", "such"))).toThrow("cannot be locked");
  });

  test("that another process uses, unless that one is dead", () => {
    const { path } = written();
    // The process that started this one lives as long.
    writeFileSync(`${path}.lock`, `${process.ppid}\n`);
    expect(() => new StateFile(path)).toThrow(`process ${process.ppid} uses it; if that is not so, remove ${path}.lock`);
    for (const dead of ["4194304\n", "", "what"]) {
      writeFileSync(`${path}.lock`, dead);
      new StateFile(path).close();
      expect(existsSync(`${path}.lock`)).toBe(false);
    }
  });

  test("that would grow beyond what can be read", () => {
    const { path } = written();
    truncateSync(path, 256 * 1024 * 1024 + 1);
    expect(() => new StateFile(path)).toThrow("is larger than");
    expect(existsSync(`${path}.lock`)).toBe(false);
  });

  test("with a whole line of something else at its end", () => {
    const { path } = written();
    appendFileSync(path, "\n");
    expect(refusal(path)).toContain("line 7: is damaged");
  });
});
