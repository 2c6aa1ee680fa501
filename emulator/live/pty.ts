// The pseudo-terminal: a serial port that needs no hardware.

import { closeSync, writeSync } from "node:fs";
import { createRequire } from "node:module";
import { ReadStream } from "node:tty";
import { SerialPort } from "serialport";
import type { Wire } from "./wire";

/** What the binary gives; its JavaScript part also reads the slave, which steals bytes. */
interface Native {
  readonly open: (columns: number, rows: number) => { readonly master: number; readonly slave: number; readonly pty: string };
}

/** @lydell/node-pty: node-pty with prebuilt binaries; the original compiles itself at installation. */
function native(): Native {
  const require = createRequire(createRequire(import.meta.url).resolve("@lydell/node-pty"));
  return require(`@lydell/node-pty-${process.platform}-${process.arch}/pty.node`) as Native;
}

/** Without echo and translation: serialport sets that as it opens, and it stays. */
function makeRaw(path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const port: SerialPort = new SerialPort({ path, baudRate: 115_200, hupcl: false }, (error) => {
      if (error !== null) reject(error);
      else port.close((problem) => { if (problem === null) resolve(); else reject(problem); });
    });
  });
}

/** A pseudo-terminal; `path` is what a wand opens. */
export interface Pty extends Wire {
  readonly path: string;
}

/** Opens a new one, whose bytes `heard` is given. Throws where the system has none to give. */
export async function openPty(heard: (bytes: Uint8Array) => void): Promise<Pty> {
  // The slave is held open and not read: else the master fails as long as no wand has it open.
  const { master, slave, pty: path } = native().open(80, 24);
  try {
    await makeRaw(path);
  } catch (error) {
    closeSync(master);
    closeSync(slave);
    throw error;
  }
  const stream = new ReadStream(master);
  stream.on("data", heard);
  // With the slave open here there is no error but at the very end.
  stream.on("error", () => undefined);
  let open = true;
  return {
    path,
    write: (bytes) => {
      if (open) writeWhatFits(master, bytes);
    },
    flow: (on) => { if (on) stream.resume(); else stream.pause(); },
    close: () => {
      if (!open) return;
      open = false;
      stream.destroy();
      closeSync(slave);
    },
  };
}

/** A stream would wait for a reader. On a line that nobody reads bytes are lost, here as in a serial port whose buffer is full. */
function writeWhatFits(fd: number, bytes: Uint8Array): void {
  try {
    writeSync(fd, bytes);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
  }
}
