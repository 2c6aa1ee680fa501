// Mutants with a name: each breaks one rule on purpose, and must be noticed.

/** A change of the firmware's text: `find` must stand in `file` exactly once. */
export interface Mutant {
  readonly name: string;
  /** The rule that it breaks. */
  readonly breaks: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

export const NAMED_MUTANTS: readonly Mutant[] = [
  {
    name: "dropped fraction", breaks: "DOSE-1, DOSE-4: what is left over after a pulse is kept", file: "accrual.ts",
    find: "  putFraction(p, units);\n}\n\n/** Earliest",
    replace: "  putFraction(p, units * 0);\n}\n\n/** Earliest",
  },
  {
    name: "catch-up after a stall", breaks: "DOSE-4, MOTOR-3: nothing missed is delivered later", file: "stall.ts",
    find: "  clear(p, Alarm.motor_stall);",
    replace: "  put(p, C.dose, c[C.dose] + pulses * c[C.pulse_pL] * c[C.concentration] * 432);\n  clear(p, Alarm.motor_stall);",
  },
  {
    name: "wrong order at a step", breaks: "at one instant: accrue at the old rate, then the step", file: "accrual.ts",
    find: "    accrue(p, step_ms);\n    takeStep(p, step_ms);",
    replace: "    takeStep(p, step_ms);\n    accrue(p, step_ms);",
  },
  {
    name: "step taken a millisecond late", breaks: "DOSE-5: steps change at the exact wall-clock millisecond", file: "schedule.ts",
    find: "  put(p, C.next_step_ms, midnight_ms + next_minute * Unit.ms_per_minute - c[C.wall_offset_ms]);",
    replace: "  put(p, C.next_step_ms, midnight_ms + next_minute * Unit.ms_per_minute - c[C.wall_offset_ms] + 1);",
  },
  {
    name: "one tone too few", breaks: "ALARM-1: the first tone is at once", file: "alarms.ts",
    find: "  p.tone_due_ms[alarm] = p.w[W.now_ms];\n  p.silent_until_ms[alarm] = p.w[W.now_ms];",
    replace: "  p.tone_due_ms[alarm] = p.w[W.now_ms] + interval_ms(p, alarm);\n  p.silent_until_ms[alarm] = p.w[W.now_ms];",
  },
  {
    name: "unconfirmed pulse retried", breaks: "MOTOR-2: attempts never exceed the schedule", file: "pulses.ts",
    find: "    countMiss(p);",
    replace: "    countMiss(p);\n    put(p, C.dose, c[C.dose] + c[C.pulse_pL] * c[C.concentration] * 432);",
  },
  {
    name: "rounding per step", breaks: "DOSE-1: no rounding, so no drift", file: "accrual.ts",
    find: "putFraction(p, fraction(p) + units_per_ms * step_ms);",
    replace: "putFraction(p, fraction(p) + idiv(units_per_ms * step_ms, 432_000_000) * 432_000_000);",
  },
  {
    name: "dropped deadline of a pulse", breaks: "the next deadline is named", file: "controller.ts",
    find: "  deadline_ms = earlier(deadline_ms, nextPulse_ms(p));\n", replace: "",
  },
  {
    name: "no deadline at all", breaks: "a controller that names none is reset", file: "controller.ts",
    find: "  put(p, C.deadline_ms, deadline_ms);\n  return deadline_ms;",
    replace: "  put(p, C.deadline_ms, deadline_ms);\n  return 0;",
  },
  {
    name: "missed pulse counted as confirmed", breaks: "MOTOR-1: the rotor sensor confirms", file: "pulses.ts",
    find: "endPulse(p, result === MotorResult.confirmed && latency_ms <= Motion.confirm_ms_max);",
    replace: "endPulse(p, result >= MotorResult.confirmed && latency_ms <= Motion.confirm_ms_max);",
  },
  {
    name: "stall that waits for a person", breaks: "MOTOR-3: the first confirmed pulse ends a stall", file: "pulses.ts",
    find: "if (c[C.misses_in_row] > 0 || c[C.stalled] === 1) endStall(p, StallEnd.confirmed);",
    replace: "if (c[C.misses_in_row] > 0 && c[C.stalled] === 0) endStall(p, StallEnd.confirmed);",
  },
  {
    name: "low by confirmed pulses", breaks: "FILL-2: raised by the lower bound", file: "reservoir.ts",
    find: "const low_pL = remainingLow_pL(p);", replace: "const low_pL = remaining_pL(p);",
  },
  {
    name: "runs on past empty", breaks: "FILL-3: motor off at half a millilitre", file: "reservoir.ts",
    find: "if (c[C.motor_on] === 1) transition(p, Event.empty);", replace: "if (c[C.motor_on] === 2) transition(p, Event.empty);",
  },
  {
    name: "stops on the lower bound", breaks: "FILL-3: where only the lower bound is empty, attempts go on", file: "reservoir.ts",
    find: "if (remaining_pL(p) <= Fill.empty_pL) {", replace: "if (low_pL <= Fill.empty_pL) {",
  },
  {
    name: "refused prescription is taken", breaks: "a refusal changes nothing", file: "operations.ts",
    find: "    return checkPrescription(p);", replace: "    const fault = checkPrescription(p);\n    acceptPrescription(p);\n    return fault;",
  },
  {
    name: "clock set without its step", breaks: "DOSE-5: the step that is current now is taken up", file: "operations.ts",
    find: "    if (p.c[C.next_step_ms] !== 0) takeStep(p, now_ms);\n", replace: "",
  },
  {
    name: "end of service that goes on", breaks: "BATT-1: motor off 90 days after ERI", file: "battery.ts",
    find: "if (due_ms !== 0 && now_ms >= due_ms && legal(p, Event.end_of_service)) transition(p, Event.end_of_service);",
    replace: "if (due_ms === 1 && now_ms >= due_ms && legal(p, Event.end_of_service)) transition(p, Event.end_of_service);",
  },
  {
    name: "commit that drops the fraction", breaks: "DOSE-4: the same prescription sent again changes nothing", file: "prescription.ts",
    find: "  put(p, C.mode, mode);", replace: "  put(p, C.mode, mode);\n  put(p, C.dose, 0);",
  },
];
