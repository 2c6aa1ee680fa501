// Applies a unified diff, exactly or not at all.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

interface Hunk {
  readonly path: string;
  /** First line of what it replaces, from 1. */
  readonly line: number;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

function parse(patch: string): readonly Hunk[] {
  const hunks: Hunk[] = [];
  const lines = patch.split("\n");
  let path = "";
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? "";
    const file = /^\+\+\+ [^/]+\/(\S+)/.exec(line);
    if (file !== null) path = file[1] ?? "";
    const head = /^@@ -(\d+)(?:,(\d+))? \+\d+(?:,(\d+))? @@/.exec(line);
    if (head === null) continue;
    let [old_left, new_left] = [Number(head[2] ?? 1), Number(head[3] ?? 1)];
    const before: string[] = [];
    const after: string[] = [];
    while (old_left > 0 || new_left > 0) {
      const body = lines[++i] ?? "";
      if (!body.startsWith("+")) {
        before.push(body.slice(1));
        old_left--;
      }
      if (!body.startsWith("-")) {
        after.push(body.slice(1));
        new_left--;
      }
    }
    hunks.push({ path, line: Number(head[1]), before, after });
  }
  return hunks;
}

/** Applies `patch`, whose paths have one folder in front, to the files below `root`. Throws where a line is not as the patch has it. */
export function applyPatch(patch: string, root: string): void {
  const moved = new Map<string, number>();
  for (const { path, line, before, after } of parse(patch)) {
    const file = join(root, path);
    const lines = readFileSync(file, "utf8").split("\n");
    const at = line - 1 + (moved.get(path) ?? 0);
    if (before.some((text, i) => lines[at + i] !== text)) throw new Error(`${path}: line ${line} and on are not as the patch has them`);
    lines.splice(at, before.length, ...after);
    writeFileSync(file, lines.join("\n"));
    moved.set(path, (moved.get(path) ?? 0) + after.length - before.length);
  }
}
