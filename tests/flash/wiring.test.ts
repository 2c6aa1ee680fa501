// The drawing of the wiring and the page's table are what pins.h says.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Pin } from "../../emulator/pico/pins";
import { drawing } from "../../hal/pico/wiring/drawing";
import { generated, pinsHeader } from "../../hal/pico/wiring/generate";
import { boardPin, pinsOf } from "../../hal/pico/wiring/pins";

const PICO = join(import.meta.dirname, "../../hal/pico");
const header = pinsHeader();

/** Labels of the pins at which a wire of the drawing ends: as far down as the pin's own circle, and at its side. */
function wiredLabels(svg: string): readonly string[] {
  const circles = [...svg.matchAll(/<circle cx="(\d+)" cy="(\d+)" r="6"[^>]*>\n<text[^>]*>(\w+)<\/text>/g)].map(([, x, y, label]) => ({ x: Number(x), y: Number(y), label: label ?? "" }));
  const ends = [...svg.matchAll(/<line x1="\d+" y1="(\d+)" x2="(\d+)" y2="(\d+)"/g)].filter(([, from, , to]) => from === to).map(([, y, x]) => ({ x: Number(x), y: Number(y) }));
  return ends.map((end) => circles.find(({ x, y }) => y === end.y && Math.abs(x - end.x) === 6)?.label ?? "nowhere");
}

describe("the wiring", () => {
  test.each(["wiring.svg", "BENCH.md"])("%s is as it is generated: npm run generate", (name) => {
    expect(readFileSync(join(PICO, name), "utf8")).toBe(generated(header).get(name));
  });

  test("has the pins that the emulated chip has too", () => {
    expect(Object.fromEntries(pinsOf(header).map(({ name, gpio }) => [name, gpio]))).toEqual({
      PIN_UART_TX: Pin.tx, PIN_UART_RX: Pin.rx, PIN_STEP: Pin.step, PIN_ROTOR: Pin.rotor, PIN_ENABLE: Pin.enable, PIN_ALARM: Pin.alarm, PIN_SOUNDER: Pin.sounder,
      PIN_CUTOFF: Pin.cutoff, PIN_ROTOR_B: Pin.rotor_b, PIN_DRIVE_FAULT: Pin.drive_fault, PIN_SUPPLY: Pin.supply,
    });
  });

  test("leads a wire to each of them, and none to another pin", () => {
    const svg = readFileSync(join(PICO, "wiring.svg"), "utf8");
    const signals = wiredLabels(svg).filter((label) => !["GND", "AGND", "VSYS"].includes(label));
    expect([...signals].sort()).toEqual(pinsOf(header).map(({ gpio }) => boardPin(gpio).label).sort());
  });

  test.each([
    ["a pin moved", (text: string) => text.replace("PIN_STEP = 2", "PIN_STEP = 10")],
    ["two pins exchanged", (text: string) => text.replace("PIN_ALARM = 5", "PIN_ALARM = 66").replace("PIN_SOUNDER = 6,", "PIN_SOUNDER = 5,").replace("PIN_ALARM = 66", "PIN_ALARM = 6")],
  ])("differs once %s", (_what, change) => {
    const other = change(header);
    expect(other).not.toBe(header);
    for (const [name, text] of generated(other)) expect(text, name).not.toBe(readFileSync(join(PICO, name), "utf8"));
  });

  test("is refused for pins that nobody wired, that are there twice, or not on the board", () => {
    expect(() => drawing(pinsOf(header.replace("PIN_STEP = 2,", "PIN_STEP = 2, PIN_NEW = 10,")))).toThrow("PIN_NEW of pins.h has 0 wires");
    expect(() => drawing(pinsOf(header.replace("PIN_STEP = 2,", "")))).toThrow("PIN_STEP, which pins.h does not have");
    expect(() => pinsOf(header.replace("PIN_STEP = 2", "PIN_STEP = 3"))).toThrow("two pins have one GPIO");
    expect(() => pinsOf(header.replace("PIN_STEP = 2", "PIN_STEP = TWO"))).toThrow("is no pin with its number");
    expect(() => drawing(pinsOf(header.replace("PIN_STEP = 2", "PIN_STEP = 24")))).toThrow("GP24 is not on the board's edge");
  });
});
