// The drawing of the wiring: an SVG of board, parts and wires.

import { BOARD_PINS } from "./pins";
import type { WiredPin } from "./pins";
import { PARTS, wiresOf } from "./parts";
import type { Part, Wire } from "./parts";

/** Pixels. The board's pins are so far apart that every wire is straight. */
const PITCH = 38;
const TOP = 100;
const BOARD = { left: 610, right: 860, bottom: TOP + 19 * PITCH + 52 } as const;
const COLUMNS = { far: { left: 24, right: 226 }, near: { left: 306, right: 496 }, right: { left: 930, right: 1146 } } as const;
const WIDTH = 1170;
const HEIGHT = 1000;
/** The debug pads on the board's lower edge. */
const PADS: readonly (readonly [name: string, x: number])[] = [["SWCLK", 675], ["GND", 735], ["SWDIO", 795]];

const escaped = (content: string): string => content.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

interface TextStyle { readonly anchor?: "start" | "middle" | "end"; readonly size?: number; readonly weight?: number; readonly fill?: string }

function text(x: number, y: number, content: string, { anchor = "start", size = 14, weight = 400, fill = "#222" }: TextStyle = {}): string {
  return `<text x="${x}" y="${y}" text-anchor="${anchor}" font-size="${size}" font-weight="${weight}" fill="${fill}">${escaped(content)}</text>`;
}

function line(x1: number, y1: number, x2: number, y2: number, colour: string, width = 3): string {
  return `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="${colour}" stroke-width="${width}"/>`;
}

function box(left: number, top: number, right: number, bottom: number, stroke: string, fill = "#fff"): string {
  return `<rect x="${left}" y="${top}" width="${right - left}" height="${bottom - top}" rx="8" fill="${fill}" stroke="${stroke}" stroke-width="2"/>`;
}

/** Where a pin of the board is: on which side, and how far down. */
function placeOf(number: number): { readonly side: "left" | "right"; readonly y: number } {
  return number <= 20 ? { side: "left", y: TOP + (number - 1) * PITCH } : { side: "right", y: TOP + (40 - number) * PITCH };
}

function board(wired: ReadonlyMap<number, string>): readonly string[] {
  const middle = (BOARD.left + BOARD.right) / 2;
  const pins = BOARD_PINS.flatMap(({ number, label }) => {
    const { side, y } = placeOf(number);
    const x = side === "left" ? BOARD.left : BOARD.right;
    const colour = wired.get(number);
    const ground = label === "GND" || label === "AGND";
    const style = { anchor: side === "left" ? "start" : "end", size: 13, weight: colour === undefined ? 400 : 700, fill: colour === undefined ? "#9db7a8" : "#fff" } as const;
    const inside = side === "left" ? 14 : -14;
    return [
      `<circle cx="${x}" cy="${y}" r="6" fill="${colour ?? (ground ? "#555" : "#d9c27a")}" stroke="#222"/>`,
      text(x + inside, y + 5, label, style),
      text(x + inside * 4.9, y + 5, String(number), { ...style, weight: 400, fill: "#9db7a8", size: 11 }),
    ];
  });
  return [
    box(BOARD.left, TOP - 50, BOARD.right, BOARD.bottom, "#0b3d26", "#14573a"),
    box(middle - 32, TOP - 66, middle + 32, TOP - 34, "#666", "#ccc"), text(middle, TOP - 45, "USB", { anchor: "middle", size: 13 }),
    text(middle, TOP + 400, "Raspberry", { anchor: "middle", fill: "#fff" }), text(middle, TOP + 418, "Pi Pico", { anchor: "middle", fill: "#fff" }),
    `<circle cx="${middle}" cy="${TOP + 60}" r="11" fill="#eee" stroke="#222"/>`, text(middle, TOP + 90, "BOOTSEL", { anchor: "middle", size: 12, fill: "#fff" }),
    ...pins,
  ];
}

/** The part's terminals by how far down they are. */
function rowsOf(part: Part, wires: readonly Wire[]): readonly { readonly y: number; readonly wire: Wire }[] {
  return wires.filter((wire) => wire.part === part).map((wire) => ({ y: placeOf(wire.pin.number).y, wire })).sort((a, b) => a.y - b.y);
}

function drawn(part: Part, wires: readonly Wire[]): readonly string[] {
  const { left, right } = COLUMNS[part.column];
  const rows = rowsOf(part, wires);
  const [first, last] = [rows[0]?.y ?? 0, rows.at(-1)?.y ?? 0];
  const needed = part.column === "near" ? 0 : 14 + 17 * (1 + part.lines.length);
  const middle = (first + last) / 2;
  const half = Math.max((last - first) / 2 + 14, needed / 2 + 4);
  const onRight = part.column === "right";
  const titled = part.column === "near"
    ? [text(left + 10, middle + 5, part.title, { weight: 700 }), ...part.lines.map((each) => text(right - 14, middle + 5, each, { anchor: "end", size: 12, fill: "#555" }))]
    : [part.title, ...part.lines].map((each, i, all) => text(onRight ? right - 10 : left + 10, middle + 5 + (i - (all.length - 1) / 2) * 17, each,
      { anchor: onRight ? "end" : "start", weight: i === 0 ? 700 : 400, size: i === 0 ? 14 : 12, fill: i === 0 ? "#222" : "#555" }));
  return [
    box(left, middle - half, right, middle + half, part.colour, "#fffdf6"), ...titled,
    ...rows.flatMap(({ y, wire: { terminal } }) => {
      const edge = onRight ? left : right;
      return [
        line(edge, y, onRight ? BOARD.right + 6 : BOARD.left - 6, y, terminal.name.endsWith("GND") ? "#555" : part.colour),
        `<circle cx="${edge}" cy="${y}" r="5" fill="#fff" stroke="${part.colour}" stroke-width="2"/>`,
        // Within the box where there is room, else above the wire.
        text(onRight ? edge - 12 : edge + 12, y - 6, terminal.name, { anchor: onRight ? "end" : "start", size: 12, weight: 700, fill: terminal.name.endsWith("GND") ? "#555" : part.colour }),
      ];
    }),
  ];
}

/** From the switch up to what it switches. */
function cutOff(wires: readonly Wire[]): readonly string[] {
  const yOf = (title: string, last: boolean): number => {
    const rows = wires.filter(({ part }) => part.title === title).map(({ pin }) => placeOf(pin.number).y);
    return last ? Math.max(...rows) : Math.min(...rows);
  };
  const x = (COLUMNS.far.left + COLUMNS.far.right) / 2;
  const [from, to] = [yOf("Drive cut-off", false) - 37, yOf("Motor driver", true) + 14];
  return [line(x, from, x, to + 8, "#e69f00"), `<path d="M ${x - 6} ${to + 10} L ${x} ${to} L ${x + 6} ${to + 10} Z" fill="#e69f00"/>`, text(x + 12, (from + to) / 2 + 5, "switched supply", { size: 12, fill: "#555" })];
}

function debugProbe(): readonly string[] {
  const [top, left, right] = [BOARD.bottom + 52, 560, 910];
  return [
    ...PADS.flatMap(([name, x]) => [
      line(x, BOARD.bottom, x, top, "#222"), `<circle cx="${x}" cy="${BOARD.bottom - 4}" r="5" fill="#d9c27a" stroke="#222"/>`,
      text(x, BOARD.bottom - 14, name, { anchor: "middle", size: 11, fill: "#fff" }),
    ]),
    box(left, top, right, top + 48, "#222", "#fffdf6"),
    text((left + right) / 2, top + 21, "Debug Probe, connector D", { anchor: "middle", weight: 700 }),
    text((left + right) / 2, top + 38, "only for `itb-pump flash --probe`", { anchor: "middle", size: 12, fill: "#555" }),
  ];
}

/** The whole drawing for these pins. */
export function drawing(pins: readonly WiredPin[]): string {
  const wires = wiresOf(pins);
  const wired = new Map(wires.map(({ pin, part, terminal }) => [pin.number, terminal.name.endsWith("GND") ? "#555" : part.colour]));
  const note = ["All grounds are one: board, adapter, driver, sensors.", "All signals are 3.3 V: nothing of 5 V on any GP pin.", "LED and sounder return to any GND pin.", "The rotor's sensors are fed by 3V3, pin 36.",
    "Never for use on a person."];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" font-family="Helvetica, Arial, sans-serif">`,
    "<title>Wiring of the bench: a Raspberry Pi Pico, its adapter and the parts of the pump</title>",
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    text(24, 36, "itb-pump on a Raspberry Pi Pico, seen from above", { size: 20, weight: 700 }),
    ...PARTS.flatMap((part) => drawn(part, wires)), ...cutOff(wires), ...board(wired), ...debugProbe(),
    ...note.map((each, i) => text(24, 690 + i * 24, each, { size: 14, fill: "#444", weight: i === note.length - 1 ? 700 : 400 })),
    "</svg>", "",
  ].join("\n");
}
