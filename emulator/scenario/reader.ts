// The reader of scenarios: one of files, in which ${name} stands for a value.

import { isScalar, Scalar } from "yaml";
import type { Node } from "yaml";
import { Reader as FileReader } from "../../protocol/wand/file/reader";
import type { Parsed } from "../../protocol/wand/file/reader";
import { didYouMean } from "../../protocol/wand/text/suggest";
import type { Problem } from "./problem";

export { describeNode, scalarText } from "../../protocol/wand/file/reader";
export type { Entry } from "../../protocol/wand/file/reader";

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

export class Reader extends FileReader {
  readonly #parsed: Parsed;
  /** Values that name a parameter there is not: that was told, and nothing more of them is. */
  readonly #spoiled = new WeakSet<Node>();

  constructor(parsed: Parsed, readonly session = new Session()) {
    super(parsed, session.problems);
    this.#parsed = parsed;
  }

  override report(node: Node | null | undefined, text: string): void {
    if (node === null || node === undefined || !this.#spoiled.has(node)) super.report(node, text);
  }

  /** The same file in another session: read again for another row. */
  again(session: Session): Reader {
    return new Reader(this.#parsed, session);
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

  /** As any reader, with parameters replaced. */
  override resolve(node: unknown): Node | null {
    const found = super.resolve(node);
    return isScalar(found) ? this.#filled(found) : found;
  }
}
