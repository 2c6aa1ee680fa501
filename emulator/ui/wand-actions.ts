// What the page's wand can do, each through the pump's own protocol.

import { ACTIVITY_NAMES, ALARM_NAMES, nameOf, STATE_NAMES } from "../../protocol/names";
import { interrogationRows } from "../../protocol/wand/cli/commands/interrogate";
import type { OpenWand } from "../../protocol/wand/library/wand";
import type { LogRecord } from "../../protocol/wand/procedures/log";
import { basalText, doseText, exactVolumeText, voltageText, volumeText } from "../../protocol/wand/text/amounts";
import { MEASURES } from "../../protocol/wand/text/quantity";
import { parseReason } from "../../protocol/wand/text/reasons";
import { recordRow } from "../../protocol/wand/text/records";
import { columns } from "../../protocol/wand/text/table";
import { pumpInfoRows } from "../../protocol/wand/text/pump-info";
import { durationText, wallText } from "../../protocol/wand/text/wall";
import { BadRequest, quantityIf, quantityOf, textOf, wholeOf } from "./fields";
import type { Body } from "./fields";

/** What an action has to say. */
export interface Said {
  readonly title: string;
  readonly lines: readonly string[];
}

/** An action reads all its fields before it touches the wand, so that a wrong one disturbs no pump. */
export type Action = (body: Body) => (wand: OpenWand) => Promise<Said>;

const minute_ms = 60_000;
const WALL_MS_MAX = 253_402_300_799_999;

async function state(wand: OpenWand): Promise<Said> {
  const now = await wand.status();
  const rows = [
    ["State", nameOf(STATE_NAMES, now.state)], ["Delivers now", now.rate === 0 ? "nothing" : basalText(now.mode, now.rate)],
    ["Alarms", now.alarms.length === 0 ? "none" : now.alarms.map((alarm) => nameOf(ALARM_NAMES, alarm)).join(", ")],
    ["Reservoir", `${exactVolumeText(now.remaining_pL)} left by the books, at least ${exactVolumeText(now.remaining_low_pL)}`],
    ["Pulses", `${now.commanded} commanded, ${now.confirmed} confirmed, ${now.uncertain} uncertain`],
    ["Battery", `${voltageText(now.filtered_mV)} under load`], ["Clock", now.wall_ms === 0 ? "not set" : wallText(now.wall_ms)],
  ];
  return { title: `The pump is in the state ${nameOf(STATE_NAMES, now.state)}.`, lines: columns(rows) };
}

const log: Action = (body) => {
  const count = wholeOf(body, "count", 1, 1000);
  return async (wand) => {
    const { newest, oldest } = await wand.logExtent();
    const records: LogRecord[] = [];
    for await (const record of wand.log(Math.max(oldest, newest - count + 1), count)) records.push(record);
    return { title: `The last ${records.length} of ${newest - oldest + 1} records.`, lines: columns(records.map(recordRow)) };
  };
};

/** Calibration, reservoir and catheter as they are, and the wall clock; by the computer that the page is on. */
const setup: Action = (body) => {
  const [reservoir_nL, catheter_cm] = [quantityOf(body, "reservoir", MEASURES.volume), quantityOf(body, "catheter", MEASURES.length)];
  const wall_ms = wholeOf(body, "wall_ms", 1, WALL_MS_MAX);
  return async (wand) => {
    await wand.setUp(250_000, reservoir_nL, catheter_cm);
    await wand.setClock(wall_ms);
    return { title: "The pump is set up.", lines: [`A pulse is ${volumeText(250)}, the reservoir ${volumeText(reservoir_nL)}, the catheter ${catheter_cm} cm; its clock shows ${wallText(Math.floor(wall_ms / 1000) * 1000)}.`] };
  };
};

const refill: Action = (body) => {
  const [volume_nL, concentration] = [quantityOf(body, "volume", MEASURES.volume), quantityOf(body, "concentration", MEASURES.concentration)];
  const aspirated_nL = quantityIf(body, "aspirated", MEASURES.volume) ?? 0;
  return async (wand) => {
    const before = await wand.reservoir();
    await wand.refill(volume_nL, concentration, { aspirated_nL });
    const after = await wand.reservoir();
    return {
      title: "The reservoir was filled.",
      lines: [`The books had ${exactVolumeText(before.remaining_pL)} left.`, `Filled with ${volumeText(after.fill_nL)} of baclofen ${after.concentration} ug/mL; ${exactVolumeText(after.remaining_pL)} in the books.`],
    };
  };
};

const start: Action = (body) => {
  const hours = textOf(body, "missed_hours");
  if (!/^\d{0,5}$/.test(hours)) throw new BadRequest("missed_hours: expected the whole hours without delivery, or nothing");
  return async (wand) => {
    await wand.start(Number(hours));
    return state(wand);
  };
};

const stop: Action = (body) => {
  const reason = parseReason(textOf(body, "reason"));
  if ("wrong" in reason) throw new BadRequest(`reason: ${reason.wrong}`);
  return async (wand) => {
    await wand.stop(reason.value);
    return state(wand);
  };
};

const bolus: Action = (body) => {
  const [dose_ng, over_ms] = [quantityOf(body, "dose", MEASURES.dose), quantityOf(body, "over", MEASURES.duration)];
  const confirm_ng = quantityIf(body, "confirm", MEASURES.dose);
  if (over_ms % minute_ms !== 0) throw new BadRequest("over: expected whole minutes");
  if (confirm_ng !== undefined && confirm_ng !== dose_ng) throw new BadRequest(`confirm: this is not the dose, which is ${doseText(dose_ng)}; nothing was changed`);
  return async (wand) => {
    const duration_ms = await wand.bolus(dose_ng, over_ms / minute_ms, confirm_ng ?? 0);
    return { title: `A bolus of ${doseText(dose_ng)} begins, over ${durationText(duration_ms)}.`, lines: [] };
  };
};

async function patientBolus(wand: OpenWand): Promise<Said> {
  const duration_ms = await wand.patientBolus();
  const { requested_ng } = await wand.delivery();
  return { title: `The patient's bolus of ${doseText(requested_ng)} begins, over ${durationText(duration_ms)}.`, lines: [] };
}

const cancel: Action = (body) => {
  const name = textOf(body, "activity");
  const [number] = Object.entries(ACTIVITY_NAMES).find(([, each]) => each === name) ?? [];
  if (number === undefined) throw new BadRequest(`activity: expected one of ${Object.values(ACTIVITY_NAMES).join(", ")}`);
  return async (wand) => {
    await wand.cancel(Number(number));
    return { title: `The ${name} ends at the pulse boundary; what was not delivered is not.`, lines: [] };
  };
};

const acknowledge: Action = (body) => {
  const alarm = wholeOf(body, "alarm", 1, 31);
  return async (wand) => {
    await wand.acknowledge(alarm);
    return { title: `${nameOf(ALARM_NAMES, alarm)} is silent until its next interval; it stays active until its cause has gone.`, lines: [] };
  };
};

async function look(wand: OpenWand): Promise<Said> {
  return { title: "What a stranger may see.", lines: columns(pumpInfoRows(await wand.look()).map((row) => [...row])) };
}

async function interrogate(wand: OpenWand): Promise<Said> {
  const found = await wand.interrogate();
  return { title: "Interrogated.", lines: [...columns(interrogationRows(found.status.wall_ms, found)), "", ...columns((found.log?.records ?? []).map(recordRow))] };
}

/** Those that are one exchange, by name. Programming, provisioning and the session's end are the desk's own. */
export const ACTIONS: Readonly<Record<string, Action>> = {
  look: () => look, login: () => state, status: () => state, interrogate: () => interrogate, log, setup, refill, start, stop, bolus, patient_bolus: () => patientBolus, cancel, acknowledge,
};
