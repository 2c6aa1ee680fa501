// npm run pico: the image's tests, which need its toolchain.

import { defineConfig } from "vitest/config";

export default defineConfig({
  test: { root: new URL("../..", import.meta.url).pathname, include: ["tests/pico/*.test.ts"], testTimeout: 120_000, hookTimeout: 120_000, allowOnly: false, passWithNoTests: false },
});
