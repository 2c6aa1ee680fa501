// What is delivered on top of basal, and through which drug.

import { Delivery, Op } from "../../operations";
import type { BolusKind } from "../../states";
import { ask } from "./procedure";
import type { Procedure } from "./procedure";

/** The answer to `Op.delivery` by name; see protocol/SERVICE.md for each. */
export interface PumpDelivery {
  readonly bolus: BolusKind;
  readonly requested_ng: number;
  readonly delivered_ng: number;
  readonly uncertain_ng: number;
  readonly left_ng: number;
  readonly lockout_ms: number;
  readonly patient_count: number;
  readonly tip_concentration: number;
  readonly plugs: number;
  readonly bridge_left_pL: number;
  readonly prime_left_pL: number;
  readonly missed_hours: number;
  readonly titration_step: number;
  readonly titration_ms: number;
  readonly given_1h_ng: number;
  readonly given_24h_ng: number;
}

export function* readDelivery(): Procedure<PumpDelivery> {
  const values = yield* ask(Op.delivery);
  const at = (index: Delivery): number => values[index] ?? 0;
  return {
    bolus: at(Delivery.bolus), requested_ng: at(Delivery.requested_ng), delivered_ng: at(Delivery.delivered_ng), uncertain_ng: at(Delivery.uncertain_ng), left_ng: at(Delivery.left_ng),
    lockout_ms: at(Delivery.lockout_ms), patient_count: at(Delivery.patient_count), tip_concentration: at(Delivery.tip_concentration), plugs: at(Delivery.plugs),
    bridge_left_pL: at(Delivery.bridge_left_pL), prime_left_pL: at(Delivery.prime_left_pL), missed_hours: at(Delivery.missed_hours), titration_step: at(Delivery.titration_step),
    titration_ms: at(Delivery.titration_ms), given_1h_ng: at(Delivery.given_1h_ng), given_24h_ng: at(Delivery.given_24h_ng),
  };
}

/** A prime that was armed: its token is good for one prime of this session. */
export interface ArmedPrime {
  readonly token: number;
  readonly duration_ms: number;
}

export function* armPrime(volume_nL: number): Procedure<ArmedPrime> {
  const [token = 0, duration_ms = 0] = yield* ask(Op.prime_arm, [volume_nL]);
  return { token, duration_ms };
}
