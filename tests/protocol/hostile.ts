// Hostile bytes, drawn: from noise to frames that only lack the key.

import { Stream } from "../../emulator/engine/random";
import { FrameFlag, Index, addPacket, beginFrame, endFrame } from "../../protocol/frames";
import { putU32 } from "../../protocol/integers";
import { Command } from "../../protocol/service";
import { marked } from "./door";
import type { Session } from "./door";

/** Codes that mean something to somebody; none that lets a stranger log in, or sends the pump to sleep. */
const CODES = [0, 3, 0x80, Command.provision, Command.exec, Command.refused, 0x90, 0x92, 0x96, 0x98, 0x9f, 0x1180, 0x1181, 0x2180, 0x8000];

/**
 * Attempt number `n` at a pump in whose session it is: the same for the same number. A quarter each: noise, frames with a wrong check value, good frames with anything
 * in them, messages of the session with anything in the place of what is sealed.
 */
export function hostileBytes({ door, ...session }: Session, n: number): number[] {
  const stream = new Stream(n, "hostile");
  const bytes = (count: number): number[] => Array.from({ length: count }, () => stream.below(256));
  const kind = stream.below(4);
  if (kind === 0) return bytes(stream.below(96));
  const out: number[] = [];
  let size = beginFrame(out, FrameFlag.command, door.device, 0);
  if (kind === 3) {
    // What a session carries, all but for the seal: its number, mostly the right one, and the next message's.
    const data = bytes(8 + stream.below(80));
    if (stream.below(4) > 0) putU32(data, 0, session.keys.session);
    if (stream.below(4) > 0) putU32(data, 4, session.number + stream.below(2));
    size = addPacket(out, size, Index.pump, Command.exec, data, 0, data.length);
  }
  const packets = kind === 3 ? 0 : 1 + stream.below(3);
  for (let i = 0; i < packets && size < 120; i++) {
    const code = stream.below(3) === 0 ? stream.below(65_536) : CODES[stream.below(CODES.length)]!;
    const data = bytes(stream.below(60));
    size = addPacket(out, size, stream.below(4), code, data, 0, data.length);
  }
  endFrame(out, size);
  if (kind === 1) out[stream.below(out.length)]! ^= 1 + stream.below(255);
  return marked(out);
}
