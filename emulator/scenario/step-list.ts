// A list of steps as a value: it is only found here, and read in its turn.

import { isSeq } from "yaml";
import type { Node } from "yaml";
import type { Kind } from "./kinds";
import { describeNode } from "./reader";

/** Steps are followed by the plan, in order, so their verb reads them when it is their turn. */
export const stepList: Kind<readonly Node[]> = {
  name: "steps", expects: 'a list of steps such as "- wait: 6h"', schema: { $ref: "#/$defs/steps" },
  read(reader, node) {
    if (isSeq(node) && node.items.length > 0) return node.items as Node[];
    reader.report(node, `expected ${this.expects}, found ${isSeq(node) ? "an empty list" : describeNode(node)}`);
    return undefined;
  },
};
