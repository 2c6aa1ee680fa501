// The image's storage and the emulator's: one format, byte for byte.

import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { NorFlash, PAGE, SECTOR } from "../../emulator/devices/flash";
import { Stream } from "../../emulator/engine/random";
import { FlashStorage } from "../../emulator/storage/flash-storage";
import { Format, STORAGE_SIZE } from "../../emulator/storage/format";
import { Folder } from "../cli/harness";
import { Lives, obey, textOf, type Line } from "./storage-peer";

const src = resolve(import.meta.dirname, "../../hal/pico/src");
const folder = new Folder();
const program = join(folder.path, "peer");
const image = join(folder.path, "flash.bin");
afterAll(() => { folder.remove(); });

/** The image's storage on this content: what it prints, and the content afterwards. */
function peer(content: Uint8Array, lines: readonly Line[], cut_at: number): { readonly said: string[]; readonly after: Buffer } {
  writeFileSync(image, content);
  const { status, stdout, stderr } = spawnSync(program, [image, String(cut_at)], { input: lines.map(textOf).join("\n"), encoding: "utf8", maxBuffer: 1 << 26 });
  expect(stderr).toBe("");
  expect(status).toBe(0);
  return { said: stdout.trimEnd().split("\n"), after: readFileSync(image) };
}

/** One life on both sides, from the same content to the same; cut or not. Gives whether it was cut. */
function live(flash: NorFlash, lives: Lives): boolean {
  // A boot without a cut settles what the last cut left, so that drawn sequence numbers go on from what is durable.
  flash.powerOn();
  const before = flash.bytes.slice();
  const newest = new FlashStorage(flash).log.last;
  flash.bytes.set(before);
  const lines = lives.life(newest);
  const cut_at = lives.cutAfter();
  flash.cut = { operation: flash.operations + cut_at, how: lives.how() };
  const said = obey(flash, lines);
  flash.cut = undefined;
  const told = peer(before, lines, cut_at);
  const [, what, address, count, wanted] = /^cut (\S+) (\d+) (\d+) ([0-9a-f]+)$/.exec(told.said.at(-1)!) ?? [];
  if (what === undefined) {
    expect(told.said).toEqual(said);
    expect(told.after.equals(flash.bytes)).toBe(true);
    return false;
  }
  expect([...told.said.slice(0, -1), `cut ${what} ${address} ${count} `]).toEqual(said);
  // The image stopped before the operation; the emulator tore it. So each bit there is the old one or the new, and all else is equal.
  const whole = Buffer.from(wanted!, "hex");
  const from = Number(address);
  whole.forEach((byte, i) => {
    const torn = flash.bytes[from + i]!;
    const old = told.after[from + i]!;
    expect((torn ^ old) & ~(byte ^ old) & 0xff).toBe(0);
    told.after[from + i] = torn;
  });
  expect(told.after.equals(flash.bytes)).toBe(true);
  return true;
}

function peerTests(): void {
  beforeAll(() => {
    const files = ["storage.c", "journal.c", "log.c", "tally.c", "sectors.c"].map((name) => join(src, name));
    const built = spawnSync("cc", ["-std=c11", "-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-Wall", "-Wextra", `-I${src}`, join(import.meta.dirname, "storage-peer.c"), join(import.meta.dirname, "link.c"), ...files, "-o", program], { encoding: "utf8" });
    expect(built.stderr).toBe("");
  });

  test.each([1, 2])("130 lives of drawn transactions, tallies, failing writes and cuts, seed %i: each reads what the other wrote (MEM-2a)", (seed) => {
    const flash = new NorFlash(STORAGE_SIZE, seed);
    const lives = new Lives(seed);
    let cuts = 0;
    for (let life = 0; life < 130; life++) if (live(flash, lives)) cuts++;
    expect(cuts).toBeGreaterThan(80);
    expect(cuts).toBeLessThan(130);
    // Each tally, each area of the journal and the log have gone round.
    expect(Math.min(...flash.wear.subarray(0, Format.sectors_used))).toBeGreaterThan(0);
  });

  test("what another version wrote is refused by both, and left as it is; a single head of one is not taken for that", () => {
    const flash = new NorFlash(STORAGE_SIZE, 5);
    const head = (sector: number, text: string): void => { flash.bytes.set(new TextEncoder().encode(text), sector * SECTOR); };
    head(Format.log_first, "ITL1");
    expect(obey(flash, [])[0]).toBe("part 0: 0");
    expect(peer(flash.bytes, [], 0).said).toEqual(obey(flash, []));
    head(Format.journal_first, "ITJ1");
    const told = peer(flash.bytes, [{ do: "t", book: 0, count: 1 }], 0);
    expect(told.said).toEqual(["format 1"]);
    expect(told.after.equals(flash.bytes)).toBe(true);
    expect(obey(flash, [{ do: "t", book: 0, count: 1 }])).toEqual(["format 1"]);
    expect(() => new FlashStorage(flash)).toThrow("storage was written by another version: format 1, and this is format 2");
    head(Format.tally_first + 2, "ITT2");
    expect(peer(flash.bytes, [], 0).said).toEqual(obey(flash, []));
    expect(obey(flash, [])[0]).toBe("part 0: 0");
  });

  test("an image with flipped bits says the same to both, whatever that is, and both mend it alike", () => {
    const flash = new NorFlash(STORAGE_SIZE, 4);
    const lives = new Lives(4);
    const draws = new Stream(4, "flips");
    for (let life = 0; life < 60; life++) {
      live(flash, lives);
      const whole = flash.bytes.slice();
      // Most of the region is blank: half of the flips go where something is written.
      for (let flips = 1 + draws.below(6); flips > 0; flips--) {
        let at = draws.below(Format.sectors_used * SECTOR);
        if (draws.below(2) === 0) at = whole.findIndex((byte, i) => i >= at && byte !== 0xff);
        // Headers of entries, and what is near them.
        if (draws.below(3) === 0) at = Format.journal_first * SECTOR + draws.below(2 * Format.journal_sectors * SECTOR / PAGE) * PAGE + draws.below(36);
        if (at >= 0) flash.bytes[at]! ^= 1 << draws.below(8);
      }
      flash.powerOn();
      const before = flash.bytes.slice();
      const said = obey(flash, []);
      const told = peer(before, [], 0);
      expect(told.said).toEqual(said);
      expect(told.after.equals(flash.bytes)).toBe(true);
      flash.bytes.set(whole);
    }
  });
}

const compiler = spawnSync("cc", ["--version"]).status === 0;
// With CI=true a missing compiler is a failure like any other.
if (compiler || process.env["CI"] === "true") describe("the storage format", peerTests);
else test("the storage format was not tested against the image's: this machine has no C compiler of its own (apt-get install gcc libc6-dev)", () => { expect(compiler).toBe(false); });
