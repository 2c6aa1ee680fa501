// Before the tests: the firmware in Lua, and the Pico's image if it can be.

import { register } from "tsx/esm/api";

/** Vitest runs this in its own process, which knows no TypeScript. */
export default async function buildOnce() {
  const unregister = register();
  try {
    const { buildFirmware } = await import("../../emulator/cli/firmware.ts");
    // So that no two processes compile it. If it cannot be compiled, each test that needs it says why.
    const built = await buildFirmware().catch(() => undefined);
    const { withoutImage } = await import("./image.ts");
    const { picoFlash } = await import("../../emulator/cli/pico-target.ts");
    if (built !== undefined && withoutImage() === undefined) await picoFlash();
  } finally {
    await unregister();
  }
}
