// The targets: the one place where the firmware meets the emulator.

import type { ControllerFactory } from "../../hal/controller";
import { buildFirmware } from "./firmware";

/** What a scenario can run on. */
export const TARGETS = ["node", "lua"] as const;
export type Target = (typeof TARGETS)[number];

/** node: the firmware as Node imports it. lua: compiled, in a Lua 5.4 VM. Loaded when asked for: Lua takes a second. */
export async function openTarget(target: Target): Promise<ControllerFactory> {
  if (target === "node") return (await import("../../firmware/controller")).createController;
  const { createLuaFactory } = await import("../lua/host");
  return createLuaFactory(await buildFirmware());
}
