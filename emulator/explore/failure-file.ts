// A failure file: a scenario whose first lines say how it was found and ended.

import { createHash } from "node:crypto";
import type { Verdict } from "../scenario/run";
import { planText } from "./plan";
import type { Plan } from "./plan";

/** Raised whenever the head means something else. */
export const FAILURE_VERSION = 1;

/** How the run of a failure file ended when it was written. */
export interface Ending {
  readonly verdict: Verdict;
  readonly digest: string;
  readonly full_digest: string;
}

/** What the head of a failure file says. */
export interface FailureHead extends Ending {
  readonly version: number;
  /** The whole finding, in words. */
  readonly finding: string;
  /** The command that drew it. */
  readonly found_by: string;
  readonly target: string;
}

/** A file that is no failure file, or no longer the one that was written. The message is for the user. */
export class BadFailure extends Error {
  override readonly name = "BadFailure";
}

const opening = "# itb-pump failure, version ";
const lead = { verdict: "# verdict: ", digest: "# digest: ", finding: "# finding: ", found_by: "# found by: ", target: "# target: ", again: "# again: ", sum: "# sum: " } as const;

function sumOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

/** The head is of one line each; `file` is what to repeat it by. */
export function failureText(plan: Plan, ending: Ending, head: Pick<FailureHead, "finding" | "found_by" | "target">, file: string): string {
  const { verdict, digest, full_digest } = ending;
  const oneLine = (text: string): string => text.replaceAll(/\s+/g, " ").trim();
  const lines = [
    `${opening}${String(FAILURE_VERSION)}`, `${lead.finding}${oneLine(head.finding)}`, `${lead.verdict}${verdict}`, `${lead.digest}${digest} therapy, ${full_digest} full`,
    `${lead.target}${head.target}`, `${lead.found_by}${oneLine(head.found_by)}`, `${lead.again}itb-pump replay ${file}`,
  ];
  const body = planText(plan);
  return [...lines, `${lead.sum}${sumOf([...lines, body].join("\n"))}`, body].join("\n");
}

function lineOf(lines: readonly string[], start: string, file: string): string {
  const found = lines.find((line) => line.startsWith(start));
  if (found === undefined) throw new BadFailure(`${file}: is no whole failure file: a line that begins with "${start.trim()}" is missing; \`itb-pump run\` takes any scenario`);
  return found.slice(start.length);
}

const verdicts: readonly Verdict[] = ["expectation failed", "refused", "no progress", "violation", "crashed"];

/** Reads the head, and checks that the file is still as it was written. Throws `BadFailure`. */
export function readFailure(file: string, text: string): FailureHead {
  const lines = text.replaceAll("\r\n", "\n").split("\n");
  const first = lines[0] ?? "";
  if (!first.startsWith(opening)) throw new BadFailure(`${file}: is no failure file of itb-pump explore: its first line is not "${opening}${String(FAILURE_VERSION)}"; \`itb-pump run\` takes any scenario`);
  const version = Number(first.slice(opening.length));
  if (version !== FAILURE_VERSION) throw new BadFailure(`${file}: is a failure file of version "${first.slice(opening.length)}", and this itb-pump reads version ${String(FAILURE_VERSION)}: replay it with the itb-pump that wrote it, or run it as a plain scenario`);
  const sum = lineOf(lines, lead.sum, file);
  const without = lines.filter((line) => !line.startsWith(lead.sum)).join("\n");
  if (sumOf(without) !== sum) throw new BadFailure(`${file}: was changed since it was written, or is damaged: its sum is ${sumOf(without)}, and it says ${sum}; \`itb-pump run\` takes it as a plain scenario`);
  const [, digest = "", full_digest = ""] = /^([0-9a-f]{16}) therapy, ([0-9a-f]{16}) full$/.exec(lineOf(lines, lead.digest, file)) ?? [];
  const verdict = verdicts.find((each) => each === lineOf(lines, lead.verdict, file));
  if (digest === "" || verdict === undefined) throw new BadFailure(`${file}: its verdict or digest cannot be read`);
  return { version, verdict, digest, full_digest, finding: lineOf(lines, lead.finding, file), found_by: lineOf(lines, lead.found_by, file), target: lineOf(lines, lead.target, file) };
}

/** How a replay differs from what the file says; undefined if it does not. */
export function differenceOf(was: Ending, is: Ending): string | undefined {
  const differing = (["verdict", "digest", "full_digest"] as const).filter((each) => was[each] !== is[each]);
  if (differing.length === 0) return undefined;
  return differing.map((each) => `${each.replace("_", " ")} was ${was[each]}, and is ${is[each]}`).join("; ");
}
