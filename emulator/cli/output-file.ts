// A file that a command leaves behind: tried before the work, written whole.

import { closeSync, existsSync, mkdirSync, openSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { systemReason } from "../scenario/load";
import { UsageError } from "./usage-error";

/** Either does what it says or throws what the user can mend, with the option's name. */
function orUsage(option: string, path: string, act: () => void): void {
  try {
    act();
  } catch (error) {
    throw new UsageError(`${option} ${path}: cannot be written: ${systemReason(error)}; name a file in a folder that is there`);
  }
}

/** So that no long run ends without its file. */
export function prepareFile(option: string, path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) throw new UsageError(`${option} ${path}: is a directory: name a file`);
  orUsage(option, path, () => {
    closeSync(openSync(`${path}.part`, "w"));
    rmSync(`${path}.part`);
  });
}

/** Whole or not at all. */
export function writeWhole(option: string, path: string, text: string): void {
  orUsage(option, path, () => {
    writeFileSync(`${path}.part`, text);
    renameSync(`${path}.part`, path);
  });
}

/** Whether a folder can be made there, before the work. */
export function checkFolder(option: string, path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === false) throw new UsageError(`${option} ${path}: is no folder: name one, or a new one`);
}

/** A folder that is there afterwards. */
export function prepareFolder(option: string, path: string): void {
  orUsage(option, path, () => { mkdirSync(path, { recursive: true }); });
}

/** A name in the folder that nothing has yet: name.yaml, name-2.yaml. What is there already is left as it is. */
export function newFile(option: string, folder: string, name: string, ending: string): string {
  for (let copy = 1; copy <= 1000; copy += 1) {
    const path = join(folder, `${name}${copy === 1 ? "" : `-${String(copy)}`}${ending}`);
    if (!existsSync(path)) return path;
  }
  throw new UsageError(`${option} ${folder}: has a thousand files ${name}*${ending}: clear it up`);
}
