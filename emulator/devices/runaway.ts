// A drive that turns the head by itself, whenever it has its supply.

import { type Engine, Timer } from "../engine/timers";

/**
 * Motions come at multiples of their period from the fault's beginning, whenever the drive has its supply: so they
 * come at the same instants on a processor that cuts or restores it a little later.
 */
export class Runaway {
  private from_us = 0;
  private period_us = 0;
  private edges_us: number[] = [];
  private readonly turning = new Timer(() => { this.turned(); });
  private readonly edge = new Timer(() => { this.edgeCame(); });

  /** `turn` is called at each motion and gives when its edge comes, in us from now, below 0 for never; `sensed` then. */
  constructor(
    private readonly engine: Engine,
    private readonly supplied: () => boolean,
    private readonly turn: () => number,
    private readonly sensed: () => void,
  ) {}

  /** Every `period_ms` from the true time `from_us` on. */
  begin(from_us: number, period_ms: number): void {
    this.from_us = from_us;
    this.period_us = period_ms * 1000;
    this.follow();
  }

  end(): void {
    this.period_us = 0;
    this.follow();
  }

  /** The drive's supply may have changed. */
  follow(): void {
    const { engine, from_us, period_us } = this;
    if (period_us === 0 || !this.supplied()) {
      engine.cancel(this.turning);
      return;
    }
    const turns = Math.floor((engine.now_us - from_us) / period_us) + 1;
    engine.arm(this.turning, from_us + turns * period_us);
  }

  private turned(): void {
    this.follow();
    const after_us = this.turn();
    if (after_us < 0) return;
    this.edges_us.push(this.engine.now_us + after_us);
    if (!this.edge.armed) this.engine.arm(this.edge, this.edges_us[0]!);
  }

  private edgeCame(): void {
    this.edges_us.shift();
    const next_us = this.edges_us[0];
    if (next_us !== undefined) this.engine.arm(this.edge, Math.max(this.engine.now_us, next_us));
    this.sensed();
  }
}
