// Flashing by the boot loader's drive: what the chip has then, each failure.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { flashCommand } from "../../emulator/cli/flash-command";
import type { FlashCommand, FlashWorld } from "../../emulator/cli/flash-command";
import { UsageError } from "../../emulator/cli/usage-error";
import { parseMounts } from "../../hal/pico/flash/host";
import type { PumpInfo } from "../../protocol/wand/core/order";
import { Problem, WandError } from "../../protocol/wand/problems";
import { Folder, run } from "../cli/harness";
import { Bootsel, FakeHost, FLASH_BYTES, REBOOT_MS } from "./bootsel";
import type { BootselFaults } from "./bootsel";
import { smallImage, smallSlot, smallUf2 } from "./small-image";

const folder = new Folder();
afterAll(() => { folder.remove(); });
const uf2 = smallUf2();
const image = folder.file("fw.uf2", uf2);
let boards = 0;

function boardOf(faults: BootselFaults = {}, info?: string): Bootsel {
  boards++;
  return new Bootsel(join(folder.path, `media ${boards}`, "RPI-RP2"), faults, info);
}

const PUMP: PumpInfo = { device: "00", protocol_version: 1, provisioned: false, description: "pump", product: 1, firmware: "1.2.3" };

/** What the command said: its output and chatter, or the error. */
interface Flashed { readonly code?: number; readonly out: string; readonly err: string; readonly error?: string; readonly progress: readonly string[] }

async function flash(host: FakeHost, given: Partial<FlashCommand> = {}, world: Partial<FlashWorld> = {}): Promise<Flashed> {
  let [out, err] = ["", ""];
  const progress: string[] = [];
  const terminal = {
    out: (text: string) => { out += text; }, err: (text: string) => { err += text; }, paint: (_style: string, text: string) => text,
    live: true, progress: (text: string) => { progress.push(text); }, now_ms: () => 0,
  };
  const whole: FlashWorld = { host, tryPort: () => Promise.resolve(), look: () => Promise.resolve(PUMP), ...world };
  try {
    const code = await flashCommand({ file: image, probe: false, dry_run: false, json: false, ...given }, terminal, whole);
    return { code, out, err, progress };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { out, err, progress, error: error.message };
  }
}

describe("a board in its boot loader", () => {
  test("gets the image, every byte of it, and nothing else", async () => {
    const board = boardOf();
    const host = new FakeHost([board], [folder.path]);
    const { code, out, err, progress } = await flash(host);
    expect(code).toBe(0);
    expect(err).toBe(`image: version 1.2.3, commit abcdef012345, ${uf2.length} bytes of UF2\nboard in its boot loader: ${board.path}\n`);
    expect(out).toContain(`drive      went away ${(REBOOT_MS / 1000).toFixed(1)} s after the last block`);
    expect(out).toContain("not known  whether the pump runs");
    expect(board.started).toBe(true);
    expect(board.ignored).toEqual([]);
    const wanted = new Uint8Array(FLASH_BYTES).fill(0x5a);
    for (const [at, bytes] of [[0, smallImage()], [0x8_0000, smallSlot()]] as const) {
      wanted.fill(0xff, at, at + Math.ceil(bytes.length / 4096) * 4096);
      wanted.set(bytes, at);
    }
    expect(Buffer.from(board.flash).equals(wanted)).toBe(true);
    expect(host.done).toEqual(["create ITB-PUMP.UF2", `close after ${uf2.length}`]);
    expect(progress[0]).toBe(`copied 17 % of ${uf2.length / 1024} KB`);
    expect(progress.slice(-2)).toEqual([`copied 100 % of ${uf2.length / 1024} KB`, ""]);
  });

  test("that leaves before the host has written all it wanted is flashed all the same", async () => {
    const board = boardOf({ error: { code: "EIO", from: uf2.length } });
    expect((await flash(new FakeHost([board]))).code).toBe(0);
    expect(board.started).toBe(true);
  });

  test("is asked for its version where its port is known", async () => {
    const asked: string[] = [];
    let silent = 3;
    const look = (port: string): Promise<PumpInfo> => {
      asked.push(port);
      silent--;
      return silent >= 0 ? Promise.reject(new WandError(Problem.no_answer)) : Promise.resolve(PUMP);
    };
    const { code, out } = await flash(new FakeHost([boardOf()]), { port: "/dev/ttyACM0", json: true }, { look });
    expect(code).toBe(0);
    expect(asked).toEqual(Array.from({ length: 4 }, () => "/dev/ttyACM0"));
    const line = JSON.parse(out) as { readonly known: unknown };
    expect(line).toMatchObject({ schema: 1, type: "flash", way: "drive", version: "1.2.3", commit: "abcdef012345", dry_run: false });
    expect(line.known).toContainEqual({ what: "board", text: "/dev/ttyACM0 answers with version 1.2.3, the image's; the commit is not told on the line" });
  });

  test("is left alone by a dry run, which says what would be done", async () => {
    const board = boardOf();
    const host = new FakeHost([board]);
    const { code, out } = await flash(host, { dry_run: true, port: "/dev/ttyACM0" });
    expect(code).toBe(0);
    expect(out).toContain(`copy ${image}, ${uf2.length} bytes, to ${join(board.path, "ITB-PUMP.UF2")}; wait up to 10 s`);
    expect(out).toContain("ask /dev/ttyACM0 until it answers with version 1.2.3");
    expect(host.done).toEqual([]);
  });
});

/** A copy of the image that is not as it was. */
function spoilt(name: string, change: (bytes: Uint8Array) => Uint8Array): string {
  return folder.file(name, change(uf2.slice()));
}

const setWord = (bytes: Uint8Array, at: number, value: number): Uint8Array => {
  for (let block = 0; block < bytes.length; block += 512) new DataView(bytes.buffer).setUint32(block + at, value, true);
  return bytes;
};

describe("each failure has its own message and number, and no board is half flashed without a word", () => {
  /** What is there, what is given, and what is said. */
  const cases: readonly (readonly [string, () => readonly [FakeHost, Partial<FlashCommand>?, Partial<FlashWorld>?], RegExp])[] = [
    ["nothing there", () => [new FakeHost([], [folder.path])], /^no board in its boot loader: .*hold BOOTSEL down.* \(801\)$/],
    ["no such directory", () => [new FakeHost([]), { drive: join(folder.path, "gone") }], /gone: no board in its boot loader: .*\(801\)$/],
    ["a disk that nobody mounted", () => [Object.assign(new FakeHost([]), { disks: ["/dev/sdb1"] })], /^\/dev\/sdb1: .*not mounted \(udisksctl mount -b \/dev\/sdb1 does it\) \(802\)$/],
    ["two boards", () => [new FakeHost([boardOf(), boardOf()])], /^more than one board .*--drive \(.*media \d+\/RPI-RP2, .*media \d+\/RPI-RP2\) \(803\)$/],
    ["a directory that is no drive", () => [new FakeHost([]), { drive: folder.path }], /it has no INFO_UF2.TXT; nothing was written \(804\)$/],
    ["another board", () => [new FakeHost([boardOf({}, "UF2 Bootloader v1.0\nModel: Raspberry Pi RP2350\nBoard-ID: RP2350\n")])], /another board than the Pico .*\(its Board-ID is RP2350\) \(805\)$/],
    ["a drive that is read-only", () => [new FakeHost([boardOf({ read_only: true })])], /cannot be written.* \(806\)$/],
    ["a drive that turns out to be read-only", () => [new FakeHost([boardOf({ error: { code: "EROFS", from: 0 } })])], /cannot be written.* \(EROFS\) \(806\)$/],
    ["a drive without room", () => [new FakeHost([boardOf({ free: 1000 })])], /no room .*\(1000 bytes are free, and the image has \d+\) \(807\)$/],
    ["a drive that is full after a while", () => [new FakeHost([boardOf({ error: { code: "ENOSPC", from: 65_536 } })])], /no room .*\(807\)$/],
    ["a board that is unplugged in the middle", () => [new FakeHost([boardOf({ error: { code: "EIO", from: 65_536 } })])], /failed while the image was being written.*\(EIO\) \(808\)$/],
    ["a block that does not arrive", () => [new FakeHost([boardOf({ loses: 17 })])], /has the whole image and did not go away.* \(809\)$/],
    ["no image", () => [new FakeHost([boardOf()]), { file: join(folder.path, "none.uf2") }], /none\.uf2: there is no image there; `itb-pump build pico` makes one.* \(811\)$/],
    ["a directory as image", () => [new FakeHost([boardOf()]), { file: folder.path }], /there is no image there.*EISDIR.* \(811\)$/],
    ["a flash content", () => [new FakeHost([boardOf()]), { file: folder.file("fw.bin", smallImage()) }], /fw\.bin: is not a UF2 file.* \(812\)$/],
    ["an empty file", () => [new FakeHost([boardOf()]), { file: folder.file("empty.uf2", "") }], /is not a UF2 file.* \(812\)$/],
    ["an image with a bit flipped", () => [new FakeHost([boardOf()]), { file: spoilt("bit.uf2", (bytes) => { bytes[8800] = (bytes[8800] ?? 0) ^ 1; return bytes; }) }], /is damaged or cut short.*check value is another\) \(813\)$/],
    ["an image that is cut short", () => [new FakeHost([boardOf()]), { file: spoilt("cut.uf2", (bytes) => bytes.subarray(0, 5000)) }], /is damaged or cut short.*no whole number of blocks.* \(813\)$/],
    ["an image without an application", () => [new FakeHost([boardOf()]), { file: spoilt("half.uf2", (bytes) => setWord(bytes.slice(0, 80 * 512), 24, 80)) }], /is damaged or cut short.*the application slot is empty\) \(813\)$/],
    ["an image for the RP2350", () => [new FakeHost([boardOf()]), { file: spoilt("rp2350.uf2", (bytes) => setWord(bytes, 28, 0xe48b_ff59)) }], /another chip than the RP2040.*family 0xe48bff59\) \(814\)$/],
    ["silence at the port", () => [new FakeHost([boardOf()]), { port: "/dev/x" }, { look: () => Promise.reject(new WandError(Problem.no_answer)) }], /^\/dev\/x: the board was flashed and does not answer.*GP0.* \(821\)$/],
    ["a board without an application", () => [new FakeHost([boardOf()]), { port: "/dev/x" }, { look: () => Promise.resolve({ ...PUMP, protocol_version: 0, firmware: "no application: it is damaged" }) }], /starts no application \(it is damaged; .* \(822\)$/],
    ["another version", () => [new FakeHost([boardOf()]), { port: "/dev/x" }, { look: () => Promise.resolve({ ...PUMP, firmware: "1.2.2" }) }], /another version than the image.*\(1\.2\.2 in place of 1\.2\.3\) \(823\)$/],
    ["no such port", () => [new FakeHost([boardOf()]), { port: "/dev/none" }, { tryPort: () => Promise.reject(new WandError(Problem.no_port)) }], /there is no such port.* \(721\)$/],
    ["two ways at once", () => [new FakeHost([]), { probe: true, drive: "/x" }], /^--drive and --probe are two ways; give one$/],
  ];
  test.each(cases)("%s", async (what, make, message) => {
    const [host, given, world] = make();
    const { error, code } = await flash(host, given, world);
    expect(code).toBeUndefined();
    expect(error).toMatch(message);
    // What can be known before is refused before: not a byte was written.
    const number = Number(/\((\d+)\)$/.exec(error ?? "")?.[1] ?? 0);
    const late = number >= 808 && number < 811 || number >= 821 || /turns out|after a while/.test(what);
    if (late) expect(host.done.length).toBeGreaterThan(0);
    else expect(host.done).toEqual([]);
  });

  test("the command line ends with 1", async () => {
    expect(await run(["flash", join(folder.path, "none.uf2")])).toMatchObject({ code: 1, out: "", err: expect.stringMatching(/^error: .*\(811\)\n$/) as string });
    expect(await run(["flash", image, "--drive", folder.path])).toMatchObject({ code: 1, err: expect.stringMatching(/\(804\)\n$/) as string });
    expect(await run(["flash", image, "--openocd", "x"])).toMatchObject({ code: 1, err: "error: --openocd is for --probe\n" });
  });
});

describe("drives are found", () => {
  test("among FAT file systems only, by their plain paths and with their disks", () => {
    expect(parseMounts(`/dev/sda2 / ext4 rw 0 0
/dev/sdb1 /media/me/RPI-RP2 vfat rw,nosuid,uid=1000 0 0
/dev/sdc1 /media/me/A\\040B vfat ro,nosuid 0 0
server:/x /mnt/net nfs rw 0 0
`)).toEqual([{ path: "/media/me/RPI-RP2", device: "/dev/sdb1", read_only: false }, { path: "/media/me/A B", device: "/dev/sdc1", read_only: true }]);
  });

  test("beside others that are none, and one that was named among two", async () => {
    mkdirSync(join(folder.path, "stick"), { recursive: true });
    const [one, two] = [boardOf(), boardOf()];
    expect((await flash(new FakeHost([one, two], [join(folder.path, "stick")]), { drive: two.path })).code).toBe(0);
    expect([one.started, two.started]).toEqual([false, true]);
  });
});
