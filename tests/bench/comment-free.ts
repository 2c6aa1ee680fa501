// What a TypeScript file holds without comments and blank lines.

import ts from "typescript";

/** The text without comments, blank lines and spaces at line ends. */
export function commentFree(text: string): string {
  const scanner = ts.createScanner(ts.ScriptTarget.Latest, false, ts.LanguageVariant.Standard, text);
  let kept = "";
  for (let token = scanner.scan(); token !== ts.SyntaxKind.EndOfFileToken; token = scanner.scan()) {
    if (token !== ts.SyntaxKind.SingleLineCommentTrivia && token !== ts.SyntaxKind.MultiLineCommentTrivia) kept += scanner.getTokenText();
  }
  return kept.split("\n").map((line) => line.trimEnd()).filter((line) => line !== "").map((line) => `${line}\n`).join("");
}
