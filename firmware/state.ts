// All of the controller's state: flat lists of integers, and who may write.

import { createDevice } from "../protocol/device/state";
import { zeros } from "../protocol/integers";
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
  /** The fraction of a pulse of a prime, and how many of its pulses are still to come. */
  prime,
  prime_left,
  /** `Pacing`. */
  pacing,
  /** 1 while pulses are given; 0 while what accrues is missed. */
  motor_on,
  /** Basal: ng/day, or nL/day when paced in volume. */
  rate,
  /** What the next pulse pushes out at the tip, in ng/uL: the strongest that it may be (plugs.ts). */
  tip,
  /** Pump time of the next schedule step, 0 if there is none. */
  next_step_ms,
  /** Pump time of the next timed or periodic bolus, 0 if there is none. */
  next_bolus_ms,
  /** Of the bolus in hand (bolus.ts): its rate in ng/day, and what has not accrued of it, in ng x 86 400 000. */
  bolus_rate,
  bolus_left,
  /** What it has of the fraction of a pulse, and of the pulse in flight, in accrual units. */
  bolus_own,
  bolus_flight,
  /** Its confirmed and uncertain pulses: whole ng, and the rest in accrual units. */
  bolus_confirmed,
  bolus_confirmed_rest,
  bolus_uncertain,
  bolus_uncertain_rest,
  /** Timed boluses that wait for the end of the one in hand, bit n for entry n; `Timed.periodic_bit` is the periodic one. */
  bolus_waits,
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
  /** The newest buckets of the rolling sums (caps.ts), and since when they know everything. */
  cap_minute,
  cap_five,
  history_from_ms,
  /** When the program was reset before, of those that count, the newest first (boot.ts). */
  reset_1_ms,
  reset_2_ms,
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
  /** Up to when delivery was not missing (tolerance.ts), since when the rate is zero, and the hours that were missed. */
  fed_ms,
  zero_from_ms,
  lost_hours,
  /** When these values were saved last. */
  kept_ms,
  /** Battery voltage, filtered, in 1/16 mV. */
  filtered,
  /** How long tones have sounded, for the charge. */
  tone_ms,
  /** How long the link has been awake, for the charge. */
  link_ms,
  /** Volume of tubing and catheter. */
  catheter_pL,
  /** Boundaries between drugs on the way to the tip, and the drug at the tip before the first of them (plugs.ts). */
  plug_count,
  tip_before,
  /** The bolus in hand: its kind, 0 for none, its dose, the pulses commanded before it, and the strongest drug that its own may have pushed out. */
  bolus_kind,
  bolus_ng,
  bolus_commanded,
  bolus_drug,
  /** The step of the titration plan, from 1, 0 for none, how much of it was delivered, and up to when that is counted. */
  titration_step,
  titration_ms,
  titration_counted_ms,
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
  /** The boundaries, the oldest first, three values each: confirmed and uncertain pulses when it was made, and the drug after it. */
  plug,
  plug_last = plug + 8,
  /** When each timed bolus was given last. */
  timed_given,
  timed_given_last = timed_given + 7,
  /** Pump time of the next periodic bolus. */
  periodic_ms,
  /** When the patient's boluses began: a ring, the newest first. */
  patient_ms,
  patient_ms_last = patient_ms + 11,
  /** Daily dose of the pump that this one replaced. */
  previous_ng,
  /** The daily dose accepted last, and what it is made of as a hash (limits.ts). */
  daily_ng,
  daily_hash,
  /** Daily doses that were in force before, the newest first: dose, hash, and until when. */
  dose_before,
  dose_before_last = dose_before + 11,
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
  timed_count,
  titration_count,
  parts,
  /** A periodic bolus: every so many minutes of pump time, 0 for none. */
  interval_min,
  periodic_ng,
  periodic_min,
  /** The patient's bolus: its dose is 0 if there is none. */
  patient_ng,
  patient_min,
  lockout_min,
  patient_max,
  /** The rolling caps; 0 for the defaults. */
  cap_1h_ng,
  cap_24h_ng,
  /** Packed timed boluses (parameters.ts), ascending. */
  timed,
  timed_last = timed + 7,
  /** Packed steps of the titration plan. */
  titration,
  titration_last = titration + 7,
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
  /** Which parts of it have come: bits of the request's `parts`. */
  staged_parts,
  /** The largest basal dose of one of its days, in ng/day x min, and its greatest rate. */
  staged_day,
  staged_rate,
  /** Its largest doses of any 1 h and any 24 h, in ng (limits.ts). */
  staged_hour_ng,
  staged_day_ng,
  /** What its commit needs, by the review: a sum of `Needs`. */
  staged_needs,
  /** The refill that is staged with it: the arguments of `Op.stage_refill`. */
  refill,
  refill_last = refill + 6,
  /** A prime that may be begun: its token, 0 for none, its session, and its volume. */
  prime_token,
  prime_session,
  prime_nL,
  /** From a boot until the next command: one more than the pulses commanded. The edge of one may be owed (motion.ts). */
  edge_owed,
  /** What the board's self-test found last, a sum of `SelfTest`. */
  self_test,
  /** 1 if the programmer is to be told that alarms have changed. */
  hint,
  /** What a forecast reckons with: `Filled`. */
  filled,
  filled_last = filled + 3,
  /** Two cursors in a week's schedule (cursor.ts). */
  cursor,
  cursor_last = cursor + 7,
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
  week = C.week - C.mode,
  step_count = C.step_count - C.mode,
  timed_count = C.timed_count - C.mode,
  titration_count = C.titration_count - C.mode,
  parts = C.parts - C.mode,
  /** The arguments of `Op.stage_extra`. */
  extra = C.interval_min - C.mode,
  periodic_ng = C.periodic_ng - C.mode,
  periodic_min = C.periodic_min - C.mode,
  patient_ng = C.patient_ng - C.mode,
  patient_min = C.patient_min - C.mode,
  lockout_min = C.lockout_min - C.mode,
  patient_max = C.patient_max - C.mode,
  cap_1h_ng = C.cap_1h_ng - C.mode,
  cap_24h_ng = C.cap_24h_ng - C.mode,
  timed = C.timed - C.mode,
  titration = C.titration - C.mode,
  step = C.step - C.mode,
  size = step + Prescribe.steps_max,
}

/** Retained memory beyond the region: what was given, by bucket, each once and as a code (caps.ts). */
export const enum History {
  minutes = C.size,
  minute_count = 61,
  fives = minutes + minute_count,
  five_count = 289,
  size = fives + five_count,
}

/** What the reservoir holds when a prescription begins: as it is now, or after a refill that is staged with it. In `w` from `W.filled` on. */
export const enum Filled {
  /** Lower bound, 0 if it was never filled. */
  left_pL = 0,
  drug = 1,
  filled_ms = 2,
  /** What passes the tip before `drug` does, if its refill is not yet done. */
  bridge_pL = 3,
}

/** Parts of what is staged, by `Op.stage`. */
export const enum Parts {
  extra = 1,
  refill = 2,
}

/** Lengths of lists: 16 bytes a place on the chip. */
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

type Holds<T extends true> = T;
/** Region and history fit into retained memory: this does not compile if they do not. */
export type RegionFits = Holds<Fixed<Retained.slots> extends [...Fixed<History.size>, ...number[]] ? true : false>;

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
    // What storage has of a prescription is read through it, with its version: a list that grows takes twice the room.
    staged: zeros(Region.prescription_count),
    answers: zeros(Length.answers),
    d: createDevice(board),
  };
}
