// Reasons for the log: why therapy was stopped, why a dose was lowered.

import { didYouMean } from "./suggest";

/** Numbers are stable; the pump takes any from 1 to 255, and only keeps it. */
export const REASONS: Readonly<Record<number, string>> = {
  1: "clinical decision", 2: "side effects", 3: "overdose suspected", 4: "surgery or imaging", 5: "infection", 6: "pump or catheter replaced", 7: "end of therapy", 8: "patient's wish", 9: "test",
};

const REASON_MAX = 255;

/** "2 side effects", or the bare number where it has no name. */
export function reasonText(reason: number): string {
  const name = REASONS[reason];
  return name === undefined ? String(reason) : `${reason} ${name}`;
}

/** All of them, for messages. */
export const REASONS_EXPECTED = `a number from 1 to ${REASON_MAX}, or one of: ${Object.keys(REASONS).map((number) => reasonText(Number(number))).join(", ")}`;

/** The number of a reason, given by number or name; else what is wrong. */
export function parseReason(text: string): { readonly value: number } | { readonly wrong: string } {
  const given = text.trim().toLowerCase();
  const named = Object.entries(REASONS).find(([, name]) => name === given.replaceAll(/[-_]/g, " "));
  if (named !== undefined) return { value: Number(named[0]) };
  if (/^\d{1,3}$/.test(given)) {
    const value = Number(given);
    return value >= 1 && value <= REASON_MAX ? { value } : { wrong: `"${text}" is no reason: give ${REASONS_EXPECTED}` };
  }
  return { wrong: `unknown reason "${text}"${didYouMean(given, Object.values(REASONS))}` };
}
