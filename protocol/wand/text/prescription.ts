// Prescription files: YAML in the words of the scenario verb `prescribe`.

import { isAlias, isMap, isScalar, LineCounter, parseDocument } from "yaml";
import type { Document, Node } from "yaml";
import { Problem, WandError } from "../problems";
import { constantRate, MINIMUM_RATE, scheduled } from "../procedures/prescription";
import type { StagedPrescription } from "../procedures/prescription";
import { expectedOf, MEASURES, parseQuantity } from "./quantity";
import { didYouMean } from "./suggest";
import { DAYS_EXPECTED, readWeek, TIMES_EXPECTED } from "./week";
import type { WeekReader, Written } from "./week";

/** A week of 24 steps a day takes 6 kB. */
const size_max = 100_000;
const FIELDS = ["rate", "schedule", "mode"];
const rate_expected = expectedOf(MEASURES.rate);

/** What was written at a place of the file, on one line and not too much of it. */
function describe(node: Node | undefined): string {
  if (node === undefined) return "nothing";
  if (isMap(node)) return "a mapping";
  return isScalar(node) ? `"${scalarText(node)}"` : "a list";
}

function scalarText(node: Node): string {
  if (!isScalar(node)) return "";
  const text = typeof node.value === "string" ? node.value : (node.source ?? String(node.value));
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/** Reads one file, and collects what is wrong with it. */
class PrescriptionReader {
  readonly problems: string[] = [];
  readonly #lines = new LineCounter();
  readonly #document: Document;

  constructor(readonly file: string, text: string) {
    this.#document = parseDocument(text, { lineCounter: this.#lines, uniqueKeys: true, prettyErrors: false, version: "1.2" });
    for (const { pos, message } of [...this.#document.errors, ...this.#document.warnings].slice(0, 1)) this.#add(pos[0], `not YAML: ${message.replace(/\s+/g, " ")}`);
  }

  #add(at: number | undefined, text: string): void {
    const place = at === undefined ? { line: 0, col: 0 } : this.#lines.linePos(at);
    this.problems.push(`${this.file}${place.line === 0 ? "" : `:${place.line}:${place.col}`}: ${text}`.replace(/\p{Cc}/gu, "\ufffd"));
  }

  report(node: Node | undefined, text: string): void {
    this.#add(node?.range?.[0], text);
  }

  #resolve(given: unknown): Node | undefined {
    const node = isAlias(given) ? given.resolve(this.#document) : (given as Node | null | undefined);
    if (node === null || node === undefined || (isScalar(node) && (node.value === null || node.value === undefined))) return undefined;
    return node;
  }

  #pairs(node: Node | undefined): readonly Written<Node>[] | undefined {
    if (!isMap(node)) return undefined;
    return node.items.flatMap((pair) => {
      const key = this.#resolve(pair.key);
      if (isScalar(key)) return [{ name: scalarText(key), place: key, value: this.#resolve(pair.value) }];
      this.report(node, "a key must be a single word or text");
      return [];
    });
  }

  #rate(node: Node): number | undefined {
    const parsed = isScalar(node) ? parseQuantity(scalarText(node), MEASURES.rate) : { wrong: `expected ${rate_expected}, found ${describe(node)}` };
    if ("value" in parsed) return parsed.value;
    this.report(node, parsed.wrong);
    return undefined;
  }

  #week(node: Node): StagedPrescription | undefined {
    const entries = this.#pairs(node);
    if (entries === undefined) {
      this.report(node, `expected a mapping from ${DAYS_EXPECTED} to ${TIMES_EXPECTED}, found ${describe(node)}`);
      return undefined;
    }
    const reader: WeekReader<Node> = {
      pairs: (place) => this.#pairs(place), rate: (place) => this.#rate(place), report: (place, text) => { this.report(place, text); }, describe, rate_expected,
    };
    const { week, steps } = readWeek(reader, node, entries);
    return scheduled(week, steps);
  }

  #mode(node: Node): StagedPrescription | undefined {
    if (scalarText(node) === "minimum") return MINIMUM_RATE;
    this.report(node, `unknown mode "${scalarText(node)}"${didYouMean(scalarText(node), ["minimum"])}`);
    return undefined;
  }

  /** The prescription, or undefined with what is wrong in `problems`. */
  read(node = this.#resolve(this.#document.contents)): StagedPrescription | undefined {
    if (this.problems.length > 0) return undefined;
    if (isScalar(node)) return this.#constant(node);
    const fields = this.#pairs(node);
    const [only] = fields ?? [];
    if (fields?.length === 1 && only?.name === "prescribe") return this.read(only.value);
    for (const { name, place } of fields ?? []) if (!FIELDS.includes(name)) this.report(place, `unknown field "${name}"${didYouMean(name, FIELDS)}`);
    if (this.problems.length > 0) return undefined;
    if (fields?.length !== 1 || only === undefined) {
      this.report(node, `a prescription needs exactly one of ${FIELDS.join(", ")}`);
      return undefined;
    }
    if (only.value === undefined) {
      this.report(only.place, `"${only.name}" has no value`);
      return undefined;
    }
    if (only.name === "rate") return this.#constant(only.value);
    return only.name === "mode" ? this.#mode(only.value) : this.#week(only.value);
  }

  #constant(node: Node): StagedPrescription | undefined {
    const rate = this.#rate(node);
    return rate === undefined ? undefined : constantRate(rate);
  }
}

/**
 * Reads a prescription: `rate: 500ug/day` or that rate alone, `schedule:` with weekdays and times of day, or `mode: minimum`; also under `prescribe:`, as it
 * stands in a scenario. `file` is for messages. Throws `WandError` with everything that is wrong, each with its place.
 */
export function readPrescriptionText(file: string, text: string): StagedPrescription {
  if (text.length > size_max) throw new WandError(Problem.prescription_bad, `${file}: is more than ${size_max / 1000} kB, too long for a prescription`);
  const reader = new PrescriptionReader(file, text);
  const staged = reader.read();
  if (staged === undefined || reader.problems.length > 0) throw new WandError(Problem.prescription_bad, reader.problems.join("\n"));
  return staged;
}
