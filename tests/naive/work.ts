// A worker: searches every nth program of a range, and prints what it found.

import { parseArgs } from "node:util";
import { createController } from "../../firmware/controller";
import { search, shrink } from "./search";

const { values } = parseArgs({ options: { seed: { type: "string", default: "1" }, from: { type: "string", default: "0" }, to: { type: "string", default: "100" }, step: { type: "string", default: "1" }, found: { type: "string", default: "" } } });
const number = (name: "seed" | "from" | "to" | "step"): number => Number(values[name]);
let done = 0;
const searched = search(createController, number("seed"), number("from"), number("to"), number("step"), () => {
  done += 1;
  if (done % 20 === 0) process.stdout.write(`${JSON.stringify({ done })}\n`);
});
const files = values.found === "" ? [] : searched.found.slice(0, 3).map(({ n, difference }) =>
  shrink(createController, number("seed"), n, difference.what, values.found, `npm run naive -- --seed ${number("seed")} --from ${n} --programs 1`));
process.stdout.write(`${JSON.stringify({ searched, files })}\n`);
