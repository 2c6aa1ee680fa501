// A process that explores: one job at a time, for `itb-pump explore`.

import type { Program } from "../brain";
import { answer } from "./explore-work";
import type { Ask, ExploreManner, Told } from "./explore-wire";
import { openTarget } from "./targets";

const manner = JSON.parse(process.argv[2] ?? "{}") as ExploreManner;
let opened: Promise<Program> | undefined;

function say(told: Told): void {
  process.send?.(told);
}

async function work(ask: Ask): Promise<void> {
  opened ??= openTarget(manner.target);
  say(answer(ask, await opened, manner));
}

process.on("message", (ask: Ask) => {
  work(ask).catch((error: unknown) => { say({ type: "failed", text: error instanceof Error ? (error.stack ?? error.message) : String(error) }); });
});
// The command has gone: nobody wants the answer.
process.on("disconnect", () => { process.exit(); });
