// The targets: the one place where the firmware meets the emulator.

import type { ControllerFactory } from "../../hal/controller";
import type { Program } from "../brain";
import { buildFirmware } from "./firmware";

/** What a scenario can run on. */
export const TARGETS = ["node", "lua", "pico"] as const;
export type Target = (typeof TARGETS)[number];

export function isTarget(name: string): name is Target {
  return (TARGETS as readonly string[]).includes(name);
}

/**
 * node: the firmware as Node imports it. lua: compiled, in a Lua 5.4 VM. pico: the image, built if it must be, in an emulated board.
 * Loaded when asked for: Lua takes a second, an image ten. Throws `UsageError` for what a user can mend.
 */
export function openTarget(target: "node" | "lua"): Promise<ControllerFactory>;
export function openTarget(target: Target): Promise<Program>;
export async function openTarget(target: Target): Promise<Program> {
  if (target === "node") return (await import("../../firmware/controller")).createController;
  if (target === "pico") return (await import("./pico-target")).openPico();
  const { createLuaFactory } = await import("../lua/host");
  return createLuaFactory(await buildFirmware());
}
