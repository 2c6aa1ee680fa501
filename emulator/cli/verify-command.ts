// The verify command: the conformance list against a pump at a port.

import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
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
import { codeWith, prepareReport, reportText as reportEnd, writeReport } from "./report-dir";
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
  /** The folder may be a report of ours, which is then replaced. */
  readonly overwrite: boolean;
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

function rowFields({ row, result, reason, seen, real_ms }: RowResult): Readonly<Record<string, unknown>> {
  return { id: row.id, requirement: row.requirement, text: row.text, result, ...(reason === "" ? {} : { reason }), ...(seen === "" ? {} : { seen }), real_ms };
}

/** Runs the list and prints the report. Gives 0, 2 if a row fails, or 1 if all is well but the report. Throws `UsageError` where there is no pump to be verified. */
export async function verifyCommand(given: VerifyCommand, terminal: Terminal): Promise<number> {
  const plan = readPlan(given.plan);
  if (allowedBy(given, plan).provision && given.key === undefined) throw new UsageError("--provision needs --key FILE, where the new key is put");
  const { report } = given;
  if (report !== undefined) prepareReport(report, given.overwrite);
  let lines = "";
  const keep = (type: string, fields: Readonly<Record<string, unknown>>): string => {
    const line = `${JSON.stringify({ schema: SCHEMA, type, ...fields })}\n`;
    lines += line;
    return line;
  };
  const { results, instruments } = await verified(given, plan, terminal, (result) => {
    const line = keep("row", rowFields(result));
    if (given.json) terminal.out(line);
  });
  const count = countOf(results);
  const code = count.failed === 0 ? EXIT.pass : EXIT.expectation;
  const summary = keep("summary", { port: given.port, ...count, verdict: count.failed === 0 ? "pass" : "failed", exit_code: code });
  terminal.out(given.json ? summary : reportText(given.port, results, terminal.paint));
  if (report === undefined) return code;
  const unwritten = writeReport(report, { "junit.xml": verifyXml(given.port, results), "verify.html": reportHtml(headOf(given.port, plan, instruments), results), "run.jsonl": lines });
  terminal.err(reportEnd(report, unwritten, ["junit.xml", "verify.html"]));
  return codeWith(code, unwritten);
}
