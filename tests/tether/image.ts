// The board's flash for tests: the image of the suite as a peripheral server.

import { peripheralsFlash } from "../../emulator/cli/tether-target";

let made: Promise<Uint8Array> | undefined;

export function boardFlash(): Promise<Uint8Array> {
  made ??= peripheralsFlash();
  return made;
}
