// All of the controller's state: flat lists of integers, and who may write.

import { createDevice } from "../protocol/device/state";
import { Prescribe } from "../protocol/limits";
import type { Board } from "../hal/board";
import type { Alarms } from "../protocol/alarms";
import type { Retained } from "../hal/retained";
import type { Device } from "../protocol/device/state";

/**
 * The therapy-critical region: one slot each. Every slot is an integer from 0 to 2^46, kept twice and checked
 * (region.ts); it is written by `put` alone. Three stretches: `running` values change with every pulse and
 * come back after a warm reset only; `saved` values and the prescription are also in non-volatile storage.
 */
export const enum C {
  /** Says that the region was laid out by this version. */
  magic = 0,

  // running: delivery
  /** The deadline named last. */
  deadline_ms,
  /** Accrual has run up to this instant. */
  accrued_ms,
  /** The fraction of a pulse in dose, units of accrual.ts. */
  dose,
  /** The fraction of a pulse in volume. */
  volume,
  /** `Pacing`. */
  pacing,
  /** 1 while pulses are given; 0 while what accrues is missed. */
  motor_on,
  /** ng/day, or nL/day when paced in volume. */
  rate,
  /** Pump time of the next schedule step, 0 if there is none. */
  next_step_ms,
  /** Not delivered since the motor was turned off: whole ng or nL, and the rest in accrual units. */
  missed,
  missed_rest,

  // running: books
  commanded,
  confirmed,
  /** 1 from a command to its result. Uncertain is commanded + uncommanded - confirmed - in_flight. */
  in_flight,
  last_command_ms,
  last_confirmed_ms,
  sampled_ms,
  /** The operation that was done last: role, operation id, and its answer as answers.ts packs it. Storage may not have it yet. */
  done_role,
  done_id_low,
  done_id_high,
  done_packed,
  done_value,

  // saved
  state,
  wall_offset_ms,
  pulse_pL,
  capacity_nL,
  /** Deliverable volume at the last refill, and the books then. */
  fill_pL,
  fill_confirmed,
  fill_uncertain,
  filled_ms,
  concentration,
  low_volume_pL,
  critical_interval_ms,
  other_interval_ms,
  /** Bit n: alarm n is active. */
  alarms,
  /** Rises with each alarm that comes, goes or is acknowledged (LINK-5). */
  alarm_changes,
  /** When ERI was reached, 0 before. */
  eri_ms,
  /** When therapy was stopped. */
  stopped_ms,
  /** Since when the motor is off, if it is. */
  missed_from_ms,
  misses_in_row,
  /** Uncertain pulses that were counted as misses: what the books have beyond it was lost with power. */
  misses_counted,
  stalled,
  /** Uncertain pulses when the stall's first one was counted. */
  stall_uncertain,
  /** Battery voltage, filtered, in 1/16 mV. */
  filtered,
  /** How long tones have sounded, for the charge. */
  tone_ms,
  /** How long the link has been awake, for the charge. */
  link_ms,
  /** Pulses that turned the head forward and that nobody commanded. */
  uncommanded,
  /** While the drive's supply is cut: a minute after the last edge that nobody commanded, `Drive.held` more if it is held (drive.ts); 0 while it has it. */
  cut_until,
  /** When it was cut last, and the time before that; 0 for never. */
  cut_last_ms,
  cut_before_ms,

  // saved, but checked where it is used, not at every entry
  /** Unconfirmed pulses of the last 25 hours: the newest bucket's hour, then the buckets. */
  miss_hour,
  miss_bucket,
  miss_bucket_last = miss_bucket + 24,
  /** When the last three stalls began, in whole minutes from 1 on, 0 for none: the last, and the two before it packed (trend.ts). */
  stall_last,
  stalls_before,

  // the prescription
  version,
  /** `Prescribe.minimum_rate` or `schedule`; 0 if there is no prescription. */
  mode,
  /** Which schedule Monday to Sunday follow. */
  week,
  week_last = week + 6,
  step_count,
  /** Packed steps (parameters.ts), ascending. */
  step,
  step_last = step + 167,
  size,
}

/** Stretches of the region. */
export const enum Region {
  magic = 20_261_123,
  /** Checked at every entry: slots 0 to here, exclusive. */
  hot_end = C.miss_hour,
  saved = C.state,
  saved_count = C.version - C.state,
  prescription = C.version,
  prescription_count = C.size - C.version,
}

/** How basal therapy is paced. */
export const enum Pacing {
  none = 0,
  dose = 1,
  volume = 2,
}

/** Parts of storage. */
export const enum Part {
  saved = 1,
  prescription = 2,
  /** The pump's key, as 32 bytes. */
  key = 3,
  /** Answers to operations that were done (answers.ts). */
  answers = 4,
}

/** Working values: lost in any reset without harm. */
export const enum W {
  now_ms = 0,
  /** Parts to be saved at the end of this entry: bit `Part`; `Dirty.log` if there are records. */
  dirty,
  /** Parts that a failed transaction left unsaved: they go into the next one, at the latest at `retry_ms`. */
  unsaved,
  retry_ms,
  /** When the whole region was last checked. */
  checked_ms,
  sequence,
  /** 1 if this entry changed the rate. */
  repaced,
  /** 1 if an alarm came, went or was acknowledged: all must be looked at. */
  alarms_moved,
  /** Next instant at which one is due, 0 for none. */
  alarm_next_ms,
  /** The request in hand: operation (0 for none), operation id, how many arguments, in which session and role. */
  held,
  id_low,
  id_high,
  held_count,
  held_session,
  held_role,
  /** Transactions posted and ended since the boot, and which of them the answer in hand waits for; 0 for none. */
  posted,
  ended,
  awaited,
  /** 1 while a key has been posted and its answer waits. */
  key_waits,
  /** The session that staged what is staged, and the hash that was reviewed; 0 for none. */
  staged_session,
  reviewed,
  /** From a boot until the next command: one more than the pulses commanded. The edge of one may be owed (motion.ts). */
  edge_owed,
  /** 1 if the programmer is to be told that alarms have changed. */
  hint,
  size,
}

export const enum Dirty {
  saved = 2,
  prescription = 4,
  log = 8,
  answers = 16,
}

/** A prescription that is being staged, laid out as in the region from `C.mode` on. */
export const enum Staged {
  mode = 0,
  week = 1,
  step_count = 8,
  step = 9,
  size = step + Prescribe.steps_max,
}

/** Lengths of lists: a list that grows is given the next power of two, 16 bytes a place. */
export const enum Length {
  /** One more number than pairs of steps in a message. */
  args = 32,
  /** As many numbers as the longest answer has, log pages apart. */
  reply = 32,
  /** Two roles' rings. */
  answers = 64,
}

/** Where in `tones` the values of alarms begin, by alarm number. */
export const enum Tones {
  /** When its next tone is due. */
  due_ms = 0,
  /** Until when it is silent. */
  silent_ms = 18,
  /** How long it was silenced on request. */
  silenced_ms = 36,
  size = 54,
}

/** A list of exactly N integers: an index beyond it does not compile. */
export type Fixed<N extends number, A extends readonly number[] = []> =
  A["length"] extends N ? A : Fixed<N, [...A, number]>;

/** The controller's whole state. Functions get it as their first argument; there is no other. */
export interface Pump {
  readonly board: Board;
  /** The critical region, to read. */
  readonly c: Readonly<Fixed<C.size>>;
  /** The same list, for region.ts to write. */
  readonly primary: number[];
  /** Its second copy: retained memory. */
  readonly shadow: number[];
  readonly w: Fixed<W.size>;
  /** `Tones`, three values an alarm. */
  readonly tones: number[];
  /** The arguments of the request in hand, and the values of its answer. */
  readonly args: number[];
  readonly reply: number[];
  /** `Staged`; also what parts of storage are read through. */
  readonly staged: number[];
  /** Answers that are remembered (answers.ts). */
  readonly answers: number[];
  /** The device side of the link. */
  readonly d: Device;
}

function zeros(count: number): number[] {
  const list: number[] = [];
  for (let i = 0; i < count; i++) list.push(0);
  return list;
}

type Holds<T extends true> = T;
/** The region fits into retained memory: this does not compile if it does not. */
export type RegionFits = Holds<Fixed<Retained.slots> extends [...Fixed<C.size>, ...number[]] ? true : false>;

/** The tones' stretches are long enough for every alarm: this does not compile if they are not. */
export type TonesFit = Holds<Alarms.last extends 17 ? true : false>;

/** A pump's state before its boot: nothing of it is good yet. */
export function createPump(board: Board): Pump {
  const primary = zeros(C.size);
  return {
    board,
    c: primary as unknown as Fixed<C.size>,
    primary,
    shadow: board.retained,
    w: zeros(W.size) as unknown as Fixed<W.size>,
    tones: zeros(Tones.size),
    args: zeros(Length.args),
    reply: zeros(Length.reply),
    staged: zeros(Staged.size),
    answers: zeros(Length.answers),
    d: createDevice(board),
  };
}
