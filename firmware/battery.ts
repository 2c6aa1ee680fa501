// Battery and age: charge counted, voltage filtered, ERI and end of service.

import { Alarm } from "../protocol/alarms";
import { awake_ms } from "../protocol/device/power";
import { idiv } from "../protocol/integers";
import { raise } from "./alarms";
import { Event, legal, transition } from "./machine";
import { Battery } from "./parameters";
import { put } from "./region";
import { C, W } from "./state";
import type { Pump } from "./state";

/**
 * ERI needs both indicators, or age: the charge that was counted, and the loaded voltage through a filter of
 * 16 hourly samples, which begins at a fresh battery's and which one sag moves little. It is latched; end of service
 * comes 90 days later (BATT-1).
 */

/** Charge used since manufacture, in nC: sleep, pulses, tones and the link. */
export function chargeUsed_nC(p: Pump): number {
  const c = p.c;
  const link_ms = c[C.link_ms] + awake_ms(p.d, p.w[W.now_ms]);
  return Battery.sleep_uA * p.w[W.now_ms] + Battery.pulse_nC * c[C.commanded] + Battery.tone_nC_per_ms * c[C.tone_ms] + Battery.link_uA * link_ms;
}

/** The filtered loaded voltage in mV. */
export function filtered_mV(p: Pump): number {
  return idiv(p.c[C.filtered], Battery.filter);
}

/** A sample under load, in mV. */
export function supplySample(p: Pump, sample_mV: number): void {
  const before = p.c[C.filtered];
  put(p, C.filtered, before - idiv(before, Battery.filter) + sample_mV);
}

function isWorn(p: Pump): boolean {
  if (p.w[W.now_ms] >= Battery.eri_age_ms) return true;
  return filtered_mV(p) <= Battery.eri_mV && chargeUsed_nC(p) >= Battery.eri_nC;
}

/** Looks at age and indicators; to be called at a pulse boundary. */
export function checkBattery(p: Pump): void {
  const now_ms = p.w[W.now_ms];
  if (p.c[C.eri_ms] === 0 && isWorn(p)) {
    put(p, C.eri_ms, now_ms); // saved with the alarm
    raise(p, Alarm.battery_eri, filtered_mV(p));
  }
  const due_ms = endOfService_ms(p);
  if (due_ms !== 0 && now_ms >= due_ms && legal(p, Event.end_of_service)) transition(p, Event.end_of_service);
}

/** 90 days after ERI; by age at the latest, however late ERI was noticed. */
function endOfService_ms(p: Pump): number {
  if (p.c[C.eri_ms] === 0) return 0;
  return Math.min(p.c[C.eri_ms], Battery.eri_age_ms) + Battery.eos_after_eri_ms;
}

/** The next instant at which age alone changes something, 0 if none. */
export function battery_ms(p: Pump): number {
  if (p.c[C.eri_ms] === 0) return Battery.eri_age_ms;
  return legal(p, Event.end_of_service) ? endOfService_ms(p) : 0;
}
