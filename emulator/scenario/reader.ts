// The reader: walks YAML nodes and collects every problem with its place.

import { isAlias, isMap, isScalar, Scalar } from "yaml";
import type { Document, LineCounter, Node, YAMLMap } from "yaml";
import type { Place, Problem } from "./problem";
import { didYouMean } from "../../protocol/wand/text/suggest";

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

/** Of one reading of a scenario, shared by the files it includes. */
export class Session {
  readonly problems: Problem[] = [];
  /** Parameters that were asked for. */
  readonly used = new Set<string>();

  /** `values` are the parameters; `steps` counts the steps read, each time they were. */
  constructor(readonly values: ReadonlyMap<string, string> = new Map(), public steps = 0) {}
}

/** "${name}" in a value. */
const parameter = /\$\{([^{}]*)\}/g;

export class Reader {
  readonly #document: Document;
  readonly #lines: LineCounter;
  /** Values that name a parameter there is not: that was told, and nothing more of them is. */
  readonly #spoiled = new WeakSet<Node>();

  constructor(
    readonly file: string,
    readonly content: string,
    document: Document,
    lines: LineCounter,
    readonly session = new Session(),
  ) {
    this.#document = document;
    this.#lines = lines;
  }

  get problems(): Problem[] {
    return this.session.problems;
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
    if (node !== null && node !== undefined && this.#spoiled.has(node)) return;
    this.problems.push({ ...this.placeOf(node), text });
  }

  /** The same file in another session: read again for another row. */
  again(session: Session): Reader {
    return new Reader(this.file, this.content, this.#document, this.#lines, session);
  }

  /** The root of the document, null if it is empty. */
  root(): Node | null {
    return this.resolve(this.#document.contents);
  }

  /** The scalar with each ${name} replaced, at the same place. */
  #filled(node: Scalar): Scalar {
    const written = typeof node.value === "string" ? node.value : "";
    if (!written.includes("${")) return node;
    const { values, used } = this.session;
    const unknown: string[] = [];
    const filled = new Scalar(written.replace(parameter, (all, name: string) => {
      used.add(name);
      const value = values.get(name);
      if (value === undefined) unknown.push(name);
      return value ?? all;
    }));
    if (node.range) filled.range = node.range;
    for (const name of unknown) {
      const known = [...values.keys()];
      this.report(node, `unknown parameter "${name}"${known.length === 0 ? ": the scenario has no parameters" : didYouMean(name, known)}`);
    }
    if (unknown.length > 0) this.#spoiled.add(filled);
    return filled;
  }

  /** What an alias stands for, with parameters replaced; anything else is itself. Empty scalars become null. */
  resolve(node: unknown): Node | null {
    let found = node as Node | null | undefined;
    if (isAlias(found)) found = found.resolve(this.#document);
    if (found === undefined || found === null || isAlias(found)) return null;
    if (isScalar(found) && (found.value === null || found.value === undefined)) return null;
    return isScalar(found) ? this.#filled(found) : found;
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
