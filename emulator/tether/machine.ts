// A controller in Node and an emulated board, for as many benches as wanted.

import type { ControllerFactory } from "../../hal/controller";
import type { Machine } from "../brain";
import { TetherBrain } from "./brain";
import { LEFT_OUT } from "./exclusions";
import { figuresText } from "./figures";

/** How much faster than the controller's the board's crystal runs unless told: that of an ordinary one. */
export const BOARD_PPB = 20_000;

export interface TetherMachine extends Machine {
  /** What the bench that was started last has measured, for people. */
  readonly figures: () => string;
}

/** The controller as Node has it, its hardware a board whose flash holds `image`. */
export function tetherMachine(image: Uint8Array, factory: ControllerFactory, board_ppb = BOARD_PPB): TetherMachine {
  let last: TetherBrain | undefined;
  return {
    start: (world) => {
      last = new TetherBrain(image, factory, world, board_ppb);
      return last;
    },
    excluded: LEFT_OUT,
    figures: () => (last === undefined ? "" : figuresText(last.host.tether, last.measures)),
  };
}
