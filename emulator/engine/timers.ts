// The one engine: timers in virtual time, in one total order, no allocation.

/** Thrown when too many events happen at one instant: virtual time stands still. Exit code 4. */
export class NoProgress extends Error {
  override readonly name = "NoProgress";
}

/** Events at one instant before the engine gives up. A busy instant of a real run has fewer than ten. */
export const EVENTS_PER_INSTANT_MAX = 10_000;

/** A timer with a fixed callback. Made once, armed again and again. */
export class Timer {
  /** @internal */ at_us = 0;
  /** @internal */ order = 0;
  /** @internal Place in the heap, -1 while not armed. */ place = -1;

  constructor(readonly fire: () => void) {}

  get armed(): boolean {
    return this.place >= 0;
  }

  /** True microseconds at which it fires; meaningless while not armed. */
  get due_us(): number {
    return this.at_us;
  }
}

/**
 * Virtual time: an integer count of microseconds of TRUE time. Events run in the order of their time and,
 * at one time, in the order in which they were armed, so that a run is the same wherever it runs.
 */
export class Engine {
  private now = 0;
  private armings = 0;
  private at_this_instant = 0;
  private limit = 0;
  private readonly heap: Timer[] = [];

  get now_us(): number {
    return this.now;
  }

  /** When the next event is due, undefined if there is none. */
  get next_us(): number | undefined {
    return this.heap[0]?.at_us;
  }

  /** How far whoever is called by an event may run ahead of it: nothing else happens before, and nobody waits for less. */
  get horizon_us(): number {
    return Math.min(this.limit, this.heap[0]?.at_us ?? this.limit);
  }

  /** From inside an event: time passes up to `us`, which must not be beyond the horizon. */
  pass(us: number): void {
    if (us > this.horizon_us) throw new Error(`time cannot pass to ${us} us: something is due at ${this.horizon_us} us`);
    if (us > this.now) this.moveTo(us);
  }

  /** Arms `timer`, or moves it if it is armed. Throws if `at_us` is past or not a safe integer. */
  arm(timer: Timer, at_us: number): void {
    if (!Number.isSafeInteger(at_us) || at_us < this.now) {
      throw new Error(`a timer was armed for ${at_us} us at ${this.now} us`);
    }
    timer.at_us = at_us;
    timer.order = this.armings++;
    if (timer.place < 0) {
      timer.place = this.heap.length;
      this.heap.push(timer);
    } else {
      this.sink(timer.place);
    }
    this.rise(timer.place);
  }

  /** Disarms; nothing happens if it is not armed. */
  cancel(timer: Timer): void {
    const place = timer.place;
    if (place < 0) return;
    timer.place = -1;
    const last = this.heap.pop()!;
    if (last === timer) return;
    this.heap[place] = last;
    last.place = place;
    this.sink(place);
    this.rise(last.place);
  }

  /** Runs the next event that is due up to and at `limit_us`. False if there is none: time is then `limit_us`. */
  step(limit_us: number): boolean {
    this.limit = limit_us;
    const timer = this.heap[0];
    if (timer === undefined || timer.at_us > limit_us) {
      if (limit_us > this.now) this.moveTo(limit_us);
      return false;
    }
    if (timer.at_us > this.now) this.moveTo(timer.at_us);
    this.at_this_instant++;
    if (this.at_this_instant > EVENTS_PER_INSTANT_MAX) {
      throw new NoProgress(`no progress: more than ${EVENTS_PER_INSTANT_MAX} events at ${this.now} us`);
    }
    this.cancel(timer);
    timer.fire();
    return true;
  }

  /** Runs all events up to and at `until_us`, and moves time there. */
  runUntil(until_us: number): void {
    if (!Number.isSafeInteger(until_us)) throw new Error(`virtual time cannot reach ${until_us} us`);
    while (this.step(until_us));
  }

  /** After the copy of another engine's state: timers that were left out have made holes in the order. */
  mend(): void {
    this.heap.sort((a, b) => (this.before(a, b) ? -1 : 1));
    this.heap.forEach((timer, place) => { timer.place = place; });
  }

  private moveTo(us: number): void {
    this.now = us;
    this.at_this_instant = 0;
  }

  private before(a: Timer, b: Timer): boolean {
    return a.at_us < b.at_us || (a.at_us === b.at_us && a.order < b.order);
  }

  private rise(from: number): void {
    const heap = this.heap;
    const timer = heap[from]!;
    let place = from;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const other = heap[above]!;
      if (!this.before(timer, other)) break;
      heap[place] = other;
      other.place = place;
      place = above;
    }
    heap[place] = timer;
    timer.place = place;
  }

  private sink(from: number): void {
    const heap = this.heap;
    const timer = heap[from]!;
    let place = from;
    for (;;) {
      let below = 2 * place + 1;
      if (below >= heap.length) break;
      if (below + 1 < heap.length && this.before(heap[below + 1]!, heap[below]!)) below++;
      const other = heap[below]!;
      if (!this.before(other, timer)) break;
      heap[place] = other;
      other.place = place;
      place = below;
    }
    heap[place] = timer;
    timer.place = place;
  }
}
