// A stable path to a pseudo-terminal, whose own changes with every start.

import { lstatSync, readlinkSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { resolve } from "node:path";
import { runningPumps } from "../../protocol/wand/transport/running";

/** The path is somebody else's. */
export class LinkProblem extends Error {
  override readonly name = "LinkProblem";
}

/** Whether something stands at the path that an emulator that is gone has left there. Throws `LinkProblem` if it is anything else. */
function leftover(path: string, running: string | undefined): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return false;
  if (!found.isSymbolicLink()) throw new LinkProblem("there is something already, which is not overwritten");
  const user = runningPumps(running).find(({ port, pid }) => resolve(port) === resolve(path) && pid !== process.pid);
  if (user !== undefined) throw new LinkProblem(`the emulator in process ${user.pid} uses it`);
  const target = readlinkSync(path);
  if (!/^\/dev\/(pts\/\d+|ttys\d+)$/.test(target)) throw new LinkProblem(`it leads to ${target}, which is no pseudo-terminal; it is not overwritten`);
  return true;
}

/** Makes `path` lead to `target`. Throws `LinkProblem`. Gives what removes it. `running` is the directory of running emulators, for tests. */
export function makeLink(path: string, target: string, running?: string): () => void {
  const replaces = leftover(path, running);
  try {
    if (replaces) {
      // In one step, so that a wand that opens it now finds one or the other.
      const fresh = `${path}.${process.pid}`;
      rmSync(fresh, { force: true });
      symlinkSync(target, fresh);
      renameSync(fresh, path);
    } else symlinkSync(target, path);
  } catch (error) {
    throw new LinkProblem(`cannot be made: ${error instanceof Error ? error.message : String(error)}`);
  }
  return () => {
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (found?.isSymbolicLink() === true && readlinkSync(path) === target) rmSync(path);
  };
}
