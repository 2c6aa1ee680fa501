/* The host: loads the application, calls it in time, collects its garbage. */
#include <math.h>
#include "allocator.h"
#include "chunk.h"
#include "flash.h"
#include "hardware.h"
#include "pump.h"
#include "registers.h"
#include "reset.h"
#include "self-test.h"
#include "storage.h"
#include "trace.h"

/*
 * The collector is stopped while the controller runs. It collects all at once when nothing else is to be done: once the heap
 * holds this much more than what lived after the last time, and the deadline is further off than a collection takes (`npm run bench`
 * prints it; it grows with what lives).
 */
enum { GARBAGE_BYTES = 8192, COLLECT_AHEAD_MS = 20 };
/* Places on the stack. */
enum { AT_BYTES = 1, AT_ENTRIES = 2, AT_TOP = AT_ENTRIES + 3 };

static lua_State *L;
static uint32_t live;
static bool feeding = true;

static __attribute__((noreturn)) void program_failed(int status) {
  uint32_t number = status == LUA_ERRMEM ? PANIC_MEMORY : PANIC_PROGRAM;
  trace(TRACE_LUA_ERROR, (uint32_t)status, number, 0);
  reset_by_panic(number, events_now_ms(), lua_type(L, -1) == LUA_TSTRING ? lua_tolstring(L, -1, NULL) : "no text");
}

static int outside(lua_State *state) {
  (void)state;
  program_failed(LUA_ERRRUN);
}

static int math_floor(lua_State *state) {
  if (lua_isinteger(state, 1)) {
    lua_settop(state, 1);
    return 1;
  }
  lua_Number value = floor(lua_tonumberx(state, 1, NULL));
  lua_Integer whole;
  if (lua_numbertointeger(value, &whole)) lua_pushinteger(state, whole);
  else lua_pushnumber(state, value);
  return 1;
}

static int math_abs(lua_State *state) {
  if (lua_isinteger(state, 1)) {
    lua_Integer value = lua_tointegerx(state, 1, NULL);
    lua_pushinteger(state, value < 0 ? (lua_Integer)(0u - (lua_Unsigned)value) : value);
  } else lua_pushnumber(state, fabs(lua_tonumberx(state, 1, NULL)));
  return 1;
}

static int extreme(lua_State *state, int wanted) {
  int best = 1;
  for (int i = 2; i <= lua_gettop(state); i++) {
    if (lua_compare(state, i, best, LUA_OPLT) == wanted) best = i;
  }
  lua_pushvalue(state, best);
  return 1;
}

static int math_min(lua_State *state) {
  return extreme(state, 1);
}

static int math_max(lua_State *state) {
  return extreme(state, 0);
}

static int unknown_global(lua_State *state) {
  lua_pushliteral(state, "unknown global ");
  lua_pushvalue(state, 2);
  lua_concat(state, 2);
  return lua_error(state);
}

/* The globals: what of `math` the firmware may use, and an error for all else. */
static void push_globals(lua_State *state) {
  static const struct { const char *name; lua_CFunction function; } functions[] = {
    { "abs", math_abs }, { "floor", math_floor }, { "max", math_max }, { "min", math_min },
  };
  lua_createtable(state, 0, 1);
  lua_createtable(state, 0, 4);
  for (uint32_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
    lua_pushcfunction(state, functions[i].function);
    lua_setfield(state, -2, functions[i].name);
  }
  lua_setfield(state, -2, "math");
  lua_createtable(state, 0, 2);
  lua_pushcfunction(state, unknown_global);
  lua_setfield(state, -2, "__index");
  lua_pushcfunction(state, unknown_global);
  lua_setfield(state, -2, "__newindex");
  lua_setmetatable(state, -2);
}

/* Runs protected: takes the chunk's address, gives the list for bytes and the four entries. */
static int set_up(lua_State *state) {
  static const char *const names[] = { "boot", "wake", "event", "received" };
  lua_createtable(state, BYTES_PER_CHUNK, 0);
  for (int i = 1; i <= BYTES_PER_CHUNK; i++) {
    lua_pushinteger(state, 0);
    lua_rawseti(state, -2, i);
  }
  lua_pushcfunction(state, chunk_load);
  lua_pushvalue(state, 1);
  lua_call(state, 1, 1);
  push_globals(state);
  lua_setupvalue(state, -2, 1);
  lua_call(state, 0, 1);
  lua_getfield(state, -1, "createController");
  board_push(state);
  lua_call(state, 1, 1);
  int made = lua_gettop(state);
  lua_pushvalue(state, 2);
  for (int i = 0; i < 4; i++) lua_getfield(state, made, names[i]);
  return 5;
}

static void collect(void) {
  uint32_t before = heap_used();
  trace(TRACE_COLLECTING, 0, 0, 0);
  lua_gc(L, LUA_GCCOLLECT);
  live = heap_used();
  trace(TRACE_COLLECTED, before, live, heap_high());
}

static void load(const void *chunk) {
  heap_init();
  L = lua_newstate(heap_allocate, NULL);
  if (L == NULL) reset_by_panic(PANIC_MEMORY, events_now_ms(), "no memory for Lua");
  lua_atpanic(L, outside);
  lua_gc(L, LUA_GCSTOP);
  lua_pushcfunction(L, set_up);
  lua_pushlightuserdata(L, (void *)(uintptr_t)chunk);
  int status = lua_pcall(L, 1, 5, 0);
  if (status != LUA_OK) program_failed(status);
  trace(TRACE_HEAP, heap_used(), heap_high(), heap_size());
}

/* The deadline that was named; one that cannot be ends the feeding, and the watchdog does the rest (hal/watchdog.ts). */
static void keep(int64_t deadline_ms) {
  int64_t now_ms = (int64_t)events_now_ms();
  trace(TRACE_DEADLINE, (uint32_t)deadline_ms, (uint32_t)((uint64_t)deadline_ms >> 32), 0);
  if (!feeding) return;
  keep_alive((uint64_t)now_ms);
  if (deadline_ms > now_ms && deadline_ms <= now_ms + DEADLINE_AHEAD_MS) {
    events_set_deadline((uint64_t)deadline_ms);
    return;
  }
  trace(TRACE_BAD_DEADLINE, 0, 0, 0);
  feeding = false;
  events_set_deadline(0);
}

/* Calls the entry that stands under its `count` arguments on the stack. */
static void call(uint32_t entry, uint64_t at_ms, int count) {
  int is_integer = 0;
  if (feeding) keep_alive(at_ms);
  trace(TRACE_ENTRY, (uint32_t)at_ms, (uint32_t)(at_ms >> 32), entry);
  int status = lua_pcall(L, count, 1, 0);
  if (status != LUA_OK) program_failed(status);
  int64_t deadline_ms = lua_tointegerx(L, -1, &is_integer);
  lua_settop(L, AT_TOP);
  keep(is_integer ? deadline_ms : 0);
  storage_write();
}

static void enter(const Event *event, const uint8_t *bytes) {
  events_enter(event->at_ms);
  lua_pushvalue(L, AT_ENTRIES + (int)event->entry);
  lua_pushinteger(L, (lua_Integer)event->at_ms);
  if (event->entry == ENTRY_WAKE) {
    reset_over();
    call(ENTRY_WAKE, event->at_ms, 1);
  } else if (event->entry == ENTRY_EVENT) {
    trace(TRACE_EVENT, event->source, event->a, event->b);
    lua_pushinteger(L, event->source);
    lua_pushinteger(L, event->a);
    lua_pushinteger(L, event->b);
    call(ENTRY_EVENT, event->at_ms, 4);
  } else {
    trace(TRACE_CHUNK, event->a, 0, 0);
    for (uint32_t i = 0; i < event->a; i++) {
      lua_pushinteger(L, bytes[i]);
      lua_rawseti(L, AT_BYTES, (lua_Integer)i + 1);
    }
    lua_pushvalue(L, AT_BYTES);
    lua_pushinteger(L, event->a);
    call(ENTRY_RECEIVED, event->at_ms, 3);
  }
}

/* Until the next interrupt, unless something has come meanwhile. */
static void sleep(void) {
  /* With interrupts off from here: bytes that become a chunk behind this look at what is pending would wait for the alarm. */
  uint32_t state = interrupts_off();
  alarm_set(ALARM_WAKE, events_wake_us());
  if (!timer_woken() && !events_any()) __asm volatile("wfi");
  interrupts_back(state);
}

static void boot(uint32_t cause, uint32_t detail, uint32_t failed, uint64_t boot_ms) {
  const uint64_t begin_us = timer_at(boot_ms * 1000);
  events_enter(boot_ms);
  while (timer_us() < begin_us) {
    alarm_set(ALARM_WAKE, begin_us);
    uint32_t state = interrupts_off();
    if (timer_us() < begin_us && !timer_woken()) __asm volatile("wfi");
    interrupts_back(state);
  }
  rotor_forget(); /* the program after a reset hears of nothing that came before it */
  trace(TRACE_SELF_TEST, failed, 0, 0);
  trace(TRACE_BOOT, cause, detail, retained_address());
  lua_pushvalue(L, AT_ENTRIES + ENTRY_BOOT);
  lua_pushinteger(L, (lua_Integer)boot_ms);
  lua_pushinteger(L, cause);
  lua_pushinteger(L, detail);
  lua_pushinteger(L, failed);
  call(ENTRY_BOOT, boot_ms, 4);
  collect();
  trace(TRACE_HEAP, heap_used(), heap_high(), heap_size());
}

/* Something that can wait, if the deadline is far enough; true if it was done. */
static bool use_idle_time(void) {
  uint64_t deadline_ms = events_deadline_ms(), now_ms = pump_us() / 1000;
  uint64_t ahead_ms = deadline_ms == 0 || deadline_ms < now_ms ? 0 : deadline_ms - now_ms;
  if (heap_used() > live + GARBAGE_BYTES && ahead_ms > COLLECT_AHEAD_MS) {
    collect();
    return true;
  }
  if (ahead_ms > COLLECT_AHEAD_MS && !events_in_flight() && self_test_idle()) return true;
  return ahead_ms > ERASE_MS && !events_in_flight() && uart_quiet() && storage_tidy();
}

void host_run(const void *chunk, uint32_t cause, uint32_t detail, uint64_t boot_ms) {
  Event event;
  uint8_t bytes[BYTES_PER_CHUNK];
  const uint32_t failed = self_test_boot(boot_ms);
  load(chunk);
  boot(cause, detail, failed, boot_ms);
  for (;;) {
    if (events_take(&event, bytes)) {
      enter(&event, bytes);
      continue;
    }
    bool used = use_idle_time();
    if (feeding) keep_alive(pump_us() / 1000);
    if (used) continue;
    sleep();
  }
}
