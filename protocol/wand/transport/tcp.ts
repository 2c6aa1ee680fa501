// TCP as a transport: the same bytes as on a serial line.

import { connect } from "node:net";
import type { Socket } from "node:net";
import { Problem, WandError } from "../problems";
import { Listeners } from "./transport";
import type { Transport } from "./transport";

/** Where a connection goes. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Reads `HOST:PORT`, with an IPv6 address in brackets; undefined if it is none. Port 0 is for those who listen. */
export function parseAddress(text: string): Address | undefined {
  const [, bracketed, plain, digits = ""] = /^(?:\[([0-9a-fA-F:.]+)\]|([^:\s[\]]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits);
  return host === undefined || digits === "" || port > 65_535 ? undefined : { host, port };
}

/** No machine in reach takes longer to answer. */
const connect_ms_max = 5000;

const REASONS: Readonly<Record<string, readonly [Problem, string]>> = {
  ECONNREFUSED: [Problem.port_refused, "nobody listens there: start the emulator with --tcp, or check host and port"],
  ENOTFOUND: [Problem.no_port, "there is no host of that name"],
  EAI_AGAIN: [Problem.no_port, "the name of the host could not be looked up"],
  EHOSTUNREACH: [Problem.no_port, "the host cannot be reached"],
  ENETUNREACH: [Problem.no_port, "the host cannot be reached"],
  ETIMEDOUT: [Problem.no_port, "the host does not answer"],
};

function problemOf(name: string, error: NodeJS.ErrnoException): WandError {
  const [problem, text] = REASONS[error.code ?? ""] ?? [Problem.port_failed, error.message];
  return new WandError(problem, `${name}: ${text}`);
}

function connected(name: string, { host, port }: Address): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true });
    socket.setTimeout(connect_ms_max, () => {
      socket.destroy();
      reject(new WandError(Problem.no_port, `${name}: the host does not answer`));
    });
    socket.once("error", (error) => { reject(problemOf(name, error)); });
    socket.once("connect", () => {
      socket.setTimeout(0);
      resolve(socket);
    });
  });
}

/** Connects to what `name` (`tcp:HOST:PORT`) stands for. Throws `WandError`. */
export async function openTcp(name: string, address: Address): Promise<Transport> {
  const socket = await connected(name, address);
  const listeners = new Listeners();
  let closing: Promise<void> | undefined;
  const vanished = (): void => {
    if (closing === undefined) listeners.ended(Problem.port_vanished, `${name}: the other end closed the connection`);
  };
  socket.on("data", (bytes: Uint8Array) => { listeners.came(bytes); });
  socket.on("error", vanished);
  socket.on("end", vanished);
  socket.on("close", vanished);
  return {
    name,
    onBytes: listeners.onBytes,
    onClosed: listeners.onClosed,
    write: (bytes) => {
      if (closing === undefined && socket.writable) socket.write(bytes);
    },
    close: () => {
      closing ??= new Promise((resolve) => {
        if (socket.destroyed) resolve();
        else {
          socket.once("close", () => { resolve(); });
          socket.end();
          // An other end that never closes is not waited for.
          socket.setTimeout(500, () => { socket.destroy(); });
        }
      });
      return closing;
    },
  };
}
