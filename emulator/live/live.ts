// A live pump: virtual time led by the wall, sans-I/O.

import { RecordKind } from "../../protocol/records";
import type { Bench } from "../bench";
import { applyInput, bytesInput, runTo } from "./input";
import type { Input } from "./input";
import { Steps } from "./steps";

/**
 * What an input brings about within so long is done at once, ahead of the wall, which the pump then waits for: the board notices bytes at its next millisecond, and
 * a wand is to have its answer sooner than the host's timers can tell.
 */
const AHEAD_US = 2000;
/** A host that is behind by so much of the wall's time is too slow for the speed that was asked for. */
const BEHIND_US = 250_000;

/** Neither backwards, nor slower than life, but it may stand. */
function checkSpeed(speed: number): void {
  if (speed !== 0 && !(speed >= 1)) throw new RangeError(`a pump cannot run at ${speed} times life: expected 0 (it stands), a number from 1 on, or Infinity`);
}

/** How time went: virtual, at the wall's instant, from which the rest is counted. */
interface Anchor {
  readonly wall_us: number;
  readonly virtual_us: number;
  readonly speed: number;
}

/**
 * Leads a bench by the wall. Asleep, the pump's time runs at `speed` (Infinity: as fast as it goes); while its link is awake at the wall's own pace,
 * so that a wand can talk to it. At speed 0 it stands, awake or not, and what comes waits. Every call is given the wall's time.
 */
export class Live {
  private readonly steps: Steps;
  private anchor: Anchor;
  private awake: boolean;
  /** While it runs to the next alarm: how many had come on when that was asked for. */
  private alarms_before: number | undefined;

  /** `record` hears of each input before it is done, `woke` of the link as it is woken and falls asleep. */
  constructor(
    readonly bench: Bench, private asked_speed: number, wall_us: number, private readonly record: (input: Input) => void,
    private readonly woke: (awake: boolean) => void = () => undefined,
  ) {
    if (asked_speed === 0) throw new Error("a pump cannot run at 0 times life from the start: pause it once it runs");
    checkSpeed(asked_speed);
    this.steps = new Steps(bench);
    this.awake = bench.link.awake;
    this.anchor = this.anchored(wall_us);
  }

  /** True time of the pump. */
  get now_us(): number {
    return this.bench.engine.now_us;
  }

  /** As it was asked for: 0 while it stands, Infinity for as fast as it goes. */
  get speed(): number {
    return this.asked_speed;
  }

  /** It runs as fast as it goes, and stands as soon as an alarm comes on. */
  get awaits_alarm(): boolean {
    return this.alarms_before !== undefined;
  }

  /** Virtual time has come to its end. */
  get ended(): boolean {
    return this.now_us >= this.steps.end_us;
  }

  /**
   * Brings the pump to the wall's instant, or as near as a few ms of work can. Returns when to call again, at the latest: at once if there is more
   * to do now, undefined once time has ended, or stands.
   */
  advance(wall_us: number): number | undefined {
    const { steps, bench: { engine } } = this;
    for (let events = 0; events < steps.events_max; events++) {
      this.look(wall_us);
      const target_us = steps.upTo(this.target(wall_us));
      if (steps.step(target_us)) continue;
      if (target_us > engine.now_us) engine.runUntil(target_us);
      return this.ended || this.anchor.speed === 0 ? undefined : this.wallOf(steps.next_us ?? steps.end_us);
    }
    // Goes on from where it has come.
    if (this.anchor.speed > 1 && wall_us - this.wallOf(this.now_us) > BEHIND_US) this.anchor = this.anchored(wall_us);
    return wall_us;
  }

  /** Brings the pump to an instant at which nothing is left to do, as nothing will be when its run is done again. Gives that instant. */
  settle(): number {
    return this.steps.settle();
  }

  /**
   * From now on the pump's time goes at `speed`: 0 (it stands), a number from 1 on, or Infinity. Its time goes on from where it is. What it waited for is
   * forgotten. Throws `RangeError` for another speed. A speed is no input: a run is the same at each.
   */
  setSpeed(wall_us: number, speed: number): void {
    checkSpeed(speed);
    // The time that went by at the speed before; there is no end to it if that was as fast as it goes.
    if (this.anchor.speed !== Infinity) this.advance(wall_us);
    this.alarms_before = undefined;
    this.asked_speed = speed;
    this.anchor = this.anchored(wall_us);
  }

  /** Runs as fast as it goes, and stands from the very event on by which an alarm comes on, whatever the work done at once. */
  untilAlarm(wall_us: number): void {
    this.setSpeed(wall_us, Infinity);
    this.alarms_before = this.alarms;
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
    const us = this.settle();
    runTo(this.bench, us);
    const input = make(us);
    // Bytes are put down before they are done, so that no answer is out that the state does not have. A fault may yet be refused.
    if ("bytes" in input) this.record(input);
    applyInput(this.bench, input);
    if (!("bytes" in input)) this.record(input);
    this.goAhead(wall_us);
  }

  private goAhead(wall_us: number): void {
    const { steps } = this;
    const limit_us = Math.min(steps.end_us, (this.anchor.speed === 1 ? this.target(wall_us) : this.now_us) + AHEAD_US);
    for (let events = 0; events < steps.events_max && steps.step(this.anchor.speed === 0 ? this.now_us : limit_us); events++) this.look(wall_us);
    this.look(wall_us);
  }

  /** Time goes at another pace from the event on in which the link was woken or fell asleep, or by which an awaited alarm came on. */
  private look(wall_us: number): void {
    const { awake } = this.bench.link;
    if (this.alarms_before !== undefined && this.alarms > this.alarms_before) {
      this.alarms_before = undefined;
      this.asked_speed = 0;
    }
    if (awake !== this.awake) {
      this.awake = awake;
      this.woke(awake);
    }
    if (this.pace() !== this.anchor.speed) this.anchor = this.anchored(wall_us);
  }

  /** How many alarms have come on, over the pump's life. */
  private get alarms(): number {
    return this.bench.trace.records[RecordKind.alarm_on] ?? 0;
  }

  private pace(): number {
    return this.asked_speed === 0 ? 0 : this.bench.link.awake ? 1 : this.asked_speed;
  }

  private anchored(wall_us: number): Anchor {
    return { wall_us, virtual_us: this.now_us, speed: this.pace() };
  }

  private target(wall_us: number): number {
    const { anchor } = this;
    if (anchor.speed === Infinity) return this.steps.end_us;
    return Math.min(this.steps.end_us, anchor.virtual_us + Math.floor(Math.max(0, wall_us - anchor.wall_us) * anchor.speed));
  }

  private wallOf(us: number): number {
    const { anchor } = this;
    return anchor.wall_us + (anchor.speed === Infinity ? 0 : Math.ceil((us - anchor.virtual_us) / anchor.speed));
  }
}
