// Mutants with a name: each breaks one rule on purpose, and must be noticed.

/** A change of the image's text: `find` must stand in `file` exactly once. */
export interface Mutant {
  readonly name: string;
  /** The rule that it breaks. */
  readonly breaks: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/** `by` is the scenario that notices it, by its name in the golden file, from tests/scenarios: the suite runs that one, `npm run mutants` all of them. */
export const NAMED_MUTANTS: readonly (Mutant & { readonly by: string })[] = [
  {
    name: "dropped fraction", by: "basal/every-hour", breaks: "DOSE-1, DOSE-4: what is left over after a pulse is kept", file: "firmware/accrual.ts",
    find: "  put(p, place, units);\n}\n\n/** True if a fraction",
    replace: "  put(p, place, units * 0);\n}\n\n/** True if a fraction",
  },
  {
    name: "catch-up after a stall", by: "alarms/critical-over-other", breaks: "DOSE-4, MOTOR-3: nothing missed is delivered later", file: "firmware/stall.ts",
    find: "  clear(p, Alarm.motor_stall);",
    replace: "  put(p, C.dose, c[C.dose] + pulses * c[C.pulse_pL] * c[C.concentration] * 432);\n  clear(p, Alarm.motor_stall);",
  },
  {
    name: "wrong order at a step", by: "clock/step-exact", breaks: "at one instant: accrue at the old rate, then the step", file: "firmware/accrual.ts",
    find: "    accrue(p, step_ms);\n    takeStep(p, step_ms);",
    replace: "    takeStep(p, step_ms);\n    accrue(p, step_ms);",
  },
  {
    name: "step taken a millisecond late", by: "basal/every-hour", breaks: "DOSE-5: steps change at the exact wall-clock millisecond", file: "firmware/schedule.ts",
    find: "  put(p, C.next_step_ms, midnight_ms + next_minute * Unit.ms_per_minute - c[C.wall_offset_ms]);",
    replace: "  put(p, C.next_step_ms, midnight_ms + next_minute * Unit.ms_per_minute - c[C.wall_offset_ms] + 1);",
  },
  {
    name: "one tone too few", by: "alarms/critical-over-other", breaks: "ALARM-1: the first tone is at once", file: "firmware/alarms.ts",
    find: "  p.tones[Tones.due_ms + alarm] = p.w[W.now_ms];\n  p.tones[Tones.silent_ms + alarm] = p.w[W.now_ms];",
    replace: "  p.tones[Tones.due_ms + alarm] = p.w[W.now_ms] + interval_ms(p, alarm);\n  p.tones[Tones.silent_ms + alarm] = p.w[W.now_ms];",
  },
  {
    name: "unconfirmed pulse retried", by: "alarms/critical-over-other", breaks: "MOTOR-2: attempts never exceed the schedule", file: "firmware/pulses.ts",
    find: "    countMiss(p);",
    replace: "    countMiss(p);\n    put(p, C.dose, c[C.dose] + c[C.pulse_pL] * c[C.concentration] * 432);",
  },
  {
    name: "rounding per step", by: "alarms/acknowledge-is-no-end", breaks: "DOSE-1: no rounding, so no drift", file: "firmware/accrual.ts",
    find: "c[C.rate] * Dose.accrual_per_ng * step_ms : 0) + bolus);",
    replace: "idiv(c[C.rate] * Dose.accrual_per_ng * step_ms, 432_000_000) * 432_000_000 : 0) + bolus);",
  },
  {
    name: "dropped deadline of a pulse", by: "alarms/acknowledge-is-no-end", breaks: "the next deadline is named", file: "firmware/controller.ts",
    find: "  deadline_ms = earlier(deadline_ms, nextPulse_ms(p));\n", replace: "",
  },
  {
    name: "no deadline at all", by: "alarms/acknowledge-is-no-end", breaks: "a controller that names none is reset", file: "firmware/controller.ts",
    find: "  put(p, C.deadline_ms, deadline_ms);\n  return deadline_ms;",
    replace: "  put(p, C.deadline_ms, deadline_ms);\n  return 0;",
  },
  {
    name: "missed pulse counted as confirmed", by: "alarms/critical-over-other", breaks: "MOTOR-1: the rotor sensor confirms", file: "firmware/pulses.ts",
    find: "endPulse(p, result === MotorResult.confirmed && latency_ms <= Motion.confirm_ms_max);",
    replace: "endPulse(p, result >= MotorResult.confirmed && latency_ms <= Motion.confirm_ms_max);",
  },
  {
    name: "stall that waits for a person", by: "alarms/critical-over-other", breaks: "MOTOR-3: the first confirmed pulse ends a stall", file: "firmware/pulses.ts",
    find: "if (c[C.misses_in_row] > 0 || c[C.stalled] === 1) endStall(p, StallEnd.confirmed);",
    replace: "if (c[C.misses_in_row] > 0 && c[C.stalled] === 0) endStall(p, StallEnd.confirmed);",
  },
  {
    name: "low by confirmed pulses", by: "motor/uncommanded-counts", breaks: "FILL-2: raised by the lower bound", file: "firmware/reservoir.ts",
    find: "const low_pL = remainingLow_pL(p);", replace: "const low_pL = remaining_pL(p);",
  },
  {
    name: "runs on past empty", by: "reservoir/empty-is-off", breaks: "FILL-3: motor off at half a millilitre", file: "firmware/reservoir.ts",
    find: "if (legal(p, Event.empty)) transition(p, Event.empty);", replace: "if (legal(p, Event.empty) && c[C.motor_on] === 2) transition(p, Event.empty);",
  },
  {
    name: "stops on the lower bound", by: "reservoir/lower-bound", breaks: "FILL-3: where only the lower bound is empty, attempts go on", file: "firmware/reservoir.ts",
    find: "if (remaining_pL(p) <= Fill.empty_pL) {", replace: "if (low_pL <= Fill.empty_pL) {",
  },
  {
    name: "refused prescription is taken", by: "alarms/left-stopped-21-days", breaks: "a refusal changes nothing", file: "firmware/operations.ts",
    find: "  return fault === Fault.ok ? checkPrescription(p) : fault;", replace: "  const found = fault === Fault.ok ? checkPrescription(p) : fault;\n  acceptPrescription(p);\n  return found;",
  },
  {
    name: "clock set without its step", by: "clock/any-size [second forward]", breaks: "DOSE-5: the step that is current now is taken up", file: "firmware/operations.ts",
    find: "    if (p.c[C.next_step_ms] !== 0) takeStep(p, now_ms);\n", replace: "",
  },
  {
    name: "end of service that goes on", by: "battery/age-while-stopped", breaks: "BATT-1: motor off 90 days after ERI", file: "firmware/battery.ts",
    find: "if (due_ms !== 0 && now_ms >= due_ms && legal(p, Event.end_of_service)) transition(p, Event.end_of_service);",
    replace: "if (due_ms === 1 && now_ms >= due_ms && legal(p, Event.end_of_service)) transition(p, Event.end_of_service);",
  },
  {
    name: "commit that drops the fraction", by: "basal/change-keeps-fraction", breaks: "DOSE-4: the same prescription sent again changes nothing", file: "firmware/prescription.ts",
    find: "  mark(p, Dirty.prescription);", replace: "  mark(p, Dirty.prescription);\n  put(p, C.dose, 0);",
  },
  {
    name: "a check that says stop while the motor goes on", by: "motor/reverse", breaks: "MOTOR-4: the drive is cut, and not only the pulses", file: "firmware/motion.ts",
    find: "  p.board.cutoff.cut(1);\n", replace: "",
  },
  {
    name: "pulses into a drive that is cut", by: "motor/reverse", breaks: "MOTOR-4: while the drive is cut the motor is off", file: "firmware/motion.ts",
    find: "  driveLost(p);\n  record(p, RecordKind.drive_cut", replace: "  record(p, RecordKind.drive_cut",
  },
  {
    name: "supply at a boot whose motor fails its self-test", by: "self-test/motor-at-a-boot", breaks: "STATE-4c: its drive is cut", file: "firmware/drive.ts",
    find: " || isMotorDoubted(p)", replace: "",
  },
  {
    name: "a motor that fails its self-test is let go by itself", by: "self-test/motor", breaks: "STATE-4d: safe-off is left by a clinician", file: "firmware/motion.ts",
    find: "  keepCut(p, true);", replace: "  keepCut(p, false);",
  },
  {
    name: "a motor that fails its self-test keeps its supply", by: "self-test/motor", breaks: "STATE-4c: its drive is cut by the independent path", file: "firmware/motion.ts",
    find: "  setDrive(p);\n  if (!isCut(p)) beginCut(p, 0);", replace: "  if (!isCut(p)) beginCut(p, 0);",
  },
  {
    name: "the full rate although the self-test failed", by: "self-test/memory", breaks: "STATE-3c: a failed self-test leads to the minimum rate", file: "firmware/self-test.ts",
    find: "  transition(p, Event.self_test_failed);\n", replace: "",
  },
  {
    name: "a start while the self-test fails", by: "self-test/memory", breaks: "STATE-3e: the minimum rate is left once its cause has gone", file: "firmware/self-test.ts",
    find: "safe && p.w[W.self_test] !== 0", replace: "safe && p.w[W.self_test] === SelfTest.all",
  },
  {
    name: "a boot that does not look at its self-test", by: "self-test/at-a-boot [memory]", breaks: "MEM-1c: no pulse before the self-test has ended", file: "firmware/boot.ts",
    find: "  p.w[W.self_test] = failed;\n", replace: "",
  },
  {
    name: "uncommanded pulse in no book", by: "motor/runaway-at-any-speed [ten a second]", breaks: "MOTOR-4: each forward pulse not commanded adds one to uncertain", file: "firmware/motion.ts",
    find: "  put(p, C.uncommanded, p.c[C.uncommanded] + 1);", replace: "  put(p, C.uncommanded, p.c[C.uncommanded] + 0);",
  },
  {
    name: "a quiet minute cut short", by: "motor/reverse", breaks: "MOTOR-4: therapy resumes after a quiet minute", file: "firmware/drive.ts",
    find: "p.w[W.now_ms] + Drive.quiet_ms + ", replace: "p.w[W.now_ms] + Drive.quiet_ms - 1000 + ",
  },
  {
    name: "waits for a person after the first time", by: "motor/reverse", breaks: "MOTOR-4: therapy resumes by itself", file: "firmware/motion.ts",
    find: "  return third;", replace: "  return second;",
  },
  {
    name: "comes back after the third time", by: "motor/reverse", breaks: "MOTOR-4: the third time in 24 h the drive stays off", file: "firmware/motion.ts",
    find: "  return third;", replace: "  return third && !second;",
  },
  {
    name: "backward is only logged", by: "motor/reverse", breaks: "MOTOR-4: motion in reverse cuts the drive", file: "firmware/motion.ts",
    find: "  if (edge === RotorEdge.late) {", replace: "  if (edge === RotorEdge.late || edge === RotorEdge.reverse) {",
  },
  {
    name: "a late edge cuts", by: "motor/late-edge-is-neither", breaks: "MOTOR-4: a late edge of a real pulse is neither", file: "firmware/motion.ts",
    find: "edge === RotorEdge.uncommanded && owed)", replace: "edge === RotorEdge.uncommanded && owed && since_ms < 0)",
  },
  {
    name: "a reset closes the cut-off", by: "motor/uncommanded-counts", breaks: "MOTOR-4: cut until a quiet minute is over, over resets too", file: "firmware/drive.ts",
    find: "isCut(p) || isMotorDoubted(p) ? 1 : 0", replace: "isMotorDoubted(p) ? 1 : 0",
  },
  {
    name: "started while the head turns", by: "motor/runaway-third-time", breaks: "STATE: left by a clinician after the cause has gone", file: "firmware/drive.ts",
    find: "return isHeld(p) && p.w[W.now_ms] < quiet_ms(p);", replace: "return isHeld(p) && p.w[W.now_ms] < 0;",
  },
  {
    name: "a warning at the second stall", by: "alarms/new-stall-sounds-at-once", breaks: "MOTOR-5: three in 30 days", file: "firmware/trend.ts",
    find: "imod(c[C.stalls_before], Trend.span) * Trend.span", replace: "c[C.stall_last] * Trend.span",
  },
  {
    name: "a window of sixty days", by: "motor/stall-trend-ends", breaks: "MOTOR-5: three in 30 days", file: "firmware/trend.ts",
    find: "oldest - 1 + Trend.window_minutes)", replace: "oldest - 1 + Trend.window_minutes * 2)",
  },
];

/** These are noticed at the front door: each leaves a door open to one attack (tests/protocol/attacks.ts). */
export const OPEN_DOORS: readonly Mutant[] = [
  {
    name: "seal not looked at", breaks: "LINK-1: every message is authenticated", file: "protocol/device/session.ts",
    find: "d.board.cipher.open(KeySlot.open_in, d.nonce, frame, first, length) === 0", replace: "d.board.cipher.open(KeySlot.open_in, d.nonce, frame, first, length) > 1",
  },
  {
    name: "login without proof", breaks: "LINK-1: only who has the key is let in", file: "protocol/device/session.ts",
    find: "d.board.cipher.open(KeySlot.opening_in, d.nonce, frame, first, length) === 1 ?", replace: "d.board.cipher.open(KeySlot.opening_in, d.nonce, frame, first, length) >= 0 ?",
  },
  {
    name: "any number will do", breaks: "LINK-2: a message is played once", file: "protocol/device/session.ts",
    find: "if (number !== get(d, D.number) + 1 || get(d, D.in_hand) === 1", replace: "if (get(d, D.in_hand) === 1",
  },
  {
    name: "a repetition is done again", breaks: "LINK-2, PROG-3: the same message is done once", file: "protocol/device/session.ts",
    find: "  if (number === get(d, D.number)) {", replace: "  if (number === 0) {",
  },
  {
    name: "an unproven hello ends the session", breaks: "LINK-3: only a proven hello replaces a live session", file: "protocol/device/session.ts",
    find: "  d.n[D.opening] = session;\n", replace: "  d.n[D.session] = 0;\n  d.n[D.opening] = session;\n",
  },
  {
    name: "no back-off", breaks: "LINK-3: five failed logins", file: "protocol/device/session.ts",
    find: "return now_ms < get(d, D.barred_ms) ? Refused.backing_off : 0;", replace: "return 0;",
  },
  {
    name: "any version", breaks: "LINK-1: no downgrade", file: "protocol/device/session.ts",
    find: "  if (version !== Wire.version) return Refused.version_unknown;\n", replace: "",
  },
  {
    name: "a second key", breaks: "LINK-1: the key is set once", file: "protocol/device/receive.ts",
    find: "if (get(d, D.key) !== Key.none) {", replace: "if (get(d, D.key) === Key.lost) {",
  },
  {
    name: "awake when asleep", breaks: "BATT-3: asleep it understands the call alone", file: "protocol/device/receive.ts",
    find: "get(d, D.awake) === 0 || !isForUs(d)", replace: "!isForUs(d)",
  },
  {
    name: "frames for another pump", breaks: "LINK-2: a frame for another pump is refused", file: "protocol/device/receive.ts",
    find: " || get(d, D.awake) === 0 || !isForUs(d)", replace: " || get(d, D.awake) === 0",
  },
  {
    name: "check value not looked at", breaks: "LINK-2: any bit flip is refused", file: "protocol/device/receive.ts",
    find: "checkFrame(d.unframer.bytes, size) !== FrameProblem.good", replace: "checkFrame(d.unframer.bytes, size) === FrameProblem.size",
  },
  {
    name: "the same id for ever", breaks: "LINK-1: the announced device id is fresh at every wake", file: "protocol/device/power.ts",
    find: "  d.board.entropy.fill(d.id, 0, Wire.device_id);\n", replace: "",
  },
  {
    name: "wakes that cost nothing", breaks: "BATT-3: 1 % of a day's energy", file: "protocol/device/power.ts",
    find: "  if (get(d, D.allowance) < Allowance.wake) {", replace: "  if (get(d, D.allowance) < 0) {",
  },
  {
    name: "a session for ever", breaks: "LINK-3: a session idle for 3 min closes", file: "protocol/device/session.ts",
    find: "d.n[D.asleep_ms] = now_ms + LinkTime.idle_ms;", replace: "d.n[D.asleep_ms] = now_ms + LinkTime.idle_ms * 100;",
  },
  {
    name: "patients may do anything", breaks: "LINK-1: roles", file: "firmware/requests.ts",
    find: "  if (get(p.d, D.role) === Role.patient && row.patient === 0) fault = Fault.not_permitted;\n", replace: "",
  },
  {
    name: "nothing is remembered", breaks: "PROG-3: at most once across sessions", file: "firmware/requests.ts",
    find: "  remember(p, op, fault, values);\n", replace: "",
  },
  {
    name: "answers from memory of another role", breaks: "PROG-3: the last 8 answers per role", file: "firmware/answers.ts",
    find: "return role === Role.patient ? Ring.size : 0;", replace: "return role > 2 ? Ring.size : 0;",
  },
  {
    name: "answered before it is durable", breaks: "PROG-3: journalled together with its effect", file: "firmware/requests.ts",
    find: "  reply(p, op, fault, layout, values, p.w[W.posted] + 1);", replace: "  reply(p, op, fault, layout, values, 0);",
  },
  {
    name: "commit without its hash", breaks: "PROG-1: commit carries the hash", file: "firmware/operations.ts",
    find: "if (hash !== p.w[W.reviewed] || hash !== hashStaged(p)) return Fault.not_as_reviewed;", replace: "if (hash < 0) return Fault.not_as_reviewed;",
  },
  {
    name: "commit on a stale version", breaks: "PROG-2: a stale base version is refused", file: "firmware/operations.ts",
    find: "    if (arg(p, 0) !== p.c[C.version]) return Fault.base_version_stale;\n", replace: "",
  },
  {
    name: "commit with a part missing", breaks: "PROG-2: a missing part is refused", file: "firmware/staging.ts",
    find: "    if (at(p.board, p.staged, i) === Packed.missing) return false;\n", replace: "    if (at(p.board, p.staged, i) < 0) return false;\n",
  },
  {
    name: "staged for whoever comes next", breaks: "LINK-3: what was staged is dropped with the session", file: "firmware/staging.ts",
    find: "  return p.w[W.staged_session] !== 0 && p.w[W.staged_session] === get(p.d, D.session);", replace: "  return p.w[W.staged_session] !== 0;",
  },
];
