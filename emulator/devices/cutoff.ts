// The switch in the drive's supply: open after each reset, until it is closed.

import type { Cutoff } from "../../hal/cutoff";
import type { FaultKind } from "../fault-kind";
import { type Trace, TraceKind } from "../trace";
import type { FaultSite, Host, Witness } from "./host";

export const CUTOFF_FAULTS: readonly FaultKind[] = [
  {
    kind: "cutoff.stuck",
    what: "The switch in the drive's supply stays as it is, whatever it is told, also in a reset.",
    unknown_to_pump: "That the drive still has its supply: only the edges of a head that should stand still tell.",
  },
];

export class CutoffDevice implements FaultSite {
  /** Whether the drive has its supply. */
  supplied = false;
  private told = false;
  private stuck = false;
  /** How the switch stands: a stuck one also while there is no power. */
  private closed = false;

  /** Whether the program wants the drive to have it. */
  get asked(): boolean {
    return this.told;
  }

  /** `changed` is called after each change. */
  constructor(private readonly host: Host, private readonly witness: Witness, private readonly trace: Trace, private readonly changed: () => void) {}

  /** The capability that the controller is given. */
  readonly capability: Cutoff = {
    cut: (on) => {
      if (on !== 0 && on !== 1) this.witness.breach(this.host.now_ms, "the drive's supply is cut (1) or not (0), and was told", 1, on);
      this.told = on === 0;
      this.follow(this.host.now_ms, false);
      if (this.told && !this.supplied) this.witness.notSupplied();
    },
  };

  /** A reset, or a power loss: nobody holds the switch closed. */
  resetHappened(at_ms: number, power: boolean): void {
    this.told = false;
    // Without power a drive has none, whatever its switch does.
    if (power) {
      if (!this.stuck) this.closed = false;
      this.become(false, at_ms, true);
    } else this.follow(at_ms, true);
  }

  private follow(at_ms: number, by_reset: boolean): void {
    if (!this.stuck) this.closed = this.told;
    this.become(this.closed, at_ms, by_reset);
  }

  private become(supplied: boolean, at_ms: number, by_reset: boolean): void {
    if (this.supplied === supplied) return;
    this.supplied = supplied;
    this.trace.emit(TraceKind.drive, at_ms, this.supplied ? 1 : 0, 0, 0, 0);
    this.witness.supplied(at_ms, this.supplied, by_reset);
    this.changed();
  }

  faultBegins(): void {
    this.stuck = true;
  }

  faultEnds(): void {
    this.stuck = false;
    this.follow(this.host.now_ms, false);
  }
}
