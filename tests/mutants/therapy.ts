// Mutants of the therapy: each breaks one rule of dose, limit, refill or bridge.

import type { Mutant } from "./named";

export const THERAPY_MUTANTS: readonly Mutant[] = [
  {
    name: "share of a bolus not taken off", breaks: "DOSE-6b: a bolus owns what it accrued in each pulse", file: "firmware/bolus.ts",
    find: "  put(p, C.bolus_own, p.c[C.bolus_own] - share);\n",
    replace: "",
  },
  {
    name: "interrupted bolus leaves its fraction", breaks: "DOSE-6b: at an interruption its part of the fraction goes", file: "firmware/bolus.ts",
    find: "  if (how !== BolusEnd.complete) put(p, C.dose, c[C.dose] - c[C.bolus_own]);\n",
    replace: "",
  },
  {
    name: "rate of a bolus rounded down", breaks: "DOSE-6a: the dose comes within its time", file: "firmware/bolus.ts",
    find: "return ceilDiv(dose_ng * Unit.ms_per_day, minutes * Unit.ms_per_minute);",
    replace: "return idiv(dose_ng * Unit.ms_per_day, minutes * Unit.ms_per_minute);",
  },
  {
    name: "uncertain part of a bolus called confirmed", breaks: "DOSE-6b: confirmed, uncertain, not delivered", file: "firmware/bolus.ts",
    find: "  if (confirmed) count(p, C.bolus_confirmed,",
    replace: "  if (units > 0) count(p, C.bolus_confirmed,",
  },
  {
    name: "bolus resumed after a reset", breaks: "MEM-1d: a bolus cut by a reset is not resumed", file: "firmware/boot.ts",
    find: "  interrupt(p, BolusEnd.reset);\n",
    replace: "",
  },
  {
    name: "bolus goes on in a stall", breaks: "MOTOR-3c: a bolus that stalls ends", file: "firmware/pulses.ts",
    find: "  if (c[C.stalled] === 1) interrupt(p, BolusEnd.stalled);\n",
    replace: "",
  },
  {
    name: "bolus above the greatest flow", breaks: "DOSE-6c: peak flow is capped by lengthening", file: "firmware/accrual.ts",
    find: "  return Math.max(0, Math.min(c[C.bolus_rate], rateMax_ng(p) - basal));",
    replace: "  return c[C.bolus_rate] + basal * 0;",
  },
  {
    name: "bolus outlasts a stop", breaks: "DOSE-6b: a stop ends a bolus", file: "firmware/machine.ts",
    find: "function motorOff(p: Pump, how: BolusEnd): void {\n  interrupt(p, how);",
    replace: "function motorOff(p: Pump, how: BolusEnd): void {\n  if (how === BolusEnd.motor_off) interrupt(p, how);",
  },
  {
    name: "power loss forgets a bolus", breaks: "DOSE-6b: an account at every interruption", file: "firmware/recovery.ts",
    find: "  loseBolus(p);\n",
    replace: "",
  },
  {
    name: "timed bolus given twice", breaks: "DOSE-5e: the same entry is not given twice within 20 h", file: "firmware/timed.ts",
    find: "if (given_ms !== 0 && now_ms - given_ms < Timed.again_ms_min) {",
    replace: "if (given_ms !== 0 && now_ms < given_ms) {",
  },
  {
    name: "timed bolus lost at a short jump", breaks: "DOSE-5d: skipped by a jump of up to 2 h, given at the jump", file: "firmware/timed.ts",
    find: "if (now || new_ms - old_ms <= Timed.jump_ms_max)",
    replace: "if (now)",
  },
  {
    name: "timed bolus given at a long jump", breaks: "DOSE-5d: by a longer jump it is skipped", file: "firmware/timed.ts",
    find: "if (now || new_ms - old_ms <= Timed.jump_ms_max)",
    replace: "if (now || new_ms > old_ms)",
  },
  {
    name: "two boluses at a time", breaks: "DOSE-3d: one bolus at a time", file: "firmware/timed.ts",
    find: "  if (hasBolus(p)) put(p, C.bolus_waits,",
    replace: "  if (p.c[C.bolus_waits] > 512) put(p, C.bolus_waits,",
  },
  {
    name: "waiting bolus forgotten", breaks: "DOSE-5a: a timed one starts when the other ends", file: "firmware/timed.ts",
    find: "  if (p.c[C.bolus_waits] === 0 || hasBolus(p)) return;\n",
    replace: "  if (p.c[C.bolus_waits] >= 0 || hasBolus(p)) return;\n",
  },
  {
    name: "periodic bolus at half the times", breaks: "DOSE-3c: every so many hours", file: "firmware/timed.ts",
    find: "  due(p, BolusKind.periodic, 0, Timed.periodic_bit);\n  put(p, C.periodic_ms, c[C.periodic_ms] + (1 +",
    replace: "  due(p, BolusKind.periodic, 0, Timed.periodic_bit);\n  put(p, C.periodic_ms, c[C.periodic_ms] + (2 +",
  },
  {
    name: "interval not begun anew after a stop", breaks: "DOSE-3c: from start to start of therapy delivered", file: "firmware/machine.ts",
    find: "  anchorPeriodic(p);\n",
    replace: "",
  },
  {
    name: "no lockout", breaks: "LIMIT-4b: lockout from the start of the last one", file: "firmware/patient.ts",
    find: "  if (lockout_ms(p) > 0) return Fault.lockout;\n",
    replace: "",
  },
  {
    name: "no count of the patient's boluses", breaks: "LIMIT-4c: at most so many in 24 h", file: "firmware/patient.ts",
    find: "  if (patientCount(p) >= c[C.patient_max]) return Fault.patient_bolus_count;\n",
    replace: "",
  },
  {
    name: "patient's bolus leaves no trace", breaks: "LIMIT-4b: the lockout follows each", file: "firmware/patient.ts",
    find: "  put(p, C.patient_ms, p.w[W.now_ms]);\n",
    replace: "",
  },
  {
    name: "cap summed over a half-filled window", breaks: "LIMIT-2d: everything that is committed counts", file: "firmware/caps.ts",
    find: "    const until = Math.max(0, (bucket + 1) * length + window - now_min);",
    replace: "    const until = Math.max(0, (bucket - newest) * length + window - window);",
  },
  {
    name: "cap of 24 h ten times as high", breaks: "LIMIT-2b: 1.5 times the daily dose", file: "firmware/caps.ts",
    find: "  return idiv(daily_ng * Limit.cap_24h_permille, 1000);",
    replace: "  return idiv(daily_ng * Limit.cap_24h_permille, 100);",
  },
  {
    name: "cap of 1 h twice as high", breaks: "LIMIT-2b: 150 ug unless prescribed", file: "firmware/caps.ts",
    find: "  return p.c[C.cap_1h_ng] === 0 ? Limit.cap_1h_ng :",
    replace: "  return p.c[C.cap_1h_ng] === 0 ? Limit.cap_1h_ng_max :",
  },
  {
    name: "history lost and not missed", breaks: "LIMIT-2e: what a power loss took counts as used", file: "firmware/caps.ts",
    find: "  if (c[C.history_from_ms] !== 0 && now_ms - c[C.history_from_ms] < Unit.ms_per_day + Window.five_ms) return Fault.history_unknown;\n",
    replace: "",
  },
  {
    name: "what was given is not counted", breaks: "LIMIT-2a: counted at the motor", file: "firmware/caps.ts",
    find: "  if (before >= 0) write(p, i, before + v);",
    replace: "  if (before >= 0) write(p, i, before + v * 0);",
  },
  {
    name: "hard maximum of a day confirmed away", breaks: "LIMIT-1c: 2000 ug in a day", file: "firmware/limits.ts",
    find: "  if (most_ng > Limit.daily_ng_max) return Fault.daily_dose_above_maximum;\n",
    replace: "",
  },
  {
    name: "first prescription without a limit", breaks: "LIMIT-1d: 200 ug/day at most", file: "firmware/limits.ts",
    find: "  if (p.c[C.daily_ng] === 0 && daily_ng >",
    replace: "  if (p.c[C.daily_ng] < 0 && daily_ng >",
  },
  {
    name: "a step up against the highest", breaks: "LIMIT-3a: up against the lowest of 24 h", file: "firmware/limits.ts",
    find: "  const lowest = extremeOfDay_ng(p, false);",
    replace: "  const lowest = extremeOfDay_ng(p, true);",
  },
  {
    name: "a step down against the lowest", breaks: "LIMIT-3a: down against the highest of 24 h", file: "firmware/limits.ts",
    find: "needsOf(dailyStaged_ng(p), lowest, extremeOfDay_ng(p, true));",
    replace: "needsOf(dailyStaged_ng(p), lowest, lowest);",
  },
  {
    name: "no confirmation", breaks: "LIMIT-3b: soft limits are confirmed by echo", file: "firmware/limits.ts",
    find: "  if ((needed & Needs.daily) !== 0 && confirmed_ng !== dailyStaged_ng(p)) return Fault.confirmation_needed;\n",
    replace: "",
  },
  {
    name: "no reason", breaks: "LIMIT-3b: more than half down needs a reason", file: "firmware/limits.ts",
    find: "  return (needed & Needs.reason) !== 0 && reason === 0 ? Fault.reason_needed : Fault.ok;",
    replace: "  return (needed & Needs.reason) !== 0 && reason === 256 ? Fault.reason_needed : Fault.ok;",
  },
  {
    name: "no way back", breaks: "LIMIT-3c: a return needs confirmation only", file: "firmware/limits.ts",
    find: "  if (isReturn(p)) return bolus",
    replace: "  if (isReturn(p) && change < 0 - 1) return bolus",
  },
  {
    name: "plan not held to the limits", breaks: "LIMIT-3a: each step of a plan is a change", file: "firmware/limits.ts",
    find: "  if (plan < 0) return plan;\n",
    replace: "  if (plan < 0) return bolus;\n",
  },
  {
    name: "bolus of any size", breaks: "LIMIT-1e: 200 ug at most", file: "firmware/patient.ts",
    find: "  if (dose_ng > Limit.bolus_ng_max) return Fault.bolus_above_maximum;\n",
    replace: "",
  },
  {
    name: "mix ignored", breaks: "LIMIT-1b: an unrinsed residue is reckoned with", file: "firmware/refill.ts",
    find: "  if (before === 0 || rinsed === 1) return concentration;",
    replace: "  if (before >= 0 || rinsed === 1) return concentration;",
  },
  {
    name: "discrepancy not told", breaks: "FILL-4c: flagged above 2 mL or 14.5 %", file: "firmware/refill.ts",
    find: "  if (flagged) raise(",
    replace: "  if (flagged && discrepancy_nL < 0) raise(",
  },
  {
    name: "another drug without a decision", breaks: "FILL-7e: refused without one", file: "firmware/refill.ts",
    find: "  if (change && staged(p, Refill.bridge) !== Bridge.bridge",
    replace: "  if (change && staged(p, Refill.bridge) > Bridge.cleared && staged(p, Refill.bridge) !== Bridge.bridge",
  },
  {
    name: "bridge left out", breaks: "FILL-7a: the old drug is still on its way", file: "firmware/refill.ts",
    find: "  if (bridges(p)) addPlug(p, before, after);",
    replace: "  if (bridges(p) && after < 0) addPlug(p, before, after);",
  },
  {
    name: "bridge a pulse too short", breaks: "FILL-7b: until that volume has gone", file: "firmware/plugs.ts",
    find: "while (c[C.plug_count] > 0 && passed_pL(p, 0) >= c[C.catheter_pL]) drop(p);",
    replace: "while (c[C.plug_count] > 0 && passed_pL(p, 0) + 2 * c[C.pulse_pL] >= c[C.catheter_pL]) drop(p);",
  },
  {
    name: "weaker drug assumed in the band", breaks: "FILL-7d: inside the band the stronger one", file: "firmware/plugs.ts",
    find: "    if (most_pL > c[C.catheter_pL]) strongest =",
    replace: "    if (most_pL < 0) strongest =",
  },
  {
    name: "second boundary forgotten", breaks: "FILL-7c: the tubing is a list of plugs", file: "firmware/plugs.ts",
    find: "  for (let i: number = C.plug; i + Tubing.plug <= C.plug_last; i++) put(p, i, slot(p, i + Tubing.plug));\n",
    replace: "  put(p, C.plug_count, 0);\n",
  },
  {
    name: "a prime's token twice", breaks: "FILL-6c: good for one", file: "firmware/arm.ts",
    find: "  p.w[W.prime_token] = 0;\n",
    replace: "",
  },
  {
    name: "a prime with another pump's tubing", breaks: "FILL-6a: 0.140 mL, 0.199 before a recall", file: "firmware/parameters.ts",
    find: "  pump_nL = 140_000,",
    replace: "  pump_nL = 199_000,",
  },
  {
    name: "a prime counts as dose", breaks: "FILL-1c: not as patient dose", file: "firmware/pulses.ts",
    find: "  else countPulse(p);",
    replace: "  countPulse(p);",
  },
  {
    name: "full rate at once after 48 h", breaks: "DOSE-9a: delivery comes back at the minimum rate", file: "firmware/tolerance.ts",
    find: "p.w[W.now_ms] - p.c[C.fed_ms] >= Tolerance.lost_ms;",
    replace: "p.w[W.now_ms] - p.c[C.fed_ms] >= 1000 * Tolerance.lost_ms;",
  },
  {
    name: "a step of zero counts as loss", breaks: "DOSE-9a: from any cause but a zero step", file: "firmware/schedule.ts",
    find: "put(p, C.fed_ms, c[C.fed_ms] + Math.max(0, at_ms - c[C.zero_from_ms]));",
    replace: "put(p, C.fed_ms, c[C.fed_ms]);",
  },
  {
    name: "any number of hours confirms", breaks: "DOSE-9b: seeing the hours missed", file: "firmware/operations.ts",
    find: "if (isHeld(p) && arg(p, 0) !== p.c[C.lost_hours])",
    replace: "if (isHeld(p) && arg(p, 0) === 0)",
  },
  {
    name: "a commit brings the full rate back", breaks: "DOSE-9b: left when a clinician confirms the full rate", file: "firmware/operations.ts",
    find: "isHeld(p) ? Event.commit_held : Event.commit",
    replace: "Event.commit",
  },
  {
    name: "a plan counts the days of a stop", breaks: "DOSE-3g: days of therapy actually delivered", file: "firmware/titration.ts",
    find: "  return p.c[C.state] === State.therapy && p.c[C.motor_on] === 1 && p.c[C.stalled] === 0;",
    replace: "  return p.c[C.state] >= State.therapy;",
  },
  {
    name: "a plan ends in silence", breaks: "DOSE-3g: it asks for a check-up", file: "firmware/titration.ts",
    find: "    raise(p, Alarm.titration_ended, step);\n",
    replace: "",
  },
  {
    name: "resets not counted", breaks: "STATE-3c: three in ten minutes", file: "firmware/boot.ts",
    find: "  if (!repeated) return;",
    replace: "  if (!repeated || now_ms > 0) return;",
  },
  {
    name: "clock set over the cap", breaks: "DOSE-5g: needs a confirmation", file: "firmware/operations.ts",
    find: "    return breaks ? Fault.confirmation_needed : Fault.ok;",
    replace: "    return breaks ? Fault.ok : Fault.ok;",
  },
];
