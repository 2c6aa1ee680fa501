// The conformance list, run against whatever pump is at the port.

import { Index } from "../../protocol/frames";
import { Register } from "../../protocol/service";
import { WandError } from "../../protocol/wand/problems";
import { Refused } from "../../protocol/wand/procedures/procedure";
import type { Transport } from "../../protocol/wand/transport";
import type { Wall } from "../live/wall";
import { Login } from "./login";
import type { Random } from "./login";
import { Failure, Probe } from "./probe";
import { Skipped } from "./row";
import type { Allowed, Bench, Row } from "./row";
import { FRAME_ROWS } from "./rows-frames";
import { OPEN_ROWS } from "./rows-open";
import type { Instruments } from "./instruments";
import { InstrumentError } from "./instruments";
import type { VerifyPlan } from "./plan";
import { ALARM_ROWS, STOP_ROWS } from "./rows-alarms";
import { DOSE_ROWS, SETUP_ROWS } from "./rows-dose";
import { PROGRAM_ROWS } from "./rows-program";
import { RECOVERY_ROWS } from "./rows-recovery";
import { SESSION_ROWS } from "./rows-session";
import { PROVISION_ROWS, SLOW_ROWS } from "./rows-slow";

/** All rows, in the order in which they are run: those that only look come first. */
export const ROWS: readonly Row[] = [...OPEN_ROWS, ...PROVISION_ROWS, ...FRAME_ROWS, ...SESSION_ROWS, ...PROGRAM_ROWS, ...SLOW_ROWS];

/** With a plan: therapy is begun before what programs and ended last. */
export const PLANNED_ROWS: readonly Row[] = [
  ...OPEN_ROWS, ...PROVISION_ROWS, ...FRAME_ROWS, ...SESSION_ROWS, ...SETUP_ROWS, ...PROGRAM_ROWS, ...DOSE_ROWS, ...ALARM_ROWS, ...RECOVERY_ROWS, ...SLOW_ROWS, ...STOP_ROWS,
];

export interface RowResult {
  readonly row: Row;
  readonly result: "pass" | "failed" | "skipped";
  /** Why, unless it passed. */
  readonly reason: string;
  /** What the row saw, where it told. */
  readonly seen: string;
  /** By the wall. */
  readonly real_ms: number;
}

export interface VerifyOptions {
  readonly transport: Transport;
  readonly wall: Wall;
  readonly random: Random;
  readonly allowed: Allowed;
  readonly flood_s: number;
  /** The pump's key; asked for once, with whether the pump has one. Undefined if there is none to be had. */
  readonly key: (provisioned: boolean) => Uint8Array | undefined;
  readonly rows?: readonly Row[];
  readonly plan?: VerifyPlan;
  readonly instruments?: Instruments;
  /** A row begins. */
  readonly begins?: (row: Row) => void;
  readonly ended?: (result: RowResult) => void;
}

/** Nothing can be said about a pump: there is none, or the port is gone. */
export class NoPump extends Error {
  override readonly name = "NoPump";
}

async function runRow(row: Row, bench: Bench, seen: () => string): Promise<RowResult> {
  const began_us = bench.probe.wall.now_us();
  const end = (result: RowResult["result"], reason: string): RowResult => ({ row, result, reason, seen: seen(), real_ms: Math.round((bench.probe.wall.now_us() - began_us) / 1000) });
  try {
    await row.run(bench);
    return end("pass", "");
  } catch (error) {
    if (bench.probe.gone !== undefined) throw new NoPump(bench.probe.gone);
    if (error instanceof Skipped) return end("skipped", error.message);
    if (error instanceof InstrumentError) return end("skipped", `needs an instrument that works: ${error.message}`);
    // What the wand's own procedures throw is an answer that is none, too.
    if (error instanceof Failure || error instanceof WandError || error instanceof Refused) return end("failed", error.message);
    throw error;
  }
}

/** What rows are given; `seen` is emptied before each. */
function benchOf(options: VerifyOptions, probe: Probe, login: Login | undefined, provisioned: boolean, seen: { text: string }): Bench {
  const { random, allowed, flood_s, plan, instruments = {} } = options;
  const found = new Map<string, Promise<unknown>>();
  return {
    probe, random, allowed, flood_s, provisioned, plan, instruments, marks: new Set(),
    login: () => {
      if (login === undefined) throw new Skipped("needs the pump's key");
      return login;
    },
    close: () => login?.close() ?? Promise.resolve(),
    once: <T>(name: string, make: () => Promise<T>) => {
      const known = found.get(name) ?? make();
      found.set(name, known);
      return known as Promise<T>;
    },
    saw: (text) => { seen.text = text; },
  };
}

async function hasKey(probe: Probe): Promise<boolean> {
  try {
    await probe.wake();
  } catch (error) {
    if (error instanceof Failure) throw new NoPump(probe.gone ?? error.message);
    throw error;
  }
  return (await probe.register(Index.pump, Register.provisioned))?.[0] === 1;
}

/** So often a pump that failed a row is called before the next. */
const CALLS_MAX = 5;

/** A row that fails is to take no other with it: the next one begins with a pump that is awake and listens, if it ever is again. */
async function comesBack(probe: Probe): Promise<boolean> {
  for (let call = 0; call < CALLS_MAX && probe.gone === undefined; call++) {
    try {
      await probe.wake();
      await probe.echo();
      return true;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
    }
  }
  return false;
}

/** Leaves the pump asleep, its session closed. Whether it hears that is no longer a finding. */
async function leave(probe: Probe, login: Login | undefined): Promise<void> {
  try {
    await login?.close();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
  }
  await probe.sleep();
}

/**
 * Runs all rows and gives their results. The pump's therapy is left alone, and its settings: its log gains logins and requests. Throws `NoPump` if
 * there is none, or the port goes away.
 */
export async function verify(options: VerifyOptions): Promise<readonly RowResult[]> {
  const { transport, wall, random } = options;
  const probe = new Probe(transport, wall);
  const provisioned = await hasKey(probe);
  const key = options.key(provisioned);
  const login = key === undefined ? undefined : new Login(probe, key, random);
  const seen = { text: "" };
  const bench = benchOf(options, probe, login, provisioned, seen);
  const results: RowResult[] = [];
  let dead = false;
  for (const row of options.rows ?? (options.plan === undefined ? ROWS : PLANNED_ROWS)) {
    options.begins?.(row);
    seen.text = "";
    const needsNone = OPEN_ROWS.includes(row) || PROVISION_ROWS.includes(row);
    // A pump without a key opens no session; one that is only being looked at must not be kept awake, which is paid for by its battery.
    const result = login !== undefined && !needsNone && !bench.provisioned
      ? { row, result: "skipped" as const, reason: "the pump has no key", seen: "", real_ms: 0 } : await runRow(row, bench, () => seen.text);
    results.push(result);
    options.ended?.(result);
    // One that did not come back once is not waited for at each row.
    if (result.result === "failed" && !dead) dead = !await comesBack(probe);
  }
  await leave(probe, login);
  return results;
}
