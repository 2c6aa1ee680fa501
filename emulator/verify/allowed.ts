// What a verification may do to a pump, as options and plan say.

export interface Allowed {
  /** Gives the pump a key. */
  readonly provision: boolean;
  /** Commits prescriptions. */
  readonly program: boolean;
  /** Waits for minutes, and has the pump lock everybody out for one. */
  readonly slow: boolean;
  /** Begins therapy on a pump that is on the shelf, with drug in its books, and ends it. */
  readonly start?: boolean;
  /** Gives boluses. */
  readonly bolus?: boolean;
  /** Sounds tones, raises an alarm by its setting, which is set back. */
  readonly alarms?: boolean;
  /** Takes the pump's power away. */
  readonly power?: boolean;
}
