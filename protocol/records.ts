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
  /** edge (2: forward, 3: backward), which time in 24 h (1 to 3), uncommanded pulses in all: the head turned by itself or backwards, and the drive has no supply. */
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
