// The signals by which a user ends what runs until it is told to.

/** Resolves when the user wants to end it. */
export function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => { resolve(); });
  });
}
