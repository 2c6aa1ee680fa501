// The pump's books, as a status answer tells them, against the oracle's own.

import { Status } from "../../protocol/operations";
import type { AlarmWatch, Report } from "./alarm-watch";
import type { Balance } from "./balance";
import type { Ledger } from "./ledger";

/** The oracle's own books. */
export interface OwnBooks {
  readonly ledger: Ledger;
  readonly balance: Balance;
  readonly alarms: AlarmWatch;
  readonly report: Report;
}

/** Compares each value that the oracle can know. */
export function compareBooks(own: OwnBooks, motor_commanded: number, at_ms: number, values: readonly number[]): void {
  const { ledger, balance, alarms } = own;
  if (values.length !== Status.fields) {
    own.report("books", at_ms, "a status answer of another length", Status.fields, values.length);
    return;
  }
  ledger.settleDoubt(values[Status.confirmed]!);
  const compare = (what: string, place: Status, expected: number): void => {
    const seen = values[place]!;
    if (seen !== expected) own.report("books", at_ms, `status: ${what}`, expected, seen);
  };
  compare("pulses commanded, against the motor's count", Status.commanded, motor_commanded + ledger.booked);
  compare("pulses commanded", Status.commanded, ledger.commanded);
  compare("pulses confirmed", Status.confirmed, ledger.confirmed);
  compare("pulses uncertain", Status.uncertain, ledger.uncertain);
  compare("pulse in flight", Status.in_flight, ledger.in_flight ? 1 : 0);
  compare("remaining volume, in pL", Status.remaining_pL, ledger.remaining_pL);
  compare("lower bound of the remaining volume, in pL", Status.remaining_low_pL, ledger.remaining_low_pL);
  compare("alarms, as bits", Status.alarms, alarms.bits);
  compare("pump time", Status.pump_ms, at_ms);
  compare("wall time", Status.wall_ms, at_ms + balance.offset_ms);
  balance.accrue(at_ms);
  if (balance.on) compare("present basal rate", Status.rate, balance.present_rate);
}
