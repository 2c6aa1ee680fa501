// What can happen to bytes on their way: the link's faults, one direction.

import { Stream } from "../engine/random";
import type { FaultKind } from "../fault-kind";

const both = "Both directions are disturbed alike, each with streams of its own.";

export const LINK_FAULTS: readonly FaultKind[] = [
  {
    kind: "link.loss",
    what: `Some writes do not arrive. ${both}`,
    unknown_to_pump: "What was sent to it, and whether its answers arrived.",
    value: { unit: "permille", min: 1, max: 1000, what: "writes of 1000 that are lost" },
  },
  {
    kind: "link.duplicate",
    what: `Some writes arrive twice. ${both}`,
    unknown_to_pump: "Whether the wand sent the same again or the line did.",
    value: { unit: "permille", min: 1, max: 1000, what: "writes of 1000 that come twice" },
  },
  {
    kind: "link.reorder",
    what: `Some writes come up to 300 ms late, behind those sent after them. ${both}`,
    unknown_to_pump: "In which order they were sent.",
    value: { unit: "permille", min: 1, max: 1000, what: "writes of 1000 that are held up" },
  },
  {
    kind: "link.flip",
    what: `One bit of some bytes is flipped. ${both}`,
    unknown_to_pump: "What the byte was.",
    value: { unit: "permille", min: 1, max: 1000, what: "bytes of 1000 with a wrong bit" },
  },
  {
    kind: "link.burst",
    what: `In one write of four, bytes in a row come out as anything, from a drawn place on. ${both}`,
    unknown_to_pump: "What the bytes were.",
    value: { unit: "count", min: 1, max: 1024, what: "how many bytes, as far as the write has them" },
  },
  {
    kind: "link.cut",
    what: "After so many bytes from now on, counted in both directions together, nothing passes any more.",
    unknown_to_pump: "Where the line was cut.",
    value: { unit: "count", min: 0, max: 1_000_000, what: "bytes that still pass" },
  },
  {
    kind: "link.noise",
    what: "Random bytes come towards the pump at line rate without a pause; what the wand sends is drowned. The other direction is quiet.",
    unknown_to_pump: "That nobody sent them.",
  },
  {
    kind: "link.calls",
    what: "Somebody calls the pump again and again: wake-up calls, and nothing else, at equal intervals.",
    unknown_to_pump: "That nobody will log in.",
    value: { unit: "ms", min: 2, max: 86_400_000, what: "from one call to the next" },
  },
  {
    kind: "link.off",
    what: "Nothing passes, in either direction: the wand is out of reach.",
    unknown_to_pump: "That somebody tries to reach it.",
  },
];

/** Longest delay of a write that is held up. */
const REORDER_MS_MAX = 300;
/** One write of so many has a burst in it. */
const BURST_WRITES = 4;

/** What arrives of a write, and how much later than it should. */
export interface Piece {
  readonly bytes: Uint8Array;
  readonly delay_us: number;
}

/** One direction of the line: what becomes of each write. */
export class Disturbance {
  private readonly values = new Map<string, number>();
  private readonly streams = new Map<string, Stream>();

  /** `way` names the direction in its streams. */
  constructor(private readonly seed: number, private readonly way: "in" | "out") {}

  /** Sets a fault's value; 0 ends it. */
  set(kind: string, value: number): void {
    if (value === 0) this.values.delete(kind);
    else this.values.set(kind, value);
  }

  /** What becomes of one write. The order is that of the air: lost, garbled, twice, late. */
  pass(bytes: Uint8Array): readonly Piece[] {
    if (this.values.size === 0) return [{ bytes, delay_us: 0 }];
    if (this.hit("link.loss")) return [];
    const arrived = this.garbled(bytes);
    const pieces: Piece[] = [];
    const times = this.hit("link.duplicate") ? 2 : 1;
    for (let time = 0; time < times; time++) {
      pieces.push({ bytes: arrived, delay_us: this.hit("link.reorder") ? 1000 * (1 + this.stream("link.reorder").below(REORDER_MS_MAX)) : 0 });
    }
    return pieces;
  }

  private garbled(bytes: Uint8Array): Uint8Array {
    const flips = this.values.get("link.flip");
    const burst = this.values.get("link.burst");
    if (flips === undefined && burst === undefined) return bytes;
    const out = Uint8Array.from(bytes);
    if (flips !== undefined) {
      const stream = this.stream("link.flip");
      for (let i = 0; i < out.length; i++) if (stream.permille(flips)) out[i] = out[i]! ^ (1 << stream.below(8));
    }
    if (burst !== undefined && out.length > 0) {
      const stream = this.stream("link.burst");
      if (stream.below(BURST_WRITES) === 0) {
        const from = stream.below(out.length);
        for (let i = from; i < Math.min(out.length, from + burst); i++) out[i] = stream.below(256);
      }
    }
    return out;
  }

  private hit(kind: string): boolean {
    const permille = this.values.get(kind);
    return permille !== undefined && this.stream(kind).permille(permille);
  }

  private stream(kind: string): Stream {
    let stream = this.streams.get(kind);
    if (stream === undefined) {
      stream = new Stream(this.seed, `${kind}.${this.way}`);
      this.streams.set(kind, stream);
    }
    return stream;
  }
}
