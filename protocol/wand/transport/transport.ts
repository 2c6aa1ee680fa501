// A transport: bytes to and from whatever a port's name leads to.

import type { Problem } from "../problems";

/** An open way to a pump. Bytes arrive as they come, in pieces of any size. */
export interface Transport {
  /** As it was asked for: a path, or `tcp:HOST:PORT`. */
  readonly name: string;
  /** Posts bytes; they leave in order. Does nothing once it is closed. */
  write(bytes: Uint8Array): void;
  /** Whoever hears what comes. One at a time: the last one given; what comes before there is one is lost. */
  onBytes(hear: (bytes: Uint8Array) => void): void;
  /** Told once if it closes other than by `close`, at once if it has already. */
  onClosed(hear: (problem: Problem, text: string) => void): void;
  /** Closes it, after what was written has left. Closing it again does nothing. */
  close(): Promise<void>;
}

/** Hands what comes to one listener, and the news of an end too, whenever it is asked for. */
export class Listeners {
  private bytes: (bytes: Uint8Array) => void = () => undefined;
  private closed: ((problem: Problem, text: string) => void) | undefined;
  private end: { readonly problem: Problem; readonly text: string } | undefined;

  readonly onBytes = (hear: (bytes: Uint8Array) => void): void => {
    this.bytes = hear;
  };

  readonly onClosed = (hear: (problem: Problem, text: string) => void): void => {
    if (this.end !== undefined) hear(this.end.problem, this.end.text);
    else this.closed = hear;
  };

  came(bytes: Uint8Array): void {
    this.bytes(bytes);
  }

  /** The first end counts. */
  ended(problem: Problem, text: string): void {
    if (this.end !== undefined) return;
    this.end = { problem, text };
    this.closed?.(problem, text);
  }
}
