// Frames on the tether's line as a bystander sees them, and where they lie.

import type { Way } from "../../emulator/tether/serial";
import { FrameAt, PacketAt } from "../../protocol/frames";
import { BoardFeed, BoardOpen, MotorDriveBecame, MotorEdge, MotorRefused, MotorStep, MotorStepped, MotorSupplyDrive, Peripheral, SounderSound, SupplySample } from "../../protocol/peripherals";
import { createUnframer, takeByte } from "../../protocol/usb";

/** A frame, by the numbers of its bytes in its way. */
export interface LineFrame {
  readonly way: Way;
  readonly kind: string;
  readonly first: number;
  /** Exclusive. */
  readonly end: number;
  /** When its last byte was put on the line. */
  readonly at_us: number;
}

const OUT: readonly (readonly [index: number, code: number, kind: string])[] = [
  [Peripheral.board, BoardOpen.code, "open"], [Peripheral.board, BoardFeed.code, "feed"], [Peripheral.motor, MotorStep.code, "step"],
  [Peripheral.motor, MotorSupplyDrive.code, "supply drive"], [Peripheral.supply, SupplySample.code, "sample"], [Peripheral.sounder, SounderSound.code, "sound"],
];
const BACK: typeof OUT = [
  [Peripheral.board, BoardOpen.code, "opened"], [Peripheral.board, BoardFeed.code, "status"], [Peripheral.motor, MotorStepped.code, "stepped"],
  [Peripheral.motor, MotorRefused.code, "refused"], [Peripheral.motor, MotorEdge.code, "edge"], [Peripheral.motor, MotorDriveBecame.code, "drive became"],
  [Peripheral.supply, SupplySample.code, "sampled"], [Peripheral.sounder, SounderSound.code, "sounding"],
];
const MARK = 0xfe;

/** Gathers the frames of one way. */
export class FrameLog {
  readonly frames: LineFrame[] = [];
  private readonly unframer = createUnframer();
  private count = 0;
  private first = 0;

  constructor(private readonly way: Way, private readonly heard: (frame: LineFrame) => void = () => undefined) {}

  take(byte: number, now_us: number): void {
    const { unframer } = this;
    if (byte === MARK && unframer.mode === 0 && unframer.escaped === 0) this.first = this.count;
    this.count++;
    if (!takeByte(unframer, byte)) return;
    const frame = { way: this.way, kind: this.kind(), first: this.first, end: this.count, at_us: now_us };
    this.frames.push(frame);
    this.heard(frame);
  }

  private kind(): string {
    const { bytes } = this.unframer;
    const at: number = FrameAt.packets;
    const index = bytes[at + PacketAt.index]! & 0x3f;
    const code = bytes[at + PacketAt.code]!;
    if (index === 0) return "announcement";
    if (index === 0x3d) return "call";
    return (this.way === "out" ? OUT : BACK).find(([of, packet]) => of === index && packet === code)?.[2] ?? `service ${index} code ${code}`;
  }
}
