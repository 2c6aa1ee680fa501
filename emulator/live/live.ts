// A live pump: virtual time led by the wall, sans-I/O.

import type { Bench } from "../bench";
import { applyInput, bytesInput, runTo } from "./input";
import type { Input } from "./input";

/** Virtual time ends here: a hundred years, far beyond any pump's life. */
export const END_US = 100 * 365 * 86_400 * 1_000_000;
/** Events between two looks at the outside: some ms of work. */
const EVENTS_MAX = 20_000;
/**
 * What an input brings about within so long is done at once, ahead of the wall, which the pump then waits for: the board notices bytes at its next millisecond, and
 * a wand is to have its answer sooner than the host's timers can tell.
 */
const AHEAD_US = 2000;

/** How time went: virtual, at the wall's instant, from which the rest is counted. */
interface Anchor {
  readonly wall_us: number;
  readonly virtual_us: number;
  readonly speed: number;
}

/**
 * Leads a bench by the wall. Asleep, the pump's time runs at `speed` (Infinity: as fast as it goes); while its link is awake at the wall's own pace,
 * so that a wand can talk to it. Every call is given the wall's time.
 */
export class Live {
  private anchor: Anchor;
  private awake: boolean;

  /** `record` hears of each input before it is done, `woke` of the link as it is woken and falls asleep. */
  constructor(
    readonly bench: Bench, private readonly speed: number, wall_us: number, private readonly record: (input: Input) => void,
    private readonly woke: (awake: boolean) => void = () => undefined,
  ) {
    if (!(speed >= 1)) throw new Error(`a pump cannot run at ${speed} times life`);
    this.awake = bench.link.awake;
    this.anchor = this.anchored(wall_us);
  }

  /** True time of the pump. */
  get now_us(): number {
    return this.bench.engine.now_us;
  }

  get ended(): boolean {
    return this.now_us >= END_US;
  }

  /**
   * Brings the pump to the wall's instant, or as near as a few ms of work can. Returns when to call again, at the latest: at once if there is more
   * to do now, undefined once time has ended.
   */
  advance(wall_us: number): number | undefined {
    const { engine } = this.bench;
    for (let events = 0; events < EVENTS_MAX; events++) {
      this.look(wall_us);
      const target_us = this.target(wall_us);
      const { next_us } = engine;
      if (next_us === undefined || next_us > target_us) {
        if (target_us > engine.now_us) engine.runUntil(target_us);
        return this.ended ? undefined : this.wallOf(next_us ?? END_US);
      }
      engine.step(target_us);
    }
    // The host is too slow for this speed: goes on from where it has come.
    if (this.anchor.speed > 1) this.anchor = this.anchored(wall_us);
    return wall_us;
  }

  /** Bytes come from a wand. */
  receive(wall_us: number, bytes: Uint8Array): void {
    this.input(wall_us, (us) => bytesInput(us, bytes));
  }

  /** A fault begins. Throws for one that there is not, or cannot be now: then nothing was done. */
  inject(wall_us: number, fault: string, value?: number): void {
    this.input(wall_us, (us) => ({ us, fault, ...(value === undefined ? {} : { value }) }));
  }

  heal(wall_us: number, kind: string): void {
    this.input(wall_us, (us) => ({ us, heal: kind }));
  }

  private input(wall_us: number, make: (us: number) => Input): void {
    this.advance(wall_us);
    const us = this.now_us;
    runTo(this.bench, us);
    const input = make(us);
    // Bytes are put down before they are done, so that no answer is out that the state does not have. A fault may yet be refused.
    if ("bytes" in input) this.record(input);
    applyInput(this.bench, input);
    if (!("bytes" in input)) this.record(input);
    this.goAhead(wall_us);
  }

  private goAhead(wall_us: number): void {
    const { engine } = this.bench;
    const limit_us = Math.min(END_US, (this.anchor.speed === 1 ? this.target(wall_us) : engine.now_us) + AHEAD_US);
    for (let events = 0; events < EVENTS_MAX && engine.next_us !== undefined && engine.next_us <= limit_us; events++) {
      engine.step(limit_us);
      this.look(wall_us);
    }
  }

  /** Time goes at another pace from the event on in which the link was woken or fell asleep. */
  private look(wall_us: number): void {
    const { awake } = this.bench.link;
    if (awake === this.awake) return;
    this.awake = awake;
    this.woke(awake);
    if (this.pace() !== this.anchor.speed) this.anchor = this.anchored(wall_us);
  }

  private pace(): number {
    return this.bench.link.awake ? 1 : this.speed;
  }

  private anchored(wall_us: number): Anchor {
    return { wall_us, virtual_us: this.now_us, speed: this.pace() };
  }

  private target(wall_us: number): number {
    const { anchor } = this;
    if (anchor.speed === Infinity) return END_US;
    return Math.min(END_US, anchor.virtual_us + Math.floor(Math.max(0, wall_us - anchor.wall_us) * anchor.speed));
  }

  private wallOf(us: number): number {
    const { anchor } = this;
    return anchor.wall_us + (anchor.speed === Infinity ? 0 : Math.ceil((us - anchor.virtual_us) / anchor.speed));
  }
}
