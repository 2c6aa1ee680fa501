// The oracle's own account of a prime: armed, begun once, paced, ended.

import { BolusEnd } from "../../protocol/records";
import { FLOW_MAX_NL_PER_DAY } from "./balance";
import type { Report } from "./alarm-watch";

const UNITS_PER_PL = 86_400;

export class OwnPrime {
  private token = 0;
  private armed_pulses = 0;
  private pulse_pL = 1;
  private left = 0;
  private begun_ms = 0;
  private given = 0;
  private doubtful = false;

  arm(token: number, pulses: number, pulse_pL: number): void {
    this.token = token;
    this.armed_pulses = pulses;
    this.pulse_pL = pulse_pL;
  }

  begin(at_ms: number, token: number, report: Report): void {
    if (token === 0 || token !== this.token) report("over", at_ms, "a prime by a token that was not given, or was used", this.token, token);
    this.token = 0;
    this.left = this.armed_pulses;
    this.given = 0;
    this.begun_ms = at_ms;
    this.doubtful = false;
  }

  /** A reset ends a prime: how much of it came is not judged. */
  doubt(): void {
    this.doubtful = true;
    this.left = 0;
  }

  /** True if a command is the prime's. It must not come before its time. */
  commanded(at_ms: number, report: Report): boolean {
    if (this.left === 0) return false;
    this.left--;
    this.given++;
    const owed = (at_ms - this.begun_ms) * FLOW_MAX_NL_PER_DAY;
    if (this.given * this.pulse_pL * UNITS_PER_PL > owed) report("over", at_ms, "a pulse of a prime before it was due, number", Math.floor(owed / (this.pulse_pL * UNITS_PER_PL)), this.given);
    return true;
  }

  ended(at_ms: number, left: number, how: number, report: Report): void {
    if (!this.doubtful && left !== this.left) report("books", at_ms, "pulses of a prime that were left out", this.left, left);
    if (how === BolusEnd.complete && this.left > 0 && !this.doubtful) report("under", at_ms, "a prime called complete that is not: pulses left", 0, this.left);
    this.left = 0;
  }
}
