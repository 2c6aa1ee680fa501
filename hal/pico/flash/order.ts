// What is to be flashed: a UF2 file, every byte of it checked before any board.

import { readFileSync } from "node:fs";
import type { ImageInfo } from "../tools/image";
import { readInfo } from "../tools/info";
import type { SlotInfo } from "../tools/slot";
import { familyOf, isUf2, RP2040_FAMILY } from "../tools/uf2";
import { FlashError, FlashProblem } from "./problems";

export interface Order {
  /** As it was named. */
  readonly file: string;
  readonly bytes: Uint8Array;
  readonly image: ImageInfo;
  readonly application: SlotInfo;
}

/** Reads the file. Throws `FlashError` for one that no board should get. */
export function readOrder(file: string): Order {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw new FlashError(FlashProblem.no_image, file, (error as NodeJS.ErrnoException).code === "ENOENT" ? "" : (error as Error).message);
  }
  if (!isUf2(bytes)) throw new FlashError(FlashProblem.not_a_uf2, file);
  const family = familyOf(bytes);
  if (family !== undefined && family !== RP2040_FAMILY) throw new FlashError(FlashProblem.image_for_another_chip, file, `its blocks are of family 0x${family.toString(16).padStart(8, "0")}`);
  try {
    const { image, application } = readInfo(bytes);
    if (image === undefined || application === undefined) throw new FlashError(FlashProblem.image_damaged, file, "a part of it is missing");
    return { file, bytes, image, application };
  } catch (error) {
    if (error instanceof Error && /^(Uf2|Image|Slot)Error$/.test(error.name)) throw new FlashError(FlashProblem.image_damaged, file, error.message);
    throw error;
  }
}
