// The device side's state: flat integers, nothing that survives a reset.

import { zeros } from "../integers";
import { LinkTime, Wire } from "../limits";
import { createUnframer } from "../usb";
import type { Board } from "../../hal/board";
import type { Unframer } from "../usb";

/** The integers of a device. All times are pump time in ms. */
export const enum D {
  /** 1 while the link is awake. */
  awake = 0,
  woken_ms,
  /** How long it was awake, of the wakes that are over: whoever counts charge takes it from here. */
  spent_ms,
  /** When it falls asleep, and when it announces itself next. */
  asleep_ms,
  announce_ms,
  /** Jacdac's restart counter, and its counter of events. */
  restarts,
  events,
  /** 1 if somebody logged in since the pump was woken; 1 after a good-bye, until it sleeps. */
  proven,
  closing,
  /** What may still be spent on wakes without a login: a day of pump time brings back `allowance_max`. */
  allowance,
  allowance_ms,
  /** `Key`. */
  key,

  /** The session that is open (0 if none), its role, the number of its last message. */
  session,
  role,
  number,
  /** 1 from a message until its answer has been sent. */
  in_hand,
  /** Size of the frame in `answer`, once it is there. */
  answer_size,
  /** The session that is being opened. */
  opening,
  opening_role,
  /** Failed logins in a row, and until when nobody is let in. */
  failures,
  barred_ms,

  /** Where in the frame the message in hand stands, or a key. */
  message_first,
  message_end,

  /** What `Op.link_counts` tells, in its order. */
  count,
  frames = count,
  frames_refused,
  packets_refused,
  messages_refused,
  repeats,
  logins,
  logins_failed,
  wakes,
  wakes_refused,
  size,
}

/** The pump's own key, as far as the device side knows of it. */
export const enum Key {
  none = 0,
  loaded = 1,
  /** There is one, and no good copy of it: nobody can log in, and nobody can give another. */
  lost = 2,
}

/** What came of a byte. */
export const enum Heard {
  nothing = 0,
  /** A new message, in the frame from `D.message_first` to `D.message_end`: exactly one answer must follow. */
  request = 1,
  /** A key of 32 bytes at `D.message_first`, and none is loaded. */
  key = 2,
  /** As `request`, the first message of a session. */
  login = 3,
  /** A login failed, and from now on nobody is let in for a while (`backOff_ms`). */
  barred = 4,
}

/** A wake without a login may last 5 s; it costs what comes back in `allowance_max` over the share that such wakes may have of a day. */
export const enum Allowance {
  /** One day in ms: one unit comes back each ms. */
  max = 86_400_000,
  /** Units for a ms awake: 100 uA against one hundredth of 4 uA. */
  per_ms = 2500,
  wake = LinkTime.unproven_ms * per_ms,
}

/** Where counts stop: they are told in 32 bits, and two of them are added. */
export const COUNT_MAX = 2_147_483_647;

/** How many bytes one call of `Link.send` is given. */
export const enum Line { chunk = 32 }

export interface Device {
  readonly board: Board;
  readonly n: number[];
  /** The stream that comes in; a frame is looked at and opened where it stands. */
  readonly unframer: Unframer;
  /** This wake's device id. */
  readonly id: number[];
  /** Short frames that go out, and scratch space for a key's derivation. */
  readonly out: number[];
  /** The last answer's frame, kept for a wand that lost it. */
  readonly answer: number[];
  readonly line: number[];
  readonly nonce: number[];
}

/** Asleep, without a key. */
export function createDevice(board: Board): Device {
  const n = zeros(D.size);
  n[D.allowance] = Allowance.max;
  return {
    board, n, unframer: createUnframer(), id: zeros(Wire.device_id), out: zeros(64), answer: zeros(Wire.frame_max), line: zeros(Line.chunk), nonce: zeros(13),
  };
}

/** The integer `i` of a device. */
export function get(d: Device, i: D): number {
  return d.n[i] ?? 0;
}

/** One more of a count; counts end at 2^31. */
export function tally(d: Device, i: D): void {
  d.n[i] = Math.min((d.n[i] ?? 0) + 1, COUNT_MAX);
}
