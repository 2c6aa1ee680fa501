// The sounder: alarm tones through the skin.

/** A tone. Numbers are stable. */
export const enum Tone {
  /** Two tones in turn: critical. */
  two_tone = 1,
  /** One tone: non-critical. */
  single = 2,
}

export interface Sounder {
  /**
   * Sounds `tone` for `duration_ms` (1 to 60 000) and stops by itself: posts and returns. A tone that is
   * still sounding gives way to the new one. Never delays the motor or the link (ALARM-4).
   */
  readonly sound: (this: void, tone: Tone, duration_ms: number) => void;
}
