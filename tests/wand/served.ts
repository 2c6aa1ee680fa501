// A fake pump on a TCP port, in the time of the wall.

import { createServer } from "node:net";
import type { Socket } from "node:net";
import type { FakePump } from "./fake-pump";

/** A pump that listens. */
export interface Served {
  /** What `--port` takes. */
  readonly port: string;
  readonly pump: FakePump;
  /** Drops what the pump says, as long as it is true. */
  mute: boolean;
  /** Called with each piece that comes, before the pump has it; true keeps it from the pump. */
  intercept: ((bytes: Uint8Array) => boolean) | undefined;
  /** Puts bytes on the line, as noise would. */
  readonly say: (bytes: Uint8Array) => void;
  readonly close: () => Promise<void>;
  /** Ends all connections. */
  readonly hangUp: () => void;
}

/** Serves a pump on a free port of this machine. */
export async function serve(pump: FakePump): Promise<Served> {
  const begun = performance.now();
  const now_ms = (): number => Math.floor(performance.now() - begun);
  const sockets = new Set<Socket>();
  let timer: NodeJS.Timeout | undefined;
  const move = (): void => {
    clearTimeout(timer);
    pump.wake(now_ms());
    for (let bytes = pump.take(); bytes !== undefined; bytes = pump.take()) if (!served.mute) for (const socket of sockets) socket.write(bytes);
    if (pump.next_ms !== undefined) timer = setTimeout(move, Math.max(1, pump.next_ms - now_ms()));
  };
  const server = createServer((socket) => {
    sockets.add(socket.setNoDelay(true));
    socket.on("data", (bytes) => {
      if (served.intercept?.(bytes) !== true) pump.receive(now_ms(), bytes);
      move();
    });
    socket.on("error", () => undefined);
    socket.on("close", () => { sockets.delete(socket); });
  });
  await new Promise<void>((resolve) => { server.listen(0, "127.0.0.1", resolve); });
  const address = server.address();
  const served: Served = {
    port: `tcp:127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`, pump, mute: false, intercept: undefined,
    say: (bytes) => { for (const socket of sockets) socket.write(bytes); },
    hangUp: () => { for (const socket of sockets) socket.destroy(); },
    close: async () => {
      clearTimeout(timer);
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => { server.close(resolve); });
    },
  };
  return served;
}
