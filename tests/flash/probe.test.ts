// Flashing over the Debug Probe: what openocd is told, and what it says.

import { chmodSync, copyFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { flashByProbe, openocdProblem } from "../../hal/pico/flash/openocd";
import { readOrder } from "../../hal/pico/flash/order";
import { FLASH_PROBLEM_TEXTS, FlashError, FlashProblem } from "../../hal/pico/flash/problems";
import { readUf2 } from "../../hal/pico/tools/uf2";
import { PROBLEM_TEXTS } from "../../protocol/wand/problems";
import { Folder, run } from "../cli/harness";
import { smallUf2 } from "./small-image";

const folder = new Folder();
afterAll(() => { folder.remove(); });
const image = folder.file("fw.uf2", smallUf2());
const openocd = join(folder.path, "openocd");
copyFileSync(join(import.meta.dirname, "fake-openocd.mjs"), `${openocd}.mjs`);
writeFileSync(openocd, `#!/bin/sh\nif [ "$1" = --version ]; then echo Open On-Chip Debugger 0.12.0 >&2; exit; fi\nexec "${process.execPath}" "${openocd}.mjs" "$@"\n`);
chmodSync(openocd, 0o755);
const [flash, given] = [join(folder.path, "flash"), join(folder.path, "arguments")];

beforeEach(() => {
  writeFileSync(flash, new Uint8Array(0x20_0000).fill(0x5a));
  process.env["FAKE_FLASH"] = flash;
  process.env["FAKE_ARGUMENTS"] = given;
  process.env["FAKE_OPENOCD"] = "good";
});

describe("over the probe", () => {
  test("the chip gets the image, and nothing else of it changes", async () => {
    const { code, out, err } = await run(["flash", image, "--probe", "--openocd", openocd]);
    expect({ code, err }).toEqual({ code: 0, err: expect.stringMatching(/^image: version 1\.2\.3.*\nOpen On-Chip Debugger 0\.12\.0\n$/) as string });
    expect(out).toContain("openocd wrote the image, read it back as it is, and started the board");
    const wanted = readUf2(smallUf2());
    // Sectors of the image and of the application are written whole; the pump's storage and what lies between are as they were.
    const [first, second] = [5 * 4096, 0x8_0000 + 18 * 4096];
    wanted.fill(0x5a, first, 0x8_0000).fill(0x5a, second);
    expect(readFileSync(flash).equals(wanted)).toBe(true);
    expect(JSON.parse(readFileSync(given, "utf8"))).toEqual(["-f", "interface/cmsis-dap.cfg", "-c", "adapter speed 5000", "-f", "target/rp2040.cfg", "-c",
      expect.stringMatching(/^program \{\/.*\/fw\.hex\} verify reset exit$/)]);
  });

  test("a dry run says the command line and runs nothing", async () => {
    writeFileSync(given, "untouched");
    const { code, out } = await run(["flash", image, "--probe", "--openocd", openocd, "--dry-run"]);
    expect(code).toBe(0);
    expect(out).toContain(`run ${openocd} -f interface/cmsis-dap.cfg -c 'adapter speed 5000' -f target/rp2040.cfg -c 'program {FILE.hex} verify reset exit'\n`);
    expect(readFileSync(given, "utf8")).toBe("untouched");
    expect(readFileSync(flash)[0]).toBe(0x5a);
  });

  test.each([
    ["no probe", /^error: openocd finds no Debug Probe: .*\(unable to find a matching CMSIS-DAP device\) \(832\)\n$/],
    ["not permitted", /^error: openocd may not open the Debug Probe: .*LIBUSB_ERROR_ACCESS.* \(833\)\n$/],
    ["no target", /^error: the probe is there and no RP2040 answers it: .*Failed to connect multidrop rp2040\.dap0\) \(834\)\n$/],
    ["not examined", /^error: the probe is there and no RP2040 answers it: .*\(834\)\n$/],
    ["verify fails", /^error: what was read back from the board's flash is not the image: .*halted.*checksum mismatch.* \(835\)\n$/],
    ["flash fails", /^error: the board's flash could not be written: .*error writing to flash at address 0x10000000.* \(836\)\n$/],
    ["odd", /^error: openocd failed \(something that openocd never said before\?\[31m\) \(837\)\n$/],
    ["no verify", /^error: openocd failed \(\*\* Resetting Target \*\*; shutdown command invoked\) \(837\)\n$/],
    ["silent", /^error: openocd failed \(Open On-Chip Debugger 0\.12\.0; Info : CMSIS-DAP: FW Version = 2\.0\.0\) \(837\)\n$/],
  ])("%s", async (mode, message) => {
    process.env["FAKE_OPENOCD"] = mode;
    const { code, out, err } = await run(["flash", image, "--probe", "--openocd", openocd]);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err.split("\n").slice(2).join("\n")).toMatch(message);
  });

  test("one that is not there, and one that does not come to an end", async () => {
    expect((await run(["flash", image, "--probe", "--openocd", join(folder.path, "none")])).err).toMatch(/none: openocd cannot be found; .*apt-get install openocd.* \(831\)\n$/);
    process.env["FAKE_OPENOCD"] = "stuck";
    const phases: string[] = [];
    await expect(flashByProbe(readOrder(image), { openocd, phase: (text) => { phases.push(text); }, stuck_ms: 500 })).rejects.toThrow(FLASH_PROBLEM_TEXTS[FlashProblem.openocd_stuck]);
    expect(phases).toEqual([]);
  });

  test("tells how far it is", async () => {
    const phases: string[] = [];
    await flashByProbe(readOrder(image), { openocd, phase: (text) => { phases.push(text); } });
    expect(phases).toEqual(["programming", "programmed", "reading back", "verified", "starting"]);
    const file = /\{(.*)\}/.exec(readFileSync(given, "utf8"))?.[1] ?? "";
    expect(file).not.toBe("");
    expect(existsSync(file)).toBe(false);
  });

  test("nothing said is told as such", () => {
    expect(openocdProblem(null, "")).toEqual(new FlashError(FlashProblem.openocd_failed, "", "it ended with a signal and said nothing"));
    expect(openocdProblem(0, "** Verified OK **")).toBeUndefined();
    expect(openocdProblem(1, "** Verified OK **\n")?.problem).toBe(FlashProblem.openocd_failed);
  });
});

test("numbers of problems are each there once, in no other list", () => {
  const numbers = Object.keys(FLASH_PROBLEM_TEXTS).map(Number);
  expect(numbers.filter((number) => number in PROBLEM_TEXTS || number < 801 || number > 899)).toEqual([]);
  expect(new Set(Object.values(FLASH_PROBLEM_TEXTS)).size).toBe(numbers.length);
});
