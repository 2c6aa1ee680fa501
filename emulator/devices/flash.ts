// NOR flash: sectors erased, pages programmed, wear, time, and cuts of power.

import { Stream } from "../engine/random";

/** As the Pico's chip has them, a W25Q16JV. The times and the endurance below are what this project reckons with (hal/pico/README.md), and are not checked against the datasheet's table. */
export const SECTOR = 4096;
export const PAGE = 256;
/** tSE, typical; at the most 400 ms. */
export const ERASE_NS = 45_000_000;
/** tPP, typical; at the most 3 ms. The mask ROM programs whole pages, so a single byte takes as long. */
export const PROGRAM_NS = 400_000;
/** Erases of a sector that are reckoned with. Counted, and not enforced: a bad sector is a fault of its own. */
export const ENDURANCE_ERASES = 100_000;

/** What a flash can do to whoever relies on it: all of it. */
export const FLASH_FAULTS = {
  cut_before: "Power goes before the operation: nothing of it is there.",
  cut_after: "Power goes after the operation: all of it is there, and nobody hears.",
  torn_prefix: "Power goes inside the operation: of the bits that were to change, in order, only the first have.",
  torn_suffix: "The same, and only the last have.",
  torn_random: "The same, and each has or has not.",
  bad_sector: "Some bits stay as they are, always the same ones: three pages of four have at least one.",
  locked: "Erases and programs of a sector have no effect.",
} as const;
export type FlashFault = keyof typeof FLASH_FAULTS;
export type CutFault = Exclude<FlashFault, "bad_sector" | "locked">;
export const CUT_FAULTS: readonly CutFault[] = ["cut_before", "torn_prefix", "torn_suffix", "torn_random", "cut_after"];

export const enum FlashAction { program = 0, erase = 1 }

/** The operation at which power is to go: its number, counted from 1 over the flash's life. */
export interface FlashCut {
  readonly operation: number;
  readonly how: CutFault;
  /** One that follows it, counted from it on: the next operation is 1. */
  readonly then?: FlashCut;
}

/** Hears of each operation before it is done; of a program, what it brings stands in `from`, from index `first` on. */
export type FlashListener = (operation: number, action: FlashAction, address: number, count: number, from: Uint8Array, first: number) => void;

const NO_BYTES = new Uint8Array(0);

/** Thrown where power goes; whoever supplies power catches it. Until it is back the flash throws at whatever it is asked to do. */
export class PowerCut extends Error {
  override readonly name = "PowerCut";

  constructor(readonly cut: FlashCut) {
    super(`power was cut at flash operation ${cut.operation} (${cut.how})`);
  }
}

const LOCKED = 1;
const BAD = 2;

/**
 * Its content is `bytes`, to be read at any time. It lives as long as the board. Each operation has a number, at which it can be cut: what a cut leaves depends on the seed,
 * that number and the fault alone, so that a cut means the same whatever else was cut.
 */
export class NorFlash {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Erases of each sector, also those that were cut. */
  readonly wear: Uint32Array;
  /** How many operations have begun. */
  operations = 0;
  /** How long the chip was busy with them, typically. */
  busy_ns = 0;
  /** The next cut, if there is to be one: once it has come, the one that follows it, if one does. */
  cut: FlashCut | undefined;
  listener: FlashListener | undefined;
  private readonly state: Uint8Array;
  private powered = true;

  constructor(size: number, private readonly seed: number) {
    if (!Number.isInteger(size / SECTOR) || size <= 0) throw new Error(`a flash has whole sectors of ${SECTOR} bytes: ${size}`);
    this.bytes = new Uint8Array(size).fill(0xff);
    this.wear = new Uint32Array(size / SECTOR);
    this.state = new Uint8Array(size / SECTOR);
  }

  /** Sets a sector to ones. */
  erase(address: number): void {
    if (address % SECTOR !== 0 || !(address >= 0 && address < this.bytes.length)) throw new Error(`an erase at ${address} is none of a whole sector`);
    const sector = address / SECTOR;
    const how = this.begin(FlashAction.erase, address, SECTOR, NO_BYTES, 0);
    this.busy_ns += ERASE_NS;
    if (how !== "cut_before") this.wear[sector]!++;
    if (how === undefined && this.state[sector] === 0) {
      this.bytes.fill(0xff, address, address + SECTOR);
      return;
    }
    this.change(address, new Uint8Array(SECTOR).fill(0xff), how);
  }

  /** Clears the bits that are zero in `count` bytes of `from`, from index `first` on, within one page. Hot: twice a pulse. */
  program(address: number, from: Uint8Array, first: number, count: number): void {
    const bytes = this.bytes;
    if (!(address >= 0 && count > 0 && (address % PAGE) + count <= PAGE && address + count <= bytes.length)) throw new Error(`a program of ${count} bytes at ${address} is not within a page`);
    const how = this.begin(FlashAction.program, address, count, from, first);
    this.busy_ns += PROGRAM_NS;
    if (how === undefined && this.state[Math.floor(address / SECTOR)] === 0) {
      for (let i = 0; i < count; i++) bytes[address + i]! &= from[first + i]!;
      return;
    }
    const after = new Uint8Array(count);
    for (let i = 0; i < count; i++) after[i] = bytes[address + i]! & from[first + i]!;
    this.change(address, after, how);
  }

  /** Power is back. */
  powerOn(): void {
    this.powered = true;
  }

  /** From now on a sector is bad, for good. */
  spoil(sector: number): void {
    this.state[this.sector(sector)]! |= BAD;
  }

  /** Whether erases and programs of sectors from `first` on, `count` of them, are without effect. */
  lock(first: number, count: number, locked: boolean): void {
    for (let sector = first; sector < first + count; sector++) {
      const before = this.state[this.sector(sector)]!;
      this.state[sector] = locked ? before | LOCKED : before & ~LOCKED;
    }
  }

  private sector(sector: number): number {
    if (!Number.isInteger(sector) || sector < 0 || sector >= this.state.length) throw new Error(`there is no sector ${sector}`);
    return sector;
  }

  /** Counts the operation and tells of it; gives how power goes at it, if it does. */
  private begin(action: FlashAction, address: number, count: number, from: Uint8Array, first: number): CutFault | undefined {
    if (!this.powered) throw new Error(`a flash without power was written at ${address}`);
    const number = ++this.operations;
    this.listener?.(number, action, address, count, from, first);
    return this.cut !== undefined && this.cut.operation === number ? this.cut.how : undefined;
  }

  /** Makes the bytes at `address` those of `after`, as far as the cut and the sector's state let it; then power goes, if it is to. */
  private change(address: number, after: Uint8Array, how: CutFault | undefined): void {
    const state = this.state[Math.floor(address / SECTOR)]!;
    const bits: number[] = [];
    for (let i = 0; i < after.length; i++) {
      const differ = this.bytes[address + i]! ^ after[i]!;
      for (let bit = 0; bit < 8; bit++) if (((differ >> bit) & 1) === 1) bits.push(i * 8 + bit);
    }
    const changed = (state & LOCKED) !== 0 ? [] : this.torn(bits, how ?? "cut_after");
    for (const at of changed) {
      if ((state & BAD) === 0 || !this.stuck(address * 8 + at)) this.bytes[address + (at >> 3)]! ^= 1 << (at & 7);
    }
    if (how === undefined) return;
    const cut = this.cut!;
    const { then } = cut;
    this.cut = then === undefined ? undefined : { ...then, operation: this.operations + then.operation };
    this.powered = false;
    throw new PowerCut(cut);
  }

  /** Of the bits that were to change, those that do. A tear of two or more is never without effect, and never whole. */
  private torn(bits: readonly number[], how: CutFault): readonly number[] {
    if (how === "cut_before") return [];
    if (how === "cut_after" || bits.length === 0) return bits;
    const draws = new Stream(this.seed, `flash.${how}.${this.operations}`);
    const some = bits.length === 1 ? draws.below(2) : 1 + draws.below(bits.length - 1);
    if (how === "torn_prefix") return bits.slice(0, some);
    if (how === "torn_suffix") return bits.slice(bits.length - some);
    const drawn = bits.filter(() => draws.below(2) === 1);
    return bits.length > 1 && (drawn.length === 0 || drawn.length === bits.length) ? bits.slice(0, some) : drawn;
  }

  /** Whether a bit of a bad sector no longer changes, in either direction: one in 1500. */
  private stuck(bit: number): boolean {
    return new Stream(this.seed, `flash.bad_sector.${bit}`).below(1500) === 0;
  }
}
