// Panics: a broken invariant stops the pump's program with a number.

/**
 * Why a controller gave up (MEM-5). The host stops the motor, keeps the number and resets; a controller
 * never catches. Numbers are stable, and share one list with faults.ts; a retired one is not used again.
 */
export const enum Panic {
  none = 0,
  /** An entry point was called with a time before that of the last one. */
  time_backwards = 901,
  /** An index outside a list. */
  index = 902,
  /** A therapy-critical value that is negative, not an integer or too large for its guard. */
  value_range = 903,
  /** Books that cannot be: more pulses confirmed or uncertain than commanded. */
  books = 904,
  /** A command while a pulse is in flight, or too soon after the last one. */
  command_too_soon = 905,
  /** A pulse is overdue: the deadline for it was never named. */
  pulse_overdue = 906,
  /** An event that is not legal in the present state reached the state table. */
  illegal_event = 907,
  /** An entry's work did not settle. */
  no_progress = 908,
  /** The board gave an event, a source or a reset cause that is not in the contract. */
  contract = 909,
  /** A slot of the critical region is lost in both copies while what storage has of it is being written: a reset reads what was written. */
  region_lost = 913,

  // Given by a board itself, and not by a controller.
  /** The program failed: an error that its language found. */
  program_failed = 910,
  /** The program needed more memory than there is. */
  out_of_memory = 911,
  /** The processor met what it cannot execute or reach. */
  processor_fault = 912,
  /** The source of random bytes is stuck or biased. They go on, from what else nobody can guess; it is told once after each reset. */
  noise_failed = 914,
}
