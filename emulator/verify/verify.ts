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
import { PROGRAM_ROWS } from "./rows-program";
import { SESSION_ROWS } from "./rows-session";
import { PROVISION_ROWS, SLOW_ROWS } from "./rows-slow";

/** All rows, in the order in which they are run: those that only look come first. */
export const ROWS: readonly Row[] = [...OPEN_ROWS, ...PROVISION_ROWS, ...FRAME_ROWS, ...SESSION_ROWS, ...PROGRAM_ROWS, ...SLOW_ROWS];

export interface RowResult {
  readonly row: Row;
  readonly result: "pass" | "failed" | "skipped";
  /** Why, unless it passed. */
  readonly reason: string;
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
  /** A row begins. */
  readonly begins?: (row: Row) => void;
  readonly ended?: (result: RowResult) => void;
}

/** Nothing can be said about a pump: there is none, or the port is gone. */
export class NoPump extends Error {
  override readonly name = "NoPump";
}

async function runRow(row: Row, bench: Bench): Promise<RowResult> {
  const began_us = bench.probe.wall.now_us();
  const end = (result: RowResult["result"], reason: string): RowResult => ({ row, result, reason, real_ms: Math.round((bench.probe.wall.now_us() - began_us) / 1000) });
  try {
    await row.run(bench);
    return end("pass", "");
  } catch (error) {
    if (bench.probe.gone !== undefined) throw new NoPump(bench.probe.gone);
    if (error instanceof Skipped) return end("skipped", error.message);
    // What the wand's own procedures throw is an answer that is none, too.
    if (error instanceof Failure || error instanceof WandError || error instanceof Refused) return end("failed", error.message);
    throw error;
  }
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
  const { transport, wall, random, allowed, flood_s } = options;
  const probe = new Probe(transport, wall);
  const provisioned = await hasKey(probe);
  const key = options.key(provisioned);
  const login = key === undefined ? undefined : new Login(probe, key, random);
  const bench: Bench = {
    probe, random, allowed, flood_s, provisioned,
    login: () => {
      if (login === undefined) throw new Skipped("needs the pump's key");
      return login;
    },
    close: () => login?.close() ?? Promise.resolve(),
  };
  const results: RowResult[] = [];
  for (const row of options.rows ?? ROWS) {
    options.begins?.(row);
    const needsNone = OPEN_ROWS.includes(row) || PROVISION_ROWS.includes(row);
    // A pump without a key opens no session; one that is only being looked at must not be kept awake, which is paid for by its battery.
    const result = login !== undefined && !needsNone && !bench.provisioned
      ? { row, result: "skipped" as const, reason: "the pump has no key", real_ms: 0 } : await runRow(row, bench);
    results.push(result);
    options.ended?.(result);
  }
  await leave(probe, login);
  return results;
}
