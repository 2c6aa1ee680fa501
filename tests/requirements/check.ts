// Holds requirements and tests together: each names the other, or says why not.

import type { Requirements } from "./document";
import type { Mention, Traces } from "./trace";

/** What is wrong, empty if nothing is. `pending`: ids in force that may be without a test for now. */
export function findingsOf({ name, all }: Requirements, { code, scenarios, tests }: Traces, pending: readonly string[]): string[] {
  const ids = new Map(all.map((each) => [each.id, each]));
  const parts = new Map<string, string[]>();
  for (const { id, parent } of all) if (parent !== undefined) parts.set(parent, [...parts.get(parent) ?? [], id]);
  const at = ({ path, line }: Mention): string => `${path}:${line}`;
  const shown = new Set([...scenarios, ...tests].map(({ id }) => id));

  const named = [...scenarios, ...tests].flatMap((mention) => {
    if (ids.has(mention.id)) return [];
    const split = parts.get(mention.id);
    return [split === undefined ? `${at(mention)}: ${mention.id} is no requirement of ${name}` : `${at(mention)}: ${mention.id} is split: name ${split.join(", ")}`];
  });
  const coded = code.filter(({ id }) => !ids.has(id) && !parts.has(id)).map((mention) => `${at(mention)}: ${mention.id} is no requirement of ${name}`);
  const untested = all.flatMap(({ id, status, line }) => {
    if (status === "later") return shown.has(id) ? [`${name}:${line}: ${id} says later and has a test: say "in force", or "partly" and what is missing`] : [];
    return shown.has(id) || pending.includes(id) ? [] : [`${name}:${line}: ${id} is ${status} and no test or scenario names it`];
  });
  const listed = pending.flatMap((id, i) => {
    if (pending.indexOf(id) !== i) return [`PENDING: ${id} stands there twice`];
    const status = ids.get(id)?.status;
    if (status === undefined) return [`PENDING: ${id} is no requirement of ${name}`];
    if (status === "later") return [`PENDING: ${id} says later, which needs no test: take it off the list`];
    return shown.has(id) ? [`PENDING: ${id} has a test: take it off the list`] : [];
  });
  return [...named, ...coded, ...untested, ...listed];
}
