// What an operation of the image's flash writes: the places at which it is cut.

import { FlashAction, PAGE, SECTOR } from "../../emulator/devices/flash";
import { Format } from "../../emulator/storage/format";

/** Places, each with one in how many of its operations is cut. Of some there are thousands, of some a dozen in days. */
export const PLACES = {
  "tally bit, commanded": 30, "tally bit, confirmed": 30, "tally header": 1,
  "journal page": 5, "journal first page": 5, "journal header": 4, "journal move": 4, "journal erase": 10,
  "log record": 6, "log header": 1, "log kill": 6, "log erase": 1,
} as const;
export type Place = keyof typeof PLACES;
export const PLACE_NAMES = Object.keys(PLACES) as Place[];

/** Sizes of the format: emulator/storage/README.md. */
const TALLY_HEADER = 32;
const ENTRY_HEADER = 32;
const LOG_HEADER = 16;
const RECORD = 48;
const RECORD_CRC = 44;

const TALLIES = Format.books * Format.tally_sectors;
const JOURNAL_END = Format.journal_first + 2 * Format.journal_sectors;

/** The image programs whole pages: what it does not write is ones. */
function written(page: Uint8Array): { readonly at: number; readonly count: number } {
  const at = page.findIndex((byte) => byte !== 0xff);
  return { at, count: page.findLastIndex((byte) => byte !== 0xff) + 1 - at };
}

function journalPlace(address: number, page: Uint8Array): Place {
  const areas = [Format.journal_first, Format.journal_first + Format.journal_sectors].map((sector) => sector * SECTOR);
  // An entry at an area's beginning has all parts, copied from the other one.
  if (areas.includes(address)) return "journal move";
  const { at, count } = written(page);
  if (at >= ENTRY_HEADER) return "journal first page";
  return at === 0 && count <= ENTRY_HEADER && page[0] === 0x49 && page[1] === 0x54 ? "journal header" : "journal page";
}

function logPlace(in_sector: number, page: Uint8Array): Place {
  const { at, count } = written(page);
  if (in_sector === 0 && at < LOG_HEADER) return "log header";
  const killed = count <= 4 && (in_sector + at - LOG_HEADER) % RECORD === RECORD_CRC && page.subarray(at, at + 4).every((byte) => byte === 0);
  return killed ? "log kill" : "log record";
}

/** Of an operation at `address`, counted from storage's beginning; `page` is what a program brings. */
export function placeOf(action: FlashAction, address: number, page: Uint8Array): Place {
  const sector = Math.floor(address / SECTOR);
  if (sector < TALLIES) {
    if (action === FlashAction.erase || (address % SECTOR) + written(page.subarray(0, PAGE)).at < TALLY_HEADER) return "tally header";
    return sector < Format.tally_sectors ? "tally bit, commanded" : "tally bit, confirmed";
  }
  if (sector < JOURNAL_END) return action === FlashAction.erase ? "journal erase" : journalPlace(address, page);
  return action === FlashAction.erase ? "log erase" : logPlace(address % SECTOR, page);
}
