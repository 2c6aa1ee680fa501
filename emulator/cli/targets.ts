// The targets: the one place where the firmware meets the emulator.

import { fileURLToPath } from "node:url";
import type { ControllerFactory } from "../../hal/controller";
import type { LuaBuild } from "../lua/build";
import { UsageError } from "./usage-error";

/** What a scenario can run on. */
export const TARGETS = ["node", "lua"] as const;
export type Target = (typeof TARGETS)[number];

/** Where the firmware's own compiler settings stand. */
const FIRMWARE_TSCONFIG = fileURLToPath(new URL("../../firmware/tsconfig.json", import.meta.url));

/** Builds the firmware's Lua text. What the compiler has to say is the message of a `UsageError`. */
export async function buildFirmware(): Promise<LuaBuild> {
  const { buildLua, LuaBuildError } = await import("../lua/build");
  try {
    return buildLua(FIRMWARE_TSCONFIG);
  } catch (error) {
    if (error instanceof LuaBuildError) throw new UsageError(`the firmware cannot be built for lua:\n${error.message}`);
    throw error;
  }
}

/** node: the firmware as Node imports it. lua: compiled, in a Lua 5.4 VM. Loaded when asked for: Lua takes a second. */
export async function openTarget(target: Target): Promise<ControllerFactory> {
  if (target === "node") return (await import("../../firmware/controller")).createController;
  const { createLuaFactory } = await import("../lua/host");
  return createLuaFactory(await buildFirmware());
}
