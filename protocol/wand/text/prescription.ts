// Prescription files: YAML in the words of the scenario verb `prescribe`.

import { isMap, isScalar } from "yaml";
import { readFields } from "../file/fields";
import { PRESCRIPTION_FIELDS, stagedOf, wrongBase } from "../file/prescription-fields";
import { inOrder, problemText } from "../file/problem";
import { describeNode, Reader } from "../file/reader";
import { parseYaml } from "../file/yaml";
import { Problem, WandError } from "../problems";
import { constantRate } from "../procedures/prescription";
import type { StagedPrescription } from "../procedures/prescription";

/** A week of 24 steps a day takes 6 kB. */
const size_max = 100_000;

/** What stands under the one field `prescribe`, as in a scenario, or else the root itself. */
function bodyOf(reader: Reader): ReturnType<Reader["root"]> {
  const root = reader.root();
  const [only, ...others] = isMap(root) ? reader.entries(root) : [];
  return only?.name === "prescribe" && others.length === 0 ? only.value : root;
}

/** The prescription; undefined once anything was reported. */
function read(reader: Reader): StagedPrescription | undefined {
  const body = bodyOf(reader);
  if (isScalar(body)) {
    const rate = PRESCRIPTION_FIELDS.rate.kind.read(reader, body);
    return rate === undefined ? undefined : constantRate(rate);
  }
  if (!isMap(body)) {
    reader.report(body, `expected a prescription: a dose rate, or fields ${Object.keys(PRESCRIPTION_FIELDS).join(", ")}; found ${describeNode(body)}`);
    return undefined;
  }
  const values = readFields(reader, "prescription", PRESCRIPTION_FIELDS, body);
  const wrong = values === undefined ? undefined : wrongBase(values);
  if (wrong !== undefined) reader.report(body, `a prescription ${wrong}`);
  // What a file does not say was taken out was not.
  return values === undefined ? undefined : stagedOf(values, 0);
}

/**
 * Reads a prescription: a dose rate alone, or the fields of a scenario's `prescribe`, also under `prescribe:`. `file` is for messages. Throws `WandError` with
 * everything that is wrong, each with its place.
 */
export function readPrescriptionText(file: string, text: string): StagedPrescription {
  if (text.length > size_max) throw new WandError(Problem.prescription_bad, `${file}: is more than ${size_max / 1000} kB, too long for a prescription`);
  const parsed = parseYaml(file, text, "a prescription");
  const reader = "document" in parsed ? new Reader(parsed) : undefined;
  const staged = reader === undefined ? undefined : read(reader);
  const problems = "document" in parsed ? (reader?.problems ?? []) : parsed;
  if (staged === undefined || problems.length > 0) throw new WandError(Problem.prescription_bad, inOrder(problems).map(problemText).join("\n"));
  return staged;
}
