// The firmware's own build: one Lua text, for whoever needs it.

import { fileURLToPath } from "node:url";
import type { LuaBuild } from "../lua/build";
import { UsageError } from "./usage-error";

/** Where the firmware's own compiler settings stand. */
const FIRMWARE_TSCONFIG = fileURLToPath(new URL("../../firmware/tsconfig.json", import.meta.url));

let built: Promise<LuaBuild> | undefined;

/** The firmware's Lua text, built once in a process: the compiler takes seconds. What it has to say is the message of a `UsageError`. */
export function buildFirmware(): Promise<LuaBuild> {
  built ??= build();
  return built;
}

async function build(): Promise<LuaBuild> {
  const { buildLua, LuaBuildError } = await import("../lua/build");
  try {
    return buildLua(FIRMWARE_TSCONFIG);
  } catch (error) {
    if (error instanceof LuaBuildError) throw new UsageError(`the firmware cannot be built for lua:\n${error.message}`);
    throw error;
  }
}
