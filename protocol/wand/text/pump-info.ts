// What a stranger may see of a pump, as people read it.

import { Wire } from "../../limits";
import type { PumpInfo } from "../core/order";

const NO_APPLICATION = "no application: ";

/** Why a pump runs no application: its image answers in its place, says so where the firmware's version stands, and speaks no protocol. Undefined if it runs one. */
export function noApplication({ firmware, protocol_version }: PumpInfo): string | undefined {
  return protocol_version === 0 && firmware.startsWith(NO_APPLICATION) ? firmware.slice(NO_APPLICATION.length) : undefined;
}

/** Rows of a name and a value. */
export function pumpInfoRows(seen: PumpInfo): readonly (readonly [name: string, value: string])[] {
  const product = `0x${seen.product.toString(16).padStart(8, "0")}`;
  const device = `${seen.device}, until it falls asleep`;
  const missing = noApplication(seen);
  if (missing !== undefined) {
    return [["Model", seen.description], ["Application", `no application: ${missing}; flash a good image`], ["Product", product], ["Device id", device]];
  }
  const version = seen.protocol_version === Wire.version ? "" : ", which this wand does not speak";
  return [
    ["Model", seen.description], ["Firmware", seen.firmware], ["Protocol", `version ${seen.protocol_version}${version}`], ["Product", product], ["Device id", device],
    ["Key", seen.provisioned ? "provisioned" : "none yet: `wand provision` gives it one"],
  ];
}
