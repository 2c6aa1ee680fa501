// Rows: alarms as a bench can bring them about, and a stop.

import { Fault } from "../../hal/faults";
import { Alarm } from "../../protocol/alarms";
import { Op, Reservoir } from "../../protocol/operations";
import { RecordKind } from "../../protocol/records";
import { State } from "../../protocol/states";
import { STATE_NAMES, nameOf } from "../../protocol/names";
import { newestRecord, recordsSince } from "./rows-dose";
import { must, Skipped } from "./row";
import type { Bench, Row } from "./row";
import { counted, look, needs, pass, planOf, seconds, therapyOf } from "./watch";
import type { Look } from "./watch";

/** A stop for the log: a test. */
const REASON_TEST = 9;
/** Three pulses of the therapy that is begun here. */
const STOPPED_MS = 16_200;
/** The range of the low-reservoir volume (FILL-2a). */
const LOW_NL = { min: 1_000_000, max: 10_000_000 } as const;
/** The volume is set so many pulses below what is left. */
const PULSES_TO_GO = 3;

const hasLow = ({ status }: Look): boolean => status.alarms.includes(Alarm.low_reservoir);

async function setLow(bench: Bench, values: readonly number[], low_nL: number): Promise<void> {
  const { fault } = await bench.login().operate(Op.set_alarms, [low_nL, values[Reservoir.critical_interval_min] ?? 0, values[Reservoir.other_interval_min] ?? 0]);
  must(fault === Fault.ok, `setting the low-reservoir volume to ${low_nL} nL gives fault ${fault}`);
}

/** Watches the pump over the crossing: at no look may alarm and books disagree. */
async function cross(bench: Bench, low_nL: number, interval_ms: number): Promise<Look> {
  const { wall } = bench.probe;
  const began_us = wall.now_us();
  for (;;) {
    const seen = await look(bench);
    const left_nL = seen.status.remaining_low_pL / 1000;
    if (seen.status.in_flight === 0) {
      must(left_nL > low_nL || hasLow(seen), `${left_nL} nL are left by the lower bound, ${low_nL} are set, and the alarm is not raised`);
      must(left_nL <= low_nL || !hasLow(seen), `the alarm is raised with ${left_nL} nL left, and ${low_nL} are set`);
      if (hasLow(seen)) return seen;
    }
    must(wall.now_us() - began_us < (PULSES_TO_GO + 5) * interval_ms * 1000, `${seconds((PULSES_TO_GO + 5) * interval_ms)} on, ${left_nL} nL are left of which ${low_nL} are to be the alarm's`);
    await bench.probe.wait(Math.min(1000, interval_ms / 4));
  }
}

async function lowReservoir(bench: Bench): Promise<void> {
  needs(bench, "alarms", "the low-reservoir volume is set to just below what is left, and back");
  const therapy = await therapyOf(bench);
  if (therapy.interval_ms > 60_000) throw new Skipped(`needs a faster pump: a pulse comes every ${seconds(therapy.interval_ms)}`);
  const { values } = await bench.login().operate(Op.reservoir);
  const before = await look(bench);
  const low_nL = Math.floor((before.status.remaining_low_pL - PULSES_TO_GO * therapy.pulse_pL) / 1000);
  if (low_nL < LOW_NL.min || low_nL > LOW_NL.max) throw new Skipped(`needs 1 to 10 mL in the reservoir's books: ${(before.status.remaining_low_pL / 1e9).toFixed(3)} mL are left`);
  if (hasLow(before)) throw new Skipped("needs a pump without this alarm");
  const newest = await newestRecord(bench);
  try {
    await setLow(bench, values, low_nL);
    const crossed = await cross(bench, low_nL, therapy.interval_ms);
    const raised = (await recordsSince(bench, newest + 1)).filter(({ kind, a }) => kind === RecordKind.alarm_on && a === Alarm.low_reservoir);
    must(raised.length === 1, `the log has ${raised.length} records of the alarm's begin`);
    bench.saw(`raised with ${crossed.status.remaining_low_pL / 1000} nL left, ${low_nL} set`);
    await acknowledged(bench, newest);
  } finally {
    await setLow(bench, values, values[Reservoir.low_volume_nL] ?? 0);
  }
  must(!hasLow(await look(bench)), "the alarm goes on although the volume is set back");
  must((await recordsSince(bench, newest + 1)).some(({ kind, a }) => kind === RecordKind.alarm_off && a === Alarm.low_reservoir), "the log has no record of the alarm's end");
  bench.marks.add("acknowledged");
}

/** Acknowledged while it is there, which is no end of it. */
async function acknowledged(bench: Bench, newest: number): Promise<void> {
  const login = bench.login();
  const { fault } = await login.operate(Op.acknowledge, [Alarm.low_reservoir, 0]);
  must(fault === Fault.ok, `acknowledging the alarm gives fault ${fault}`);
  must(hasLow(await look(bench)), "acknowledged, the alarm has ended although its cause has not");
  must((await recordsSince(bench, newest + 1)).some(({ kind, a }) => kind === RecordKind.acknowledged && a === Alarm.low_reservoir), "the log has no record that it was acknowledged");
}

export const ALARM_ROWS: readonly Row[] = [
  {
    id: "test-tone", requirement: "ALARM-1", text: "Both voices can be tried: each trial is answered and in the log, and no alarm comes of it.",
    run: async (bench) => {
      planOf(bench);
      needs(bench, "alarms", "both tones are sounded once");
      const before = await look(bench);
      const newest = await newestRecord(bench);
      for (const critical of [1, 0]) {
        const { fault } = await bench.login().operate(Op.test_tone, [critical]);
        must(fault === Fault.ok, `the test of the ${critical === 1 ? "critical" : "other"} tone gives fault ${fault}`);
        await bench.probe.wait(4000);
      }
      const tested = (await recordsSince(bench, newest + 1)).filter(({ kind }) => kind === RecordKind.tone_tested).map(({ a }) => a);
      must(tested.join() === "1,0", `the log has tones tested: ${tested.length === 0 ? "none" : tested.join(", ")}`);
      must((await look(bench)).status.alarms.join() === before.status.alarms.join(), "another alarm is active after it");
      bench.saw("two tones, in the log; nothing listened");
    },
  },
  { id: "low-reservoir", requirement: "FILL-2", text: "Low is raised with the pulse that reaches the volume, not before and not later, once, and ends with its cause.", run: lowReservoir },
  {
    id: "acknowledge-alarm", requirement: "ALARM-3", text: "An active alarm is silenced by acknowledging, which does not end it; one that is not active is not acknowledged.",
    run: async (bench) => {
      needs(bench, "alarms", "an alarm is raised and acknowledged");
      if (!bench.marks.has("acknowledged")) throw new Skipped("needs the alarm of low-reservoir, whose row did not pass");
      const { fault } = await bench.login().operate(Op.acknowledge, [Alarm.low_reservoir, 0]);
      must(fault === Fault.alarm_not_active, `acknowledging an alarm that has ended gives fault ${fault}`);
      bench.saw("silenced and still active; once ended, refused");
    },
  },
];

async function stop(bench: Bench): Promise<void> {
  needs(bench, "start", "therapy that was begun here is ended");
  if (!bench.marks.has("began")) throw new Skipped("needs therapy that was begun here: the pump's own goes on");
  // Whatever has become of it since: a pump that fell back to the minimum rate is not left so either.
  const { fault } = await bench.login().operate(Op.stop, [REASON_TEST]);
  must(fault === Fault.ok, `the stop gives fault ${fault}`);
  const before = await counted(bench);
  must(before.look.status.state === State.stopped, `after the stop it is in the state ${nameOf(STATE_NAMES, before.look.status.state)}`);
  await pass(bench, STOPPED_MS);
  const after = await counted(bench);
  const [rise, edges] = [after.look.status.commanded - before.look.status.commanded, after.edges - before.edges];
  bench.saw(`${rise} pulses in the books in ${seconds(STOPPED_MS)}${bench.instruments.pulses === undefined ? "" : `, ${edges} at the counter`}`);
  must(rise === 0 && edges === 0, `after the stop the books rise by ${rise} pulses, and the counter saw ${edges}`);
  must(after.look.status.rate === 0, `stopped, it says that it delivers ${after.look.status.rate} ng/day`);
  bench.marks.add("stopped");
}

/** At the end: the pump is left stopped if its therapy was begun here. */
export const STOP_ROWS: readonly Row[] = [
  { id: "stop", requirement: "STATE-2", text: "A stop by a clinician ends therapy at the pulse boundary: no pulse comes after it.", run: stop },
  {
    id: "stopped-alarm", requirement: "STATE-2", text: "A stop is not forgotten: an hour later there is an alarm, and none before.",
    run: async (bench) => {
      const { stopped_ms } = planOf(bench);
      if (stopped_ms === 0) throw new Skipped('needs more than an hour: "stopped" in the plan');
      if (!bench.marks.has("stopped")) throw new Skipped("needs a pump that was stopped here");
      must(!(await look(bench)).status.alarms.includes(Alarm.stopped_1h), "the alarm is there at once");
      await pass(bench, stopped_ms);
      must((await look(bench)).status.alarms.includes(Alarm.stopped_1h), `${seconds(stopped_ms)} after the stop the alarm is not raised`);
      bench.saw(`raised within ${seconds(stopped_ms)}`);
    },
  },
];
