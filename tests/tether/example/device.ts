// Example: the emulator's pressure sensor, at an input of the emulated board.

import type { BoardChip } from "../../../emulator/tether/board-chip";
import { PressureRange } from "./pressure";

const INPUT = 1;
const COUNTS = 4096;

/** What truly is at the catheter's inlet. */
export class PressureDevice {
  constructor(private readonly board: BoardChip) {}

  set pascal(pascal: number) {
    this.board.chip!.rp2040.adc.channelValues[INPUT] = Math.min(COUNTS - 1, Math.round((pascal * COUNTS) / PressureRange.pascal_max));
  }
}
