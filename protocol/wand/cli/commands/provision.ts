// wand provision: gives a new pump its key, once and for all.

import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { CipherSize } from "../../../../hal/cipher";
import { Wire } from "../../../limits";
import { Role } from "../../../service";
import { patientKey } from "../../cipher";
import { readKeyFile, writeKeyFile } from "../../library/key-file";
import type { KeyFile } from "../../library/key-file";
import { Problem, PROBLEM_TEXTS, WandError } from "../../problems";
import type { Context } from "../context";
import { UsageError } from "../context";

export interface ProvisionOptions {
  /** What the pump shall be called in the key file. */
  readonly name: string;
  /** Write the patient's key there too. */
  readonly patient?: string;
  /** Take the key of the key file there is, in place of a new one. */
  readonly existing?: true;
}

/**
 * The key file comes first, so that no pump has a key that nobody knows; then the key goes to the pump; then a login proves that both have the same.
 * A pump that has a key already is left alone, and no file is made. Once the key was sent the file stays whatever is heard: refusals in the open can be forged, and a pump whose
 * key is lost can never be programmed again.
 */
export async function provision(context: Context, options: ProvisionOptions): Promise<void> {
  const path = context.keyPath();
  const existing = options.existing === true ? readKeyFile(path) : undefined;
  check(path, options, existing);
  let key = existing;
  await context.withoutKey(async (wand) => {
    const seen = await wand.look();
    if (seen.protocol_version !== Wire.version) throw new WandError(Problem.old_version);
    if (seen.provisioned && existing === undefined) throw new WandError(Problem.already_provisioned);
    key ??= makeKey(path, options.name);
    context.chat(existing === undefined ? `key written to ${path}` : `key of ${path}`);
    if (options.patient !== undefined) writeKeyFile(options.patient, { pump: key.pump, role: Role.patient, key: patientKey(key.key) });
    await send(wand.provision(key.key), path);
  });
  const made = key ?? readKeyFile(path);
  await prove(context, made);
  context.json("provisioned", { pump: made.pump, key_file: path, ...(options.patient === undefined ? {} : { patient_file: options.patient }) });
  context.print(`${made.pump} is provisioned. Keep ${path}: without it the pump can never be programmed again.`);
  if (options.patient !== undefined) context.print(`The patient's key is in ${options.patient}.`);
}

/** What can be known to go wrong before anything is done. */
function check(path: string, { name, patient }: ProvisionOptions, existing: KeyFile | undefined): void {
  if (existing === undefined && existsSync(path)) throw new WandError(Problem.key_file_exists, `${path}: there is a key file already, and it is never overwritten; name another one with --key, or send its key again with --existing`);
  if (patient !== undefined && (existsSync(patient) || resolve(patient) === resolve(path))) throw new WandError(Problem.key_file_exists, `${patient}: there is a key file already, and it is never overwritten`);
  if (existing?.role === Role.patient) throw new UsageError(`${path}: this is a patient's key; a pump is provisioned with the clinician's`);
  if (name.trim() === "" || /\p{Cc}/u.test(name)) throw new UsageError("--name: give the pump a name of plain text");
}

/** Draws a key, writes its file and reads it back: what is sent is what stands there. */
function makeKey(path: string, pump: string): KeyFile {
  writeKeyFile(path, { pump, role: Role.clinician, key: randomBytes(CipherSize.key) });
  return readKeyFile(path);
}

async function send(provisioning: Promise<void>, path: string): Promise<void> {
  try {
    await provisioning;
  } catch (error) {
    if (!(error instanceof WandError)) throw error;
    throw new WandError(error.problem, `${error.message}. The key of ${path} was sent, so keep the file; \`wand provision --existing\` sends it again`, error.wait_ms);
  }
}

async function prove(context: Context, key: KeyFile): Promise<void> {
  const wand = await context.open(key);
  try {
    await wand.status();
  } catch (error) {
    if (error instanceof WandError) throw new WandError(error.problem, `the pump took the key, and the login that should prove it failed: ${PROBLEM_TEXTS[error.problem].text}`, error.wait_ms);
    throw error;
  } finally {
    await wand.close();
  }
}
