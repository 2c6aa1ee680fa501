// Example: the image's sources with the pressure sensor's service in them.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What changes in peripherals.c: the service's functions, its command, its class in the announcement. */
const CHANGES: readonly (readonly [from: string, to: (from: string) => string])[] = [
  ["static bool known(Peripherals *p, const Packet *packet) {\n", (from) => `${readFileSync(join(import.meta.dirname, "pressure.c"), "utf8")}${from}`],
  ["    default: break;\n  }\n  return packet->index == INDEX_CONTROL", (from) => `    case SERVICE_PRESSURE << 16 | PRESSURE_SAMPLE: AS(PressureSample, PRESSURE_SAMPLE_BYTES, pressure_ordered) break;\n${from}`],
  ["words[1 + SERVICES] = { 0x00000101, CLASS_BOARD, CLASS_MOTOR, CLASS_SUPPLY, CLASS_SOUNDER };", () => "words[2 + SERVICES] = { 0x00000101, CLASS_BOARD, CLASS_MOTOR, CLASS_SUPPLY, CLASS_SOUNDER, 0x1a5e0c55 };"],
];

/** Puts it into a copy of hal/pico/src. */
export function addPressure(src: string): void {
  const file = join(src, "peripherals.c");
  let text = readFileSync(file, "utf8");
  for (const [from, to] of CHANGES) {
    if (text.split(from).length !== 2) throw new Error(`peripherals.c has not one place that reads: ${from}`);
    text = text.replace(from, to);
  }
  writeFileSync(file, text);
}
