// What target tether does otherwise than node, and why: its declared list.

import type { Exclusion } from "../pico/exclusions";

/** How much later what follows from a loss of power may come: two seconds in which a board is looked for, and its clock measured. */
export const FOUND_LATE_MS = 2000;

/** As for pico (emulator/pico/exclusions.ts). */
export const TETHER_EXCLUSIONS: readonly Exclusion[] = [
  {
    faults: ["self_test.memory", "self_test.program", "self_test.cipher"], left_out: "run",
    why: "memory, program and cipher are those of the computer that the controller runs on, and a board tells of its drive alone",
  },
  {
    faults: ["power.off", "battery.dip", "- cut:"], left_out: "digest",
    why: "after a loss of power the controller looks for its board before it boots, for more than a second: what its wand asks meanwhile is answered later than on node",
  },
  {
    faults: ["motor.runaway"], left_out: "digest",
    why: "a motor that runs by itself is cut when the order has crossed the line, some ms later; a motion that comes in between is one more",
  },
  {
    faults: ["processor.reset"], left_out: "times",
    why: "an edge that comes while the program starts anew is known some ms later than on node, and may be told to the program before or after it boots",
  },
];

/** Why faults cannot happen to a tether, by their kinds. */
export const LEFT_OUT: Readonly<Record<string, string>> = Object.fromEntries(
  TETHER_EXCLUSIONS.filter(({ left_out }) => left_out === "run").flatMap(({ faults, why }) => faults.map((fault) => [fault, why])),
);
