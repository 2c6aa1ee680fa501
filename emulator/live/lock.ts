// A lock file: one process at a time uses what it stands for.

import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { isAlive } from "../../protocol/wand/transport/running";

/** Somebody else has it. */
export class Locked extends Error {
  override readonly name = "Locked";
  constructor(readonly pid: number, readonly file: string) {
    super(`process ${pid} uses it; if that is not so, remove ${file}`);
  }
}

function tryLock(file: string): boolean {
  try {
    writeFileSync(file, `${process.pid}\n`, { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    return false;
  }
}

function holder(file: string): number | undefined {
  try {
    const pid = Number(readFileSync(file, "utf8"));
    return Number.isSafeInteger(pid) && pid > 0 ? pid : 0;
  } catch {
    return undefined;
  }
}

/** Puts aside a lock whose holder is dead. If another process was quicker, its new lock is put back. */
function putAside(file: string, dead: number): void {
  const aside = `${file}.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  if (holder(aside) !== dead) linkSync(aside, file);
  rmSync(aside, { force: true });
}

/** Freed a second time, the lock could be another's already. */
function once(act: () => void): () => void {
  let done = false;
  return () => {
    if (!done) act();
    done = true;
  };
}

/** Takes the lock; throws `Locked` if a process that lives has it. Gives what frees it. */
export function lock(file: string): () => void {
  for (let attempt = 0; attempt < 3; attempt++) {
    if (tryLock(file)) return once(() => { rmSync(file, { force: true }); });
    const pid = holder(file);
    if (pid === undefined) continue;
    // Its own number in an old lock: an earlier process had it, as in a container where the first is always 1.
    if (pid !== 0 && pid !== process.pid && isAlive(pid)) throw new Locked(pid, file);
    putAside(file, pid);
  }
  throw new Locked(holder(file) ?? 0, file);
}
