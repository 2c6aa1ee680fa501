// The plant: what truly happened to motor, drug and catheter.

import { Unit as Units } from "../hal/units";
import { Catheter } from "./devices/catheter";
import type { Head } from "./devices/motor";
import { Reservoir } from "./devices/reservoir";
import type { Unit } from "./unit";

/** A refill that the pump was told of. */
export interface Filling {
  readonly volume_nL: number;
  readonly concentration: number;
  /** The dead volume was rinsed. */
  readonly rinsed: boolean;
  /** Tubing and catheter were cleared with the new drug. */
  readonly cleared: boolean;
}

/** The truth, which neither pump nor programmer can see. */
export class Plant implements Head {
  /** True motions of the head, over the pump's life. */
  motions = 0;
  /** Those of them that nobody commanded. */
  uncommanded = 0;
  /** Backward motions. What one would draw back out of tubing and catheter is not modelled: none moves any drug. */
  reversed = 0;
  /** Drug that left the reservoir, in pL, and how much that was, in fg. */
  delivered_pL = 0;
  drawn_fg = 0;
  /** Drug that left the tip, in fg. */
  arrived_fg = 0;
  /** Strokes, or parts of one, that turned without drug, in pL. */
  dry_pL = 0;
  readonly reservoir: Reservoir;
  readonly catheter: Catheter;
  /** Told at each motion what it drew from the reservoir, in pL. */
  moved: (drawn_pL: number) => void = () => undefined;
  private held: Filling[] = [];
  private readonly tip_fg: number[] = [];

  /** `pump_ms` tells the day to which a dose belongs. */
  constructor(unit: Unit, private readonly pump_ms: () => number) {
    this.reservoir = new Reservoir(unit);
    this.catheter = new Catheter(unit.catheter_cm, (dose_fg) => this.left(dose_fg));
  }

  /** Drug that pulses can still draw, in pL. */
  get reservoir_pL(): number {
    return this.reservoir.deliverable_pL;
  }

  /** Drug that left the tip on each day of pump time, in fg: 1000 ug is 10^12. Days of no dose are 0. */
  get tipDose_fg(): readonly number[] {
    return this.tip_fg;
  }

  /** The dose of day `day` (0 is the first) at the tip in ng, rounded down. */
  tipDose_ng(day: number): number {
    return Math.floor((this.tip_fg[day] ?? 0) / 1_000_000);
  }

  /** A refill that is accepted, and may not be durable yet: its drug comes in with `fill`. */
  hold(filling: Filling): void {
    this.held.push(filling);
  }

  /** Drug comes in as the pump says that it does. */
  fill(): void {
    for (const { volume_nL, concentration, rinsed, cleared } of this.held) {
      this.refill(volume_nL, concentration, rinsed);
      if (cleared) this.catheter.clear(this.reservoir.concentration);
    }
    if (this.held.length > 0) this.held = [];
  }

  /** The pump knows nothing of them any more, and nobody was told that it did. */
  forgetFills(): void {
    this.held = [];
  }

  /** A clinician's refill: what was in the dead volume mixes with it, unless that was rinsed. */
  refill(volume_nL: number, concentration: number, rinsed: boolean): void {
    this.reservoir.refill(volume_nL, concentration, rinsed);
  }

  turned(stroke_pL: number): void {
    this.motions++;
    const drawn_pL = this.reservoir.draw(stroke_pL);
    this.delivered_pL += drawn_pL;
    this.drawn_fg += drawn_pL * this.reservoir.concentration;
    this.dry_pL += stroke_pL - drawn_pL;
    if (drawn_pL > 0) this.catheter.push(drawn_pL, this.reservoir.concentration);
    this.moved(drawn_pL);
  }

  strayed(stroke_pL: number): void {
    this.uncommanded++;
    this.turned(stroke_pL);
  }

  turnedBack(): void {
    this.reversed++;
  }

  private left(dose_fg: number): void {
    const day = Math.floor(this.pump_ms() / Units.ms_per_day);
    while (this.tip_fg.length <= day) this.tip_fg.push(0);
    const dose = this.tip_fg[day]! + dose_fg;
    if (!Number.isSafeInteger(dose)) throw new Error(`the dose of day ${day} does not fit an exact integer`);
    this.tip_fg[day] = dose;
    this.arrived_fg += dose_fg;
  }
}
