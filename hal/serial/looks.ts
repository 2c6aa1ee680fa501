// When a host in Node looks again at what the self-test finds.

import { SelfTestTime } from "../self-test";

/** After `at_ms`, if that is what failed last (hal/self-test.ts). The emulated processor has it from here too. */
export function nextLook_ms(at_ms: number, failed: number): number {
  const every_ms = failed === 0 ? SelfTestTime.look_ms : SelfTestTime.again_ms;
  return (Math.floor(at_ms / every_ms) + 1) * every_ms;
}
