// What target pico does otherwise than the others, and why: its declared list.

/** A kind of fault by which a scenario is left out on target pico, or runs and may come to another digest. */
export interface Exclusion {
  readonly fault: string;
  readonly why: string;
  /** Left out: the fault cannot happen there. Otherwise it happens, and only the comparison of digests is left out. */
  readonly left_out: boolean;
}

/** At most three. */
export const EXCLUSIONS: readonly Exclusion[] = [
  {
    fault: "storage.damaged", left_out: true,
    why: "a damaged part is whole again when the fault is healed; on a chip its bits in flash are gone, and only the image's journal knows which they are",
  },
  {
    fault: "power.off", left_out: false,
    why: "power goes once the answer to the last request has come, and a chip answers some ms later than a processor that takes no time",
  },
];

/** Why a scenario whose line takes no time is left out: it is compared with node on a line that does (tests/pico). */
export const INSTANT_LEFT_OUT = "a chip's line and storage take their time, so instants cannot be met to the millisecond";

/** Why faults cannot happen to the chip, by their kinds. */
export const LEFT_OUT: Readonly<Record<string, string>> = Object.fromEntries(EXCLUSIONS.filter(({ left_out }) => left_out).map(({ fault, why }) => [fault, why]));

/** The exclusions that a scenario's text asks for. The verb reset with `off` is the fault power.off. */
export function exclusionsOf(text: string): readonly Exclusion[] {
  return EXCLUSIONS.filter(({ fault }) => text.includes(fault) || (fault === "power.off" && /\breset:\s*\{?\s*off:/.test(text)));
}
