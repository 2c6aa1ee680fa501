// An emulated Pico with an image in its flash, for as many benches as wanted.

import type { Machine } from "../brain";
import { LEFT_OUT } from "./exclusions";
import { Pico } from "./pico";

/** A machine whose flash holds `flash` from its beginning, anew for each bench. */
export function picoMachine(flash: Uint8Array): Machine {
  return { start: (world) => new Pico(flash, world), excluded: LEFT_OUT };
}
