// The battery: true charge, and what it gives under load.

import { Source } from "../../hal/controller";
import { Unit as Units } from "../../hal/units";
import type { Supply } from "../../hal/supply";
import { type Engine, Timer } from "../engine/timers";
import type { FaultKind } from "../fault-kind";
import type { Unit } from "../unit";
import type { Crystal } from "./crystal";
import type { FaultSite, Host, Witness } from "./host";

export const BATTERY_FAULTS: readonly FaultKind[] = [
  {
    kind: "battery.sag",
    what: "The loaded voltage is lower than the charge explains, for every sample alike.",
    unknown_to_pump: "Whether a low sample is a sag or the end of the battery.",
    value: { unit: "mV", min: 1, max: 2000, what: "taken from every sample" },
  },
  {
    kind: "battery.dip",
    what: "At each pulse the supply breaks down for so long: to 5 ms the edge comes later, to 20 ms the pulse loses its edge, beyond that the processor loses power.",
    unknown_to_pump: "Whether the head turned: up to 5 ms it did, beyond that it is drawn from a stream of its own.",
    value: { unit: "ms", min: 1, max: 400, what: "from the command on" },
  },
  {
    kind: "battery.film",
    what: "A resistive film grows on the electrode while no pulse is given; each pulse breaks a tenth of it.",
    unknown_to_pump: "The film: it sees its voltage, once an hour at most, and like a pulse that lost its edge.",
    value: { unit: "mOhm", min: 1, max: 20_000, what: "growth in 30 days without a pulse" },
  },
  {
    kind: "battery.leak",
    what: "A current flows that no part of the pump asked for.",
    unknown_to_pump: "The current: it counts charge from what it knows of itself.",
    value: { unit: "uA", min: 1, max: 1000, what: "on top of everything else" },
  },
];

/**
 * Loaded voltage over depth of discharge, in 1/10000: fresh, a long flat stretch, a knee near the end; at 37 degrees,
 * of a new cell. Made up in the shape of a lithium cell so that the voltage agrees with 6.3e12 nC used at 2 Ah (BATT-1).
 */
const CURVE: readonly (readonly [number, number])[] = [
  [0, 3100], [500, 3000], [7000, 2900], [8500, 2650], [8750, 2590], [9500, 2300], [10_000, 1800],
];

/** A sample is ready 1 ms after it was asked for. */
export const SAMPLE_MS = 1;

/** What holds from which length of a dip on; all three figures are this project's choice. */
export const enum Dip {
  /** Up to here the head's own momentum carries it, and its edge comes so much later. */
  ride_ms_max = 5,
  /** Up to here a capacitor carries processor and memory; the drive and the rotor sensor have no supply. */
  hold_up_ms = 20,
  /** How long a pulse loads the battery: that long is a dip which its load alone brings about. */
  load_ms = 8,
}

/** Below this the drive stops, and a sample inside a dip shows no more than it. */
const BREAKDOWN_MV = 1800;
/** Resistance that each tenth of a degree below 37 adds. */
const COLD_MOHM_PER_DC = 10;
/** The cell's own discharge, by so much more with each tenth of a degree above 37. */
const WARM_NA_PER_DC = 10;
const BODY_DC = 370;
/** 1 mOhm in 30 days is 1 uOhm in so many ms. */
const FILM_MS = 2_592_000;
/** A pulse breaks one part of so many. */
const FILM_PARTS = 10;

/** Takes the power away for so long; false if that must wait until storage is at rest. */
export type BrownOut = (off_ms: number) => boolean;

export class Battery implements FaultSite {
  private used_nC = 0;
  private counted_to_us = 0;
  private rest_fC = 0;
  private sag_mV = 0;
  private leak_uA = 0;
  private link_uA = 0;
  private dip_ms = 0;
  private film_mOhm_a_month = 0;
  private film_uOhm = 0;
  private film_from_us = 0;
  /** The film that the pulse in flight met, and how long the supply then broke down. */
  private met_uOhm = 0;
  private broke_ms = 0;
  private epoch = 0;
  private ready_ms = 0;
  private sampled_mV = 0;
  private readonly ready = new Timer(() => {
    this.host.deliver(this.epoch, this.ready_ms, Source.supply, this.sampled_mV, 0);
  });
  private readonly out = new Timer(() => this.giveOut());

  constructor(
    private readonly engine: Engine,
    private readonly crystal: Crystal,
    private readonly host: Host,
    private readonly witness: Witness,
    private readonly loaded: () => boolean,
    private readonly unit: Unit,
    private readonly brownOut: BrownOut,
  ) {
    const { temperature_dC } = unit;
    if (temperature_dC < 100 || temperature_dC > 450) throw new Error(`the battery is modelled from 10 to 45 degrees, and has ${temperature_dC / 10}`);
  }

  /** The capability that the controller is given. */
  readonly capability: Supply = { sample: () => this.sample() };

  /** True charge used so far, in nC. */
  get drawn_nC(): number {
    this.count();
    return this.used_nC;
  }

  /** What a pulse would meet now, in mV, without a sag. Throws on a flat battery: a pump without supply is not modelled. */
  get loaded_mV(): number {
    return this.under_mV(this.film());
  }

  /** Nothing is left of its charge: what a pulse would meet is not modelled. */
  get flat(): boolean {
    return this.drawn_nC > CURVE.at(-1)![0] * Math.floor(this.unit.battery_nC / 10_000);
  }

  /** What the sample that was asked for last shows. */
  get sample_mV(): number {
    return this.sampled_mV;
  }

  /** Film on the electrode, in uOhm. */
  get film_on_it_uOhm(): number {
    return this.film();
  }

  /** To be called now and then: the span between two counts must stay exact. */
  keepCount(): void {
    this.count();
  }

  /** A load took so much charge. */
  draw(charge_nC: number): void {
    this.used_nC += charge_nC;
  }

  /** The link's transceiver draws its current from now on, or no longer. */
  linkPower(on: boolean): void {
    this.count();
    this.link_uA = on ? this.unit.link_uA : 0;
  }

  /** A motor pulse loads it. Returns for how many ms its voltage breaks down, 0 if it holds. */
  pulse(): number {
    this.used_nC += this.unit.pulse_nC;
    this.broke_ms = this.dip_ms;
    if (this.film_mOhm_a_month > 0 || this.film_uOhm > 0) this.breakFilm();
    if (this.broke_ms > Dip.hold_up_ms) this.engine.arm(this.out, this.engine.now_us + Dip.hold_up_ms * 1000);
    return this.broke_ms;
  }

  private giveOut(): void {
    if (!this.brownOut(this.broke_ms - Dip.hold_up_ms)) this.engine.arm(this.out, this.engine.now_us + 1000);
  }

  private breakFilm(): void {
    this.met_uOhm = this.film();
    if (this.under_mV(this.met_uOhm) < BREAKDOWN_MV) this.broke_ms = Math.max(this.broke_ms, Dip.load_ms);
    this.film_uOhm = this.met_uOhm - Math.ceil(this.met_uOhm / FILM_PARTS);
    this.film_from_us = this.engine.now_us;
  }

  private film(): number {
    if (this.film_mOhm_a_month === 0) return this.film_uOhm;
    const idle_ms = Math.floor((this.engine.now_us - this.film_from_us) / 1000);
    return this.film_uOhm + Math.floor((this.film_mOhm_a_month * idle_ms) / FILM_MS);
  }

  /** Voltage by charge, less what the load loses in the cell's resistance by temperature, age and film. */
  private under_mV(film_uOhm: number): number {
    const { unit } = this;
    const days = Math.floor(this.engine.now_us / (Units.ms_per_day * 1000));
    const more_mOhm = (BODY_DC - unit.temperature_dC) * COLD_MOHM_PER_DC + Math.floor((days * unit.aging_mOhm_per_year) / 365);
    return Math.max(0, this.byCharge_mV() - Math.floor((more_mOhm * unit.load_mA) / 1000) - Math.floor((film_uOhm * unit.load_mA) / 1_000_000));
  }

  private byCharge_mV(): number {
    const depth = Math.floor(this.drawn_nC / Math.floor(this.unit.battery_nC / 10_000));
    for (let i = 1; i < CURVE.length; i++) {
      const [from, high] = CURVE[i - 1]!;
      const [to, low] = CURVE[i]!;
      if (depth <= to) return high - Math.floor(((high - low) * (depth - from)) / (to - from));
    }
    throw new Error(`the battery is flat (${this.used_nC} nC used): a pump without supply is not modelled`);
  }

  private sample(): void {
    const at_ms = this.host.now_ms;
    if (!this.loaded()) this.witness.breach(at_ms, "the supply was sampled with no pulse in flight", 1, 0);
    if (this.ready.armed) this.witness.breach(at_ms, "the supply was sampled twice at once", 1, 2);
    this.epoch = this.host.epoch;
    this.ready_ms = at_ms + SAMPLE_MS;
    const given_mV = Math.max(0, this.under_mV(this.met_uOhm) - this.sag_mV);
    this.sampled_mV = this.broke_ms > 0 ? Math.min(given_mV, BREAKDOWN_MV) : given_mV;
    this.engine.arm(this.ready, this.engine.now_us + this.crystal.trueSpan_us(SAMPLE_MS * 1000));
  }

  /** Sleep, link and leakage up to now: 1 nA for 1 us is 1 fC. */
  private count(): void {
    const now = this.engine.now_us;
    const asleep_nA = (this.unit.sleep_uA + this.leak_uA + this.link_uA) * 1000 + (this.unit.temperature_dC - BODY_DC) * WARM_NA_PER_DC;
    const drawn_fC = Math.max(0, asleep_nA) * (now - this.counted_to_us) + this.rest_fC;
    if (!Number.isSafeInteger(drawn_fC)) throw new Error("the battery was not asked for so long that its count overflowed");
    this.counted_to_us = now;
    this.used_nC += Math.floor(drawn_fC / 1_000_000);
    this.rest_fC = drawn_fC % 1_000_000;
  }

  faultBegins(kind: string, value: number): void {
    this.count();
    if (kind === "battery.sag") this.sag_mV = value;
    else if (kind === "battery.dip") this.dip_ms = value;
    else if (kind === "battery.film") this.filmGrows(value);
    else this.leak_uA = value;
  }

  /** The film that is there stays, until pulses have broken it. */
  private filmGrows(mOhm_a_month: number): void {
    this.film_uOhm = this.film();
    this.film_from_us = this.engine.now_us;
    this.film_mOhm_a_month = mOhm_a_month;
  }

  faultEnds(kind: string): void {
    this.faultBegins(kind, 0);
  }
}
