// Opens a port by its name: a serial port, a pseudo-terminal, or TCP.

import { Problem, WandError } from "../problems";
import { openSerial } from "./serial";
import { openTcp, parseAddress } from "./tcp";
import type { Transport } from "./transport";

export interface OpenOptions {
  /** A port that is not there yet, or busy, is tried again for so long; 0 if not given: once. */
  readonly wait_ms?: number;
}

/** Between two attempts. */
const again_ms = 100;

/** What may pass by itself. */
const PASSING: ReadonlySet<Problem> = new Set([Problem.no_port, Problem.port_busy, Problem.port_refused, Problem.port_vanished]);

const tcp = "tcp:";

function openOnce(port: string): Promise<Transport> {
  if (!port.startsWith(tcp)) return openSerial(port);
  const address = parseAddress(port.slice(tcp.length));
  if (address === undefined || address.port === 0) throw new WandError(Problem.no_port, `${port}: expected tcp:HOST:PORT, such as tcp:localhost:8082`);
  return openTcp(port, address);
}

/**
 * Opens `port`: the path of a serial port or pseudo-terminal, at 115 200 baud and for this process alone, or
 * `tcp:HOST:PORT`. Throws `WandError`.
 */
export async function openTransport(port: string, options: OpenOptions = {}): Promise<Transport> {
  const last_ms = performance.now() + (options.wait_ms ?? 0);
  for (;;) {
    try {
      return await openOnce(port);
    } catch (error) {
      if (!(error instanceof WandError) || !PASSING.has(error.problem) || performance.now() >= last_ms) throw error;
    }
    await new Promise((resolve) => { setTimeout(resolve, again_ms); });
  }
}
