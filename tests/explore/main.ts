// npm run planted: plants each fault, and has exploration find it.

import { namedChange, loadChanged } from "../mutants/load";
import type * as Hunt from "./hunt";
import { PLANTED } from "./planted";

const SHRINK_RUNS = 300;
/** What a failure must shrink to. */
const STEPS_MAX = 10;
const [filter = ""] = process.argv.slice(2);

let missed = 0;
for (const planted of PLANTED.filter(({ name }) => name.includes(filter))) {
  const { hunt, quickJobs } = await loadChanged<typeof Hunt>("tests/explore/hunt.ts", namedChange(planted), "node");
  const { jobs, cuts, found, steps } = hunt(quickJobs(planted.by, planted.within), SHRINK_RUNS);
  const good = found !== undefined && steps <= STEPS_MAX;
  if (!good) missed++;
  const where = planted.by === "cuts" ? `${cuts} cuts` : `${jobs} seeds`;
  console.log(`${good ? "found" : "MISSED"}  ${planted.name} (${planted.breaks}): in ${where}, ${steps} steps\n  ${found ?? "nothing"}`);
}
console.log(`${missed === 0 ? "all found" : `${missed} MISSED`}; again: npm run planted -- ${filter}`);
process.exitCode = missed === 0 ? 0 : 1;
