// The verify command: the protocol's conformance list against a pump at a port.

import { randomBytes } from "node:crypto";
import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Role } from "../../protocol/service";
import { readKeyFile, writeKeyFile } from "../../protocol/wand/library/key-file";
import { WandError } from "../../protocol/wand/problems";
import { openTransport } from "../../protocol/wand/transport";
import type { Transport } from "../../protocol/wand/transport";
import { systemReason } from "../scenario/load";
import { countOf, reportText, verifyXml } from "../verify/report";
import type { Allowed } from "../verify/row";
import { NoPump, verify } from "../verify/verify";
import type { RowResult } from "../verify/verify";
import { EXIT } from "./exit-codes";
import { SCHEMA } from "./json-lines";
import { prepareReport } from "./report-dir";
import type { Terminal } from "./terminal";
import { UsageError } from "./usage-error";
import { processWall } from "./wall";

export interface VerifyCommand extends Allowed {
  readonly port: string;
  /** Without one only what needs no session is shown. */
  readonly key?: string;
  readonly flood: number;
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

function writeXml(directory: string, text: string): string {
  const file = join(directory, "junit.xml");
  try {
    writeFileSync(`${file}.part`, text);
    renameSync(`${file}.part`, file);
  } catch (error) {
    throw new UsageError(`--report ${directory}: cannot be written: ${systemReason(error)}`);
  }
  return file;
}

function verified(given: VerifyCommand, transport: Transport, terminal: Terminal, ended: (result: RowResult) => void): Promise<readonly RowResult[]> {
  return verify({
    transport, wall: processWall(), random: (count) => Uint8Array.from(randomBytes(count)), allowed: given, flood_s: given.flood,
    key: (provisioned) => keyOf(given, provisioned), begins: ({ id }) => { terminal.progress(id); }, ended,
  });
}

/** Runs the list and prints the report. Gives 0, or 2 if a row fails. Throws `UsageError` where there is no pump to be verified. */
export async function verifyCommand(given: VerifyCommand, terminal: Terminal): Promise<number> {
  if (given.provision && given.key === undefined) throw new UsageError("--provision needs --key FILE, where the new key is put");
  if (given.report !== undefined) prepareReport(given.report);
  const line = (type: string, fields: Readonly<Record<string, unknown>>): void => { terminal.out(`${JSON.stringify({ schema: SCHEMA, type, ...fields })}\n`); };
  const transport = await opened(given.port);
  let results: readonly RowResult[];
  try {
    results = await verified(given, transport, terminal, ({ row, result, reason, real_ms }) => {
      if (given.json) line("row", { id: row.id, requirement: row.requirement, text: row.text, result, ...(reason === "" ? {} : { reason }), real_ms });
    });
  } catch (error) {
    if (error instanceof NoPump) throw new UsageError(`${given.port}: ${error.message}`);
    return asUsage(error);
  } finally {
    terminal.progress("");
    await transport.close();
  }
  const count = countOf(results);
  const code = count.failed === 0 ? EXIT.pass : EXIT.expectation;
  if (given.json) line("summary", { port: given.port, ...count, verdict: count.failed === 0 ? "pass" : "failed", exit_code: code });
  else terminal.out(reportText(given.port, results, terminal.paint));
  if (given.report !== undefined) terminal.err(`report: ${writeXml(given.report, verifyXml(given.port, results))}\n`);
  return code;
}
