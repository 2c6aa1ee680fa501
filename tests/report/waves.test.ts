// trace.vcd: what GTKWave's own readers find in it is what the run was.

import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { Vcd } from "../../emulator/report/waves/vcd";
import { Waves } from "../../emulator/report/waves/waves";
import { runScenario } from "../../emulator/scenario/run";
import { parseScenario } from "../../emulator/scenario/parse";
import { TraceKind } from "../../emulator/trace";
import { createController } from "../../firmware/controller";
import { MotorResult } from "../../hal/motor";
import { RecordKind } from "../../protocol/records";
import { Folder, run } from "../cli/harness";
import { BUSY } from "./busy";

const folder = new Folder();
afterAll(() => { folder.remove(); });

/** Debian's gtkwave: its converters read with the code of the viewer, which knows nothing of ours. */
const there = spawnSync("vcd2fst", ["--help"]).status === 0;

/** Changes by full name, in order: time in ms and value. */
type Changes = ReadonlyMap<string, readonly (readonly [number, string])[]>;

/** Through the viewer's reader into its own format, and out of it again, every value in full. */
function read(file: string): Changes {
  const fst = join(folder.path, "read.fst");
  execFileSync("vcd2fst", [file, fst], { stdio: "ignore" });
  const changes = new Map<string, [number, string][]>();
  const names = new Map<string, string>();
  const scopes: string[] = [];
  let now_ms = 0;
  for (const line of execFileSync("fst2vcd", [fst], { encoding: "utf8", maxBuffer: 1 << 28 }).split("\n")) {
    const words = line.split(" ");
    const blank = line.indexOf(" ");
    if (words[0] === "$scope") scopes.push(words[2] ?? "");
    else if (words[0] === "$upscope") scopes.pop();
    else if (words[0] === "$var") {
      const name = [...scopes, words[4]].join(".");
      names.set(words[3] ?? "", name);
      changes.set(name, []);
    } else if (line.startsWith("#")) now_ms = Number(line.slice(1));
    else if (/^[01bsr]/.test(line)) {
      const [value, code] = /^[01]/.test(line) ? [line.slice(0, 1), line.slice(1)] : [line.slice(1, blank), line.slice(blank + 1)];
      changes.get(names.get(code) ?? "")?.push([now_ms, value]);
    }
  }
  return changes;
}

/** What GTKWave's other converter says of a file: it parses by itself, and is strict about the declarations. */
function accepts(file: string): boolean {
  return spawnSync("vcd2vzt", [file, join(folder.path, "read.vzt")]).status === 0;
}

/** The run with its waves in a file, and what the trace told besides. */
function made(name: string) {
  const file = join(folder.path, name);
  const pieces: Buffer[] = [];
  const waves = new Waves({ lines: ["A $end test\tü"] }, (bytes) => { pieces.push(Buffer.from(bytes)); });
  const told = { step: [] as number[], confirmed: [] as number[], missed: [] as number[], late: [] as number[], on: new Map<number, number[]>(), off: new Map<number, number[]>(), link: [] as [number, string][], tones: [] as [number, number][] };
  const put = (map: Map<number, number[]>, alarm: number, at_ms: number): void => { map.set(alarm, [...map.get(alarm) ?? [], at_ms]); };
  let end_ms = 0;
  const outcome = runScenario(parseScenario("s.yaml", BUSY), {
    controller: createController,
    listener: {
      begin: (bench) => {
        waves.listen(bench);
        bench.trace.on((kind, at_ms, a, b) => {
          if (kind === TraceKind.pulse) told.step.push(at_ms);
          else if (kind === TraceKind.result) (a === (MotorResult.confirmed as number) ? told.confirmed : told.missed).push(at_ms);
          else if (kind === TraceKind.late_edge) told.late.push(at_ms);
          else if (kind === TraceKind.link) told.link.push([at_ms, String(a)]);
          else if (kind === TraceKind.tone) told.tones.push([at_ms, b]);
          else if (kind === TraceKind.record && a === RecordKind.alarm_on) put(told.on, b, at_ms);
          else if (kind === TraceKind.record && a === RecordKind.alarm_off) put(told.off, b, at_ms);
          end_ms = Math.max(end_ms, bench.pump_ms(), at_ms);
        });
      },
    },
  });
  waves.end(end_ms + 1, { lines: ["the end"] });
  writeFileSync(file, Buffer.concat(pieces));
  return { file, told, outcome };
}

const times = (changes: readonly (readonly [number, string])[] | undefined, wanted?: string): number[] => (changes ?? []).filter(([, value]) => wanted === undefined || value === wanted).map(([at_ms]) => at_ms);

describe.each(there ? ["gtkwave"] : [])("in %s's readers, trace.vcd", () => {
  it("has each pulse, edge and alarm of the run, to the millisecond", () => {
    const { file, told, outcome } = made("run.vcd");
    const seen = read(file);
    expect(accepts(file)).toBe(true);
    expect(told.step.length).toBeGreaterThan(300);
    expect(outcome.pulses).toBe(told.step.length);
    expect(times(seen.get("pump.step"))).toEqual(told.step);
    expect(times(seen.get("pump.pulse")).slice(1)).toEqual(told.step);
    expect(parseInt(seen.get("pump.pulse")!.at(-1)![1], 2)).toBe(outcome.pulses);
    expect(times(seen.get("pump.edge_confirmed"))).toEqual(told.confirmed);
    expect(times(seen.get("pump.edge_missed"))).toEqual(told.missed);
    expect(times(seen.get("plant.edge_late"))).toEqual(told.late);
    expect([told.missed.length > 100, told.late.length > 10]).toEqual([true, true]);
    expect(times(seen.get("pump.in_flight"), "1")).toEqual(told.step);
    expect(told.on.size).toBeGreaterThan(0);
    expect(times(seen.get("pump.alarms.motor_stall"), "1")).toEqual(told.on.get(5));
    expect(times(seen.get("pump.alarms.motor_stall"), "0").slice(1)).toEqual(told.off.get(5));
    expect(seen.get("pump.link_awake")!.slice(1)).toEqual(told.link);
  });

  it("has states, resets, tones with their length, faults, operations and the books", () => {
    const seen = read(made("more.vcd").file);
    const values = (name: string): string[] => seen.get(name)!.map(([, value]) => value);
    expect(values("pump.state")).toEqual(["shelf", "therapy", "stopped"]);
    expect(values("pump.reset_cause")).toEqual(["none", "power", "power"]);
    expect(values("pump.program_up")).toEqual(["0", "1", "0", "1"]);
    expect(values("plant.faults.motor_stalled")).toEqual(["0", "1", "0"]);
    expect(seen.get("plant.faults.power_off") === undefined ? [] : values("plant.faults.power_off").length).toBeGreaterThan(0);
    const { told } = made("tones.vcd");
    expect(times(seen.get("pump.tone_critical"), "0").slice(1)).toEqual(told.tones.map(([at_ms, duration_ms]) => at_ms + duration_ms));
    expect(values("wand.operation")).toEqual(expect.arrayContaining(["refill", "start", "stop"]));
    expect(Number(values("pump.reservoir_books_nL")[1])).toBe(18_000_000);
    expect(Number(values("pump.reservoir_books_nL").at(-1))).toBeLessThan(18_000_000);
  });

  it("is noticed when it is broken: cut in its head, no dump at all, an edge lost or moved", () => {
    const { file, told } = made("whole.vcd");
    const text = readFileSync(file, "latin1");
    const broken = (name: string, content: string): string => folder.file(name, Buffer.from(content, "latin1"));
    expect(accepts(broken("cut.vcd", text.slice(0, 700)))).toBe(false);
    expect(accepts(broken("none.vcd", "x"))).toBe(false);
    expect(times(read(broken("lost.vcd", text.replace("\n1!\n", "\n"))).get("pump.step"))).toEqual(told.step.slice(1));
    expect(times(read(broken("moved.vcd", text.replace(`\n#${String(told.step[3])}\n`, `\n#${String(told.step[3]! + 1)}\n`))).get("pump.step"))).not.toEqual(told.step);
  });

  it("of the command is the same byte for byte from run to run, and says that it is for the bench alone", async () => {
    const scenario = folder.file("s.yaml", BUSY);
    const texts = [];
    for (const name of ["a", "b"]) {
      await run(["run", scenario, "--report", join(folder.path, name)]);
      texts.push(readFileSync(join(folder.path, name, "trace.vcd"), "latin1"));
    }
    expect(texts[0]).toBe(texts[1]);
    expect(texts[0]).toMatch(/^\$comment\n\tBENCH ONLY: an emulated pump\. Never for use on a person\.\n\tA test\n/);
    expect(texts[0]).toMatch(/\n\tpass, digest [0-9a-f]{16} therapy, [0-9a-f]{16} full\n(\t.*\n)*\$end\n$/);
    expect(accepts(join(folder.path, "a", "trace.vcd"))).toBe(true);
  });
});

describe("a dump", () => {
  it("needs Debian's gtkwave to be read back, and where tests must be whole it is there", () => {
    if (!there) console.warn("gtkwave is not installed: no independent reader has looked at trace.vcd");
    expect(there || process.env["CI"] !== "true").toBe(true);
  });

  it("writes whole numbers exactly, gives pieces of a bounded size, and puts what is early at the time reached", () => {
    let text = "";
    const sizes: number[] = [];
    const vcd = new Vcd((bytes) => {
      sizes.push(bytes.length);
      text += Buffer.from(bytes).toString("latin1");
    });
    const [number, real, word] = [vcd.declare("integer", "n"), vcd.declare("real", "r"), vcd.declare("string", "two words")];
    vcd.begin(() => undefined);
    const values = [0, 1, 9, 10, 9_999_999, 10_000_000, 70_000_000_000_007, 2 ** 53 - 1, ...Array.from({ length: 50_000 }, (_, i) => i * 7919)];
    values.forEach((value, i) => {
      vcd.time(i * 123_456_789);
      vcd.integer(number, value);
      vcd.real(real, value);
    });
    vcd.time(5);
    vcd.string(word, "a b\u00fc$end");
    vcd.close(values.length * 123_456_789, "done");
    expect([...text.matchAll(/^b([01]+) !$/gm)].map(([, digits]) => parseInt(digits!, 2))).toEqual(values);
    expect([...text.matchAll(/^r(\d+) "$/gm)].map(([, digits]) => Number(digits))).toEqual(values);
    expect([...text.matchAll(/^#(\d+)$/gm)].map(([, at_ms]) => Number(at_ms))).toEqual([0, ...Array.from({ length: values.length }, (_, i) => (i + 1) * 123_456_789)]);
    expect(text).toContain("$var string 1 # two_words $end");
    expect(text).toContain("\nsa_b_$end #\n");
    expect(vcd.early).toEqual({ count: 1, most_ms: (values.length - 1) * 123_456_789 - 5 });
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1_048_576);
    expect(sizes.length).toBeLessThan(20);
  });
});
