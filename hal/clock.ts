// Pump time: what `now` means in every call into a controller.

/**
 * Pump time is a count of milliseconds by the board's crystal. No call returns it: the host gives it to
 * each entry point (controller.ts), and within one entry time stands still.
 *
 * What is given is *logical* time, the instant at which the thing happened, and not the instant at which
 * a slow processor got there:
 *
 * - a wake carries the deadline that the controller named, to the millisecond;
 * - a motor result carries its command's logical time plus the latency that the hardware measured;
 * - anything else carries the instant at which the board noticed it.
 *
 * The host calls in the order of logical time. While a pulse is in flight its logical clock therefore runs
 * behind the crystal by as much as the command went out late; so a slow processor shifts what it does
 * by a few milliseconds and changes nothing of what it decides.
 */
export const enum Clock {
  /**
   * A controller must name a deadline no further ahead than this (10 h), however idle it is. The host feeds
   * the watchdog only while the deadline named lies within it and is kept, so that a forgotten one resets.
   * Also the longest step that accrual can take inside 2^53.
   */
  deadline_ahead_ms_max = 36_000_000,

  /**
   * Bytes of the link that come nearer than this before the deadline that was named are given to the controller after it: what they ask for may take
   * a slow processor some 40 ms beside what it was at, and no reply may delay a pulse (ALARM-4). Their logical time is then the deadline's, or that of
   * an entry before it which named a later one. They wait for one deadline, and not for a row of them.
   */
  link_ahead_ms_min = 60,

  /** From the last feed to the reset, at most. The RP2040's watchdog reaches 8.3 s. */
  watchdog_ms = 8000,
}
