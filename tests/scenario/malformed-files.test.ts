// Malformed files on disk: the exact messages of each, from messages.txt.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadScenarios } from "../../emulator/scenario/load";
import { ScenarioProblems } from "../../emulator/scenario/problem";

const FOLDER = join(import.meta.dirname, "malformed");

/** What is expected of each file: blocks of messages under "# file". */
const expected = new Map(readFileSync(join(FOLDER, "messages.txt"), "utf8").split(/^# /m).slice(1).map((block) => {
  const [file = "", ...lines] = block.trimEnd().split("\n");
  return [file, lines] as const;
}));

const files = readdirSync(FOLDER).filter((name) => name.endsWith(".yaml")).sort();

function messagesOf(file: string): string[] {
  try {
    loadScenarios(join(FOLDER, file));
  } catch (error) {
    if (error instanceof ScenarioProblems) return error.message.replaceAll(`${FOLDER}/`, "").split("\n");
    throw error;
  }
  return [];
}

describe("a malformed file", () => {
  it("is there 40 times, each with its messages", () => {
    expect(files.length).toBeGreaterThanOrEqual(40);
    expect([...expected.keys()]).toEqual(files);
  });

  it.each(files)("%s", (file) => {
    const lines = expected.get(file) ?? [];
    expect(lines.length).toBeGreaterThan(0);
    expect(messagesOf(file)).toEqual(lines);
  });
});
