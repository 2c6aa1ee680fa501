// Generic mutation operators over the firmware's syntax tree.

import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

/** One possible change: the text from `start` to `end` of `file` becomes `replace`. */
export interface Site {
  readonly file: string;
  readonly line: number;
  readonly start: number;
  readonly end: number;
  readonly operator: string;
  readonly was: string;
  readonly replace: string;
}

const SWAPS: Partial<Record<ts.SyntaxKind, string>> = {
  [ts.SyntaxKind.LessThanToken]: "<=",
  [ts.SyntaxKind.LessThanEqualsToken]: "<",
  [ts.SyntaxKind.GreaterThanToken]: ">=",
  [ts.SyntaxKind.GreaterThanEqualsToken]: ">",
  [ts.SyntaxKind.EqualsEqualsEqualsToken]: "!==",
  [ts.SyntaxKind.ExclamationEqualsEqualsToken]: "===",
  [ts.SyntaxKind.PlusToken]: "-",
  [ts.SyntaxKind.MinusToken]: "+",
  [ts.SyntaxKind.AsteriskToken]: "+",
  [ts.SyntaxKind.AmpersandAmpersandToken]: "||",
  [ts.SyntaxKind.BarBarToken]: "&&",
};

/** What can be changed at this node, if anything: the node whose text goes, the operator's name, the new text. */
function changeOf(node: ts.Node): { at: ts.Node; operator: string; replace: string } | undefined {
  if (ts.isBinaryExpression(node)) {
    const swap = SWAPS[node.operatorToken.kind];
    if (swap !== undefined) return { at: node.operatorToken, operator: "swap", replace: swap };
  }
  if (ts.isNumericLiteral(node) && !ts.isEnumMember(node.parent)) {
    return { at: node, operator: "number + 1", replace: String(Number(node.text.replaceAll("_", "")) + 1) };
  }
  if (ts.isExpressionStatement(node) && ts.isCallExpression(node.expression)) {
    return { at: node, operator: "drop call", replace: ";" };
  }
  if (ts.isIfStatement(node)) {
    return { at: node.expression, operator: "negate", replace: `!(${node.expression.getText()})` };
  }
  return undefined;
}

function sitesOf(root: string, file: string): Site[] {
  const source = ts.createSourceFile(file, readFileSync(join(root, file), "utf8"), ts.ScriptTarget.Latest, true);
  const sites: Site[] = [];
  const visit = (node: ts.Node): void => {
    const change = changeOf(node);
    if (change !== undefined) {
      const start = change.at.getStart(source);
      const end = change.at.getEnd();
      sites.push({
        file, start, end, operator: change.operator, replace: change.replace, was: source.text.slice(start, end),
        line: source.getLineAndCharacterOfPosition(start).line + 1,
      });
    }
    node.forEachChild(visit);
  };
  visit(source);
  return sites;
}

/** Where what runs on the chip stands. */
const FOLDERS = ["firmware", "protocol/device"];

/** Every site of every file that runs on the chip, in the order of files and text. */
export function allSites(root: string): Site[] {
  return FOLDERS.flatMap((folder) => readdirSync(join(root, folder)).filter((name) => name.endsWith(".ts")).sort().flatMap((name) => sitesOf(root, `${folder}/${name}`)));
}

/** The source line of a site, trimmed: what names it besides its file, while lines move. */
export function lineOf(root: string, site: Site): string {
  return readFileSync(join(root, site.file), "utf8").split("\n")[site.line - 1]?.trim() ?? "";
}

/** The same line as the change makes it. */
export function changedLine(root: string, site: Site): string {
  const text = readFileSync(join(root, site.file), "utf8");
  const end = text.indexOf("\n", site.end);
  return (text.slice(text.lastIndexOf("\n", site.start - 1) + 1, site.start) + site.replace + text.slice(site.end, end)).trim();
}

/**
 * `count` different sites, drawn by `seed`. Each site's chance is a hash of the seed and of what stands there, so a
 * change of the firmware elsewhere draws the same ones again.
 */
export function drawSites(root: string, seed: number, count: number): Site[] {
  const seen = new Map<string, number>();
  const ranked = allSites(root).map((site) => {
    const name = [seed, site.file, site.operator, lineOf(root, site), site.was].join("\n");
    const nth = (seen.get(name) ?? 0) + 1;
    seen.set(name, nth);
    return { site, rank: createHash("sha256").update(`${name}\n${nth}`).digest("hex") };
  });
  return ranked.sort((a, b) => (a.rank < b.rank ? -1 : 1)).slice(0, count).map(({ site }) => site);
}
