// Builds the Pico's image before the tests, if there is what it needs.

import { picoFlash } from "../../emulator/cli/pico-target";
import { withoutImage } from "./image";

export default async function buildOnce(): Promise<void> {
  if (withoutImage() === undefined) await picoFlash();
}
