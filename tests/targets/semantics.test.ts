// Each expression that the firmware may use has one value, in Node and in Lua.

import { resolve } from "node:path";
import { beforeAll, expect, test } from "vitest";
import type { Controller } from "../../hal/controller";
import { buildLua } from "../../emulator/lua/build";
import { createLuaFactory } from "../../emulator/lua/host";
import { Expression, createController } from "./semantics/controller";
import { smallBoard } from "./small-board";
import type { SmallBoard } from "./small-board";

const node: SmallBoard = smallBoard();
const lua: SmallBoard = smallBoard();
const inNode: Controller = createController(node.board);
let inLua: Controller;

beforeAll(async () => {
  inLua = (await createLuaFactory(buildLua(resolve(import.meta.dirname, "semantics/tsconfig.json"))))(lua.board);
});

/** Values at which something changes: zero, powers of two and ten, the ends of 31 bits. */
const EDGES = [0, 1, 2, 3, 4, 5, 7, 9, 10, 15, 16, 31, 32, 99, 255, 256, 999, 1000, 65_535, 65_536, 86_400_000, 2 ** 30 - 1, 2 ** 30, 2 ** 31 - 1];
/** And those that arithmetic alone must bear. */
const WIDE = [...EDGES, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 40 + 1, 2 ** 45 - 1, 3_000_000_000_000_000 - 1];

const isBits = (e: Expression): boolean => e >= Expression.and && e < Expression.less;

/** The values of one expression for all pairs of `values`. */
function table(controller: Controller, of: SmallBoard, e: Expression, values: readonly number[]): number[] {
  of.calls.length = 0;
  for (const a of values) for (const b of values) controller.event(1, e as number, a, b);
  return of.calls.map(([, , answer]) => (answer as readonly number[])[0] ?? NaN);
}

test("every expression gives the same integer on both targets", () => {
  const different: string[] = [];
  let compared = 0;
  for (let e: Expression = 0; e < Expression.count; e++) {
    const values = isBits(e) ? EDGES : WIDE;
    const [js, fromLua] = [table(inNode, node, e, values), table(inLua, lua, e, values)];
    for (let i = 0; i < values.length ** 2; i++) {
      compared += 1;
      if (js[i] === fromLua[i] && Number.isSafeInteger(js[i])) continue;
      different.push(`expression ${e} of ${values[Math.floor(i / values.length)]}, ${values[i % values.length]}: ${js[i]} in Node, ${fromLua[i]} in Lua`);
    }
  }
  expect(different).toEqual([]);
  expect(compared).toBeGreaterThan(35_000);
});

test("the table tells expressions apart", () => {
  const values = new Set<string>();
  for (let e: Expression = 0; e < Expression.count; e++) values.add(table(inNode, node, e, EDGES).join());
  expect(values.size).toBeGreaterThan(Expression.count - 4);
});

test("division is exact where a float's rounding could reach the next integer", () => {
  const wrong: string[] = [];
  for (const b of [1, 2, 3, 7, 1000, 86_399, 432_000, 2 ** 26 - 1, 94_906_264]) {
    for (const quotient of [1, 2, 1000, Math.floor((2 ** 53 - 1) / (b + 1))]) {
      const a = quotient * (b + 1) - 1;
      inNode.event(1, Expression.divide as number, a, b);
      inLua.event(1, Expression.divide as number, a, b);
      const exact = BigInt(a) / BigInt(b + 1);
      for (const { calls } of [node, lua]) {
        const [, , answer] = calls.at(-1) ?? [""];
        if (BigInt((answer as readonly number[])[0] ?? -1) !== exact) wrong.push(`${a} / ${b + 1} is not ${String(answer)}`);
      }
    }
  }
  expect(wrong).toEqual([]);
});
