// Guards the YAML composer, which is recursive, against deep nesting.

import { Lexer } from "yaml";

/** A scenario needs five levels. */
const depth_max = 50;
const indent_max = 200;

/** Offset at which `content` nests deeper than any scenario, or undefined. Reads tokens only, no recursion. */
export function tooDeepAt(content: string): number | undefined {
  let offset = 0;
  let flow = 0;
  let indicators = 0;
  let line_start = true;
  for (const token of new Lexer().lex(content)) {
    const first = token[0];
    if (token === "[" || token === "{") flow += 1;
    else if (token === "]" || token === "}") flow -= 1;
    else if (token === "-" || token === "?" || token === ":") indicators += 1;
    // What is beside one another is not inside one another.
    else if (token === "," && flow > 0) indicators = 0;
    const deep = flow > depth_max || (flow === 0 && indicators > depth_max) || (line_start && first === " " && token.length > indent_max);
    if (deep) return offset;
    line_start = token.endsWith("\n");
    if (line_start && flow === 0) indicators = 0;
    // Marks of the lexer for document, flow end and scalar are no part of the text.
    if (first !== "\u0002" && first !== "\u0018" && first !== "\u001f") offset += token.length;
  }
  return undefined;
}
