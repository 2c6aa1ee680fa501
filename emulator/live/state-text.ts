// The state file's text: a run as what determines it, in JSON lines.

import { createHash } from "node:crypto";
import type { Hash } from "node:crypto";
import { parseHex } from "../../protocol/wand/core/bytes";
import { FAULT_KINDS } from "../faults";
import { DEFAULT_UNIT } from "../unit";
import type { Unit } from "../unit";
import type { Input } from "./input";

/** Raised whenever a line's meaning changes. */
const VERSION = 1;

/** What a run begins with. */
export interface Origin {
  /** What runs the firmware. */
  readonly target: string;
  readonly seed: number;
  readonly unit: Unit;
}

/** Runs are the same on the processors that take no time, digest for digest, and others on a machine. */
export function sameRuns(a: string, b: string): boolean {
  const exact = ["node", "lua"];
  return a === b || (exact.includes(a) && exact.includes(b));
}

/** How far a run had come: `inputs` is a hash of the lines up to here without marks, `digest` the trace's full digest. */
export interface Mark {
  readonly us: number;
  readonly inputs: string;
  readonly digest: string;
}

export interface Entry {
  /** Of the file, from 1. */
  readonly line: number;
  readonly item: Input | Mark;
}

export interface StateText {
  readonly origin: Origin;
  readonly entries: readonly Entry[];
  /** Bytes up to the end of the last whole line. */
  readonly whole: number;
  /** Something stands after that: a line that was being written as the host went down. */
  readonly torn: boolean;
  /** Of the lines so far, to go on with. */
  readonly sum: InputSum;
}

/** A state file that is not to be used, with the line (0: the file as a whole). Its message says why. */
export class StateProblem extends Error {
  override readonly name = "StateProblem";
  constructor(readonly line: number, message: string) {
    super(line === 0 ? message : `line ${line}: ${message}`);
  }
}

export function isMark(item: Input | Mark): item is Mark {
  return "digest" in item;
}

/** A hash of the lines that determine a run. */
export class InputSum {
  private readonly hash: Hash = createHash("sha256");

  add(line: string): void {
    this.hash.update(line);
  }

  /** 16 hex digits over the lines so far. */
  text(): string {
    return this.hash.copy().digest("hex").slice(0, 16);
  }
}

export function originLine({ target, seed, unit }: Origin): string {
  return `${JSON.stringify({ itb_pump_state: VERSION, target, seed, unit })}\n`;
}

export function inputLine(input: Input): string {
  return `${JSON.stringify(input)}\n`;
}

function checkOf({ us, inputs, digest }: Mark): string {
  return createHash("sha256").update(`${us} ${inputs} ${digest}`).digest("hex").slice(0, 8);
}

/**
 * Always the same length, so that a later mark can be written over an earlier one in its place. `check` tells one that was half
 * written over when the host lost power.
 */
export function markLine(mark: Mark): string {
  return `{"us":${String(mark.us).padStart(16)},"inputs":"${mark.inputs}","digest":"${mark.digest}","check":"${checkOf(mark)}"}\n`;
}

export const MARK_BYTES = markLine({ us: 0, inputs: "0".repeat(16), digest: "0".repeat(16) }).length;

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(line: number, text: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new StateProblem(line, "is damaged: not JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new StateProblem(line, "is damaged: not a JSON object");
  return value as Fields;
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

function readOrigin(text: string): Origin {
  let fields: Fields;
  try {
    fields = fieldsOf(1, text);
  } catch {
    throw new StateProblem(0, "is not a state file of itb-pump emulate");
  }
  // A file without a target is one of the time when there was only one.
  const { itb_pump_state: version, target = "node", seed, unit } = fields;
  if (version === undefined) throw new StateProblem(0, "is not a state file of itb-pump emulate");
  if (version !== VERSION) throw new StateProblem(0, `is of version ${JSON.stringify(version)} of the format, and this emulator has version ${VERSION}: use the emulator that wrote it`);
  const names = Object.keys(DEFAULT_UNIT);
  if (typeof target !== "string") throw new StateProblem(1, "is damaged: a target that is no name");
  if (!isCount(seed) || typeof unit !== "object" || unit === null) throw new StateProblem(1, "is damaged: no seed or no unit");
  const given = Object.entries(unit);
  const foreign = given.find(([name, value]) => !names.includes(name) || !Number.isSafeInteger(value));
  if (foreign !== undefined || given.length !== names.length) {
    throw new StateProblem(1, `the unit is not one of this emulator${foreign === undefined ? "" : `: ${foreign[0]}`}; use the emulator that wrote it`);
  }
  return { target, seed, unit: unit as Unit };
}

function readItem(line: number, text: string): Input | Mark {
  const fields = fieldsOf(line, text);
  const { us, bytes, fault, value, heal, inputs, digest, check } = fields;
  if (!isCount(us)) throw new StateProblem(line, "is damaged: no time");
  const named = [bytes, fault, heal, digest].filter((each) => each !== undefined);
  if (named.length !== 1 || typeof named[0] !== "string") throw new StateProblem(line, "is damaged: neither an input nor a mark");
  if (typeof digest === "string") {
    if (typeof inputs === "string" && check === checkOf({ us, inputs, digest })) return { us, inputs, digest };
    throw new StateProblem(line, "is damaged: a mark that is not as it was written");
  }
  if (typeof bytes === "string" && bytes !== "" && parseHex(bytes) !== undefined) return { us, bytes };
  const known = (kind: string): boolean => FAULT_KINDS.some((each) => each.kind === kind);
  if (typeof fault === "string" && known(fault) && (value === undefined || Number.isSafeInteger(value))) {
    return { us, fault, ...(typeof value === "number" ? { value } : {}) };
  }
  if (typeof heal === "string" && known(heal)) return { us, heal };
  throw new StateProblem(line, "is damaged: no input of this emulator");
}

/** The end of the last line that is whole: a line without its end is not, nor a mark that was being written over another. */
function wholeEnd(text: string): number {
  const end = text.lastIndexOf("\n") + 1;
  const last = text.lastIndexOf("\n", end - 2) + 1;
  const line = text.slice(last, end);
  if (last === 0 || line.length !== MARK_BYTES || !line.includes('"digest"')) return end;
  try {
    readItem(0, line);
    return end;
  } catch {
    return last;
  }
}

/** Reads a state file's text. A last line that is not whole is left out. Throws `StateProblem` for all else that is wrong with it. */
export function readState(text: string): StateText {
  const end = wholeEnd(text);
  const lines = text.slice(0, end).split("\n").slice(0, -1);
  const [first] = lines;
  if (first === undefined) throw new StateProblem(0, "is not a state file of itb-pump emulate");
  const origin = readOrigin(first);
  const sum = new InputSum();
  sum.add(`${first}\n`);
  const entries: Entry[] = [];
  let before_us = 0;
  for (const [i, each] of lines.entries()) {
    if (i === 0) continue;
    const line = i + 1;
    const item = readItem(line, each);
    if (item.us < before_us) throw new StateProblem(line, "is damaged: its time is before that of the line above");
    before_us = item.us;
    if (!isMark(item)) sum.add(`${each}\n`);
    else if (item.inputs !== sum.text()) throw new StateProblem(line, "the lines above are not those that were written: the file was damaged or changed");
    entries.push({ line, item });
  }
  return { origin, entries, whole: Buffer.byteLength(text.slice(0, end)), torn: end < text.length, sum };
}
