// Instruments of a real bench: a counter's lines, a switch's commands.

import { spawn } from "node:child_process";
import { closeSync, constants, fstatSync, openSync, readSync, statSync } from "node:fs";
import { WandError } from "../../protocol/wand/problems";
import { openTransport } from "../../protocol/wand/transport";
import { systemReason } from "../scenario/load";
import { EdgeLines, InstrumentError } from "../verify/instruments";
import type { Instruments, PowerSwitch, PulseCounter } from "../verify/instruments";
import type { CounterPlan, PowerPlan, VerifyPlan } from "../verify/plan";
import { UsageError } from "./usage-error";

/** How often a file or a pipe is looked at: well within what a row allows a counter to be late. */
const LOOK_MS = 50;
const COMMAND_MS = 30_000;

function isPort(path: string): boolean {
  return path.startsWith("tcp:") || statSync(path).isCharacterDevice();
}

/** A file that grows, or a pipe: of a file, what stands in it already is an edge of before. */
function fileCounter({ from, unit_us }: CounterPlan): PulseCounter {
  // A pipe without a writer is opened all the same.
  const file = openSync(from, constants.O_RDONLY | constants.O_NONBLOCK);
  const grows = fstatSync(file).isFile();
  const lines = new EdgeLines(unit_us);
  const buffer = Buffer.alloc(65_536);
  let at = grows ? fstatSync(file).size : 0;
  const look = (): void => {
    try {
      for (let read = 1; read > 0;) {
        read = readSync(file, buffer, 0, buffer.length, grows ? at : null);
        at += read;
        lines.take(buffer.toString("latin1", 0, read));
      }
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== "EAGAIN") lines.trouble ??= systemReason(error);
    }
  };
  const timer = setInterval(look, LOOK_MS);
  return {
    name: from,
    get edges_us() { return lines.edges_us; },
    get trouble() { return lines.trouble; },
    close: () => {
      clearInterval(timer);
      closeSync(file);
      return Promise.resolve();
    },
  };
}

async function portCounter({ from, unit_us }: CounterPlan): Promise<PulseCounter> {
  const transport = await openTransport(from);
  const lines = new EdgeLines(unit_us);
  transport.onBytes((bytes) => { lines.take(Buffer.from(bytes).toString("latin1")); });
  transport.onClosed((_problem, text) => { lines.trouble ??= text; });
  return { name: from, get edges_us() { return lines.edges_us; }, get trouble() { return lines.trouble; }, close: () => transport.close() };
}

async function openCounter(plan: CounterPlan): Promise<PulseCounter> {
  try {
    return isPort(plan.from) ? await portCounter(plan) : fileCounter(plan);
  } catch (error) {
    if (error instanceof WandError) throw new UsageError(`the pulse counter: ${error.message} (${error.problem})`);
    throw new UsageError(`the pulse counter at ${plan.from}: ${systemReason(error)}`);
  }
}

/** Runs a command of the plan's. Rejects with `InstrumentError` unless it ends well, in time. */
function run(command: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, { shell: true, stdio: ["ignore", "ignore", "pipe"], timeout: COMMAND_MS });
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => { said += text; });
    child.on("error", (error) => { reject(new InstrumentError(`"${command}": ${error.message}`)); });
    child.on("close", (code) => {
      if (code === 0) resolve();
      else reject(new InstrumentError(`"${command}" ${code === null ? `did not end within ${COMMAND_MS / 1000} s` : `ended with ${code}`}${said === "" ? "" : `: ${said.trim().slice(0, 200)}`}`));
    });
  });
}

function powerSwitch({ off, on }: PowerPlan): PowerSwitch {
  return { name: off, off: () => run(off), on: () => run(on) };
}

/** Opens what the plan says is there. Throws `UsageError` for what is not. */
export async function openInstruments({ pulses, power }: VerifyPlan): Promise<Instruments> {
  return { ...(pulses === undefined ? {} : { pulses: await openCounter(pulses) }), ...(power === undefined ? {} : { power: powerSwitch(power) }) };
}
