// The watchdog: what resets a pump whose program has lost its way.

/**
 * The watchdog belongs to the host, not to the controller: no call feeds it. The host feeds it as long as
 *
 * - every deadline that the controller named lay ahead, within `Clock.deadline_ahead_ms_max`, and was kept;
 * - no entry point is running for longer than `Clock.watchdog_ms`.
 *
 * So a controller that forgets to name a deadline is reset within `Clock.watchdog_ms`, although nothing about
 * it looks busy. The reset is warm: retained memory is kept, and `boot` is told `ResetCause.watchdog`.
 */
export const enum Watchdog {
  /** Time from a reset to the call of `boot`, at most. Therapy must be back within 60 s (MEM-1). */
  boot_ms_max = 1000,
}
