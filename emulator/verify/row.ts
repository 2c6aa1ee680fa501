// A row of the conformance list: what is required, and how it is shown.

import type { Login, Random } from "./login";
import { Failure, packetsText } from "./probe";
import type { Probe } from "./probe";

/** The row cannot be shown on this pump, or was not asked for: the message says why. */
export class Skipped extends Error {
  override readonly name = "Skipped";
}

/** What a row may use. */
export interface Bench {
  readonly probe: Probe;
  readonly random: Random;
  /** Sessions. Throws `Skipped` where there is no key. */
  login(): Login;
  /** Ends the session that is open, if one is. */
  close(): Promise<void>;
  /** What may be done. */
  readonly allowed: Allowed;
  /** The pump has its key. */
  provisioned: boolean;
  /** For how long the flood lasts. */
  readonly flood_s: number;
}

export interface Allowed {
  /** Gives the pump a key. */
  readonly provision: boolean;
  /** Commits prescriptions. */
  readonly program: boolean;
  /** Waits for minutes, and has the pump lock everybody out for one. */
  readonly slow: boolean;
}

export interface Row {
  /** Short and stable: "bad-check". */
  readonly id: string;
  /** Of firmware/REQUIREMENTS.md, whole: "LINK-2". */
  readonly requirement: string;
  /** What a conforming pump does, in one sentence. */
  readonly text: string;
  /** Throws `Failure` or `Skipped`. */
  readonly run: (bench: Bench) => Promise<void>;
}

/** Throws `Failure` unless it is so. */
export function must(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new Failure(otherwise);
}

/** Shows that what was sent had no effect: no reaction, and the next good frame is understood. */
export async function expectNothing({ probe }: Bench, what: string): Promise<void> {
  const reactions = await probe.echo();
  must(reactions.length === 0, `${what}: the pump answers ${packetsText(reactions)}`);
}
