// Entry of the wand: the process's arguments in, its exit code out.

import { main } from "./program";
import { processTerminal } from "./terminal";

process.exitCode = await main(process.argv.slice(2), processTerminal());
