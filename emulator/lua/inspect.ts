// Looks into a controller's heap: how much of it is lists of numbers.

import type { LuaState, LuaWasm } from "./wasm";

/**
 * Walks all that can be reached, through tables and captured variables. Lua grows a list's array by doubling, so its
 * slots are the next power of two.
 */
const WALK = `
local retained = (...)
local seen, slots = {[retained] = true}, 0
local function walk(value)
  local kind = type(value)
  if (kind ~= "table" and kind ~= "function") or seen[value] then return end
  seen[value] = true
  if kind == "function" then
    local i = 1
    while true do
      local name, held = debug.getupvalue(value, i)
      if not name then return end
      walk(held)
      i = i + 1
    end
  end
  if type(rawget(value, 1)) == "number" then
    local size = 1
    while size < rawlen(value) do size = size * 2 end
    slots = slots + size
  end
  for _, held in next, value do walk(held) end
end
for i = 2, select("#", ...) do walk((select(i, ...))) end
return slots
`;

/** Slots of the lists of numbers reachable from the values at `roots`, without the list at `except`. */
export function countListSlots(wasm: LuaWasm, L: LuaState, roots: readonly number[], except: number): number {
  const { api } = wasm;
  const top = api._lua_gettop(L);
  wasm.openDebugLibrary(L);
  wasm.loadChunk(L, new TextEncoder().encode(WALK), "walk");
  for (const index of [except, ...roots]) api._lua_pushvalue(L, index);
  const status = api._lua_pcallk(L, 1 + roots.length, 1, 0, 0, 0);
  if (status !== 0) throw new Error(`looking into the heap: ${wasm.text(L, -1)}`);
  const slots = api._lua_tonumberx(L, -1, 0);
  api._lua_settop(L, top);
  return slots;
}
