// Target tether: the controller in Node, its hardware an emulated board.

import { Kind, packSlot, PERIPHERALS_PAYLOAD } from "../../hal/pico/tools/slot";
import { Flash } from "../../hal/pico/tools/layout";
import { createController } from "../../firmware/controller";
import { tetherMachine, type TetherMachine } from "../tether/machine";
import { picoFlash } from "./pico-target";

/** The flash of a board that is a peripheral server: the same image, with that in its application's slot. */
export async function peripheralsFlash(): Promise<Uint8Array> {
  const flash = (await picoFlash()).slice(0, Flash.slot - Flash.base);
  const slot = packSlot(PERIPHERALS_PAYLOAD, "", "", Kind.peripherals);
  const whole = new Uint8Array(flash.length + slot.length);
  whole.set(flash);
  whole.set(slot, flash.length);
  return whole;
}

export async function openTether(): Promise<TetherMachine> {
  return tetherMachine(await peripheralsFlash(), createController);
}
