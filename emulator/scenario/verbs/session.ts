// Verb session: who is at the wand from now on.

import { Role } from "../../../protocol/service";
import { optional } from "../fields";
import { oneOf } from "../kinds";
import { defineVerb, yes_no } from "../verb";

const roles = new Map([["clinician", Role.clinician], ["patient", Role.patient]]);

export const session = defineVerb({
  name: "session",
  doc: "Changes who is at the wand; the next step that needs the pump logs in. At first it is a clinician who says good-bye before time passes.",
  example: "session: {role: patient}",
  fields: {
    role: optional(oneOf("role", roles), "Whose key the wand has; the clinician's unless told."),
    stays: optional(oneOf("answer", yes_no), "yes: the session is not closed when time passes, and stays open until the pump ends it."),
  },
  lone: "role",
  validate(values, { report }) {
    if (values.role === undefined && values.stays === undefined) report(undefined, "session needs a role, or stays");
  },
  run(runner, values) {
    runner.connect({ role: values.role ?? Role.clinician, stays: values.stays ?? false });
  },
});
