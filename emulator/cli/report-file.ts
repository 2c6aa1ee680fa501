// A file of a report: written in large pieces, there whole or not at all.

import { closeSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { systemReason } from "../scenario/load";

/** Text that is held back before it is written: fewer and larger writes cost less. */
const held_max = 1_048_576;

/** Why a file cannot be written, in words. */
const reasons: Readonly<Record<string, string>> = {
  ENOSPC: "no space left on the disk", EDQUOT: "the quota of the disk is used up", ENOENT: "the folder is gone", EACCES: "no permission to write it",
  EPERM: "no permission to write it", EROFS: "the disk is read-only", EISDIR: "is a directory", EIO: "the disk failed",
};

function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return reasons[code] ?? systemReason(error);
}

/** What a file is called until it is whole. */
export const PART = ".part";

/** Where what a writer makes goes. */
export interface Sink {
  /** Takes the next text, as UTF-8, or the next bytes, which are not kept. Never throws: what cannot be written is told by `ReportFolder`. */
  readonly write: (piece: string | Uint8Array) => void;
  /** Nothing follows: the file gets its name. */
  readonly end: () => void;
}

/** What is written with; tests have one that fails. */
export interface Disk {
  readonly open: (path: string) => number;
  /** All of it. */
  readonly write: (file: number, bytes: Uint8Array) => void;
  readonly close: (file: number) => void;
  readonly rename: (from: string, to: string) => void;
  readonly remove: (path: string) => void;
}

/** The host's own. */
export const HOST_DISK: Disk = {
  open: (path) => openSync(path, "w"),
  write: (file, bytes) => { for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done); },
  close: closeSync,
  rename: renameSync,
  remove: (path) => { rmSync(path, { force: true }); },
};

/**
 * One file. The first thing that goes wrong ends it: the run that is being told of goes on, what stands is removed, and `failed` hears why, once.
 */
class WholeFile implements Sink {
  #file: number | undefined;
  #held: string[] = [];
  #held_size = 0;

  constructor(private readonly path: string, private readonly disk: Disk, private readonly failed: (why: string) => void) {
    this.#attempt(() => { this.#file = disk.open(path + PART); });
  }

  write = (piece: string | Uint8Array): void => {
    if (this.#file === undefined) return;
    if (typeof piece !== "string") {
      this.#flush();
      this.#put(piece);
      return;
    }
    this.#held.push(piece);
    this.#held_size += piece.length;
    if (this.#held_size >= held_max) this.#flush();
  };

  end = (): void => {
    this.#flush();
    const file = this.#file;
    if (file === undefined) return;
    this.#attempt(() => {
      this.#file = undefined;
      this.disk.close(file);
      this.disk.rename(this.path + PART, this.path);
    });
  };

  #flush(): void {
    if (this.#held_size === 0) return;
    const text = this.#held.join("");
    this.#held = [];
    this.#held_size = 0;
    this.#put(Buffer.from(text));
  }

  #put(bytes: Uint8Array): void {
    const file = this.#file;
    if (file !== undefined) this.#attempt(() => { this.disk.write(file, bytes); });
  }

  #attempt(act: () => void): void {
    try {
      act();
    } catch (error) {
      const file = this.#file;
      this.#file = undefined;
      this.#held = [];
      this.#held_size = 0;
      this.failed(reasonOf(error));
      // As far as it goes: of a folder that went away nothing can be removed.
      for (const tidy of [() => { if (file !== undefined) this.disk.close(file); }, () => { this.disk.remove(this.path + PART); }]) {
        try {
          tidy();
        } catch { /* told already */ }
      }
    }
  }
}

/** The folder that one run's files go to. */
export class ReportFolder {
  /** What could not be written and why, a line each. */
  readonly unwritten: string[] = [];

  constructor(readonly path: string, private readonly disk: Disk = HOST_DISK) {}

  /** Begins a file. It is there under its name once it is whole. */
  open(name: string): Sink {
    const path = `${this.path}/${name}`;
    return new WholeFile(path, this.disk, (why) => { this.unwritten.push(`${path}: ${why}`); });
  }

  /** Writes a file of one piece. */
  write(name: string, text: string): void {
    const file = this.open(name);
    file.write(text);
    file.end();
  }
}
