// The kinds of jobs there are: a new one is added here and nowhere else.

import type { Job, JobKind } from "./job";
import { CUTS_KIND } from "./cuts/cut-job";
import { SEED_KIND } from "./seed-job";

const KINDS: readonly JobKind[] = [SEED_KIND, CUTS_KIND];

export function kindOf(job: Job): JobKind {
  const found = KINDS.find(({ kind }) => kind === job.kind);
  if (found === undefined) throw new Error(`there is no kind of job "${job.kind}"`);
  return found;
}
