// What each fault and panic means, for people: hosts only, never in an image.

import { Fault } from "./faults";
import { Panic } from "./panic";

/** The name of an error and what it means or asks for. */
export interface ErrorText {
  readonly name: string;
  readonly text: string;
}

export const FAULT_TEXTS: Record<Fault, ErrorText> = {
  [Fault.ok]: { name: "ok", text: "done" },
  [Fault.unknown_operation]: { name: "unknown operation", text: "the pump has no operation of this number" },
  [Fault.malformed]: { name: "malformed request", text: "too few or too many arguments, or one outside its range" },
  [Fault.busy]: { name: "busy", text: "another request waits for the pulse boundary; send again after its answer" },
  [Fault.not_in_this_state]: { name: "not in this state", text: "the pump's state does not allow this operation" },
  [Fault.interrupted]: { name: "interrupted", text: "the pump had to start again from storage; nothing was done, send again" },
  [Fault.not_permitted]: { name: "not permitted", text: "the role that asks may not do this: a clinician may" },
  [Fault.flow_below_minimum]: { name: "flow below minimum", text: "a step flows less than 0.048 mL/day; choose a higher dose, a lower concentration, or zero" },
  [Fault.flow_above_maximum]: { name: "flow above maximum", text: "a step flows more than 24 mL/day; choose a lower dose or a higher concentration" },
  [Fault.schedule_all_zero]: { name: "schedule all zero", text: "a schedule may have steps of zero but not only such steps" },
  [Fault.steps_out_of_order]: { name: "steps out of order", text: "give the steps in ascending order of schedule and minute, each once" },
  [Fault.no_step_at_midnight]: { name: "no step at midnight", text: "each day's schedule must begin with a step at 00:00" },
  [Fault.too_many_steps]: { name: "too many steps", text: "at most 24 steps a day" },
  [Fault.no_prescription]: { name: "no prescription", text: "prescribe before the start" },
  [Fault.nothing_staged]: { name: "nothing staged", text: "no prescription is staged in this session, or not all of its steps have come: stage it again" },
  [Fault.not_as_reviewed]: { name: "not as reviewed", text: "what is staged is not what was reviewed: review it again" },
  [Fault.base_version_stale]: { name: "base version stale", text: "another prescription came into force since the review: look at it, then stage again" },
  [Fault.no_drug]: { name: "no drug", text: "fill the reservoir first" },
  [Fault.overfill]: { name: "overfill", text: "the volume is more than the reservoir holds" },
  [Fault.concentration_unknown]: { name: "concentration unknown", text: "give a label concentration: 500, 1000 or 2000 ug/mL" },
  [Fault.concentration_needs_bridge]: { name: "concentration needs a bridge", text: "tubing and catheter hold another concentration; a change without a bridge is refused" },
  [Fault.reservoir_empty]: { name: "reservoir empty", text: "refill first" },
  [Fault.clock_out_of_range]: { name: "clock out of range", text: "give a date from 2000 to 2199" },
  [Fault.calibration_out_of_range]: { name: "calibration out of range", text: "the pulse must be 225 000 to 275 000 pL, the reservoir 20 or 40 mL" },
  [Fault.low_volume_out_of_range]: { name: "low volume out of range", text: "give 1 to 10 mL" },
  [Fault.tone_interval_out_of_range]: { name: "tone interval out of range", text: "critical 5 to 120 min, other 10 to 1440 min" },
  [Fault.alarm_not_active]: { name: "alarm not active", text: "only an active alarm can be acknowledged" },
  [Fault.silence_too_long]: { name: "silence too long", text: "only a critical alarm can be silenced for longer, and for at most 2 h in all" },
  [Fault.full_rate_not_confirmed]: { name: "full rate not confirmed", text: "the pump has not delivered for 48 h or more: confirm the full rate with the hours missed, as it tells them" },
  [Fault.previous_dose_differs]: { name: "previous dose differs", text: "the previous daily dose must be entered twice, the same" },
  [Fault.catheter_out_of_range]: { name: "catheter out of range", text: "give a catheter of 5 to 150 cm" },
  [Fault.drug_unknown]: { name: "drug unknown", text: "the pump knows baclofen only" },
  [Fault.aspirated_too_much]: { name: "aspirated too much", text: "more was taken out than the reservoir holds: look at the volume again" },
  [Fault.too_many_plugs]: { name: "too many plugs", text: "tubing and catheter hold too many drugs already: wait until the bridge is over, or clear the catheter" },
  [Fault.daily_dose_above_maximum]: { name: "daily dose above maximum", text: "the daily dose, boluses in it, is above the hard maximum of 2000 ug; it cannot be confirmed" },
  [Fault.bolus_above_maximum]: { name: "bolus above maximum", text: "a single bolus may have 200 ug at most; more cannot be confirmed" },
  [Fault.first_dose_above_maximum]: { name: "first dose above maximum", text: "a first prescription may have 200 ug/day, or what the replaced pump gave, entered at set-up" },
  [Fault.dose_step_too_large]: { name: "dose step too large", text: "the daily dose may rise by 40 % in 24 h at most: go up in steps" },
  [Fault.confirmation_needed]: { name: "confirmation needed", text: "a soft limit is passed: send again with the value repeated" },
  [Fault.reason_needed]: { name: "reason needed", text: "the daily dose falls by more than 50 %: give a reason" },
  [Fault.above_cap_1h]: { name: "above the cap of 1 h", text: "what was given, what is committed and this together pass the cap of 1 h" },
  [Fault.above_cap_24h]: { name: "above the cap of 24 h", text: "what was given, what is committed and this together pass the cap of 24 h" },
  [Fault.history_unknown]: { name: "history unknown", text: "what was given in the last 24 h is not known since power was lost: it counts as the whole cap" },
  [Fault.cap_out_of_range]: { name: "cap out of range", text: "a cap of 1 h may have 300 ug, one of 24 h 3000 ug at most" },
  [Fault.bolus_active]: { name: "bolus active", text: "one bolus at a time: wait for its end, or cancel it" },
  [Fault.bolus_out_of_range]: { name: "bolus out of range", text: "give a dose, a duration of 1 to 1440 min, times of day in ascending order, each after the end of the one before, or an interval of 60 to 10 080 min, and not both" },
  [Fault.bolus_not_possible]: { name: "bolus not possible", text: "the pump is not delivering a prescription that a bolus could run on top of" },
  [Fault.patient_bolus_off]: { name: "patient bolus off", text: "the prescription has no bolus for the patient" },
  [Fault.lockout]: { name: "lockout", text: "the last bolus began too short a time ago" },
  [Fault.patient_bolus_count]: { name: "patient bolus count", text: "as many boluses as prescribed were given in 24 h" },
  [Fault.patient_bolus_out_of_range]: { name: "patient bolus out of range", text: "give at most 10 % of the daily dose, a lockout of 15 min to 24 h and 1 to 12 in 24 h" },
  [Fault.token_wrong]: { name: "token wrong", text: "a prime needs a fresh token of this session: arm it again" },
  [Fault.prime_volume_out_of_range]: { name: "prime volume out of range", text: "give at most the volume of tubing and catheter, as set up" },
  [Fault.not_active]: { name: "not active", text: "nothing of that kind is being given" },
  [Fault.titration_out_of_range]: { name: "titration out of range", text: "give steps of 1 to 3000 permille and 1 to 90 days on a schedule" },
  [Fault.storage_write_failed]: { name: "storage write failed", text: "a write to non-volatile storage did not become durable" },
  [Fault.storage_damaged]: { name: "storage damaged", text: "no good copy of a part is left in non-volatile storage" },
  [Fault.not_provisioned]: { name: "not provisioned", text: "the pump has no key yet: provision it" },
  [Fault.already_provisioned]: { name: "already provisioned", text: "the pump has its key and takes no other" },
  [Fault.version_unknown]: { name: "version unknown", text: "the pump does not speak this version of the protocol" },
  [Fault.backing_off]: { name: "backing off", text: "too many failed logins: the pump lets nobody in for a while" },
  [Fault.no_session]: { name: "no session", text: "the session has ended: open another" },
  [Fault.login_failed]: { name: "login failed", text: "the first message of a session was not sealed with its key" },
  [Fault.key_lost]: { name: "key lost", text: "the pump has a key and can no longer read it from its storage: nobody can log in; therapy goes on" },
  [Fault.not_stored]: { name: "not stored", text: "the key did not become durable and the pump has none: provision it again" },
  [Fault.self_test_failed]: { name: "self-test failed", text: "the pump's self-test still finds something wrong (the log says what): its cause must be gone first" },
  [Fault.drive_not_quiet]: { name: "drive not quiet", text: "the drive is cut because the head turned by itself, and it has not been still for a minute: the cause must be gone first" },
};

export const PANIC_TEXTS: Record<Panic, ErrorText> = {
  [Panic.none]: { name: "none", text: "no panic" },
  [Panic.time_backwards]: { name: "time backwards", text: "an entry point was called with an earlier time than the last one" },
  [Panic.index]: { name: "index", text: "an index outside a list" },
  [Panic.value_range]: { name: "value range", text: "a therapy-critical value outside what its guard can hold" },
  [Panic.books]: { name: "books", text: "more pulses confirmed or uncertain than commanded" },
  [Panic.command_too_soon]: { name: "command too soon", text: "a motor command while a pulse was in flight or too soon after the last" },
  [Panic.pulse_overdue]: { name: "pulse overdue", text: "a pulse was overdue: its deadline had not been named" },
  [Panic.illegal_event]: { name: "illegal event", text: "an event that the state table does not allow" },
  [Panic.no_progress]: { name: "no progress", text: "the work of one entry did not settle" },
  [Panic.region_lost]: { name: "region lost", text: "a therapy-critical value was lost in both copies while storage was being written" },
  [Panic.contract]: { name: "contract", text: "the board gave an event that is not in the contract" },
  [Panic.program_failed]: { name: "program failed", text: "the program ended with an error of its language, or gave the board what is no integer" },
  [Panic.out_of_memory]: { name: "out of memory", text: "the program needed more memory than the board has" },
  [Panic.processor_fault]: { name: "processor fault", text: "the processor met an instruction or an address that there is none of" },
  [Panic.noise_failed]: { name: "noise failed", text: "the source of random bytes is stuck or biased; sessions go on with what else nobody can guess" },
};

const unknown: ErrorText = { name: "unknown", text: "not a number of this list" };

/** The text of a fault or panic by its number; says so if there is none. */
export function errorText(number: number): ErrorText {
  const texts: Partial<Record<number, ErrorText>> = number > 900 ? PANIC_TEXTS : FAULT_TEXTS;
  return texts[number] ?? unknown;
}
