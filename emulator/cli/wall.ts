// The wall of this process: the host's clock and timers.

import type { Wall } from "../live/wall";

/** Node's timers count in ms; what is to be at once is done after the inputs that wait. */
export function processWall(): Wall {
  return {
    now_us: () => Math.floor(performance.now() * 1000),
    after: (delay_us, act) => {
      if (delay_us <= 0) {
        const soon = setImmediate(act);
        return () => { clearImmediate(soon); };
      }
      const timer = setTimeout(act, Math.ceil(delay_us / 1000));
      return () => { clearTimeout(timer); };
    },
  };
}
