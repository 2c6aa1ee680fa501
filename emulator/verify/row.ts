// A row of the conformance list: what is required, and how it is shown.

import type { Allowed } from "./allowed";
import type { Login, Random } from "./login";
import { Failure, packetsText } from "./probe";
import type { Probe } from "./probe";
import type { Instruments } from "./instruments";
import type { VerifyPlan } from "./plan";

export type { Allowed } from "./allowed";

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
  /** What is there besides the port, and what is to be done. Undefined where nobody made a plan. */
  readonly plan: VerifyPlan | undefined;
  readonly instruments: Instruments;
  /** What several rows look at is done once: by whichever needs it first. What it threw is thrown again. */
  once<T>(name: string, make: () => Promise<T>): Promise<T>;
  /** What an earlier row has brought about. */
  readonly marks: Set<string>;
  /** What the row sees, for the report; the last word counts. */
  saw(text: string): void;
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
