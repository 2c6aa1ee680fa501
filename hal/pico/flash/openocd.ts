// Flashes over the Debug Probe: openocd's command line, and its errors.

import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pagesOf } from "../tools/uf2";
import { writeHex } from "./hex";
import type { Order } from "./order";
import { FlashError, FlashProblem } from "./problems";

/** The arguments of openocd for a file that has its own addresses. */
export function openocdArguments(file: string): readonly string[] {
  // In braces a path is one word of openocd's language, whatever is in it.
  return ["-f", "interface/cmsis-dap.cfg", "-c", "adapter speed 5000", "-f", "target/rp2040.cfg", "-c", `program {${file}} verify reset exit`];
}

/** What openocd 0.12 says when it goes wrong, the more particular first; the whole of its output is looked at. */
const ERRORS: readonly (readonly [RegExp, FlashProblem])[] = [
  [/LIBUSB_ERROR_ACCESS|Permission denied|insufficient permissions/i, FlashProblem.probe_not_permitted],
  [/unable to find a matching CMSIS-DAP device|unable to open CMSIS-DAP device|No CMSIS-DAP device found|no device found/i, FlashProblem.no_probe],
  [/\*\* Verify Failed \*\*|checksum mismatch|contents differ/, FlashProblem.verify_failed],
  [/\*\* Programming Failed \*\*|error writing to flash|failed erasing sectors|auto_probe failed/, FlashProblem.programming_failed],
  [/cannot read IDR|Failed to connect multidrop|not examined|examination failed|Could not find MEM-AP|DAP init failed|\*\* Unable to reset target \*\*|\*\* OpenOCD init failed \*\*/i, FlashProblem.target_not_examined],
];
const VERIFIED = "** Verified OK **";
/** 2 MB at the slowest that a probe is: a board with a good one takes some 15 s. */
const STUCK_MS = 120_000;

/** What openocd's end means: undefined if the board has the image and was started. */
export function openocdProblem(code: number | null, said: string): FlashError | undefined {
  if (code === 0 && said.includes(VERIFIED)) return undefined;
  const found = ERRORS.find(([pattern]) => pattern.test(said));
  const lines = said.split("\n").map((line) => line.replace(/[^\x20-\x7e]/g, "?").trim()).filter((line) => line !== "");
  const errors = lines.filter((line) => line.startsWith("Error:")).map((line) => line.slice("Error:".length).trim());
  const more = errors.length > 0 ? errors.slice(0, 2).join("; ") : lines.slice(-2).join("; ");
  return new FlashError(found?.[1] ?? FlashProblem.openocd_failed, "", more === "" ? `it ended with ${code ?? "a signal"} and said nothing` : more);
}

/** Throws `FlashError` where there is no openocd. Gives its first line: what version it is. */
export function openocdVersion(openocd: string): string {
  const { error, stderr, stdout } = spawnSync(openocd, ["--version"], { encoding: "utf8" });
  if (error !== undefined) throw new FlashError(FlashProblem.no_openocd, openocd === "openocd" ? "" : openocd);
  return `${stderr}${stdout}`.split("\n")[0] ?? "";
}

/** The phases as openocd announces them. */
const PHASES: readonly (readonly [string, string])[] = [
  ["** Programming Started **", "programming"], ["** Programming Finished **", "programmed"], ["** Verify Started **", "reading back"], [VERIFIED, "verified"],
  ["** Resetting Target **", "starting"],
];

export interface ProbeOrder {
  /** The program: its name, or a path. */
  readonly openocd: string;
  readonly phase: (text: string) => void;
  readonly stuck_ms?: number;
}

function run(order: ProbeOrder, file: string): Promise<{ readonly code: number | null; readonly said: string; readonly stuck: boolean }> {
  return new Promise((resolve, reject) => {
    const child = spawn(order.openocd, openocdArguments(file), { stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    let stuck = false;
    let phases = 0;
    const hear = (text: string): void => {
      said += text;
      for (let next = PHASES[phases]; next !== undefined && said.includes(next[0]); next = PHASES[phases]) {
        order.phase(next[1]);
        phases++;
      }
    };
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding("latin1").on("data", hear);
    const timer = setTimeout(() => {
      stuck = true;
      child.kill("SIGKILL");
    }, order.stuck_ms ?? STUCK_MS);
    child.on("error", () => { clearTimeout(timer); reject(new FlashError(FlashProblem.no_openocd)); });
    child.on("close", (code) => { clearTimeout(timer); resolve({ code, said, stuck }); });
  });
}

/** Has openocd write the image, read it back and start the board. Throws `FlashError`. */
export async function flashByProbe({ bytes }: Order, order: ProbeOrder): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "itb-pump-flash-"));
  try {
    const file = join(folder, "fw.hex");
    writeFileSync(file, writeHex(pagesOf(bytes)));
    const { code, said, stuck } = await run(order, file);
    if (stuck) throw new FlashError(FlashProblem.openocd_stuck);
    const problem = openocdProblem(code, said);
    if (problem !== undefined) throw problem;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
