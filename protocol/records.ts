// The records of the log: what happened, by number, with up to three integers.
// Generated from spec/pump.md by `npm run generate`: do not edit.

export const enum RecordKind {
  /** cause, detail: the pump started. */
  boot = 1,
  /** from, to, event: a transition of the state table. */
  state = 2,
  /** operation, fault, first argument: a request was answered (reads are not recorded). */
  operation = 3,
  /** alarm, value that raised it. */
  alarm_on = 4,
  /** alarm. */
  alarm_off = 5,
  /** alarm, silence_ms: acknowledged. */
  acknowledged = 6,
  /** mode, rate in ng/day (nL/day at the minimum rate), version: a dose segment begins. */
  segment = 7,
  /** old wall_ms, new wall_ms. */
  clock_set = 8,
  /** volume_nL, concentration, residual_nL by the books before it. */
  refill = 9,
  /** uncertain in a row, uncertain in 24 h, pump_ms of the last confirmed pulse. */
  stall_begin = 10,
  /** missed dose in ng, uncertain pulses of the stall, how it ended (StallEnd). */
  stall_end = 11,
  /** ms since its command: an edge after 500 ms, the pulse stays uncertain. */
  late_edge = 12,
  /** pulses without a result, in a reset or by a silent board: they are uncertain. */
  pulse_lost = 13,
  /** Running values were lost, mostly with power: a fraction of a pulse dropped, an outage of unknown length. */
  power_lost = 14,
  /** amount, over ms, pacing (1: in ng, 2: in nL): not delivered while the motor was off. */
  not_delivered = 15,
  /** slot of the critical region that was corrected, which copy (1 or 2). */
  memory_corrected = 16,
  /** slot that could not be: therapy falls back. */
  memory_lost = 17,
  /** fault. */
  storage_failed = 18,
  /** role, failed logins before it: a session was opened. */
  login = 19,
  /** failed logins in a row, back-off in ms: too many of them. */
  logins_refused = 20,
  /** The pump was given its key. */
  provisioned = 21,
  /** kind (BolusKind), dose_ng, duration_ms as asked for. */
  bolus_begin = 22,
  /** kind, how it ended (BolusEnd), dose_ng. */
  bolus_end = 23,
  /** of the bolus that ended: confirmed_ng, uncertain_ng, not delivered ng; if it was complete, what the next pulse brings of it. */
  bolus_sum = 24,
  /** kind, entry, why (Skipped). */
  bolus_skipped = 25,
  /** concentration at the tip, concentration of the reservoir, volume_nL between them. */
  bridge_begin = 26,
  /** concentration that is now at the tip, plugs left behind it. */
  bridge_end = 27,
  /** aspirated_nL, discrepancy_nL, lot. */
  refill_detail = 28,
  /** volume_nL, pulses. */
  prime_begin = 29,
  /** pulses that were left out, how it ended (BolusEnd). */
  prime_end = 30,
  /** step from 1, permille. */
  titration = 31,
  /** daily dose in ng, the highest and the lowest of 24 h before it. */
  daily_dose = 32,
  /** confirmed daily dose in ng, confirmed bolus in ng, reason. */
  dose_confirmed = 33,
  /** hours without delivery: minimum rate until a clinician confirms the full rate. */
  tolerance_lost = 34,
  /** 1 if critical. */
  tone_tested = 35,
  /** what failed, summed (1: motor, 2: memory, 4: program, 8: cipher), 0 if nothing does any more. */
  self_test = 36,
  /** edge (2: forward, 3: backward, 0: none, the motor failed its self-test), which time in 24 h (1 to 3), uncommanded pulses in all: the head turned by itself or backwards, and the drive has no supply. */
  drive_cut = 40,
  /** ms without supply, uncommanded pulses in all: the drive has its supply again. */
  drive_restored = 41,
}

export const enum StallEnd {
  /** A pulse was confirmed. */
  confirmed = 1,
  /** Therapy was stopped or the motor turned off. */
  motor_off = 2,
}

export const enum BolusEnd {
  complete = 1,
  cancelled = 2,
  /** Therapy was stopped. */
  stopped = 3,
  stalled = 4,
  reset = 5,
  /** Empty, cut off, or end of service. */
  motor_off = 6,
  /** The pump fell back to the minimum rate. */
  reduced = 7,
}

export const enum Skipped {
  /** The clock was set over it by more than 2 h. */
  clock_jump = 1,
  /** The same entry was given less than 20 h of pump time ago. */
  given_before = 2,
  /** Therapy was off, stalled or at the minimum rate. */
  not_delivering = 3,
  /** The pump had no power, or was in a reset. */
  away = 4,
  /** It waited for another one, and a new prescription came, or its own next time. */
  replaced = 5,
}
