// wand info: what a stranger may see of a pump.

import { pumpInfoRows } from "../../text/pump-info";
import { columns } from "../../text/table";
import type { Context } from "../context";

export async function info(context: Context): Promise<void> {
  const seen = await context.withoutKey((wand) => wand.look());
  context.json("info", seen);
  for (const line of columns(pumpInfoRows(seen))) context.print(line);
}
