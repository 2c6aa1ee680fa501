// Verb acknowledge: an active alarm is silenced.

import type { Alarm } from "../../../protocol/alarms";
import { ALARM_NAMES } from "../../../protocol/names";
import { Op } from "../../../protocol/operations";
import { optional, required } from "../fields";
import { duration, oneOf } from "../kinds";
import { defineVerb, expect_refusal } from "../verb";

/** Alarms by name, without "none". */
export const alarmsByName: ReadonlyMap<string, Alarm> = new Map(
  Object.entries(ALARM_NAMES).filter(([number]) => number !== "0").map(([number, name]) => [name, Number(number) as Alarm]),
);

export const acknowledge = defineVerb({
  name: "acknowledge",
  doc: "Acknowledges an alarm: silent until its next interval, or longer for a critical one.",
  example: "acknowledge: {alarm: motor stall, silence: 2h}",
  fields: {
    alarm: required(oneOf("alarm", alarmsByName), "Which alarm."),
    silence: optional(duration, "Silence of a critical alarm, at most 2h in all."),
    expect_refusal,
  },
  lone: "alarm",
  validate() {
    // Whether the alarm is active, and how long it may be silent, is the pump's to say.
  },
  run(runner, values, place) {
    runner.operate(place, Op.acknowledge, [values.alarm, values.silence ?? 0], values.expect_refusal);
  },
});
