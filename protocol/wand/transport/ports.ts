// The ports there are: found by looking, without the help of udev.

import { readdirSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { runningDirectory, runningPumps } from "./running";

export interface Port {
  /** What `--port` takes. */
  readonly port: string;
  readonly kind: "serial" | "emulator";
  /** What it is, in words; may be empty. */
  readonly what: string;
}

/** Where to look; for tests. */
export interface Places {
  readonly devices: string;
  readonly running: string;
}

/** USB serial adapters and boards, by Linux's names and macOS's. Built-in ttyS* are there whether or not anything is behind them. */
const SERIAL = /^(ttyACM|ttyUSB|cu\.usb)/;

function names(directory: string): string[] {
  try {
    return readdirSync(directory).sort();
  } catch {
    return [];
  }
}

/** By real path, the names that say who made a device. */
function known(devices: string): Map<string, string> {
  const byId = join(devices, "serial", "by-id");
  const found = new Map<string, string>();
  for (const name of names(byId)) {
    try {
      found.set(realpathSync(join(byId, name)), name);
    } catch {
      // Unplugged between the two looks.
    }
  }
  return found;
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** All ports at which a pump can be, serial ones first. Never throws, starts no other program. */
export function listPorts(places: Places = { devices: "/dev", running: runningDirectory() }): readonly Port[] {
  const described = known(places.devices);
  const serial = names(places.devices).filter((name) => SERIAL.test(name)).map((name) => join(places.devices, name));
  const seen = new Set(serial.map(real));
  const others = [...described.keys()].filter((path) => !seen.has(path));
  return [
    ...[...serial, ...others].map((port): Port => ({ port, kind: "serial", what: described.get(real(port)) ?? "" })),
    ...runningPumps(places.running).flatMap(({ pid, port, tcp }): Port[] => {
      const what = `itb-pump emulate, process ${pid}`;
      return [{ port, kind: "emulator", what }, ...(tcp === undefined ? [] : [{ port: tcp, kind: "emulator" as const, what }])];
    }),
  ];
}
