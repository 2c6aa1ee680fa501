// A directory that behaves as the RP2040's boot loader does, in virtual time.

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { blockSize, decodeBlock, UF2Flags } from "uf2";
import { DirectoryDrive } from "../../hal/pico/flash/drive";
import type { Drive, DriveFile } from "../../hal/pico/flash/drive";
import type { FlashHost } from "../../hal/pico/flash/host";

const FLASH = 0x1000_0000;
export const FLASH_BYTES = 0x20_0000;
const PAYLOAD = 256;
const SECTOR = 4096;
const RP2040 = 0xe48b_ff56;
/** From the last block to the end of the drive: the boot loader waits a little before it starts the image. */
export const REBOOT_MS = 600;

export const PICO_INFO = "UF2 Bootloader v3.0\r\nModel: Raspberry Pi RP2\r\nBoard-ID: RPI-RP2\r\n";

/** What may go wrong with a board. */
export interface BootselFaults {
  /** This block never reaches it. */
  readonly loses?: number;
  /** A sync throws this after so many bytes. */
  readonly error?: { readonly code: string; readonly from: number };
  readonly read_only?: boolean;
  readonly free?: number;
}

function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: planted`), { code });
}

/** A board in its boot loader; its drive is the directory `path`. By somebody else's reader of UF2, by what the RP2040's data sheet says of it (2.8.4.2). */
export class Bootsel {
  /** What a chip that was used before has. */
  readonly flash = new Uint8Array(FLASH_BYTES).fill(0x5a);
  readonly erased = new Set<number>();
  readonly ignored: string[] = [];
  private readonly got = new Set<number>();
  private total: number | undefined;
  private leaves_ms = Infinity;

  constructor(readonly path: string, readonly faults: BootselFaults = {}, info = PICO_INFO) {
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, "INFO_UF2.TXT"), info);
    writeFileSync(join(path, "INDEX.HTM"), "<html></html>\n");
  }

  get started(): boolean {
    return this.leaves_ms < 0;
  }

  /** What reached the disk by now is looked at, sector by sector: the boot loader knows nothing of files. */
  look(now_ms: number): void {
    if (this.started) return;
    for (const name of readdirSync(this.path)) {
      const bytes = readFileSync(join(this.path, name));
      for (let at = 0; at + blockSize <= bytes.length; at += blockSize) this.take(Uint8Array.from(bytes.subarray(at, at + blockSize)), at / blockSize);
    }
    if (this.got.size === this.total && this.leaves_ms === Infinity) this.leaves_ms = now_ms + REBOOT_MS;
    if (now_ms < this.leaves_ms) return;
    this.leaves_ms = -1;
    rmSync(this.path, { recursive: true });
  }

  private take(sector: Uint8Array, index: number): void {
    let block;
    try {
      block = decodeBlock(sector);
    } catch {
      return;
    }
    const { flags, boardFamily, flashAddress, payload, blockNumber, totalBlocks } = block;
    if (index === this.faults.loses || this.got.has(blockNumber)) return;
    if (boardFamily !== RP2040 || flags !== UF2Flags.familyIDPresent || payload.length !== PAYLOAD) return void this.ignored.push(`block ${blockNumber}: not for this chip`);
    const at = flashAddress - FLASH;
    if (at < 0 || at % PAYLOAD !== 0 || at + PAYLOAD > FLASH_BYTES) return void this.ignored.push(`block ${blockNumber}: address ${flashAddress.toString(16)}`);
    this.total ??= totalBlocks;
    const first = at - (at % SECTOR);
    if (!this.erased.has(first)) this.flash.fill(0xff, first, first + SECTOR);
    this.erased.add(first);
    this.flash.set(payload, at);
    this.got.add(blockNumber);
  }
}

/** A host whose drives are boards, and other directories. */
export class FakeHost implements FlashHost {
  time_ms = 0;
  /** What was done to the drives. */
  readonly done: string[] = [];
  disks: readonly string[] = [];

  constructor(readonly boards: readonly Bootsel[], readonly others: readonly string[] = []) {}

  drives(): readonly Drive[] {
    return [...this.boards.map((board) => this.driveOf(board)), ...this.others.map((path) => new DirectoryDrive({ path, read_only: false }))];
  }

  driveAt(path: string): Drive {
    const board = this.boards.find((each) => each.path === path);
    if (board !== undefined) return this.driveOf(board);
    readdirSync(path);
    return new DirectoryDrive({ path, read_only: false });
  }

  labelled(): readonly string[] {
    return this.disks;
  }

  now_ms(): number {
    return this.time_ms;
  }

  wait(ms: number): Promise<void> {
    this.time_ms += ms;
    for (const board of this.boards) board.look(this.time_ms);
    return Promise.resolve();
  }

  /** A real directory and real files, with the board behind them. */
  private driveOf(board: Bootsel): Drive {
    const { faults, path } = board;
    const real = new DirectoryDrive({ path, read_only: faults.read_only === true });
    return {
      path, read_only: real.read_only,
      info: () => real.info(), there: () => real.there(), free: () => faults.free ?? real.free(),
      create: (name) => {
        this.done.push(`create ${name}`);
        return this.fileOf(board, real.create(name));
      },
    };
  }

  private fileOf(board: Bootsel, file: DriveFile): DriveFile {
    let written = 0;
    return {
      write: (bytes) => {
        written += bytes.length;
        file.write(bytes);
      },
      sync: () => {
        file.sync();
        board.look(this.time_ms);
        const { error } = board.faults;
        if (error !== undefined && written >= error.from) throw systemError(error.code);
      },
      close: () => {
        this.done.push(`close after ${written}`);
        file.close();
      },
    };
  }
}
