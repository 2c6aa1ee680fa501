// Verb prime: tubing and catheter are filled; armed, then begun by its token.

import { Op } from "../../../protocol/operations";
import { required, optional } from "../fields";
import { passTime } from "../plan";
import { count, quantity, volume } from "../kinds";
import { MEASURES } from "../../../protocol/wand/text/quantity";
import { defineVerb, expect_refusal } from "../verb";

export const prime = defineVerb({
  name: "prime",
  doc: "Primes: asks for a token for so much volume, and begins by it. On the shelf or stopped.",
  example: "prime: 0.316mL",
  fields: {
    volume: required(volume, "What is filled: at most tubing and catheter."),
    times: optional(count(1, 8), "How often the same token is used; 1 unless told. More than once is the mistake that it is there for."),
    apart: optional(quantity(MEASURES.duration), "Time between one use of the token and the next."),
    expect_refusal,
  },
  lone: "volume",
  validate(values, { plan }) {
    passTime(plan, (values.apart ?? 0) * ((values.times ?? 1) - 1));
  },
  run(runner, values, place) {
    const token = runner.arm(place, values.volume, values.expect_refusal);
    const times = values.times ?? 1;
    for (let time = 1; token !== undefined && time <= times; time += 1) {
      if (time > 1) runner.wait(values.apart ?? 0);
      runner.operate(place, Op.prime, [token], time === times ? values.expect_refusal : undefined);
    }
  },
});
