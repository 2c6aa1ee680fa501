// A JDBus client that knows only the generated spec, on the real firmware.

import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { Bench } from "../../emulator/bench";
import { createController } from "../../firmware/controller";
import { ServiceClass } from "../../protocol/service";
import { createNodeWebSerialTransport, DEVICE_ANNOUNCE, JDBus, Packet, PACKET_PROCESS } from "../../protocol/wand/jacdac";
import type { JDDevice, JDService } from "../../protocol/wand/jacdac";
import { MemoryLine } from "./jacdac-port";

/** All that the client is given of this project. */
const spec = JSON.parse(readFileSync(new URL("../../protocol/spec/pump.json", import.meta.url), "utf8")) as jdspec.ServiceSpec;

/** Virtual time for each ms of the wall: the client waits by the wall, and the pump must not fall asleep meanwhile. */
const tick_us = 1000;

describe("a JDBus client with jacdac-ts' own serial transport (LINK-1b, LINK-5)", () => {
  const bench = new Bench({ controller: createController, wand: false });
  const line = new MemoryLine();
  let bus: JDBus;
  let timer: NodeJS.Timeout;
  let device: JDDevice;
  let service: JDService;

  beforeAll(async () => {
    for (const each of ["debug", "warn", "error", "log"] as const) vi.spyOn(console, each).mockReturnValue();
    bench.powerOn();
    line.toPump = (bytes) => { bench.line.write(bytes); };
    bench.line.heard = (bytes) => { line.fromPump(Uint8Array.from(bytes)); };
    timer = setInterval(() => { bench.advance_us(tick_us); }, 1);
    const transport = createNodeWebSerialTransport(line.Port);
    bus = new JDBus([transport], { client: false, disableRoleManager: true, services: [spec] });
    bus.backgroundRefreshRegisters = false;
    const announced = new Promise<JDDevice>((resolve) => { bus.on(DEVICE_ANNOUNCE, (found: JDDevice) => { if (found.hasService(ServiceClass.pump)) resolve(found); }); });
    await transport.connect();
    device = await announced;
    [service] = device.services({ serviceClass: ServiceClass.pump }) as [JDService];
  });
  afterAll(async () => {
    clearInterval(timer);
    await bus.disconnect();
    await bus.dispose();
    vi.restoreAllMocks();
  });

  test("sees a plain device with one service, by the name that the spec gives it", () => {
    expect(device.serviceClasses).toEqual([0, ServiceClass.pump]);
    expect(service.specification?.name).toBe("Intrathecal pump");
    expect(device.deviceId).toMatch(/^[0-9a-f]{16}$/);
  });

  test.each([["protocol_version", 1], ["provisioned", 0]])("reads the open register %s", async (name, value) => {
    const code = spec.packets.find((each) => each.name === name)?.identifier ?? 0;
    const register = service.register(code);
    await register.refresh();
    expect(register.unpackedValue).toEqual([value]);
  });

  test("finds nothing else to read, and is told that it may not ask for the status", async () => {
    const own = spec.packets.filter(({ derived }) => derived === undefined).map(({ name }) => name);
    expect(service.registers().map(({ name }) => name).filter((name) => own.includes(name))).toEqual(["protocol_version", "provisioned"]);
    const reports: (readonly [number, string])[] = [];
    const forget = bus.subscribe(PACKET_PROCESS, (packet: Packet) => {
      if (packet.isReport && packet.serviceIndex === 1) reports.push([packet.serviceCommand, Buffer.from(packet.data).toString("hex").slice(0, 4)]);
    });
    const status = spec.packets.find(({ name, kind }) => name === "status" && kind === "command")?.identifier ?? 0;
    await service.sendPacketAsync(Packet.onlyHeader(status), false);
    await vi.waitFor(() => { expect(reports.length).toBeGreaterThan(0); });
    forget();
    // Jacdac's word for a command that is not there, with its code.
    expect(reports).toEqual([[3, "9000"]]);
  });

  test("cannot set what it can read", async () => {
    const before = bench.trace.therapyDigest();
    const register = service.register(0x181);
    await service.sendPacketAsync(Packet.from(0x2181, Uint8Array.of(1)), false);
    await register.refresh();
    expect(register.unpackedValue).toEqual([0]);
    expect(bench.trace.therapyDigest()).toBe(before);
  });
});
