// Every bit there is to flip, each in a run of its own, and what came of it.

import type { ControllerFactory } from "../../hal/controller";
import { C, History } from "../../firmware/state";
import { fieldsOf, type Field } from "./image";
import { slotNames } from "./names";
import { run, type Flip, type Outcome, type Situation } from "./scene";
import { judge, type Judged, type References } from "./verdict";

/** A retained slot, like a number in the program, has so many bits. */
const SLOT_BITS = 53;

export const PLACES = ["working copy", "retained copy", "storage"] as const;
export type Place = (typeof PLACES)[number];

/** A bit that can flip. */
export interface Bit {
  readonly place: Place;
  /** What it belongs to: a slot of the region, or a field of storage. */
  readonly value: string;
  /** Slot or address, and the bit in it: what `--only` takes. */
  readonly at: number;
  readonly bit: number;
}

export const textOf = ({ place, at, bit }: Bit): string => `${place} ${at} ${bit}`;

function flipSlot(list: number[], slot: number, bit: number): void {
  const weight = 2 ** bit;
  const content = list[slot]!;
  list[slot] = Math.floor(content / weight) % 2 === 1 ? content - weight : content + weight;
}

export function flipOf({ place, at, bit }: Bit): Flip {
  return ({ primary, retained }, bench) => {
    if (place === "storage") bench.storage.flash.bytes[at]! ^= 1 << bit;
    else {
      flipSlot(place === "working copy" ? primary : retained, at, bit);
      // What the oracle hears of the fault memory.flip, too: a panic is no fault of the program then, and a warm reset may find memory of no use, and drop the fraction.
      bench.oracle.memoryDamaged();
    }
  };
}

/** The runs that a situation's others are compared with, made once. */
export class Ground {
  readonly fields: readonly Field[];
  readonly names = slotNames();
  private readonly references: References;

  constructor(private readonly controller: ControllerFactory, private readonly seed: number, private readonly situation: Situation) {
    let fields: Field[] = [];
    const whole = this.outcome((_memory, bench) => { fields = fieldsOf(bench.storage.flash.bytes); });
    this.fields = fields;
    if (whole.violations.length > 0) throw new Error(`${situation}: without a flip the oracle found ${whole.violations.join("; ")}`);
    // A region whose first slot is not its mark is of no use: what follows is what storage has.
    const restored = situation === "warm reset" ? { restored: this.outcome(({ retained }, bench) => { retained[C.magic] = 1; bench.oracle.memoryDamaged(); }) } : {};
    const unasked = whole.asked ? { unasked: run(controller, seed, situation, () => undefined, false) } : {};
    this.references = { whole, ...restored, ...unasked };
  }

  private outcome(flip: Flip): Outcome {
    return run(this.controller, this.seed, this.situation, flip);
  }

  /** Every bit of both copies of the region, of the history, and of storage. */
  bits(): Bit[] {
    const bits: Bit[] = [];
    for (const [place, size] of [["working copy", C.size], ["retained copy", History.size]] as const) {
      for (let at = 0; at < size; at++) for (let bit = 0; bit < SLOT_BITS; bit++) bits.push({ place, value: this.names[at]!, at, bit });
    }
    for (const { name, at: first, bytes } of this.fields) {
      for (let at = first; at < first + bytes; at++) for (let bit = 0; bit < 8; bit++) bits.push({ place: "storage", value: name, at, bit });
    }
    return bits;
  }

  judge(bit: Bit): Judged {
    return judge(this.outcome(flipOf(bit)), this.references, this.names);
  }
}
