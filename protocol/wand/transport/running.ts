// Emulators that run on this machine: where each says what it listens on.

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";

/** A running emulator's ways in. */
export interface RunningPump {
  readonly pid: number;
  /** The pseudo-terminal, or the link to it. */
  readonly port: string;
  /** `tcp:HOST:PORT`, if it listens. */
  readonly tcp?: string;
}

/** The directory of this user's running emulators: gone with the session where the system has such a place. */
export function runningDirectory(env: Readonly<Record<string, string | undefined>> = process.env): string {
  const runtime = env["XDG_RUNTIME_DIR"] ?? "";
  return runtime !== "" ? join(runtime, "itb-pump") : join(tmpdir(), `itb-pump-${userInfo().username}`);
}

/** Whether a process of that number runs. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's process is alive, but not ours to signal.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Says that this process runs a pump, and forgets those that are dead. Gives what takes that back. */
export function announceRunning(pump: RunningPump, directory = runningDirectory()): () => void {
  const file = join(directory, `${pump.pid}.json`);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(directory)) {
    const [, pid] = /^(\d+)\.json$/.exec(name) ?? [];
    if (pid !== undefined && !isAlive(Number(pid))) rmSync(join(directory, name), { force: true });
  }
  writeFileSync(file, `${JSON.stringify(pump)}\n`);
  return () => { rmSync(file, { force: true }); };
}

function readPump(file: string): RunningPump | undefined {
  try {
    const { pid, port, tcp } = JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
    if (typeof pid !== "number" || !Number.isSafeInteger(pid) || pid <= 0 || typeof port !== "string") return undefined;
    return { pid, port, ...(typeof tcp === "string" ? { tcp } : {}) };
  } catch {
    return undefined;
  }
}

/** The emulators that run now; what a killed one left behind is left out. */
export function runningPumps(directory = runningDirectory()): readonly RunningPump[] {
  let names: string[];
  try {
    names = readdirSync(directory);
  } catch {
    return [];
  }
  return names.filter((name) => /^\d+\.json$/.test(name)).sort().flatMap((name) => {
    const pump = readPump(join(directory, name));
    return pump !== undefined && isAlive(pump.pid) ? [pump] : [];
  });
}
