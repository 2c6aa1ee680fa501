// Broken pumps: each wrong in one way, with the row that finds it, its words.

import { OPEN_DOORS } from "../mutants/named";
import type { Mutant } from "../mutants/named";

export interface BrokenPump {
  readonly name: string;
  readonly mutant: Pick<Mutant, "file" | "find" | "replace">;
  /** The row that must fail, and what it must say. */
  readonly row: string;
  readonly says: RegExp;
  /** Rows that must have been run before it. */
  readonly after: readonly string[];
}

const DOSING = ["provision", "therapy"];

function door(name: string): BrokenPump["mutant"] {
  const found = OPEN_DOORS.find((mutant) => mutant.name === name);
  if (found === undefined) throw new Error(`there is no open door "${name}"`);
  return found;
}

export const BROKEN_PUMPS: readonly BrokenPump[] = [
  {
    name: "turns the head twice for every tenth pulse", row: "dose-pulses", says: /^the books rise by 22 pulses, and the counter saw 24$/, after: DOSING,
    mutant: {
      file: "firmware/pulses.ts", find: "  if (p.c[C.in_flight] === 0 || p.w[W.now_ms] - latency_ms !== p.c[C.last_command_ms]) return;\n  endPulse(",
      replace: "  if (p.c[C.in_flight] === 0 || p.w[W.now_ms] - latency_ms !== p.c[C.last_command_ms]) return;\n  if (p.c[C.commanded] % 10 === 0) p.board.motor.pulse();\n  endPulse(",
    },
  },
  {
    name: "leaves out every twentieth pulse and calls it confirmed", row: "dose-pulses", says: /^the books rise by 22 pulses, and the counter saw 21$/, after: DOSING,
    mutant: { file: "firmware/pulses.ts", find: "  p.board.motor.pulse();\n", replace: "  if (c[C.commanded] % 20 === 0) endPulse(p, true);\n  else p.board.motor.pulse();\n" },
  },
  {
    name: "delivers a fifth too much", row: "dose-books", says: /^26 pulses in 120\.7 s, where 2000000 ng\/day are 22\.34$/, after: DOSING,
    mutant: { file: "firmware/accrual.ts", find: "c[C.rate] * Dose.accrual_per_ng * step_ms : 0)", replace: "c[C.rate] * 6 * step_ms : 0)" },
  },
  {
    name: "keeps its books by another calibration", row: "dose-confirmed", says: /^the reservoir fell by \d+ pL, and 22 pulses are 5500000$/, after: DOSING,
    mutant: { file: "firmware/books.ts", find: "(c[C.confirmed] - c[C.fill_confirmed]) * c[C.pulse_pL]", replace: "(c[C.confirmed] - c[C.fill_confirmed]) * 260_000" },
  },
  {
    name: "forgets operation ids", row: "at-most-once", says: /^it was done \d times, as the log says$/, after: ["provision"], mutant: door("nothing is remembered"),
  },
  { name: "commits without the hash of the review", row: "wrong-hash", says: /^another hash is committed$/, after: DOSING, mutant: door("commit without its hash") },
  { name: "commits on a stale base", row: "stale-base", says: /^another base version is committed$/, after: DOSING, mutant: door("commit on a stale version") },
  { name: "takes messages again", row: "replay", says: /^a replayed message: the pump answers index 1 code 0x/, after: ["provision"], mutant: door("any number will do") },
  { name: "keeps a session for ever", row: "idle-sleep", says: /^it is awake after 3 min$/, after: ["provision"], mutant: door("a session for ever") },
  {
    name: "has no lockout", row: "lockout", says: /^a second one is given 1 min after the first, in a lockout of 15 min$/, after: DOSING,
    mutant: { file: "firmware/patient.ts", find: "  if (lockout_ms(p) > 0) return Fault.lockout;\n", replace: "" },
  },
  {
    name: "does not raise the low reservoir", row: "low-reservoir", says: /nL are left by the lower bound, \d+ are set, and the alarm is not raised$/, after: DOSING,
    mutant: { file: "firmware/reservoir.ts", find: "low_pL <= c[C.low_volume_pL], low_nL", replace: "low_pL < 0, low_nL" },
  },
  {
    name: "raises it two pulses early", row: "low-reservoir", says: /^the alarm is raised with \d+ nL left, and \d+ are set$/, after: DOSING,
    mutant: { file: "firmware/reservoir.ts", find: "low_pL <= c[C.low_volume_pL], low_nL", replace: "low_pL <= c[C.low_volume_pL] + 500_000, low_nL" },
  },
  {
    name: "does not tell what a bolus left out", row: "bolus", says: /^confirmed 1487, uncertain 0 and not delivered 0 ng do not add up to 1500$/, after: DOSING,
    mutant: { file: "firmware/bolus.ts", find: "c[C.bolus_ng] - confirmed_ng - uncertain_ng);", replace: "0);" },
  },
  {
    name: "has lost its books after a loss of power", row: "power-books", says: /^commanded went back from 22 to 0$/, after: [...DOSING, "dose-books"],
    mutant: {
      file: "firmware/recovery.ts", find: "  put(p, C.commanded, Math.max(confirmed, p.board.storage.tallied(Book.commanded)));\n  put(p, C.confirmed, confirmed);",
      replace: "  put(p, C.commanded, p.c[C.fill_confirmed]);\n  put(p, C.confirmed, p.c[C.fill_confirmed]);",
    },
  },
  {
    name: "waits for somebody after a loss of power", row: "power-back", says: /^60 s after its power came back therapy is not: it is in the state safe minimum/, after: DOSING,
    mutant: { file: "firmware/recovery.ts", find: "  if (!known || !trusted) transition(", replace: "  transition(" },
  },
  {
    name: "catches up what it missed without power", row: "power-burst", says: /^\d+ pulses in \d+\.\d s, where 5\.\d+ are prescribed$/, after: DOSING,
    mutant: { file: "firmware/recovery.ts", find: "  record(p, RecordKind.power_lost, 0, 0, 0);\n", replace: "  put(p, C.dose, 4 * p.c[C.pulse_pL] * p.c[C.tip] * 432);\n  record(p, RecordKind.power_lost, 0, 0, 0);\n" },
  },
  {
    name: "says nothing of a start", row: "power-log", says: /^the log has no record of a start$/, after: DOSING,
    mutant: { file: "firmware/boot.ts", find: "  record(p, RecordKind.boot, cause, detail, 0);\n", replace: "" },
  },
  {
    name: "goes on after a stop", row: "stop", says: /^after the stop the books rise by 3 pulses, and the counter saw 3$/, after: DOSING,
    mutant: { file: "firmware/machine.ts", find: "  put(p, C.motor_on, 0);\n", replace: "" },
  },
  {
    name: "delivers a hundredth too little", row: "pulse-spacing", says: /^from pulse to pulse it is 54\d\d\.0 to 545\d\.0 ms in place of 5400\.0$/, after: DOSING,
    mutant: { file: "firmware/accrual.ts", find: "c[C.rate] * Dose.accrual_per_ng * step_ms : 0)", replace: "idiv(c[C.rate] * 99 * step_ms, 20) : 0)" },
  },
  {
    name: "does not tell that a tone was tested", row: "test-tone", says: /^the log has tones tested: none$/, after: ["provision"],
    mutant: { file: "firmware/alarms.ts", find: "  record(p, RecordKind.tone_tested, critical ? 1 : 0, 0, 0);\n", replace: "" },
  },
  {
    name: "has alarms acknowledged that are over", row: "acknowledge-alarm", says: /^acknowledging an alarm that has ended gives fault 0$/, after: [...DOSING, "low-reservoir"],
    mutant: { file: "firmware/alarms.ts", find: "  if (!isActive(p, alarm)) return Fault.alarm_not_active;\n", replace: "" },
  },
  {
    name: "forgets for two hours that it was stopped", row: "stopped-alarm", says: /^3660\.0 s after the stop the alarm is not raised$/, after: [...DOSING, "stop"],
    mutant: { file: "firmware/alarms.ts", find: "return p.c[C.stopped_ms] + Sound.stopped_ms;", replace: "return p.c[C.stopped_ms] + Sound.stopped_ms * 2;" },
  },
];
