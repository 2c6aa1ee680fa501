// An emulated pump on a bench: pulse counter and power switch in virtual time.

import { runTo } from "../../emulator/live/input";
import type { Bench } from "../../emulator/bench";
import type { Program } from "../../emulator/brain";
import { drawBytes } from "../../emulator/devices/entropy";
import { Stream } from "../../emulator/engine/random";
import { TraceKind } from "../../emulator/trace-kind";
import type { Instruments } from "../../emulator/verify/instruments";
import { parsePlan } from "../../emulator/verify/plan";
import type { VerifyPlan } from "../../emulator/verify/plan";
import type { Row } from "../../emulator/verify/row";
import { PLANNED_ROWS, verify } from "../../emulator/verify/verify";
import type { RowResult } from "../../emulator/verify/verify";
import { benchPump, transportTo, VirtualWall } from "./virtual-wall";
import type { LinePump } from "./virtual-wall";

export const PLAN = `verify: A pump in virtual time
allow: [provision, program, start, bolus, alarms, power, slow]
pulses: {from: nowhere}
power: {off: "-", on: "-", for: 5s}
dose: 2min
stopped: 61min
flood: 2s
`;

/** Far longer than any power switch leaves the pump without: it is given back by hand. */
const DARK_MS = 5000;

/** Counts commands to the motor, as an edge at the step pin would be; a power cut of the plan's length. */
export function instrumentsOf({ bench }: { readonly bench: Bench }, trouble?: string): Required<Instruments> {
  const edges_us: number[] = [];
  bench.trace.on((kind) => { if (kind === TraceKind.pulse) edges_us.push(bench.engine.now_us); });
  return {
    pulses: { name: "the step pin", edges_us, trouble, close: () => Promise.resolve() },
    power: {
      name: "the supply",
      off: () => {
        runTo(bench, bench.engine.now_us);
        bench.inject({ kind: "power.off", value: DARK_MS });
        return Promise.resolve();
      },
      on: () => Promise.resolve(),
    },
  };
}

export interface Benched {
  readonly results: readonly RowResult[];
  readonly pump: LinePump & { readonly bench: Bench };
}

/** Verifies a controller with a plan. `rows` by their ids; all unless given. */
export async function benched(controller: Program, { rows, plan = parsePlan("plan", PLAN), without = [], pump = benchPump(controller), trouble, seed = 1 }: {
  readonly rows?: readonly string[]; readonly plan?: VerifyPlan; readonly without?: readonly (keyof Instruments)[]; readonly pump?: Benched["pump"];
  readonly trouble?: string;
  /** Another one for each verification of one pump: it remembers operation ids. */
  readonly seed?: number;
} = {}): Promise<Benched> {
  const wall = new VirtualWall(pump);
  const stream = new Stream(seed, "verify");
  const all = instrumentsOf(pump, trouble);
  const instruments: Instruments = Object.fromEntries(Object.entries(all).filter(([name]) => !without.includes(name as keyof Instruments)));
  const chosen: readonly Row[] = rows === undefined ? PLANNED_ROWS : PLANNED_ROWS.filter(({ id }) => rows.includes(id));
  const results = await wall.until(verify({
    transport: transportTo(pump), wall, random: (count) => drawBytes(stream, count), allowed: plan.allowed, flood_s: plan.flood_s ?? 2, plan, instruments,
    key: () => new Uint8Array(32).fill(7), rows: chosen,
  }));
  return { results, pump };
}
