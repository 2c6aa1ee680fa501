// What a page's request says, read field by field: nothing is taken on trust.

import type { Measure } from "../../protocol/wand/text/quantity";
import { parseQuantity } from "../../protocol/wand/text/quantity";

/** A request that says nothing that can be done. Its message is for the page, as it stands. */
export class BadRequest extends Error {
  override readonly name = "BadRequest";
}

/** A request's body, parsed: an object, whose fields may be anything. */
export type Body = Readonly<Record<string, unknown>>;

const TEXT_MAX = 100_000;

/** Reads a body. Throws `BadRequest`. */
export function bodyOf(text: string): Body {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    throw new BadRequest("the request is not JSON");
  }
  if (typeof found !== "object" || found === null || Array.isArray(found)) throw new BadRequest("the request is no JSON object");
  return found as Body;
}

/** A field that is a text, without blanks around it. Throws `BadRequest`. */
export function textOf(body: Body, field: string): string {
  const found = body[field];
  if (typeof found !== "string") throw new BadRequest(`${field}: expected a text`);
  if (found.length > TEXT_MAX) throw new BadRequest(`${field}: is longer than ${TEXT_MAX / 1000} kB`);
  return found.trim();
}

export function booleanOf(body: Body, field: string): boolean {
  const found = body[field];
  if (typeof found !== "boolean") throw new BadRequest(`${field}: expected true or false`);
  return found;
}

/** A whole number in a range, both ends included. Throws `BadRequest`. */
export function wholeOf(body: Body, field: string, min: number, max: number): number {
  const found = body[field];
  if (typeof found !== "number" || !Number.isSafeInteger(found) || found < min || found > max) throw new BadRequest(`${field}: expected a whole number from ${min} to ${max}`);
  return found;
}

/** A quantity in the measure's base unit; undefined for an empty text. Throws `BadRequest`. */
export function quantityIf(body: Body, field: string, of: Measure): number | undefined {
  const text = textOf(body, field);
  if (text === "") return undefined;
  const parsed = parseQuantity(text, of);
  if ("wrong" in parsed) throw new BadRequest(`${field}: ${parsed.wrong}`);
  return parsed.value;
}

/** The same where it must be given. */
export function quantityOf(body: Body, field: string, of: Measure): number {
  const found = quantityIf(body, field, of);
  if (found === undefined) throw new BadRequest(`${field}: nothing given: expected a ${of.name} such as ${of.example}`);
  return found;
}
