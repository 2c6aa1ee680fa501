// Measures a wand and a live pump over a pseudo-terminal, by the wall.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Op, Reservoir } from "../../protocol/operations";
import { openWand } from "../../protocol/wand/library";
import { readLogExtent, readLogPage } from "../../protocol/wand/procedures/log";
import type { LogPage } from "../../protocol/wand/procedures/log";
import { bundledCommand } from "./command";

export interface RoundTrip {
  /** Of one status, request to answer. */
  readonly median_us: number;
  readonly p99_us: number;
  /** Records of the log that were read, and how long that took in all. */
  readonly records: number;
  readonly log_ms: number;
}

/** Runs an emulator in a process of its own while `work` is done with its port. */
async function withEmulator<T>(work: (port: string) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), "itb-pump-"));
  const port = join(directory, "pump");
  const child = spawn(process.execPath, [await bundledCommand(), "emulate", "--link", port], { stdio: ["pipe", "ignore", "ignore"] });
  const ended = new Promise((resolve) => { child.on("close", resolve); });
  try {
    return await work(port);
  } finally {
    child.stdin.end("quit\n");
    await ended;
    rmSync(directory, { recursive: true });
  }
}

/** `trips` status requests one after another, then a log of at least `records` records read whole. */
export function measureRoundTrip(trips: number, records: number): Promise<RoundTrip> {
  return withEmulator(async (port) => {
    const key = new Uint8Array(32).fill(1);
    const wand = await openWand({ port, key, wait_ms: 20_000 });
    await wand.provision(key);
    const times: number[] = [];
    for (let i = 0; i < trips; i++) {
      const began = performance.now();
      await wand.operate(Op.status);
      times.push(Math.round((performance.now() - began) * 1000));
    }
    times.sort((a, b) => a - b);
    const { values } = await wand.operate(Op.reservoir);
    const same = [values[Reservoir.low_volume_nL] ?? 0, values[Reservoir.critical_interval_min] ?? 0, values[Reservoir.other_interval_min] ?? 0];
    // What each of these leaves behind is a record.
    for (let { newest } = await wand.run(readLogExtent()); newest < records; newest++) await wand.operate(Op.set_alarms, same);
    const began = performance.now();
    let count = 0;
    for (let next: number | undefined = 1; next !== undefined;) {
      const page: LogPage = await wand.run(readLogPage(next));
      count += page.records.length;
      next = page.next;
    }
    const log_ms = Math.round(performance.now() - began);
    await wand.close();
    return { median_us: times[Math.floor(trips / 2)] ?? 0, p99_us: times[Math.floor(trips * 0.99)] ?? 0, records: count, log_ms };
  });
}
