// A wall in virtual time, with a pump on a transport: minutes pass at once.

import { createController } from "../../firmware/controller";
import { Bench } from "../../emulator/bench";
import type { Program } from "../../emulator/brain";
import type { Wall } from "../../emulator/live/wall";
import { DEFAULT_UNIT } from "../../emulator/unit";
import type { Unit } from "../../emulator/unit";
import type { Transport } from "../../protocol/wand/transport";
import type { FakePump } from "../wand/fake-pump";

/** A pump as its line shows it, in virtual microseconds. */
export interface LinePump {
  readonly now_us: number;
  write(bytes: Uint8Array): void;
  /** Lets time pass up to `us`, but no further than to the first bytes that the pump says. */
  run(us: number): void;
  heard: (bytes: Uint8Array) => void;
}

/** The emulated pump, unprovisioned. */
export function benchPump(controller: Program = createController, baud = 0, unit: Unit = DEFAULT_UNIT): LinePump & { readonly bench: Bench } {
  const bench = new Bench({ controller, wand: false, baud, unit });
  bench.powerOn();
  let said = false;
  const pump = {
    bench,
    get now_us() { return bench.engine.now_us; },
    heard: (_bytes: Uint8Array): void => undefined,
    write: (bytes: Uint8Array) => { bench.line.write(bytes); },
    run: (us: number) => {
      said = false;
      while (!said && bench.engine.step(us));
    },
  };
  bench.line.heard = (bytes) => {
    said = true;
    pump.heard(bytes);
  };
  return pump;
}

/** The second opinion of the protocol. */
export function fakePump(fake: FakePump): LinePump {
  let now_us = 0;
  const pump: LinePump = {
    get now_us() { return now_us; },
    heard: () => undefined,
    write: (bytes) => {
      fake.receive(Math.floor(now_us / 1000), bytes);
      pass();
    },
    run: (us) => {
      now_us = Math.min(us, Math.max(now_us, (fake.next_ms ?? Infinity) * 1000));
      fake.wake(Math.floor(now_us / 1000));
      pass();
    },
  };
  const pass = (): void => {
    for (let bytes = fake.take(); bytes !== undefined; bytes = fake.take()) {
      const said = bytes;
      queueMicrotask(() => { pump.heard(said); });
    }
  };
  return pump;
}

/** Time that stands still while anybody has something to do. */
export class VirtualWall implements Wall {
  private readonly timers = new Map<() => void, number>();

  constructor(private readonly pump: LinePump) {}

  now_us(): number {
    return this.pump.now_us;
  }

  after(delay_us: number, act: () => void): () => void {
    const timer = (): void => { act(); };
    this.timers.set(timer, this.now_us() + delay_us);
    return () => { this.timers.delete(timer); };
  }

  /** Lets time pass until `work` is done. */
  async until<T>(work: Promise<T>): Promise<T> {
    let done = false;
    const mark = (): void => { done = true; };
    work.then(mark, mark);
    for (;;) {
      // Whatever can be done at this instant is done before the next.
      await new Promise((resolve) => { setImmediate(resolve); });
      if (done) return work;
      this.step();
    }
  }

  private step(): void {
    const next_us = Math.min(...this.timers.values());
    if (next_us === Infinity) throw new Error("everybody waits, and nobody for the time");
    this.pump.run(Math.max(next_us, this.now_us()));
    for (const [timer, due_us] of [...this.timers]) {
      if (due_us > this.now_us()) continue;
      this.timers.delete(timer);
      timer();
    }
  }
}

/** A transport to the pump's line. `meddle` may change what goes to it. */
export function transportTo(pump: LinePump, meddle: (bytes: Uint8Array) => Uint8Array = (bytes) => bytes): Transport {
  return {
    name: "virtual",
    write: (bytes) => { pump.write(meddle(bytes)); },
    onBytes: (hear) => { pump.heard = hear; },
    onClosed: () => undefined,
    close: () => Promise.resolve(),
  };
}
