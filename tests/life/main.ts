// One life on one target, in a process of its own: prints its digests as JSON.

import { parseArgs } from "node:util";
import { openTarget } from "../../emulator/cli/targets";
import { Status } from "../../protocol/operations";
import { live } from "./life";
import { wearOf, type Wear } from "./wear";

/** What a life comes to. */
export interface LifeReport {
  readonly pulses: number;
  readonly digest: string;
  readonly full_digest: string;
  readonly violations: readonly string[];
  readonly state: number;
  readonly alarms: number;
  readonly wear: readonly Wear[];
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { target: { type: "string", default: "node" }, days: { type: "string", default: "2557" }, lag: { type: "string", default: "0" } },
  });
  const controller = await openTarget(values.target as "node" | "lua");
  const bench = live({ controller, days: Number(values.days), lag_us: Number(values.lag) * 1000 });
  const status = bench.status();
  const report: LifeReport = {
    pulses: bench.trace.pulses, digest: bench.trace.therapyDigest(), full_digest: bench.trace.fullDigest(),
    violations: bench.oracle.violations.map(({ text }) => text),
    state: status[Status.state] ?? -1, alarms: status[Status.alarms] ?? -1,
    wear: wearOf(bench.storage.flash.wear),
  };
  console.log(JSON.stringify(report));
}

await main();
