// Images that fail on purpose: planted faults in Lua, C that does not return.

import type { Machine } from "../../emulator/brain";
import { buildFirmware } from "../../emulator/cli/firmware";
import type { LuaBuild } from "../../emulator/lua/build";
import { IMAGE_FOLDER, picoFlash } from "../../emulator/cli/pico-target";
import { luaBytecode } from "../../emulator/lua/host";
import { picoMachine } from "../../emulator/pico/machine";
import type { Pico } from "../../emulator/pico/pico";
import { packChunk } from "../../hal/pico/tools/chunk";
import { Flash } from "../../hal/pico/tools/layout";
import { packSlot } from "../../hal/pico/tools/slot";
import { symbolsOf } from "../../hal/pico/tools/compile";

/** What the application does in the place of a wake, in Lua; `board` and `at` are its own. */
export const PLANTED = {
  hang: "while true do end",
  error: "local nothing; nothing.field = 1",
  panic: "board.panic(904)",
  memory: "local heap = {}; while true do heap = { heap, { 1, 2, 3, 4, 5, 6, 7, 8 } } end",
  recursion: "local function deeper(n) return 1 + deeper(n + 1) end; deeper(0)",
  forgotten: "return 0",
} as const;
export type Planted = keyof typeof PLANTED;

const SRAM = 0x2000_0000;

let built: Promise<LuaBuild> | undefined;

/** The image with another application in its slot. */
export async function machineWith(lua: (firmware: string) => string): Promise<Machine> {
  const flash = (await picoFlash()).slice();
  built ??= buildFirmware();
  const build = await built;
  const slot = packSlot(packChunk(await luaBytecode({ ...build, text: lua(build.text) })).bytes, "0.0.0", "planted");
  const at = Flash.slot - Flash.base;
  flash.fill(0xff, at, Math.min(at + Flash.slot_size, flash.length));
  const whole = new Uint8Array(Math.max(flash.length, at + slot.length)).fill(0xff);
  whole.set(flash);
  whole.set(slot, at);
  return picoMachine(whole);
}

/** The firmware, but for the wakes from `from_ms` on and before `until_ms`. */
export async function machineThatFails(planted: Planted, from_ms: number, until_ms: number): Promise<Machine> {
  return machineWith((firmware) => `local real = (function()
${firmware}end)()
local create = real.createController
real.createController = function(board)
  local controller = create(board)
  local wake = controller.wake
  controller.wake = function(at)
    if at >= ${from_ms} and at < ${until_ms} then ${PLANTED[planted]} end
    return wake(at)
  end
  return controller
end
return real
`);
}

/** Code in the place of a C function's beginning. */
export const CODE = {
  /** `b .` */
  hang: [0xe7fe],
  /** `movs r0, #1` and `ldr r0, [r0]`: an address that is not a word's, so a hard fault. */
  fault: [0x2001, 0x6800],
} as const;

/** Puts `code` at the beginning of the image's C function; gives what puts back what was there. What runs from RAM a reset makes whole again. */
export async function patched(pico: Pico, symbol: string, code: readonly number[]): Promise<() => void> {
  const address = (await symbolsOf(IMAGE_FOLDER, "fw.elf")).get(symbol);
  if (address === undefined) throw new Error(`the image has no ${symbol}`);
  const in_ram = address >= SRAM;
  const bytes = in_ram ? pico.chip!.rp2040.sram : pico.flash.bytes;
  const at = (address & ~1) - (in_ram ? SRAM : Flash.base);
  const before = bytes.slice(at, at + 2 * code.length);
  new Uint16Array(bytes.buffer).set(code, at / 2);
  return () => { if (!in_ram) bytes.set(before, at); };
}
