// JUnit XML of runs of scenarios, as CI services and test managers read it.

// fast-xml-builder: the builder half of fast-xml-parser, kept by the same authors, 2 small dependencies;
// xmlbuilder2 brings a DOM and a YAML parser, xmlbuilder has not been touched for years.
import XMLBuilder from "fast-xml-builder";
import { posix, sep } from "node:path";
import type { Outcome } from "../scenario/run";

/** One scenario that was run. */
export interface Case {
  readonly outcome: Outcome;
  /** The outcome's verdict, or that its digest is not the golden one. */
  readonly result: Outcome["verdict"] | "differs from golden";
  readonly target: string;
  /** What went wrong, one line each. */
  readonly reasons: readonly string[];
  readonly again: string;
  /** By the host's clock. */
  readonly real_ms: number;
}

/** XML 1.0 cannot hold most control characters, not even escaped. */
function clean(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "\ufffd");
}

/** Seconds with three places from whole milliseconds. */
export function seconds(ms: number): string {
  const whole = Math.round(ms);
  return `${String(Math.floor(whole / 1000))}.${String(whole % 1000).padStart(3, "0")}`;
}

/** Name and value of one property. */
export type Property = readonly [name: string, value: string];

function propertiesOf({ outcome, target }: Case): Property[] {
  const { scenario } = outcome;
  return [
    ["file", scenario.file], ["target", target], ["seed", String(outcome.seed)], ["virtual_ms", String(outcome.virtual_ms)],
    ...scenario.requirements.map((id): Property => ["requirement", id]), ...scenario.tags.map((tag): Property => ["tag", tag]),
    ["pulses", String(outcome.pulses)], ["digest", outcome.digest], ["full_digest", outcome.full_digest],
  ];
}

function folderOf(file: string): string {
  return posix.dirname(file.split(sep).join("/"));
}

/** What a case's suite calls it: the file's name in the folder, and the row of its table. */
function shortName({ outcome: { scenario } }: Case): string {
  const name = posix.basename(scenario.file.split(sep).join("/"));
  return scenario.row === undefined ? name : `${name} [${scenario.row}]`;
}

function testCase(each: Case): Record<string, unknown> {
  const { outcome, result } = each;
  const { scenario } = outcome;
  const body = clean([...each.reasons, ...(outcome.recent.length > 0 ? ["last events:", ...outcome.recent] : []), `again: ${each.again}`].join("\n"));
  const problem = { "@_message": clean(each.reasons[0] ?? result), "@_type": result, "#text": body };
  return {
    "@_name": clean(scenario.title), "@_classname": clean(`${scenario.file} (${each.target})`), "@_time": seconds(each.real_ms),
    ...(result === "pass" ? {} : result === "crashed" ? { error: problem } : { failure: problem }),
    // The schema has no properties in a testcase: these lines are how test managers take them from there.
    "system-out": clean(propertiesOf(each).map(([name, value]) => `[[PROPERTY|${name}=${value}]]`).join("\n")),
  };
}

function counts(cases: readonly Case[]): Record<string, string> {
  const total = (wanted: (result: Case["result"]) => boolean): string => String(cases.filter(({ result }) => wanted(result)).length);
  return {
    "@_tests": String(cases.length),
    "@_failures": total((result) => result !== "pass" && result !== "crashed"),
    "@_errors": total((result) => result === "crashed"),
    "@_time": seconds(cases.reduce((sum, each) => sum + each.real_ms, 0)),
  };
}

/** One suite: the scenarios of a folder. Its properties are those of each case, by the case's short name. */
function suite(folder: string, cases: readonly Case[]): Record<string, unknown> {
  const properties = cases.flatMap((each) =>
    propertiesOf(each).filter(([key]) => key !== "file").map(([key, value]) => ({ "@_name": clean(`${shortName(each)}: ${key}`), "@_value": clean(value) })));
  return { "@_name": clean(folder), ...counts(cases), properties: { property: properties }, testcase: cases.map(testCase) };
}

function written(testsuites: Record<string, unknown>): string {
  const builder = new XMLBuilder({ ignoreAttributes: false, format: true, suppressEmptyNode: true, suppressBooleanAttributes: false });
  return `${builder.build({ "?xml": { "@_version": "1.0", "@_encoding": "UTF-8" }, testsuites: { "@_name": "itb-pump", ...testsuites } }).trim()}\n`;
}

/** The text of junit.xml: one suite a folder, in the order in which they were run. */
export function junitXml(cases: readonly Case[]): string {
  const folders = [...new Set(cases.map(({ outcome }) => folderOf(outcome.scenario.file)))];
  return written({ ...counts(cases), testsuite: folders.map((folder) => suite(folder, cases.filter(({ outcome }) => folderOf(outcome.scenario.file) === folder))) });
}

/** A case that is no run of a scenario. */
export interface PlainCase {
  readonly name: string;
  readonly class_name: string;
  /** As `seconds` gives it. */
  readonly time: string;
  /** What is wrong: an error says nothing about the pump. */
  readonly problem?: { readonly error: boolean; readonly message: string; readonly type: string; readonly text: string };
  /** Lines for its output. */
  readonly out: string;
}

function plainCounts(cases: readonly PlainCase[], time: string): Record<string, string> {
  const problems = (error: boolean): string => String(cases.filter(({ problem }) => problem?.error === error).length);
  return { "@_tests": String(cases.length), "@_failures": problems(false), "@_errors": problems(true), "@_time": time };
}

function plainCase({ name, class_name, time, problem, out }: PlainCase): Record<string, unknown> {
  const told = problem === undefined ? {} : { [problem.error ? "error" : "failure"]: { "@_message": clean(problem.message), "@_type": problem.type, "#text": clean(problem.text) } };
  return { "@_name": clean(name), "@_classname": clean(class_name), "@_time": time, ...told, "system-out": clean(out) };
}

/** The same of suites of plain cases, all of which together took `time`. */
export function junitDocument(suites: readonly { readonly name: string; readonly properties: readonly Property[]; readonly cases: readonly PlainCase[] }[], time: string): string {
  return written({
    ...plainCounts(suites.flatMap(({ cases }) => cases), time),
    testsuite: suites.map(({ name, properties, cases }) => ({
      "@_name": clean(name), ...plainCounts(cases, time),
      properties: { property: properties.map(([key, value]) => ({ "@_name": clean(key), "@_value": clean(value) })) }, testcase: cases.map(plainCase),
    })),
  });
}
