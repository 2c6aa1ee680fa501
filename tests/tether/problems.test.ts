// No board, a wrong one, two, a slow one, one that lies: no therapy.

import { expect, test } from "vitest";
import type { Controller } from "../../hal/controller";
import { ResetCause } from "../../hal/controller";
import { TetherHost } from "../../hal/serial/host";
import type { LocalBoard } from "../../hal/serial/host-types";
import { BoardProblem, problemText } from "../../hal/serial/problems";
import { Phase } from "../../hal/serial/tether";
import { BoardFeedAnswer } from "../../protocol/peripherals";
import { ServiceClass } from "../../protocol/service";
import { FakeBoard } from "./fake-board";

/** A host that would boot a controller, for five seconds at a line with these at it. */
function tried(boards: readonly FakeBoard[], noise = false): { readonly host: TetherHost; readonly booted: number; readonly sent: number } {
  let booted = 0;
  const controller: Controller = { boot: (now_ms) => { booted++; return now_ms + 1000; }, wake: (now_ms) => now_ms + 1000, event: (now_ms) => now_ms + 1000, received: (now_ms) => now_ms + 1000 };
  const host = new TetherHost({ factory: () => controller, local: {} as LocalBoard, random: () => 12_345 });
  host.start(0, ResetCause.power, 0);
  let sent = 0;
  const post = (now_us: number): void => {
    for (let bytes = host.take(); bytes !== undefined; bytes = host.take()) {
      sent++;
      for (const board of boards) board.take(bytes, now_us);
    }
  };
  for (let now_us = 0; now_us < 5_000_000; now_us += 100) {
    if (noise && now_us % 100_000 === 0) host.bytes(now_us, Uint8Array.from({ length: 32 }, (_, i) => (i * 37 + now_us / 100) & 0xff));
    for (const board of boards) {
      while (board.answers[0] !== undefined && board.answers[0].at_us <= now_us) host.bytes(now_us, board.answers.shift()!.bytes);
    }
    if (host.next_us <= now_us) host.wake(now_us);
    post(now_us);
  }
  return { host, booted, sent };
}

const CASES: readonly (readonly [what: string, problem: BoardProblem, boards: readonly FakeBoard[], noise?: boolean])[] = [
  ["no board", BoardProblem.no_board, []],
  ["bytes, and no frame", BoardProblem.not_jacdac, [], true],
  ["a pump", BoardProblem.wrong_personality, [new FakeBoard({ classes: [ServiceClass.pump] })]],
  ["another Jacdac device", BoardProblem.wrong_personality, [new FakeBoard({ classes: [0x1421bac7] })]],
  ["another version", BoardProblem.wrong_version, [new FakeBoard({ version: 2 })]],
  ["two boards", BoardProblem.two_boards, [new FakeBoard({}), new FakeBoard({ id: [8, 7, 6, 5, 4, 3, 2, 1] })]],
  ["a board that answers slowly", BoardProblem.slow, [new FakeBoard({ delay_us: 80_000 })]],
  ["a board that answers so slowly that no session comes about", BoardProblem.slow, [new FakeBoard({ delay_us: 400_000 })]],
  ["steps that nobody ordered", BoardProblem.contradiction, [new FakeBoard({ lies: (status, count) => { status[BoardFeedAnswer.steps] = count > 6 ? 3 : 0; } })]],
  ["an order that nobody gave", BoardProblem.contradiction, [new FakeBoard({ lies: (status, count) => { status[BoardFeedAnswer.sequence] = count > 6 ? 9 : 0; } })]],
  ["time that runs backwards", BoardProblem.time, [new FakeBoard({ lies: (status, count) => { status[BoardFeedAnswer.received_us]! -= count > 2 ? 1_000_000 : 0; } })]],
  ["time that runs too fast", BoardProblem.time, [new FakeBoard({ lies: (status) => { status[BoardFeedAnswer.received_us]! += Math.floor(status[BoardFeedAnswer.received_us]! / 100); } })]],
];

test.each(CASES.map(([what, ...rest]) => [what, rest] as const))("%s: a message and a number of its own, and nothing is fed any more", (_, [problem, boards, noise]) => {
  const { host, booted } = tried(boards, noise);
  expect([host.tether.phase, host.tether.problem]).toEqual([Phase.failed, problem]);
  expect(problemText(problem)).toMatch(new RegExp(`\\[${problem}\\]$`));
  // What shows only later stops the feeding; what shows at once lets nothing begin.
  if (problem !== BoardProblem.contradiction && problem !== BoardProblem.time) expect(booted).toBe(0);
  expect(host.next_us === Infinity || booted === 1).toBe(true);
  expect(host.take()).toBeUndefined();
});

test("a good board passes: the same host boots its controller over it", () => {
  const { host, booted, sent } = tried([new FakeBoard({})]);
  expect([host.tether.phase, host.tether.problem, booted]).toEqual([Phase.up, BoardProblem.none, 1]);
  expect(sent).toBeGreaterThan(20);
  expect(host.tether.alignment.error_us(5_000_000)).toBeLessThan(500);
});

test("the numbers are stable, and no two problems share one or its words", () => {
  const all = [951, 952, 953, 954, 955, 956, 957, 958, 959] as BoardProblem[];
  expect(new Set(all.map((problem) => problemText(problem))).size).toBe(all.length);
  expect([BoardProblem.no_board, BoardProblem.port]).toEqual([951, 959]);
});
