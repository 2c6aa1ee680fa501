// Verb fault: something in the pump's world goes wrong.

import { FAULT_KINDS } from "../../faults";
import type { FaultKind, FaultValue } from "../../faults";
import { optional, required } from "../fields";
import { duration, oneOf, text } from "../kinds";
import { expectedOf, MEASURES, parseQuantity } from "../../../protocol/wand/text/quantity";
import type { Measure, Parsed } from "../../../protocol/wand/text/quantity";
import { defineVerb } from "../verb";

/** In what a fault's value is written; slots and counts are plain numbers. */
const measures: Readonly<Record<FaultValue["unit"], Measure | undefined>> = {
  ms: MEASURES.duration, ppb: MEASURES.drift, permille: MEASURES.permille, mV: MEASURES.voltage, mOhm: MEASURES.resistance, uA: MEASURES.current, slot: undefined, count: undefined,
};

/** A fault kind by name, for the verbs that name one. */
export const faultKind = oneOf<FaultKind>("fault", new Map(FAULT_KINDS.map((each) => [each.kind, each])));

/** What a fault's value has to look like. */
export function valueExpected(value: FaultValue): string {
  const of = measures[value.unit];
  const kind = of === undefined ? "a whole number" : expectedOf(of);
  return `${value.what}: ${kind}, from ${String(value.min)} to ${String(value.max)} ${of?.base ?? ""}`.trimEnd();
}

/** Reads a fault's value as the fault declares it. */
export function parseFaultValue(value: FaultValue, given: string): Parsed {
  const of = measures[value.unit];
  const plain: Parsed = /^-?\d{1,15}$/.test(given) ? { value: Number(given) } : { wrong: `"${given}" is not a whole number` };
  const parsed = of === undefined ? plain : parseQuantity(given, of);
  if ("wrong" in parsed || (parsed.value >= value.min && parsed.value <= value.max)) return parsed;
  return { wrong: `"${given}" is out of range for ${valueExpected(value)}` };
}

export const fault = defineVerb({
  name: "fault",
  doc: "Starts a fault. It lasts for a duration, or until a heal step, or to the end; the steps go on meanwhile.",
  example: "fault: {kind: motor.stalled, for: 6h}",
  fields: {
    kind: required(faultKind, "Which fault."),
    value: optional(text(40), "How much, for faults that take a value."),
    for: optional(duration, "Heals by itself after so much true time."),
  },
  lone: "kind",
  validate(values, { plan, report }) {
    const { kind, value } = values.kind;
    if (value === undefined && values.value !== undefined) report("value", `fault "${kind}" takes no value`);
    if (value !== undefined && values.value === undefined) report(undefined, `fault "${kind}" needs "value": ${valueExpected(value)}`);
    if (value !== undefined && values.value !== undefined) {
      const parsed = parseFaultValue(value, values.value.trim());
      if ("wrong" in parsed) report("value", parsed.wrong);
    }
    if (values.for === 0) report("for", "a fault that lasts no time");
    if (values.kind.instant === true) {
      if (values.for !== undefined) report("for", `fault "${kind}" happens once and cannot last`);
      if (plan.trusted && plan.faults.has("power.off")) report("kind", `fault "${kind}": the pump has no power at this step`);
      const off = kind === "power.off" && value !== undefined ? parseFaultValue(value, (values.value ?? "").trim()) : undefined;
      if (off !== undefined && "value" in off) plan.faults.set(kind, plan.elapsed_ms + off.value);
      return;
    }
    if (plan.trusted && plan.faults.has(kind)) report("kind", `fault "${kind}" is already there at this step`);
    plan.faults.set(kind, values.for === undefined ? -1 : plan.elapsed_ms + values.for);
  },
  run(runner, values) {
    const declared = values.kind.value;
    const parsed = declared === undefined ? undefined : parseFaultValue(declared, (values.value ?? "").trim());
    const value = parsed !== undefined && "value" in parsed ? parsed.value : undefined;
    runner.startFault({ kind: values.kind.kind, ...(value === undefined ? {} : { value }) }, values.for);
  },
});
