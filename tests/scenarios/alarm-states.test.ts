// The library's alarms: each in a state and beside others that it is for.

import { describe, expect, test } from "vitest";
import { runScenario } from "../../emulator/scenario/run";
import { TraceKind } from "../../emulator/trace";
import { createController } from "../../firmware/controller";
import { ALARM_NAMES } from "../../protocol/names";
import { RecordKind } from "../../protocol/records";
import { State } from "../../protocol/states";
import { WHERE, common } from "../firmware/alarm-states";
import { library } from "../golden/golden";
import type { Bench } from "../../emulator/bench";
import type { Alarm } from "../../protocol/alarms";

describe("alarms of the scenarios", () => {
  test("no scenario has a pair on that is called impossible, nor an alarm in a state that it is not for", () => {
    const seen = new Set<string>();
    const wrong: string[] = [];
    for (const [key, scenario] of library()) {
      if (!/scenarios\/(alarms|tolerance|refill|titration|bridge)\//.test(key)) continue;
      const on = new Set<Exclude<Alarm, Alarm.none>>();
      let state: State = State.shelf;
      let looked_ms = -1;
      const look = (): void => {
        if (state === State.shelf) return;
        for (const a of on) {
          seen.add(`${ALARM_NAMES[a]}`);
          if (!WHERE[a].includes(state)) wrong.push(`${key}: ${ALARM_NAMES[a]} in state ${state}`);
          for (const b of on) if (a < b && common(a, b).length === 0) wrong.push(`${key}: ${ALARM_NAMES[a]} with ${ALARM_NAMES[b]}`);
        }
      };
      runScenario(scenario, {
        controller: createController, listener: {
          begin: (bench: Bench) => {
            bench.trace.on((kind, at_ms, a, b, c) => {
              if (at_ms > looked_ms) look();
              looked_ms = at_ms;
              if (kind !== TraceKind.record) return;
              if (a === RecordKind.state) state = c;
              else if (a === RecordKind.alarm_on) on.add(b);
              else if (a === RecordKind.alarm_off) on.delete(b);
            });
          },
        },
      });
    }
    expect(wrong).toEqual([]);
    expect(seen.size).toBeGreaterThanOrEqual(7);
  });
});
