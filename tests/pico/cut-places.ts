// What an operation of the image's flash writes: the places at which it is cut.

import { FlashAction, SECTOR } from "../../emulator/devices/flash";
import { Format } from "../../emulator/storage/format";

/** Places, each with one in how many of its operations is cut. Of some there are thousands, of some a dozen in days. */
export const PLACES = {
  "tally bit, commanded": 8, "tally bit, confirmed": 8, "tally header, commanded": 1, "tally header, confirmed": 1,
  "journal page": 5, "journal first page": 5, "journal header": 4, "journal move": 4, "journal erase": 12,
  "log record": 8, "log header": 2, "log kill": 12, "log erase": 2,
} as const;
export type Place = keyof typeof PLACES;
/** Where power is cut whenever it comes to that. */
export const RARE: ReadonlySet<Place> = new Set(["journal move", "journal erase", "log header", "log kill", "log erase"]);
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
    const what = action === FlashAction.erase || (address % SECTOR) + written(page).at < TALLY_HEADER ? "header" : "bit";
    return `tally ${what}, ${sector < Format.tally_sectors ? "commanded" : "confirmed"}`;
  }
  if (sector < JOURNAL_END) return action === FlashAction.erase ? "journal erase" : journalPlace(address, page);
  return action === FlashAction.erase ? "log erase" : logPlace(address % SECTOR, page);
}
