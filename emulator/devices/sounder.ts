// The sounder: tones asked for, and tones that can be heard.

import { Tone, type Sounder } from "../../hal/sounder";
import type { FaultKind } from "../fault-kind";
import { type Trace, TraceKind } from "../trace";
import type { FaultSite, Host, Witness } from "./host";

export const SOUNDER_FAULTS: readonly FaultKind[] = [
  {
    kind: "sounder.dead",
    what: "Tones make no sound.",
    unknown_to_pump: "That nobody hears it: there is no microphone. The trace shows the tones it asked for.",
  },
];

const TONE_MS_MAX = 60_000;

export class SounderDevice implements FaultSite {
  /** Tones that could be heard. */
  heard = 0;
  private dead = false;

  constructor(
    private readonly host: Host,
    private readonly witness: Witness,
    private readonly trace: Trace,
    private readonly drain: (duration_ms: number) => void,
  ) {}

  /** The capability that the controller is given. */
  readonly capability: Sounder = { sound: (tone, duration_ms) => this.sound(tone, duration_ms) };

  private sound(tone: Tone, duration_ms: number): void {
    const at_ms = this.host.now_ms;
    if (tone !== Tone.two_tone && tone !== Tone.single) this.witness.breach(at_ms, "a tone that there is none of", Tone.single, tone);
    if (!Number.isInteger(duration_ms) || duration_ms < 1 || duration_ms > TONE_MS_MAX) {
      this.witness.breach(at_ms, "a tone of a duration outside 1 to 60 000 ms", TONE_MS_MAX, duration_ms);
      return;
    }
    this.trace.emit(TraceKind.tone, at_ms, tone, duration_ms, 0, 0);
    this.drain(duration_ms);
    if (!this.dead) this.heard++;
  }

  faultBegins(): void {
    this.dead = true;
  }

  faultEnds(): void {
    this.dead = false;
  }
}
