// Units of the house: every quantity is an integer in one of these.

/** Pump time in milliseconds since manufacture: monotonic, never set. 0 to 2^43. */
export type Ms = number;

/** Wall-clock time in milliseconds since 1970-01-01T00:00 local: no time zones, may be set. */
export type WallMs = number;

/** Volume in nanolitres. */
export type Nl = number;

/** Volume in picolitres: the motor pulse is calibrated in these. */
export type Pl = number;

/** Concentration in nanograms per microlitre, the same number as micrograms per millilitre. */
export type NgPerUl = number;

/** Dose rate in nanograms per day. */
export type NgPerDay = number;

/** Flow in nanolitres per day. */
export type NlPerDay = number;

/** Supply voltage in millivolts. */
export type Mv = number;

/** Electric charge in nanocoulombs: 1 uA for 1 ms is 1 nC, 1 Ah is 3.6e12 nC. */
export type Nc = number;

/** Conversions, inlined where they are used. */
export const enum Unit {
  ms_per_s = 1000,
  ms_per_minute = 60_000,
  ms_per_half_hour = 1_800_000,
  ms_per_hour = 3_600_000,
  ms_per_day = 86_400_000,
  pL_per_nL = 1000,
  nL_per_mL = 1_000_000,
}
