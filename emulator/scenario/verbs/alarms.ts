// Verb alarms: the low-reservoir volume and the intervals of the tones.

import { Unit } from "../../../hal/units";
import { Op } from "../../../protocol/operations";
import { optional } from "../fields";
import { duration, volume } from "../kinds";
import { defineVerb, expect_refusal } from "../verb";

export const alarms = defineVerb({
  name: "alarms",
  doc: "Sets the alarms. What is left out stays as the steps before left it (at first 4mL, 10min, 60min).",
  example: "alarms: {low_volume: 4mL, critical_interval: 10min, other_interval: 60min}",
  fields: {
    low_volume: optional(volume, "Low-reservoir volume; the pump takes 1 to 10 mL."),
    critical_interval: optional(duration, "From one critical tone to the next; the pump takes 5 to 120 min."),
    other_interval: optional(duration, "From one other tone to the next; the pump takes 10 to 1440 min."),
    expect_refusal,
  },
  validate(values, { report }) {
    for (const name of ["critical_interval", "other_interval"] as const) {
      const given = values[name];
      if (given !== undefined && given % Unit.ms_per_minute !== 0) report(name, "the pump counts alarm intervals in whole minutes");
    }
    const nothing = values.low_volume === undefined && values.critical_interval === undefined && values.other_interval === undefined;
    if (nothing) report(undefined, "alarms needs at least one of low_volume, critical_interval, other_interval");
  },
  run(runner, values, place) {
    const { settings } = runner;
    const low_volume_nL = values.low_volume ?? settings.low_volume_nL;
    const critical_ms = values.critical_interval ?? settings.critical_ms;
    const other_ms = values.other_interval ?? settings.other_ms;
    const minutes = [Math.floor(critical_ms / Unit.ms_per_minute), Math.floor(other_ms / Unit.ms_per_minute)];
    if (runner.operate(place, Op.set_alarms, [low_volume_nL, ...minutes], values.expect_refusal)) {
      runner.settings = { low_volume_nL, critical_ms, other_ms };
    }
  },
});
