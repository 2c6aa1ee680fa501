// The link to the programmer: how a request is answered.

export interface Link {
  /**
   * Answers the request in hand: `fault` is 0 or the numbered reason of a refusal, followed by the first
   * `count` of `values`. Posts and returns. Exactly one answer follows each request, at the latest one pulse later.
   *
   * The wand's secure session will stand between this door and the line; what goes through it stays the same.
   */
  readonly answer: (this: void, fault: number, values: readonly number[], count: number) => void;
}
