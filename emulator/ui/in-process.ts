// A transport within the process: the page's wand on the live pump's line.

import type { Transport } from "../../protocol/wand/transport";
import type { LiveServer } from "../live/server";
import type { Wall } from "../live/wall";

/** A wire like any other: what the wand says goes through the pump's intake, and what the pump says it hears with all others, a moment later. */
export function inProcess(server: LiveServer, wall: Wall): Transport {
  let hear: (bytes: Uint8Array) => void = () => undefined;
  let open = true;
  const { heard, detach } = server.attach({
    // Not from within the pump's own event: a wand answers at once.
    write: (bytes) => { wall.after(0, () => { if (open) hear(bytes); }); },
    // A wand that waits for its answers is no flood.
    flow: () => undefined,
    close: () => { open = false; },
  });
  return {
    name: "this bench",
    write: (bytes) => { if (open) heard(bytes); },
    onBytes: (listen) => { hear = listen; },
    onClosed: () => undefined,
    close: () => {
      open = false;
      detach();
      return Promise.resolve();
    },
  };
}
