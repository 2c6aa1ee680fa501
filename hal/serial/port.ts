// The port: a serial line in wall time, as thin as it can be.

import { SerialPort } from "serialport";

/** What a tether needs of one. */
export interface Port {
  readonly write: (bytes: Uint8Array) => void;
  readonly close: () => void;
}

export interface PortListener {
  /** Bytes came; called as soon as the system gives them. */
  readonly bytes: (bytes: Uint8Array) => void;
  /** The port is gone: nothing comes any more. */
  readonly gone: (why: string) => void;
}

/** The rate of the board's own line (hal/pico). */
const BAUD = 115_200;

/** Opens it for this process alone, 8N1 without flow control. Rejects with what the system says. */
export function openPort(path: string, listener: PortListener): Promise<Port> {
  return new Promise((resolve, reject) => {
    const port: SerialPort = new SerialPort({ path, baudRate: BAUD, lock: true, hupcl: false }, (error) => {
      if (error !== null) {
        reject(new Error(`${path}: ${error.message}`));
        return;
      }
      let open = true;
      const gone = (why: string): void => {
        if (open) listener.gone(why);
        open = false;
      };
      port.on("data", (bytes: Buffer) => { if (open) listener.bytes(bytes); });
      port.on("error", (problem) => { gone(problem.message); });
      port.on("close", () => { gone("the port was closed"); });
      resolve({
        write: (bytes) => { if (open) port.write(bytes); },
        close: () => {
          open = false;
          if (port.isOpen) port.close(() => undefined);
        },
      });
    });
  });
}
