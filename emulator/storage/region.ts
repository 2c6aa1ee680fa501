// The flash region that storage has: writes that are checked, blank sectors.

import { PAGE, SECTOR, type NorFlash } from "../devices/flash";
import { Format, STORAGE_SIZE } from "./format";

/** Addresses count from the flash's beginning. What is known of its sectors is forgotten with power: a boot makes a new one. */
export class Region {
  readonly bytes: Uint8Array;
  private readonly words: Uint32Array;
  private readonly blanks = new Uint8Array(Format.sectors_used);

  /** Storage begins at `base`, with a sector. */
  constructor(private readonly flash: NorFlash, private readonly base = 0) {
    if (base % SECTOR !== 0 || base + STORAGE_SIZE > flash.bytes.length) throw new Error(`a flash of ${flash.bytes.length} bytes has no room for storage at ${base}`);
    this.bytes = flash.bytes;
    this.words = new Uint32Array(flash.bytes.buffer);
  }

  addressOf(sector: number): number {
    return this.base + sector * SECTOR;
  }

  /**
   * The version of the format that the heads of sectors tell: "ITT2", "ITJ2", "ITL2" in ours. Of another version are two such heads and none of ours: a single one may be a head of
   * ours that a power loss cut short, or that has a flipped bit. A blank region has ours.
   */
  format(): number {
    let heads = 0;
    let other: number = Format.version;
    for (let sector = 0; sector < Format.sectors_used; sector++) {
      const at = this.addressOf(sector);
      const version = /^IT[TJL](\d)$/.exec(String.fromCharCode(...this.bytes.subarray(at, at + 4)))?.[1];
      if (version === undefined) continue;
      if (Number(version) === Format.version) return Format.version;
      other = Number(version);
      heads++;
    }
    return heads > 1 ? other : Format.version;
  }

  /** Clears bits, page by page in ascending order. False if afterwards flash does not hold exactly these bytes. */
  write(address: number, from: Uint8Array, first: number, count: number): boolean {
    for (let done = 0; done < count;) {
      const at = address + done;
      const part = Math.min(count - done, PAGE - (at % PAGE));
      this.flash.program(at, from, first + done, part);
      done += part;
    }
    for (let i = 0; i < count; i++) if (this.bytes[address + i] !== from[first + i]) return false;
    return true;
  }

  /** Whether all is ones: whole words. */
  blank(address: number, count: number): boolean {
    for (let at = address / 4; at < (address + count) / 4; at++) if (this.words[at] !== 0xffff_ffff) return false;
    return true;
  }

  /** Makes a sector blank unless it is known to be; one that is written to is not. */
  makeBlank(sector: number): void {
    if (this.blanks[sector] === 1) return;
    if (!this.blank(this.addressOf(sector), SECTOR)) this.flash.erase(this.addressOf(sector));
    this.blanks[sector] = 1;
  }

  knownBlank(sector: number): boolean {
    return this.blanks[sector] === 1;
  }

  used(sector: number): void {
    this.blanks[sector] = 0;
  }

  /** Checks a sector of which nothing is known, or erases it; false if it is known to be blank. */
  tidy(sector: number): boolean {
    if (this.blanks[sector] === 1) return false;
    this.makeBlank(sector);
    return true;
  }
}
