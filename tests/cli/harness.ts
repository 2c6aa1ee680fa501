// A terminal that keeps what was written, and a folder of scenario files.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { main } from "../../emulator/cli/program";
import { openTarget } from "../../emulator/cli/targets";
import type { ControllerFactory } from "../../hal/controller";

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line in this process; `controller` stands in for the firmware if it is given. */
export async function run(args: readonly string[], controller?: ControllerFactory): Promise<Ran> {
  let out = "";
  let err = "";
  const terminal = {
    out: (text: string) => { out += text; },
    err: (text: string) => { err += text; },
    paint: (_style: string, text: string) => text,
    live: false,
    progress: () => undefined,
    now_ms: () => 0,
  };
  const code = await main(args, terminal, controller === undefined ? openTarget : () => Promise.resolve(controller));
  return { code, out, err };
}

/** A directory that is gone when the tests are. */
export class Folder {
  readonly path = mkdtempSync(join(tmpdir(), "itb-pump-"));

  /** Writes a file and gives its name. */
  file(name: string, content: string | Uint8Array): string {
    const path = join(this.path, name);
    writeFileSync(path, content);
    return path;
  }

  remove(): void {
    rmSync(this.path, { recursive: true });
  }
}

const head = "scenario: A test\nrequirements: [DOSE-1]\nsteps:\n";
const begin = "  - refill: {volume: 18mL, concentration: 2000ug/mL}\n  - prescribe: {rate: 500ug/day}\n  - start\n  - wait: 1h\n";

/** When therapy starts: key, calibration, clock, refill and prescription go over the line first, a login and ten messages each 100 ms after the last. */
export const START_MS = 1106;
/** The same, as messages have it. */
export const START = "1s 106ms";

/** Scenarios that end in each way with the true firmware. */
export const SCENARIOS = {
  pass: `${head}${begin}  - expect: {pulses: 41, state: therapy}\n`,
  expectation: `${head}${begin}  - expect: {pulses: 42, state: stopped}\n  - expect: {uncertain: 1}\n`,
  refused: `${head}  - start\n  - wait: 1d\n`,
  accepted: `${head}${begin}  - stop: {reason: 1, expect_refusal: not in this state}\n`,
  other_refusal: `${head}  - start: {expect_refusal: no prescription}\n`,
  malformed: `${head}  - wiat: 3d\n`,
  power_off: `${head}${begin}  - fault: {kind: power.off, value: 2h}\n  - wait: 1h\n  - expect: {state: therapy}\n`,
  wait: `${head}  - wait: 2h\n`,
} as const;
