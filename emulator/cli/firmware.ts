// The firmware's own build: one Lua text, for whoever needs it.

import { fileURLToPath } from "node:url";
import type { LuaBuild, LuaParts } from "../lua/parts";
import { keepParts, keptParts, stampOf } from "./kept-build";
import { UsageError } from "./usage-error";

/** Where the firmware's own compiler settings stand. */
const FIRMWARE_TSCONFIG = fileURLToPath(new URL("../../firmware/tsconfig.json", import.meta.url));

let built: Promise<LuaBuild> | undefined;

/**
 * The firmware's Lua text, compiled once for the same sources: the compiler takes seconds, also only to be loaded. What it has to
 * say is the message of a `UsageError`.
 */
export function buildFirmware(): Promise<LuaBuild> {
  built ??= build();
  return built;
}

async function build(): Promise<LuaBuild> {
  // Loaded when asked for, as all of lua/: who bundles this for node alone leaves that folder out.
  const { builtOf } = await import("../lua/parts");
  const stamp = stampOf();
  const kept = keptParts(stamp);
  if (kept !== undefined) return builtOf(kept);
  const parts = await compile();
  // What was compiled while its sources changed is of neither.
  if (stampOf() === stamp) keepParts(stamp, parts);
  return builtOf(parts);
}

async function compile(): Promise<LuaParts> {
  const { compileLua, LuaBuildError } = await import("../lua/build");
  try {
    return compileLua(FIRMWARE_TSCONFIG);
  } catch (error) {
    if (error instanceof LuaBuildError) throw new UsageError(`the firmware cannot be built for lua:\n${error.message}`);
    throw error;
  }
}
