// Tubing and catheter: which drugs are on the way to the tip, and how far.

/** The drug from here on is another one. */
interface Change {
  /** Volume until it is at the tip, by confirmed pulses. */
  left_pL: bigint;
  /** Of pulses since that may or may not have moved. */
  uncertain_pL: bigint;
  readonly concentration: number;
}

export class Tubing {
  changes: Change[] = [];

  constructor(public tip: number) {}

  /** Of the drug that comes last: the reservoir's. */
  get last(): number {
    return this.changes.at(-1)?.concentration ?? this.tip;
  }

  /** All drugs between pump and tip, the tip's first. */
  get drugs(): number[] {
    return [this.tip, ...this.changes.map(({ concentration }) => concentration)];
  }

  /** The strongest drug that the next pulse may push out (FILL-7d). */
  next(pulse_pL: number): number {
    const may = this.changes.filter(({ left_pL, uncertain_pL }) => left_pL - uncertain_pL < BigInt(pulse_pL));
    return Math.max(this.tip, ...may.map(({ concentration }) => concentration));
  }

  change(concentration: number, volume_nL: number): void {
    this.changes.push({ left_pL: BigInt(volume_nL) * 1000n, uncertain_pL: 0n, concentration });
  }

  cleared(concentration: number): void {
    this.changes = [];
    this.tip = concentration;
  }

  /** A pulse was confirmed, or was not. Gives the drugs that are now at the tip for sure, each with how many come behind it. */
  moved(pulse_pL: number, sure: boolean): [number, number][] {
    for (const each of this.changes) {
      if (sure) each.left_pL -= BigInt(pulse_pL);
      else each.uncertain_pL += BigInt(pulse_pL);
    }
    const passed: [number, number][] = [];
    while (this.changes.length > 0 && this.changes[0]!.left_pL <= 0n) {
      this.tip = this.changes.shift()!.concentration;
      passed.push([this.tip, this.changes.length]);
    }
    return passed;
  }
}
