// A worker: searches a range of programs, and prints what it found.

import { parseArgs } from "node:util";
import { createController } from "../../firmware/controller";
import { plainModel } from "./compare";
import { capPrograms, programs } from "./generate";
import { loopModel } from "./loop";
import { search, shrink } from "./search";

const { values } = parseArgs({ options: {
  seed: { type: "string", default: "1" }, from: { type: "string", default: "0" }, to: { type: "string", default: "100" }, found: { type: "string", default: "" },
  loop: { type: "boolean", default: false }, caps: { type: "boolean", default: false },
} });
const [seed, from, to] = [Number(values.seed), Number(values.from), Number(values.to)];
const [make, of] = [values.loop ? loopModel : plainModel, values.caps ? capPrograms : programs];
let done = 0;
const tell = (): void => {
  done += 1;
  if (done % 20 === 0) process.stdout.write(`${JSON.stringify({ done })}\n`);
};
const searched = search(createController, seed, from, to, { tell, make, of });
const more = `${values.loop ? " --loop" : ""}${values.caps ? " --caps" : ""}`;
const files = values.found === "" ? [] : searched.found.slice(0, 3).map(({ n, difference }) =>
  shrink(createController, seed, n, difference.what, values.found, `npm run naive -- --seed ${seed} --from ${n} --programs 1${more}`, { make, of }));
process.stdout.write(`${JSON.stringify({ searched, files })}\n`);
