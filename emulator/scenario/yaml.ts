// The YAML of a scenario, or all that is wrong with it as such.

import { parseYaml as parse } from "../../protocol/wand/file/yaml";
import { ScenarioProblems } from "./problem";
import { Reader } from "./reader";
import type { Session } from "./reader";

/** Reads the text to a document. Throws `ScenarioProblems` for what is not good YAML, or too deep or too clever. */
export function parseYaml(file: string, content: string, session: Session): Reader {
  const parsed = parse(file, content, "a scenario");
  if (!("document" in parsed)) throw new ScenarioProblems(parsed);
  return new Reader(parsed, session);
}
