// The rotor sensor: when an edge comes after a true motion, if it comes.

import { Source } from "../../hal/controller";
import { RotorEdge } from "../../hal/rotor";
import { Stream } from "../engine/random";
import type { FaultKind } from "../fault-kind";
import { type Trace, TraceKind } from "../trace";
import type { FaultSite, Host } from "./host";

export const ROTOR_FAULTS: readonly FaultKind[] = [
  {
    kind: "rotor.dead",
    what: "The head turns and no edge comes.",
    unknown_to_pump: "That the drug was delivered all the same: it counts each pulse as uncertain.",
  },
  {
    kind: "rotor.late",
    what: "Each edge comes so long after its command, within 500 ms or later.",
    unknown_to_pump: "Why: a stiff head and a slow sensor look alike.",
    value: { unit: "ms", min: 0, max: 749, what: "from command to edge; an edge after the next command is not modelled" },
  },
  {
    kind: "rotor.intermittent",
    what: "Some edges are lost though the head turned, drawn from a stream of its own.",
    unknown_to_pump: "Which of its uncertain pulses moved the drug.",
    value: { unit: "permille", min: 1, max: 1000, what: "edges of 1000 that are lost" },
  },
];

/** No edge will come. */
export const LOST = -1;

export class Rotor implements FaultSite {
  private dead = false;
  private intermittent_permille = 0;
  private after_us: number;
  private readonly lost: Stream;

  constructor(private readonly host: Host, private readonly trace: Trace, private readonly latency_us: number, seed: number) {
    this.after_us = latency_us;
    this.lost = new Stream(seed, "rotor.intermittent");
  }

  /** True us from a command that moved the head to its edge, or LOST. Once for each motion. */
  edgeAfter_us(): number {
    const lost = this.intermittent_permille > 0 && this.lost.permille(this.intermittent_permille);
    return this.dead || lost ? LOST : this.after_us;
  }

  /** An edge after the result: tells the controller, unless a reset came between. */
  lateEdge(epoch: number, at_ms: number, latency_ms: number): void {
    this.trace.emit(TraceKind.late_edge, at_ms, latency_ms, 0, 0, 0);
    if (epoch === this.host.epoch) this.host.deliver(epoch, at_ms, Source.rotor, RotorEdge.late, latency_ms);
  }

  faultBegins(kind: string, value: number): void {
    if (kind === "rotor.dead") this.dead = true;
    else if (kind === "rotor.late") this.after_us = value * 1000;
    else this.intermittent_permille = value;
  }

  faultEnds(kind: string): void {
    if (kind === "rotor.dead") this.dead = false;
    else if (kind === "rotor.late") this.after_us = this.latency_us;
    else this.intermittent_permille = 0;
  }
}
