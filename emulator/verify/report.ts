// Reports of a verification: text, requirement by requirement, and JUnit XML.

import XMLBuilder from "fast-xml-builder";
import type { Paint } from "../report/paint";
import type { RowResult } from "./verify";

const WORDS = { pass: "pass", failed: "FAIL", skipped: "-" } as const;
const COLOURS = { pass: "green", failed: "red", skipped: "dim" } as const;

/** By requirement, in the order of their names. */
export function grouped(results: readonly RowResult[]): ReadonlyMap<string, readonly RowResult[]> {
  const groups = new Map<string, RowResult[]>();
  for (const result of [...results].sort((a, b) => (a.row.requirement < b.row.requirement ? -1 : a.row.requirement > b.row.requirement ? 1 : 0))) {
    const { requirement } = result.row;
    groups.set(requirement, [...(groups.get(requirement) ?? []), result]);
  }
  return groups;
}

export interface Count {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export function countOf(results: readonly RowResult[]): Count {
  const of = (wanted: RowResult["result"]): number => results.filter(({ result }) => result === wanted).length;
  return { passed: of("pass"), failed: of("failed"), skipped: of("skipped") };
}

/** What a port says may be anything: it does not move the cursor. */
export function clean(text: string): string {
  return text.replace(/[\p{Cc}\ufffe\uffff]/gu, "\ufffd");
}

/** The whole report; its last line has the counts. */
export function reportText(port: string, results: readonly RowResult[], paint: Paint): string {
  const wide = Math.max(...results.map(({ row }) => row.id.length));
  const lines = [`Conformance of the pump at ${port}`];
  for (const [requirement, rows] of grouped(results)) {
    lines.push("", paint("bold", requirement));
    for (const { row, result, reason, seen } of rows) {
      lines.push(`  ${paint(COLOURS[result], WORDS[result].padEnd(4))}  ${row.id.padEnd(wide)}  ${row.text}`);
      if (seen !== "" && result !== "skipped") lines.push(`        ${" ".repeat(wide)}${paint("dim", `seen: ${clean(seen)}`)}`);
      if (result !== "pass") lines.push(`        ${" ".repeat(wide)}${paint(COLOURS[result], `${result === "failed" ? "" : "not run: "}${clean(reason)}`)}`);
    }
  }
  const { passed, failed, skipped } = countOf(results);
  lines.push("", `${passed} passed, ${failed} failed, ${skipped} not shown`);
  return `${lines.join("\n")}\n`;
}

function seconds(ms: number): string {
  return `${Math.floor(ms / 1000)}.${String(ms % 1000).padStart(3, "0")}`;
}

function testCase({ row, result, reason, seen, real_ms }: RowResult, port: string): Record<string, unknown> {
  return {
    "@_name": `${row.id}: ${row.text}`, "@_classname": clean(`${row.requirement} (${port})`), "@_time": seconds(real_ms),
    ...(result === "failed" ? { failure: { "@_message": clean(reason), "@_type": "failed", "#text": clean(reason) } } : {}),
    ...(result === "skipped" ? { skipped: { "@_message": clean(reason) } } : {}),
    "system-out": `[[PROPERTY|requirement=${row.requirement}]]${seen === "" ? "" : `\nseen: ${clean(seen)}`}`,
  };
}

function attributes(results: readonly RowResult[]): Record<string, string> {
  return {
    "@_tests": String(results.length), "@_failures": String(countOf(results).failed), "@_errors": "0",
    "@_time": seconds(results.reduce((sum, { real_ms }) => sum + real_ms, 0)),
  };
}

/** The text of junit.xml: one suite a requirement. */
export function verifyXml(port: string, results: readonly RowResult[]): string {
  const suites = [...grouped(results)].map(([requirement, rows]) => ({
    "@_name": requirement, ...attributes(rows), "@_skipped": String(countOf(rows).skipped), testcase: rows.map((each) => testCase(each, port)),
  }));
  const builder = new XMLBuilder({ ignoreAttributes: false, format: true, suppressEmptyNode: true, suppressBooleanAttributes: false });
  const document = { "?xml": { "@_version": "1.0", "@_encoding": "UTF-8" }, testsuites: { "@_name": "itb-pump verify", ...attributes(results), testsuite: suites } };
  return `${builder.build(document).trim()}\n`;
}
