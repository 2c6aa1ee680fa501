// One emulated unit: what was built, as integers, with the defaults.

/** What this emulated unit truly is. All integers. */
export interface Unit {
  /** Calibrated pulse, as given to set_up; 225 000 to 275 000. */
  readonly pulse_pL: number;
  /** What the head truly moves a pulse, normally the same. */
  readonly stroke_pL: number;
  /** Capacity of the reservoir: fill and dead volume. */
  readonly capacity_nL: number;
  /** Volume below the outlet that no pulse reaches. */
  readonly dead_nL: number;
  /** Catheter length; tubing and catheter hold 140 000 nL + 2200 nL/cm. */
  readonly catheter_cm: number;
  /** Daily dose of the pump that this one replaces, as given to set_up; 0 for none. */
  readonly previous_ng: number;
  /** How fast the crystal runs: +1000 gains 1 ms in 1000 s. */
  readonly crystal_ppb: number;
  /** From motor command to rotor edge. */
  readonly latency_us: number;
  /** Wall clock at power-on that scenarios set. */
  readonly wall_ms: number;
  /** From a reset to the call of boot. */
  readonly boot_delay_ms: number;
  /** Charge in a fresh battery: 2 Ah. */
  readonly battery_nC: number;
  /** Asleep at 37 degrees, the cell's own discharge in it. */
  readonly sleep_uA: number;
  /** On top of it while the link is awake. */
  readonly link_uA: number;
  readonly pulse_nC: number;
  readonly tone_nC_per_ms: number;
  /** Temperature of the battery in tenths of a degree Celsius, 100 to 450: a body's is 370. */
  readonly temperature_dC: number;
  /** What a motor pulse draws while it drives: 800 uC in 8 ms. */
  readonly load_mA: number;
  /** By how much the battery's resistance grows with age, for each 365 days. */
  readonly aging_mOhm_per_year: number;
}

/** The unit that scenarios get unless they say otherwise. */
export const DEFAULT_UNIT: Unit = {
  pulse_pL: 250_000,
  stroke_pL: 250_000,
  capacity_nL: 20_000_000,
  dead_nL: 1_400_000,
  catheter_cm: 80,
  previous_ng: 2_000_000,
  crystal_ppb: 0,
  latency_us: 8000,
  wall_ms: 1_767_600_000_000, // Monday 2026-01-05T08:00
  boot_delay_ms: 20,
  battery_nC: 7_200_000_000_000,
  sleep_uA: 4,
  link_uA: 100,
  pulse_nC: 800_000,
  tone_nC_per_ms: 50,
  temperature_dC: 370,
  load_mA: 100,
  aging_mOhm_per_year: 100,
};
