// wand info: what a stranger may see of a pump.

import { Wire } from "../../../limits";
import { columns } from "../../text/table";
import type { Context } from "../context";

export async function info(context: Context): Promise<void> {
  const seen = await context.withoutKey((wand) => wand.look());
  context.json("info", seen);
  const version = seen.protocol_version === Wire.version ? "" : ", which this wand does not speak";
  const rows = [
    ["Model", seen.description], ["Firmware", seen.firmware], ["Protocol", `version ${seen.protocol_version}${version}`],
    ["Product", `0x${seen.product.toString(16).padStart(8, "0")}`], ["Device id", `${seen.device}, until it falls asleep`],
    ["Key", seen.provisioned ? "provisioned" : "none yet: `wand provision` gives it one"],
  ];
  for (const line of columns(rows)) context.print(line);
}
