// Finds the one board that is in its boot loader, or says why it is none.

import { boardOf } from "./drive";
import type { Drive } from "./drive";
import type { FlashHost } from "./host";
import { FlashError, FlashProblem } from "./problems";

/** What the RP2040's boot loader calls its board. */
const PICO = "RPI-RP2";

/** Throws `FlashError` unless it is a Pico's. */
function mustBePico(drive: Drive): void {
  const info = drive.info();
  if (info === undefined) throw new FlashError(FlashProblem.not_a_boot_drive, drive.path);
  const board = boardOf(info);
  if (board !== PICO) throw new FlashError(FlashProblem.another_board, drive.path, board === undefined ? "its INFO_UF2.TXT names none" : `its Board-ID is ${board.replace(/[^\x20-\x7e]/g, "?")}`);
}

/** The drive that somebody named. Throws `FlashError`. */
function named(host: FlashHost, path: string): Drive {
  let drive: Drive;
  try {
    drive = host.driveAt(path);
  } catch (error) {
    throw new FlashError(FlashProblem.no_drive, path, (error as Error).message);
  }
  mustBePico(drive);
  return drive;
}

/** The board's drive: the one at `path`, or the only one there is. Throws `FlashError`; nothing is written. */
export function findDrive(host: FlashHost, path?: string): Drive {
  if (path !== undefined) return named(host, path);
  const booting = host.drives().filter((drive) => drive.info() !== undefined);
  const picos = booting.filter((drive) => boardOf(drive.info() ?? "") === PICO);
  const [drive, ...more] = picos;
  if (drive !== undefined && more.length === 0) return drive;
  if (drive !== undefined) throw new FlashError(FlashProblem.several_drives, "", picos.map((each) => each.path).join(", "));
  if (booting[0] !== undefined) mustBePico(booting[0]);
  const [disk] = host.labelled();
  if (disk !== undefined) throw new FlashError(FlashProblem.drive_not_mounted, disk, `udisksctl mount -b ${disk} does it`);
  throw new FlashError(FlashProblem.no_drive);
}
