// Reads firmware/REQUIREMENTS.md: strict, every problem with file and line.

/** How far a requirement has come. */
export type Status = "in force" | "partly" | "later";

export interface Requirement {
  /** "DOSE-6a". */
  readonly id: string;
  /** "DOSE". */
  readonly group: string;
  /** "DOSE-6" for DOSE-6a, undefined where the number is not split. */
  readonly parent: string | undefined;
  readonly title: string;
  readonly status: Status;
  /** What `partly` and `later` still miss. */
  readonly missing: string;
  readonly line: number;
}

export interface Requirements {
  readonly name: string;
  readonly all: readonly Requirement[];
}

interface Field { readonly name: string; readonly value: string; readonly line: number }
interface Section { readonly heading: string; readonly line: number; readonly text: string[]; readonly fields: Field[] }

/** In this order; only the rationale may be left out. */
const FIELDS = ["Numbers", "Source", "Rationale", "Status"];
/** Marks of a figure that is no real device's. */
const MARKS = ["choice", "reported", "worked out"];
const OURS = "this project";
const ID = /^### (([A-Z]+)-([1-9]\d*)([a-z]?)) (\S.*)$/;

class Problems {
  readonly found: string[] = [];
  constructor(private readonly name: string) {}
  add(line: number, expected: string, found: string): void {
    this.found.push(`${this.name}:${line}: expected ${expected}, found ${JSON.stringify(found)}`);
  }
}

/** Cuts the text into headings of level 2 and 3 with what stands below each. */
function sectionsOf(markdown: string, problems: Problems): Section[] {
  const sections: Section[] = [];
  markdown.split("\n").forEach((text, i) => {
    const line = i + 1;
    const last = sections.at(-1);
    if (/^#{2,}/.test(text)) sections.push({ heading: text, line, text: [], fields: [] });
    else if (last === undefined || text === "") return;
    else if (!last.heading.startsWith("### ")) last.text.push(text);
    else if (text.startsWith("- ")) {
      const [, name, value] = /^- ([A-Z][a-z]+): (\S.*)$/.exec(text) ?? [];
      if (name === undefined || value === undefined || !FIELDS.includes(name)) problems.add(line, `a field, one of ${FIELDS.join(", ")}, as "- Status: in force"`, text);
      else last.fields.push({ name, value, line });
    } else if (last.fields.length === 0) last.text.push(text);
    else if (/^ {2}\S/.test(text)) {
      const open = last.fields.pop()!;
      last.fields.push({ ...open, value: `${open.value} ${text.trim()}` });
    } else problems.add(line, "a field, its continuation (two spaces) or the next heading", text);
  });
  return sections;
}

/** Keys of the list under "## Sources". */
function sourcesOf(sections: readonly Section[], problems: Problems): Map<string, number> {
  const sources = new Map<string, number>();
  const section = sections.find(({ heading }) => heading === "## Sources");
  if (section === undefined) problems.add(1, 'a section "## Sources"', "none");
  for (const item of section?.text.filter((text) => text.startsWith("- ")) ?? []) {
    const key = /^- `([a-z][a-z0-9-]*)`: \S/.exec(item)?.[1];
    if (key === undefined || sources.has(key)) problems.add(section!.line, 'a source of its own key, as "- `label`: what and where"', item);
    else sources.set(key, section!.line);
  }
  return sources;
}

/** Fields in their order, each once. */
function checkOrder({ fields, line, heading }: Section, problems: Problems): void {
  const names = fields.map(({ name }) => name);
  const wanted = FIELDS.filter((name) => name !== "Rationale" || names.includes(name));
  if (names.join() !== wanted.join()) problems.add(line, `the fields ${wanted.join(", ")} below ${heading.slice(4)}`, names.join(", "));
}

/** Each figure ends with where it is from: "90 days [label]; 500 ms [choice]". */
function checkFigures(fields: readonly Field[], named: readonly string[], problems: Problems): void {
  for (const { value, line } of fields.filter(({ name }) => name === "Numbers")) {
    if (value === "none") continue;
    for (const figure of value.split("; ")) {
      const mark = /^[^[\]]*\d[^[\]]* \[([^[\]]+)\]$/.exec(figure)?.[1];
      if (mark === undefined || !(MARKS.includes(mark) || named.includes(mark))) problems.add(line, `a figure marked [${MARKS.join("], [")}] or with a key of its Source, apart from the next by "; "`, figure);
    }
  }
}

function sourcesNamed(fields: readonly Field[], sources: ReadonlyMap<string, number>, used: Set<string>, problems: Problems): string[] {
  return fields.filter(({ name }) => name === "Source").flatMap(({ value, line }) => value.split(", ").filter((key) => {
    if (key === OURS || key === "reported") return false;
    if (!sources.has(key)) problems.add(line, `"${OURS}", "reported" or a key of "## Sources"`, key);
    used.add(key);
    return true;
  }));
}

function statusOf(fields: readonly Field[], problems: Problems): Pick<Requirement, "status" | "missing"> {
  const field = fields.find(({ name }) => name === "Status");
  const [, status = "in force", missing = ""] = /^(in force|partly|later)(?:: (.+))?$/.exec(field?.value ?? "in force") ?? [undefined, "?"];
  if (field !== undefined && (status === "?" || (status === "in force") !== (missing === ""))) problems.add(field.line, '"in force", "partly: what is missing" or "later: what is missing"', field.value);
  return { status: status as Status, missing };
}

/** Numbers ascend without a gap, letters run from a, and a number is split or not. */
function checkSequence(all: readonly Requirement[], problems: Problems): void {
  const groups = new Map<string, string[]>();
  for (const { id, group, line } of all) {
    const before = groups.get(group) ?? [];
    const last = /(\d+)([a-z]?)$/.exec(before.at(-1) ?? "0")!;
    const number = Number(last[1]);
    const next = [`${group}-${number + 1}`, `${group}-${number + 1}a`];
    if (last[2] !== "") next.push(`${group}-${number}${String.fromCharCode(last[2]!.charCodeAt(0) + 1)}`);
    if (before.includes(id)) problems.add(line, "an id of its own", id);
    else if (!next.includes(id)) problems.add(line, `${next.join(" or ")} after ${before.at(-1) ?? `"## ${group}"`}`, id);
    groups.set(group, [...before, id]);
  }
}

/** Throws with every problem, each as "file:line: expected ..., found ...". */
export function readRequirements(markdown: string, name: string): Requirements {
  const problems = new Problems(name);
  const sections = sectionsOf(markdown, problems);
  const sources = sourcesOf(sections, problems);
  const used = new Set<string>();
  const all: Requirement[] = [];
  let group = "";
  for (const section of sections) {
    const { heading, line, text, fields } = section;
    group = /^## ([A-Z]+): \S/.exec(heading)?.[1] ?? (heading.startsWith("### ") ? group : "");
    if (!heading.startsWith("### ")) continue;
    const [, id, of, number, letter, title] = ID.exec(heading) ?? [];
    if (id === undefined || of !== group) {
      problems.add(line, group === "" ? 'a section "## GROUP: what" above it' : `"### ${group}-number and letter, then a title"`, heading);
      continue;
    }
    if (text.length === 0) problems.add(line, "a statement below the heading", heading);
    checkOrder(section, problems);
    checkFigures(fields, sourcesNamed(fields, sources, used, problems), problems);
    all.push({ id, group, parent: letter === "" ? undefined : `${group}-${number}`, title: title!, line, ...statusOf(fields, problems) });
  }
  for (const [key, line] of sources) if (!used.has(key)) problems.add(line, "a source that some requirement names", key);
  checkSequence(all, problems);
  if (problems.found.length > 0) throw new Error(problems.found.join("\n"));
  return { name, all };
}
