// JUnit XML of a run of scenarios, as CI services read it.

// fast-xml-builder: the builder half of fast-xml-parser, kept by the same authors, 2 small dependencies;
// xmlbuilder2 brings a DOM and a YAML parser, xmlbuilder has not been touched for years.
import XMLBuilder from "fast-xml-builder";
import type { Outcome } from "../scenario/run";

/** One scenario that was run. */
export interface Case {
  readonly outcome: Outcome;
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
function seconds(ms: number): string {
  const whole = Math.round(ms);
  return `${String(Math.floor(whole / 1000))}.${String(whole % 1000).padStart(3, "0")}`;
}

function property(name: string, value: string): Record<string, string> {
  return { "@_name": name, "@_value": clean(value) };
}

function testCase(each: Case): Record<string, unknown> {
  const { outcome } = each;
  const { scenario } = outcome;
  const properties = [
    property("seed", String(outcome.seed)), property("target", each.target), property("virtual_ms", String(outcome.virtual_ms)),
    ...scenario.requirements.map((id) => property("requirement", id)),
    property("digest", outcome.digest), property("full_digest", outcome.full_digest), property("pulses", String(outcome.pulses)),
  ];
  const body = clean([...each.reasons, `again: ${each.again}`].join("\n"));
  const problem = { "@_message": clean(each.reasons[0] ?? outcome.verdict), "@_type": outcome.verdict, "#text": body };
  return {
    "@_name": clean(scenario.title), "@_classname": clean(`${scenario.file} (${each.target})`), "@_file": clean(scenario.file), "@_time": seconds(each.real_ms),
    properties: { property: properties },
    ...(outcome.verdict === "pass" ? {} : outcome.verdict === "crashed" ? { error: problem } : { failure: problem }),
  };
}

/** The text of junit.xml. */
export function junitXml(cases: readonly Case[]): string {
  const total = (wanted: (verdict: Outcome["verdict"]) => boolean): string => String(cases.filter(({ outcome }) => wanted(outcome.verdict)).length);
  const counts = {
    "@_tests": String(cases.length),
    "@_failures": total((verdict) => verdict !== "pass" && verdict !== "crashed"),
    "@_errors": total((verdict) => verdict === "crashed"),
    "@_time": seconds(cases.reduce((sum, each) => sum + each.real_ms, 0)),
  };
  const builder = new XMLBuilder({ ignoreAttributes: false, format: true, suppressEmptyNode: true, suppressBooleanAttributes: false });
  const document = {
    "?xml": { "@_version": "1.0", "@_encoding": "UTF-8" },
    testsuites: { ...counts, testsuite: { "@_name": "itb-pump", ...counts, testcase: cases.map(testCase) } },
  };
  return `${builder.build(document).trim()}\n`;
}
