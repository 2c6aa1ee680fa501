// The reader: walks YAML nodes and collects every problem with its place.

import { isAlias, isMap, isScalar } from "yaml";
import type { Document, LineCounter, Node, YAMLMap } from "yaml";
import { didYouMean } from "../text/suggest";
import type { Place, Problem } from "./problem";

/** A key of a mapping with its value; `value` is null where nothing was written. */
export interface Entry {
  readonly name: string;
  readonly key: Node;
  readonly value: Node | null;
}

/** What a node is, in words, for messages. */
export function describeNode(node: Node | null): string {
  if (node === null) return "nothing";
  if (isMap(node)) return "a mapping";
  if (!isScalar(node)) return "a list";
  if (node.value === null) return "nothing";
  return `"${scalarText(node)}"`;
}

/** A scalar as it stands in the file: "0100" stays "0100". Long ones are cut. */
export function scalarText(node: Node): string {
  if (!isScalar(node)) return "";
  const text = typeof node.value === "string" ? node.value : (node.source ?? String(node.value));
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/** A file that was parsed, and where its lines begin. */
export interface Parsed {
  readonly file: string;
  readonly content: string;
  readonly document: Document;
  readonly lines: LineCounter;
}

export class Reader {
  readonly file: string;
  readonly content: string;
  readonly #document: Document;
  readonly #lines: LineCounter;

  /** Whatever is wrong is added to `problems`. */
  constructor({ file, content, document, lines }: Parsed, readonly problems: Problem[] = []) {
    this.file = file;
    this.content = content;
    this.#document = document;
    this.#lines = lines;
  }

  /** Where a node begins; the whole file if it has no place of its own. */
  placeOf(node: Node | null | undefined): Place {
    const start = node?.range?.[0];
    if (start === undefined) return { file: this.file, line: 0, column: 0 };
    const { line, col } = this.#lines.linePos(start);
    return { file: this.file, line, column: col };
  }

  /** A node as it stands in the file, on one line; a value with its parameters replaced. */
  sourceOf(node: Node): string {
    if (isScalar(node) && node.source === undefined && typeof node.value === "string") return node.value.replace(/\s+/g, " ").trim();
    const [start = 0, end = 0] = node.range ?? [];
    return this.content.slice(start, end).replace(/\s+/g, " ").trim();
  }

  report(node: Node | null | undefined, text: string): void {
    this.problems.push({ ...this.placeOf(node), text });
  }

  /** The root of the document, null if it is empty. */
  root(): Node | null {
    return this.resolve(this.#document.contents);
  }

  /** What an alias stands for; anything else is itself. Empty scalars become null. */
  resolve(node: unknown): Node | null {
    let found = node as Node | null | undefined;
    if (isAlias(found)) found = found.resolve(this.#document);
    if (found === undefined || found === null || isAlias(found)) return null;
    return isScalar(found) && (found.value === null || found.value === undefined) ? null : found;
  }

  /** The entries of a mapping whose keys are all plain words; reports those that are not. */
  entries(map: YAMLMap): Entry[] {
    const entries: Entry[] = [];
    for (const pair of map.items) {
      const key = this.resolve(pair.key);
      if (key === null || !isScalar(key)) {
        this.report(map, "a key must be a single word or text");
        continue;
      }
      entries.push({ name: typeof key.value === "string" ? key.value : scalarText(key), key, value: this.resolve(pair.value) });
    }
    return entries;
  }

  /** Reports `unknown field "x" of refill` with what there is. */
  unknown(entry: Entry, what: string, names: readonly string[], of?: string): void {
    this.report(entry.key, `unknown ${what} "${entry.name}"${of === undefined ? "" : ` of ${of}`}${didYouMean(entry.name, names)}`);
  }
}
