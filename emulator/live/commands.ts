// What somebody can type at a live pump.

import { ALARM_NAMES, nameOf } from "../../protocol/names";
import { FAULT_KINDS } from "../faults";
import { durationText } from "../../protocol/wand/text/wall";
import { didYouMean, nearest } from "../../protocol/wand/text/suggest";
import { pumpTimeText } from "./news";
import type { LiveServer } from "./server";

/** What a line brought about: text to show, or the end. */
export type Reply = { readonly text: string } | "quit";

const HELP = `  fault KIND [VALUE]   begin a fault: ${FAULT_KINDS.slice(0, 3).map(({ kind }) => kind).join(", ")}, ... (\`itb-pump describe\` lists them, with their values)
  heal KIND            end it
  status               how the pump truly is
  quit                 end, as Ctrl-C does
`;

const VERBS = ["fault", "heal", "status", "quit", "help"];

/** What the plant knows, not what the pump says: for that there is the wand. */
function statusText({ bench }: LiveServer): string {
  const alarms = bench.trace.alarms.flatMap(({ on, off }, alarm) => (on > off ? [nameOf(ALARM_NAMES, alarm)] : []));
  const lines = [
    ["pump time", `${pumpTimeText(bench.processor.now_ms)} (true time ${durationText(Math.floor(bench.engine.now_us / 1000))})`],
    ["link", bench.link.awake ? "awake" : "asleep"],
    ["pulses", String(bench.trace.pulses)],
    ["alarms", alarms.length === 0 ? "none" : alarms.join(", ")],
    ["faults", bench.active_faults.size === 0 ? "none" : [...bench.active_faults].join(", ")],
    ["violations", String(bench.oracle.violations.length)],
  ];
  return lines.map(([name = "", value = ""]) => `  ${name.padEnd(11)} ${value}\n`).join("");
}

function faultKind(given: string): string {
  if (FAULT_KINDS.some(({ kind }) => kind === given)) return given;
  const near = nearest(given, FAULT_KINDS.map(({ kind }) => kind));
  throw new Error(`there is no fault "${given}"${near === undefined ? "" : `; did you mean ${near}?`}`);
}

/** Carries out one line. What is wrong with it is in the text. */
export function command(server: LiveServer, line: string): Reply {
  const [verb = "", kind = "", value, ...more] = line.trim().split(/\s+/);
  if (verb === "") return { text: "" };
  try {
    if (more.length > 0) throw new Error("more words than the command takes");
    if (verb === "fault") {
      if (value !== undefined && !/^-?\d{1,15}$/.test(value)) throw new Error(`a fault's value is a whole number in its unit: ${value}`);
      server.inject(faultKind(kind), value === undefined ? undefined : Number(value));
    } else if (verb === "heal") server.heal(faultKind(kind));
    else if (verb === "status") return { text: statusText(server) };
    else if (verb === "quit") return "quit";
    else if (verb === "help") return { text: HELP };
    else throw new Error(`there is no command "${verb}"${didYouMean(verb, VERBS)}`);
    return { text: "" };
  } catch (error) {
    return { text: `  ${error instanceof Error ? error.message : String(error)}\n` };
  }
}
