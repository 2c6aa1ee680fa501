// The conformance list against the image in virtual time: a process of its own.

import { drawBytes } from "../../emulator/devices/entropy";
import { Stream } from "../../emulator/engine/random";
import { verify } from "../../emulator/verify/verify";
import { benchPump, transportTo, VirtualWall } from "../live/virtual-wall";
import { picoImage } from "./image";

// A chip is emulated several times as fast outside vitest, whose modules look each import up anew; and in virtual time no row depends on how busy the host is.
const pump = benchPump(await picoImage());
const wall = new VirtualWall(pump);
const stream = new Stream(1, "verify");
const results = await wall.until(verify({
  transport: transportTo(pump), wall, random: (count) => drawBytes(stream, count), allowed: { provision: true, program: true, slow: true }, flood_s: 2,
  key: () => new Uint8Array(32).fill(7),
}));
console.log(JSON.stringify({ rows: results.map(({ row, result, reason }) => ({ id: row.id, result, reason })), violations: pump.bench.oracle.violations }));
