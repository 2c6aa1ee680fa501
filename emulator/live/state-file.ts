// The state file on disk: read whole, then appended to as things happen.

import { closeSync, existsSync, fsync, fsyncSync, ftruncateSync, openSync, readFileSync, statSync, writeSync } from "node:fs";
import { systemReason } from "../scenario/load";
import type { Input } from "./input";
import { lock, Locked } from "./lock";
import { inputLine, InputSum, isMark, MARK_BYTES, markLine, originLine, readState, StateProblem } from "./state-text";
import type { Entry, Origin } from "./state-text";

/** A file is read as one text: hours of a flood, centuries of therapy. */
const BYTES_MAX = 256 * 1024 * 1024;

/**
 * One run's file. It holds the pump's key, as the bytes that gave it: only its owner may read it. Nothing is written before `begin`, so that a
 * file that is refused stays as it is.
 */
export class StateFile {
  private readonly unlock: () => void;
  private fd = -1;
  /** Where the next line goes. */
  private end = 0;
  private sum = new InputSum();
  /** A mark stands last, and the next one takes its place. */
  private marked = false;
  private unsynced = false;
  /** What the file says, undefined for a new one. */
  readonly origin: Origin | undefined;
  readonly entries: readonly Entry[] = [];
  /** Its last line was cut short. */
  readonly torn: boolean = false;

  /** Reads the file, if there is one, and locks it. Throws `StateProblem`. */
  constructor(readonly path: string) {
    try {
      this.unlock = lock(`${path}.lock`);
    } catch (error) {
      throw new StateProblem(0, error instanceof Locked ? error.message : `cannot be locked: ${systemReason(error)}`);
    }
    try {
      const text = readWhole(path);
      if (text === undefined) return;
      const state = readState(text);
      this.origin = state.origin;
      this.entries = state.entries;
      this.torn = state.torn;
      this.end = state.whole;
      this.sum = state.sum;
      const last = state.entries.at(-1);
      this.marked = last !== undefined && isMark(last.item);
    } catch (error) {
      this.unlock();
      throw error;
    }
  }

  /** From now on it is written. A new one begins with `origin`; of an old one a torn line is cut off. */
  begin(origin: Origin): void {
    try {
      this.fd = openSync(this.path, existsSync(this.path) ? "r+" : "wx+", 0o600);
      ftruncateSync(this.fd, this.end);
      if (this.origin !== undefined) return;
      const line = originLine(origin);
      this.sum.add(line);
      this.put(line);
      this.sync();
    } catch (error) {
      this.unlock();
      throw new StateProblem(0, `cannot be written: ${systemReason(error)}`);
    }
  }

  /** Throws `StateProblem` once the file is full. */
  append(input: Input): void {
    const line = inputLine(input);
    if (this.end + line.length + MARK_BYTES > BYTES_MAX) throw new StateProblem(0, `is full: it would become larger than ${BYTES_MAX} bytes`);
    this.sum.add(line);
    this.put(line);
    this.marked = false;
  }

  /** How far the run has come. */
  mark(us: number, digest: string): void {
    if (this.marked) this.end -= MARK_BYTES;
    this.put(markLine({ us, inputs: this.sum.text(), digest }));
    this.marked = true;
  }

  /** Has what was written put on disk, without waiting for that. */
  flush(): void {
    if (!this.unsynced) return;
    this.unsynced = false;
    // A disk that fails tells so again at the next write, or at the end.
    fsync(this.fd, () => undefined);
  }

  /** On disk, not only written. */
  private sync(): void {
    if (!this.unsynced) return;
    fsyncSync(this.fd);
    this.unsynced = false;
  }

  close(): void {
    if (this.fd >= 0) {
      const fd = this.fd;
      this.fd = -1;
      try {
        fsyncSync(fd);
      } finally {
        closeSync(fd);
        this.unlock();
      }
    } else this.unlock();
  }

  private put(line: string): void {
    const bytes = Buffer.from(line);
    for (let done = 0; done < bytes.length;) done += writeSync(this.fd, bytes, done, bytes.length - done, this.end + done);
    this.end += bytes.length;
    this.unsynced = true;
  }
}

/** The whole text, undefined if there is no file or nothing in it. */
function readWhole(path: string): string | undefined {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined || (found.isFile() && found.size === 0)) return undefined;
    if (!found.isFile()) throw new StateProblem(0, "is not a plain file");
    if (found.size > BYTES_MAX) throw new StateProblem(0, `is larger than ${BYTES_MAX} bytes`);
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(readFileSync(path));
  } catch (error) {
    if (error instanceof StateProblem) throw error;
    if (error instanceof TypeError) throw new StateProblem(0, "is not a state file of itb-pump emulate");
    throw new StateProblem(0, `cannot be read: ${systemReason(error)}`);
  }
}
