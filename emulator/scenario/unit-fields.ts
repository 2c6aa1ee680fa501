// The emulated unit as a scenario describes it, each field beside its figure.

import { isMap } from "yaml";
import { DEFAULT_UNIT } from "../unit";
import type { Unit } from "../unit";
import { optional, readFields, schemaOf } from "./fields";
import type { ValuesOf } from "./fields";
import { quantity, volume, wallTime, wrong } from "./kinds";
import type { Kind } from "./kinds";
import { MEASURES } from "../../protocol/wand/text/quantity";

/** What is left out is the default unit's. The ranges are those of the emulated devices. */
export const UNIT_FIELDS = {
  pulse: optional(quantity(MEASURES.pulse, ["1pL", "1uL"]), "Calibrated volume of a motor pulse, given to the pump."),
  stroke: optional(quantity(MEASURES.pulse, ["0pL", "1uL"]), "What the head truly moves a pulse, if not the same."),
  reservoir: optional(volume, "Capacity, given to the pump: 20mL or 40mL. It holds the fill and the dead volume."),
  dead: optional(volume, "Volume below the outlet that no pulse reaches."),
  catheter: optional(quantity(MEASURES.length, ["0cm", "2m"]), "Length of the catheter."),
  replaces: optional(quantity(MEASURES.rate, ["0ug/day", "10mg/day"]), "Daily dose of the pump that this one replaces, given to the pump: the most that a first prescription may have. 2000ug/day unless told; 0ug/day for none."),
  crystal: optional(quantity(MEASURES.drift, ["-200ppm", "200ppm"]), "How fast the crystal runs."),
  latency: optional(quantity(MEASURES.latency, ["0ms", "749ms"]), "From motor command to rotor edge."),
  temperature: optional(quantity(MEASURES.temperature, ["10C", "45C"]), "Temperature of the battery."),
  wall: optional(wallTime, "Wall clock at power-on."),
  boot: optional(quantity(MEASURES.duration, ["0s", "1s"]), "From a reset to the start of the program."),
  battery: optional(quantity(MEASURES.charge, ["1mAh", "10Ah"]), "Charge in a fresh battery."),
  aging: optional(quantity(MEASURES.resistance), "By how much the battery's resistance grows in 365 days."),
  sleep: optional(quantity(MEASURES.current), "Current asleep."),
  link: optional(quantity(MEASURES.current), "Current while the link is awake, on top of that asleep."),
  load: optional(quantity(MEASURES.load), "Current of a motor pulse."),
  pulse_charge: optional(quantity(MEASURES.charge), "Charge of a motor pulse."),
  tone: optional(quantity(MEASURES.current), "Current while a tone sounds."),
};

/** The figure of a unit that each field sets; a tone of 1 uA is 1 nC/ms. */
export const UNIT_FIGURES: Readonly<Record<keyof typeof UNIT_FIELDS, keyof Unit>> = {
  pulse: "pulse_pL", stroke: "stroke_pL", reservoir: "capacity_nL", dead: "dead_nL", catheter: "catheter_cm", replaces: "previous_ng", crystal: "crystal_ppb", latency: "latency_us",
  temperature: "temperature_dC", wall: "wall_ms", boot: "boot_delay_ms", battery: "battery_nC", aging: "aging_mOhm_per_year", sleep: "sleep_uA", link: "link_uA", load: "load_mA",
  pulse_charge: "pulse_nC", tone: "tone_nC_per_ms",
};

export const unitKind: Kind<ValuesOf<typeof UNIT_FIELDS>> = {
  name: "unit", expects: "a mapping such as {pulse: 250nL, reservoir: 20mL}", schema: schemaOf(UNIT_FIELDS),
  read(reader, node) {
    return isMap(node) ? readFields(reader, "unit", UNIT_FIELDS, node) : wrong(reader, node, this.expects);
  },
};

/** The whole unit. A head that is not said to be worn moves what it is calibrated for. */
export function unitOf(values: ValuesOf<typeof UNIT_FIELDS> | undefined): Unit {
  const given: Partial<Record<keyof Unit, number>> = {};
  for (const [field, figure] of Object.entries(UNIT_FIGURES)) {
    const value = values?.[field as keyof typeof UNIT_FIELDS];
    if (value !== undefined) given[figure] = value;
  }
  return { ...DEFAULT_UNIT, stroke_pL: given.pulse_pL ?? DEFAULT_UNIT.stroke_pL, ...given };
}
