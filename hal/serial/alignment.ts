// Clock alignment: what the board's time is, and by how much that may be wrong.

/**
 * How much faster or slower than the other the two crystals may run, in parts in 10^6: twice the 50 of a cheap one, and as much again for
 * temperature. A board whose clock cannot be explained by it has no such crystal.
 */
export const DRIFT_PPM = 200;

/** An exchange: host time when the question began to leave and when the answer was complete; board time when the question was complete and when the answer was begun. */
export interface Exchange {
  readonly sent_us: number;
  readonly received_us: number;
  readonly board_received_us: number;
  readonly board_sent_us: number;
  /** What question and answer take on the line at the least. */
  readonly out_us: number;
  readonly back_us: number;
}

/**
 * The board's time less the host's lies in an interval, and never outside. Each exchange gives one: the question cannot have come before it left, nor the answer.
 * Intervals of several exchanges are intersected; with time each grows by what the crystals may drift apart. Half of what is left is the error, and it is no estimate.
 */
export class Alignment {
  private low_us = -Infinity;
  private high_us = Infinity;
  private at_us = 0;
  /** Exchanges that went in. */
  count = 0;
  /** The largest error since the beginning, once there were exchanges. */
  error_us_max = 0;

  /** Half the width of the interval at that host time, rounded up; Infinity before the first exchange. */
  error_us(now_us: number): number {
    if (this.count === 0) return Infinity;
    return Math.ceil((this.high_us - this.low_us) / 2) + this.growth_us(now_us);
  }

  /** False if no crystal explains what came: then nothing has changed. */
  add(exchange: Exchange): boolean {
    const { sent_us, received_us, board_received_us, board_sent_us, out_us, back_us } = exchange;
    const grown_us = this.count === 0 ? 0 : this.growth_us(received_us);
    const low_us = Math.max(this.low_us - grown_us, board_sent_us + back_us - received_us);
    const high_us = Math.min(this.high_us + grown_us, board_received_us - out_us - sent_us);
    if (low_us > high_us) return false;
    this.low_us = low_us;
    this.high_us = high_us;
    this.at_us = received_us;
    this.count++;
    this.error_us_max = Math.max(this.error_us_max, this.error_us(received_us));
    return true;
  }

  /** The board's time at a host time. */
  board_us(host_us: number): number {
    return host_us + this.offset_us();
  }

  /** The host's time at a board time. */
  host_us(board_us: number): number {
    return board_us - this.offset_us();
  }

  private offset_us(): number {
    if (this.count === 0) throw new Error("the clocks are not aligned yet");
    return Math.floor((this.low_us + this.high_us) / 2);
  }

  private growth_us(now_us: number): number {
    return Math.ceil((Math.abs(now_us - this.at_us) * DRIFT_PPM) / 1_000_000);
  }
}
