// npm run pico:cuts: power cut inside the chip's flash, time and again.

import { parseArgs } from "node:util";
import { CUT_FAULTS } from "../../emulator/devices/flash";
import { CutLife } from "./cut-life";
import { picoImage } from "./image";

const { values } = parseArgs({ options: { cuts: { type: "string", default: "500" }, seed: { type: "string", default: "1" } } });
const [cuts, seed] = [Number(values.cuts), Number(values.seed)];
if (!Number.isSafeInteger(cuts) || cuts < 1 || !Number.isSafeInteger(seed) || seed < 0) throw new Error("--cuts and --seed are whole numbers");

const began_ms = performance.now();
const life = new CutLife(await picoImage(), seed);
life.begin();
life.live(cuts);

const WIDTH = 22;
console.log(["", ...CUT_FAULTS].map((text) => text.padEnd(WIDTH)).join(""));
for (const [place, made] of life.made) console.log([place, ...CUT_FAULTS.map((how) => made[how])].map((text) => String(text).padEnd(WIDTH)).join(""));
const { bench, failures, last } = life;
console.log(`${life.lived} cuts, each lived on with for ten minutes, and ${life.again} more that came in the boot after one; ${bench.plant.motions} pulses in ${(bench.now_us / 3_600_000_000).toFixed(1)} h of virtual time, ${Math.round((performance.now() - began_ms) / 1000)} s`);
for (const failure of failures) console.log(`  ${failure}`);
if (failures.length > 0) console.log(`  after ${JSON.stringify(last)}`);
console.log(`${failures.length} violations; again: npm run pico:cuts -- --cuts ${cuts} --seed ${seed}`);
process.exitCode = failures.length === 0 ? 0 : 3;
