// The wire in figures: codec, round trip, log, flood, bytes in Lua.

import { performance } from "node:perf_hooks";
import { resolve } from "node:path";
import { Bench, setUpOf } from "../../emulator/bench";
import { buildLua } from "../../emulator/lua/build";
import { createLuaFactory } from "../../emulator/lua/host";
import { TraceKind } from "../../emulator/trace";
import { createController } from "../../firmware/controller";
import { LinkSize } from "../../hal/link";
import { FrameFlag, FrameProblem, addPacket, beginFrame, checkFrame, endFrame } from "../../protocol/frames";
import { Op } from "../../protocol/operations";
import { createUnframer, frameUp, takeByte } from "../../protocol/usb";
import { Packet } from "../../protocol/wand/jacdac";
import { readLog } from "../../protocol/wand/procedures/log";
import { daily, filling, prescribe } from "../firmware/prescribe";
import { startOnDesk } from "../firmware/desk";
import { measureRoundTrip } from "../live/round-trip";

/** Frames of all lengths, each the same in every run. */
function frames(count: number): number[][] {
  return Array.from({ length: count }, (_, n) => {
    const out: number[] = [];
    const data = Array.from({ length: 4 + (n * 7) % 200 }, (_unused, i) => (n * 31 + i * 17) & 255);
    const size = beginFrame(out, FrameFlag.command, [1, 2, 3, 4, 5, 6, 7, 8], 0);
    endFrame(out, addPacket(out, size, 1, 0x82, data, 0, data.length));
    return out;
  });
}

/** Our codec, marks and check value there and back, against jacdac-ts's frame code, which has no marks to look for: ns a byte of each. */
export function codecLap(count: number): { readonly bytes: number; readonly ours_ns: number; readonly theirs_ns: number } {
  const all = frames(count);
  const bytes = all.reduce((sum, { length }) => sum + length, 0);
  const line: number[] = [];
  const u = createUnframer();
  let good = 0;
  let start = performance.now();
  for (const frame of all) {
    const length = frameUp(frame, frame.length, line);
    for (let i = 0; i < length; i++) if (takeByte(u, line[i]!) && checkFrame(u.bytes, u.size) === FrameProblem.good) good += 1;
  }
  const ours_ns = ((performance.now() - start) * 1e6) / bytes;
  const buffers = all.map((frame) => Uint8Array.from(frame));
  start = performance.now();
  for (const buffer of buffers) {
    const packets = Packet.fromFrame(buffer, 0);
    if (packets.length === 1 && packets[0]!.toBuffer().length > 0) good += 1;
  }
  const theirs_ns = ((performance.now() - start) * 1e6) / bytes;
  if (good !== 2 * count) throw new Error(`${good} of ${2 * count} frames were understood`);
  return { bytes, ours_ns, theirs_ns };
}

/** A pump in therapy on a real line. */
function therapy(): Bench {
  const bench = new Bench({ controller: createController });
  bench.powerOn();
  bench.request(Op.set_up, setUpOf(bench.unit));
  bench.request(Op.refill, filling(18_000_000, 2000));
  prescribe(bench, daily(0, 500_000));
  bench.request(Op.start, [0]);
  return bench;
}

/** Pump time that the wand needs for a log of `count` records at 115 200 baud; wand and storage take no time of their own. */
export function logLap(count: number): { readonly records: number; readonly virtual_s: number } {
  const bench = new Bench({ controller: createController, instant: true, baud: 115_200 });
  bench.powerOn();
  while (bench.storage.records().length < count) {
    bench.request(Op.set_clock, [1_767_571_200_000, 0]);
  }
  bench.advance_us(1_000_000);
  const start_us = bench.now_us;
  const { records } = bench.run(readLog(1, count));
  return { records: records.length, virtual_s: (bench.engine.now_us - start_us) / 1_000_000 };
}

/** Ten minutes of noise at line rate: how many pulses were not at the millisecond at which they are due, and how long until the wand has its answer after it. */
export function floodLap(): { readonly bytes: number; readonly pulses: number; readonly late: number; readonly back_ms: number; readonly seconds: number } {
  const bench = therapy();
  const pulses: number[] = [];
  bench.trace.on((kind, at_ms) => { if (kind === TraceKind.pulse) pulses.push(at_ms); });
  const start_ms = bench.pump_ms();
  const began = performance.now();
  bench.inject({ kind: "link.noise" });
  bench.advance_us(600_000_000);
  bench.heal("link.noise");
  const healed_us = bench.engine.now_us;
  const bytes = bench.link.passed.in;
  bench.status();
  const back_ms = (bench.engine.now_us - healed_us) / 1000;
  const late = pulses.filter((at_ms, n) => at_ms !== start_ms + (n + 1) * 86_400).length;
  return { bytes, pulses: pulses.length, late, back_ms, seconds: (performance.now() - began) / 1000 };
}

/** Bytes of frames for somebody else and of noise through the controller's entry, in Node and in Lua: ns a byte. */
export async function receiveLap(bytes: number): Promise<{ readonly node_ns: number; readonly lua_ns: number }> {
  const lua = await createLuaFactory(buildLua(resolve(import.meta.dirname, "../../firmware/tsconfig.json")), { stripped: true });
  const chunk = frames(8).flatMap((frame) => {
    const line: number[] = [];
    frameUp(frame, frame.length, line);
    return line;
  }).slice(0, LinkSize.chunk_max);
  const lap = (factory: typeof createController): number => {
    const { controller, first_ms } = startOnDesk(500_000, factory);
    const start = performance.now();
    for (let n = 0; n < bytes; n += chunk.length) controller.received(first_ms - 1, chunk, chunk.length);
    return ((performance.now() - start) * 1e6) / bytes;
  };
  return { node_ns: lap(createController), lua_ns: lap(lua) };
}

/** The figures, as lines. */
export async function wireReport(): Promise<string[]> {
  codecLap(2000);
  const codec = codecLap(20_000);
  const log = logLap(1000);
  const flood = floodLap();
  const entry = await receiveLap(1_000_000);
  const trip = await measureRoundTrip(500, 1000);
  return [
    "the wire",
    `  round trip    over a pseudo-terminal: median ${(trip.median_us / 1000).toFixed(2)} ms, p99 ${(trip.p99_us / 1000).toFixed(2)} ms; a log of ${trip.records} records in ${trip.log_ms.toFixed(0)} ms`,
    `  codec         ${codec.ours_ns.toFixed(0)} ns a byte, JDUSB there and back and check value; jacdac-ts's frames alone ${codec.theirs_ns.toFixed(0)} ns: ${(codec.ours_ns / codec.theirs_ns).toFixed(2)} times that`,
    `  log           ${log.records} records in ${log.virtual_s.toFixed(2)} s of pump time at 115 200 baud`,
    `  flood         ${flood.bytes} bytes in 10 min, ${flood.late} of ${flood.pulses} pulses late, an answer ${flood.back_ms.toFixed(0)} ms after it; ${flood.seconds.toFixed(2)} s`,
    `  entry         ${entry.node_ns.toFixed(0)} ns a byte in Node, ${entry.lua_ns.toFixed(0)} ns in Lua: ${(entry.lua_ns / entry.node_ns).toFixed(1)} times`,
  ];
}
