// npm run check: type check and linter on the same programs, in one process.

import { resolve } from "node:path";
import { ESLint } from "eslint";
import ts from "typescript";

/** The linter's findings are of the files that `files` names, by a program of the tsconfig.json nearest to them. */
export interface Checked {
  readonly program: ts.Program;
  readonly files: string;
}

/** The type checker's programs, as in the script `typecheck`: the linter looks at a file by the last that fits, as the nearest tsconfig.json does. */
const PROGRAMS = [
  { config: "tsconfig.json", files: "**/*.ts" },
  { config: "firmware/tsconfig.json", files: "firmware/**/*.ts" },
  { config: "emulator/page/tsconfig.json", files: "emulator/page/**/*.{ts,tsx}" },
];

/** The program of a tsconfig.json, with all its options. Throws where there is none that can be read. */
export function programOf(config: string): ts.Program {
  const parsed = ts.getParsedCommandLineOfConfigFile(config, {}, {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: ({ messageText }) => { throw new Error(`${config}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`); },
  });
  if (parsed === undefined) throw new Error(`${config}: not a configuration of the type checker`);
  const { fileNames, options, errors } = parsed;
  // The linter goes from each node to its parent.
  return ts.createProgram({ rootNames: fileNames, options, host: ts.createCompilerHost(options, true), configFileParsingDiagnostics: errors });
}

/** What `tsc` prints of this program, empty if nothing. */
export function typeErrors(program: ts.Program): string {
  const found = ts.sortAndDeduplicateDiagnostics(ts.getPreEmitDiagnostics(program));
  return ts.formatDiagnostics(found, { getCurrentDirectory: () => process.cwd(), getCanonicalFileName: (name) => name, getNewLine: () => "\n" });
}

/**
 * What `eslint .` prints in the folder `cwd`, empty if nothing. Types come from the given programs, whose checkers know by then most of what the linter asks for: it would
 * make the same programs once more. A file that none of them has is an error, as it is for `eslint .`.
 */
export async function lintErrors(cwd: string, checked: readonly Checked[], overrideConfigFile?: string): Promise<string> {
  const overrideConfig = checked.map(({ program, files }) => ({ files: [files], languageOptions: { parserOptions: { projectService: false, programs: [program] } } }));
  const eslint = new ESLint({ cwd, overrideConfig, ...(overrideConfigFile === undefined ? {} : { overrideConfigFile }) });
  return (await eslint.loadFormatter("stylish")).format(await eslint.lintFiles(["."]));
}

/** Prints what is wrong; gives whether nothing is. */
async function check(root: string): Promise<boolean> {
  const programs = PROGRAMS.map(({ config, files }) => ({ config, files, program: programOf(resolve(root, config)) }));
  const told = programs.map(({ config, program }) => ({ by: `tsc -p ${config}`, text: typeErrors(program) }));
  told.push({ by: "eslint .", text: await lintErrors(root, programs) });
  for (const { by, text } of told) process.stdout.write(text === "" ? `${by}: nothing found\n` : `${by}:\n${text}\n`);
  return told.every(({ text }) => text === "");
}

if (process.argv[1] === import.meta.filename) process.exitCode = (await check(resolve(import.meta.dirname, "../.."))) ? 0 : 1;
