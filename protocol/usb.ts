// JDUSB: frames in a stream of bytes, by marks that begin with FE.

import { zeros } from "./integers";
import { Wire } from "./limits";

const enum Mark {
  escape = 0xfe,
  literal = 0xf8,
  begin = 0xfc,
  end = 0xfd,
}

/** Outside a frame; inside; inside one that is too long, whose end is waited for. */
const enum Mode { outside = 0, inside = 1, overlong = 2 }

/** A stream that is being read, and the frame in it. */
export interface Unframer {
  readonly bytes: number[];
  /** Bytes of the frame so far. */
  size: number;
  mode: number;
  /** 1 after an FE. */
  escaped: number;
  /** Frames that were cut short by another's beginning, or too long. */
  broken: number;
}

export function createUnframer(): Unframer {
  return { bytes: zeros(Wire.frame_max), size: 0, mode: Mode.outside, escaped: 0, broken: 0 };
}

/** Counts end at 2^31: a flood can last. */
function countBroken(u: Unframer): void {
  u.broken = Math.min(u.broken + 1, 2_147_483_647);
}

function add(u: Unframer, byte: number): void {
  if (u.mode !== Mode.inside) return;
  if (u.size === Wire.frame_max) {
    u.mode = Mode.overlong;
    countBroken(u);
    return;
  }
  u.bytes[u.size] = byte;
  u.size++;
}

/**
 * Takes the next byte. True when it ends a frame: `bytes` then holds `size` of it, until the next call. A byte that stands in no frame, or after an FE
 * means nothing, is dropped.
 */
export function takeByte(u: Unframer, byte: number): boolean {
  if (u.escaped === 0) {
    if (byte === Mark.escape) u.escaped = 1;
    else add(u, byte);
    return false;
  }
  u.escaped = 0;
  if (byte === Mark.begin) {
    if (u.mode === Mode.inside && u.size > 0) countBroken(u);
    u.mode = Mode.inside;
    u.size = 0;
    return false;
  }
  if (byte === Mark.end) {
    const whole = u.mode === Mode.inside;
    u.mode = Mode.outside;
    return whole;
  }
  if (byte === Mark.literal) add(u, Mark.escape);
  else if (byte === Mark.escape) u.escaped = 1;
  return false;
}

/** Puts JDUSB's marks around `size` bytes of `frame`; returns how many bytes are in `into`. */
export function frameUp(frame: readonly number[], size: number, into: number[]): number {
  into[0] = Mark.escape;
  into[1] = Mark.begin;
  let at = 2;
  for (let i = 0; i < size; i++) {
    const byte = frame[i] ?? 0;
    into[at] = byte;
    at++;
    if (byte === Mark.escape) {
      into[at] = Mark.literal;
      at++;
    }
  }
  into[at] = Mark.escape;
  into[at + 1] = Mark.end;
  return at + 2;
}
