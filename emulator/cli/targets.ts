// The targets: the one place where the firmware meets the emulator.

import type { ControllerFactory } from "../../hal/controller";
import type { Program } from "../brain";
import { buildFirmware } from "./firmware";

/** What a scenario can run on. */
export const TARGETS = ["node", "lua", "pico", "tether"] as const;
export type Target = (typeof TARGETS)[number];

export function isTarget(name: string): name is Target {
  return (TARGETS as readonly string[]).includes(name);
}

/** A target in which something takes its time and has time of its own: its answers are later than node's, and a lag is not for it. */
export function takesTime(target: Target): target is "pico" | "tether" {
  return target === "pico" || target === "tether";
}

/**
 * node: the firmware as Node imports it. lua: compiled, in a Lua 5.4 VM. pico: the image, built if it must be, in an emulated board.
 * tether: the firmware as Node imports it, its hardware an emulated board across an emulated line.
 * Loaded when asked for: Lua takes a second, an image ten. Throws `UsageError` for what a user can mend.
 */
export function openTarget(target: "node" | "lua"): Promise<ControllerFactory>;
export function openTarget(target: Target): Promise<Program>;
export async function openTarget(target: Target): Promise<Program> {
  if (target === "node") return (await import("../../firmware/controller")).createController;
  if (target === "pico") return (await import("./pico-target")).openPico();
  if (target === "tether") return (await import("./tether-target")).openTether();
  const { createLuaFactory } = await import("../lua/host");
  return createLuaFactory(await buildFirmware());
}
