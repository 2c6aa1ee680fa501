// The kind of field for a basal rate: a dose a day, or a volume a day.

import { MEASURES, patternOf } from "../../protocol/wand/text/quantity";
import { parseRate, RATE_EXPECTED } from "../../protocol/wand/text/rate";
import type { Rate } from "../../protocol/wand/text/rate";
import { orParameter } from "./kinds";
import type { Kind } from "./kinds";
import { scalarText } from "./reader";

export const rateKind: Kind<Rate> = {
  name: "rate", expects: RATE_EXPECTED,
  schema: orParameter({ type: "string", pattern: `^(${patternOf(MEASURES.rate)}|${patternOf(MEASURES.flow)})$` }),
  read(reader, node) {
    const parsed = parseRate(scalarText(node));
    if ("value" in parsed) return parsed;
    reader.report(node, parsed.wrong);
    return undefined;
  },
};
