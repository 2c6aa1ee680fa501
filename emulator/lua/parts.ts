// What a Lua build is made of: plain data, and the build that comes of it.

import { SourceMap } from "node:module";
import type { SourceMapPayload } from "node:module";
import type { LinkedModule } from "./link";

/** What the compiler gives: can be written to a file and read again. */
export interface LuaParts {
  /** One Lua chunk. It needs `math` of Lua's library and returns the exports of the entry module. */
  readonly text: string;
  /** TypeScript files that hold what the chunk was made from, also those of which only constants were inlined; absolute. */
  readonly sources: readonly string[];
  readonly modules: readonly Place[];
}

/** Where a module stands in the text. */
type Place = Pick<LinkedModule, "source" | "map" | "lines_before">;

/** A built controller. */
export interface LuaBuild extends Pick<LuaParts, "text" | "sources"> {
  /** "firmware/math.ts:12" for a line of the text (from 1), or undefined where there is none. */
  readonly where: (line: number) => string | undefined;
}

export function builtOf({ text, sources, modules }: LuaParts): LuaBuild {
  return { text, sources, where: locator(modules) };
}

function locator(linked: readonly Place[]): (line: number) => string | undefined {
  const maps = new Map<Place, SourceMap>();
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
