// The layout rules: each is a function from files to findings.

import { functionsOf, importsOf, namesOf } from "./source";
import type { Files } from "./source";

/** What breaks a rule: "path:line: what". */
export type Rule = (files: Files) => readonly string[];

/** The rooms; each has a README.md. */
export const ROOMS = ["hal", "protocol", "firmware", "emulator", "tests"];
/** All else that may stand at the top, besides dot files. */
const TOP = new Set([...ROOMS, "package.json", "package-lock.json", "tsconfig.json", "README.md", "LICENSE", "eslint.config.mjs", "vitest.config.ts"]);

/** Where a file may reach, the most particular row first. `packages`: others' packages and Node's own modules. */
const ARROWS: readonly { readonly from: string; readonly to: readonly string[]; readonly packages: boolean }[] = [
  { from: "hal/serial/", to: ["hal/", "protocol/"], packages: true },
  { from: "hal/pico/", to: ["hal/"], packages: true },
  { from: "hal/", to: ["hal/"], packages: false },
  { from: "protocol/wand/", to: ["hal/", "protocol/"], packages: true },
  { from: "protocol/spec/", to: ["protocol/spec/", "protocol/wand/jacdac"], packages: true },
  { from: "protocol/", to: ["hal/", "protocol/"], packages: false },
  { from: "firmware/", to: ["hal/", "protocol/", "firmware/"], packages: false },
  { from: "emulator/cli/", to: ["hal/", "protocol/", "firmware/", "emulator/"], packages: true },
  { from: "emulator/", to: ["hal/", "protocol/", "emulator/"], packages: true },
  { from: "tests/", to: ["hal/", "protocol/", "firmware/", "emulator/", "tests/"], packages: true },
];
/** Doors that only some may enter. */
const PRIVATE: readonly { readonly room: string; readonly for: readonly string[]; readonly why: string }[] = [
  { room: "emulator/cli/", for: ["emulator/cli/", "tests/"], why: "the command line composes, nothing uses it" },
  { room: "protocol/wand/jacdac", for: ["protocol/wand/", "protocol/spec/", "tests/"], why: "it is the one door to jacdac-ts, for the programmer's side" },
  { room: "protocol/wand/", for: ["protocol/wand/", "protocol/spec/", "emulator/", "tests/"], why: "it is the programmer's side" },
  { room: "protocol/spec/", for: ["protocol/spec/", "tests/"], why: "it generates, nothing uses it" },
  { room: "hal/fault-texts", for: ["emulator/", "protocol/wand/", "tests/"], why: "texts are for hosts, not for an image" },
  { room: "protocol/names", for: ["emulator/", "protocol/wand/", "tests/"], why: "texts are for hosts, not for an image" },
];

/** Tells the types of a package that does not, by the path of its file. */
const TYPES_DOOR = "protocol/wand/jacdac.d.ts";

const isCode = (path: string): boolean => /\.(tsx?|mts|mjs|js)$/.test(path) && !path.startsWith("firmware/lib/");
const code = (files: Files): [string, string][] => [...files].filter(([path]) => isCode(path));

/** Nothing stands at the top but what belongs there. */
export const top: Rule = (files) => [...new Set([...files.keys()].map((path) => path.split("/")[0] ?? ""))]
  .filter((name) => !name.startsWith(".") && !TOP.has(name)).map((name) => `${name}: does not belong at the top`);

/** Each room says what it is for. */
export const readmes: Rule = (files) => [...ROOMS.map((room) => `${room}/README.md`), "README.md"].filter((path) => !files.has(path)).map((path) => `${path}: missing`);

/** Imports follow the arrows between rooms and lead to a file. */
export const arrows: Rule = (files) => code(files).flatMap(([path, text]) => {
  const row = ARROWS.find(({ from }) => path.startsWith(from));
  if (row === undefined || path === TYPES_DOOR) return [];
  return importsOf(path, text).flatMap(({ target, relative, written }) => {
    if (!relative) return row.packages ? [] : [`${path}: imports the package ${written}; ${row.from} has none`];
    const door = PRIVATE.find(({ room, for: guests }) => target.startsWith(room) && !guests.some((guest) => path.startsWith(guest)));
    if (door !== undefined) return [`${path}: imports ${target}: ${door.why}`];
    if (!row.to.some((room) => target.startsWith(room))) return [`${path}: imports ${target}: no arrow from ${row.from} there`];
    if (![`${target}.ts`, `${target}.tsx`, `${target}.d.ts`, `${target}/index.ts`, target].some((file) => files.has(file))) return [`${path}: imports "${written}", which is no file; relative imports have no extension`];
    return [];
  });
});

/** No file reaches itself by imports, types included. */
export const circles: Rule = (files) => {
  const reaches = new Map(code(files).map(([path, text]) =>
    [path, importsOf(path, text).filter(({ relative }) => relative).map(({ target }) => [`${target}.ts`, `${target}.tsx`].find((file) => files.has(file)) ?? target)]));
  const found: string[] = [];
  const done = new Set<string>();
  const visit = (path: string, way: readonly string[]): void => {
    if (way.includes(path)) found.push(`${[...way.slice(way.indexOf(path)), path].join(" > ")}: a circle`);
    if (done.has(path) || way.includes(path)) return;
    for (const target of reaches.get(path) ?? []) visit(target, [...way, path]);
    done.add(path);
  };
  for (const path of reaches.keys()) visit(path, []);
  return found;
};

const FILE_LINES_MAX = 500;
const FUNCTION_LINES_MAX = 59;

/** Files of at most 500 lines, functions of under 60; a test file's suites are no functions to speak of. */
export const sizes: Rule = (files) => code(files).flatMap(([path, text]) => {
  const lines = text.split("\n").length - 1;
  const long = lines > FILE_LINES_MAX ? [`${path}: ${lines} lines, more than ${FILE_LINES_MAX}`] : [];
  if (path.endsWith(".test.ts")) return long;
  return [...long, ...functionsOf(path, text).filter((each) => each.lines > FUNCTION_LINES_MAX)
    .map(({ name, line, lines: length }) => `${path}:${line}: function ${name} has ${length} lines, more than ${FUNCTION_LINES_MAX}`)];
});

/** Every file opens with one line of at most 80 characters that says what it is. */
export const openings: Rule = (files) => [...files].filter(([path]) => isCode(path) || path === "firmware/lib/index.d.ts").flatMap(([path, text]) => {
  const [first = "", second = ""] = text.split("\n");
  const opening = first.startsWith("#!") ? second : first;
  return /^\/\/ \S/.test(opening) && opening.length <= 80 ? [] : [`${path}: opens without a line comment of at most 80 characters`];
});

const HOST = new Set(["performance", "setTimeout", "setInterval", "setImmediate", "queueMicrotask", "Date.now", "Math.random", "process.hrtime", "process.uptime",
  "crypto.randomUUID", "crypto.getRandomValues", "randomBytes", "randomUUID", "randomInt", "Intl", "Intl.DateTimeFormat"]);
const HOST_MODULES = new Set(["node:timers", "node:timers/promises", "node:perf_hooks", "timers", "perf_hooks", "node:worker_threads", "node:os"]);
/** May look at the wall: command lines, pages, and implementations that are not virtual. */
const WALL = ["emulator/cli/", "emulator/page/", "protocol/wand/", "hal/serial/", "hal/pico/", "tests/"];

/** No host time and no host randomness in the core. A date may be made from a number. */
export const hostNames: Rule = (files) => code(files).filter(([path]) => path.includes("/") && !WALL.some((room) => path.startsWith(room))).flatMap(([path, text]) => [
  ...namesOf(path, text).filter(({ name, constructed }) => HOST.has(name) || HOST.has(name.split(".")[0] ?? "") || (name === "Date" && constructed !== -1 && constructed !== 1))
    .map(({ name, line }) => `${path}:${line}: ${name} is the host's`),
  ...importsOf(path, text).filter(({ target }) => HOST_MODULES.has(target)).map(({ target }) => `${path}: imports ${target}, which is the host's`),
]);

const NOT_IN_FIRMWARE = new Set(["Date", "JSON", "Map", "Set", "WeakMap", "WeakSet", "Promise", "Proxy", "Reflect", "Symbol", "RegExp", "Error", "BigInt", "Intl", "Object",
  "Number", "String", "Boolean", "Array", "Uint8Array", "Int32Array", "Float64Array", "DataView", "ArrayBuffer", "parseInt", "parseFloat", "console", "process",
  "globalThis", "eval", "arguments", "NaN", "Infinity", "ArrayLike"]);
const FIRMWARE_MATH = new Set(["Math.floor", "Math.abs", "Math.min", "Math.max"]);

/** Nothing of the standard library in the firmware that is not in firmware/lib. */
export const firmwareNames: Rule = (files) => code(files).filter(([path]) => path.startsWith("firmware/")).flatMap(([path, text]) =>
  namesOf(path, text).filter(({ name }) => NOT_IN_FIRMWARE.has(name.split(".")[0] ?? "") || (/^Math(\.|$)/.test(name) && !FIRMWARE_MATH.has(name)))
    .map(({ name, line }) => `${path}:${line}: ${name} is not for the firmware`));

const EVASION = /\b(?:it|test|describe|suite)\.(?:skip|only|todo|skipIf|runIf|fails)\b|\b(?:TODO|FIXME)\b/;

/** No test is skipped and nothing is left for later. */
export const unfinished: Rule = (files) => code(files).filter(([path]) => !path.startsWith("tests/layout/")).flatMap(([path, text]) =>
  text.split("\n").flatMap((line, i) => (EVASION.test(line) ? [`${path}:${i + 1}: skipped or unfinished: ${line.trim()}`] : [])));
