// Which files name which requirement: code, scenarios, titles of tests.

import ts from "typescript";
import { parseDocument } from "yaml";
import type { Files } from "../layout/source";

/**
 * The rules. A test names a requirement by its id anywhere in the title of `describe`, `test` or `it`: there it is seen when it
 * fails. A scenario names it in its list `requirements`. Code of a room names it in its text, mostly in a comment. What a
 * comment of a test says counts for nothing.
 */
export interface Mention {
  readonly id: string;
  readonly path: string;
  readonly line: number;
}

export interface Traces {
  readonly code: readonly Mention[];
  readonly scenarios: readonly Mention[];
  readonly tests: readonly Mention[];
}

const CODE = /^(?:firmware|hal|protocol|emulator)\/(?!lib\/).*\.(?:ts|mts|mjs|c|h|S|lua)$/;
const SCENARIO = /^(?:tests\/scenarios|emulator\/demo)\/.*\.yaml$/;
const TEST = /^tests\/.*\.test\.ts$/;
const TITLED = new Set(["describe", "test", "it"]);

/** Ids of the groups that there are, parents and parts alike. */
function idsIn(text: string, groups: readonly string[]): string[] {
  return groups.length === 0 ? [] : text.match(new RegExp(`\\b(?:${groups.join("|")})-\\d+[a-z]?(?![\\w])`, "g")) ?? [];
}

function inCode(path: string, text: string, groups: readonly string[]): Mention[] {
  return text.split("\n").flatMap((line, i) => idsIn(line, groups).map((id) => ({ id, path, line: i + 1 })));
}

/** Of a scenario every entry counts, also one that is no id: the check tells. */
function inScenario(path: string, text: string): Mention[] {
  const line = text.split("\n").findIndex((each) => each.startsWith("requirements:")) + 1;
  const { requirements } = (parseDocument(text).toJS() ?? {}) as { readonly requirements?: unknown };
  return Array.isArray(requirements) ? requirements.map((id) => ({ id: String(id), path, line })) : [];
}

/** The name that a call begins with: "it" of `it.each(rows)("title", run)`. */
function calledName(node: ts.Expression): string {
  if (ts.isIdentifier(node)) return node.text;
  return ts.isCallExpression(node) || ts.isPropertyAccessExpression(node) ? calledName(node.expression) : "";
}

function titleOf(node: ts.Expression | undefined): string {
  if (node === undefined) return "";
  if (ts.isStringLiteralLike(node)) return node.text;
  return ts.isTemplateExpression(node) ? [node.head, ...node.templateSpans.map(({ literal }) => literal)].map(({ text }) => text).join(" ") : "";
}

function inTest(path: string, text: string, groups: readonly string[]): Mention[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const found: Mention[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && TITLED.has(calledName(node.expression))) {
      const line = file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1;
      found.push(...idsIn(titleOf(node.arguments[0]), groups).map((id) => ({ id, path, line })));
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** Reads what names requirements of these groups ("DOSE", "LINK"). */
export function tracesOf(files: Files, groups: readonly string[]): Traces {
  const from = (wanted: RegExp, read: (path: string, text: string) => Mention[]): Mention[] =>
    [...files].filter(([path]) => wanted.test(path)).sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([path, text]) => read(path, text));
  return {
    code: from(CODE, (path, text) => inCode(path, text, groups)),
    scenarios: from(SCENARIO, inScenario),
    tests: from(TEST, (path, text) => inTest(path, text, groups)),
  };
}
