// The image's self-test finds what was damaged in the chip, and nothing else.

import { describe, expect, test } from "vitest";
import { Bench, setUpOf } from "../../emulator/bench";
import type { Machine } from "../../emulator/brain";
import { Timer } from "../../emulator/engine/timers";
import type { Pico } from "../../emulator/pico/pico";
import { TraceKind } from "../../emulator/trace";
import { SelfTest } from "../../hal/self-test";
import { Flash } from "../../hal/pico/tools/layout";
import { Op, Status } from "../../protocol/operations";
import { RecordKind } from "../../protocol/records";
import { State } from "../../protocol/states";
import { daily, prescribe } from "../firmware/prescribe";
import { picoImage, withoutImage } from "./image";

/** What src/self-test.c expects of the cipher: the first bytes. */
const ANSWER = [0x3d, 0x24, 0xf1, 0x8d, 0xc8, 0x79, 0xd4, 0xba];
const DAY_MS = 86_400_000;
const RAM = 0x2000_0000;
const PATTERN = 0x5555_5555;

interface Seen {
  readonly bench: Bench;
  readonly pico: Pico;
  /** What was told of the self-test. */
  readonly told: number[];
}

async function therapy(): Promise<Seen> {
  const machine: Machine = await picoImage();
  const bench = new Bench({ controller: machine });
  const told: number[] = [];
  bench.trace.on((kind, _at_ms, a, b) => {
    if (kind === TraceKind.record && a === RecordKind.self_test) told.push(b);
  });
  bench.powerOn();
  bench.request(Op.set_up, setUpOf(bench.unit));
  bench.request(Op.refill, [1, 18_000_000, 2000, 0, 0, 0]);
  prescribe(bench, daily(0, 500_000));
  bench.request(Op.start, [0]);
  return { bench, pico: bench.processor as Pico, told };
}

/** Minimum rate, nothing that the oracle would not have, and what the log says. */
function reduced({ bench, told }: Seen, failed: number): void {
  expect(bench.status()[Status.state]).toBe(State.safe_minimum);
  bench.finish();
  expect({ told, violations: bench.oracle.violations }).toEqual({ told: [failed], violations: [] });
}

function selfTests(): void {
  test("a byte of the image that has changed in flash, at the look of the day (STATE-3c)", async () => {
    const seen = await therapy();
    const { bench, pico, told } = seen;
    // A day passes at once without power.
    bench.inject({ kind: "power.off", value: DAY_MS - 60_000 - bench.pump_ms() });
    bench.advance_us((DAY_MS - 50_000 - bench.pump_ms()) * 1000);
    pico.flash.bytes[Flash.text_at + Flash.text_size - 12]! ^= 1;
    bench.advance_us(60_000_000);
    expect(told).toEqual([]);
    bench.advance_us(60_000_000);
    reduced(seen, SelfTest.program);
  });

  test("a cipher that gives another answer, at a boot (STATE-3c, MEM-1c)", async () => {
    const seen = await therapy();
    const { bench, pico } = seen;
    const at = Buffer.from(pico.flash.bytes.buffer, pico.flash.bytes.byteOffset, Flash.image_size).indexOf(Buffer.from(ANSWER));
    expect(at).toBeGreaterThan(0);
    pico.flash.bytes[at]! ^= 0x10;
    bench.inject({ kind: "processor.reset" });
    bench.advance_us(2_000_000);
    reduced(seen, SelfTest.cipher);
  });

  test("a bit of memory that does not hold, at a boot (STATE-3c, MEM-1c)", async () => {
    const seen = await therapy();
    const { bench, pico } = seen;
    let flipped = false;
    bench.inject({ kind: "processor.reset" });
    // As soon as the first pattern stands in the last word, one in the middle loses a bit.
    const watching = new Timer(() => {
      const { sram } = pico.chip!.rp2040;
      const last = sram.length - 4;
      const words = new DataView(sram.buffer, sram.byteOffset);
      if (words.getUint32(last, true) === ((RAM + last) ^ PATTERN) >>> 0) {
        sram[last - 100_000]! ^= 4;
        flipped = true;
      } else bench.engine.arm(watching, bench.engine.now_us + 200);
    });
    bench.engine.arm(watching, bench.engine.now_us + 200);
    bench.advance_us(2_000_000);
    expect(flipped).toBe(true);
    reduced(seen, SelfTest.memory);
  });
}

const missing = withoutImage();
if (missing === undefined) describe("the self-test on the chip", selfTests);
else test(`the image was not built, and its self-test not tested: ${missing}`, () => { expect(missing).toContain("apt-get install"); });
