// What has accrued and was not pulsed yet, and how much of it is a bolus's.

/** Accrued dose in units of which every rate and time gives a whole number (figures.ts), so that nothing is ever rounded. */
export class Pot {
  total = 0n;
  /** Of the bolus in hand. It leaves first: a pulse is the bolus's as far as that goes. */
  own = 0n;

  add(basal: bigint, own: bigint): void {
    this.total += basal + own;
    this.own += own;
  }

  /** Takes a pulse's worth, and gives how much of it is the bolus's. */
  take(need: bigint): bigint {
    const own = this.own < need ? this.own : need;
    this.total -= need;
    this.own -= own;
    return own;
  }

  /** What is the bolus's leaves: it is not delivered (DOSE-6b). */
  dropOwn(): void {
    this.total -= this.own;
    this.own = 0n;
  }

  /** The bolus is over, and what it left is carried on as anybody's. */
  disown(): void {
    this.own = 0n;
  }

  clear(): void {
    this.total = 0n;
    this.own = 0n;
  }
}
