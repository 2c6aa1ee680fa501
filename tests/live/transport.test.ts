// Ports: opened, waited for, lost, and refused in words.

import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { openPty } from "../../emulator/live/pty";
import { listenTcp } from "../../emulator/live/tcp";
import { Problem, WandError } from "../../protocol/wand/problems";
import { listPorts, openTransport } from "../../protocol/wand/transport";
import type { Transport } from "../../protocol/wand/transport";
import { announceRunning, runningPumps } from "../../protocol/wand/transport/running";
import { openProblem } from "../../protocol/wand/transport/serial";
import { parseAddress } from "../../protocol/wand/transport/tcp";
import { Folder } from "../cli/harness";

const folder = new Folder();
afterAll(() => { folder.remove(); });

/** Every byte there is, so that a line that is not raw shows. */
const bytes = Uint8Array.from({ length: 512 }, (_, i) => i % 256);

function arrived(transport: Transport, count: number): Promise<Uint8Array> {
  return new Promise((resolve) => {
    const got: number[] = [];
    transport.onBytes((some) => {
      got.push(...some);
      if (got.length >= count) resolve(Uint8Array.from(got));
    });
  });
}

async function problemOf(opening: Promise<unknown>): Promise<readonly [Problem, string]> {
  try {
    await opening;
  } catch (error) {
    if (error instanceof WandError) return [error.problem, error.message];
    throw error;
  }
  throw new Error("it was opened");
}

function ended(transport: Transport): Promise<readonly [Problem, string]> {
  return new Promise((resolve) => { transport.onClosed((problem, text) => { resolve([problem, text]); }); });
}

describe("a pseudo-terminal", () => {
  test("carries every byte both ways, for one wand after another", async () => {
    const pty = await openPty((some) => { pty.write(some); });
    for (let time = 0; time < 2; time++) {
      const transport = await openTransport(pty.path);
      const back = arrived(transport, bytes.length);
      transport.write(bytes);
      expect(await back).toEqual(bytes);
      await transport.close();
      transport.write(bytes);
      await transport.close();
    }
    pty.close();
    pty.close();
  });

  test("that nobody reads does not hold up the pump, and forgets", async () => {
    const pty = await openPty(() => undefined);
    for (let i = 0; i < 300; i++) pty.write(bytes);
    const transport = await openTransport(pty.path);
    const back = arrived(transport, 3);
    // What was said before the wand came is gone: the port is emptied as it is opened.
    await new Promise((resolve) => { setTimeout(resolve, 50); });
    pty.write(Uint8Array.of(1, 2, 3));
    expect((await back).slice(-3)).toEqual(Uint8Array.of(1, 2, 3));
    await transport.close();
    pty.close();
  });

  test("is for one wand at a time", async () => {
    const pty = await openPty(() => undefined);
    const transport = await openTransport(pty.path);
    const [problem, text] = await problemOf(openTransport(pty.path));
    expect(problem).toBe(Problem.port_busy);
    expect(text).toContain("another program has it open");
    const waiting = openTransport(pty.path, { wait_ms: 10_000 });
    await transport.close();
    await (await waiting).close();
    pty.close();
  });

  test("that goes away is told, and is then no port", async () => {
    const pty = await openPty(() => undefined);
    const transport = await openTransport(pty.path);
    const end = ended(transport);
    pty.close();
    const [problem, text] = await end;
    expect(problem).toBe(Problem.port_vanished);
    expect(text).toContain("the port is gone");
    expect((await ended(transport))[0]).toBe(Problem.port_vanished);
    await transport.close();
    expect((await problemOf(openTransport(pty.path)))[0]).toBe(Problem.no_port);
  });

  test("can be waited for", async () => {
    const link = join(folder.path, "later");
    const waiting = openTransport(link, { wait_ms: 10_000 });
    const pty = await openPty(() => undefined);
    symlinkSync(pty.path, link);
    const transport = await waiting;
    expect(transport.name).toBe(link);
    await transport.close();
    pty.close();
  });
});

describe("what is no port says so", () => {
  test.each([
    ["/dev/no-such-port", Problem.no_port, "there is no such port"],
    ["/", Problem.port_failed, "is a directory, not a serial port"],
    ["/etc/passwd", Problem.port_failed, "is a file, not a serial port"],
    ["/dev/null", Problem.port_failed, "cannot be used as a serial port"],
    ["tcp:localhost", Problem.no_port, "expected tcp:HOST:PORT"],
    ["tcp:localhost:0", Problem.no_port, "expected tcp:HOST:PORT"],
    ["tcp:localhost:99999", Problem.no_port, "expected tcp:HOST:PORT"],
  ])("%s", async (port, problem, text) => {
    const found = await problemOf(openTransport(port));
    expect(found[0]).toBe(problem);
    expect(found[1]).toContain(text);
    expect(found[1].startsWith(port)).toBe(true);
  });

  // As root nothing is forbidden, so that the system's words stand in for it.
  test.each([
    ["Error: Permission denied, cannot open /dev/x", Problem.port_not_permitted], ["Error Resource temporarily unavailable Cannot lock port", Problem.port_busy],
    ["Error: Device or resource busy, cannot open /dev/x", Problem.port_busy], ["Error: Input/output error setting baud rate", Problem.port_vanished],
    ["Error: something new", Problem.port_failed],
  ])("%s", (said, problem) => {
    expect(openProblem("/dev/x", new Error(said)).problem).toBe(problem);
  });
});

describe("TCP", () => {
  test("carries every byte both ways, to several at once", async () => {
    const wire = await listenTcp({ host: "127.0.0.1", port: 0 }, (some) => { wire.write(some); });
    const [one, other] = [await openTransport(wire.name), await openTransport(wire.name)];
    // The other is known to be heard once it was answered.
    const first = arrived(other, 1);
    other.write(Uint8Array.of(0));
    await first;
    const back = [arrived(one, bytes.length), arrived(other, bytes.length)];
    one.write(bytes);
    for (const each of await Promise.all(back)) expect(each.slice(-bytes.length)).toEqual(bytes);
    await one.close();
    const end = ended(other);
    wire.close();
    expect(await end).toEqual([Problem.port_vanished, `${wire.name}: the other end closed the connection`]);
    expect((await problemOf(openTransport(wire.name)))[0]).toBe(Problem.port_refused);
  });

  test("holds a flood back, and lets it through again", async () => {
    let heard = 0;
    const wire = await listenTcp({ host: "127.0.0.1", port: 0 }, (some) => { heard += some.length; });
    wire.flow(false);
    const transport = await openTransport(wire.name);
    transport.write(bytes);
    await new Promise((resolve) => { setTimeout(resolve, 50); });
    expect(heard).toBe(0);
    wire.flow(true);
    while (heard < bytes.length) await new Promise((resolve) => { setTimeout(resolve, 1); });
    await transport.close();
    wire.close();
  });

  test("is left although the other end stays", async () => {
    const sockets: Socket[] = [];
    const server: Server = createServer({ allowHalfOpen: true }, (socket) => { sockets.push(socket); });
    await new Promise<void>((resolve) => { server.listen(0, "127.0.0.1", resolve); });
    const transport = await openTransport(`tcp:127.0.0.1:${(server.address() as AddressInfo).port}`);
    await transport.close();
    for (const socket of sockets) socket.destroy();
    server.close();
  });

  test.each([
    ["localhost:8082", { host: "localhost", port: 8082 }], ["[::1]:1", { host: "::1", port: 1 }], ["::1:1", undefined], ["localhost", undefined], [":1", undefined],
    ["a:b", undefined], ["a:65536", undefined], ["a b:1", undefined],
  ])("an address is %s", (text, address) => {
    expect(parseAddress(text)).toEqual(address);
  });
});

describe("the list of ports", () => {
  const places = { devices: join(folder.path, "dev"), running: join(folder.path, "running") };

  test("is empty where there is nothing to look at", () => {
    expect(listPorts(places)).toEqual([]);
  });

  test("has USB devices with their makers' names, and the emulators that run", () => {
    mkdirSync(join(places.devices, "serial", "by-id"), { recursive: true });
    for (const name of ["ttyACM0", "ttyUSB1", "ttyS0", "null", "odd3"]) writeFileSync(join(places.devices, name), "");
    symlinkSync("../../ttyACM0", join(places.devices, "serial", "by-id", "usb-Maker_Pump-if00"));
    symlinkSync("../../odd3", join(places.devices, "serial", "by-id", "usb-Odd"));
    symlinkSync("../../gone", join(places.devices, "serial", "by-id", "usb-Gone"));
    const end = announceRunning({ pid: process.pid, port: "/tmp/pump", tcp: "tcp:127.0.0.1:8082" }, places.running);
    writeFileSync(join(places.running, "4194304.json"), '{"pid":4194304,"port":"/tmp/dead"}');
    writeFileSync(join(places.running, "7.json"), "{");
    chmodSync(places.running, 0o700);
    const what = `itb-pump emulate, process ${process.pid}`;
    expect(listPorts(places)).toEqual([
      { port: join(places.devices, "ttyACM0"), kind: "serial", what: "usb-Maker_Pump-if00" },
      { port: join(places.devices, "ttyUSB1"), kind: "serial", what: "" },
      { port: join(places.devices, "odd3"), kind: "serial", what: "usb-Odd" },
      { port: "/tmp/pump", kind: "emulator", what }, { port: "tcp:127.0.0.1:8082", kind: "emulator", what },
    ]);
    end();
    expect(runningPumps(places.running)).toEqual([]);
  });

  test("does without udev, and without any other program", () => {
    const ports = fileURLToPath(new URL("../../protocol/wand/transport/ports.ts", import.meta.url));
    const script = `import(${JSON.stringify(ports)}).then(({ listPorts }) => { process.stdout.write(String(Array.isArray(listPorts()))); });`;
    const { stdout, status } = spawnSync(process.execPath, ["--import", "tsx", "-e", script], { env: { PATH: "" }, encoding: "utf8" });
    expect([status, stdout]).toEqual([0, "true"]);
  });
});
