// Flashes by the boot loader's drive: copies, and looks if the board starts.

import type { Drive } from "./drive";
import type { FlashHost } from "./host";
import type { Order } from "./order";
import { FlashError, FlashProblem } from "./problems";

/** A name that FAT has without tricks. */
export const NAME = "ITB-PUMP.UF2";
/** So much goes to the board before progress is told again: 64 blocks, a fifth of a second. */
const STEP = 32_768;
/** The boot loader starts the image within a second of the last block, and the host notices within another. */
export const GONE_MS = 10_000;
const LOOK_MS = 100;

export interface DriveTold {
  /** So many of the file's bytes are on the board. */
  readonly copied: (bytes: number, of: number) => void;
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

/** What went wrong while writing, as a problem. Errors that are no system's fly. */
function asProblem(error: unknown, path: string): FlashError {
  const code = codeOf(error);
  if (code === "") throw error;
  if (code === "EROFS" || code === "EACCES" || code === "EPERM") return new FlashError(FlashProblem.drive_read_only, path, code);
  if (code === "ENOSPC" || code === "EDQUOT") return new FlashError(FlashProblem.drive_full, path);
  return new FlashError(FlashProblem.drive_failed, path, code);
}

/** Refuses before anything is written. */
function mustTake(drive: Drive, bytes: number): void {
  if (drive.read_only) throw new FlashError(FlashProblem.drive_read_only, drive.path);
  let free: number;
  try {
    free = drive.free();
  } catch (error) {
    throw asProblem(error, drive.path);
  }
  if (free < bytes) throw new FlashError(FlashProblem.drive_full, drive.path, `${free} bytes are free, and the image has ${bytes}`);
}

/**
 * Writes the file. The board may leave as soon as it has the last block, so an error from then on is kept for later: it is one only if the
 * drive stays.
 */
async function copy(drive: Drive, { bytes }: Order, host: FlashHost, told: DriveTold): Promise<unknown> {
  let given = 0;
  try {
    const file = drive.create(NAME);
    try {
      while (given < bytes.length) {
        const part = bytes.subarray(given, given + STEP);
        file.write(part);
        given += part.length;
        file.sync();
        told.copied(given, bytes.length);
        // Whoever looks at the screen sees it.
        await host.wait(0);
      }
    } finally {
      try {
        file.close();
      } catch {
        // A file on a disk that is gone.
      }
    }
    return undefined;
  } catch (error) {
    if (given < bytes.length) throw asProblem(error, drive.path);
    return error;
  }
}

/** Copies the image and waits for the board to start from it: gives how long that took. Throws `FlashError`. */
export async function flashByDrive(drive: Drive, order: Order, host: FlashHost, told: DriveTold): Promise<number> {
  mustTake(drive, order.bytes.length);
  const late = await copy(drive, order, host, told);
  const done_ms = host.now_ms();
  while (drive.there()) {
    if (host.now_ms() - done_ms >= GONE_MS) {
      throw late === undefined ? new FlashError(FlashProblem.drive_stayed, drive.path) : asProblem(late, drive.path);
    }
    await host.wait(LOOK_MS);
  }
  return host.now_ms() - done_ms;
}
