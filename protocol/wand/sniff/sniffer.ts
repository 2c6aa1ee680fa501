// The sniffer: pieces of a line in, frames in words out, with their times.

import { Code, checkFrame, FrameAt, FrameFlag, FrameProblem, Index } from "../../frames";
import { createUnframer, takeByte } from "../../usb";
import type { Unframer } from "../../usb";
import { hexText } from "../core/bytes";
import { Packet } from "../jacdac";
import type { KeyFile } from "../library/key-file";
import type { Piece, Speaker } from "./capture";
import { Sessions } from "./sessions";
import { packetFields } from "./spec";

/** A packet in words. */
export interface SniffedPacket {
  readonly index: number;
  readonly code: number;
  readonly name: string;
  readonly text: string;
  readonly fields: Readonly<Record<string, unknown>>;
  /** What is sealed in it, where the key is known. */
  readonly sealed?: { readonly text: string; readonly operation: string; readonly fields: Readonly<Record<string, unknown>> };
}

/** A frame, or what was no frame. */
export interface Sniffed {
  readonly us: number;
  /** Since the frame before it. */
  readonly gap_us: number;
  readonly from: Speaker;
  /** Empty for a broken frame. */
  readonly packets: readonly SniffedPacket[];
  /** What is wrong with it. */
  readonly problem?: string;
  readonly device: string;
  /** Bytes of this direction outside any frame, since the frame before it. */
  readonly outside: number;
  readonly hex: string;
}

const PROBLEMS: Readonly<Record<FrameProblem, string>> = {
  [FrameProblem.good]: "", [FrameProblem.size]: "its size is not that of what came", [FrameProblem.check]: "its check value is wrong",
};

interface Direction {
  readonly unframer: Unframer;
  outside: number;
  broken: number;
}

/** A stream's marks: outside a frame only a mark's first byte is no stray one. */
const escape = 0xfe;

/** Decodes a line. Give it the pieces in order. */
export class Sniffer {
  readonly #directions = new Map<Speaker | undefined, Direction>();
  readonly #sessions: Sessions | undefined;
  #last_us: number | undefined;

  constructor(key?: KeyFile) {
    this.#sessions = key === undefined ? undefined : new Sessions(key);
  }

  /** The frames that end in a piece. */
  feed({ us, from, bytes }: Piece): readonly Sniffed[] {
    let direction = this.#directions.get(from);
    if (direction === undefined) {
      direction = { unframer: createUnframer(), outside: 0, broken: 0 };
      this.#directions.set(from, direction);
    }
    const frames: Sniffed[] = [];
    const { unframer } = direction;
    for (const byte of bytes) {
      if (unframer.mode === 0 && unframer.escaped === 0 && byte !== escape) direction.outside += 1;
      if (takeByte(unframer, byte)) frames.push(this.#frame(us, from, direction));
    }
    return frames;
  }

  #frame(us: number, from: Speaker | undefined, direction: Direction): Sniffed {
    const { bytes: all, size } = direction.unframer;
    const bytes = all.slice(0, size);
    const flags = bytes[FrameAt.flags] ?? 0;
    const command = flags % 2 === FrameFlag.command;
    const gap_us = us - (this.#last_us ?? us);
    this.#last_us = us;
    const problem = checkFrame(bytes, size);
    const head = { us, gap_us, from: from ?? (command ? "wand" : "pump"), device: hexText(bytes.slice(FrameAt.device, FrameAt.packets)), outside: direction.outside, hex: hexText(bytes) } as const;
    direction.outside = 0;
    if (problem !== FrameProblem.good) return { ...head, packets: [], problem: PROBLEMS[problem] };
    return { ...head, packets: this.#packets(bytes, command, us) };
  }

  /** jacdac-ts takes the frame apart; what is filled up with zeros is no packet. */
  #packets(bytes: readonly number[], command: boolean, us: number): readonly SniffedPacket[] {
    const device = bytes.slice(FrameAt.device, FrameAt.packets);
    return Packet.fromFrame(Uint8Array.from(bytes), us / 1000, true)
      .filter(({ data, serviceIndex, serviceCommand }, i) => i === 0 || data.length > 0 || serviceIndex !== Index.control || serviceCommand !== Code.announce)
      .map(({ data, serviceIndex, serviceCommand }) => {
        const index = serviceIndex % (Index.mask + 1);
        const sealed = index === Index.pump ? this.#sessions?.hear(device, command, serviceCommand, Array.from(data)) : undefined;
        return { index, code: serviceCommand, ...packetFields(index, command, serviceCommand, data), ...(sealed === undefined ? {} : { sealed }) };
      });
  }
}
