// Readings: what the pump tells of itself, and changes nothing by telling.

import { Fault } from "../hal/faults";
import { Unit } from "../hal/units";
import { ceilDiv, idiv, imod, putU32 } from "../protocol/integers";
import { Prescribe, Wire } from "../protocol/limits";
import { Delivery, LinkCounts, Op, Reservoir, Review, Status } from "../protocol/operations";
import { AnswerAt } from "../protocol/device/send";
import { D, get } from "../protocol/device/state";
import { chargeUsed_nC, filtered_mV } from "./battery";
import { remainingLow_pL, remaining_pL, uncertain } from "./books";
import { doseOf_ng, minuteOf, minutesOf } from "./boluses";
import { bolusLeft_ng } from "./bolus";
import { cap1h_ng, cap24h_ng, given_ng } from "./caps";
import { Forecast, firstDay_ng, forecast, rateNow } from "./forecast";
import { dailyStaged_ng } from "./limits";
import { at } from "./list";
import { Dose, Packed } from "./parameters";
import { lockout_ms, patientCount } from "./patient";
import { bridgeLeft_pL } from "./plugs";
import { bridgeThen_nL, drugAfter, fillNow, fillThen } from "./refill";
import { slot } from "./region";
import { beginReply, endReply } from "./reply";
import { hashStaged } from "./staging";
import { C, Staged, W } from "./state";
import { daysOf, permilleOf } from "./titration";
import { missedHours } from "./tolerance";
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
  const daily_ng = dailyStaged_ng(p);
  const drug = drugAfter(p);
  fillThen(p);
  forecast(p, p.staged, 0, true, dates);
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
  reply[Review.daily_volume_nL] = daily_ng === 0 ? Dose.minimum_nL_per_day : ceilDiv(daily_ng * 1000, drug);
  reply[Review.pulse_ng] = idiv(p.c[C.pulse_pL] * drug, Dose.pL_conc_per_ng);
  reply[Review.refill_by_ms] = at(p.board, dates, Forecast.by_ms);
  reply[Review.refill_nominal_ms] = at(p.board, dates, Forecast.nominal_ms);
  reply[Review.refill_decided] = at(p.board, dates, Forecast.decided);
  reply[Review.concentration] = drug;
  reply[Review.bridge_nL] = bridgeThen_nL(p);
  reply[Review.hour_max_ng] = daily_ng === 0 ? 0 : p.w[W.staged_hour_ng];
  reply[Review.day_max_ng] = daily_ng === 0 ? 0 : p.w[W.staged_day_ng];
  reply[Review.needs] = daily_ng === 0 ? 0 : p.w[W.staged_needs];
  return Review.fields;
}

/** Op.prescription: argument is the first step that is asked for. */
export function fillPrescription(p: Pump): number {
  const count = p.c[C.step_count];
  const first = at(p.board, p.args, 0);
  const last = Math.min(count, first + Prescribe.steps_read);
  const reply = p.reply;
  reply[0] = p.c[C.version];
  for (let i = 0; i <= Staged.step_count; i++) reply[1 + i] = slot(p, C.mode + i);
  reply[2 + Staged.step_count] = first;
  let at_value = 3 + Staged.step_count;
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
  fillNow(p);
  forecast(p, p.primary, C.mode, false, dates);
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

/** Op.delivery. */
export function fillDelivery(p: Pump): number {
  const c = p.c;
  const reply = p.reply;
  reply[Delivery.bolus] = c[C.bolus_kind];
  reply[Delivery.requested_ng] = c[C.bolus_ng];
  reply[Delivery.delivered_ng] = c[C.bolus_confirmed];
  reply[Delivery.uncertain_ng] = c[C.bolus_uncertain];
  reply[Delivery.left_ng] = bolusLeft_ng(p);
  reply[Delivery.lockout_ms] = lockout_ms(p);
  reply[Delivery.patient_count] = patientCount(p);
  reply[Delivery.tip_concentration] = c[C.tip];
  reply[Delivery.plugs] = c[C.plug_count];
  reply[Delivery.bridge_left_pL] = bridgeLeft_pL(p);
  reply[Delivery.prime_left_pL] = c[C.prime_left] * c[C.pulse_pL];
  reply[Delivery.missed_hours] = missedHours(p);
  reply[Delivery.titration_step] = c[C.titration_step];
  reply[Delivery.titration_ms] = c[C.titration_ms];
  reply[Delivery.given_1h_ng] = given_ng(p, false);
  reply[Delivery.given_24h_ng] = given_ng(p, true);
  return Delivery.fields;
}

/** Op.prescription_boluses. */
export function fillBoluses(p: Pump): number {
  const reply = p.reply;
  reply[0] = p.c[C.version];
  let at_value = 1;
  for (let i: number = C.interval_min; i <= C.patient_max; i++) {
    reply[at_value] = slot(p, i);
    at_value++;
  }
  for (let i = 0; i < p.c[C.timed_count]; i++) {
    const packed = slot(p, C.timed + i);
    reply[at_value] = minuteOf(packed);
    reply[at_value + 1] = doseOf_ng(packed);
    reply[at_value + 2] = minutesOf(packed);
    at_value += 3;
  }
  return at_value;
}

/** Op.prescription_plan. */
export function fillPlan(p: Pump): number {
  const reply = p.reply;
  reply[0] = p.c[C.version];
  reply[1] = cap1h_ng(p);
  reply[2] = cap24h_ng(p);
  let at_value = 3;
  for (let i = 0; i < p.c[C.titration_count]; i++) {
    reply[at_value] = permilleOf(slot(p, C.titration + i));
    reply[at_value + 1] = daysOf(slot(p, C.titration + i));
    at_value += 2;
  }
  return at_value;
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
