// The reservoir: what drug is truly there, and what a pulse draws from it.

import type { FaultKind } from "../fault-kind";
import type { Unit } from "../unit";
import type { FaultSite } from "./host";

export const RESERVOIR_FAULTS: readonly FaultKind[] = [
  {
    kind: "reservoir.pocket_fill",
    what: "Each refill goes beside the pump: the old drug is out, and nothing enters.",
    unknown_to_pump: "What truly went in: it takes the volume it is told, and computes the rest.",
  },
];

/**
 * True content. The dead volume cannot be drawn; it is filled with the first drug and mixes with each later
 * one, the mix rounded down to whole ng/uL as everybody who computes with it does (LIMIT-1).
 */
export class Reservoir implements FaultSite {
  /** Drug that pulses can still draw. */
  deliverable_pL = 0;
  /** Its concentration in ng/uL, which is also fg/pL. */
  concentration = 0;
  /** Put beside the pump by pocket fills. */
  pocket_nL = 0;
  private pocket = false;
  private filled = false;

  constructor(private readonly unit: Unit) {}

  /** The clinician empties it and fills it: volume_nL is then deliverable. Happens when the pump accepts the refill. */
  refill(volume_nL: number, concentration: number, rinsed = false): void {
    if (volume_nL > this.unit.capacity_nL) throw new Error(`${volume_nL} nL do not fit the reservoir of ${this.unit.capacity_nL} nL`);
    if (this.pocket) {
      this.pocket_nL += volume_nL;
      this.deliverable_pL = 0;
      return;
    }
    const dead_nL = this.filled && !rinsed ? this.unit.dead_nL : 0;
    const mass_pg = volume_nL * concentration + dead_nL * this.concentration;
    if (volume_nL + dead_nL > 0) this.concentration = Math.floor(mass_pg / (volume_nL + dead_nL));
    this.deliverable_pL = volume_nL * 1000;
    this.filled = true;
  }

  /** Draws a stroke and returns how much drug it held: less than the stroke once it runs dry. */
  draw(stroke_pL: number): number {
    const drawn_pL = Math.min(stroke_pL, this.deliverable_pL);
    this.deliverable_pL -= drawn_pL;
    return drawn_pL;
  }

  faultBegins(): void {
    this.pocket = true;
  }

  faultEnds(): void {
    this.pocket = false;
  }
}
