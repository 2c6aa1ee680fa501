// Builds a controller's TypeScript to one Lua text and its bytecode.

import { basename, dirname, relative, resolve, sep } from "node:path";
import ts from "typescript";
import { transpileProject } from "typescript-to-lua";
import { intrinsics } from "./intrinsics";
import { link } from "./link";
import type { LuaModule } from "./link";
import { builtOf } from "./parts";
import type { LuaBuild, LuaParts } from "./parts";

export type { LuaBuild } from "./parts";

/** The build could not be made; the message lists every diagnostic with file and line. */
export class LuaBuildError extends Error {
  override readonly name = "LuaBuildError";
}

const OUT = resolve("/lua-build");

/** As `compileLua`, ready for use. */
export function buildLua(tsconfig: string, entry = "controller"): LuaBuild {
  return builtOf(compileLua(tsconfig, entry));
}

/**
 * Builds the project of `tsconfig` (its `tstl` section included) from the module `entry` beside it.
 * Throws `LuaBuildError` on any diagnostic, warnings too: TypeScriptToLua leaves a module with a warning out of its bundle and
 * says that all went well.
 */
export function compileLua(tsconfig: string, entry = "controller"): LuaParts {
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
    return { text, sources: reached(linked.map(({ source }) => resolve(root, source)), sources), modules: linked.map(({ source, map, lines_before }) => ({ source, map, lines_before })) };
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
