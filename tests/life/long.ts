// npm run life: seven years three times, four single years, compared.

import { availableParallelism } from "node:os";
import { wholeLifeWrong } from "./whole";
import { life, SEVEN_YEARS } from "./process";
import type { LifeReport } from "./main";
import { wearLines } from "./wear";

const YEAR = ["--days", "365"] as const;
const LATE = ["--lag", "3"] as const;
const LUA = ["--target", "lua"] as const;

interface Life {
  readonly what: string;
  readonly args: readonly string[];
  readonly zone?: string;
  /** By `what`: which of the lives before it must be the same. */
  readonly as?: string;
  /** The processor is late, and not the one that it is held against: what it did is the same, and not when it did it. */
  readonly therapy_alone?: boolean;
}

const LIVES: readonly Life[] = [
  { what: "seven years", args: SEVEN_YEARS },
  { what: "seven years again", args: SEVEN_YEARS, as: "seven years" },
  { what: "seven years in another time zone", args: SEVEN_YEARS, zone: "Australia/Lord_Howe", as: "seven years" },
  { what: "a year", args: YEAR },
  { what: "a year late", args: [...YEAR, ...LATE], as: "a year", therapy_alone: true },
  { what: "a year on lua", args: [...YEAR, ...LUA], as: "a year" },
  { what: "a year late on lua", args: [...YEAR, ...LUA, ...LATE], as: "a year late" },
];

const reports = new Map<string, LifeReport>();
const waiting = [...LIVES];
await Promise.all(Array.from({ length: availableParallelism() }, async () => {
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) reports.set(next.what, await life(next.args, next.zone));
}));

let bad = 0;
for (const { what, args, as, therapy_alone } of LIVES) {
  const seen = reports.get(what)!;
  const wanted = as === undefined ? seen : reports.get(as)!;
  const text = (report: LifeReport): string => JSON.stringify({ ...report, ...(therapy_alone === true ? { full_digest: "" } : {}) });
  const wrong = args === SEVEN_YEARS ? wholeLifeWrong(seen) : [];
  for (const line of wrong) console.log(`    ${what}: ${line}`);
  const good = seen.violations.length === 0 && wrong.length === 0 && text(seen) === text(wanted);
  if (!good) bad++;
  console.log(`${good ? "ok " : "BAD"} ${what}${as === undefined ? "" : `, as ${as}`}: ${text(seen)}`);
}
console.log("wear after seven years at 2000 pulses a day and a refill a month:");
for (const line of wearLines(reports.get("seven years")!.wear)) console.log(`  ${line}`);
process.exitCode = bad === 0 ? 0 : 1;
