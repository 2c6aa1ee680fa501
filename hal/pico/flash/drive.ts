// The drive of the RP2040's boot loader, as flashing needs it.

import { closeSync, existsSync, fsyncSync, openSync, readFileSync, statfsSync, writeSync } from "node:fs";
import { join } from "node:path";

/**
 * The mask ROM shows the flash as a USB disk. It keeps nothing of what is written but UF2 blocks of its family, wherever on the disk they
 * come to lie, and when it has seen all blocks that the file says it has, it starts the image: the disk is then gone, as a rule before the
 * host has written the directory. So an error of the last write says nothing; that the disk went away does.
 */
export interface Drive {
  /** Where it is mounted; how it is named to people. */
  readonly path: string;
  /** What INFO_UF2.TXT says; undefined where there is none. */
  info(): string | undefined;
  readonly read_only: boolean;
  /** Bytes it has room for. */
  free(): number;
  /** It can still be seen. False once the board has left its boot loader. */
  there(): boolean;
  /** Begins a new file. Throws the system's error. */
  create(name: string): DriveFile;
}

/** A file that is being written. All throw the system's errors. */
export interface DriveFile {
  write(bytes: Uint8Array): void;
  /** Returns when all that was written is on the disk and not only with the host. */
  sync(): void;
  close(): void;
}

/** A mounted file system. */
export interface Mount {
  readonly path: string;
  /** The disk it is on: gone with the board even where the mount stays behind. */
  readonly device?: string;
  readonly read_only: boolean;
}

/** Linux has FAT's short names in capitals, but for file systems of type msdos. */
const INFO_NAMES = ["INFO_UF2.TXT", "info_uf2.txt"];

/** A drive that is mounted as a directory. */
export class DirectoryDrive implements Drive {
  readonly path: string;
  readonly read_only: boolean;
  private readonly device: string | undefined;

  constructor({ path, device, read_only }: Mount) {
    this.path = path;
    this.read_only = read_only;
    this.device = device;
  }

  info(): string | undefined {
    for (const name of INFO_NAMES) {
      try {
        return readFileSync(join(this.path, name), "latin1").slice(0, 1000);
      } catch {
        // Not by this name, or not at all.
      }
    }
    return undefined;
  }

  free(): number {
    const { bavail, bsize } = statfsSync(this.path);
    return bavail * bsize;
  }

  there(): boolean {
    // A stale mount is still read from the host's memory.
    if (this.device !== undefined && !existsSync(this.device)) return false;
    return this.info() !== undefined;
  }

  create(name: string): DriveFile {
    const file = openSync(join(this.path, name), "w");
    return {
      write: (bytes) => { for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at); },
      sync: () => { fsyncSync(file); },
      close: () => { closeSync(file); },
    };
  }
}

/** What a boot loader's board calls itself: "RPI-RP2" for the Pico. */
export function boardOf(info: string): string | undefined {
  return /^Board-ID:[ \t]*(.*?)[ \t]*\r?$/m.exec(info)?.[1];
}
