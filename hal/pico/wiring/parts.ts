// What hangs on which pin: parts of the bench, by the pins' names.

import { boardPin } from "./pins";
import type { BoardPin, WiredPin } from "./pins";

/** A terminal of a part, and the pin it goes to: a name of pins.h, or one of the board's other pins by its number. */
export interface Terminal {
  readonly name: string;
  readonly to: string | number;
}

export interface Part {
  readonly title: string;
  readonly lines: readonly string[];
  /** Where it is drawn: beside the board, or behind what is beside it. */
  readonly column: "far" | "near" | "right";
  readonly colour: string;
  readonly terminals: readonly Terminal[];
  /** For the table: what the wire is for. */
  readonly why: Readonly<Record<string, string>>;
}

/** Colours that are told apart without seeing red and green (Okabe and Ito). */
const COLOURS = { line: "#0072b2", drive: "#d55e00", rotor: "#009e73", told: "#cc79a7", cut: "#e69f00", supply: "#56b4e9" } as const;

export const PARTS: readonly Part[] = [
  {
    title: "Serial adapter", lines: ["Debug Probe, connector U,", "or any of 3.3 V: 115200 8N1"], column: "far", colour: COLOURS.line,
    terminals: [{ name: "RX", to: "PIN_UART_TX" }, { name: "TX", to: "PIN_UART_RX" }, { name: "GND", to: 3 }],
    why: { PIN_UART_TX: "the wand hears the pump: to the adapter's RX", PIN_UART_RX: "the pump hears the wand: to the adapter's TX" },
  },
  {
    title: "Motor driver", lines: ["supplied by the switch"], column: "far", colour: COLOURS.drive,
    terminals: [{ name: "STEP", to: "PIN_STEP" }, { name: "ENABLE", to: "PIN_ENABLE" }],
    why: { PIN_STEP: "motor step: high for 8 ms is a pulse", PIN_ENABLE: "motor supply enable: high while a step is driven" },
  },
  {
    title: "Rotor sensor A", lines: [], column: "near", colour: COLOURS.rotor, terminals: [{ name: "OUT", to: "PIN_ROTOR" }],
    why: { PIN_ROTOR: "a rising edge is a turn of the head; pulled down" },
  },
  { title: "Alarm LED", lines: ["by 330 \u03a9"], column: "near", colour: COLOURS.told, terminals: [{ name: "+", to: "PIN_ALARM" }], why: { PIN_ALARM: "LED by 330 \u03a9: no good application" } },
  { title: "Sounder", lines: ["passive piezo"], column: "near", colour: COLOURS.told, terminals: [{ name: "+", to: "PIN_SOUNDER" }], why: { PIN_SOUNDER: "a passive piezo" } },
  {
    title: "Drive cut-off", lines: ["high-side load switch,", "100 k\u03a9 gate to GND"], column: "far", colour: COLOURS.cut, terminals: [{ name: "ON", to: "PIN_CUTOFF" }],
    why: { PIN_CUTOFF: "high lets the drive's supply through; 100 k\u03a9 to GND keep it open in a reset" },
  },
  {
    title: "Rotor sensor B", lines: ["\u00bc turn later"], column: "near", colour: COLOURS.rotor, terminals: [{ name: "OUT", to: "PIN_ROTOR_B" }],
    why: { PIN_ROTOR_B: "low at A's rising edge is forward; left open, every turn counts as forward" },
  },
  {
    title: "Driver fault output", lines: [], column: "near", colour: COLOURS.drive, terminals: [{ name: "nFAULT", to: "PIN_DRIVE_FAULT" }],
    why: { PIN_DRIVE_FAULT: "low: the driver says that it has failed; pulled up, left open by a driver that tells nothing" },
  },
  {
    title: "Power", lines: ["USB, or 1.8 to 5.5 V", "at VSYS"], column: "right", colour: COLOURS.supply, terminals: [{ name: "+", to: 39 }, { name: "GND", to: 38 }], why: {},
  },
  {
    title: "Battery, by 1:2", lines: ["100 k\u03a9 to battery +,", "100 k\u03a9 to AGND; no battery:", "3V3 (36) in its place"], column: "right", colour: COLOURS.supply,
    terminals: [{ name: "AGND", to: 33 }, { name: "MIDDLE", to: "PIN_SUPPLY" }],
    why: { PIN_SUPPLY: "the battery by a divider of 1:2; a bench without one takes 3V3, pin 36, in its place, or the pump asks to be replaced" },
  },
];

/** A wire: from a part's terminal to the board. */
export interface Wire {
  readonly part: Part;
  readonly terminal: Terminal;
  readonly pin: BoardPin;
}

/** All wires. Throws unless each of the pins is wired, once, and nothing else is. */
export function wiresOf(pins: readonly WiredPin[]): readonly Wire[] {
  const wires = PARTS.flatMap((part) => part.terminals.map((terminal) => {
    const { to } = terminal;
    if (typeof to === "number") return { part, terminal, pin: { number: to, label: "" } };
    const pin = pins.find(({ name }) => name === to);
    if (pin === undefined) throw new Error(`${part.title} is wired to ${to}, which pins.h does not have`);
    return { part, terminal, pin: boardPin(pin.gpio) };
  }));
  for (const { name } of pins) {
    const count = wires.filter(({ terminal }) => terminal.to === name).length;
    if (count !== 1) throw new Error(`${name} of pins.h has ${count} wires in place of one`);
  }
  return wires;
}
