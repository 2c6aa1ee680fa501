// A controller in Node and an emulated board, for as many benches as wanted.

import type { ControllerFactory } from "../../hal/controller";
import type { Machine } from "../brain";
import { TetherBrain } from "./brain";

/** How much faster than the controller's the board's crystal runs unless told: that of an ordinary one. */
export const BOARD_PPB = 20_000;

/** The controller as Node has it, its hardware a board whose flash holds `image`. */
export function tetherMachine(image: Uint8Array, factory: ControllerFactory, board_ppb = BOARD_PPB): Machine {
  return { start: (world) => new TetherBrain(image, factory, world, board_ppb), excluded: {} };
}
