// A board that says what it is told to say: for what a real one never does.

import { addPacket, beginFrame, checkFrame, Code, endFrame, FrameAt, FrameFlag, nextPacket, packetEnd, PacketAt } from "../../protocol/frames";
import { getU16, putU32 } from "../../protocol/integers";
import { BoardFeed, BoardFeedAnswer, BoardOpen, BoardOpenAnswer, Cause, Drive, Limit, Peripheral, PeripheralClass } from "../../protocol/peripherals";
import { readFields, writeFields } from "../../protocol/fields";
import { createUnframer, frameUp, takeByte } from "../../protocol/usb";

export interface Manner {
  readonly id?: readonly number[];
  readonly classes?: readonly number[];
  readonly version?: number;
  /** From a question to its answer. */
  readonly delay_us?: number;
  /** What a status says besides, by its place. */
  readonly lies?: (status: number[], count: number) => void;
}

const SERVICES = [PeripheralClass.board, PeripheralClass.motor, PeripheralClass.supply, PeripheralClass.sounder];

/** Answers the call, `open` and `feed`. */
export class FakeBoard {
  /** Answers, and when they are complete. */
  readonly answers: { readonly at_us: number; readonly bytes: Uint8Array }[] = [];
  private readonly unframer = createUnframer();
  private session = 0;
  private statuses = 0;

  constructor(private readonly manner: Manner) {}

  get id(): readonly number[] {
    return this.manner.id ?? [1, 2, 3, 4, 5, 6, 7, 8];
  }

  take(bytes: Uint8Array, now_us: number): void {
    for (const byte of bytes) {
      if (takeByte(this.unframer, byte) && checkFrame(this.unframer.bytes, this.unframer.size) === 0) this.frame(now_us + bytes.length * 87);
    }
  }

  private frame(now_us: number): void {
    const { bytes, size } = this.unframer;
    const multicast = (bytes[FrameAt.flags]! & FrameFlag.multicast) !== 0;
    if (!multicast && this.id.some((byte, i) => bytes[FrameAt.device + i] !== byte)) return;
    for (let at: number = FrameAt.packets; ;) {
      const end = packetEnd(bytes, size, at);
      if (end === 0) return;
      this.packet(bytes[at + PacketAt.index]! & 0x3f, getU16(bytes, at + PacketAt.code), bytes.slice(at + PacketAt.data, end), now_us);
      at = nextPacket(end);
    }
  }

  private packet(index: number, code: number, data: readonly number[], now_us: number): void {
    const values: number[] = [];
    const read = (layout: number): void => { readFields(layout, data, 0, data.length, values); };
    if (index === 0x3d) this.announce(now_us);
    else if (index === Peripheral.board && code === BoardOpen.code) {
      read(BoardOpen.layout);
      const version = this.manner.version ?? Limit.version;
      if (version === values[BoardOpen.version]) this.session = values[BoardOpen.session]!;
      this.answer(now_us, code, BoardOpenAnswer.layout, [now_us, this.session, 7, 0, 0, 0, version, Limit.dead_man_ms]);
    } else if (index === Peripheral.board && code === BoardFeed.code) {
      read(BoardFeed.layout);
      const status: number[] = [now_us, 0, this.session, values[BoardFeed.token]!, 50, 0, 0, 0, 0, Drive.cut, Cause.opened, 0];
      this.manner.lies?.(status, ++this.statuses);
      this.answer(now_us, code, BoardFeedAnswer.layout, status);
    }
  }

  private announce(now_us: number): void {
    const data = [1, 1, 1, 0];
    for (const service of this.manner.classes ?? SERVICES) putU32(data, data.length, service);
    this.put(now_us, 0, Code.announce, data);
  }

  private answer(now_us: number, code: number, layout: number, values: readonly number[]): void {
    const data: number[] = [];
    if (writeFields(layout, values, values.length, data, 0) < 0) throw new Error(`no such answer: ${values.join(" ")}`);
    this.put(now_us, Peripheral.board, code, data);
  }

  private put(now_us: number, index: number, code: number, data: readonly number[]): void {
    const frame: number[] = [];
    const line: number[] = [];
    const size = endFrame(frame, addPacket(frame, beginFrame(frame, 0, this.id, 0), index, code, data, 0, data.length));
    const bytes = Uint8Array.from(line.slice(0, frameUp(frame, size, line)));
    this.answers.push({ at_us: now_us + 50 + bytes.length * 87 + (this.manner.delay_us ?? 0), bytes });
  }
}
