// Builds a controller's TypeScript to one Lua text and its bytecode.

import { SourceMap } from "node:module";
import type { SourceMapPayload } from "node:module";
import { basename, dirname, relative, resolve, sep } from "node:path";
import ts from "typescript";
import { transpileProject } from "typescript-to-lua";
import { intrinsics } from "./intrinsics";
import { link } from "./link";
import type { LinkedModule, LuaModule } from "./link";

/** A built controller. */
export interface LuaBuild {
  /** One Lua chunk. It needs `math` of Lua's library and returns the exports of the entry module. */
  readonly text: string;
  /** TypeScript files that hold what the chunk was made from, also those of which only constants were inlined; absolute. */
  readonly sources: readonly string[];
  /** "firmware/math.ts:12" for a line of the text (from 1), or undefined where there is none. */
  readonly where: (line: number) => string | undefined;
}

/** The build could not be made; the message lists every diagnostic with file and line. */
export class LuaBuildError extends Error {
  override readonly name = "LuaBuildError";
}

const OUT = resolve("/lua-build");

/**
 * Builds the project of `tsconfig` (its `tstl` section included) from the module `entry` beside it.
 * Throws `LuaBuildError` on any diagnostic, warnings too: TypeScriptToLua leaves a module with a warning out of its bundle and
 * says that all went well.
 */
export function buildLua(tsconfig: string, entry = "controller"): LuaBuild {
  const path = resolve(tsconfig);
  const root = rootDir(path);
  const files = new Map<string, string>();
  const sources = new Set<string>();
  const { diagnostics } = transpileProject(path, { noEmit: false, outDir: OUT, rootDir: root, sourceMap: true, luaPlugins: [{ plugin: intrinsics }] }, (name, text, _mark, _error, from) => {
    files.set(relative(OUT, resolve(name)).split(sep).join("/"), text);
    for (const file of from ?? []) if (!file.isDeclarationFile) sources.add(resolve(file.fileName));
  });
  if (diagnostics.length > 0) throw new LuaBuildError(format(diagnostics, root));

  const modules = new Map<string, LuaModule>();
  for (const [name, text] of files) {
    if (!name.endsWith(".lua")) continue;
    const stem = name.slice(0, -".lua".length);
    modules.set(stem.replaceAll("/", "."), { name: stem.replaceAll("/", "."), source: `${stem}.ts`, text, map: files.get(`${name}.map`) ?? "" });
  }
  const prefix = relative(root, dirname(path)).split(sep).filter((part) => part !== "");
  try {
    const { text, modules: linked } = link(modules, [...prefix, entry].join("."));
    return { text, sources: reached(linked.map(({ source }) => resolve(root, source)), sources), where: locator(linked) };
  } catch (error) {
    throw new LuaBuildError(`${basename(path)}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The project's `rootDir`, from which module names count; the file's folder if it names none. */
function rootDir(tsconfig: string): string {
  const fail = (diagnostic: ts.Diagnostic): never => {
    throw new LuaBuildError(format([diagnostic], dirname(tsconfig)));
  };
  const parsed = ts.getParsedCommandLineOfConfigFile(tsconfig, {}, { ...ts.sys, onUnRecoverableConfigFileDiagnostic: fail });
  return parsed?.options.rootDir ?? dirname(tsconfig);
}

function format(diagnostics: readonly ts.Diagnostic[], root: string): string {
  return ts.formatDiagnostics(diagnostics, { getCurrentDirectory: () => root, getCanonicalFileName: (name) => name, getNewLine: () => "\n" }).trimEnd();
}

/** The linked files and, through their imports, those of which only types and constants are used. */
function reached(linked: readonly string[], known: ReadonlySet<string>): readonly string[] {
  const found = new Set<string>();
  const visit = (file: string): void => {
    if (found.has(file) || !known.has(file)) return;
    found.add(file);
    for (const { fileName } of ts.preProcessFile(ts.sys.readFile(file) ?? "").importedFiles) {
      if (fileName.startsWith(".")) visit(`${resolve(dirname(file), fileName)}.ts`);
    }
  };
  for (const file of linked) visit(file);
  return [...found].sort();
}

function locator(linked: readonly LinkedModule[]): (line: number) => string | undefined {
  const maps = new Map<LinkedModule, SourceMap>();
  return (line) => {
    const module = linked.findLast(({ lines_before }) => lines_before < line);
    if (module === undefined) return undefined;
    let map = maps.get(module);
    if (map === undefined) maps.set(module, map = new SourceMap(JSON.parse(module.map) as SourceMapPayload));
    // The mapping that stands last on the line or before it: a line of Lua begins with text that has none.
    const entry = map.findEntry(line - module.lines_before - 1, Number.MAX_SAFE_INTEGER);
    return "originalLine" in entry ? `${module.source}:${entry.originalLine + 1}` : undefined;
  };
}
