// Example: the board is built with the sensor, and a minute of therapy is run.

import { mkdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { buildFirmware } from "../../../emulator/cli/firmware";
import { luaBytecode } from "../../../emulator/lua/host";
import { buildImage } from "../../../hal/pico/tools/build";
import { readUf2 } from "../../../hal/pico/tools/uf2";
import { Busy, judge } from "../campaign";
import { boardFlash } from "../image";
import { tetheredPressure } from "./adapter";
import { addPressure } from "./board";
import { PressureDevice } from "./device";

const BUILD = resolve(import.meta.dirname, "../../../build/pico");

/** An occlusion builds up pressure in the middle of a minute; therapy must not notice, and the sensor must. */
async function main(): Promise<number> {
  const out = join(BUILD, "example");
  mkdirSync(out, { recursive: true });
  const plain = new Busy(await boardFlash()).run();
  await buildImage({ bytecode: await luaBytecode(await buildFirmware()), version: "0.0.0", commit: "example", out, cache: join(BUILD, "packages"), alter: addPressure });
  const busy = new Busy(readUf2(readFileSync(join(out, "fw-peripherals.uf2"))));
  const device = new PressureDevice(busy.brain.board);
  const seen: number[] = [];
  const pressure = tetheredPressure(busy.brain.host.tether, (pascal) => { seen.push(pascal); });
  for (const [pascal, after_us] of [[2000, 1_000_000], [2000, 9_000_000], [90_000, 10_000_000], [2500, 10_000_000]] as const) {
    device.pascal = pascal;
    pressure.sample();
    busy.brain.post();
    busy.bench.advance_us(after_us);
  }
  busy.bench.advance_us(45_000_000);
  const expected = [2000, 2000, 90_000, 2500];
  const good = seen.length === expected.length && seen.every((pascal, i) => Math.abs(pascal - expected[i]!) <= 50);
  const wrong = judge(busy, plain.pulses_ms, 0);
  process.stdout.write(`pressures seen: ${seen.join(", ")} Pa; ${wrong.length === 0 ? "therapy is as without" : wrong.join("; ")}\n`);
  return good && wrong.length === 0 ? 0 : 2;
}

process.exitCode = await main();
