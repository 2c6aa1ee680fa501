// What a board's self-test finds: parts that have failed.

import { SelfTest } from "../../hal/self-test";
import type { FaultKind } from "../fault-kind";
import type { FaultSite } from "./host";

const UNKNOWN = "That it has failed, until the next self-test: at a reset, and once a day.";

export const SELF_TEST_FAULTS: readonly FaultKind[] = [
  { kind: "self_test.motor", what: "The drive's own fault line is on: it cannot be trusted to stand still. It turns as before.", unknown_to_pump: UNKNOWN },
  { kind: "self_test.memory", what: "The test of working memory fails. The program runs as before.", unknown_to_pump: UNKNOWN },
  { kind: "self_test.program", what: "The check of the program in flash fails. The program runs as before.", unknown_to_pump: UNKNOWN },
  { kind: "self_test.cipher", what: "The cipher's known answer comes out wrong. Messages are sealed and opened as before.", unknown_to_pump: UNKNOWN },
];

const PARTS: Readonly<Record<string, SelfTest>> = {
  "self_test.motor": SelfTest.motor, "self_test.memory": SelfTest.memory, "self_test.program": SelfTest.program, "self_test.cipher": SelfTest.cipher,
};

export class SelfTestDevice implements FaultSite {
  /** What a self-test finds now, a sum of `SelfTest`. */
  failed = 0;

  /** `changed` is called after each change. */
  constructor(private readonly changed: () => void) {}

  faultBegins(kind: string): void {
    this.failed |= PARTS[kind]!;
    this.changed();
  }

  faultEnds(kind: string): void {
    this.failed -= this.failed & PARTS[kind]!;
    this.changed();
  }
}
