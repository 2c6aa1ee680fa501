// The self-test: what a board finds wrong with itself, and when it looks.

/** What a self-test found wrong, summed; 0 is nothing. Numbers are stable. */
export const enum SelfTest {
  /** The drive cannot be trusted to stand still: its own fault line, or whatever else the board can see of it without turning it. */
  motor = 1,
  /** Working memory does not hold what is written to it. */
  memory = 2,
  /** The program in flash is not the one that was written. */
  program = 4,
  /** A known message does not come out of the cipher as it must. */
  cipher = 8,
  /** All of them. */
  all = 15,
}

/**
 * The self-test belongs to the host, as the watchdog does; no call asks for it. The host makes it before each call of `boot`, which is told
 * what failed, so no pulse comes before its end (MEM-1c); it never turns the head, since a pulse is a dose. Later it repeats whatever can
 * be looked at while therapy goes on, and tells what failed by a `Source.self_test` event: of a look that found something, and of the first
 * one after it that did not.
 *
 * Looks fall on whole multiples of these in pump time, so that a reset does not move them.
 */
export const enum SelfTestTime {
  /** From one look to the next while nothing fails (choice). */
  look_ms = 86_400_000,
  /** While something does. */
  again_ms = 60_000,
}
