// The Pico's image: reproducible, read by others, refused when it is damaged.

import { execFile } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { NorFlash, SECTOR } from "../../emulator/devices/flash";
import { Stream } from "../../emulator/engine/random";
import { FlashStorage, Transaction } from "../../emulator/storage/flash-storage";
import { Format, STORAGE_SIZE } from "../../emulator/storage/format";
import { LOG_HEADER, RECORD_SIZE } from "../../emulator/storage/log";
import { packChunk } from "../../hal/pico/tools/chunk";
import { bootCrc32, crc32 } from "../../hal/pico/tools/crc";
import { readInfo } from "../../hal/pico/tools/info";
import { applyPatch } from "../../hal/pico/tools/patch";
import { readSlot } from "../../hal/pico/tools/slot";
import { missingTools } from "../../hal/pico/tools/toolchain";
import { Folder, run } from "../cli/harness";

const root = resolve(import.meta.dirname, "../..");
const bin = join(root, "emulator/cli/itb-pump.mjs");
const folder = new Folder();
afterAll(() => { folder.remove(); });

const FILES = ["fw.bin", "app.bin", "fw.uf2", "fw.elf", "fw.map"] as const;

test("check values are those of the standards", () => {
  const digits = new TextEncoder().encode("123456789");
  expect(crc32(digits).toString(16)).toBe("cbf43926"); // CRC-32/ISO-HDLC
  expect(bootCrc32(digits).toString(16)).toBe("376e6e7"); // CRC-32/MPEG-2
});

test("a patch is applied exactly, or not at all", () => {
  const path = folder.file("a.c", "one\ntwo\nthree\n");
  const patch = "--- a/a.c\n+++ b/a.c\n@@ -1,3 +1,3 @@\n one\n-two\n+2\n three\n";
  applyPatch(patch, folder.path);
  expect(readFileSync(path, "utf8")).toBe("one\n2\nthree\n");
  expect(() => { applyPatch(patch, folder.path); }).toThrow("a.c: line 1 and on are not as the patch has them");
});

test("what is no stripped bytecode of Lua 5.4 makes no chunk", () => {
  expect(() => packChunk(new TextEncoder().encode("return {}"))).toThrow("not bytecode of Lua 5.4");
});

const reason = (file: Uint8Array): string => {
  try {
    readInfo(file);
    return "accepted";
  } catch (error) {
    return error instanceof Error ? error.message : "";
  }
};

const missing = missingTools();

function imageTests(): void {
  const first = join(folder.path, "first");
  const second = join(folder.path, "second/deeper");
  const read = (name: (typeof FILES)[number], from = first): Uint8Array => readFileSync(join(from, name));
  let printed = "";

  beforeAll(async () => {
    const ran = await run(["build", "pico", "--out", first]);
    expect(ran.err).toContain("fw.uf2");
    expect(ran.code).toBe(0);
    printed = ran.out;
  });

  // In a process of its own, which compiles the firmware again too.
  test("built twice, in other folders, it has the same bytes", async () => {
    await promisify(execFile)("node", [bin, "build", "pico", "--out", second]);
    for (const name of FILES) expect(Buffer.compare(read(name), read(name, second)), name).toBe(0);
  });

  test("no path of this machine is in what is flashed or debugged", () => {
    for (const name of ["fw.bin", "app.bin", "fw.elf"] as const) {
      expect(Buffer.from(read(name)).includes(folder.path), name).toBe(false);
      expect(Buffer.from(read(name)).includes(root), name).toBe(false);
    }
  });

  test("it stays within flash, and leaves the heap that the budget counts on", () => {
    const heap = /heap\s+(\d+)/.exec(printed);
    expect(Number(heap?.[1])).toBeGreaterThan(240_000);
    expect(read("fw.bin").length).toBeLessThan(0x8_0000 / 2);
    expect(printed).toMatch(/VM and host +\d+ +of 524288/);
    expect(printed).toMatch(/application +\d+ +of 524288/);
  });

  test("info says what it is", async () => {
    const { code, out } = await run(["info", join(first, "fw.uf2")]);
    expect(code).toBe(0);
    const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
    for (const line of [/^file +UF2, \d+ bytes$/m, new RegExp(`^version +${version}$`, "m"), /^commit +\S+$/m, /^pins +GP0 UART0 TX; .*GP26 supply/m, /^application +version \S+, commit \S+$/m]) expect(out).toMatch(line);
    const json = await run(["info", join(first, "app.bin"), "--json"]);
    expect(JSON.parse(json.out)).toMatchObject({ schema: 1, type: "info", format: "application slot", application: { version } });
  });

  test("info of what was read from a board, whole, follows its log's chain, and says where it is another", async () => {
    const storage_at = 0x18_0000;
    const content = new Uint8Array(0x20_0000).fill(0xff);
    content.set(read("fw.bin"));
    content.set(read("app.bin"), 0x8_0000);
    const flash = new NorFlash(STORAGE_SIZE, 1);
    const storage = new FlashStorage(flash);
    for (let sequence = 1; sequence <= 9; sequence++) {
      const transaction = new Transaction();
      transaction.append({ sequence, kind: 3, pump_ms: sequence, wall_ms: 0, a: sequence, b: 0, c: 0 });
      storage.write(transaction, sequence);
    }
    const whole = async (): Promise<Awaited<ReturnType<typeof run>>> => {
      content.set(flash.bytes, storage_at);
      return run(["info", folder.file("board.bin", content)]);
    };
    const { code, out } = await whole();
    expect([code, /^log +9 records, 1 to 9: each follows from the one before it; the newest has [0-9a-f]{16}$/m.test(out)]).toEqual([0, true]);
    // The fifth record is not readable any more: two bits of it are cleared.
    const at = Format.log_first * SECTOR + LOG_HEADER + 4 * RECORD_SIZE;
    flash.bytes.fill(0, at, at + 4);
    const altered = await whole();
    expect([altered.code, altered.out.split("\n").at(-2)]).toEqual([2, expect.stringMatching(/^altered +record 5 cannot be read any more$/)]);
    const json = JSON.parse((await run(["info", folder.file("board.bin", content), "--json"])).out) as { log: { findings: unknown[] } };
    expect(json.log.findings).toHaveLength(1);
  });

  test("info refuses what is cut short, another's, or of another format", async () => {
    const uf2 = read("fw.uf2");
    expect(reason(uf2.subarray(0, uf2.length - 512))).toMatch(/and the file has \d+: some are missing/);
    expect(reason(uf2.subarray(0, uf2.length - 100))).toMatch(/it is cut short/);
    expect(reason(read("fw.bin").subarray(0, 50_000))).toMatch(/it has 50000 of its \d+ bytes: it is cut short/);
    expect(reason(read("app.bin").subarray(0, 5000))).toMatch(/it has \d+ of its|has 4936 of its \d+ bytes: it is cut short/);
    expect(reason(read("fw.elf"))).toMatch(/something else/);
    expect(reason(new Uint8Array(0))).toMatch(/less than any image/);
    const older = read("app.bin").slice();
    const view = new DataView(older.buffer);
    view.setUint32(4, 0, true);
    view.setUint32(52, crc32(older.subarray(0, 52)), true);
    expect(() => readSlot(older)).toThrow("the application has format 0, and this image runs format 2");
    const elsewhere = read("app.bin").slice();
    const words = new DataView(elsewhere.buffer);
    words.setUint32(64, 0x1000_0040, true);
    words.setUint32(12, crc32(elsewhere.subarray(64)), true);
    words.setUint32(52, crc32(elsewhere.subarray(0, 52)), true);
    expect(() => readSlot(elsewhere)).toThrow("the application was linked for address 10000040, and its place is 10080040");
    const other_chip = uf2.slice();
    new DataView(other_chip.buffer).setUint32(28, 0xe48bff59, true);
    writeFileSync(join(folder.path, "other.uf2"), other_chip);
    expect(await run(["info", join(folder.path, "other.uf2")])).toMatchObject({ code: 1, out: "", err: expect.stringContaining("refused: block 0 is for another chip than the RP2040") as string });
    expect((await run(["info", join(folder.path, "nothing")])).code).toBe(1);
  });

  test("info refuses a flip of any bit: 150 places in each file", () => {
    const places = new Stream(1, "build.test flips");
    for (const name of ["fw.uf2", "fw.bin", "app.bin"] as const) {
      const file = read(name).slice();
      expect(reason(file)).toBe("accepted");
      for (let i = 0; i < 150; i++) {
        const at = i < 64 && name === "app.bin" ? i : places.below(file.length);
        const bit = 1 << places.below(8);
        file[at] = (file[at] ?? 0) ^ bit;
        expect(reason(file), `${name}: bit ${bit} at ${at}`).not.toBe("accepted");
        file[at] = (file[at] ?? 0) ^ bit;
      }
    }
  });

  test("sources that are not the pinned ones are refused", async () => {
    const packages = join(root, "build/pico/packages");
    const altered = join(folder.path, "altered");
    mkdirSync(altered);
    for (const name of readdirSync(packages)) copyFileSync(join(packages, name), join(altered, name));
    const lua = join(altered, "lua5.4_5.4.4.orig.tar.gz");
    const bytes = readFileSync(lua);
    bytes[1000] = (bytes[1000] ?? 0) ^ 1;
    writeFileSync(lua, bytes);
    const { code, err } = await run(["build", "pico", "--out", join(folder.path, "third"), "--sources", altered]);
    expect(code).toBe(1);
    expect(err).toMatch(/lua5\.4_5\.4\.4\.orig\.tar\.gz: its SHA-256 is [0-9a-f]{64} and must be 164c7849/);
    expect((await run(["build", "pico", "--sources", folder.path])).err).toContain("are not there");
  });
}

// With CI=true a missing compiler is a failure like any other.
if (missing === undefined || process.env["CI"] === "true") describe("the image", imageTests);
else test(`the image was not built and not tested: ${missing}`, () => { expect(missing).toContain("apt-get install"); });
