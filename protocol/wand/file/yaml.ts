// The YAML itself: syntax, duplicate keys, aliases, depth.

import { LineCounter, parseDocument, visit } from "yaml";
import type { Document } from "yaml";
import { tooDeepAt } from "./nesting";
import type { Problem } from "./problem";
import { Reader } from "./reader";
import type { Parsed } from "./reader";

/** An alias may stand for a schedule or two; more is a mistake or a trap. */
const aliases_max = 100;

/** In braces "{" ends a bare word, so a bare ${name} is two things there. */
function hintOf(content: string, at: number): string {
  const line = content.slice(content.lastIndexOf("\n", at - 1) + 1).split("\n", 1)[0] ?? "";
  return /[{[].*[^"']\$\{/.test(line) ? ' (inside braces a parameter needs quotes: "${name}")' : "";
}

/** What is wrong with the text as YAML, the first of each line: what follows in it is a consequence. */
function faultsOf(file: string, content: string, document: Document, lines: LineCounter): Problem[] {
  const seen = new Set<number>();
  return [...document.errors, ...document.warnings].flatMap((each) => {
    const { line, col } = lines.linePos(each.pos[0]);
    if (seen.has(line)) return [];
    seen.add(line);
    const key = /^[^:\s]*/.exec(content.slice(each.pos[0]))?.[0] ?? "";
    const text = each.code === "DUPLICATE_KEY" ? `"${key}" is there twice` : `not YAML: ${each.message.replace(/\s+/g, " ")}${hintOf(content, each.pos[0])}`;
    return [{ file, line, column: col, text }];
  });
}

/** Aliases that stand for nothing, or too many of them. */
function aliasProblems(parsed: Parsed): Problem[] {
  const reader = new Reader(parsed);
  let aliases = 0;
  visit(parsed.document, {
    Alias: (_key, alias) => {
      aliases += 1;
      if (aliases <= aliases_max && alias.resolve(parsed.document) === undefined) reader.report(alias, `alias "${alias.source}" stands for nothing above it`);
    },
  });
  const { file } = parsed;
  return aliases > aliases_max ? [{ file, line: 0, column: 0, text: `${String(aliases)} aliases: at most ${String(aliases_max)} are allowed` }] : reader.problems;
}

/** Reads the text to a document, or gives what is not good YAML, or too deep or too clever. `what` is for messages: "a scenario". */
export function parseYaml(file: string, content: string, what: string): Parsed | readonly Problem[] {
  const deep = tooDeepAt(content);
  if (deep !== undefined) return [{ file, line: 0, column: 0, text: `is nested too deeply to be ${what}, from character ${String(deep + 1)} on` }];
  const lines = new LineCounter();
  const document: Document = parseDocument(content, { lineCounter: lines, uniqueKeys: true, strict: true, prettyErrors: false, version: "1.2" });
  const faults = faultsOf(file, content, document, lines);
  if (faults.length > 0) return faults;
  const parsed = { file, content, document, lines };
  const wrong = aliasProblems(parsed);
  return wrong.length > 0 ? wrong : parsed;
}
