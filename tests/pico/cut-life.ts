// A busy life on the chip, in which power goes inside operations of its flash.

import { Bench, setUpOf } from "../../emulator/bench";
import type { Machine } from "../../emulator/brain";
import { CUT_FAULTS, NorFlash, type CutFault } from "../../emulator/devices/flash";
import { Stream } from "../../emulator/engine/random";
import type { Pico } from "../../emulator/pico/pico";
import { FlashStorage } from "../../emulator/storage/flash-storage";
import { STORAGE_SIZE } from "../../emulator/storage/format";
import type { TracedRecord } from "../../emulator/trace";
import { Fault } from "../../hal/faults";
import { Op, Status } from "../../protocol/operations";
import { State } from "../../protocol/states";
import { constantRate } from "../../protocol/wand/procedures/prescription";
import { Refused } from "../../protocol/wand/procedures/procedure";
import { filling } from "../firmware/prescribe";
import { PLACES, PLACE_NAMES, RARE, placeOf, type Place } from "./cut-places";

/** 500 ug/day of 500 ug/mL is a pulse each 21.6 s; a change by a tenth needs no confirmation. */
const RATES = [500_000, 550_000] as const;
const CONCENTRATION = 500;
const FILL_NL = 15_000_000;
/** 5 ug over 5 min. After a power loss it is refused for a day: what was given before is not known. */
const BOLUS = [5000, 5, 0];
const TEN_MINUTES_US = 600_000_000;
const PULSES_US = 25_000_000;
const INTERVAL_US = 21_600_000;
/** A second cut comes within so long: in the start after the first one, or in what the wand then asks again. */
const AGAIN_US = 3_000_000;
const AGAIN = 40;
/** Without a cut in so many activities in a row something is wrong with the run. */
const IDLE_MAX = 50;

/** A cut that came. */
export interface Cut {
  readonly place: Place;
  readonly how: CutFault;
  readonly operation: number;
  readonly at_us: number;
}

/** How a life differs from that of the program. */
export interface CutLifeOptions {
  readonly seed: number;
  /** How long it lives on after each cut, ten minutes unless told. */
  readonly after_us?: number;
  /** A second cut comes in the mean in so many operations. */
  readonly again?: number;
  /** Only there, at each operation, and only once in a row; a tally's header is written with the first pulse. */
  readonly only?: readonly Place[];
  /** Only until the cut: a bolus, and the pulses in which it is given. */
  readonly bolus?: boolean;
}

/** How many cuts there were at each place, of each kind. */
export class Counts {
  readonly at = new Map(PLACE_NAMES.map((place) => [place, Object.fromEntries(CUT_FAULTS.map((how) => [how, 0])) as Record<CutFault, number>]));
  /** Those that were lived on with, and those that another one followed in the start. */
  lived = 0;
  again = 0;
}

/**
 * One bench for all cuts: each is followed by ten virtual minutes without another one, and by a look at everything that must hold. Nothing is lost by that against a run of its own for each
 * cut: what a cut leaves depends on the seed and its operation alone, and whatever one does wrong later ones only meet as well. What is gained is a pump with a past: journal areas that
 * are full, sectors to erase, a log that goes round. In the start after a cut there may be another one, and whatever comes but now and then is cut when it comes: the ten minutes begin anew.
 */
export class CutLife {
  readonly bench: Bench;
  /** What did not hold, in words. */
  readonly failures: string[] = [];
  last: Cut | undefined;
  private readonly flash: NorFlash;
  private readonly base: number;
  private readonly draws: Stream;
  private armed = false;
  private cut_now = false;
  private begun = false;
  private rate = 0;
  private version = 0;
  private activities = 0;
  private lived = 0;
  private log: readonly TracedRecord[] = [];

  constructor(machine: Machine, private readonly counts: Counts, private readonly options: CutLifeOptions) {
    const { seed } = options;
    this.bench = new Bench({ controller: machine, cuts: true, seed });
    this.draws = new Stream(seed, "pico.cuts");
    const { flash, base } = (this.bench.processor as Pico).own_flash;
    this.flash = flash;
    this.base = base;
    flash.listener = (number, action, address, count, from, first) => {
      const place = placeOf(action, address - base, from.subarray(first, first + count));
      if (this.wants(place)) this.cutAt(number, place);
    };
  }

  /** A pump in therapy. */
  private begin(): void {
    const { bench } = this;
    bench.powerOn();
    bench.request(Op.set_up, setUpOf(bench.unit));
    bench.request(Op.refill, filling(FILL_NL, CONCENTRATION));
    this.prescribe();
    this.ask(Op.start, [0]);
    this.begun = true;
    this.armed = this.options.only?.some((place) => place.startsWith("tally header")) ?? false;
    bench.advance_us(PULSES_US);
  }

  /** Lives on until `count` cuts were lived on with, or something did not hold. */
  live(count: number): void {
    try {
      this.begin();
      for (let idle = 0; this.lived < count && this.failures.length === 0;) {
        if (!this.cut_now) {
          this.armed = true;
          this.activity();
        }
        if (!this.cut_now) {
          if (++idle > IDLE_MAX) throw new Error(`no cut in ${IDLE_MAX} activities`);
          continue;
        }
        idle = 0;
        this.liveOn();
      }
    } catch (error) {
      this.failures.push(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
    }
  }

  private wants(place: Place): boolean {
    const { only, again = AGAIN } = this.options;
    if (only !== undefined) return this.armed && only.includes(place);
    if (this.armed || (this.begun && RARE.has(place))) return this.draws.below(PLACES[place]) === 0;
    return this.cut_now && this.bench.engine.now_us < this.last!.at_us + AGAIN_US && this.draws.below(again) === 0;
  }

  private cutAt(operation: number, place: Place): void {
    const made = this.counts.at.get(place)!;
    const least = Math.min(...Object.values(made));
    const rarest = CUT_FAULTS.filter((how) => made[how] === least);
    const how = rarest[this.draws.below(rarest.length)]!;
    made[how]++;
    if (this.cut_now) this.counts.again++;
    this.flash.cut = { operation, how };
    this.armed = false;
    this.cut_now = true;
    this.last = { place, how, operation, at_us: this.bench.engine.now_us };
  }

  /** Ten minutes without a cut, then the look. */
  private liveOn(): void {
    const { bench, options: { after_us = TEN_MINUTES_US } } = this;
    let { motions } = bench.plant;
    for (let seen; seen !== this.last;) {
      seen = this.last;
      ({ motions } = bench.plant);
      bench.advance_us(after_us);
    }
    this.cut_now = false;
    this.lived++;
    this.counts.lived++;
    // The outage takes a pulse at the most, and the fraction another.
    const [came, due] = [bench.plant.motions - motions, Math.floor(after_us / INTERVAL_US) - 2];
    if (came < due) this.failures.push(`${came} pulses in the time of ${due}`);
    this.check();
  }

  private expect(what: string, expected: unknown, seen: unknown): void {
    if (expected !== seen) this.failures.push(`${what}: ${String(expected)} expected, ${String(seen)} seen`);
  }

  private check(): void {
    const { bench } = this;
    const status = bench.status();
    for (const { kind, text, expected, seen, pump_ms } of bench.oracle.violations) this.failures.push(`${kind}: ${text}: ${expected} expected, ${seen} seen at ${pump_ms} ms`);
    this.expect("state", State.therapy, status[Status.state]);
    this.expect("rate", this.rate, status[Status.rate]);
    this.expect("version of the prescription", this.version, status[Status.version]);
    this.checkLog();
  }

  /** What stands in the chip's log is what was told of it since the cut, and all that stood there before the cut. */
  private checkLog(): void {
    const copy = new NorFlash(STORAGE_SIZE, 0);
    copy.bytes.set(this.flash.bytes.subarray(this.base, this.base + STORAGE_SIZE));
    const stands = new FlashStorage(copy).log.all();
    const told = this.bench.storage.records();
    this.expect("the log's newest record", JSON.stringify(told.at(-1)), JSON.stringify(stands.at(-1)));
    const wanted = new Map([...this.log, ...told].map((record) => [record.sequence, JSON.stringify(record)]));
    stands.forEach((record, i) => {
      this.expect("a record of the log", wanted.get(record.sequence), JSON.stringify(record));
      if (i > 0) this.expect("the sequence of a record", stands[i - 1]!.sequence + 1, record.sequence);
    });
    this.log = stands;
  }

  /** One of the things that a clinician does, or none for the time of a pulse. */
  private activity(): void {
    const { bench } = this;
    bench.advance_us(1_000_000 * (1 + this.draws.below(10)));
    const next = this.activities++;
    switch (this.options.bolus === true && next > 0 ? -1 : next % 4) {
      case 0: this.ask(Op.bolus, BOLUS, [Fault.ok, Fault.history_unknown]); break;
      case 1: this.prescribe(); break;
      case 2: this.refill(); break;
      default: bench.advance_us(PULSES_US);
    }
  }

  private ask(op: Op, args: readonly number[], answers: readonly Fault[] = [Fault.ok]): void {
    const { fault } = this.bench.request(op, args);
    if (!answers.includes(fault)) this.expect(`operation ${op}`, answers[0], fault);
  }

  private refill(): void {
    this.ask(Op.stop, [1]);
    const remaining_nL = Math.floor(this.bench.status()[Status.remaining_pL]! / 1000);
    this.ask(Op.refill, filling(FILL_NL, CONCENTRATION, remaining_nL));
    this.ask(Op.start, [0]);
  }

  /** What was staged goes with power: then the clinician does it once more. */
  private prescribe(): void {
    const rate = RATES[this.version % RATES.length]!;
    for (let attempts = 0; ; attempts++) {
      try {
        this.expect("version of a commit", ++this.version, this.bench.prescribe(constantRate(rate)));
        this.rate = rate;
        return;
      } catch (error) {
        if (!(error instanceof Refused) || attempts > 2) throw error;
        this.expect("version after a refusal", --this.version, this.bench.status()[Status.version]);
      }
    }
  }
}
