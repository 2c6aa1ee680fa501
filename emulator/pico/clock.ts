// The chip's time: whole nanoseconds of its crystal, and alarms in them.

/** What rp2040js arms: after so many nanoseconds, once. */
export class ChipAlarm {
  /** @internal */ at_ns = Infinity;

  constructor(private readonly clock: Clock, readonly fire: () => void) {}

  /** When it fires; Infinity while it is not armed. */
  get due_ns(): number {
    return this.at_ns;
  }

  /** Arms it, or moves it. A part of a nanosecond is rounded up: an alarm that is early would be a defect (see README). */
  schedule(delta_ns: number): void {
    this.scheduleAt(this.clock.now_ns + Math.max(0, Math.ceil(delta_ns)));
  }

  scheduleAt(at_ns: number): void {
    this.at_ns = at_ns;
    this.clock.changed();
  }

  cancel(): void {
    this.at_ns = Infinity;
    this.clock.changed();
  }
}

/** The clock that rp2040js's peripherals are given in place of its own. A chip has about thirty alarms, nearly all of them idle: they are kept in no order. */
export class Clock {
  /** Since the chip's power came, whole ns. */
  now_ns = 0;
  /** When the next alarm is due, Infinity if there is none. */
  next_ns = Infinity;
  private readonly alarms: ChipAlarm[] = [];

  /** rp2040js's name for it. */
  get nanos(): number {
    return this.now_ns;
  }

  createAlarm(callback: () => void): ChipAlarm {
    const alarm = new ChipAlarm(this, callback);
    this.alarms.push(alarm);
    return alarm;
  }

  /** @internal An alarm was armed or cancelled. */
  changed(): void {
    let next_ns = Infinity;
    for (const { at_ns } of this.alarms) if (at_ns < next_ns) next_ns = at_ns;
    this.next_ns = next_ns;
  }

  /** Moves time to `at_ns` and fires what is due on the way, in the order of time; at one instant, of creation. */
  advance(at_ns: number): void {
    while (this.next_ns <= at_ns) {
      const due_ns = this.next_ns;
      const alarm = this.alarms.find((each) => each.at_ns === due_ns)!;
      if (due_ns > this.now_ns) this.now_ns = due_ns;
      alarm.cancel();
      alarm.fire();
    }
    if (at_ns > this.now_ns) this.now_ns = at_ns;
  }
}
