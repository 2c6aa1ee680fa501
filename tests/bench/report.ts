// What a report costs: a pump's life with its lines and waves written, and not.

import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { jsonListener } from "../../emulator/cli/json-lines";
import { ReportFolder } from "../../emulator/cli/report-file";
import type { RunHead } from "../../emulator/cli/report-writer";
import { Waves } from "../../emulator/report/waves/waves";
import { createController } from "../../firmware/controller";
import { live } from "../life/life";

export interface ReportLap {
  /** Of the processor, of this process, the system's share too. */
  readonly cpu_seconds: number;
  readonly pulses: number;
  readonly digest: string;
  /** Of run.jsonl and trace.vcd together. */
  readonly bytes: number;
}

/** A life of so many days; `report` writes its lines and its waves into a folder that is gone afterwards. */
export function reportLap(days: number, report: boolean): ReportLap {
  const path = mkdtempSync(join(tmpdir(), "itb-pump-report-"));
  try {
    const folder = new ReportFolder(path);
    const before = process.cpuUsage();
    const [waves_file, lines_file] = report ? [folder.open("trace.vcd"), folder.open("run.jsonl")] : [];
    const waves = waves_file === undefined ? undefined : new Waves({ lines: ["a life"] }, waves_file.write);
    const bench = live({
      controller: createController, days,
      listen: (begun) => {
        waves?.listen(begun);
        if (lines_file !== undefined) jsonListener({ scenario: { title: "a life", file: "life" }, target: "node", seed: 1, lag_ms: 0, again: "" } as RunHead, lines_file.write).begin(begun);
      },
    });
    waves?.end(bench.pump_ms(), { lines: [] });
    for (const file of [waves_file, lines_file]) file?.end();
    const { user, system } = process.cpuUsage(before);
    const bytes = report ? statSync(join(path, "trace.vcd")).size + statSync(join(path, "run.jsonl")).size : 0;
    return { cpu_seconds: (user + system) / 1e6, pulses: bench.trace.pulses, digest: bench.trace.therapyDigest(), bytes };
  } finally {
    rmSync(path, { recursive: true });
  }
}

/** In turns, the best of each. */
export function reportReport(days: number, turns = 2): string {
  let [alone, written] = [Infinity, Infinity];
  let bytes = 0;
  for (let turn = 0; turn < turns; turn++) {
    const [without, with_it] = [reportLap(days, false), reportLap(days, true)];
    if (with_it.digest !== without.digest) throw new Error(`a life whose report is written is another: ${with_it.digest}, ${without.digest}`);
    alone = Math.min(alone, without.cpu_seconds);
    written = Math.min(written, with_it.cpu_seconds);
    bytes = with_it.bytes;
  }
  const share = (written - alone) / written;
  return `  report        run.jsonl and trace.vcd take ${(share * 100).toFixed(0)}% of a run of ${days} days (${written.toFixed(2)} s of the processor, ${alone.toFixed(2)} s without, best of ${turns}): ${(bytes / 1e6).toFixed(0)} MB`;
}
