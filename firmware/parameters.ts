// The pump's figures, each with its source: real devices, reports or choice.

/** Delivery. */
export const enum Dose {
  /** Least flow of a step that is not zero: 0.048 mL/day (a real device's figure). */
  flow_nL_per_day_min = 48_000,
  /** Greatest flow: 24 mL/day (reported). */
  flow_nL_per_day_max = 24_000_000,
  /** Minimum rate: 0.006 mL/day (reported), paced in volume. */
  minimum_nL_per_day = 6000,
  /** Accrual adds rate x ms x 5 (dose): the common factor 200 000 is cancelled. */
  accrual_per_ng = 5,
  /** A pulse is due at pulse_pL x concentration x 432 (dose). */
  due_per_pL_dose = 432,
  /** A pulse is due at pulse_pL x 86 400 (volume). */
  due_per_pL_volume = 86_400,
  /** Accrued dose units in one nanogram. */
  units_per_ng = 432_000_000,
  /** Accrued volume units in one nanolitre. */
  units_per_nL = 86_400_000,
  /** pL x ng/uL in one nanogram. */
  pL_conc_per_ng = 1_000_000,
  /** Largest rate a step may ask for: 24 mL/day of 2000 ng/uL; sized to the packed step. */
  rate_ng_per_day_max = 48_000_000,
}

/** Packing of a schedule step into one slot: key x 2^26 + rate. */
export const enum Packed {
  /** 2^26, above `Dose.rate_ng_per_day_max`. */
  rate_span = 67_108_864,
  /** In a prescription that is being staged: this step has not come yet. Above every step. */
  missing = 1_125_899_906_842_624,
}

/** Packing of a timed bolus into one slot, (minute of day x 2^18 + dose in ng) x 2^11 + duration in min; of a titration step, permille x 2^7 + days. */
export const enum Timed {
  dose_span = 262_144,
  minutes_span = 2048,
  days_span = 128,
  /** Bit of the periodic bolus among those that wait, above those of the entries. */
  periodic_bit = 256,
  /** A bolus skipped by a jump of the clock of up to 2 h is given at the jump (DOSE-5). */
  jump_ms_max = 7_200_000,
  /** The same entry is never given twice within 20 h of pump time (DOSE-5). */
  again_ms_min = 72_000_000,
}

/** Limits (LIMIT-1 to 4). */
export const enum Limit {
  /** Hard maximum of the daily dose of baclofen: 2000 ug (reported). */
  daily_ng_max = 2_000_000,
  /** Single bolus: soft and hard (choice). */
  bolus_ng_soft = 100_000,
  bolus_ng_max = 200_000,
  /** First prescription (choice). */
  first_ng_max = 200_000,
  /** A change of the daily dose against those of the last 24 h, in thousandths (choice): soft up and down, hard up, and down with a reason. */
  up_soft = 1150,
  down_soft = 800,
  up_max = 1400,
  down_reason = 500,
  history_ms = 86_400_000,
  /** Rolling caps (choice): default of 1 h, default of 24 h in thousandths of the daily dose, greatest that may be set. */
  cap_1h_ng = 150_000,
  cap_24h_permille = 1500,
  cap_1h_ng_max = 300_000,
  cap_24h_ng_max = 3_000_000,
  /** Durations and intervals of boluses. */
  bolus_min_max = 1440,
  interval_min_min = 60,
  interval_min_max = 10_080,
  /** Patient bolus: at most a tenth of the daily dose; lockout; how many in 24 h (choice). */
  patient_share = 10,
  lockout_min_min = 15,
  lockout_min_max = 1440,
  patient_max = 12,
  /** Titration (choice). */
  permille_max = 3000,
  days_max = 90,
}

/** Refill, prime and what is on the way to the tip. */
export const enum Tubing {
  /** Pump tubing, 0.140 mL (real; 0.199 mL before a recall). */
  pump_nL = 140_000,
  /** Catheter, 0.0022 mL/cm (reported). */
  nL_per_cm = 2200,
  catheter_cm_usual = 80,
  catheter_cm_min = 5,
  catheter_cm_max = 150,
  /** Values of a boundary, and how many there can be. */
  plug = 3,
  plugs_max = 3,
  /** Discrepancy at a refill: above 2 mL, or above 14.5 % of what was delivered since the last fill (reported). */
  discrepancy_nL_max = 2_000_000,
  discrepancy_permille = 145,
}

/** Delivery lost for so long may have cost the tolerance (DOSE-9, choice): 48 h. */
export const enum Tolerance {
  lost_ms = 172_800_000,
}

/** Stall (MOTOR-2, DOSE-8). */
export const enum Stall {
  /** Unconfirmed pulses in a row. */
  row = 3,
  /** DOSE-8: unconfirmed pulses in 24 h, or 30 min of the present basal, whichever is more. */
  pulses_in_24h = 5,
  /** One-hour buckets, one more than a day so that none counts for less than it should. */
  buckets = 25,
}

/** The drive (MOTOR-4). */
export const enum Drive {
  /** Therapy is back after so long without a motion: a minute. */
  quiet_ms = 60_000,
  /** 2^45, above every pump time: in `C.cut_until`, only a clinician gives the supply back. */
  held = 35_184_372_088_832,
}

/** The trend of stalls (MOTOR-5). */
export const enum Trend {
  stalls = 3,
  /** 30 days. */
  window_minutes = 43_200,
  /** 2^22, above every minute of a pump's life: 2556 days are 3 680 640. */
  span = 4_194_304,
}

/** Reservoir (FILL). */
export const enum Fill {
  /** Empty at 0.5 mL remaining. */
  empty_pL = 500_000_000,
  low_nL_min = 1_000_000,
  low_nL_max = 10_000_000,
  /** 24 % of patients withdrew before a 2 mL alarm, none recurred at 4 mL. */
  low_nL_default = 4_000_000,
  /** The two reservoirs of this class of pump. */
  small_nL = 20_000_000,
  large_nL = 40_000_000,
  /** What no pulse reaches, 1.4 mL (reported): capacity is fill plus this. */
  dead_nL = 1_400_000,
  /** The drug's stability in the pump: 90 days (FILL-5). */
  stable_ms = 7_776_000_000,
  /** FILL-5 reckons with a flow 14.5 % high (reported). */
  nominal_permille = 1000,
  high_permille = 1145,
}

/** Calibration: nominal 250 nL times 0.900 to 1.100. */
export const enum Pulse {
  nominal_pL = 250_000,
  pL_min = 225_000,
  pL_max = 275_000,
  /** A pulse that was due for longer than this when its program ran: its deadline was dropped. */
  overdue_ms_max = 1000,
}

/** Label concentrations of baclofen in ng/uL (real). */
export const enum Label {
  low = 500,
  middle = 1000,
  high = 2000,
}

/** Battery and age (BATT-1). Charges and voltages are this project's choice. */
export const enum Battery {
  sleep_uA = 4,
  pulse_nC = 800_000,
  tone_nC_per_ms = 50,
  /** The link, while it is awake. */
  link_uA = 100,
  /** Used charge of the first indicator: 1.75 Ah of 2 Ah. */
  eri_nC = 6_300_000_000_000,
  /** Filtered loaded voltage of the second. */
  eri_mV = 2600,
  /** Where the filter begins: a fresh battery. */
  fresh_mV = 3000,
  /** Samples the filter averages over: one sag of 600 mV moves it by 38 mV. */
  filter = 16,
  sample_ms = 3_600_000,
  /** 2466 days (real). */
  eri_age_ms = 213_062_400_000,
  /** 90 days after ERI (real). */
  eos_after_eri_ms = 7_776_000_000,
}

/** Alarms (ALARM-1, 3) and the alarms of a stop. */
export const enum Sound {
  critical_ms = 3000,
  other_ms = 1000,
  critical_interval_ms = 600_000,
  critical_minutes_min = 5,
  critical_minutes_max = 120,
  other_interval_ms = 3_600_000,
  other_minutes_min = 10,
  other_minutes_max = 1440,
  /** Longest that one critical alarm may be silenced, in all. */
  silence_ms_max = 7_200_000,
  stopped_ms = 3_600_000,
  stopped_critical_ms = 172_800_000,
}

/** The wall clock's range: 2000-01-01 to 2200-01-01. */
export const enum Wall {
  ms_min = 946_684_800_000,
  ms_max = 7_258_118_400_000,
  /** 1970-01-01 was a Thursday, day 3 of a week that begins on Monday. */
  epoch_weekday = 3,
}

/** Upkeep while nothing happens. */
export const enum Upkeep {
  /** The whole region is checked this often. */
  check_ms = 3_600_000,
  /** While therapy is delivered the saved values are saved this often, so that a power loss takes no more of what only counts up. */
  save_ms = 21_600_000,
  /** What storage did not take is written again. */
  retry_ms = 3_600_000,
}

/** A warm reset is bridged as if it had not been, up to here; therapy must be back in 60 s (MEM-1). */
export const enum Reset {
  bridged_ms_max = 60_000,
  /** Three resets by watchdog or panic within 10 min lead to the minimum rate (STATE). */
  repeated_ms = 600_000,
}
