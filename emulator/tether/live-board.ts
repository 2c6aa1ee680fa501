// An emulated board in wall time: the image as a peripheral server, and a head.

import type { Wall } from "../live/wall";
import { BoardChip } from "./board-chip";

/** What the head needs from the step to the sensor's edge, as of a usual unit. */
const EDGE_NS = 8_000_000;
/** A byte of 115 200 baud takes so long. */
const BYTE_NS = 86_806;
/** A battery that is fresh. */
const SUPPLY_MV = 2900;
/** Further behind than this it does not catch up: the machine slept. To its controller that is a clock that jumps. */
const BEHIND_NS = 10_000_000_000;
/** Output is looked for so often, while the chip sleeps. */
const LOOK_US = 1000;

export interface LiveBoardOptions {
  readonly image: Uint8Array;
  readonly wall: Wall;
  /** What the board says. */
  readonly said: (bytes: Uint8Array) => void;
  /** A line for people. */
  readonly news: (text: string) => void;
}

/** Nobody judges here: the head turns once for each step that is driven with its supply on, and the sensor sees it. */
export class LiveBoard {
  /** Steps that turned the head, and those that found no supply. */
  turned = 0;
  idle = 0;
  private readonly board: BoardChip;
  private readonly began_us: number;
  private supplied = false;
  private incoming: number[] = [];
  private byte_ns = 0;
  private edges_ns: number[] = [];
  private outgoing: number[] = [];
  private behind_ns = 0;
  private stop: (() => void) | undefined;
  private closed = false;

  constructor(private readonly options: LiveBoardOptions) {
    const { image, wall, news } = options;
    this.board = new BoardChip(image, 1, {
      sent: (byte) => { this.outgoing.push(byte); },
      stepped: () => { this.stepped(); },
      cutoff: (closed) => { this.supplyBecame(closed); },
      sample: () => SUPPLY_MV,
      failed: (reason) => { news(`the image gave up: ${reason}`); },
      bitten: () => {
        this.supplyBecame(false);
        news("the board was reset by its watchdog");
      },
    });
    this.began_us = wall.now_us();
    this.board.powerOn(0);
    this.advance();
  }

  /** Bytes of whoever is at its port. */
  heard(bytes: Uint8Array): void {
    // The chip is behind by up to a look: nothing may reach it before it was sent.
    this.advance();
    this.byte_ns = Math.max(this.byte_ns, this.board.now_ns);
    this.incoming.push(...bytes);
    this.advance();
  }

  close(): void {
    this.closed = true;
    this.stop?.();
  }

  private stepped(): void {
    if (this.supplied) {
      this.turned++;
      this.edges_ns.push(this.board.now_ns + EDGE_NS);
    } else this.idle++;
  }

  private supplyBecame(supplied: boolean): void {
    if (supplied === this.supplied) return;
    this.supplied = supplied;
    this.options.news(supplied ? "the drive has its supply" : "the drive is cut");
  }

  /** The chip's time comes to the wall's. */
  private advance(): void {
    if (this.closed) return;
    const { board, options: { wall, said } } = this;
    const wall_ns = (wall.now_us() - this.began_us) * 1000;
    if (wall_ns - this.behind_ns - board.now_ns > BEHIND_NS) this.behind_ns = wall_ns - board.now_ns;
    this.runTo(wall_ns - this.behind_ns);
    if (this.outgoing.length > 0) said(Uint8Array.from(this.outgoing.splice(0)));
    this.stop?.();
    this.stop = wall.after(LOOK_US, () => { this.advance(); });
  }

  private runTo(end_ns: number): void {
    const { board } = this;
    for (;;) {
      const byte_ns = this.incoming.length === 0 ? Infinity : Math.max(this.byte_ns, board.now_ns);
      const next_ns = Math.min(byte_ns, this.edges_ns[0] ?? Infinity);
      while (board.now_ns < Math.min(end_ns, next_ns)) board.run(Math.min(end_ns, next_ns));
      if (next_ns > end_ns) return;
      if (next_ns === byte_ns) {
        board.receive(this.incoming.shift()!);
        this.byte_ns = byte_ns + BYTE_NS;
      } else {
        this.edges_ns.shift();
        board.edge(false);
      }
    }
  }
}
