// npm run naive: many programs on the controller and the naive model.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createHash } from "node:crypto";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { build } from "esbuild";
import type { Searched } from "./search";

const HELP = "npm run naive -- [--programs N] [--seed N] [--from N] [--workers N] [--shard I/N] [--found DIR] [--loop] [--caps]";

interface Told {
  readonly searched: Searched;
  readonly files: readonly string[];
}

/** Most of what a program makes is soon forgotten: with room for it, it is forgotten at less cost. */
const YOUNG = "--max-semi-space-size=64";

/** Bundled, since enumerations are then numbers: several times as fast. */
async function bundle(folder: string): Promise<string> {
  const outfile = join(folder, "work.mjs");
  await build({
    entryPoints: [join(import.meta.dirname, "work.ts")], bundle: true, platform: "node", format: "esm", outfile, logLevel: "error",
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
  return outfile;
}

function work(file: string, args: readonly string[], progress: (done: number) => void): Promise<Told> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [YOUNG, file, ...args], { stdio: ["ignore", "pipe", "inherit"] });
    let told: Told | undefined;
    createInterface({ input: child.stdout }).on("line", (line) => {
      const row = JSON.parse(line) as { readonly done?: number } & Partial<Told>;
      if (row.done !== undefined) progress(row.done);
      else told = row as Told;
    });
    child.on("close", (code) => {
      if (told === undefined) reject(new Error(`a worker ended with ${code} and told nothing`));
      else resolve(told);
    });
  });
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: {
    programs: { type: "string", default: "2000" }, seed: { type: "string", default: "1" }, from: { type: "string", default: "0" }, workers: { type: "string", default: "1" }, shard: { type: "string", default: "1/1" },
    found: { type: "string", default: "" }, loop: { type: "boolean", default: false }, caps: { type: "boolean", default: false },
  } });
  const [shard = 1, shards = 1] = values.shard.split("/").map(Number);
  const numbers = [values.programs, values.seed, values.from, values.workers].map(Number);
  if ([...numbers, shard, shards].some((each) => !Number.isSafeInteger(each) || each < 0) || shard < 1 || shard > shards) {
    process.stderr.write(`${HELP}\n`);
    return 1;
  }
  const [count = 0, seed = 1, first = 0, workers = 1] = numbers;
  const began = performance.now();
  const from = first + Math.floor((count * (shard - 1)) / shards);
  const to = first + Math.floor((count * shard) / shards);
  const folder = mkdtempSync(join(tmpdir(), "naive-"));
  const done: number[] = [];
  const draw = (worker: number, n: number): void => {
    done[worker] = n;
    if (process.stderr.isTTY) process.stderr.write(`\r${done.reduce((sum, each) => sum + each, 0)} of ${to - from} programs`);
  };
  const drawer = (worker: number, before: number) => (n: number): void => { draw(worker, before + n); };
  try {
    const file = await bundle(folder);
    // Blocks of programs, whatever the number of workers: the digest is theirs.
    const BLOCK = values.loop ? 10 : 250;
    const more = [...(values.loop ? ["--loop"] : []), ...(values.caps ? ["--caps"] : [])];
    const blocks = Array.from({ length: Math.ceil((to - from) / BLOCK) }, (_, i) => from + i * BLOCK);
    const told: Told[] = [];
    let next = 0;
    const lane = async (worker: number): Promise<void> => {
      let before = 0;
      while (next < blocks.length) {
        const i = next++;
        const start = blocks[i]!;
        const end = Math.min(to, start + BLOCK);
        told[i] = await work(file, ["--seed", String(seed), "--from", String(start), "--to", String(end), "--found", values.found, ...more], drawer(worker, before));
        tell(told[i], seed, more);
        before += end - start;
      }
    };
    await Promise.all(Array.from({ length: Math.max(1, workers) }, (_, worker) => lane(worker)));
    return report(told, seed, from, to, more, (performance.now() - began) / 1000);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const flags = (more: readonly string[]): string => more.map((each) => ` ${each}`).join("");

/** What a block came to, as soon as it is known: a long run that is ended early has told all it knows. */
function tell({ searched: { found }, files }: Told, seed: number, more: readonly string[]): void {
  for (const { n, difference: { what, at_ms, expected, seen } } of found) {
    process.stdout.write(`program ${n}: ${what} at ${at_ms} ms: expected ${expected}, seen ${seen}\n  repeat: npm run naive -- --seed ${seed} --from ${n} --programs 1${flags(more)} --found DIR\n`);
  }
  for (const file of files) process.stdout.write(`written: ${file}\n`);
}

function report(told: readonly Told[], seed: number, from: number, to: number, more: readonly string[], seconds: number): number {
  const digest = createHash("sha256").update(told.map(({ searched }) => searched.digest).join("\n")).digest("hex").slice(0, 16);
  const sum = (of: (each: Searched) => number): number => told.reduce((all, { searched }) => all + of(searched), 0);
  const programs = sum((each) => each.programs);
  process.stdout.write(`${programs} programs, ${sum((each) => each.days)} days, ${sum((each) => each.pulses)} pulses, ${sum((each) => each.found.length)} differ, digest ${digest}, ${seconds.toFixed(1)} s, ${(programs / seconds).toFixed(1)} programs/s\n`);
  process.stdout.write(`repeat: npm run naive -- --seed ${seed} --from ${from} --programs ${to - from}${flags(more)}\n`);
  return told.some(({ searched }) => searched.found.length > 0) ? 2 : 0;
}

process.exitCode = await main();
