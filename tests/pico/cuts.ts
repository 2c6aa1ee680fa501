// npm run pico:cuts: power cut inside the chip's flash, time and again.

import { parseArgs } from "node:util";
import { CUT_FAULTS } from "../../emulator/devices/flash";
import { Counts, CutLife, type CutLifeOptions } from "./cut-life";
import { picoImage } from "./image";

const { values } = parseArgs({ options: { cuts: { type: "string", default: "500" }, seed: { type: "string", default: "1" } } });
const [cuts, seed] = [Number(values.cuts), Number(values.seed)];
if (!Number.isSafeInteger(cuts) || cuts < 1 || !Number.isSafeInteger(seed) || seed < 0) throw new Error("--cuts and --seed are whole numbers");

/** One cut in so many is made in a life of its own. */
const SHORT = 8;
const SHORT_LIVES: readonly Partial<CutLifeOptions>[] = [{ bolus: true }, { only: ["tally header, commanded"] }, { bolus: true }, { only: ["tally header, confirmed"] }];
const began_ms = performance.now();
const machine = await picoImage();
const counts = new Counts();
const failures: string[] = [];
const total = { virtual_us: 0, pulses: 0 };
let lives = 0;

/** One pump's life, up to the first thing that does not hold. */
function live(wanted: number, options: Partial<CutLifeOptions>): void {
  if (failures.length > 0) return;
  const life = new CutLife(machine, counts, { seed: seed + lives++, ...options });
  life.live(wanted);
  total.virtual_us += life.bench.now_us;
  total.pulses += life.bench.plant.motions;
  if (life.failures.length > 0) failures.push(...life.failures, `after ${JSON.stringify(life.last)} in life ${lives}`);
}

// A pump that had a power loss gives no bolus for a day, and no pulse but the first comes into a sector of its own: those are cut in lives of their own.
const short = Math.floor(cuts / SHORT);
for (let i = 0; i < short; i++) live(1, SHORT_LIVES[i % SHORT_LIVES.length]!);
live(cuts - short, {});

const WIDTH = 25;
console.log(["", ...CUT_FAULTS].map((text) => text.padEnd(WIDTH)).join(""));
for (const [place, made] of counts.at) console.log([place, ...CUT_FAULTS.map((how) => made[how])].map((text) => String(text).padEnd(WIDTH)).join(""));
console.log(`${counts.lived} cuts, each lived on with for ten minutes, and ${counts.again} more within seconds of one; ${lives} lives, ${total.pulses} pulses in ${(total.virtual_us / 3_600_000_000).toFixed(1)} h of virtual time, ${Math.round((performance.now() - began_ms) / 1000)} s`);
for (const failure of failures) console.log(`  ${failure}`);
console.log(`${failures.length === 0 ? "no violation" : "VIOLATIONS"}; again: npm run pico:cuts -- --cuts ${cuts} --seed ${seed}`);
process.exitCode = failures.length === 0 ? 0 : 3;
