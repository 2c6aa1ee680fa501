// The patient's boluses: lockout and count, by the accepted prescription.

import { Unit } from "../../hal/units";
import type { Report } from "./alarm-watch";
import type { Prescribed } from "./prescription";

export class PatientWatch {
  dose_ng = 0;
  minutes = 1;
  private lockout_ms = 0;
  private most = 0;
  private readonly given_ms: number[] = [];

  constructor(private readonly report: Report) {}

  prescribe({ extra }: Prescribed): void {
    const [dose_ng = 0, minutes = 0, lockout_min = 0, most = 0] = extra.slice(3);
    this.dose_ng = dose_ng;
    this.minutes = minutes;
    this.lockout_ms = lockout_min * Unit.ms_per_minute;
    this.most = most;
  }

  /** One was accepted (LIMIT-4). */
  given(at_ms: number): void {
    const last_ms = this.given_ms.at(-1);
    const in_day = this.given_ms.filter((given_ms) => at_ms - given_ms < Unit.ms_per_day).length;
    if (this.dose_ng === 0) this.report("over", at_ms, "a patient's bolus that is not prescribed", 0, 1);
    if (last_ms !== undefined && at_ms - last_ms < this.lockout_ms) this.report("over", at_ms, "a patient's bolus within its lockout, in ms", this.lockout_ms, at_ms - last_ms);
    if (in_day >= this.most) this.report("over", at_ms, "more of the patient's boluses in 24 h than prescribed", this.most, in_day + 1);
    this.given_ms.push(at_ms);
  }
}
