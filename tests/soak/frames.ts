// npm run soak: random frames at a pump in therapy; none may do anything.

import { LinkCounts, Op } from "../../protocol/operations";
import { Door } from "../protocol/door";
import { hostileBytes } from "../protocol/hostile";

/** What came of a soak. */
export interface Soaked {
  readonly frames: number;
  /** Why it ended early; undefined if nothing was ever accepted. */
  readonly failure?: string;
  readonly refused: { readonly frames: number; readonly packets: number; readonly messages: number };
  /** Bytes of heap after the first tenth and at the end, collected; 0 where nothing collects. */
  readonly heap: readonly [number, number];
}

const heapUsed = (): number => {
  if (globalThis.gc === undefined) return 0;
  globalThis.gc();
  return process.memoryUsage().heapUsed;
};

/** Sends `count` hostile frames from number `seed` x 2^24 on; after each thousand the session's next message must be answered, and nothing have changed. */
export function soak(count: number, seed: number): Soaked {
  const door = new Door();
  door.call();
  const session = door.session();
  session.ask(Op.status);
  const before = door.state();
  const records = (): number => door.desk.notes.filter((note) => note.startsWith("record")).length;
  const recorded = records();
  let heap_early = 0;
  let failure: string | undefined;
  let n = 0;
  while (n < count && failure === undefined) {
    n += 1;
    door.feed(hostileBytes(session, seed * 16_777_216 + n));
    if (n % 1000 !== 0 && n !== count) continue;
    if (session.ask(Op.status)?.fault !== 0) failure = `no answer after frame ${n}`;
    else if (door.state() !== before) failure = `the state has changed by frame ${n}`;
    else if (records() !== recorded) failure = `a record was made by frame ${n}`;
    if (heap_early === 0 && n >= count / 10) heap_early = heapUsed();
  }
  const counts = session.ask(Op.link_counts)?.values ?? [];
  const refused = { frames: counts[LinkCounts.frames_refused] ?? 0, packets: counts[LinkCounts.packets_refused] ?? 0, messages: counts[LinkCounts.messages_refused] ?? 0 };
  return { frames: n, refused, heap: [heap_early, heapUsed()], ...(failure === undefined ? {} : { failure }) };
}

function numberOf(name: string, fallback: number): number {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? fallback : Number(process.argv[at + 1]);
}

if (process.argv[1] === import.meta.filename) {
  const count = numberOf("frames", 1_000_000);
  const seed = numberOf("seed", 1);
  const { frames, refused, heap, failure } = soak(count, seed);
  process.stdout.write(`${frames} frames, seed ${seed}: ${refused.frames} frames, ${refused.packets} packets and ${refused.messages} messages refused; heap ${heap.join(" to ")} bytes\n`);
  if (failure !== undefined) {
    process.stdout.write(`${failure}\nrepeat: npm run soak -- --frames ${count} --seed ${seed}\n`);
    process.exitCode = 2;
  }
}
