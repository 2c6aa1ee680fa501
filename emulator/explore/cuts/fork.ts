// A bench that becomes what another one is, just as power is cut in it.

import { Bench, type BenchOptions } from "../../bench";
import { FlashAction, PowerCut, type CutFault, type FlashCut } from "../../devices/flash";
import { StateCopy } from "../../engine/copy";
import { Timer } from "../../engine/timers";

/** An operation of the flash that is about to be done. */
export interface Operation {
  /** Counted from 1 over the flash's life. */
  readonly number: number;
  readonly action: FlashAction;
  readonly address: number;
  readonly count: number;
  readonly from: Uint8Array;
  readonly first: number;
}

/**
 * Not copied: the program, which a power loss ends; what only tells of the past; the wand and the keys of its session; and what storage knows of its flash, which a boot reads anew.
 */
const LEFT: ReadonlySet<string> = new Set([
  "controller", "factory", "board", "trace", "wand", "cipher", "durable", "listener", "marks", "heard", "spares", "make", "truth", "hindsight",
]);

/** One bench for all cuts of a run: whatever it was before is written over. */
export class Fork {
  private readonly bench: Bench;

  constructor(options: BenchOptions) {
    this.bench = new Bench({ ...options, cuts: true });
  }

  /**
   * Becomes what `source` is while the listener of its flash hears of `operation`, and has power cut there, and once more by `then`. The source goes on as if nothing had been. The
   * bench that is returned stands where power went; it is good until the next call.
   */
  cut(source: Bench, operation: Operation, how: CutFault, then?: FlashCut): Bench {
    const { bench } = this;
    // Before the copy: a wand has a timer in the engine.
    bench.beginAnew();
    new StateCopy(LEFT, (value) => value instanceof Timer).copy(source, bench);
    bench.engine.mend();
    const hindsight = bench.hindsight!;
    hindsight.follow(source.hindsight!);
    hindsight.attentive = then !== undefined;
    const { flash } = bench.storage;
    flash.operations = operation.number - 1;
    flash.cut = { operation: operation.number, how, ...(then === undefined ? {} : { then }) };
    this.operate(operation);
    bench.processor.cutPower!();
    bench.standHere();
    return bench;
  }

  private operate({ action, address, count, from, first }: Operation): void {
    const { flash } = this.bench.storage;
    try {
      if (action === FlashAction.erase) flash.erase(address);
      else flash.program(address, from, first, count);
    } catch (error) {
      if (error instanceof PowerCut) return;
      throw error;
    }
    throw new Error("power was to go, and did not");
  }
}
