// The battery: true charge, and what it gives under load.

import { Source } from "../../hal/controller";
import type { Supply } from "../../hal/supply";
import { type Engine, Timer } from "../engine/timers";
import type { FaultKind } from "../fault-kind";
import type { Unit } from "../unit";
import type { Crystal } from "./crystal";
import type { FaultSite, Host, Witness } from "./host";

export const BATTERY_FAULTS: readonly FaultKind[] = [
  {
    kind: "battery.sag",
    what: "The loaded voltage is lower than the charge explains, as with a film on the electrode.",
    unknown_to_pump: "Whether a low sample is a sag or the end of the battery.",
    value: { unit: "mV", min: 1, max: 2000, what: "taken from every sample" },
  },
  {
    kind: "battery.leak",
    what: "A current flows that no part of the pump asked for.",
    unknown_to_pump: "The current: it counts charge from what it knows of itself.",
    value: { unit: "uA", min: 1, max: 1000, what: "on top of everything else" },
  },
];

/**
 * Loaded voltage over depth of discharge, in 1/10000: fresh, a long flat stretch, a knee near the end.
 * Made up in the shape of a lithium cell so that the voltage agrees with 6.3e12 nC used at 2 Ah (BATT-1).
 */
const CURVE: readonly (readonly [number, number])[] = [
  [0, 3100], [500, 3000], [7000, 2900], [8500, 2650], [8750, 2590], [9500, 2300], [10_000, 1800],
];

/** A sample is ready 1 ms after it was asked for. */
export const SAMPLE_MS = 1;

export class Battery implements FaultSite {
  private used_nC = 0;
  private counted_to_us = 0;
  private rest_pC = 0;
  private sag_mV = 0;
  private leak_uA = 0;
  private epoch = 0;
  private ready_ms = 0;
  private sampled_mV = 0;
  private readonly ready = new Timer(() => {
    this.host.deliver(this.epoch, this.ready_ms, Source.supply, this.sampled_mV, 0);
  });

  constructor(
    private readonly engine: Engine,
    private readonly crystal: Crystal,
    private readonly host: Host,
    private readonly witness: Witness,
    private readonly loaded: () => boolean,
    private readonly unit: Unit,
  ) {}

  /** The capability that the controller is given. */
  readonly capability: Supply = { sample: () => this.sample() };

  /** True charge used so far, in nC. */
  get drawn_nC(): number {
    this.count();
    return this.used_nC;
  }

  /** Loaded voltage by charge alone, without a sag. Throws on a flat battery: a brown-out is not modelled. */
  get loaded_mV(): number {
    const depth = Math.floor(this.drawn_nC / Math.floor(this.unit.battery_nC / 10_000));
    for (let i = 1; i < CURVE.length; i++) {
      const [from, high] = CURVE[i - 1]!;
      const [to, low] = CURVE[i]!;
      if (depth <= to) return high - Math.floor(((high - low) * (depth - from)) / (to - from));
    }
    throw new Error(`the battery is flat (${this.used_nC} nC used): a pump without supply is not modelled`);
  }

  /** To be called now and then: the span between two counts must stay exact. */
  keepCount(): void {
    this.count();
  }

  /** A load took so much charge. */
  draw(charge_nC: number): void {
    this.used_nC += charge_nC;
  }

  private sample(): void {
    const at_ms = this.host.now_ms;
    if (!this.loaded()) this.witness.breach(at_ms, "the supply was sampled with no pulse in flight", 1, 0);
    if (this.ready.armed) this.witness.breach(at_ms, "the supply was sampled twice at once", 1, 2);
    this.epoch = this.host.epoch;
    this.ready_ms = at_ms + SAMPLE_MS;
    this.sampled_mV = Math.max(0, this.loaded_mV - this.sag_mV);
    this.engine.arm(this.ready, this.engine.now_us + this.crystal.trueSpan_us(SAMPLE_MS * 1000));
  }

  /** Sleep and leakage up to now: 1 uA for 1 us is 1 pC. */
  private count(): void {
    const now = this.engine.now_us;
    const drawn_pC = (this.unit.sleep_uA + this.leak_uA) * (now - this.counted_to_us) + this.rest_pC;
    if (!Number.isSafeInteger(drawn_pC)) throw new Error("the battery was not asked for so long that its count overflowed");
    this.counted_to_us = now;
    this.used_nC += Math.floor(drawn_pC / 1000);
    this.rest_pC = drawn_pC % 1000;
  }

  faultBegins(kind: string, value: number): void {
    this.count();
    if (kind === "battery.sag") this.sag_mV = value;
    else this.leak_uA = value;
  }

  faultEnds(kind: string): void {
    this.faultBegins(kind, 0);
  }
}
