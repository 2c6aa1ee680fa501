// wand interrogate: what a clinician's programmer shows of a pump.

import { Alarms } from "../../../alarms";
import { ALARM_NAMES, BOLUS_KIND_NAMES, MODE_NAMES, nameOf, RECORD_NAMES, REFILL_BY_NAMES, ROLE_NAMES, STATE_NAMES } from "../../../names";
import { Mode } from "../../../states";
import { readKeyFile } from "../../library/key-file";
import type { KeyFile } from "../../library/key-file";
import type { Interrogation, PumpReservoir, PumpStatus } from "../../procedures/interrogate";
import { dailyDose } from "../../procedures/prescription";
import type { LogRecord } from "../../procedures/log";
import { basalText, chargeText, doseText, exactVolumeText, flowText, voltageText, volumeText } from "../../text/amounts";
import { partTexts, scheduleRows } from "../../text/prescribed";
import { deliveryRows } from "../../text/delivery";
import { recordRow, recordText } from "../../text/records";
import { columns } from "../../text/table";
import { durationText, wallText } from "../../text/wall";
import type { Context } from "../context";

type Rows = [string, ...string[]][];

/** Seconds are enough for a person. */
const roughly = (ms: number): string => durationText(Math.round(ms / 1000) * 1000);
const wallOr = (wall_ms: number, none: string): string => (wall_ms === 0 ? none : wallText(Math.floor(wall_ms / 60_000) * 60_000));

export function alarmText(alarm: number): string {
  return `${nameOf(ALARM_NAMES, alarm)}${alarm <= Alarms.last_critical ? " (critical)" : ""}`;
}

function clockText(here_ms: number, { wall_ms }: PumpStatus): string {
  const off_ms = wall_ms - here_ms;
  if (Math.abs(off_ms) < 2000) return wallText(Math.floor(wall_ms / 1000) * 1000);
  return `${wallText(Math.floor(wall_ms / 1000) * 1000)}, ${roughly(Math.abs(off_ms))} ${off_ms > 0 ? "ahead of" : "behind"} this computer`;
}

function deliversText({ mode, rate, concentration }: PumpStatus): string {
  if (rate === 0) return "nothing";
  const dose = basalText(mode, rate);
  return mode === Mode.schedule && concentration > 0 ? `${dose}, ${flowText(rate, concentration)}` : dose;
}

function prescriptionRows({ status, prescription }: Interrogation): Rows {
  if (prescription === undefined || prescription.mode === Mode.none) return [["Prescription", prescription === undefined ? "not for this role" : "none"]];
  const head: Rows = [["Prescription", `version ${prescription.version}, ${nameOf(MODE_NAMES, prescription.mode)}`]];
  const days = columns(scheduleRows(prescription)).map((line): [string, string] => ["", line]);
  const parts = partTexts(prescription).flatMap(({ name, lines }) => lines.map((line, i): [string, string] => [i === 0 ? name : "", line]));
  const dose_ng = dailyDose(prescription);
  if (dose_ng === undefined) return [...head, ...parts];
  const flow = status.concentration > 0 ? `, ${flowText(dose_ng, status.concentration)}` : "";
  return [...head, ...days, ...parts, ["Daily dose", `${doseText(dose_ng)}${flow}`]];
}

function refillText({ refill_by_ms, refill_nominal_ms, refill_decided }: PumpReservoir): string {
  if (refill_by_ms === 0) return "no date: nothing is delivered";
  return `${wallOr(refill_by_ms, "")}, decided by ${nameOf(REFILL_BY_NAMES, refill_decided)}; at nominal flow ${wallOr(refill_nominal_ms, "no date")}`;
}

function reservoirRows(status: PumpStatus, reservoir: PumpReservoir | undefined): Rows {
  const left: [string, string] = ["Reservoir", `${exactVolumeText(status.remaining_pL)} left, at least ${exactVolumeText(status.remaining_low_pL)}`];
  if (reservoir === undefined) return [left];
  const drug = reservoir.concentration === 0 ? "never filled" : `baclofen ${reservoir.concentration} ug/mL, filled with ${volumeText(reservoir.fill_nL)} on ${wallOr(reservoir.filled_wall_ms, "an unknown date")}`;
  return [
    left, ["", `${volumeText(reservoir.capacity_nL)} reservoir; ${drug}`], ["Low reservoir", `alarm at ${volumeText(reservoir.low_volume_nL)}`],
    ["Refill by", refillText(reservoir)],
    ["Tones", `critical every ${reservoir.critical_interval_min} min, other every ${reservoir.other_interval_min} min`],
  ];
}

/** The rows of an interrogation: what is shown, and its value. `here_ms` is this computer's wall clock, with which the pump's is compared. */
export function interrogationRows(here_ms: number, found: Interrogation): Rows {
  const { status, reservoir } = found;
  const alarms: [string, ...string[]][] = status.alarms.length === 0 ? [["Alarms", "none"]]
    : status.alarms.map((alarm, i) => [i === 0 ? "Alarms" : "", alarmText(alarm)]);
  return [
    ["State", nameOf(STATE_NAMES, status.state)], ["Delivers now", deliversText(status)], ...alarms, ...prescriptionRows(found), ...reservoirRows(status, reservoir),
    ...deliveryRows(found.delivery, found.prescription?.caps).map(([name, value]): [string, string] => [name, value]),
    ["Battery", `${voltageText(status.filtered_mV)} under load, ${chargeText(status.charge_used_nC)} used`],
    ["Pulses", `${status.commanded} commanded, ${status.confirmed} confirmed, ${status.uncertain} uncertain`],
    ["Clock", clockText(here_ms, status)], ["Pump age", roughly(status.pump_ms)],
  ];
}

/** Words beside the numbers, for whoever reads the JSON without the protocol at hand. */
function named(key: KeyFile, { status, delivery, reservoir, prescription, log }: Interrogation): object {
  return {
    pump: key.pump, role: ROLE_NAMES[key.role], status: { ...status, state_name: nameOf(STATE_NAMES, status.state), alarm_names: status.alarms.map((alarm) => nameOf(ALARM_NAMES, alarm)) },
    delivery: { ...delivery, bolus_name: nameOf(BOLUS_KIND_NAMES, delivery.bolus) },
    ...(reservoir === undefined ? {} : { reservoir: { ...reservoir, refill_decided_name: nameOf(REFILL_BY_NAMES, reservoir.refill_decided) } }),
    ...(prescription === undefined ? {} : { prescription: { ...prescription, mode_name: nameOf(MODE_NAMES, prescription.mode), daily_dose_ng: dailyDose(prescription) } }),
    ...(log === undefined ? {} : { log: { ...log, records: log.records.map(recordFields) } }),
  };
}

/** A record as JSON shows it. */
export function recordFields(record: LogRecord): object {
  return { ...record, kind_name: nameOf(RECORD_NAMES, record.kind), text: recordText(record) };
}

export async function interrogate(context: Context): Promise<void> {
  const key = readKeyFile(context.keyPath());
  const found = await context.with((wand) => wand.interrogate(), key);
  context.json("interrogation", named(key, found));
  const { paint } = context.terminal;
  context.print(paint("bold", `${key.pump}, as its ${ROLE_NAMES[key.role]}`));
  for (const line of columns(interrogationRows(context.terminal.wall_ms(), found))) {
    context.print(line.includes("(critical)") ? paint("red", line) : line);
  }
  if (found.log === undefined) return;
  context.print(`\n${paint("bold", `Last of ${found.log.newest - found.log.oldest + 1} records`)}`);
  for (const line of columns(found.log.records.map(recordRow))) context.print(line);
}
