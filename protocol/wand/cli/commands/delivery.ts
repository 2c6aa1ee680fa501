// wand delivery: what is given on top of basal, and through which drug.

import { Role } from "../../../service";
import { BOLUS_KIND_NAMES, nameOf } from "../../../names";
import { readKeyFile } from "../../library/key-file";
import { deliveryRows } from "../../text/delivery";
import { columns } from "../../text/table";
import type { Context } from "../context";

export async function delivery(context: Context): Promise<void> {
  const key = readKeyFile(context.keyPath());
  await context.with(async (wand) => {
    const found = await wand.delivery();
    // The caps are the prescription's, which a patient may not read.
    const caps = key.role === Role.clinician ? (await wand.prescription()).caps : undefined;
    context.json("delivery", { ...found, bolus_name: nameOf(BOLUS_KIND_NAMES, found.bolus), ...(caps === undefined ? {} : { caps }) });
    for (const line of columns(deliveryRows(found, caps))) context.print(line);
  }, key);
}
