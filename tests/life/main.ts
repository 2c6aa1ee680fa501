// One life on one target, in a process of its own: prints its digests as JSON.

import { parseArgs } from "node:util";
import type { Bench } from "../../emulator/bench";
import { openTarget } from "../../emulator/cli/targets";
import { Status } from "../../protocol/operations";
import { live } from "./life";
import { wearOf, type Wear } from "./wear";

/** What was done up to some day. */
interface Done {
  readonly pulses: number;
  readonly digest: string;
  readonly full_digest: string;
  readonly wear: readonly Wear[];
}

/** What a life comes to. */
export interface LifeReport extends Done {
  /** What it had come to on the day of `--mark`. */
  readonly mark?: Done;
  readonly violations: readonly string[];
  readonly state: number;
  readonly alarms: number;
}

function doneBy({ trace, storage }: Bench): Done {
  return { pulses: trace.pulses, digest: trace.therapyDigest(), full_digest: trace.fullDigest(), wear: wearOf(storage.flash.wear) };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { target: { type: "string", default: "node" }, days: { type: "string", default: "2557" }, lag: { type: "string", default: "0" }, mark: { type: "string", default: "-1" } },
  });
  let mark: Done | undefined;
  const controller = await openTarget(values.target as "node" | "lua");
  const bench = live({ controller, days: Number(values.days), lag_us: Number(values.lag) * 1000, mark: { day: Number(values.mark), look: (begun) => { mark = doneBy(begun); } } });
  const status = bench.status();
  const report: LifeReport = {
    ...doneBy(bench), ...(mark === undefined ? {} : { mark }),
    violations: bench.oracle.violations.map(({ text }) => text),
    state: status[Status.state] ?? -1, alarms: status[Status.alarms] ?? -1,
  };
  console.log(JSON.stringify(report));
}

await main();
