// Measures what the firmware takes of the chip's memory, in Node.

import { readFileSync } from "node:fs";
import { Bench } from "../../emulator/bench";
import { buildFirmware } from "../../emulator/cli/firmware";
import { createLuaFactory, luaBytecode } from "../../emulator/lua/host";
import { packChunk } from "../../hal/pico/tools/chunk";
import { commentFree } from "./comment-free";
import { begin, twoDays } from "./load";

const KB = 1024;

/**
 * The gates, in bytes, of the heap of a wasm Lua that holds the whole program as well, which the chip leaves in flash (functions, code, constants, texts: `in_flash`), and retained memory as a table,
 * which the chip has outside of it. The chip's own heap is what decides: at most 75 % of its region at the peak (hal/pico/README.md has the figures, `npm run ram` measures them, tests/pico holds a run to them). These gates are what the whole therapy takes
 * and some 3 %, so that what is added is noticed where it is written.
 */
export const GATES = {
  /** Lists of numbers that live all the time, 16 bytes a slot. */
  arrays: 31 * KB,
  /** Heap above the bare VM after boot, collected. */
  boot: 232 * KB,
  /** The most the heap ever takes: loading, boot, the load below. */
  peak: 267 * KB,
  /** How much more lives after 300 pulses than before them: nothing may be kept of an event. */
  growth: 1536,
} as const;

export type Gate = keyof typeof GATES;

export interface Budget {
  readonly gated: Readonly<Record<Gate, number>>;
  /**
   * Told, with no gate: TypeScript in the image, without comments and blank lines (types and constants count although they leave no code), bytes of Lua text and of
   * stripped bytecode, and how many files. The heap is what the chip has; how much text makes it differs by a third with the style.
   */
  readonly typescript: number;
  readonly lua: number;
  readonly bytecode: number;
  readonly files: number;
  /** Bytes of the program linked for the chip. It has the same structs, so its heap holds about so much less than is gated here. */
  readonly in_flash: number;
}

const BYTES_PER_SLOT = 16;
const PULSES = 300;

/** Builds, boots and loads the firmware. Its heap is capped at the peak's gate, so it fails where a chip would. */
export async function measureBudget(): Promise<Budget> {
  const build = await buildFirmware();
  const controller = await createLuaFactory(build, { stripped: true, heap_bytes_max: GATES.peak });
  const bench = new Bench({ controller });
  begin(bench);
  const { boot } = controller.memory();
  twoDays(bench);

  controller.collect();
  const before = controller.memory().live;
  const until = bench.motor.commanded + PULSES;
  while (bench.motor.commanded < until) bench.advance_us(60_000_000);
  controller.collect();
  const { live, peak } = controller.memory();

  return {
    gated: {
      arrays: controller.listSlots() * BYTES_PER_SLOT,
      boot, peak,
      growth: live - before,
    },
    typescript: build.sources.reduce((bytes, path) => bytes + Buffer.byteLength(commentFree(readFileSync(path, "utf8"))), 0),
    lua: Buffer.byteLength(build.text), bytecode: controller.bytecode, files: build.sources.length,
    in_flash: packChunk(await luaBytecode(build)).bytes.length,
  };
}
