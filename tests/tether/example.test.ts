// The worked example: its spec, its numbers on both sides, its service in C.

import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { runTool } from "../../hal/pico/tools/toolchain";
import { layoutOf } from "../../protocol/spec/layout";
import { readSpec } from "../../protocol/spec/read";
import { withoutImage } from "../pico/image";
import { Service } from "./example/adapter";
import { addPressure } from "./example/board";

const EXAMPLE = resolve(import.meta.dirname, "example");

test("the spec reads, and adapter and board have its numbers", () => {
  const { service } = readSpec(readFileSync(join(EXAMPLE, "pressure.md"), "utf8"), "pressure.md");
  const layouts = service.packets.filter(({ derived }) => derived === undefined).map(({ kind, identifier, fields }) => [kind, identifier, layoutOf(fields)]);
  expect(layouts).toEqual([["command", Service.code, Service.sample], ["event", Service.code, Service.sampled]]);
  expect(service.classIdentifier).toBe(Service.class);
  expect(readFileSync(join(EXAMPLE, "pressure.c"), "utf8")).toContain(`CLASS_PRESSURE = 0x${service.classIdentifier.toString(16)}`);
});

test("the service fits the server's source and compiles without a warning", async () => {
  const work = mkdtempSync(join(tmpdir(), "itb-example-"));
  try {
    cpSync(resolve(EXAMPLE, "../../../hal/pico/src"), work, { recursive: true });
    addPressure(work);
    // A second time it finds no place any more: the source has it.
    expect(() => { addPressure(work); }).toThrow(/not one place/);
    if (withoutImage() !== undefined) return;
    await runTool("arm-none-eabi-gcc", ["-mcpu=cortex-m0plus", "-mthumb", "-Os", "-std=c11", "-Wall", "-Wextra", "-Werror", `-I${work}`, "-c", join(work, "peripherals.c"), "-o", join(work, "peripherals.o")], work);
    await expect(runTool("arm-none-eabi-objdump", ["-d", "--no-show-raw-insn", join(work, "peripherals.o")], work)).resolves.toContain("peripherals_run");
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
});
