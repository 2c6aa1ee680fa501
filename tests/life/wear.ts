// Erases of the flash's sectors, by what stands in them.

import { ENDURANCE_ERASES } from "../../emulator/devices/flash";
import { Format } from "../../emulator/storage/format";

const GROUPS: readonly (readonly [string, number, number])[] = [
  ["tally of commands", Format.tally_first, Format.tally_sectors],
  ["tally of confirmations", Format.tally_first + Format.tally_sectors, Format.tally_sectors],
  ["journal", Format.journal_first, 2 * Format.journal_sectors],
  ["log", Format.log_first, Format.log_sectors],
  ["not used", Format.sectors_used, Infinity],
];

export interface Wear {
  readonly what: string;
  readonly sectors: number;
  /** Of the sector that was erased least, and of the one that was most. */
  readonly least: number;
  readonly most: number;
}

export function wearOf(wear: Uint32Array): Wear[] {
  return GROUPS.map(([what, first, count]) => {
    const erases = [...wear.subarray(first, Math.min(first + count, wear.length))];
    return { what, sectors: erases.length, least: Math.min(...erases), most: Math.max(...erases) };
  });
}

/** One line a group: erases against what a sector endures. */
export function wearLines(wear: readonly Wear[]): string[] {
  return wear.map(({ what, sectors, least, most }) =>
    `${what}, ${sectors} sectors: ${least} to ${most} erases each, ${((100 * most) / ENDURANCE_ERASES).toFixed(3)} % of ${ENDURANCE_ERASES}`);
}
