// The terminal: where text goes, and whether it may be coloured.

import type { Paint, Style } from "../report/paint";

/** Where a command writes. Data goes to `out`, chatter to `err`. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Colours of what goes to `out`. */
  readonly paint: Paint;
  /** Somebody can see the progress. */
  readonly live: boolean;
  /** Rewrites one line of progress on a terminal; does nothing elsewhere. "" clears it. */
  readonly progress: (text: string) => void;
  /** Milliseconds by the host's clock, for speeds only. */
  readonly now_ms: () => number;
}

/** Select graphic rendition codes; node:util's styleText is not there before Node 20.12. */
const codes: Readonly<Record<Style, string>> = { red: "31", green: "32", yellow: "33", blue: "34", cyan: "36", dim: "2", bold: "1" };

function colours(on: boolean): Paint {
  return on ? (style, text) => (text === "" ? "" : `\u001b[${codes[style]}m${text}\u001b[0m`) : (_style, text) => text;
}

/** Colours only on a terminal that knows them, and not against NO_COLOR (no-color.org: set and not empty). */
export function mayColour(isTTY: boolean, env: Readonly<Record<string, string | undefined>>): boolean {
  return isTTY && (env["NO_COLOR"] ?? "") === "" && env["TERM"] !== "dumb";
}

/** The process's own terminal. */
export function processTerminal(): Terminal {
  const { env, stdout, stderr } = process;
  // A reader that has seen enough (| head) is no error.
  stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit();
  });
  const width = stderr.isTTY && stderr.columns > 20 ? stderr.columns - 1 : 79;
  return {
    out: (text) => { stdout.write(text); },
    err: (text) => { stderr.write(text); },
    paint: colours(mayColour(stdout.isTTY, env)),
    live: stderr.isTTY,
    progress: (text) => { if (stderr.isTTY) stderr.write(`\r\u001b[K${text.slice(0, width)}`); },
    now_ms: () => performance.now(),
  };
}
