// A scenario in which something of everything happens that a report tells of.

import { SCENARIOS } from "../cli/harness";

/** A stall, late edges, a power loss, and a stop at the end. */
export const BUSY = `${SCENARIOS.pass}  - fault: {kind: motor.stalled, for: 3h}
  - wait: 6h
  - fault: {kind: rotor.late, value: 600ms, for: 1h}
  - wait: 2h
  - fault: {kind: power.off, value: 2h}
  - wait: 3h
  - stop: {reason: 1}
`;
