// Reads the service spec: jacdac-ts's parser, and the comments of its lists.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseServiceSpecificationMarkdownToJSON } from "../wand/jacdac";

/** The spec as jacdac-ts reads it, with what it drops: the comments behind the members of a list. */
export interface Spec {
  readonly service: jdspec.ServiceSpec;
  /** By "List.member". */
  readonly comments: ReadonlyMap<string, string>;
}

/** Jacdac's own specs that every service includes. */
function systemSpecs(): jdspec.SMap<jdspec.ServiceSpec> {
  const folder = join(fileURLToPath(import.meta.resolve("@microsoft/jacdac-ts")), "../../jacdac-spec/services");
  const specs: jdspec.SMap<jdspec.ServiceSpec> = {};
  for (const name of ["_system", "_base", "_sensor"]) {
    specs[name] = parseServiceSpecificationMarkdownToJSON(readFileSync(join(folder, `${name}.md`), "utf8"), specs, `${name}.md`);
  }
  return specs;
}

/** Parses the text. Throws with every problem and its line: the parser itself only notes them. */
export function readSpec(markdown: string, name: string): Spec {
  const service = parseServiceSpecificationMarkdownToJSON(markdown, systemSpecs(), name);
  const problems = service.errors ?? [];
  if (problems.length > 0) throw new Error(problems.map(({ file, line, message }) => `${file}:${line}: ${message}`).join("\n"));
  const comments = new Map<string, string>();
  let list = "";
  for (const line of markdown.split("\n")) {
    list = /^ {4}enum (\w+)/.exec(line)?.[1] ?? (line.startsWith("    ") ? list : "");
    const [, member, comment] = /^ {8}(\w+) = [^/]*\/\/ (.*)$/.exec(line) ?? [];
    if (list !== "" && member !== undefined && comment !== undefined) comments.set(`${list}.${member}`, comment);
  }
  return { service, comments };
}
