// TCP: clients that share the pump's one line.

import { createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import type { Address } from "../../protocol/wand/transport/tcp";
import type { Wire } from "./wire";

/** What a client that does not read may have waiting; what is more is lost to it, as on a serial line. */
const WAITING_MAX = 65_536;

export interface TcpWire extends Wire {
  /** `tcp:HOST:PORT`, as a wand takes it. */
  readonly name: string;
}

function nameOf(server: Server): string {
  const { address, port } = server.address() as AddressInfo;
  return `tcp:${address.includes(":") ? `[${address}]` : address}:${port}`;
}

/**
 * Listens at `address` (port 0: any free one) and gives `heard` what comes. Several clients at a time are on one line: the pump hears them all, and all
 * hear the pump. Rejects if the address cannot be had.
 */
export function listenTcp({ host, port }: Address, heard: (bytes: Uint8Array) => void): Promise<TcpWire> {
  const clients = new Set<Socket>();
  let flowing = true;
  const server = createServer({ noDelay: true }, (socket) => {
    clients.add(socket);
    if (!flowing) socket.pause();
    socket.on("data", heard);
    // A client that breaks off is gone, and that is all.
    socket.on("error", () => undefined);
    socket.on("close", () => { clients.delete(socket); });
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port }, () => {
      server.off("error", reject);
      resolve({
        name: nameOf(server),
        write: (bytes) => {
          for (const client of clients) if (client.writable && client.writableLength < WAITING_MAX) client.write(bytes);
        },
        flow: (on) => {
          flowing = on;
          for (const client of clients) if (on) client.resume(); else client.pause();
        },
        close: () => {
          server.close();
          for (const client of clients) client.destroy();
        },
      });
    });
  });
}
