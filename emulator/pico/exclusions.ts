// What target pico does otherwise than the others, and why: its declared list.

/** Why runs with some kinds of fault are left out on target pico, or may come to another digest there. */
export interface Exclusion {
  /** Kinds of fault, or a verb as a step begins with it. */
  readonly faults: readonly string[];
  readonly why: string;
  /**
   * What is left out. `run`: the fault cannot happen there. `digest`: it happens, and another digest is accepted. `times`: as that, but
   * all that comes is the same and in the same order, up to `START_LATE_MS` later.
   */
  readonly left_out: "run" | "digest" | "times";
}

/** How much later the chip may do what follows from a start: by what its start takes beyond the logical time that is given to it. */
export const START_LATE_MS = 20;

/** At most three. */
export const EXCLUSIONS: readonly Exclusion[] = [
  {
    faults: ["storage.damaged", "self_test.memory", "self_test.program", "self_test.cipher"], left_out: "run",
    why: "what is damaged is whole again when the fault is healed; on a chip its bits in flash or memory are gone, and only the image knows which they are (tests/pico damages some)",
  },
  {
    faults: ["power.off", "processor.reset"], left_out: "times",
    why: "a start that has two things to store stores the second after the first, and a chip gets there some ms later than a processor that takes no time",
  },
  {
    faults: ["motor.runaway", "link.loss", "- cut:"], left_out: "digest",
    why: "a motor that runs by itself begins when the chip's answer has come, some ms later; an answer that comes later is another write to lose; and a cut inside storage comes when the chip gets there",
  },
];

/** Why a scenario whose line takes no time is left out: it is compared with node on a line that does (tests/pico). */
export const INSTANT_LEFT_OUT = "a chip's line and storage take their time, so instants cannot be met to the millisecond";

/** Why faults cannot happen to the chip, by their kinds. */
export const LEFT_OUT: Readonly<Record<string, string>> = Object.fromEntries(
  EXCLUSIONS.filter(({ left_out }) => left_out === "run").flatMap(({ faults, why }) => faults.map((fault) => [fault, why])),
);

/** The exclusions that a scenario's text asks for, of pico's unless told. The verb reset is a fault as well: power.off with `off`, processor.reset without. */
export function exclusionsOf(text: string, exclusions: readonly Exclusion[] = EXCLUSIONS): readonly Exclusion[] {
  return exclusions.filter(({ faults }) => faults.some((fault) => text.includes(fault) || (fault === "processor.reset" && /^\s*- reset\b/m.test(text))));
}
