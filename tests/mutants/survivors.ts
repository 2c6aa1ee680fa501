// Survivors that were looked at: why each is no change of behaviour.

/** A generic mutant by what it changes, not by its line number, with the reason why nobody can notice it. */
export interface Survivor {
  readonly file: string;
  readonly operator: string;
  /** The source line, trimmed. */
  readonly line: string;
  readonly why: string;
}

export const SURVIVORS: readonly Survivor[] = [];
