// The YAML itself: syntax, duplicate keys, aliases, depth.

import { LineCounter, parseDocument, visit } from "yaml";
import type { Document } from "yaml";
import { tooDeepAt } from "./nesting";
import { ScenarioProblems } from "./problem";
import { Reader } from "./reader";
import type { Session } from "./reader";

/** An alias may stand for a schedule or two; more is a mistake or a trap. */
const aliases_max = 100;

/** In braces "{" ends a bare word, so a bare ${name} is two things there. */
function hintOf(content: string, at: number): string {
  const line = content.slice(content.lastIndexOf("\n", at - 1) + 1).split("\n", 1)[0] ?? "";
  return /[{[].*[^"']\$\{/.test(line) ? ' (inside braces a parameter needs quotes: "${name}")' : "";
}

/** Reads the text to a document. Throws `ScenarioProblems` for what is not good YAML, or too deep or too clever. */
export function parseYaml(file: string, content: string, session: Session): Reader {
  const lines = new LineCounter();
  const whole = { file, line: 0, column: 0 };
  const deep = tooDeepAt(content);
  if (deep !== undefined) throw new ScenarioProblems([{ ...whole, text: `is nested too deeply to be a scenario, from character ${String(deep + 1)} on` }]);
  const document: Document = parseDocument(content, { lineCounter: lines, uniqueKeys: true, strict: true, prettyErrors: false, version: "1.2" });
  const faults = [...document.errors, ...document.warnings];
  if (faults.length > 0) {
    const places = faults.map((each) => lines.linePos(each.pos[0]));
    // What follows in the same line is a consequence of the first.
    const first = (line: number, index: number): boolean => places.findIndex((place) => place.line === line) === index;
    throw new ScenarioProblems(faults.filter((_, index) => first(places[index]?.line ?? 0, index)).map((each) => {
      const { line, col } = lines.linePos(each.pos[0]);
      const key = /^[^:\s]*/.exec(content.slice(each.pos[0]))?.[0] ?? "";
      const text = each.code === "DUPLICATE_KEY" ? `"${key}" is there twice` : `not YAML: ${each.message.replace(/\s+/g, " ")}${hintOf(content, each.pos[0])}`;
      return { file, line, column: col, text };
    }));
  }
  const reader = new Reader(file, content, document, lines, session);
  const before = session.problems.length;
  let aliases = 0;
  visit(document, {
    Alias: (_key, alias) => {
      aliases += 1;
      if (aliases <= aliases_max && alias.resolve(document) === undefined) reader.report(alias, `alias "${alias.source}" stands for nothing above it`);
    },
  });
  if (aliases > aliases_max) throw new ScenarioProblems([{ ...whole, text: `${String(aliases)} aliases: at most ${String(aliases_max)} are allowed` }]);
  if (session.problems.length > before) throw new ScenarioProblems(session.problems.slice(before));
  return reader;
}
