// wand alarms: shows, silences and sets them.

import { Alarms } from "../../../alarms";
import { ALARM_NAMES, nameOf } from "../../../names";
import { volumeText } from "../../text/amounts";
import { didYouMean } from "../../text/suggest";
import { durationText } from "../../text/wall";
import type { Context } from "../context";
import { UsageError } from "../context";
import { alarmText } from "./interrogate";

/** The number of an alarm by its name, "motor stall" or "motor_stall", or by itself. */
export function alarmOf(given: string): number {
  const name = given.toLowerCase().replaceAll(/[-_]/g, " ");
  for (let alarm = 1; alarm <= Alarms.last; alarm += 1) if (nameOf(ALARM_NAMES, alarm) === name || String(alarm) === given) return alarm;
  const names = Object.values(ALARM_NAMES).filter((each) => each !== "none");
  throw new UsageError(`unknown alarm "${given}"${didYouMean(name, names)}`);
}

export async function showAlarms(context: Context): Promise<void> {
  const { alarms, alarm_changes } = await context.with((wand) => wand.status());
  context.json("alarms", { active: alarms.map((alarm) => ({ alarm, name: nameOf(ALARM_NAMES, alarm), critical: alarm <= Alarms.last_critical })), changes: alarm_changes });
  if (alarms.length === 0) context.print("No alarm is active.");
  for (const alarm of alarms) context.print(alarm <= Alarms.last_critical ? context.terminal.paint("red", alarmText(alarm)) : alarmText(alarm));
}

export async function acknowledge(context: Context, name: string, silence_ms: number): Promise<void> {
  const alarm = alarmOf(name);
  await context.with((wand) => wand.acknowledge(alarm, silence_ms));
  context.json("acknowledged", { alarm, name: nameOf(ALARM_NAMES, alarm), silence_ms });
  context.print(`${nameOf(ALARM_NAMES, alarm)} is silent ${silence_ms === 0 ? "until its next interval" : `for ${durationText(silence_ms)}`}; it stays active until its cause has gone.`);
}

/** What `alarms set` was given; what it was not stays as it is. */
export interface AlarmSettings {
  readonly lowVolume?: number;
  readonly criticalInterval?: number;
  readonly otherInterval?: number;
}

const ms_per_minute = 60_000;

function minutes(duration_ms: number, option: string): number {
  if (duration_ms % ms_per_minute !== 0) throw new UsageError(`${option}: whole minutes only`);
  return duration_ms / ms_per_minute;
}

export async function setAlarms(context: Context, { lowVolume, criticalInterval, otherInterval }: AlarmSettings): Promise<void> {
  if (lowVolume === undefined && criticalInterval === undefined && otherInterval === undefined) throw new UsageError("nothing to set: give --low-volume, --critical-interval or --other-interval");
  const critical = criticalInterval === undefined ? undefined : minutes(criticalInterval, "--critical-interval");
  const other = otherInterval === undefined ? undefined : minutes(otherInterval, "--other-interval");
  const after = await context.with(async (wand) => {
    const now = await wand.reservoir();
    await wand.setAlarms(lowVolume ?? now.low_volume_nL, critical ?? now.critical_interval_min, other ?? now.other_interval_min);
    return wand.reservoir();
  });
  const { low_volume_nL, critical_interval_min, other_interval_min } = after;
  context.json("alarm_settings", { low_volume_nL, critical_interval_min, other_interval_min });
  context.print(`Low reservoir at ${volumeText(low_volume_nL)}; critical tone every ${critical_interval_min} min, other every ${other_interval_min} min.`);
}
