// Reads sources for the layout rules: imports, functions, names.

import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { dirname, normalize } from "node:path/posix";
import ts from "typescript";

/** All files of the repository that are ours, by path from its root with forward slashes. */
export type Files = ReadonlyMap<string, string>;

export interface Import {
  /** A path from the root without extension, or a package's name. */
  readonly target: string;
  readonly relative: boolean;
  readonly written: string;
}

export interface FunctionExtent {
  readonly name: string;
  readonly line: number;
  readonly lines: number;
}

export interface Name {
  /** "Math.random" for a property of a plain name, otherwise the name alone. */
  readonly name: string;
  readonly line: number;
  /** How many arguments it is constructed with, -1 where it is not constructed. */
  readonly constructed: number;
}

/** Generated or installed, at the top. */
const SKIPPED = new Set(["node_modules", "build", "report", "findings", ".git"]);

/** Reads every file below `root`, except what is generated or installed. */
export function readFiles(root: string): Files {
  const files = new Map<string, string>();
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    const path = relative(root, join(entry.parentPath, entry.name)).split(sep).join("/");
    if (entry.isFile() && !SKIPPED.has(path.split("/")[0] ?? "")) files.set(path, readFileSync(join(root, path), "utf8"));
  }
  return files;
}

function parse(path: string, text: string): ts.SourceFile {
  return ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
}

function lineOf(file: ts.SourceFile, position: number): number {
  return file.getLineAndCharacterOfPosition(position).line + 1;
}

/** What a file imports, by any of the ways there are. */
export function importsOf(path: string, text: string): readonly Import[] {
  return ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => {
    const local = fileName.startsWith(".");
    return { written: fileName, relative: local, target: local ? normalize(`${dirname(path)}/${fileName}`) : fileName };
  });
}

/** Every function of a file with its length in lines. */
export function functionsOf(path: string, text: string): readonly FunctionExtent[] {
  const file = parse(path, text);
  const found: FunctionExtent[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && "body" in node && node.body !== undefined) {
      const from = lineOf(file, node.getStart(file));
      found.push({ name: nameOf(node), line: from, lines: lineOf(file, node.end) - from + 1 });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function nameOf(node: ts.SignatureDeclaration): string {
  const { parent } = node;
  if (node.name !== undefined) return node.name.getText();
  return ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent) ? parent.name.getText() : "(anonymous)";
}

/** Every name used as a value or type, but not those that are only members of something or are declared here. */
export function namesOf(path: string, text: string): readonly Name[] {
  const file = parse(path, text);
  const found: Name[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && !isMember(node)) {
      const { parent } = node;
      const member = ts.isPropertyAccessExpression(parent) && parent.expression === node ? `.${parent.name.text}` : "";
      const constructed = ts.isNewExpression(parent) && parent.expression === node ? parent.arguments?.length ?? 0 : -1;
      found.push({ name: node.text + member, line: lineOf(file, node.getStart(file)), constructed });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** A name on the right of a dot, or one that names a member: it is not the global of that name. */
function isMember(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) || ts.isQualifiedName(parent)) return (ts.isPropertyAccessExpression(parent) ? parent.name : parent.right) === node;
  return (ts.isPropertyAssignment(parent) || ts.isPropertySignature(parent) || ts.isPropertyDeclaration(parent) || ts.isEnumMember(parent)
    || ts.isMethodDeclaration(parent) || ts.isMethodSignature(parent)) && parent.name === node;
}
