// Verb choose: one of several lists of steps, by a random stream with a name.

import { isSeq } from "yaml";
import type { Node } from "yaml";
import { required } from "../fields";
import { list, text } from "../kinds";
import type { Kind } from "../kinds";
import { forkPlan, joinPlans } from "../plan";
import { perform } from "../step";
import { stepList } from "../step-list";
import { defineVerb } from "../verb";

const several: Kind<readonly (readonly Node[])[]> = {
  ...list(stepList), name: "lists of steps", expects: 'a list of at least two lists of steps such as "- [wait: 6h]"',
  schema: { type: "array", minItems: 2, items: stepList.schema },
  read(reader, node) {
    if (isSeq(node) && node.items.length >= 2) return list(stepList).read(reader, node);
    reader.report(node, `expected ${this.expects}`);
    return undefined;
  },
};

export const choose = defineVerb({
  name: "choose",
  doc: "Does one of several lists of steps. Which one depends on the seed, the name, and how often this name was asked before; it is told with each failure.",
  example: "choose: {name: which-fault, of: [[fault: motor.stalled], [fault: rotor.dead]]}",
  fields: {
    name: required(text(60), "Names the random stream: the choices of one name depend on no other's."),
    of: required(several, "The lists of steps."),
  },
  validate(values, { plan, steps }) {
    const courses = values.of.map(() => forkPlan(plan));
    const ready = values.of.map((nodes, index) => steps(nodes, courses[index] ?? plan));
    joinPlans(plan, courses);
    return ready;
  },
  run(runner, values, _place, _at, ready) {
    perform(runner, ready[runner.choose(values.name, ready.length)] ?? []);
  },
});
