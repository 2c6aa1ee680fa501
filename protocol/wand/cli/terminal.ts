// The terminal of the wand: where text goes, and who can be asked.

import { createInterface } from "node:readline/promises";

export type Style = "red" | "green" | "yellow" | "dim" | "bold";

/** Where a command writes and whom it asks. Data goes to `out`, chatter to `err`. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Colours what goes to `out`, or leaves it as it is. */
  readonly paint: (style: Style, text: string) => string;
  /** The answer of the person at the terminal; undefined if there is no such person. */
  readonly ask: (question: string) => Promise<string | undefined>;
  /** The wall clock as the person reads it: ms since 1970, as if the local time were UTC. */
  readonly wall_ms: () => number;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Calls `stop` when the person wants an end (Ctrl-C); gives what takes that back. */
  readonly onInterrupt: (stop: () => void) => () => void;
}

/** Select graphic rendition codes; node:util's styleText is not there before Node 20.12. */
const codes: Readonly<Record<Style, string>> = { red: "31", green: "32", yellow: "33", dim: "2", bold: "1" };

/** Colours only on a terminal that knows them, and not against NO_COLOR (no-color.org: set and not empty). */
function mayColour(isTTY: boolean, env: Readonly<Record<string, string | undefined>>): boolean {
  return isTTY && (env["NO_COLOR"] ?? "") === "" && env["TERM"] !== "dumb";
}

/** The process's own terminal. */
export function processTerminal(): Terminal {
  const { env, stdin, stdout, stderr } = process;
  // A reader that has seen enough (| head) is no error.
  stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit();
  });
  const coloured = mayColour(stdout.isTTY, env);
  return {
    out: (text) => { stdout.write(text); },
    err: (text) => { stderr.write(text); },
    paint: (style, text) => (coloured && text !== "" ? `\u001b[${codes[style]}m${text}\u001b[0m` : text),
    ask: async (question) => {
      if (!stdin.isTTY) return undefined;
      const asking = createInterface({ input: stdin, output: stderr });
      // End of input, or Ctrl-C, is no answer but no consent either.
      let answered = false;
      const ended = new Promise<string>((resolve) => {
        asking.once("close", () => {
          if (!answered) stderr.write("\n");
          resolve("");
        });
      });
      try {
        const answer = await Promise.race([asking.question(question), ended]);
        answered = true;
        return answer;
      } finally {
        asking.close();
      }
    },
    wall_ms: () => {
      const now = new Date();
      return now.getTime() - now.getTimezoneOffset() * 60_000;
    },
    env,
    onInterrupt: (stop) => {
      process.once("SIGINT", stop);
      process.once("SIGTERM", stop);
      return () => {
        process.off("SIGINT", stop);
        process.off("SIGTERM", stop);
      };
    },
  };
}
