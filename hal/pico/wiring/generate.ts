// Generates the drawing and the table of pins of BENCH.md from src/pins.h.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { drawing } from "./drawing";
import { wiresOf } from "./parts";
import { pinsOf } from "./pins";

const PICO = join(import.meta.dirname, "..");
const BEGIN = "<!-- pins: generated from src/pins.h by `npm run generate` -->\n";
const END = "<!-- end of pins -->\n";

function table(header: string): string {
  const pins = pinsOf(header);
  const rows = wiresOf(pins).flatMap(({ part, terminal, pin }) => {
    const why = part.why[String(terminal.to)];
    return why === undefined ? [] : [`| ${pin.label} | ${pin.number} | ${part.title}, ${terminal.name} | ${why} |`];
  });
  if (rows.length !== pins.length) throw new Error("a pin has no word for the table");
  return ["| | board's pin | to | |", "|---|---|---|---|", ...rows, ""].join("\n");
}

/** The page with its table as pins.h has it. Throws for a page without the place for it. */
function page(text: string, header: string): string {
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (from < 0 || to < from) throw new Error("BENCH.md has no place for the table of pins");
  return `${text.slice(0, from + BEGIN.length)}${table(header)}${text.slice(to)}`;
}

/** Every generated file and its content, by its path in hal/pico, for such a pins.h. */
export function generated(header: string): ReadonlyMap<string, string> {
  return new Map([["wiring.svg", drawing(pinsOf(header))], ["BENCH.md", page(readFileSync(join(PICO, "BENCH.md"), "utf8"), header)]]);
}

export function pinsHeader(): string {
  return readFileSync(join(PICO, "src/pins.h"), "utf8");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [name, text] of generated(pinsHeader())) writeFileSync(join(PICO, name), text);
}
