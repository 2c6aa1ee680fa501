// Rows: the pump's power is taken away and given back.

import { ResetCause } from "../../hal/controller";
import { State } from "../../protocol/states";
import { RecordKind } from "../../protocol/records";
import { STATE_NAMES, nameOf } from "../../protocol/names";
import type { LogRecord } from "../../protocol/wand/procedures/log";
import { Failure } from "./probe";
import { newestRecord, recordsSince } from "./rows-dose";
import { must, Skipped } from "./row";
import type { Bench, Row } from "./row";
import { counted, counterOf, elapsed, firstCount, look, needs, pass, planOf, seconds, therapyOf } from "./watch";
import type { Count, Look, Therapy } from "./watch";

/** MEM-1a. */
const BACK_MS = 60_000;

interface Cycle {
  readonly therapy: Therapy;
  readonly before: Count;
  readonly after: Count;
  /** From power on to an answer that says therapy. */
  readonly back_ms: number;
  readonly records: readonly LogRecord[];
}

/** Looks again and again until the pump is in therapy. Throws `Failure` once it is too late. */
async function untilBack(bench: Bench, on_us: number): Promise<Look> {
  let last = "it does not answer";
  do {
    try {
      const seen = await look(bench);
      if (seen.status.state === State.therapy) return seen;
      last = `it is in the state ${nameOf(STATE_NAMES, seen.status.state)}`;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      last = error.message;
      bench.login().open = undefined;
    }
    await bench.probe.wait(500);
  } while (bench.probe.wall.now_us() - on_us < BACK_MS * 1000);
  throw new Failure(`60 s after its power came back therapy is not: ${last}`);
}

/** Done once, for all rows that look at it. */
function cycled(bench: Bench): Promise<Cycle> {
  return bench.once("cycle", async () => {
    const plan = planOf(bench);
    needs(bench, "power", "the pump's power is taken away and given back");
    const { power } = bench.instruments;
    if (power === undefined || plan.power === undefined) throw new Skipped("needs a power switch");
    const therapy = await therapyOf(bench);
    const before = await counted(bench);
    const newest = await newestRecord(bench);
    await bench.close();
    await power.off();
    await bench.probe.wait(plan.power.off_ms);
    await power.on();
    const on_us = bench.probe.wall.now_us();
    // Its session has gone with its memory.
    bench.login().open = undefined;
    const back = await untilBack(bench, on_us);
    const back_ms = (back.to_us - on_us) / 1000;
    const after = await counted(bench);
    return { therapy, before, after, back_ms, records: await recordsSince(bench, newest + 1) };
  });
}

export const RECOVERY_ROWS: readonly Row[] = [
  {
    id: "power-back", requirement: "MEM-1", text: "After a power loss therapy is back within 60 s, as it was prescribed, without anybody's help.",
    run: async (bench) => {
      const { before, after, back_ms } = await cycled(bench);
      const [a, b] = [before.look.status, after.look.status];
      bench.saw(`back ${seconds(back_ms)} after power`);
      must(b.version === a.version && b.rate === a.rate, `it delivers ${b.rate} ng/day by prescription ${b.version}, and before ${a.rate} by ${a.version}`);
    },
  },
  {
    id: "power-books", requirement: "MEM-2", text: "The books outlive the loss of power: nothing in them goes back, and at most the pulse in flight is in doubt.",
    run: async (bench) => {
      const { before, after } = await cycled(bench);
      const [a, b] = [before.look.status, after.look.status];
      bench.saw(`${a.commanded} commanded before, ${b.commanded} after; ${b.uncertain - a.uncertain} more in doubt`);
      for (const book of ["commanded", "confirmed", "uncertain", "pump_ms"] as const) must(b[book] >= a[book], `${book} went back from ${a[book]} to ${b[book]}`);
      must(b.remaining_pL <= a.remaining_pL, `the reservoir's books rose from ${a.remaining_pL} to ${b.remaining_pL} pL`);
      must(b.uncertain - a.uncertain <= 1, `${b.uncertain - a.uncertain} pulses more are uncertain`);
    },
  },
  {
    id: "power-pulses", requirement: "MEM-2", text: "From the first count on, over the loss of power, the books have the pulses that the pulse output showed, to the one in flight.",
    run: async (bench) => {
      counterOf(bench);
      const { after } = await cycled(bench);
      const before = await firstCount(bench);
      const [rise, edges] = [after.look.status.commanded - before.look.status.commanded, after.edges - before.edges];
      bench.saw(`${edges} edges, ${rise} pulses in the books`);
      must(rise === edges || rise === edges + 1, `the books rise by ${rise} pulses, and the counter saw ${edges}`);
    },
  },
  {
    id: "power-burst", requirement: "DOSE-4", text: "What was missed without power is not caught up: delivery goes on at the prescribed rate.",
    run: async (bench) => {
      await cycled(bench);
      const therapy = await therapyOf(bench);
      const watched_ms = Math.max(30_000, 5 * therapy.interval_ms);
      if (therapy.interval_ms > 60_000) throw new Skipped(`needs a faster pump: a pulse comes every ${seconds(therapy.interval_ms)}`);
      const before = await counted(bench);
      await pass(bench, watched_ms);
      const after = await counted(bench);
      const [least_ms, most_ms] = elapsed(bench, before.look, after.look);
      const rise = after.look.status.commanded - before.look.status.commanded;
      bench.saw(`${rise} pulses in ${seconds(most_ms)}; ${(most_ms / therapy.interval_ms).toFixed(2)} are prescribed`);
      must(rise > least_ms / therapy.interval_ms - 1 && rise < most_ms / therapy.interval_ms + 1, `${rise} pulses in ${seconds(most_ms)}, where ${(most_ms / therapy.interval_ms).toFixed(2)} are prescribed`);
    },
  },
  {
    id: "power-log", requirement: "LOG-1", text: "The log tells that the pump started, and why.",
    run: async (bench) => {
      const { records } = await cycled(bench);
      const boots = records.filter(({ kind }) => kind === RecordKind.boot);
      bench.saw(`${boots.length} start${boots.length === 1 ? "" : "s"}, by cause ${boots.map(({ a }) => a).join(", ")}`);
      must(boots.length > 0, "the log has no record of a start");
      must(boots.every(({ a }) => a === ResetCause.power), `the log gives cause ${boots.map(({ a }) => a).join(", ")} in place of power`);
    },
  },
];
