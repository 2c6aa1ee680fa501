// The list of all fault kinds, gathered from the tops of the device files.

import { BATTERY_FAULTS } from "./devices/battery";
import { CATHETER_FAULTS } from "./devices/catheter";
import { CRYSTAL_FAULTS } from "./devices/crystal";
import { CUTOFF_FAULTS } from "./devices/cutoff";
import type { FaultSite } from "./devices/host";
import { LINK_FAULTS } from "./devices/line-faults";
import { MOTOR_FAULTS } from "./devices/motor";
import { RESERVOIR_FAULTS } from "./devices/reservoir";
import { ROTOR_FAULTS } from "./devices/rotor";
import { SELF_TEST_FAULTS } from "./devices/self-test";
import { SOUNDER_FAULTS } from "./devices/sounder";
import { STORAGE_FAULTS } from "./devices/storage";
import type { FaultKind, FaultOrder } from "./fault-kind";
import { PROCESSOR_FAULTS } from "./processor";

export type { FaultKind, FaultOrder, FaultValue } from "./fault-kind";

/** Every fault that can be injected. */
export const FAULT_KINDS: readonly FaultKind[] = [
  ...MOTOR_FAULTS,
  ...CUTOFF_FAULTS,
  ...ROTOR_FAULTS,
  ...CRYSTAL_FAULTS,
  ...BATTERY_FAULTS,
  ...RESERVOIR_FAULTS,
  ...CATHETER_FAULTS,
  ...STORAGE_FAULTS,
  ...SOUNDER_FAULTS,
  ...LINK_FAULTS,
  ...PROCESSOR_FAULTS,
  ...SELF_TEST_FAULTS,
];

/** Where each fault goes: the part of its kind before the dot. */
export type FaultSites = Readonly<Record<string, FaultSite>>;

/** Starts and ends faults. Throws on an unknown kind, a value it should not have or lacks, and a false heal. */
export class FaultPanel {
  private readonly active = new Set<string>();

  /** `changed` is told the kind's index in FAULT_KINDS, whether it began, and the value. */
  constructor(private readonly sites: FaultSites, private readonly changed: (index: number, began: boolean, value: number) => void) {}

  inject(order: FaultOrder): void {
    const index = this.indexOf(order.kind);
    const kind = FAULT_KINDS[index]!;
    const value = checkedValue(kind, order.value);
    this.changed(index, true, value);
    this.site(kind.kind).faultBegins(kind.kind, value);
    if (kind.instant !== true) this.active.add(kind.kind);
  }

  heal(kind: string): void {
    const index = this.indexOf(kind);
    if (!this.active.delete(kind)) throw new Error(`${kind} is not active: there is nothing to heal`);
    this.changed(index, false, 0);
    this.site(kind).faultEnds(kind);
  }

  /** Kinds that are active now. */
  get kinds(): ReadonlySet<string> {
    return this.active;
  }

  private indexOf(kind: string): number {
    const index = FAULT_KINDS.findIndex((known) => known.kind === kind);
    if (index < 0) throw new Error(`there is no fault "${kind}"; known are ${FAULT_KINDS.map((known) => known.kind).join(", ")}`);
    return index;
  }

  private site(kind: string): FaultSite {
    const site = this.sites[kind.slice(0, kind.indexOf("."))];
    if (site === undefined) throw new Error(`no device takes the fault ${kind}`);
    return site;
  }
}

function checkedValue(kind: FaultKind, value: number | undefined): number {
  if (kind.value === undefined) {
    if (value !== undefined) throw new Error(`${kind.kind} takes no value`);
    return 0;
  }
  const { min, max, unit } = kind.value;
  if (value === undefined || !Number.isInteger(value) || value < min || value > max) {
    throw new Error(`${kind.kind} takes a whole number of ${unit} from ${min} to ${max}, and got ${value}`);
  }
  return value;
}
