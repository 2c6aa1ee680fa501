// A wand and a pump on a simulated line, in virtual time.

import { runProcedure } from "../../protocol/wand/procedures/procedure";
import type { Procedure } from "../../protocol/wand/procedures/procedure";
import type { Order, Result, WandOptions } from "../../protocol/wand/core/order";
import { Wand } from "../../protocol/wand/core/wand";
import { Role } from "../../protocol/service";
import type { FakePump } from "./fake-pump";

/** What the line does to each write, in permille, either way. */
export interface LineFaults {
  readonly loss?: number;
  readonly duplicate?: number;
  readonly reorder?: number;
  /** Of the bits of a write one is flipped. */
  readonly flip?: number;
}

interface Crossing { readonly at_us: number; readonly to_pump: boolean; readonly bytes: Uint8Array; readonly order: number }

/** Numbers from a seed, so that a failure can be repeated. */
export function numbers(seed: number): (below: number) => number {
  let state = seed * 2 + 1;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}

/** The key of all tests. */
export const KEY = Uint8Array.from({ length: 32 }, (_, i) => i * 7 + 1);

export class Pair {
  now_us = 0;
  readonly wand: Wand;
  /** Everything that left the wand, with its time. */
  readonly sent: { readonly at_us: number; readonly bytes: Uint8Array }[] = [];
  /** Everything that left the pump. */
  readonly heard: Uint8Array[] = [];
  faults: LineFaults;
  latency_us = 2000;
  /** Where the line is cut. */
  cut: "nowhere" | "both ways" | "from the pump" = "nowhere";
  #crossings: Crossing[] = [];
  #count = 0;
  readonly #draw: (below: number) => number;

  constructor(readonly pump: FakePump, options: Partial<WandOptions> & { readonly seed?: number; readonly faults?: LineFaults } = {}) {
    const { seed = 1, faults = {}, ...rest } = options;
    this.#draw = numbers(seed);
    const random = numbers(seed + 1000);
    this.faults = faults;
    this.wand = new Wand({ random: (count) => Uint8Array.from({ length: count }, () => random(256)), role: Role.clinician, key: KEY, ...rest });
  }

  #cross(to_pump: boolean, bytes: Uint8Array): void {
    const permille = (of: number | undefined): boolean => this.#draw(1000) < (of ?? 0);
    if (this.cut === "both ways" || (this.cut === "from the pump" && !to_pump) || permille(this.faults.loss)) return;
    let carried = bytes;
    if (permille(this.faults.flip)) {
      carried = Uint8Array.from(bytes);
      const at = this.#draw(carried.length);
      carried[at] = (carried[at] ?? 0) ^ (1 << this.#draw(8));
    }
    const times = permille(this.faults.duplicate) ? 2 : 1;
    for (let i = 0; i < times; i += 1) {
      const late_us = permille(this.faults.reorder) ? this.#draw(400_000) : 0;
      this.#count += 1;
      this.#crossings.push({ at_us: this.now_us + this.latency_us + late_us, to_pump, bytes: carried, order: this.#count });
    }
  }

  #drain(): void {
    for (let bytes = this.wand.take(); bytes !== undefined; bytes = this.wand.take()) {
      this.sent.push({ at_us: this.now_us, bytes });
      this.#cross(true, bytes);
    }
    for (let bytes = this.pump.take(); bytes !== undefined; bytes = this.pump.take()) {
      this.heard.push(bytes);
      this.#cross(false, bytes);
    }
  }

  /** Goes on to the next thing that happens, or to `end_us`. */
  #step(end_us: number): void {
    this.#crossings.sort((a, b) => (a.at_us === b.at_us ? a.order - b.order : a.at_us - b.at_us));
    const pump_us = this.pump.next_ms === undefined ? Infinity : this.pump.next_ms * 1000;
    const next_us = Math.min(end_us, this.#crossings[0]?.at_us ?? Infinity, this.wand.next_us ?? Infinity, pump_us);
    this.now_us = Math.max(this.now_us, next_us);
    const now_ms = Math.floor(this.now_us / 1000);
    while ((this.#crossings[0]?.at_us ?? Infinity) <= this.now_us) {
      const crossing = this.#crossings.shift();
      if (crossing?.to_pump === true) this.pump.receive(now_ms, crossing.bytes);
      else if (crossing !== undefined) this.wand.receive(this.now_us, crossing.bytes);
      this.#drain();
    }
    this.pump.wake(now_ms);
    this.wand.wake(this.now_us);
    this.#drain();
  }

  /** Begins an order and runs until it has its result. */
  do(order: Order, each: () => void = () => {}): Result {
    this.wand.begin(this.now_us, order);
    this.#drain();
    for (let i = 0; this.wand.result === undefined; i += 1) {
      if (i > 1_000_000) throw new Error("no end to it");
      each();
      this.#step(Infinity);
    }
    return this.wand.result;
  }

  /** Lets time pass. */
  pass(duration_us: number): void {
    const end_us = this.now_us + duration_us;
    while (this.now_us < end_us) this.#step(end_us);
  }

  /** Runs a procedure; a failed order is thrown as an error. */
  run<T>(procedure: Procedure<T>): T {
    return runProcedure(procedure, ({ op, args }) => {
      const result = this.do({ kind: "operate", op, args });
      if (result.kind !== "answer") throw new Error(result.kind === "failed" ? result.text : result.kind);
      return result;
    });
  }
}
