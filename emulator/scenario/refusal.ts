// Refusals as a scenario names them, "maybe" among them.

import { FAULT_TEXTS } from "../../hal/fault-texts";
import { orParameter, wrong } from "./kinds";
import type { Kind } from "./kinds";
import { scalarText } from "./reader";
import { didYouMean } from "../../protocol/wand/text/suggest";

/** Not a fault: the pump may refuse this or accept it, and over a bad line need not answer. For drawn scenarios, which cannot know. */
export const MAYBE = -1;

const MAYBE_TEXT = "maybe";

const refusals = new Map(Object.entries(FAULT_TEXTS).filter(([number]) => number !== "0").map(([number, { name }]) => [name, Number(number)]));

/** A refusal by name or number: a `Fault`; or `MAYBE`. */
export const refusal: Kind<number> = {
  name: "refusal", expects: 'a refusal by name or number, such as "flow below minimum" or 10, or "maybe"',
  schema: orParameter({ enum: [...refusals.keys(), ...refusals.values(), MAYBE_TEXT] }),
  read(reader, node) {
    const given = scalarText(node);
    if (given === MAYBE_TEXT) return MAYBE;
    const found = refusals.get(given) ?? [...refusals.values()].find((number) => String(number) === given);
    if (found !== undefined) return found;
    if (given === "") return wrong(reader, node, this.expects);
    reader.report(node, `unknown refusal "${given}"${didYouMean(given, [...refusals.keys(), MAYBE_TEXT])}`);
    return undefined;
  },
};
