// Serial ports and pseudo-terminals, by the package serialport.

import { fstatSync, realpathSync, statSync } from "node:fs";
// serialport: the one serial library for Node that is kept up, with prebuilt binaries. Its list() is not used: it
// starts udevadm, and where that is missing the process dies.
import { SerialPort } from "serialport";
import { Problem, WandError } from "../problems";
import { Listeners } from "./transport";
import type { Transport } from "./transport";

/** 8N1 without flow control. A pseudo-terminal has no rate and takes any. */
export const BAUD = 115_200;

/** What the system says, as part of its message: serialport gives no code. The first that fits counts. */
const REASONS: readonly (readonly [RegExp, Problem, string])[] = [
  [/cannot lock port|resource busy|EBUSY/i, Problem.port_busy, "another program has it open: end that one first"],
  [/permission denied|not permitted|EACCES|EPERM/i, Problem.port_not_permitted, "no permission to open it: add yourself to the group that owns it (often dialout) and log in again"],
  [/no such file|ENOENT/i, Problem.no_port, "there is no such port: `wand list` shows those there are"],
  [/no such device|input\/output error|ENODEV|ENXIO|EIO/i, Problem.port_vanished, "the device behind it is gone: plug it in again, or start the emulator again"],
];

/** What stands in the way of the port `path`, in words. */
export function openProblem(path: string, error: unknown): WandError {
  const said = error instanceof Error ? error.message : String(error);
  for (const [pattern, problem, text] of REASONS) if (pattern.test(said)) return new WandError(problem, `${path}: ${text}`);
  return new WandError(Problem.port_failed, `${path}: cannot be used as a serial port: ${said.replace(/^Error:? /, "")}`);
}

/** Refuses what is no serial port before anything is done to it. Gives the device's own path. */
function checkPath(path: string): string {
  let found;
  let device;
  try {
    found = statSync(path);
    device = realpathSync(path);
  } catch (error) {
    throw openProblem(path, error);
  }
  if (!found.isCharacterDevice()) throw new WandError(Problem.port_failed, `${path}: is ${found.isDirectory() ? "a directory" : "a file"}, not a serial port`);
  return device;
}

function opened(path: string): Promise<SerialPort> {
  return new Promise((resolve, reject) => {
    const port: SerialPort = new SerialPort({ path, baudRate: BAUD, lock: true, hupcl: false }, (error) => {
      if (error === null) resolve(port);
      else reject(openProblem(path, error));
    });
  });
}

/** A port that has gone is noticed so late at the most. */
const look_ms = 200;

/**
 * Calls `gone` once the device behind an open port is no longer there. A terminal that was hung up reads as nothing, which serialport takes for a reason to
 * read again, without end: it never tells.
 */
function watch(port: SerialPort, device: string, gone: () => void): NodeJS.Timeout {
  return setInterval(() => {
    // The device's name may belong to another one by now: whether this one still has a name, its descriptor knows.
    const { fd } = port.port as unknown as { readonly fd?: number | null };
    const unnamed = typeof fd === "number" && fstatSync(fd).nlink === 0;
    if (unnamed || statSync(device, { throwIfNoEntry: false }) === undefined) gone();
  }, look_ms);
}

/** Opens a port for this process alone. Throws `WandError`. */
export async function openSerial(path: string): Promise<Transport> {
  const device = checkPath(path);
  const port = await opened(path);
  const listeners = new Listeners();
  let closing: Promise<void> | undefined;
  const vanished = (): void => {
    clearInterval(watching);
    if (closing !== undefined) return;
    closing = Promise.resolve();
    if (port.isOpen) port.close();
    listeners.ended(Problem.port_vanished, `${path}: the port is gone: it was unplugged, or the emulator ended`);
  };
  const watching = watch(port, device, vanished);
  port.on("data", (bytes: Uint8Array) => { listeners.came(bytes); });
  port.on("close", vanished);
  port.on("error", vanished);
  return {
    name: path,
    onBytes: listeners.onBytes,
    onClosed: listeners.onClosed,
    write: (bytes) => {
      if (closing === undefined && port.isOpen) port.write(bytes);
    },
    close: () => {
      clearInterval(watching);
      closing ??= closed(port);
      return closing;
    },
  };
}

function closed(port: SerialPort): Promise<void> {
  if (!port.isOpen) return Promise.resolve();
  return new Promise((resolve) => {
    // drain waits until the last byte has left; a port that is gone says so by an error, and is closed all the same.
    port.drain(() => {
      if (port.isOpen) port.close(() => { resolve(); });
      else resolve();
    });
  });
}
