// What the pump would answer to a status request, by the oracle's books.

import { Status } from "../../protocol/operations";
import type { Bench } from "../bench";
import type { Seen } from "./seen";

/** Of what is known without asking. */
export interface Known {
  readonly bench: Bench;
  readonly seen: Seen;
}

/** One value of a status answer, at the scenario's instant; undefined for what only the pump knows. */
export function foresee({ bench, seen }: Known, index: Status): number | undefined {
  const { ledger, balance, alarms } = bench.oracle;
  switch (index) {
    case Status.state: return seen.state;
    case Status.commanded: return ledger.commanded;
    case Status.confirmed: return ledger.confirmed;
    case Status.uncertain: return ledger.uncertain;
    case Status.in_flight: return ledger.in_flight ? 1 : 0;
    case Status.remaining_pL: return ledger.remaining_pL;
    case Status.remaining_low_pL: return ledger.remaining_low_pL;
    case Status.alarms: return alarms.bits;
    case Status.pump_ms: return bench.pump_ms();
    case Status.wall_ms: return bench.oracle.wall_ms(bench.pump_ms());
    case Status.rate: return balance.on ? balance.present_rate : 0;
    default: return undefined;
  }
}
