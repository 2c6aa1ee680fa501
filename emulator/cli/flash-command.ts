// The flash command: the image onto a board, and what can be known of it then.

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { flashByDrive, GONE_MS, NAME } from "../../hal/pico/flash/by-drive";
import { findDrive } from "../../hal/pico/flash/find";
import { processHost } from "../../hal/pico/flash/host";
import type { FlashHost } from "../../hal/pico/flash/host";
import { flashByProbe, openocdArguments, openocdVersion } from "../../hal/pico/flash/openocd";
import { readOrder } from "../../hal/pico/flash/order";
import type { Order } from "../../hal/pico/flash/order";
import { FlashError, FlashProblem } from "../../hal/pico/flash/problems";
import type { PumpInfo } from "../../protocol/wand/core/order";
import { openWand } from "../../protocol/wand/library";
import { WandError } from "../../protocol/wand/problems";
import { noApplication } from "../../protocol/wand/text/pump-info";
import { openTransport } from "../../protocol/wand/transport";
import { columns } from "./columns";
import { EXIT } from "./exit-codes";
import { SCHEMA } from "./json-lines";
import type { Terminal } from "./terminal";
import { UsageError } from "./usage-error";

export interface FlashCommand {
  /** A UF2 file; unless given the one that `build pico` makes. */
  readonly file?: string;
  readonly drive?: string;
  readonly probe: boolean;
  readonly openocd?: string;
  /** Where the board's line ends on this host, to be asked who it is. */
  readonly port?: string;
  readonly dry_run: boolean;
  readonly json: boolean;
}

/** What the command touches of the world. */
export interface FlashWorld {
  readonly host: FlashHost;
  /** The port can be opened. Throws `WandError`. */
  readonly tryPort: (port: string) => Promise<void>;
  /** Who is at the port. Throws `WandError`. */
  readonly look: (port: string) => Promise<PumpInfo>;
}

const IMAGE = fileURLToPath(new URL("../../build/pico/fw.uf2", import.meta.url));
/** A board is up some 0.1 s after its start; a look itself gives up after some seconds. */
const ANSWER_MS = 15_000;

async function look(port: string): Promise<PumpInfo> {
  const wand = await openWand({ port });
  try {
    return await wand.look();
  } finally {
    await wand.close();
  }
}

const WORLD: FlashWorld = { host: processHost(), tryPort: async (port) => { await (await openTransport(port)).close(); }, look };

/** One thing that is known of the board, for people and for programs. */
interface Known {
  readonly what: string;
  readonly text: string;
}

/** Asks the board who it is until it answers. Throws `FlashError` if it is none that was flashed with this. */
async function askBoard(port: string, { application }: Order, { host, look: lookAt }: FlashWorld): Promise<Known> {
  const began_ms = host.now_ms();
  for (;;) {
    try {
      const seen = await lookAt(port);
      const reason = noApplication(seen);
      if (reason !== undefined) throw new FlashError(FlashProblem.no_application, port, `${reason}; build the image again and flash it`);
      if (seen.firmware !== application.version) throw new FlashError(FlashProblem.another_version, port, `${seen.firmware} in place of ${application.version}`);
      return { what: "board", text: `${port} answers with version ${seen.firmware}, the image's; the commit is not told on the line` };
    } catch (error) {
      if (!(error instanceof WandError)) throw error;
      if (host.now_ms() - began_ms >= ANSWER_MS) throw new FlashError(FlashProblem.board_silent, port, error.message);
      await host.wait(500);
    }
  }
}

async function byDrive(given: FlashCommand, order: Order, { host }: FlashWorld, terminal: Terminal): Promise<readonly Known[]> {
  const drive = findDrive(host, given.drive);
  terminal.err(`board in its boot loader: ${drive.path}\n`);
  if (given.dry_run) {
    return [{ what: "would", text: `copy ${order.file}, ${String(order.bytes.length)} bytes, to ${join(drive.path, NAME)}; wait up to ${String(GONE_MS / 1000)} s for the drive to go away` }];
  }
  try {
    const gone_ms = await flashByDrive(drive, order, host, {
      copied: (bytes, of) => { terminal.progress(`copied ${((bytes / of) * 100).toFixed(0)} % of ${Math.ceil(of / 1024)} KB`); },
    });
    return [{ what: "drive", text: `went away ${(gone_ms / 1000).toFixed(1)} s after the last block, as it does when the board has all of them and starts, or is unplugged` }];
  } finally {
    terminal.progress("");
  }
}

async function byProbe(given: FlashCommand, order: Order, terminal: Terminal): Promise<readonly Known[]> {
  const openocd = given.openocd ?? "openocd";
  terminal.err(`${openocdVersion(openocd)}\n`);
  if (given.dry_run) {
    const words = openocdArguments("FILE.hex").map((word) => (/[^\w./-]/.test(word) ? `'${word}'` : word));
    return [{ what: "would", text: `make FILE.hex of ${order.file} and run ${[openocd, ...words].join(" ")}` }];
  }
  try {
    await flashByProbe(order, { openocd, phase: (text) => { terminal.progress(`openocd: ${text}`); } });
  } finally {
    terminal.progress("");
  }
  return [{ what: "probe", text: "openocd wrote the image, read it back as it is, and started the board" }];
}

/** Checks the command as far as can be done without a board. */
function mustBeOne({ drive, probe, openocd }: FlashCommand): void {
  if (probe && drive !== undefined) throw new UsageError("--drive and --probe are two ways; give one");
  if (!probe && openocd !== undefined) throw new UsageError("--openocd is for --probe");
}

async function flashed(given: FlashCommand, terminal: Terminal, world: FlashWorld): Promise<{ readonly order: Order; readonly known: readonly Known[] }> {
  const order = readOrder(given.file ?? IMAGE);
  const { application } = order;
  terminal.err(`image: version ${application.version}, commit ${application.commit}, ${String(order.bytes.length)} bytes of UF2\n`);
  // A port that is none is told before the board is touched.
  if (given.port !== undefined) await world.tryPort(given.port);
  const known = given.probe ? await byProbe(given, order, terminal) : await byDrive(given, order, world, terminal);
  if (given.port === undefined) return { order, known: [...known, { what: "not known", text: "whether the pump runs: give its port with --port, or ask with `itb-pump info PORT`" }] };
  if (given.dry_run) return { order, known: [...known, { what: "would", text: `ask ${given.port} until it answers with version ${application.version}` }] };
  terminal.progress(`asking ${given.port}`);
  try {
    return { order, known: [...known, await askBoard(given.port, order, world)] };
  } finally {
    terminal.progress("");
  }
}

/** Flashes a board and tells what is known of it. Gives 0. Throws `UsageError`, with the problem's number, where no board was flashed. */
export async function flashCommand(given: FlashCommand, terminal: Terminal, world: FlashWorld = WORLD): Promise<number> {
  mustBeOne(given);
  try {
    const { order, known } = await flashed(given, terminal, world);
    if (given.json) {
      const { version, commit } = order.application;
      terminal.out(`${JSON.stringify({ schema: SCHEMA, type: "flash", way: given.probe ? "probe" : "drive", file: order.file, version, commit, dry_run: given.dry_run, known })}\n`);
    } else terminal.out(columns(known.map(({ what, text }) => [what, text])));
    return EXIT.pass;
  } catch (error) {
    if (error instanceof FlashError || error instanceof WandError) throw new UsageError(`${error.message} (${error.problem})`);
    throw error;
  }
}
