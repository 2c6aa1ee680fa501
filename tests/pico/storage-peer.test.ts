// The image's storage and the emulator's: one format, byte for byte.

import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
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

/** One life: what storage held, what it was told, and before which flash operation power went (0: it did not). */
interface Life {
  readonly content: Uint8Array;
  readonly lines: readonly Line[];
  readonly cut_at: number;
}

/** What a side said, and the content afterwards. */
interface Told {
  readonly said: string[];
  readonly after: Uint8Array;
}

/** The image's storage, life by life, in one process: to start a program with its sanitizers takes longer than a life. */
function peers(lives: readonly Life[]): Told[] {
  rmSync(image, { force: true });
  const input = lives.flatMap(({ content, lines, cut_at }) => {
    const text = `${lines.map(textOf).join("\n")}\n`;
    return [`${cut_at} ${text.length}\n`, content, text];
  });
  const { status, stdout, stderr } = spawnSync(program, [image], { input: Buffer.concat(input.map((part) => Buffer.from(part as Uint8Array))), encoding: "utf8", maxBuffer: 1 << 28 });
  expect(stderr).toBe("");
  expect(status).toBe(0);
  const said = stdout.split(/^end\n/m);
  expect(said.pop()).toBe("");
  const after = readFileSync(image);
  expect([said.length, after.length]).toEqual([lives.length, lives.length * STORAGE_SIZE]);
  return said.map((text, i) => ({ said: text.trimEnd().split("\n"), after: after.subarray(i * STORAGE_SIZE, (i + 1) * STORAGE_SIZE) }));
}

function peer(content: Uint8Array, lines: readonly Line[]): Told {
  return peers([{ content, lines, cut_at: 0 }])[0]!;
}

/** The next life in the emulator, cut or not. */
function live(flash: NorFlash, lives: Lives): Life & Told {
  // A boot without a cut settles what the last cut left, so that drawn sequence numbers go on from what is durable.
  flash.powerOn();
  const content = flash.bytes.slice();
  const newest = new FlashStorage(flash).log.last;
  flash.bytes.set(content);
  const lines = lives.life(newest);
  const cut_at = lives.cutAfter();
  flash.cut = { operation: flash.operations + cut_at, how: lives.how() };
  const said = obey(flash, lines);
  flash.cut = undefined;
  return { content, lines, cut_at, said, after: flash.bytes.slice() };
}

/** That both sides came from the same content to the same. Gives whether the life was cut. */
function agree({ said, after }: Told, told: Told, life: number): boolean {
  const [, what, address, count, wanted] = /^cut (\S+) (\d+) (\d+) ([0-9a-f]+)$/.exec(told.said.at(-1)!) ?? [];
  const mended = Buffer.from(told.after);
  if (what === undefined) expect(told.said, `life ${life}`).toEqual(said);
  else {
    expect([...told.said.slice(0, -1), `cut ${what} ${address} ${count} `], `life ${life}`).toEqual(said);
    // The image stopped before the operation; the emulator tore it. So each bit there is the old one or the new, and all else is equal.
    const from = Number(address);
    Buffer.from(wanted!, "hex").forEach((byte, i) => {
      const torn = after[from + i]!;
      const old = mended[from + i]!;
      if (((torn ^ old) & ~(byte ^ old) & 0xff) !== 0) expect.fail(`life ${life}: at ${from + i} ${old} or a step towards ${byte} expected, ${torn} seen`);
      mended[from + i] = torn;
    });
  }
  expect(mended.equals(after), `life ${life}: the same content`).toBe(true);
  return what !== undefined;
}

function peerTests(): void {
  beforeAll(() => {
    const files = ["storage.c", "journal.c", "log.c", "tally.c", "sectors.c"].map((name) => join(src, name));
    const built = spawnSync("cc", ["-std=c11", "-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-Wall", "-Wextra", `-I${src}`, join(import.meta.dirname, "storage-peer.c"), join(import.meta.dirname, "link.c"), ...files, "-o", program], { encoding: "utf8" });
    expect(built.stderr).toBe("");
    // So nothing can leak that the sanitizer would have to look for after each life.
    for (const file of files) expect(readFileSync(file, "utf8"), file).not.toMatch(/\b(malloc|calloc|realloc|strdup)\b/);
  });

  test.each([1, 2])("130 lives of drawn transactions, tallies, failing writes and cuts, seed %i: each reads what the other wrote (MEM-2a)", (seed) => {
    const flash = new NorFlash(STORAGE_SIZE, seed);
    const lives = new Lives(seed);
    const lived = Array.from({ length: 130 }, () => live(flash, lives));
    const told = peers(lived);
    const cuts = lived.filter((each, life) => agree(each, told[life]!, life)).length;
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
    expect(peer(flash.bytes, []).said).toEqual(obey(flash, []));
    head(Format.journal_first, "ITJ1");
    const told = peer(flash.bytes, [{ do: "t", book: 0, count: 1 }]);
    expect(told.said).toEqual(["format 1"]);
    expect(Buffer.from(told.after).equals(flash.bytes)).toBe(true);
    expect(obey(flash, [{ do: "t", book: 0, count: 1 }])).toEqual(["format 1"]);
    expect(() => new FlashStorage(flash)).toThrow("storage was written by another version: format 1, and this is format 2");
    head(Format.tally_first + 2, "ITT2");
    expect(peer(flash.bytes, []).said).toEqual(obey(flash, []));
    expect(obey(flash, [])[0]).toBe("part 0: 0");
  });

  test("an image with flipped bits says the same to both, whatever that is, and both mend it alike", () => {
    const flash = new NorFlash(STORAGE_SIZE, 4);
    const lives = new Lives(4);
    const draws = new Stream(4, "flips");
    const lived: (Life & Told)[] = [];
    for (let life = 0; life < 60; life++) {
      lived.push(live(flash, lives));
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
      const content = flash.bytes.slice();
      const said = obey(flash, []);
      lived.push({ content, lines: [], cut_at: 0, said, after: flash.bytes.slice() });
      flash.bytes.set(whole);
    }
    const told = peers(lived);
    lived.forEach((each, life) => { agree(each, told[life]!, life); });
  });
}

const compiler = spawnSync("cc", ["--version"]).status === 0;
// With CI=true a missing compiler is a failure like any other.
if (compiler || process.env["CI"] === "true") describe("the storage format", peerTests);
else test("the storage format was not tested against the image's: this machine has no C compiler of its own (apt-get install gcc libc6-dev)", () => { expect(compiler).toBe(false); });
