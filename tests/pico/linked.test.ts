// A program linked in flash: Lua's own texts, many texts, and no byte changed.

import { describe, expect, test } from "vitest";
import { Bench } from "../../emulator/bench";
import { buildFirmware } from "../../emulator/cli/firmware";
import { luaBytecode } from "../../emulator/lua/host";
import type { Pico } from "../../emulator/pico/pico";
import { HostEvent, TraceKind } from "../../emulator/trace";
import { packChunk } from "../../hal/pico/tools/chunk";
import { Chunk, Flash, Slot } from "../../hal/pico/tools/layout";
import { readSlot } from "../../hal/pico/tools/slot";
import { machineWith } from "./broken";
import { withoutImage } from "./image";

const AT = Flash.slot - Flash.base;
/** What the planted program ends with. */
const GOOD = 906;
const BAD = 907;

/** Names of events, a word of the lexer and the message about memory: a new state of Lua has them before the program. Text made at run time must be the same as in flash. */
const OWN_TEXTS = `
local names = { __index = 1, __len = 2, __gc = 3, ["end"] = 4, _ENV = 5, ["not enough memory"] = 6 }
local two, made = "__", { __newindex = 7 }
good = names[two .. "index"] == 1 and names[two .. "len"] == 2 and names[two .. "gc"] == 3 and names["e" .. "nd"] == 4
  and names["_" .. "ENV"] == 5 and names["not enough" .. " memory"] == 6 and made[two .. "newindex"] == 7
  and #board.retained > 8 and board.retained[1] ~= nil and board.retained[1000] == nil`;

/** Texts enough to fill Lua's table of them, so that it wants a larger one, twice; the first are garbage when the second are made. */
const MANY_TEXTS = `
local letters = { "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p" }
local function filled(word)
  local all, count = {}, 0
  for i = 1, 16 do for j = 1, 16 do all[word .. letters[i] .. letters[j]] = i * 16 + j end end
  for i = 1, 16 do for j = 1, 16 do if all[word .. letters[i] .. letters[j]] == i * 16 + j then count = count + 1 end end end
  return count
end
good = filled("one ") == 256 and filled("two ") == 256 and real["create" .. "Controller"] == real.createController`;

/** The number that the program gives up with, which does `lua` at its first wake. */
async function told(lua: string): Promise<{ readonly panics: readonly (number | undefined)[]; readonly pico: Pico; readonly before: Uint8Array }> {
  const machine = await machineWith((firmware) => `local real = (function()
${firmware}end)()
local create = real.createController
real.createController = function(board)
  local controller = create(board)
  controller.wake = function(at)
    local good = false
    ${lua}
    if good then board.panic(${GOOD}) end
    board.panic(${BAD})
  end
  return controller
end
return real
`);
  const bench = new Bench({ controller: machine });
  const panics: (number | undefined)[] = [];
  bench.trace.on((kind, _at_ms, a, b) => { if (kind === TraceKind.host && a === HostEvent.panic) panics.push(b); });
  bench.powerOn();
  const pico = bench.processor as Pico;
  const before = pico.flash.bytes.slice(AT, AT + Flash.slot_size);
  for (let seconds = 0; panics.length === 0 && seconds < 120; seconds++) bench.advance_us(1_000_000);
  return { panics, pico, before };
}

function imageTests(): void {
  test.each([["texts that a new state of Lua has too", OWN_TEXTS, GOOD], ["more texts than its table takes", MANY_TEXTS, GOOD], ["nothing good", "", BAD]])("a program of %s", async (_what, lua, number) => {
    const { panics, pico, before } = await told(lua);
    expect(panics[0]).toBe(number);
    expect(Buffer.from(pico.flash.bytes.slice(AT, AT + Flash.slot_size)).equals(before)).toBe(true);
    expect(readSlot(before).version).toBe("0.0.0");
  });
}

test("linked for another place, the same program differs in its addresses, by as much", async () => {
  const bytecode = await luaBytecode(await buildFirmware());
  const here = packChunk(bytecode);
  const there = packChunk(bytecode, Flash.slot + Slot.header_size + 4096);
  expect(Buffer.from(packChunk(bytecode).bytes).equals(here.bytes)).toBe(true);
  expect([there.bytes.length, here.functions > 100, here.code + here.prototypes + here.texts]).toEqual([here.bytes.length, true, here.bytes.length]);
  const [a, b] = [here, there].map(({ bytes }) => new DataView(bytes.buffer, bytes.byteOffset)) as [DataView, DataView];
  const base = a.getUint32(Chunk.at_base, true);
  let moved = 0;
  for (let at = 0; at + 4 <= here.bytes.length; at += 4) {
    const [was, is] = [a.getUint32(at, true), b.getUint32(at, true)];
    if (was === is) continue;
    moved++;
    expect(is - was).toBe(4096);
    expect(was >= base && was < base + here.bytes.length).toBe(true);
  }
  expect(moved).toBeGreaterThan(here.functions * 2);
});

const missing = withoutImage();
if (missing === undefined) describe("a linked program on the chip", imageTests);
else test(`the image was not built, and no linked program tested: ${missing}`, () => { expect(missing).toContain("apt-get install"); });
