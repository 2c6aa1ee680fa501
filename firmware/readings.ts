// Readings: what the pump tells of itself, and changes nothing by telling.

import { Fault } from "../hal/faults";
import { Unit } from "../hal/units";
import { ceilDiv, idiv, imod, putU32 } from "../protocol/integers";
import { Prescribe, Wire } from "../protocol/limits";
import { LinkCounts, Op, Reservoir, Review, Status } from "../protocol/operations";
import { AnswerAt } from "../protocol/device/send";
import { D, get } from "../protocol/device/state";
import { chargeUsed_nC, filtered_mV } from "./battery";
import { remainingLow_pL, remaining_pL, uncertain } from "./books";
import { Forecast, dailyDose_ng, firstDay_ng, forecast, rateNow, volume_nL } from "./forecast";
import { at } from "./list";
import { Dose, Packed } from "./parameters";
import { slot } from "./region";
import { beginReply, endReply } from "./reply";
import { hashStaged } from "./staging";
import { C, Staged, W } from "./state";
import type { Pump } from "./state";

/** Op.status. */
export function fillStatus(p: Pump): number {
  const c = p.c;
  const reply = p.reply;
  reply[Status.state] = c[C.state];
  reply[Status.commanded] = c[C.commanded];
  reply[Status.confirmed] = c[C.confirmed];
  reply[Status.uncertain] = uncertain(p);
  reply[Status.in_flight] = c[C.in_flight];
  reply[Status.remaining_pL] = remaining_pL(p);
  reply[Status.remaining_low_pL] = remainingLow_pL(p);
  reply[Status.alarms] = c[C.alarms];
  reply[Status.pump_ms] = p.w[W.now_ms];
  reply[Status.wall_ms] = p.w[W.now_ms] + c[C.wall_offset_ms];
  reply[Status.rate] = c[C.motor_on] === 1 ? c[C.rate] : 0;
  reply[Status.version] = c[C.version];
  reply[Status.charge_used_nC] = chargeUsed_nC(p);
  reply[Status.filtered_mV] = filtered_mV(p);
  reply[Status.mode] = c[C.mode];
  reply[Status.concentration] = c[C.concentration];
  reply[Status.alarm_changes] = c[C.alarm_changes];
  return Status.fields;
}

/** Op.review: what is staged has been checked. Remembers its hash: a commit must carry it. */
export function fillReview(p: Pump): number {
  const dates = p.args; // free: a review has no arguments
  forecast(p, p.staged, 0, dates);
  const daily_ng = dailyDose_ng(p, p.staged, 0);
  const first_day_ng = firstDay_ng(p, p.staged, 0);
  const rate = rateNow(p, p.staged, 0);
  const hash = hashStaged(p);
  p.w[W.reviewed] = hash;
  const reply = p.reply;
  reply[Review.hash] = hash;
  reply[Review.base_version] = p.c[C.version];
  reply[Review.rate_now] = rate;
  reply[Review.daily_dose_ng] = daily_ng;
  reply[Review.first_day_ng] = first_day_ng;
  reply[Review.daily_volume_nL] = daily_ng === 0 ? Dose.minimum_nL_per_day : volume_nL(p, daily_ng);
  reply[Review.pulse_ng] = idiv(p.c[C.pulse_pL] * p.c[C.concentration], Dose.pL_conc_per_ng);
  reply[Review.refill_by_ms] = at(p.board, dates, Forecast.by_ms);
  reply[Review.refill_nominal_ms] = at(p.board, dates, Forecast.nominal_ms);
  reply[Review.refill_decided] = at(p.board, dates, Forecast.decided);
  return Review.fields;
}

/** Op.prescription: argument is the first step that is asked for. */
export function fillPrescription(p: Pump): number {
  const count = p.c[C.step_count];
  const first = at(p.board, p.args, 0);
  const last = Math.min(count, first + Prescribe.steps_read);
  const reply = p.reply;
  reply[0] = p.c[C.version];
  for (let i = 0; i < Staged.step; i++) reply[1 + i] = slot(p, C.mode + i);
  reply[1 + Staged.step] = first;
  let at_value = 2 + Staged.step;
  for (let i = first; i < last; i++) {
    const step = slot(p, C.step + i);
    reply[at_value] = idiv(step, Packed.rate_span);
    reply[at_value + 1] = imod(step, Packed.rate_span);
    at_value += 2;
  }
  return at_value;
}

/** Op.reservoir. */
export function fillReservoir(p: Pump): number {
  const c = p.c;
  const dates = p.args;
  forecast(p, p.primary, C.mode, dates);
  const reply = p.reply;
  reply[Reservoir.fill_nL] = idiv(c[C.fill_pL], Unit.pL_per_nL);
  reply[Reservoir.concentration] = c[C.concentration];
  reply[Reservoir.remaining_pL] = remaining_pL(p);
  reply[Reservoir.remaining_low_pL] = remainingLow_pL(p);
  reply[Reservoir.low_volume_nL] = idiv(c[C.low_volume_pL], Unit.pL_per_nL);
  reply[Reservoir.capacity_nL] = c[C.capacity_nL];
  reply[Reservoir.pulse_pL] = c[C.pulse_pL];
  reply[Reservoir.filled_wall_ms] = c[C.fill_pL] === 0 ? 0 : c[C.filled_ms] + c[C.wall_offset_ms];
  reply[Reservoir.refill_by_ms] = at(p.board, dates, Forecast.by_ms);
  reply[Reservoir.refill_nominal_ms] = at(p.board, dates, Forecast.nominal_ms);
  reply[Reservoir.refill_decided] = at(p.board, dates, Forecast.decided);
  reply[Reservoir.critical_interval_min] = ceilDiv(c[C.critical_interval_ms], Unit.ms_per_minute);
  reply[Reservoir.other_interval_min] = ceilDiv(c[C.other_interval_ms], Unit.ms_per_minute);
  return Reservoir.fields;
}

/** Op.link_counts: the device side counts in the answer's order. */
export function fillCounts(p: Pump): number {
  for (let i = 0; i < LinkCounts.fields; i++) p.reply[i] = get(p.d, D.count + i);
  p.reply[LinkCounts.frames_refused] = get(p.d, D.frames_refused) + p.d.unframer.broken;
  return LinkCounts.fields;
}

/** Where the answer to Op.log has its fields. */
const enum Page { oldest = 0, newest = 4, first = 8, count = 12, records = 13 }
/** A record's numbers, and how many bytes each takes at most: 53 bits in groups of seven. */
const enum Packing { numbers = 6, bytes_max = 8, group = 128 }

/** Writes `v` in groups of seven bits, the lowest first; bit 7 says that another follows. Returns the index after them. */
function putGroups(bytes: number[], first: number, v: number): number {
  let rest = v;
  let i = first;
  while (rest >= Packing.group) {
    const high = idiv(rest, Packing.group);
    bytes[i] = rest - high * Packing.group + Packing.group;
    rest = high;
    i++;
  }
  bytes[i] = rest;
  return i + 1;
}

/** The newest durable record, 0 if there is none: one that is only posted is not told. */
function newestRecord(p: Pump, oldest: number): number {
  const { storage } = p.board;
  let newest = storage.last_sequence();
  while (newest >= oldest && newest > 0 && storage.record(newest, p.reply) === 0) newest--;
  return oldest === 0 ? 0 : newest;
}

/** Answers Op.log: as many records from the one asked for on as fit. */
export function answerLog(p: Pump): number {
  const { storage } = p.board;
  const oldest = storage.first_sequence();
  const newest = newestRecord(p, oldest);
  const fields = beginReply(p, Op.log, Fault.ok);
  if (fields === 0) return 0;
  const bytes = p.d.answer;
  let first = Math.max(at(p.board, p.args, 0), oldest);
  while (first <= newest && storage.record(first, p.reply) === 0) first++; // records that storage did not take
  const end_max = AnswerAt.message + Wire.message_max - Packing.numbers * Packing.bytes_max;
  let end = fields + Page.records;
  let count = 0;
  while (end <= end_max && first + count <= newest && storage.record(first + count, p.reply) === 1) {
    for (let i = 0; i < Packing.numbers; i++) end = putGroups(bytes, end, at(p.board, p.reply, i));
    count++;
  }
  putU32(bytes, fields + Page.oldest, oldest);
  putU32(bytes, fields + Page.newest, newest);
  putU32(bytes, fields + Page.first, first);
  bytes[fields + Page.count] = count;
  endReply(p, end, 0);
  return 0;
}
