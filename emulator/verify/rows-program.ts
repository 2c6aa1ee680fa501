// Rows: programming as a transaction.

import { Fault } from "../../hal/faults";
import { Op, Review, Status } from "../../protocol/operations";
import { Mode } from "../../protocol/states";
import type { Answered } from "../../protocol/wand/core/messages";
import { againOf, MINIMUM_RATE, samePrescription } from "../../protocol/wand/procedures/prescription";
import { readPrescription } from "../../protocol/wand/procedures/read-prescription";
import type { StagedPrescription } from "../../protocol/wand/procedures/prescription";
import { stage as staging } from "../../protocol/wand/procedures/program";
import { LinkTime } from "../../protocol/limits";
import type { Login } from "./login";
import { onLine } from "./probe";
import { must, Skipped } from "./row";
import type { Bench, Row } from "./row";

/**
 * What is staged: the prescription in force, so that a pump that commits it in error goes on as before. One that has none is given another only if
 * that is allowed.
 */
async function subject(bench: Bench, login: Login): Promise<StagedPrescription> {
  const held = await login.run(readPrescription());
  if (held.mode !== Mode.none) return againOf(held);
  if (!bench.allowed.program) throw new Skipped("the pump has no prescription; with --program one at the minimum rate is tried");
  return MINIMUM_RATE;
}

function stage(login: Login, staged: StagedPrescription, count?: number): Promise<void> {
  return login.run(staging(staged, count));
}

/** The values of the pump's review of what is staged. */
async function review(login: Login): Promise<readonly number[]> {
  const { fault, values } = await login.operate(Op.review);
  if (fault === Fault.no_drug) throw new Skipped("the pump has no drug, without which it reviews nothing");
  must(fault === Fault.ok, `the review gives fault ${fault}`);
  return values;
}

/** Tries a commit that must be refused, and shows that nothing came of it. */
async function mustRefuse(login: Login, args: readonly number[], fault: Fault, what: string): Promise<void> {
  const before = (await login.operate(Op.status)).values;
  const answer = await login.operate(Op.commit, args);
  const after = (await login.operate(Op.status)).values;
  must(answer.fault !== Fault.ok, `${what} is committed`);
  must(answer.fault === fault, `${what} is refused with fault ${answer.fault} in place of ${fault}`);
  mustBeAsBefore(before, after);
}

function mustBeAsBefore(before: readonly number[], after: readonly number[]): void {
  for (const at of [Status.version, Status.state, Status.mode]) must(before[at] === after[at], "prescription or state are not what they were");
}

const u32 = 4_294_967_296;

export const PROGRAM_ROWS: readonly Row[] = [
  {
    id: "staged-dropped", requirement: "LINK-3", text: "What is staged goes with its session.",
    run: async (bench) => {
      const login = bench.login();
      const staged = await subject(bench, login);
      await stage(login, staged);
      await login.fresh();
      const { fault } = await login.operate(Op.review);
      must(fault === Fault.nothing_staged, `in a new session the review gives fault ${fault}`);
    },
  },
  {
    id: "missing-part", requirement: "PROG-2", text: "A prescription of which a part is missing is not reviewed.",
    run: async (bench) => {
      const login = bench.login();
      await stage(login, { mode: Mode.schedule, week: [0, 0, 0, 0, 0, 0, 0], steps: [{ key: 0, rate_ng_per_day: 500_000 }, { key: 720, rate_ng_per_day: 500_000 }] }, 1);
      const { fault } = await login.operate(Op.review);
      await login.fresh();
      must(fault !== Fault.ok, "it is reviewed");
    },
  },
  {
    id: "wrong-hash", requirement: "PROG-2", text: "A commit with another hash than the review's is refused, and the old prescription goes on.",
    run: async (bench) => {
      const login = bench.login();
      await stage(login, await subject(bench, login));
      const reviewed = await review(login);
      const args = [reviewed[Review.base_version] ?? 0, ((reviewed[Review.hash] ?? 0) + 1) % u32, 0, 0, 0];
      await mustRefuse(login, args, Fault.not_as_reviewed, "another hash");
    },
  },
  {
    id: "stale-base", requirement: "PROG-2", text: "A commit against another version than the one in force is refused.",
    run: async (bench) => {
      const login = bench.login();
      await stage(login, await subject(bench, login));
      const reviewed = await review(login);
      const args = [((reviewed[Review.base_version] ?? 0) + 1) % u32, reviewed[Review.hash] ?? 0, 0, 0, 0];
      await mustRefuse(login, args, Fault.base_version_stale, "another base version");
    },
  },
  {
    id: "dropped-link", requirement: "PROG-2", text: "A link that is lost within the commit leaves the old prescription, whole.",
    run: async (bench) => {
      const login = bench.login();
      const session = await login.session();
      const held = await login.run(readPrescription());
      const before = (await login.operate(Op.status)).values;
      await stage(login, await subject(bench, login));
      const reviewed = await review(login);
      const frame = onLine(login.nextFrame(session, Op.commit, [reviewed[Review.base_version] ?? 0, reviewed[Review.hash] ?? 0, 0, 0, 0]));
      // All of it but its last byte and the mark of its end.
      bench.probe.send(frame.subarray(0, frame.length - 3));
      await bench.probe.wait(LinkTime.announce_ms);
      login.open = undefined;
      await bench.probe.wake();
      await login.fresh();
      mustBeAsBefore(before, (await login.operate(Op.status)).values);
      must(samePrescription(await login.run(readPrescription()), held), "the prescription is another one");
      const { fault } = await login.operate(Op.review);
      must(fault === Fault.nothing_staged, `what was staged is still there: the review gives fault ${fault}`);
    },
  },
  {
    id: "unreviewed", requirement: "PROG-1", text: "A commit of what nobody staged is refused.",
    run: async (bench) => {
      const login = bench.login();
      await login.fresh();
      const before = (await login.operate(Op.status)).values;
      const { fault } = await login.operate(Op.commit, [before[Status.version] ?? 0, 0, 0, 0, 0]);
      must(fault !== Fault.ok, "it is committed");
      mustBeAsBefore(before, (await login.operate(Op.status)).values);
    },
  },
  {
    id: "commit", requirement: "PROG-1", text: "What was reviewed is committed once, whole, and nothing is stopped by it.",
    run: async (bench) => {
      if (!bench.allowed.program) throw new Skipped("commits a prescription, the one in force if there is one: only with --program");
      const login = bench.login();
      const staged = await subject(bench, login);
      await stage(login, staged);
      const reviewed = await review(login);
      const before = (await login.operate(Op.status)).values;
      const op_id = login.opId();
      const args = [reviewed[Review.base_version] ?? 0, reviewed[Review.hash] ?? 0, 0, 0, 0];
      const first = await login.operate(Op.commit, args, op_id);
      must(first.fault === Fault.ok, `the commit gives fault ${first.fault}`);
      await login.fresh();
      const again: Answered = await login.operate(Op.commit, args, op_id);
      must(again.fault === Fault.ok && again.values[0] === first.values[0], "the same commit in a new session has another answer");
      const after = (await login.operate(Op.status)).values;
      must(after[Status.version] === first.values[0], "the version in force is not the committed one");
      must(after[Status.state] === before[Status.state], "the pump's state is not what it was");
      must(samePrescription(await login.run(readPrescription()), staged), "what is read back is not what was committed");
    },
  },
];
