// Example: the controller's side of the pressure sensor, over a tether.

import type { Tether } from "../../../hal/serial/tether";
import { valuesOf } from "../../../hal/serial/line";
import type { Pressure } from "./pressure";

/** Its place on the board, its code, and how its packets are made (fields.ts): u32 u32, and u64 u32 u32. */
export const enum Service { place = 5, class = 0x1a5e0c55, code = 0x80, sample = 0o33, sampled = 0o334 }

/** The interface, by commands and events of one more service. `told` hears pascals. */
export function tetheredPressure(tether: Tether, told: (pascal: number) => void): Pressure {
  let number = 0;
  tether.other = (packet) => {
    if (packet.index !== Service.place || packet.code !== Service.code || !packet.event) return;
    const values = valuesOf(Service.sampled, packet);
    // One that is not of the sample asked for last is of no use any more.
    if (values !== undefined && values[1] === number) told(values[2]!);
  };
  return {
    sample: () => {
      number++;
      tether.command({ index: Service.place, code: Service.code, layout: Service.sample, values: [tether.number, number] });
    },
  };
}
