// Watches a scenario's alarms: each in a state and beside others it is for.

import { TraceKind } from "../../emulator/trace";
import type { Trace } from "../../emulator/trace";
import { ALARM_NAMES } from "../../protocol/names";
import { RecordKind } from "../../protocol/records";
import { State } from "../../protocol/states";
import { WHERE, common } from "../firmware/alarm-states";
import type { Alarm } from "../../protocol/alarms";

/** Over any number of runs. */
export class AlarmWatch {
  /** The alarms that were on in some run. */
  readonly seen = new Set<string>();
  readonly wrong: string[] = [];

  /** Watches a run from its beginning. */
  watch(key: string, trace: Trace): void {
    if (!/scenarios\/(alarms|tolerance|refill|titration|bridge)\//.test(key)) return;
    const on = new Set<Exclude<Alarm, Alarm.none>>();
    let state: State = State.shelf;
    let looked_ms = -1;
    trace.on((kind, at_ms, a, b, c) => {
      if (at_ms > looked_ms) this.look(key, state, on);
      looked_ms = at_ms;
      if (kind !== TraceKind.record) return;
      if (a === RecordKind.state) state = c;
      else if (a === RecordKind.alarm_on) on.add(b);
      else if (a === RecordKind.alarm_off) on.delete(b);
    });
  }

  private look(key: string, state: State, on: ReadonlySet<Exclude<Alarm, Alarm.none>>): void {
    if (state === State.shelf) return;
    for (const a of on) {
      this.seen.add(`${ALARM_NAMES[a]}`);
      if (!WHERE[a].includes(state)) this.wrong.push(`${key}: ${ALARM_NAMES[a]} in state ${state}`);
      for (const b of on) if (a < b && common(a, b).length === 0) this.wrong.push(`${key}: ${ALARM_NAMES[a]} with ${ALARM_NAMES[b]}`);
    }
  }
}
