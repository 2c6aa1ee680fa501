#!/usr/bin/env node
// Stands in for openocd: a chip in a file, and openocd 0.12's own words.

import { readFileSync, writeFileSync } from "node:fs";

const [say, { env, argv }] = [(text) => { process.stderr.write(`${text}\n`); }, process];
const mode = env["FAKE_OPENOCD"] ?? "good";

/** Ends as the program procedure of openocd's startup.tcl does. */
function fail(...lines) {
  for (const line of lines) say(line);
  say("shutdown command invoked");
  process.exit(1);
}

/** Flash after an Intel HEX file was written: sectors that it touches are erased first. */
function program(flash, text) {
  let upper = 0;
  const erased = new Set();
  for (const line of text.trim().split("\n")) {
    const bytes = Buffer.from(line.slice(1), "hex");
    if (!line.startsWith(":") || bytes.length !== bytes[0] + 5 || bytes.reduce((sum, byte) => sum + byte, 0) % 256 !== 0) fail(`Error: incorrect record in hex file: ${line}`, "** Programming Failed **");
    if (bytes[3] === 4) upper = bytes.readUInt16BE(4) * 0x1_0000;
    if (bytes[3] !== 0) continue;
    const at = upper + bytes.readUInt16BE(1) - 0x1000_0000;
    if (at < 0 || at + bytes[0] > flash.length) fail(`Error: no flash bank found for address 0x${(at + 0x1000_0000).toString(16)}`, "** Programming Failed **");
    const sector = at - (at % 4096);
    if (!erased.has(sector)) flash.fill(0xff, sector, sector + 4096);
    erased.add(sector);
    bytes.copy(flash, at, 4, 4 + bytes[0]);
  }
}

say("Open On-Chip Debugger 0.12.0");
writeFileSync(env["FAKE_ARGUMENTS"], JSON.stringify(argv.slice(2)));
if (mode === "no probe") fail("Error: unable to find a matching CMSIS-DAP device", "** OpenOCD init failed **");
if (mode === "not permitted") fail("Error: libusb_open() failed with LIBUSB_ERROR_ACCESS", "Error: unable to find a matching CMSIS-DAP device", "** OpenOCD init failed **");
say("Info : CMSIS-DAP: FW Version = 2.0.0");
if (mode === "no target") fail("Info : clock speed 5000 kHz", "Error: Failed to connect multidrop rp2040.dap0", "** OpenOCD init failed **");
if (mode === "not examined") fail("Error: Target not examined yet", "** Unable to reset target **");
if (mode === "odd") fail("Error: something that openocd never said before\u001b[31m");
if (mode === "silent") process.exit(3);
if (mode === "stuck") setInterval(() => undefined, 1000);
else {
  const file = /^program \{(.*)\} verify reset exit$/.exec(argv.at(-1))[1];
  const flash = readFileSync(env["FAKE_FLASH"]);
  say("** Programming Started **");
  if (mode === "flash fails") fail("Error: error writing to flash at address 0x10000000 at offset 0x00000000", "** Programming Failed **");
  program(flash, readFileSync(file, "latin1"));
  writeFileSync(env["FAKE_FLASH"], flash);
  say("** Programming Finished **");
  // One that ends well and did not verify, which nobody should believe.
  if (mode !== "no verify") {
    say("** Verify Started **");
    if (mode === "verify fails") fail("Error: checksum mismatch - attempting binary compare", "diff 0 address 0x10000000. Was 0xff instead of 0x00", "** Verify Failed **");
    say("** Verified OK **");
  }
  say("** Resetting Target **");
  say("shutdown command invoked");
}
