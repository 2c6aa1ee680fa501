// Verb intrude: somebody with another key tries to log in.

import { nameOf } from "../../../protocol/names";
import { Problem, PROBLEM_TEXTS } from "../../../protocol/wand/problems";
import { optional, required } from "../fields";
import { count, oneOf } from "../kinds";
import { defineVerb } from "../verb";

/** Whatever keeps him out: for drawn scenarios, which do not know how the line is. */
const ANY = -1;
const outcomes = new Map<string, Problem | typeof ANY>([["login failed", Problem.login_failed], ["backing off", Problem.backing_off], ["no answer", Problem.no_answer], ["not let in", ANY]]);
const names = Object.fromEntries(Object.entries(PROBLEM_TEXTS).map(([number, { name }]) => [number, name]));

export const intrude = defineVerb({
  name: "intrude",
  doc: "A stranger with a wrong key logs in, so many times, and each time ends as expected. Then the clinician has the wand again.",
  example: "intrude: {times: 5, expect: login failed}",
  fields: {
    times: optional(count(1, 1000), "How often; once unless told."),
    expect: required(oneOf("outcome", outcomes), "How each attempt ends."),
  },
  lone: "expect",
  validate() {
    // What the pump makes of it is the pump's to say.
  },
  run(runner, values, _place, at) {
    const attempt = (): void => {
      const ended = runner.intrude();
      if (values.expect === ANY ? ended === undefined : ended !== values.expect) runner.fail(at("expect"), "intrude", values.expect === ANY ? "not let in" : nameOf(names, values.expect), ended === undefined ? "let in" : nameOf(names, ended));
    };
    for (let time = 0; time < (values.times ?? 1); time += 1) {
      if (values.expect === ANY) runner.leniently(attempt);
      else attempt();
    }
  },
});
