// What one flipped bit came to, judged from the outside.

import { RecordKind } from "../../protocol/records";
import { atMinimum, latent, type Outcome } from "./scene";

export const VERDICTS = ["harmless", "corrected", "restored", "refused", "safe minimum", "WRONG"] as const;
/**
 * harmless: nothing differs. corrected: nothing differs, and a record tells of it. restored: therapy goes on from storage alone, as after a power loss, and a record tells of it.
 * refused: a request was, with a reason. safe minimum: the minimum rate and a critical alarm. WRONG is all else.
 */
export type Verdict = (typeof VERDICTS)[number];

export interface Judged {
  readonly verdict: Verdict;
  readonly why: string;
}

/** What a run is compared with. */
export interface References {
  /** The same without a flip. */
  readonly whole: Outcome;
  /** The same, and all that memory held is void. */
  readonly restored?: Outcome;
  /** The same, and what was asked for was refused. */
  readonly unasked?: Outcome;
}

const same = (a: readonly number[], b: readonly number[]): boolean => a.length === b.length && a.every((value, i) => value === b[i]);
const TELLS: readonly number[] = [RecordKind.memory_corrected, RecordKind.memory_lost, RecordKind.storage_failed];

/** What differs between this run and one that it should equal, if anything. */
function differs(seen: Outcome, reference: Outcome, names: readonly string[]): string | undefined {
  if (!same(seen.pulses, reference.pulses)) {
    const at = seen.pulses.findIndex((pulse, i) => pulse !== reference.pulses[i]);
    return `pulse ${at} of ${seen.pulses.length} at ${seen.pulses[at]} ms instead of ${reference.pulses[at]} of ${reference.pulses.length}, state ${seen.status[0]}`;
  }
  const left = latent(seen, reference);
  if (left.length > 0) return `pulses are equal, and ${left.map((slot) => `${names[slot]} is ${seen.region[slot]} instead of ${reference.region[slot]}`).join(", ")}`;
  if (seen.log !== reference.log) return "records of before are not what they were";
  return undefined;
}

export function judge(seen: Outcome, { whole, restored, unasked }: References, names: readonly string[]): Judged {
  if (seen.violations.length > 0) return { verdict: "WRONG", why: seen.violations.join("; ") };
  const why = differs(seen, whole, names);
  if (seen.status.length === 0 && why === undefined && seen.records.includes(RecordKind.storage_failed)) return { verdict: "refused", why: "nobody is let in" };
  if (why === undefined && seen.answered === whole.answered) {
    return { verdict: seen.panics > 0 || seen.records.some((kind) => TELLS.includes(kind)) ? "corrected" : "harmless", why: "" };
  }
  if (atMinimum(seen)) return { verdict: "safe minimum", why: "" };
  if (restored !== undefined && seen.records.includes(RecordKind.power_lost) && differs(seen, restored, names) === undefined) return { verdict: "restored", why: "" };
  if (unasked !== undefined && seen.answered !== whole.answered && differs(seen, unasked, names) === undefined) return { verdict: "refused", why: `with ${seen.answered}` };
  const other = unasked !== undefined && seen.answered !== whole.answered ? differs(seen, unasked, names) : undefined;
  return { verdict: "WRONG", why: other ?? why ?? `answered ${seen.answered} instead of ${whole.answered}` };
}
