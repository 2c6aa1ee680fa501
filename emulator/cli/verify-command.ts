// The verify command: the conformance list against a pump at a port.

import { randomBytes } from "node:crypto";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Role } from "../../protocol/service";
import { readKeyFile, writeKeyFile } from "../../protocol/wand/library/key-file";
import { WandError } from "../../protocol/wand/problems";
import { openTransport } from "../../protocol/wand/transport";
import type { Transport } from "../../protocol/wand/transport";
import { systemReason } from "../scenario/load";
import { reportHtml } from "../verify/html";
import type { Instruments } from "../verify/instruments";
import { parsePlan, PlanProblems } from "../verify/plan";
import type { VerifyPlan } from "../verify/plan";
import { countOf, reportText, verifyXml } from "../verify/report";
import type { Allowed } from "../verify/row";
import { NoPump, verify } from "../verify/verify";
import type { RowResult } from "../verify/verify";
import { openInstruments } from "./bench-instruments";
import { EXIT } from "./exit-codes";
import { SCHEMA } from "./json-lines";
import { prepareReport } from "./report-dir";
import type { Terminal } from "./terminal";
import { UsageError } from "./usage-error";
import { version } from "./version";
import { processWall } from "./wall";

export interface VerifyCommand extends Allowed {
  readonly port: string;
  /** Without one only what needs no session is shown. */
  readonly key?: string;
  /** Unless given the plan's, or 10 s. */
  readonly flood?: number;
  /** Instruments, permissions and durations; permissions on the command line come on top. */
  readonly plan?: string;
  readonly report?: string;
  readonly json: boolean;
}

/** Problems of port and key file are the user's. */
function asUsage(error: unknown): never {
  if (error instanceof WandError) throw new UsageError(`${error.message} (${error.problem})`);
  throw error;
}

/** The key of the file; for a pump that is to get its first, a new one, in a new file before the pump has it. */
function keyOf({ key: file, provision }: VerifyCommand, provisioned: boolean): Uint8Array | undefined {
  if (file === undefined) return undefined;
  if (provision && !provisioned) {
    const key = Uint8Array.from(randomBytes(32));
    writeKeyFile(file, { pump: "a pump that was verified", role: Role.clinician, key });
    return key;
  }
  const found = readKeyFile(file);
  if (found.role !== Role.clinician) throw new UsageError(`--key ${file}: is a patient's, and a verification needs the clinician's`);
  return found.key;
}

async function opened(port: string): Promise<Transport> {
  try {
    return await openTransport(port);
  } catch (error) {
    return asUsage(error);
  }
}

const FLOOD_S = 10;

function readPlan(file: string | undefined): VerifyPlan | undefined {
  if (file === undefined) return undefined;
  try {
    return parsePlan(file, readFileSync(file, "utf8"));
  } catch (error) {
    if (error instanceof PlanProblems) throw new UsageError(error.message);
    throw new UsageError(`--plan ${file}: cannot be read: ${systemReason(error)}`);
  }
}

/** What plan and command line allow together. */
function allowedBy({ provision, program, slow }: VerifyCommand, plan: VerifyPlan | undefined): Allowed {
  const { allowed } = plan ?? {};
  return { ...allowed, provision: provision || allowed?.provision === true, program: program || allowed?.program === true, slow: slow || allowed?.slow === true };
}

/** Writes each file whole or not at all; gives their names. */
function writeFiles(directory: string, files: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(files).map(([name, text]) => {
    const file = join(directory, name);
    try {
      writeFileSync(`${file}.part`, text);
      renameSync(`${file}.part`, file);
    } catch (error) {
      throw new UsageError(`--report ${directory}: cannot be written: ${systemReason(error)}`);
    }
    return file;
  });
}

function instrumentNames({ pulses, power }: Instruments): readonly string[] {
  return [...(pulses === undefined ? [] : [`pulse counter at ${pulses.name}`]), ...(power === undefined ? [] : [`power switch by ${power.name}`])];
}

/** What the report says at its top. */
function headOf(port: string, plan: VerifyPlan | undefined, instruments: Instruments): Parameters<typeof reportHtml>[0] {
  return { port, ...(plan === undefined ? {} : { title: plan.title }), instruments: instrumentNames(instruments), when: new Date().toISOString().replace("T", " ").slice(0, 19) + " UTC", version: version() };
}

/** All rows, over instruments and a port that are opened for them. */
async function verified(given: VerifyCommand, plan: VerifyPlan | undefined, terminal: Terminal, ended: (result: RowResult) => void):
Promise<{ readonly results: readonly RowResult[]; readonly instruments: Instruments }> {
  const instruments = plan === undefined ? {} : await openInstruments(plan);
  try {
    const transport = await opened(given.port);
    try {
      const allowed = allowedBy(given, plan);
      const results = await verify({
        transport, wall: processWall(), random: (count) => Uint8Array.from(randomBytes(count)), allowed, flood_s: given.flood ?? plan?.flood_s ?? FLOOD_S,
        ...(plan === undefined ? {} : { plan }), instruments,
        key: (provisioned) => keyOf({ ...given, provision: allowed.provision }, provisioned), begins: ({ id }) => { terminal.progress(id); }, ended,
      });
      return { results, instruments };
    } catch (error) {
      if (error instanceof NoPump) throw new UsageError(`${given.port}: ${error.message}`);
      return asUsage(error);
    } finally {
      terminal.progress("");
      await transport.close();
    }
  } finally {
    await instruments.pulses?.close();
  }
}

/** Runs the list and prints the report. Gives 0, or 2 if a row fails. Throws `UsageError` where there is no pump to be verified. */
export async function verifyCommand(given: VerifyCommand, terminal: Terminal): Promise<number> {
  const plan = readPlan(given.plan);
  if (allowedBy(given, plan).provision && given.key === undefined) throw new UsageError("--provision needs --key FILE, where the new key is put");
  if (given.report !== undefined) prepareReport(given.report);
  const line = (type: string, fields: Readonly<Record<string, unknown>>): void => { terminal.out(`${JSON.stringify({ schema: SCHEMA, type, ...fields })}\n`); };
  const { results, instruments } = await verified(given, plan, terminal, ({ row, result, reason, seen, real_ms }) => {
    if (!given.json) return;
    line("row", { id: row.id, requirement: row.requirement, text: row.text, result, ...(reason === "" ? {} : { reason }), ...(seen === "" ? {} : { seen }), real_ms });
  });
  const count = countOf(results);
  const code = count.failed === 0 ? EXIT.pass : EXIT.expectation;
  if (given.json) line("summary", { port: given.port, ...count, verdict: count.failed === 0 ? "pass" : "failed", exit_code: code });
  else terminal.out(reportText(given.port, results, terminal.paint));
  if (given.report !== undefined) {
    const files = writeFiles(given.report, { "junit.xml": verifyXml(given.port, results), "verify.html": reportHtml(headOf(given.port, plan, instruments), results) });
    terminal.err(`report: ${files.join(", ")}\n`);
  }
  return code;
}
