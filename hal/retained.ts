// Retained memory: a few integers that survive a warm reset.

/**
 * A fixed number of integer slots in memory that a warm reset does not clear and a power loss fills with
 * anything. It holds the second copy of the therapy-critical values, so it is also what a warm reset comes
 * back from. Memory has no opinion: whether a content is good is for its user to tell.
 *
 * An ordinary array in Node; on a chip, a block outside the interpreter's heap that indexes like one.
 */
export const enum Retained {
  /** Slots there are. Sized to the controller's critical region and the history of what was given; 8 bytes each on a chip. */
  slots = 720,
}
