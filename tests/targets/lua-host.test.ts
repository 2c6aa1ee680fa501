// The Lua host: what crosses, what is refused, what survives a reset.

import { describe, expect, test } from "vitest";
import { ResetCause } from "../../hal/controller";
import { Retained } from "../../hal/retained";
import type { LuaBuild } from "../../emulator/lua/build";
import { LuaProgramError, createLuaFactory } from "../../emulator/lua/host";
import type { LuaControllerFactory, LuaOptions } from "../../emulator/lua/host";
import { BoardPanic, smallBoard } from "./small-board";

/** A build from Lua as it could have been compiled: the entry points' bodies. */
function build(parts: { boot?: string; wake?: string; event?: string; received?: string; chunk?: string }): LuaBuild {
  const { boot = "return now + 1", wake = "return now + 1", event = "return now + 1", received = "return now + 1", chunk = "" } = parts;
  const text = `${chunk}
return { createController = function(board)
  local kept = 0
  return {
    boot = function(now, cause, detail) ${boot} end,
    wake = function(now) ${wake} end,
    event = function(now, source, a, b) ${event} end,
    received = function(now, bytes, count) ${received} end,
  }
end }`;
  return { text, sources: [], where: (line) => `source.ts:${line * 100}` };
}

const make = (parts: Parameters<typeof build>[0], options?: LuaOptions): Promise<LuaControllerFactory> => createLuaFactory(build(parts), options);

describe("values", () => {
  test("cross as integers both ways, to the ends of the range", async () => {
    const { board, calls } = smallBoard();
    const controller = (await make({ boot: "return now + cause * 10 + detail", event: "board.storage.append(a, b, -a, 0, 0, 0, 0) return now + 1" }))(board);
    expect(controller.boot(1000, ResetCause.panic, 905, 0)).toBe(1935);
    controller.event(2000, 1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER);
    expect(calls).toEqual([["append", Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, 0, 0, 0, 0]]);
  });

  test("reach every function of the board", async () => {
    const { board, calls } = smallBoard([5, 6]);
    const controller = (await make({
      wake: `board.motor.pulse() board.supply.sample() board.sounder.sound(2, 300) board.storage.put(3, {7, 8, 9, 10}, 1, 2)
        board.storage.append(1, 2, 3, 4, 5, 6, 7) board.storage.commit() board.storage.tally(1)
        local list = {0, 0, 0}
        local count = board.storage.read(1, list)
        board.storage.put(count, {board.storage.tallied(1), board.storage.last_sequence(), board.storage.first_sequence(), list[1], list[2], list[3]}, 0, 6)
        local row = {0, 0, 0, 0, 0, 0}
        board.storage.put(board.storage.record(40, row), row, 0, 6)
        board.link.power(1)
        board.storage.put(board.link.send({1, 2, 255}, 2), {}, 0, 0)
        return now + 1`,
    }))(board);
    controller.boot(0, ResetCause.power, 0, 0);
    controller.wake(1);
    expect(calls).toEqual([
      ["pulse"], ["sample"], ["sound", 2, 300], ["put", 3, [8, 9]], ["append", 1, 2, 3, 4, 5, 6, 7], ["commit"], ["tally", 1],
      ["put", 2, [71, 99, 98, 5, 6, 0]], ["put", 1, [40, 1, 2, 3, 4, 5]], ["power", 1], ["send", [1, 2]], ["put", 1, []],
    ]);
  });

  test("reach cipher and entropy, in place and from an index on", async () => {
    const { board, calls } = smallBoard();
    const controller = (await make({
      wake: `local bytes = {}
        for i = 1, 40 do bytes[i] = i end
        local nonce = {}
        for i = 1, 13 do nonce[i] = 50 + i end
        board.cipher.load(0, bytes, 3)
        board.cipher.copy(1, 0)
        board.cipher.derive(2, 1, bytes, 2, 3)
        local message = {9, 10, 11, 12}
        board.cipher.seal(5, nonce, message, 1, 2)
        board.storage.put(100, message, 0, #message)
        board.storage.put(board.cipher.open(4, nonce, message, 1, 2), message, 0, 4)
        message[4] = 99
        board.storage.put(board.cipher.open(4, nonce, message, 1, 2), message, 0, 4)
        board.entropy.fill(message, 1, 2)
        board.storage.put(200, message, 0, 4)
        return now + 1`,
    }))(board);
    controller.boot(0, ResetCause.power, 0, 0);
    controller.wake(1);
    const nonce = Array.from({ length: 13 }, (_, i) => 51 + i);
    const tag = new Array<number>(16).fill(7);
    expect(calls).toEqual([
      ["load", 0, Array.from({ length: 32 }, (_, i) => i + 4)], ["copy", 1, 0], ["derive", 2, 1, [1, 2], [3, 4, 5]],
      ["seal", 5, nonce, [10, 11]], ["put", 100, [9, 11, 12, ...tag]],
      ["open", 4, nonce, [11, 12, ...tag]], ["put", 1, [9, 10, 11, 7]],
      ["open", 4, nonce, [10, 11, 99, ...tag.slice(1)]], ["put", 0, [9, 10, 11, 99]],
      ["put", 200, [9, 100, 101, 99]],
    ]);
  });

  test("bytes that came end at their count, and stand in one and the same list", async () => {
    const { board, calls } = smallBoard();
    const controller = (await make({ chunk: "local before", received: `board.storage.put(before == bytes and 1 or 0, bytes, 0, count)
      before = bytes
      return now + 1` }))(board);
    controller.received(1, [1, 2, 3, 4], 4);
    controller.received(2, [9, 8], 1);
    expect(calls).toEqual([["put", 0, [1, 2, 3, 4]], ["put", 1, [9]]]);
    expect(() => controller.received(3, new Array<number>(65).fill(0), 65)).toThrow("65 bytes came");
  });

  test.each([
    ["a float", "return now + 0.5", "a deadline given to the host is no integer"],
    ["a float that is whole", "return now / 1", "a deadline given to the host is no integer"],
    ["nothing", "", "a deadline given to the host is no integer"],
    ["past 2^53", "return 9007199254740993", "past 2^53"],
    ["a float to the board", "board.sounder.sound(1, 2.0) return now + 1", "no integer"],
    ["a hole in a list", "board.link.send({1}, 2) return now + 1", "item 1 of a list given to the host is no integer"],
    ["too few arguments", "board.sounder.sound(1) return now + 1", "board.sounder.sound takes 2 arguments and got 1"],
    ["a self too many", "board.motor:pulse() return now + 1", "board.motor.pulse takes 0 arguments and got 1"],
    ["no list to be filled", "board.entropy.fill(5, 0, 1) return now + 1", "no list to be filled from 0 on"],
    ["no list", "board.link.send(5, 1) return now + 1", "no list of 1 integers"],
  ])("%s is refused", async (_, wake, message) => {
    const controller = (await make({ wake }))(smallBoard().board);
    controller.boot(0, ResetCause.power, 0, 0);
    expect(() => controller.wake(1)).toThrow(message);
    expect(() => controller.wake(2)).toThrow("must make a new one");
  });

  test.each([0.5, NaN, -0, 2 ** 53])("the host cannot give %d", async (value) => {
    const controller = (await make({}))(smallBoard().board);
    expect(() => controller.wake(value)).toThrow("cannot be given to a controller");
  });
});

describe("the environment", () => {
  test.each(["os", "require", "print", "string", "setmetatable", "_G"])("has no %s", async (name) => {
    const controller = (await make({ wake: `local x = ${name} return now + 1` }))(smallBoard().board);
    expect(() => controller.wake(1)).toThrow(`unknown global "${name}"`);
  });

  test("takes no global", async () => {
    const controller = (await make({ wake: "leaked = 1 return now + 1" }))(smallBoard().board);
    expect(() => controller.wake(1)).toThrow('unknown global "leaked"');
  });

  test("has four functions of math", async () => {
    const controller = (await make({ wake: "return now + math.floor(7 / 2) + math.abs(-1) + math.min(3, 4) + math.max(5, 6)" }))(smallBoard().board);
    expect(controller.wake(0)).toBe(13);
    const random = (await make({ wake: "return now + math.random(5)" }))(smallBoard().board);
    expect(() => random.wake(0)).toThrow("random");
  });

  test("lets nothing call the board before boot", async () => {
    const text = "return { createController = function(board) board.motor.pulse() end }";
    const factory = await createLuaFactory({ text, sources: [], where: () => undefined });
    expect(() => factory(smallBoard().board)).toThrow("board.motor.pulse was called before boot");
  });

  test.each([["return 5", "no createController"], ["return { createController = function() return { boot = 1 } end }", "no entry boot"], ["retrun 5", "does not load"]])(
    "wants a controller: %s", async (text, message) => {
      await expect((async () => (await createLuaFactory({ text, sources: [], where: () => undefined }))(smallBoard().board))()).rejects.toThrow(message);
    });
});

describe("errors", () => {
  test("tell where in TypeScript it was", async () => {
    const controller = (await make({ wake: "\n\nlocal x = nil return x + 1" }))(smallBoard().board);
    expect(() => controller.wake(1)).toThrow(/source\.ts:800 \(lua:8\): attempt to perform arithmetic on a nil value \(local 'x'\)[^]*stack traceback/);
  });

  test("of the board come through as they are, with what was written before", async () => {
    const { board } = smallBoard();
    const factory = await make({ wake: "board.retained[3] = 5 board.panic(905) board.retained[3] = 6 return now + 1" });
    const controller = factory(board);
    expect(() => controller.wake(1)).toThrow(BoardPanic);
    expect(board.retained[2]).toBe(5);
    expect(() => factory(board).wake(1)).toThrow(new BoardPanic(905));
  });

  test("do not wear out the stack of wasm", async () => {
    const { board } = smallBoard();
    const factory = await make({ wake: "board.panic(905)" });
    for (let i = 0; i < 5000; i++) expect(() => factory(board).wake(1)).toThrow(BoardPanic);
  });

  test("a panic that returns is no panic", async () => {
    const { board } = smallBoard();
    const quiet = { ...board, panic: (() => undefined) as unknown as (reason: number) => never };
    const controller = (await make({ wake: "board.panic(905) return now + 1" }))(quiet);
    expect(() => controller.wake(1)).toThrow("board.panic returned");
  });
});

describe("retained memory", () => {
  test("is one content on both sides, at every instant between entries", async () => {
    const { board } = smallBoard();
    const controller = (await make({
      boot: `for i = 1, ${Retained.slots} do board.retained[i] = board.retained[i] + i end return now + 1`,
      event: "board.retained[a] = b return now + 1",
      wake: `return now + board.retained[${Retained.slots}]`,
    }))(board);
    board.retained[10] = -3;
    controller.boot(0, ResetCause.power, 0, 0);
    expect(board.retained).toEqual(Array.from({ length: Retained.slots }, (_, i) => (i === 10 ? -3 : 0) + i + 1));
    for (const value of [0, -1, 1, 2 ** 31, -(2 ** 31), 2 ** 32, 2 ** 53 - 1, 1 - 2 ** 53, 4_294_967_295]) {
      controller.event(1, 1, Retained.slots, value);
      expect(board.retained[Retained.slots - 1]).toBe(value);
    }
    for (const bit of [0, 17, 31, 32, 52]) {
      board.retained[Retained.slots - 1] = 2 ** bit;
      expect(controller.wake(0)).toBe(2 ** bit);
    }
  });

  test("survives a reset, and an entry that wrote nothing", async () => {
    const { board } = smallBoard();
    const factory = await make({ wake: "board.retained[1] = board.retained[1] + 1 return now + 1", event: "return now + 1" });
    for (let life = 0; life < 20; life++) {
      const controller = factory(board);
      controller.wake(1);
      controller.event(1, 1, 0, 0);
    }
    expect(board.retained[0]).toBe(20);
  });

  test.each([
    ["board.retained[1] = 0.5", "slot 0, what is not an integer"], ["board.retained[1] = 2^53", "slot 0, what is not an integer"], [`board.retained[${Retained.slots}] = nil`, `slot ${Retained.slots - 1}`],
    ["board.retained[2] = 1 << 60", "slot 1"], ["board.retained[2] = 0.0", "slot 1"],
  ])("refuses %s", async (write, message) => {
    const controller = (await make({ wake: `${write} return now + 1` }))(smallBoard().board);
    expect(() => controller.wake(1)).toThrow(message);
  });

  test("has the size of the contract", async () => {
    const factory = await make({});
    expect(() => factory({ ...smallBoard().board, retained: [1, 2] })).toThrow(`2 slots instead of ${Retained.slots}`);
    const { board } = smallBoard();
    board.retained[7] = 1.5;
    expect(() => factory(board)).toThrow("slot 7 is 1.5");
  });
});

describe("the heap", () => {
  test("is collected when an entry leaves 8 KB of garbage", async () => {
    const factory = await make({ wake: "local t = {1, 2, 3, 4} return now + #t" });
    const controller = factory(smallBoard().board);
    controller.boot(0, ResetCause.power, 0, 0);
    const before = factory.memory();
    for (let i = 0; i < 2000; i++) controller.wake(i);
    const after = factory.memory();
    expect(after.live - before.live).toBeLessThan(64);
    expect(after.peak).toBeGreaterThan(before.live + 8000);
    expect(after.peak).toBeLessThan(before.live + 10_000);
  });

  test("counts live lists, and its limit holds", async () => {
    const chunk = "local list = {}";
    const wake = "for i = 1, 500 do list[#list + 1] = i end return now + 1";
    const factory = await make({ chunk, wake });
    const controller = factory(smallBoard().board);
    controller.wake(1);
    expect(factory.listSlots()).toBe(512);
    const capped = (await make({ chunk, wake }, { heap_bytes_max: 8000 }))(smallBoard().board);
    expect(() => capped.wake(1)).toThrow("not enough memory");
    expect((await make({ chunk, wake }, { heap_bytes_max: 24_000 }))(smallBoard().board).wake(1)).toBe(2);
  });

  test("is smaller without names and lines, with the same results", async () => {
    const parts = { wake: "local pulses_of_this_test = now * 3 return pulses_of_this_test" };
    const [full, stripped] = [await make(parts), await make(parts, { stripped: true })];
    expect([full, stripped].map((factory) => factory(smallBoard().board).wake(14))).toEqual([42, 42]);
    expect(stripped.bytecode).toBeLessThan(full.bytecode);
    expect(stripped.memory().used).toBeLessThan(full.memory().used);
  });

  test("of a controller that broke says so", async () => {
    const error = await (async () => (await make({ boot: "error('x')" }))(smallBoard().board).boot(0, 1, 0, 0))().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(LuaProgramError);
  });
});
