// A wrong use of the command line, or an environment it cannot work in: exit 1.

/** Its message is for the user, as it stands. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
