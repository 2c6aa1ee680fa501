// The pump as it truly is now, in words, for the page.

import { Alarms } from "../../protocol/alarms";
import { ALARM_NAMES, nameOf, STATE_NAMES } from "../../protocol/names";
import { State } from "../../protocol/states";
import { chargeText, exactVolumeText, voltageText } from "../../protocol/wand/text/amounts";
import { decimalText, wallText } from "../../protocol/wand/text/wall";
import type { Bench } from "../bench";
import { pumpTimeText } from "../live/news";
import type { LiveServer } from "../live/server";
import type { BenchWatch } from "./bench-watch";
import type { AlarmRow, KeyState, Snapshot, ViolationRow } from "./messages";

const VIOLATIONS_MAX = 20;
/** In the other states there is no basal, whatever the last rate was. */
const DELIVERING: ReadonlySet<string> = new Set([State.therapy, State.safe_minimum].map((state) => nameOf(STATE_NAMES, state)));

/** What is not the pump's own. */
export interface Beside {
  readonly key: KeyState;
  readonly wand_busy: string;
  readonly wand_session: boolean;
  /** Values of the active faults, by kind. */
  readonly values: ReadonlyMap<string, number>;
}

function alarmsOf({ trace }: Bench): readonly AlarmRow[] {
  return trace.alarms.flatMap(({ on, off, last_on_ms }, alarm) => (on <= off ? []
    : [{ alarm, name: nameOf(ALARM_NAMES, alarm), critical: alarm <= Alarms.last_critical, since: pumpTimeText(last_on_ms) }]));
}

function batteryText({ battery, unit }: Bench): string {
  const used_nC = battery.drawn_nC;
  const left = `${decimalText(Math.max(0, 1000 - Math.floor((used_nC / unit.battery_nC) * 1000)), 1)} % left, ${chargeText(used_nC)} used`;
  try {
    return `${left}, ${voltageText(battery.loaded_mV)} under load`;
  } catch {
    // It throws for a battery that is flat, which is not modelled.
    return `${left}, flat`;
  }
}

function reservoirText({ plant, unit }: Bench): string {
  const { concentration } = plant.reservoir;
  const drug = concentration === 0 ? "never filled" : `baclofen ${concentration} ug/mL`;
  return `${exactVolumeText(plant.reservoir_pL)} of ${exactVolumeText(unit.capacity_nL * 1000)}, ${drug}`;
}

function violationsOf({ oracle: { violations } }: Bench): Snapshot["violations"] {
  const last = violations.slice(-VIOLATIONS_MAX).reverse().map(({ kind, pump_ms, text, expected, seen }): ViolationRow =>
    ({ at: pumpTimeText(pump_ms), text: `${kind}: ${text}: expected ${expected}, seen ${seen}` }));
  return { total: violations.length, last };
}

/** Looks at the pump; the server must have been brought to the wall's instant. */
export function snapshotOf(server: LiveServer, watch: BenchWatch, { key, wand_busy, wand_session, values }: Beside): Snapshot {
  const { bench, time } = server;
  const pump_ms = bench.pump_ms(bench.engine.now_us);
  const wall_ms = watch.wall_ms(pump_ms);
  return {
    pump_ms, pump_time: pumpTimeText(pump_ms), wall: wall_ms === undefined ? "" : wallText(Math.floor(wall_ms / 1000) * 1000),
    speed: time.speed === Infinity ? "max" : time.speed, awaits_alarm: time.awaits_alarm, ended: time.ended, link_awake: bench.link.awake,
    state: watch.state, basal: DELIVERING.has(watch.state) ? watch.basal : "none", bolus: watch.bolus, battery: batteryText(bench), reservoir: reservoirText(bench), alarms: alarmsOf(bench),
    faults: [...bench.active_faults].map((kind) => ({ kind, value: values.get(kind) ?? 0 })), violations: violationsOf(bench),
    pulses: { commanded: bench.trace.pulses, last: watch.pulses }, provisioned: watch.provisioned, key, wand_busy, wand_session,
  };
}
