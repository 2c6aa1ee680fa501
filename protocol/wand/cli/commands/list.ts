// wand list: the ports at which a pump can be.

import { columns } from "../../text/table";
import type { Context } from "../context";

export function list(context: Context): void {
  const ports = context.ports.list();
  for (const { port, kind, what } of ports) context.json("port", { port, kind, what });
  for (const line of columns(ports.map(({ port, kind, what }) => [port, kind, what]))) context.print(line);
  if (ports.length === 0) context.chat("no port is there; connect the pump, or start `itb-pump emulate`");
}
