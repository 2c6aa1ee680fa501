// MOTOR-4 at the motor: motion that nobody commanded, and the drive's supply.

import { Unit } from "../../hal/units";
import { Alarm } from "../../protocol/alarms";
import type { AlarmWatch, Report } from "./alarm-watch";

/** From the first edge on the drive has so long a supply, and so many motions, that one included. */
const CUT_MS_MAX = 1000;
const MOTIONS_MAX = 2;
/** Therapy is back after so long without a motion. */
const QUIET_MS = Unit.ms_per_minute;
/** The third time within it the drive stays off. */
const TIMES = 3;

const NEVER = -1;

/** What a cut means for therapy. */
export interface Consequence {
  /** Nothing is owed any more; `held` until a clinician's commit or start. */
  readonly off: (held: boolean) => void;
  /** Therapy is owed from this instant on, whether the drive has its supply or not. */
  readonly resume: (at_ms: number) => void;
}

/** Hears of edges that no pulse explains and of the drive's true supply, and judges what was done about them. */
export class DriveWatch {
  /** The third time in 24 h: only a clinician's start or commit ends it. */
  held = false;
  private supplied = false;
  /** The program opened the switch, and therapy is not owed yet. */
  private waiting = false;
  /** The first edge since the drive had its supply, and the motions since. */
  private first_ms = NEVER;
  private motions = 0;
  private last_ms = NEVER;
  private times: number[] = [];
  private off_since_ms = NEVER;
  /** It got its supply after the third time: the answer to a clinician's request must follow at the same instant. */
  private freed_ms = NEVER;
  private told_slow = false;
  /** The program was told that the motor fails its self-test, and not since that it passes. */
  private doubtful = false;

  constructor(private readonly alarms: AlarmWatch, private readonly report: Report, private readonly then: Consequence) {}

  /** An edge that no pulse explains was told to the program. */
  edged(at_ms: number): void {
    this.last_ms = at_ms;
    if (!this.supplied) return;
    this.motions++;
    if (this.first_ms === NEVER) this.begin(at_ms);
    if (this.motions > MOTIONS_MAX) this.slow(at_ms, "the head goes on turning by itself: motions, at most", MOTIONS_MAX, this.motions);
  }

  /** The motor fails its self-test, or passes it: as an edge of the third time, but that nothing turned (STATE-4c). */
  doubt(at_ms: number, failed: boolean): void {
    this.doubtful = failed;
    if (!failed) return;
    this.last_ms = at_ms;
    this.held = true;
    // Nothing is owed from here on, also where the switch is stuck and the drive keeps its supply.
    this.waiting = true;
    this.then.off(true);
    // That the drive has lost its supply scenarios hold against the switch: no motion shows it, and a stuck one is not the program's doing.
    if (this.supplied) this.alarms.demand(Alarm.drive_cut, at_ms + CUT_MS_MAX);
    // After a reset, or cut before: it must not get its supply.
    if (!this.supplied && this.off_since_ms === NEVER) this.off_since_ms = at_ms;
  }

  private begin(at_ms: number): void {
    this.first_ms = at_ms;
    this.times = [...this.times.filter((time_ms) => at_ms - time_ms < Unit.ms_per_day), at_ms];
    if (this.times.length >= TIMES) this.held = true;
    this.alarms.demand(Alarm.drive_cut, at_ms + CUT_MS_MAX);
  }

  /** Told once for each time. */
  private slow(at_ms: number, text: string, expected: number, seen: number): void {
    if (!this.told_slow) this.report("over", at_ms, text, expected, seen);
    this.told_slow = true;
  }

  /** The drive's supply truly changed. */
  suppliedBecame(at_ms: number, on: boolean, by_reset: boolean): void {
    this.supplied = on;
    if (on) this.restored(at_ms);
    else this.cut(at_ms, by_reset);
    this.first_ms = NEVER;
    this.motions = 0;
    this.told_slow = false;
  }

  private restored(at_ms: number): void {
    const quiet_ms = this.last_ms + QUIET_MS;
    if (this.last_ms !== NEVER && this.waiting && at_ms < quiet_ms) this.report("over", at_ms, "the drive has its supply again before a minute without motion, in ms", quiet_ms, at_ms);
    if (this.held) this.freed_ms = at_ms;
    this.off_since_ms = NEVER;
    if (this.held) return;
    if (this.waiting) this.then.resume(at_ms);
    this.waiting = false;
  }

  private cut(at_ms: number, by_reset: boolean): void {
    // In a reset nobody holds the switch: what the program makes of it afterwards is judged.
    if (by_reset) return;
    if (this.last_ms === NEVER || (this.first_ms === NEVER && at_ms >= this.last_ms + QUIET_MS)) {
      this.report("under", at_ms, "the drive was cut and the head had not turned by itself", 1, 0);
    }
    this.off_since_ms = at_ms;
    this.waiting = true;
    this.then.off(this.held);
  }

  /** The program gave it back, and the switch is stuck: the program cannot know that the drive is still cut. */
  notSupplied(): void {
    this.off_since_ms = NEVER;
  }

  /** A clinician's start, or commit, leads out of what the third time brought. */
  released(at_ms: number): void {
    if (!this.held) return;
    if (this.doubtful) this.report("over", at_ms, "therapy was started while the motor fails its self-test", 0, 1);
    if (at_ms < this.last_ms + QUIET_MS) this.report("over", at_ms, "therapy was started before the head had been still for a minute, in ms", this.last_ms + QUIET_MS, at_ms);
    this.held = false;
    this.freed_ms = NEVER;
    this.then.resume(at_ms);
    this.waiting = false;
  }

  /** What time alone brings: the cut is overdue, or the quiet minute is over. */
  settle(now_ms: number): void {
    if (this.first_ms !== NEVER && now_ms > this.first_ms + CUT_MS_MAX) this.slow(now_ms, "the drive still has its supply, due to be cut at, in ms", this.first_ms + CUT_MS_MAX, now_ms);
    if (this.freed_ms !== NEVER && now_ms > this.freed_ms) {
      this.report("over", now_ms, "the drive has its supply again after the third time, and no clinician said so", 0, 1);
      this.freed_ms = NEVER;
    }
    if (this.waiting && !this.held && now_ms > this.last_ms + QUIET_MS) {
      this.waiting = false;
      this.then.resume(this.last_ms + QUIET_MS);
    }
    if (this.off_since_ms !== NEVER && now_ms > this.off_since_ms + CUT_MS_MAX && !this.alarms.isOn(Alarm.drive_cut)) {
      this.report("alarm", now_ms, "the drive is cut and its alarm is off", 1, 0);
      this.off_since_ms = NEVER;
    }
  }

  /** The program stopped: what it had not done yet about an edge, its reset does. */
  down(): void {
    this.first_ms = NEVER;
    this.motions = 0;
    this.off_since_ms = NEVER;
  }
}
