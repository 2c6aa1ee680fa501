// The requirements' figures, written down once more, in the model's own units.

/** One thousandth of a nanogram a day, for one millisecond: everything that a rate and a whole number of milliseconds give is a whole number of these. */
export const UNITS_PER_NG = 86_400_000_000n;
/** The same for volumes: a nanolitre a day for one millisecond. */
export const UNITS_PER_NL = 86_400_000n;

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const MINUTES_OF_DAY = 1440;

/** DOSE-2: uL a day times 1000. */
export const FLOW_LEAST_NL = 48_000;
export const FLOW_MOST_NL = 24_000_000;
export const FLOW_MINIMUM_RATE_NL = 6000;

/** MOTOR-1. */
export const PULSE_APART = 750;
export const STALL_ROW = 3;
/** DOSE-8. */
export const BEHIND_PULSES = 5;
/** DOSE-9. */
export const TOLERANCE = 48 * HOUR;

/** DOSE-5. */
export const JUMP_GIVEN = 2 * HOUR;
export const SAME_ENTRY = 20 * HOUR;

/** FILL, volumes in nL. */
export const RESERVOIR = 20_000_000;
export const DEAD = 1_400_000;
export const EMPTY = 500_000;
export const LOW = 4_000_000;
export const TUBING = 140_000;
export const CATHETER_PER_CM = 2200;
export const DRUGS_BEHIND_MOST = 3;
export const DISCREPANCY = 2_000_000;
export const DISCREPANCY_PERMILLE = 145;
export const LABELS = [500, 1000, 2000];

/** LIMIT-1 to 4, doses in ng. */
export const DAILY_MOST = 2_000_000;
export const FIRST_MOST = 200_000;
export const BOLUS_SOFT = 100_000;
export const BOLUS_HARD = 200_000;
export const CAP_HOUR = 150_000;
export const CAP_DAY_PERMILLE = 1500;
export const UP_SOFT = 1150;
export const UP_HARD = 1400;
export const DOWN_SOFT = 800;
export const DOWN_HARD = 500;
export const PATIENT_SHARE = 10;

/** STATE-2. */
export const STOPPED_LONG = HOUR;
export const STOPPED_TOO_LONG = 48 * HOUR;
/** From a reset to the program, of the emulated unit. */
export const BOOT = 20;

/** What a refusal is called on the wire, by number. */
export const WHY = {
  state: 4, flow_low: 10, flow_high: 11, all_zero: 12, no_prescription: 16, no_drug: 20, overfill: 21, label: 22, bridge: 23, empty: 24, aspirated: 26, plugs: 27, low: 32, full_rate: 36,
  daily: 60, bolus_hard: 61, first: 62, step: 63, confirm: 64, reason: 65, hour: 66, day: 67, history: 68, cap: 69,
  active: 70, bolus_range: 71, not_possible: 72, patient_off: 73, lockout: 74, patient_count: 75, patient_range: 76, prime_volume: 78, not_active: 79, titration: 90,
} as const;

export const STATE = { shelf: 0, therapy: 1, stopped: 2, safe_minimum: 3, safe_off: 4 } as const;
export const ALARM = { empty: 4, stall: 5, not_delivering: 6, stopped_48h: 8, low: 9, stopped_1h: 11, discrepancy: 15, titration: 17 } as const;
export const KIND = { clinician: 1, timed: 2, periodic: 3, patient: 4 } as const;
export const END = { complete: 1, cancelled: 2, stopped: 3, stalled: 4, reset: 5, motor_off: 6, reduced: 7 } as const;
export const SKIPPED = { jump: 1, before: 2, not_delivering: 3, away: 4, replaced: 5 } as const;
