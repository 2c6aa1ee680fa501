// What the judge may know only once the chip's program has been given it.

import { Source } from "../../hal/controller";
import type { MotorResult } from "../../hal/motor";
import { RotorEdge } from "../../hal/rotor";

/** A chip is given an event some ms after it happened: what it answers meanwhile is of the instant before. */
export class Heard {
  /** The motor's result that the entry at hand was given. */
  result: MotorResult | undefined;
  private told_result: (() => void) | undefined;
  private told_edges: (() => void)[] = [];

  readonly waitForResult = (told: () => void): void => {
    this.told_result = told;
  };

  readonly waitForEdge = (told: () => void): void => {
    this.told_edges.push(told);
  };

  /** The program is given an event. */
  event(source: number, a: number): void {
    this.result = source === (Source.motor as number) ? a : undefined;
    if (source === (Source.rotor as number) && a !== (RotorEdge.late as number)) this.told_edges.shift()?.();
    if (this.result === undefined) return;
    this.told_result?.();
    this.told_result = undefined;
  }

  /** A reset: nobody will be given anything any more. */
  drop(): void {
    this.result = undefined;
    this.told_result = undefined;
    this.told_edges = [];
  }
}
