// The benchmark of the core, small: both loops end in the same state.

import { beforeAll, describe, expect, test } from "vitest";
import { picoFlash } from "../../emulator/cli/pico-target";
import { longestStretch, measureCores, oursThrough, stockThrough, unequal, type Stretch } from "../bench/pico-core";
import { withoutImage } from "./image";

function imageTests(): void {
  let image: Uint8Array;
  let stretch: Stretch;
  beforeAll(async () => {
    image = await picoFlash();
    stretch = longestStretch(image);
  });

  test("the image has a stretch of a million instructions and more that needs no device, and both loops go through it alike", () => {
    const ours = oursThrough(stretch);
    expect(ours.instructions).toBeGreaterThan(1_000_000);
    expect(unequal(stockThrough(stretch, ours.instructions).chip, ours.chip)).toEqual([]);
  });

  test("one instruction more or less, and another RAM, are told", () => {
    const short = { ...stretch, ns: 100_000 };
    const { chip, instructions } = oursThrough(short);
    expect(unequal(stockThrough(short, instructions).chip, chip)).toEqual([]);
    expect(unequal(stockThrough(short, instructions - 1).chip, chip)).toContainEqual(expect.stringMatching(/^r15: /));
    expect(unequal(stockThrough(short, instructions + 1).chip, chip)).toContainEqual(expect.stringMatching(/^r15: /));
    const other = oursThrough(short).chip;
    other.sram[0] = other.sram[0]! ^ 1;
    expect(unequal(other, chip)).toEqual(["RAM"]);
  });

  test("it gives figures", () => {
    const { instructions, stock_mips, ours_mips, ratio } = measureCores(image, 1);
    expect(Math.min(instructions, stock_mips, ours_mips, ratio)).toBeGreaterThan(0);
    expect(ours_mips / stock_mips).toBeCloseTo(ratio);
  });
}

const missing = withoutImage();
if (missing === undefined) describe("both loops in the image", imageTests);
else test(`the image was not built, and no loop measured: ${missing}`, () => { expect(missing).toContain("apt-get install"); });
