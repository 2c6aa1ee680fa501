// The flash chip as the Pico has it: cells, ids, status, and commands.

import { ERASE_NS, NorFlash, PAGE, PROGRAM_NS, SECTOR } from "../devices/flash";
import { Format } from "../storage/format";

export const FLASH_BYTES = 2 * 1024 * 1024;
/** Where the image has its storage (hal/pico/src/flash.h). */
export const STORAGE_AT = 0x18_0000;
const STATUS_NS = 10_000_000;
/** Quad enable, in status register 2. */
const QE = 2;

/** Commands of a few bytes, by the W25Q16JV's datasheet. Reads, programs and erases are not here: the ROM and XIP do them. */
const enum Command {
  write_status_1 = 0x01, read_status_1 = 0x05, write_enable = 0x06, write_status_2 = 0x31, read_status_2 = 0x35, unique_id = 0x4b, jedec_id = 0x9f,
}

/** The content lives as long as the board: resets and losses of power leave it, and the status registers. */
export class Flash {
  /** What its sectors hold, and what can happen to them. */
  readonly cells: NorFlash;
  readonly counts = { erase: 0, program: 0, status: 0 };
  /** Maker, kind, and the size's logarithm: a W25Q16JV. */
  jedec_id = Uint8Array.of(0xef, 0x40, 0x15);
  /** Of this one chip. */
  unique_id = Uint8Array.of(0xe6, 0x60, 0x58, 0x38, 0x83, 0x2a, 0x51, 0x2f);
  /** Status registers, both non-volatile. A Pico's chip comes with QE set. */
  status = Uint8Array.of(0, QE);
  private write_enabled = false;

  constructor(seed: number) {
    this.cells = new NorFlash(FLASH_BYTES, seed);
  }

  get bytes(): Uint8Array<ArrayBuffer> {
    return this.cells.bytes;
  }

  get quad_enabled(): boolean {
    return (this.status[1]! & QE) !== 0;
  }

  /** Puts an image in, as a programmer would: `bytes` from `offset` on. */
  load(offset: number, bytes: Uint8Array): void {
    this.bytes.set(bytes, offset);
  }

  /** Erases whole sectors to ones; gives how long it takes. */
  erase(offset: number, count: number): number {
    if (offset % SECTOR !== 0 || count % SECTOR !== 0 || offset + count > FLASH_BYTES) throw new Error(`the image erases ${count} bytes from 0x${offset.toString(16)} on: not whole sectors`);
    this.counts.erase += count / SECTOR;
    for (let at = offset; at < offset + count; at += SECTOR) this.cells.erase(at);
    return (ERASE_NS / SECTOR) * count;
  }

  /** Programs whole pages: bits go from 1 to 0 and never back. Gives how long it takes. */
  program(offset: number, count: number, byteAt: (i: number) => number): number {
    if (offset % PAGE !== 0 || count % PAGE !== 0 || offset + count > FLASH_BYTES) throw new Error(`the image programs ${count} bytes from 0x${offset.toString(16)} on: not whole pages`);
    this.counts.program += count / PAGE;
    const bytes = Uint8Array.from({ length: count }, (_, i) => byteAt(i));
    for (let at = 0; at < count; at += PAGE) this.cells.program(offset + at, bytes, at, PAGE);
    return (PROGRAM_NS / PAGE) * count;
  }

  /** Whether writes have no effect; those of tallies have. */
  failWrites(fails: boolean): void {
    const tallies = STORAGE_AT / SECTOR;
    this.cells.lock(0, tallies, fails);
    this.cells.lock(tallies + Format.journal_first, FLASH_BYTES / SECTOR - tallies - Format.journal_first, fails);
  }

  /** What the chip sends while it is sent byte `i` of a command that began with `first`; `busy` while it writes. */
  answer(first: number, i: number, busy: boolean): number {
    if (i === 0) return 0xff;
    switch (first as Command) {
      case Command.read_status_1: return this.status[0]! | (this.write_enabled ? 2 : 0) | (busy ? 1 : 0);
      case Command.read_status_2: return this.status[1]!;
      case Command.jedec_id: return this.jedec_id[i - 1] ?? 0xff;
      case Command.unique_id: return i < 5 ? 0xff : this.unique_id[i - 5] ?? 0xff; // four bytes of waiting
      default: return 0xff;
    }
  }

  /** A command ends with its chip select: the bytes that were sent. Gives how long the chip is busy with it. Throws for what it would not take. */
  execute(command: readonly number[], busy: boolean): number {
    const [first, ...data] = command;
    const text = `flash command ${command.map((byte) => byte.toString(16).padStart(2, "0")).join(" ")}`;
    if (busy && first !== Command.read_status_1 && first !== Command.read_status_2) throw new Error(`${text}: the chip is busy`);
    switch (first as Command) {
      case Command.read_status_1: case Command.read_status_2: case Command.jedec_id: case Command.unique_id: return 0;
      case Command.write_enable:
        if (data.length !== 0) throw new Error(`${text}: its chip select must end after the first byte`);
        this.write_enabled = true;
        return 0;
      case Command.write_status_1: return this.writeStatus(text, 0, data);
      case Command.write_status_2: return this.writeStatus(text, 1, data);
      default: throw new Error(`${text}: not modelled`);
    }
  }

  private writeStatus(text: string, register: number, data: readonly number[]): number {
    if (data.length === 0 || register + data.length > 2) throw new Error(`${text}: too few bytes, or too many`);
    if (!this.write_enabled) throw new Error(`${text}: without write enable`);
    this.write_enabled = false;
    this.counts.status++;
    this.status.set(data, register);
    return STATUS_NS;
  }
}
