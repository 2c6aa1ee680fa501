// JUnit XML of an exploration: a case for the whole, and one a finding.

import type { Part } from "../explore/part";
import { junitDocument, seconds } from "./junit";
import type { PlainCase, Property } from "./junit";

/** What the whole came to: ten thousand runs are one case, since what each was is in its seed. */
function propertiesOf({ range, shard, shards, target, build, jobs_version, canary_runs, totals }: Part): Property[] {
  return [
    ["kind", range.kind], ["from", String(range.from)], ["to", String(range.to)], ["shard", `${String(shard)}/${String(shards)}`], ["target", target], ["build", build],
    ["jobs_version", String(jobs_version)], ["runs", String(totals.jobs)], ["virtual_ms", String(totals.virtual_ms)], ["pulses", String(totals.pulses)], ["digest", totals.digest],
    ["requests_accepted", String(totals.accepted)], ["requests_refused", String(totals.refused)], ["canary_runs", String(canary_runs)],
    ["faults_injected", String(Object.values(totals.faults).reduce((sum, each) => sum + each, 0))], ["findings", String(totals.findings.length)],
    ...Object.entries(totals.verdicts).map(([verdict, count]): Property => [`runs: ${verdict}`, String(count)]),
  ];
}

/** The text of junit.xml. `real_ms` is what all runs took together by the host's clock; `again` is the command that explores the same. */
export function exploreXml(part: Part, real_ms: number, again: string): string {
  const { range: { kind, from, to }, totals, target } = part;
  const name = `explore ${kind} ${String(from)}..${String(to)}`;
  const properties = propertiesOf(part);
  const whole: PlainCase = {
    name: `${name}: ${String(totals.jobs)} runs, ${String(totals.findings.length)} kinds of findings`, class_name: `${name} (${target})`, time: seconds(real_ms),
    out: [...properties.map(([key, value]) => `[[PROPERTY|${key}=${value}]]`), `again: ${again}`].join("\n"),
  };
  const cases = totals.findings.map(({ verdict, kind: what, first, text, count, file }): PlainCase => {
    const lines = [`${String(count)} ${count === 1 ? "run" : "runs"}, first ${first}: ${text}`, ...(file === undefined ? [] : [`again: itb-pump replay ${file}`])];
    return {
      name: `${verdict}: ${what}`, class_name: `${name} (${target})`, time: seconds(0),
      problem: { error: verdict === "crashed", message: text, type: verdict, text: lines.join("\n") },
      out: [`[[PROPERTY|first=${first}]]`, `[[PROPERTY|runs=${String(count)}]]`].join("\n"),
    };
  });
  return junitDocument([{ name, properties, cases: [whole, ...cases] }], seconds(real_ms));
}
