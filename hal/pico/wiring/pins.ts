// The pins as src/pins.h has them: the one place where they are decided.

/** A pin of the bench. */
export interface WiredPin {
  /** As in pins.h: "PIN_STEP". */
  readonly name: string;
  /** The chip's GPIO. */
  readonly gpio: number;
}

/** Reads the enumeration of pins.h. Throws where it is not as it is expected to be: a drawing of half of the pins would be believed. */
export function pinsOf(header: string): readonly WiredPin[] {
  const body = /enum \{([^}]*)\}/.exec(header.replace(/\/\*[\s\S]*?\*\//g, ""))?.[1];
  if (body === undefined) throw new Error("pins.h has no enumeration of pins");
  const pins = body.split(",").map((entry) => entry.trim()).filter((entry) => entry !== "").map((entry) => {
    const [, name = "", gpio = ""] = /^(PIN_\w+) = (\d+)$/.exec(entry) ?? [];
    if (name === "") throw new Error(`pins.h: "${entry}" is no pin with its number`);
    return { name, gpio: Number(gpio) };
  });
  const gpios = new Set(pins.map(({ gpio }) => gpio));
  if (gpios.size !== pins.length) throw new Error("pins.h: two pins have one GPIO");
  return pins;
}

/** Names of the board's 40 pins in order, as on the Pico's own card; GP23 to GP25 and GP29 are not brought out. */
const BOARD = ("GP0 GP1 GND GP2 GP3 GP4 GP5 GND GP6 GP7 GP8 GP9 GND GP10 GP11 GP12 GP13 GND GP14 GP15 "
  + "GP16 GP17 GND GP18 GP19 GP20 GP21 GND GP22 RUN GP26 GP27 AGND GP28 VREF 3V3 3V3_EN GND VSYS VBUS").split(" ");

export interface BoardPin {
  /** 1 to 40: 1 to 20 down the left side, seen from above with the USB socket at the top, and on up the right. */
  readonly number: number;
  readonly label: string;
}

export const BOARD_PINS: readonly BoardPin[] = BOARD.map((label, i) => ({ number: i + 1, label }));

/** The board's pin of a GPIO. Throws for one that is not brought out. */
export function boardPin(gpio: number): BoardPin {
  const found = BOARD_PINS.find(({ label }) => label === `GP${gpio}`);
  if (found === undefined) throw new Error(`GP${gpio} is not on the board's edge`);
  return found;
}
