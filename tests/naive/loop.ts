// The same pump, plainer still: it looks at every millisecond.

import { CATHETER_PER_CM, TUBING } from "./figures";
import { prepared, type MakeModel } from "./compare";
import { Naive } from "./operations";

/** Skips nothing: no due time is computed, each ms is accrued by itself and everything is asked for. */
export class EveryMillisecond extends Naive {
  override nextChange(): number {
    return this.now + 1;
  }

  override pulseAt(): number {
    if (this.flight !== undefined || this.now < this.last_pulse + 750) return Infinity;
    const due = this.prime !== undefined ? this.prime.volume >= this.volumeNeed : this.delivering && (this.pot.total >= this.need || (!this.byDose && this.volume >= this.volumeNeed));
    return due ? this.now : Infinity;
  }
}

export const loopModel: MakeModel = ({ pulse_pL, catheter_cm, previous_ng }, pump) =>
  prepared(new EveryMillisecond(pulse_pL, TUBING + CATHETER_PER_CM * catheter_cm, { result: (n) => pump.results.get(n) }), previous_ng);
