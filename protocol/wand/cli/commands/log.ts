// wand log: records of the pump's log, and those that come.

import type { OpenWand } from "../../library/wand";
import type { LogRecord } from "../../procedures/log";
import { recordRow } from "../../text/records";
import type { Context } from "../context";
import { recordFields } from "./interrogate";

export interface LogOptions {
  readonly from?: number;
  readonly count?: number;
  readonly all?: true;
  readonly follow?: true;
}

/** How many without --from, --count or --all. */
const count_default = 20;
/** With --follow, how often to look. */
const follow_ms = 2000;

/** Columns of records that come one by one: as wide as these are. */
const widths = [6, 23, 16];

function show(context: Context, record: LogRecord): void {
  context.json("record", recordFields(record));
  context.print(recordRow(record).map((cell, i) => (i === 0 ? cell.padStart(widths[0] ?? 0) : cell.padEnd(widths[i] ?? 0))).join("  ").trimEnd());
}

/** Shows records and says which numbers are missing; gives the number after the last. */
async function showFrom(context: Context, wand: OpenWand, from: number, count: number): Promise<number> {
  let next = from;
  for await (const record of wand.log(from, count)) {
    if (record.number > next) context.chat(`records ${next} to ${record.number - 1} are lost: overwritten before they were read`);
    show(context, record);
    next = record.number + 1;
  }
  return next;
}

/** Waits, or until the person wants an end. */
function pause(context: Context): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (go_on: boolean): void => {
      clearTimeout(timer);
      release();
      resolve(go_on);
    };
    const timer = setTimeout(() => { end(true); }, follow_ms);
    const release = context.terminal.onInterrupt(() => { end(false); });
  });
}

export async function log(context: Context, { from, count, all, follow }: LogOptions): Promise<void> {
  await context.with(async (wand) => {
    const { oldest, newest } = await wand.logExtent();
    const wanted = count ?? (from === undefined && all !== true ? count_default : Infinity);
    const first = from ?? (all === true ? oldest : Math.max(oldest, newest - wanted + 1));
    let next = await showFrom(context, wand, Math.max(first, 1), wanted);
    context.json("log_end", { oldest, newest, next });
    context.chat(newest < oldest ? "the log is empty" : `the pump has records ${oldest} to ${newest}`);
    while (follow === true && await pause(context)) next = await showFrom(context, wand, next, Infinity);
  });
}
