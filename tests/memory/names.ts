// Names of the region's slots, read from where the firmware declares them.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { C, History } from "../../firmware/state";

const STATE = join(import.meta.dirname, "../../firmware/state.ts");

/** The members of `const enum C`, in order: one without a value follows the one before it, `name = other + n` stands n behind it. */
function members(): Map<string, number> {
  const body = /export const enum C \{\n([\s\S]*?)\n\}/.exec(readFileSync(STATE, "utf8"))?.[1] ?? "";
  const found = new Map<string, number>();
  let next = 0;
  for (const [, name, base, more] of body.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "").matchAll(/(\w+)(?: = (\w+)(?: \+ (\d+))?)?,/g)) {
    const value = base === undefined ? next : (found.get(base) ?? Number(base)) + Number(more ?? 0);
    found.set(name!, value);
    next = value + 1;
  }
  if (found.get("size") !== C.size) throw new Error(`the region's slots were not understood: ${found.get("size")} of ${C.size}`);
  return found;
}

/** What each retained slot holds: "C.dose", "C.step" for a row of slots, "History.minutes". */
export function slotNames(): string[] {
  const names: string[] = [];
  const all = members();
  for (const [name, at] of all) {
    if (name === "size" || name.endsWith("_last") && all.has(name.slice(0, -5))) continue;
    const last = all.get(`${name}_last`) ?? at;
    for (let slot = at; slot <= last; slot++) names[slot] = `C.${name}`;
  }
  for (let slot: number = History.minutes; slot < History.fives; slot++) names[slot] = "History.minutes";
  for (let slot: number = History.fives; slot < History.size; slot++) names[slot] = "History.fives";
  return names;
}
