// Verb include: the steps of another file, as if they stood here.

import { required } from "../fields";
import { text } from "../kinds";
import { perform } from "../step";
import { defineVerb } from "../verb";

export const include = defineVerb({
  name: "include",
  doc: "Does the steps of another file, a list of steps and nothing else. Name it *.steps.yaml, so that it is not taken for a scenario.",
  example: "include: implant.steps.yaml",
  fields: { file: required(text(500), "Path from the folder of this file.") },
  lone: "file",
  validate(values, { plan, include: read, nodeOf }) {
    return read(nodeOf("file"), values.file.trim(), plan);
  },
  run(runner, _values, _place, _at, ready) {
    perform(runner, ready);
  },
});
