// What a pump's whole life must have come to.

import { ENDURANCE_ERASES } from "../../emulator/devices/flash";
import { Alarm } from "../../protocol/alarms";
import { State } from "../../protocol/states";
import { PULSES_PER_DAY, SERVICE_DAYS } from "./life";
import type { LifeReport } from "./main";

/** Each region is worn evenly, none to a hundredth of what it endures: what is wrong, a line each. */
export function wornWrong({ wear }: LifeReport): readonly string[] {
  return wear.flatMap(({ what, least, most }) => [
    ...(most < ENDURANCE_ERASES / 100 ? [] : [`${what}: ${most} erases of one sector, of ${ENDURANCE_ERASES} that it endures`]),
    ...(most - least <= 1 ? [] : [`${what}: worn unevenly, ${least} to ${most} erases`]),
  ]);
}

/** What is wrong with the report of seven years to the end of service, a line each (BATT-1b, BATT-1c). */
export function wholeLifeWrong(report: LifeReport): readonly string[] {
  const { violations, pulses, state, alarms, mark } = report;
  // Therapy starts half a second after manufacture, so the last pulse would come half a second after the end.
  const due = SERVICE_DAYS * PULSES_PER_DAY - 1;
  const missing = ([["end of service", Alarm.end_of_service], ["battery eri", Alarm.battery_eri]] as const).filter(([, alarm]) => (alarms & (1 << alarm)) === 0);
  return [
    ...(violations.length === 0 ? [] : [`${violations.length} violations`]), ...(pulses === due ? [] : [`${pulses} pulses for ${due}`]),
    ...(state === Number(State.end_of_service) ? [] : [`state ${state} and not end of service`]), ...missing.map(([name]) => `no alarm ${name}`),
    ...(mark === undefined || mark.pulses === 360 * PULSES_PER_DAY ? [] : [`${mark.pulses} pulses in 360 days`]), ...wornWrong(report),
  ];
}
