// Asking a person: yes or no, and a value that is typed again.

import { parseQuantity } from "../text/quantity";
import type { Measure } from "../text/quantity";
import type { Context } from "./context";
import { UsageError } from "./context";

/** Asks for a yes. `otherwise` says what to give where nobody is at a terminal, and that nothing was changed. */
export async function saysYes(context: Context, question: string, otherwise: string): Promise<boolean> {
  const answer = await context.terminal.ask(`${question} Type yes: `);
  if (answer === undefined) throw new UsageError(`nobody is at a terminal to confirm it; ${otherwise}`);
  return answer.trim().toLowerCase() === "yes";
}

/** A value that must be said again before anything is done with it. */
export interface Again {
  /** "the daily dose", as it stands in messages. */
  readonly what: string;
  /** As it is shown and as the option takes it: "300ug/day". */
  readonly text: string;
  readonly value: number;
  readonly of: Measure;
  /** What an option said already. */
  readonly given: number | undefined;
  /** "--confirm-dose". */
  readonly option: string;
}

/** Has the value said again, by the option or by the person. Throws `UsageError` if it is not the same; nothing was changed then. */
export async function sayAgain(context: Context, { what, text, value, of, given, option }: Again): Promise<number> {
  const differs = (said: string): UsageError => new UsageError(`${said} is not ${what}, which is ${text}; nothing was changed`);
  if (given !== undefined) {
    if (given !== value) throw differs(`what ${option} says`);
    return value;
  }
  const answer = await context.terminal.ask(`Type ${what} again, with its unit: `);
  if (answer === undefined) throw new UsageError(`${what} must be confirmed by its value, and nobody is at a terminal; give ${option} ${text}; nothing was changed`);
  const typed = parseQuantity(answer, of);
  if ("wrong" in typed) throw new UsageError(`${typed.wrong}; nothing was changed`);
  if (typed.value !== value) throw differs(`"${answer.trim()}"`);
  return value;
}
