// A story told on the bench by its buttons and keys alone: therapy, a stall.

import type { LiveBench } from "./live-bench";

/** From a new pump to therapy. */
export async function toTherapy(bench: LiveBench): Promise<void> {
  await bench.untilRow("State", /shelf/);
  await bench.wand("#provision", /Accepted: bench pump is provisioned/);
  await bench.until("#key-memory", /memory of this server alone/);
  await bench.wand("#setup", /Accepted: The pump is set up/);
  await bench.wand("#refill", /18 mL of baclofen 2000 ug\/mL/);
  await bench.wand("#review", /nothing is changed yet.*100 ug/s);
  await bench.wand("#commit", /Version 1 is in force, read back and the same/);
  await bench.wand("#start", /in the state therapy/);
  await bench.untilRow("Basal", /100 ug\/day, version 1/);
}

const STALLED = '[data-fault="motor.stalled"] [role=switch]';

/** Until the pump has noticed. */
export async function stall(bench: LiveBench): Promise<void> {
  await bench.click(STALLED);
  await bench.until("#faults h2", /1 active/);
  await bench.page.keyboard.press("n");
  await bench.untilRow("Alarms", /motor stall \(critical\)/);
  await bench.until("#pace", /paused/);
}

/** Until therapy goes on. */
export async function recover(bench: LiveBench): Promise<void> {
  await bench.click(STALLED);
  await bench.until("#faults h2", /0 active/);
  await bench.page.keyboard.press("2");
  await bench.untilRow("Alarms", /^none$/);
  await bench.untilRow("State", /therapy/);
}
