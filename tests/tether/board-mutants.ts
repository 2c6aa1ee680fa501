// Boards with one thing broken in the peripheral server: each must be found.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { buildFirmware } from "../../emulator/cli/firmware";
import { luaBytecode } from "../../emulator/lua/host";
import { buildImage } from "../../hal/pico/tools/build";
import { readUf2 } from "../../hal/pico/tools/uf2";
import { BUSY_S, Busy, judge, type Mishap } from "./campaign";
import { boardFlash } from "./image";

const BUILD = resolve(import.meta.dirname, "../../build/pico");

interface Mutant {
  readonly name: string;
  readonly changes: readonly (readonly [from: string, to: string])[];
  /** In which it must show. */
  readonly mishap: (whole: Busy) => Mishap;
}

/** Behind the given frame of its kind in the busy part, or before it. */
function frameOf({ out, back, begun_us }: Busy, kind: string): { readonly first: number; readonly end: number; readonly at_us: number } {
  return [...out.frames, ...back.frames].filter((frame) => frame.kind === kind && frame.at_us > begun_us)[12]!;
}

export const MUTANTS: readonly Mutant[] = [
  {
    name: "no dead-man", changes: [["p->session != 0 && now >= p->fed_us + DEAD_MAN_US", "p->session != 0 && now >= p->fed_us + 3600000000u"]],
    mishap: () => ({ kind: "stopped", at_us: 10_300_000, for_us: 2_000_000 }),
  },
  {
    name: "a duplicate is carried out",
    changes: [
      ["  else if (sequence == p->sequence && sequence != 0) tell_answer(p);\n  else if (sequence <= p->sequence) turn_away(p, sequence, REASON_SEQUENCE);\n", ""],
      ["  if (p->stepped && at_us < p->begun_us + INTERVAL_US) return REASON_TOO_SOON;\n", ""],
    ],
    mishap: (whole) => ({ kind: "cut", way: "back", byte: frameOf(whole, "stepped").first, outage_us: 10_000, where: "before", frame: "stepped" }),
  },
  {
    name: "expiry is ignored", changes: [["at_us >= order->expires_us", "order->expires_us == 0"]],
    mishap: (whole) => ({ kind: "stalled", at_us: frameOf(whole, "step").at_us - whole.begun_us - 2000, for_us: 400_000 }),
  },
  {
    name: "edges are told once", changes: [["i < LIMIT_EDGES_REPEATED && first + i < came", "i < LIMIT_EDGES_REPEATED && first + i + 1000000u < came"]],
    mishap: (whole) => ({ kind: "cut", way: "back", byte: frameOf(whole, "edge").first, outage_us: 20_000, where: "before", frame: "edge" }),
  },
  {
    name: "edges are not counted", changes: [["  else p->forward++;\n", "  else p->forward += p->forward < 8;\n"]],
    mishap: (whole) => ({ kind: "stalled", at_us: frameOf(whole, "edge").at_us - whole.begun_us, for_us: 20_000 }),
  },
  {
    name: "a session that is opened leaves the drive supplied, and its old order waiting", changes: [["    cut(p, CAUSE_OPENED);\n", ""], ["    cut(p, CAUSE_DEAD_MAN);\n", ""]],
    mishap: () => ({ kind: "stopped", at_us: 10_300_000, for_us: 2_000_000 }),
  },
];

function altered(src: string, { name, changes }: Mutant): void {
  const file = join(src, "peripherals.c");
  let text = readFileSync(file, "utf8");
  for (const [from, to] of changes) {
    if (text.split(from).length !== 2) throw new Error(`${name}: the source has not one place that reads: ${from}`);
    text = text.replace(from, to);
  }
  writeFileSync(file, text);
}

async function built(mutant: Mutant, bytecode: Uint8Array): Promise<Uint8Array> {
  const out = join(BUILD, "mutant");
  mkdirSync(out, { recursive: true });
  await buildImage({ bytecode, version: "0.0.0", commit: "mutant", out, cache: join(BUILD, "packages"), alter: (src) => { altered(src, mutant); } });
  return readUf2(readFileSync(join(out, "fw-peripherals.uf2")));
}

/** What is found of it; nothing is a mutant that lives. */
function found(image: Uint8Array, whole: Busy, mishap: Mishap): readonly string[] {
  try {
    const busy = new Busy(image).run(mishap);
    return judge(busy, whole.pulses_ms, mishap.kind === "cut" ? mishap.outage_us : mishap.for_us);
  } catch (error) {
    return [`crashed: ${String(error)}`];
  }
}

async function main(): Promise<number> {
  const good = await boardFlash();
  const whole = new Busy(good).run();
  const bytecode = await luaBytecode(await buildFirmware());
  let wrong = 0;
  for (const mutant of MUTANTS) {
    const mishap = mutant.mishap(whole);
    if (mishap.kind !== "cut" && mishap.at_us > BUSY_S * 1_000_000) throw new Error(`${mutant.name}: its mishap comes too late`);
    const before = found(good, whole, mishap);
    const image = await built(mutant, bytecode);
    // By a byte of its own line: an image that says another version of itself has other bytes before it.
    const after = found(image, whole, mutant.mishap(new Busy(image).run()));
    const killed = before.length === 0 && after.length > 0;
    if (!killed) wrong++;
    process.stdout.write(`${killed ? "found" : "NOT FOUND"}  ${mutant.name}${before.length > 0 ? `: wrong without it too: ${before.join("; ")}` : ""}\n${after.map((each) => `    ${each}\n`).join("")}`);
  }
  process.stdout.write(`${MUTANTS.length} broken boards, ${wrong} not found\n`);
  return wrong === 0 ? 0 : 3;
}

if (process.argv[1] === import.meta.filename) process.exitCode = await main();
