// The flash command's options.

import type { Command } from "commander";
import { flashCommand } from "./flash-command";
import type { FlashCommand } from "./flash-command";
import type { Terminal } from "./terminal";

const help = `
Without --probe the board must be in its boot loader: hold BOOTSEL down while its USB is plugged in. The pump's own storage is not touched by either way.
Exit codes: 0 flashed, and all that was asked for is known, 1 not, with the reason, what to do, and its number.`;

export function addFlash(program: Command, terminal: Terminal, done: (code: number) => void): void {
  program.command("flash")
    .description("put the image onto a board: by its boot loader's drive, or over a Debug Probe")
    .argument("[file]", "the image, a UF2 file (default: build/pico/fw.uf2)")
    .option("--drive <dir>", "the boot loader's drive is mounted there (default: it is looked for)")
    .option("--probe", "over a Debug Probe, by openocd")
    .option("--openocd <path>", "with --probe: this openocd (default: the one on the path)")
    .option("--port <port>", "afterwards ask the board at this port for its version: a serial port, or tcp:HOST:PORT")
    .option("--dry-run", "look at image, board and port, and say what would be done")
    .option("--json", "one JSON line instead of text")
    .addHelpText("after", help)
    .action(async (file: string | undefined, options: Partial<Omit<FlashCommand, "file" | "dry_run">> & { readonly dryRun?: true }) => {
      const { dryRun, probe, json, ...rest } = options;
      done(await flashCommand({ ...rest, ...(file === undefined ? {} : { file }), probe: probe === true, json: json === true, dry_run: dryRun === true }, terminal));
    });
}
