// Builds the Pico's image before the tests, if there is what it needs.

import { register } from "tsx/esm/api";

/** Vitest runs this in its own process, which knows no TypeScript. */
export default async function buildOnce() {
  const unregister = register();
  try {
    const { withoutImage } = await import("./image.ts");
    const { picoFlash } = await import("../../emulator/cli/pico-target.ts");
    if (withoutImage() === undefined) await picoFlash();
  } finally {
    await unregister();
  }
}
