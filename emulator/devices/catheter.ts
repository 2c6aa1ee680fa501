// Tubing and catheter as a list of plugs: what really leaves at the tip.

import type { FaultKind } from "../fault-kind";
import type { FaultSite } from "./host";

const NOT_CLEARED = "catheter.not_cleared";

export const CATHETER_FAULTS: readonly FaultKind[] = [
  {
    kind: "catheter.disconnected",
    what: "The catheter is off the pump: drug runs into the pocket and nothing leaves the tip.",
    unknown_to_pump: "That nothing arrives: every pulse is confirmed.",
  },
  {
    kind: "catheter.occluded",
    what: "The catheter is blocked: drug leaks at the pump and nothing leaves the tip.",
    unknown_to_pump: "That nothing arrives: the head turns as ever and there is no pressure sensor.",
  },
  {
    kind: NOT_CLEARED,
    what: "Tubing and catheter are said to be cleared and are not: what is in them stays there.",
    unknown_to_pump: "What is on the way: it believes who says that they were emptied.",
  },
];

/** Volume between the reservoir and the tip (FILL-6). */
export function catheterVolume_pL(catheter_cm: number): number {
  return (140_000 + 2200 * catheter_cm) * 1000;
}

/** One concentration over some volume. */
interface Plug {
  volume_pL: number;
  readonly concentration: number;
}

/** Concentration in ng/uL is fg/pL: volume times concentration is exact in femtograms. */
export class Catheter implements FaultSite {
  /** Drug that went elsewhere than to the tip. */
  lost_pL = 0;
  private plugs: Plug[];
  private readonly broken = new Set<string>();

  /** `left` is told of the drug that leaves the tip, in fg. A new catheter holds no drug. */
  constructor(catheter_cm: number, private readonly left: (dose_fg: number) => void) {
    this.plugs = [{ volume_pL: catheterVolume_pL(catheter_cm), concentration: 0 }];
  }

  /** From the tip backwards. */
  get content(): readonly Readonly<Plug>[] {
    return this.plugs;
  }

  /** Pushes `volume_pL` in at the pump; as much leaves at the tip. */
  push(volume_pL: number, concentration: number): void {
    if (this.leaks) {
      this.lost_pL += volume_pL;
      return;
    }
    const only = this.plugs[0]!;
    if (this.plugs.length === 1 && only.concentration === concentration) {
      this.left(volume_pL * concentration);
      return;
    }
    const newest = this.plugs[this.plugs.length - 1]!;
    if (newest.concentration === concentration) newest.volume_pL += volume_pL;
    else this.plugs.push({ volume_pL, concentration });
    this.drain(volume_pL);
  }

  /** A clinician emptied tubing and catheter and filled them by hand: nothing of it left the tip. */
  clear(concentration: number): void {
    if (this.broken.has(NOT_CLEARED)) return;
    const volume_pL = this.plugs.reduce((sum, plug) => sum + plug.volume_pL, 0);
    this.plugs = [{ volume_pL, concentration }];
  }

  private get leaks(): boolean {
    return this.broken.size > (this.broken.has(NOT_CLEARED) ? 1 : 0);
  }

  private drain(volume_pL: number): void {
    let rest_pL = volume_pL;
    let dose_fg = 0;
    while (rest_pL > 0) {
      const oldest = this.plugs[0]!;
      const part_pL = Math.min(rest_pL, oldest.volume_pL);
      oldest.volume_pL -= part_pL;
      rest_pL -= part_pL;
      dose_fg += part_pL * oldest.concentration;
      if (oldest.volume_pL === 0) this.plugs.shift();
    }
    this.left(dose_fg);
  }

  faultBegins(kind: string): void {
    this.broken.add(kind);
  }

  faultEnds(kind: string): void {
    this.broken.delete(kind);
  }
}
