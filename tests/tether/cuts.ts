// The long campaign: a line cut at 500 points of busy minutes, and more.

import { fork } from "node:child_process";
import { availableParallelism } from "node:os";
import { allPoints, Busy, BUSY_S, BUSY_S_MAX, judge, mishapOf, mishapText, outageOf, type Mishap } from "./campaign";
import { boardFlash } from "./image";

const POINTS = 500;
const usage = `usage: npm run tether:cuts [-- [--points N] [--seed N] [--seconds N] | -- again MISHAP...]
Busy is 24 mL a day, a pulse each 900 ms, for a minute, or up to ${BUSY_S_MAX} s: the limit of a day leaves ten minutes of it. Prints each point that is wrong, with the line that repeats it.`;

interface Answer { readonly text: string; readonly wrong: readonly string[]; readonly missed: number; readonly cut_us: number; readonly frame: string }

function option(name: string, otherwise: number): number {
  const at = process.argv.indexOf(`--${name}`);
  if (at < 0) return otherwise;
  const given = Number(process.argv[at + 1]);
  if (Number.isSafeInteger(given) && given > 0) return given;
  process.stderr.write(`${usage}\n`);
  return process.exit(1);
}

function stops(seed: number): Mishap[] {
  return Array.from({ length: 20 }, (_, i): Mishap => ({ kind: "stopped", at_us: 5_000_000 + ((i * 1_234_567 + seed * 1009) % 30_000_000), for_us: 2_000_000 }));
}

const as_it_is = (): undefined => undefined;

function tried(image: Uint8Array, whole: Busy, mishap: Mishap): Answer {
  const outage_us = outageOf(mishap);
  try {
    const busy = new Busy(image, 1, as_it_is, whole.busy_us).run(mishap);
    return {
      text: mishapText(mishap), wrong: judge(busy, whole.pulses_ms, outage_us), missed: busy.results.filter((result) => result !== 1).length,
      cut_us: Math.max(0, ...busy.cut_after_us), frame: mishap.kind === "cut" ? `${mishap.way} ${mishap.frame}, ${mishap.where}, ${mishap.outage_us < 1_000_000 ? "short" : "long"}` : mishap.kind,
    };
  } catch (error) {
    return { text: mishapText(mishap), wrong: [`crashed: ${String(error)}`], missed: 0, cut_us: 0, frame: mishap.kind };
  }
}

async function pointsOf(points: number, seed: number, seconds: number): Promise<{ readonly image: Uint8Array; readonly whole: Busy; readonly mishaps: readonly Mishap[] }> {
  const image = await boardFlash();
  const whole = new Busy(image, 1, as_it_is, seconds * 1_000_000).run();
  const wrong = judge(whole, whole.pulses_ms, 0);
  if (wrong.length > 0) throw new Error(`the undisturbed run is wrong: ${wrong.join("; ")}`);
  return { image, whole, mishaps: [...allPoints(image, whole, points, seed), ...stops(seed)] };
}

/** A worker's part: every so many-th point. */
async function part(points: number, seed: number, seconds: number, from: number, step: number): Promise<void> {
  const { image, whole, mishaps } = await pointsOf(points, seed, seconds);
  for (let i = from; i < mishaps.length; i += step) process.send!(tried(image, whole, mishaps[i]!));
}

async function all(points: number, seed: number, seconds: number): Promise<number> {
  const lanes = availableParallelism();
  await boardFlash(); // built once, and not by each process for itself
  const answers: Answer[] = [];
  await Promise.all(Array.from({ length: lanes }, (_, lane) => new Promise<void>((resolve, reject) => {
    const child = fork(import.meta.filename, ["part", String(points), String(seed), String(seconds), String(lane), String(lanes)], { execArgv: ["--import", "tsx"] });
    child.on("message", (answer: Answer) => {
      answers.push(answer);
      if (answer.wrong.length > 0) process.stdout.write(`WRONG ${answer.text}\n  ${answer.wrong.join("\n  ")}\n  again: npm run tether:cuts -- again ${answer.text}\n`);
    });
    child.on("exit", (code) => { if (code === 0) resolve(); else reject(new Error(`a process ended with ${String(code)}`)); });
  })));
  const kinds = new Map<string, number>();
  for (const { frame } of answers) kinds.set(frame, (kinds.get(frame) ?? 0) + 1);
  process.stdout.write(`${[...kinds].sort().map(([kind, count]) => `${String(count).padStart(4)}  ${kind}`).join("\n")}\n`);
  const wrong = answers.filter((answer) => answer.wrong.length > 0).length;
  const doubts = answers.reduce((sum, { missed }) => sum + missed, 0);
  process.stdout.write(`${answers.length} points, ${doubts} pulses in doubt, the drive cut at most ${(Math.max(...answers.map(({ cut_us }) => cut_us)) / 1000).toFixed(3)} ms after the last feed; ${wrong} wrong\n`);
  return wrong === 0 ? 0 : 3;
}

async function again(words: readonly string[]): Promise<number> {
  const mishap = mishapOf(words);
  if (mishap === undefined) {
    process.stderr.write(`${usage}\n`);
    return 1;
  }
  const image = await boardFlash();
  const { wrong, missed } = tried(image, new Busy(image, 1, as_it_is, BUSY_S_MAX * 1_000_000).run(), mishap);
  process.stdout.write(`${wrong.length === 0 ? "nothing is wrong" : wrong.join("\n")}; ${missed} pulses in doubt\n`);
  return wrong.length === 0 ? 0 : 3;
}

const [, , first, ...rest] = process.argv;
if (first === "part") await part(Number(rest[0]), Number(rest[1]), Number(rest[2]), Number(rest[3]), Number(rest[4]));
else process.exitCode = first === "again" ? await again(rest) : await all(option("points", POINTS), option("seed", 1), Math.min(BUSY_S_MAX, option("seconds", BUSY_S)));
