// JDUSB and Jacdac frames for the fake pump, from SESSION.md, on their own.

/** CRC-16-CCITT bit by bit: 0x1021, from 0xFFFF, not reflected. */
export function check(bytes: Uint8Array): number {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 0x8000) !== 0 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff;
  }
  return crc;
}

/** A packet of a frame. */
export interface Packet {
  readonly index: number;
  readonly code: number;
  readonly data: Buffer;
}

/** A frame with its marks, ready for the line. */
export function framed(flags: number, id: Uint8Array, packets: readonly Packet[]): Buffer {
  const bodies = packets.map(({ index, code, data }, i) => {
    const head = Buffer.from([data.length, index, code & 0xff, code >> 8]);
    const body = Buffer.concat([head, data]);
    return i === packets.length - 1 ? body : Buffer.concat([body, Buffer.alloc((4 - (body.length % 4)) % 4)]);
  });
  const body = Buffer.concat(bodies);
  const rest = Buffer.concat([Buffer.from([body.length, flags]), id, body]);
  const crc = check(rest);
  const frame = Buffer.concat([Buffer.from([crc & 0xff, crc >> 8]), rest]);
  const escaped = [...frame].flatMap((byte) => (byte === 0xfe ? [0xfe, 0xf8] : [byte]));
  return Buffer.from([0xfe, 0xfc, ...escaped, 0xfe, 0xfd]);
}

/** Finds frames in a stream of bytes; what is between them is dropped. */
export class Deframer {
  #frame: number[] | undefined;
  #escape = false;

  /** The whole frames that these bytes end, as they came: not yet looked at. */
  take(bytes: Uint8Array): Buffer[] {
    const frames: Buffer[] = [];
    for (const byte of bytes) {
      if (!this.#escape && byte === 0xfe) this.#escape = true;
      else if (!this.#escape) this.#frame?.push(byte);
      else if (byte === 0xfe) continue;
      else {
        this.#escape = false;
        if (byte === 0xfc) this.#frame = [];
        else if (byte === 0xf8) this.#frame?.push(0xfe);
        else if (byte === 0xfd) {
          if (this.#frame !== undefined && this.#frame.length <= 252) frames.push(Buffer.from(this.#frame));
          this.#frame = undefined;
        }
      }
    }
    return frames;
  }
}

/** The packets of a frame; zeros at the end are none. */
export function packetsIn(frame: Buffer): Packet[] {
  const packets: Packet[] = [];
  let at = 12;
  while (at + 4 <= frame.length) {
    const size = frame[at] ?? 0;
    if (at + 4 + size > frame.length || size > 232) break;
    if (at > 12 && frame.readUInt32LE(at) === 0) break;
    packets.push({ index: (frame[at + 1] ?? 0) & 0x3f, code: frame.readUInt16LE(at + 2), data: frame.subarray(at + 4, at + 4 + size) });
    at += Math.ceil((4 + size) / 4) * 4;
  }
  return packets;
}
