/* The board as Lua sees it: the functions of hal/board.ts, checked. */
#include <string.h>
#include "cipher.h"
#include "hardware.h"
#include "pump.h"
#include "reset.h"
#include "storage.h"
#include "trace.h"

static __attribute__((noreturn)) void fail(lua_State *L, const char *text) {
  lua_pushstring(L, text);
  lua_error(L);
  for (;;) {}
}

static lua_Integer integer(lua_State *L, int index) {
  if (!lua_isinteger(L, index)) fail(L, "the board was given what is no integer");
  return lua_tointegerx(L, index, NULL);
}

/* An integer from 0 to `max`. */
static uint32_t number(lua_State *L, int index, uint32_t max) {
  lua_Integer value = integer(L, index);
  if (value < 0 || value > max) fail(L, "the board was given a number outside its range");
  return (uint32_t)value;
}

static lua_Integer item(lua_State *L, int list, uint32_t i) {
  lua_rawgeti(L, list, (lua_Integer)i + 1);
  lua_Integer value = integer(L, -1);
  lua_pop(L, 1);
  return value;
}

static void must_be_list(lua_State *L, int index) {
  if (lua_type(L, index) != LUA_TTABLE) fail(L, "the board was given what is no list");
}

static void arguments(lua_State *L, int count) {
  if (lua_gettop(L) != count) fail(L, "the board was called with another number of arguments");
}

/* Copies `count` bytes of the list from index `first` on. */
static void get_bytes(lua_State *L, int list, uint32_t first, uint32_t count, uint8_t *into) {
  must_be_list(L, list);
  for (uint32_t i = 0; i < count; i++) {
    lua_Integer value = item(L, list, first + i);
    if (value < 0 || value > 255) fail(L, "the board was given what is no byte");
    into[i] = (uint8_t)value;
  }
}

static void set_bytes(lua_State *L, int list, uint32_t first, uint32_t count, const uint8_t *from) {
  must_be_list(L, list);
  for (uint32_t i = 0; i < count; i++) {
    lua_pushinteger(L, from[i]);
    lua_rawseti(L, list, (lua_Integer)(first + i) + 1);
  }
}

static int motor_pulse(lua_State *L) {
  arguments(L, 0);
  trace(TRACE_PULSE, 0, 0, 0);
  events_pulse();
  return 0;
}

static int cutoff_cut(lua_State *L) {
  arguments(L, 1);
  uint32_t cut = number(L, 1, 1);
  trace(TRACE_CUT, cut, 0, 0);
  drive_cut(cut != 0);
  return 0;
}

static int supply_sample(lua_State *L) {
  arguments(L, 0);
  trace(TRACE_SAMPLE, 0, 0, 0);
  events_sample();
  return 0;
}

static int sounder_call(lua_State *L) {
  enum { DURATION_MS_MAX = 60000 };
  arguments(L, 2);
  uint32_t tone = number(L, 1, 0xffff), duration_ms = number(L, 2, 0x7fffffff);
  trace(TRACE_SOUND, tone, duration_ms, 0);
  if (duration_ms >= 1 && duration_ms <= DURATION_MS_MAX) sounder_sound(tone, duration_ms);
  return 0;
}

static int storage_put_call(lua_State *L) {
  arguments(L, 4);
  uint32_t part = number(L, 1, 255), first = number(L, 3, 0xffff), count = number(L, 4, 0xfffe);
  must_be_list(L, 2);
  trace(TRACE_PUT, part, count, 0);
  bool room = storage_put(part, count);
  for (uint32_t i = 0; i < count; i++) {
    lua_Integer value = item(L, 2, first + i);
    if (value < 0) fail(L, "storage was given a negative value");
    trace_value(value, i);
    if (room) storage_value((uint64_t)value);
  }
  return 0;
}

static int storage_append_call(lua_State *L) {
  arguments(L, 7);
  uint32_t sequence = number(L, 1, 0xffffffff), kind = number(L, 2, 255);
  int64_t values[5];
  trace(TRACE_APPEND, sequence, kind, 0);
  for (int i = 0; i < 5; i++) {
    values[i] = integer(L, i + 3);
    trace_value(values[i], (uint32_t)i);
  }
  storage_append(sequence, kind, values);
  return 0;
}

static int storage_commit_call(lua_State *L) {
  arguments(L, 0);
  trace(TRACE_COMMIT, 0, 0, 0);
  storage_commit(events_now_ms());
  return 0;
}

static int storage_tally_call(lua_State *L) {
  arguments(L, 1);
  uint32_t book = number(L, 1, BOOKS - 1);
  uint64_t total = storage_tallied(book) + 1;
  trace(TRACE_TALLY, book, (uint32_t)total, (uint32_t)(total >> 32));
  storage_tally(book);
  return 0;
}

static int storage_tallied_call(lua_State *L) {
  arguments(L, 1);
  lua_pushinteger(L, (lua_Integer)storage_tallied(number(L, 1, BOOKS - 1)));
  return 1;
}

static int storage_read_call(lua_State *L) {
  PartReader reader;
  arguments(L, 2);
  must_be_list(L, 2);
  int32_t count = storage_read(number(L, 1, 255), &reader);
  for (int32_t i = 0; i < count; i++) {
    lua_pushinteger(L, (lua_Integer)storage_next(&reader));
    lua_rawseti(L, 2, i + 1);
  }
  lua_pushinteger(L, count);
  return 1;
}

static int storage_last_call(lua_State *L) {
  arguments(L, 0);
  lua_pushinteger(L, storage_last_sequence());
  return 1;
}

static int storage_first_call(lua_State *L) {
  arguments(L, 0);
  lua_pushinteger(L, storage_first_sequence());
  return 1;
}

static int storage_record_call(lua_State *L) {
  int64_t values[RECORD_VALUES];
  arguments(L, 2);
  must_be_list(L, 2);
  lua_Integer sequence = integer(L, 1);
  bool found = sequence > 0 && sequence <= 0xffffffff && storage_record((uint32_t)sequence, values);
  for (int i = 0; found && i < RECORD_VALUES; i++) {
    lua_pushinteger(L, values[i]);
    lua_rawseti(L, 2, i + 1);
  }
  lua_pushinteger(L, found);
  return 1;
}

static int link_send(lua_State *L) {
  uint8_t piece[64];
  arguments(L, 2);
  uint32_t count = number(L, 2, 0xffff);
  trace(TRACE_SEND, count, 0, 0);
  bool on = events_link_on(), fits = uart_room() >= count;
  for (uint32_t done = 0; done < count && fits;) {
    uint32_t part = count - done < sizeof piece ? count - done : sizeof piece;
    get_bytes(L, 1, done, part, piece);
    if (on) uart_send(piece, part);
    done += part;
  }
  lua_pushinteger(L, fits || !on);
  return 1;
}

static int link_power(lua_State *L) {
  arguments(L, 1);
  uint32_t on = number(L, 1, 1);
  trace(TRACE_POWER, on, 0, 0);
  events_link_power(on != 0);
  return 0;
}

/* Longest derivation's input or message with its tag that the wire has (protocol/limits.ts), and room to spare. */
enum { MESSAGE_BYTES = 256 };
static uint8_t message[MESSAGE_BYTES + TAG_SIZE];

/* What a bench's tap hears (emulator/devices/cipher.ts), under the same conditions. */
static void trace_bytes(uint32_t code, const uint8_t *bytes, uint32_t count) {
  trace(code, (uint32_t)(uintptr_t)bytes, count, 0);
}

static int cipher_load_call(lua_State *L) {
  arguments(L, 3);
  uint32_t slot = number(L, 1, KEY_SLOTS - 1);
  get_bytes(L, 2, number(L, 3, 0xffff), KEY_SIZE, message);
  cipher_load(slot, message);
  return 0;
}

static int cipher_derive_call(lua_State *L) {
  arguments(L, 5);
  uint32_t into = number(L, 1, KEY_SLOTS - 1), from = number(L, 2, KEY_SLOTS - 1);
  uint32_t salt = number(L, 4, MESSAGE_BYTES), info = number(L, 5, MESSAGE_BYTES);
  if (salt + info > MESSAGE_BYTES) fail(L, "the cipher was given too much to derive from");
  get_bytes(L, 3, 0, salt + info, message);
  cipher_derive(into, from, message, salt, message + salt, info);
  if (into == SLOT_OPENING_IN) trace_bytes(TRACE_INFO, message + salt, info);
  return 0;
}

static int cipher_copy_call(lua_State *L) {
  arguments(L, 2);
  uint32_t into = number(L, 1, KEY_SLOTS - 1);
  cipher_copy(into, number(L, 2, KEY_SLOTS - 1));
  if (into == SLOT_OPEN_IN) trace(TRACE_OPENED, 0, 0, 0);
  return 0;
}

static int cipher_seal_call(lua_State *L) {
  uint8_t nonce[NONCE_SIZE];
  arguments(L, 5);
  uint32_t slot = number(L, 1, KEY_SLOTS - 1), first = number(L, 4, 0xffff), count = number(L, 5, MESSAGE_BYTES);
  get_bytes(L, 2, 0, NONCE_SIZE, nonce);
  get_bytes(L, 3, first, count, message);
  if (slot == SLOT_OPEN_OUT || (slot == SLOT_OPENING_OUT && count > 0)) trace_bytes(TRACE_ANSWER, message, count);
  cipher_seal(slot, nonce, message, count);
  set_bytes(L, 3, first, count + TAG_SIZE, message);
  return 0;
}

static int cipher_open_call(lua_State *L) {
  uint8_t nonce[NONCE_SIZE];
  arguments(L, 5);
  uint32_t slot = number(L, 1, KEY_SLOTS - 1), first = number(L, 4, 0xffff), count = number(L, 5, MESSAGE_BYTES);
  get_bytes(L, 2, 0, NONCE_SIZE, nonce);
  get_bytes(L, 3, first, count + TAG_SIZE, message);
  bool good = cipher_open(slot, nonce, message, count);
  if (good && (slot == SLOT_OPEN_IN || slot == SLOT_OPENING_IN)) trace_bytes(TRACE_REQUEST, message, count);
  if (good) set_bytes(L, 3, first, count, message);
  lua_pushinteger(L, good);
  return 1;
}

static int entropy_fill_call(lua_State *L) {
  arguments(L, 3);
  uint32_t first = number(L, 2, 0xffff), count = number(L, 3, MESSAGE_BYTES);
  entropy_fill(message, count);
  /* Its log is the only means by which a pump can say it. A pulse that is in flight is waited for. */
  if (entropy_to_tell() && !events_in_flight()) {
    trace(TRACE_PANIC, PANIC_NOISE, 0, 0);
    reset_by_panic(PANIC_NOISE, events_now_ms(), "the ring oscillator's noise is stuck or biased");
  }
  trace_bytes(TRACE_RANDOM, message, count);
  set_bytes(L, 1, first, count, message);
  return 0;
}

static int panic_call(lua_State *L) {
  arguments(L, 1);
  uint32_t reason = number(L, 1, 0xffff);
  trace(TRACE_PANIC, reason, 0, 0);
  reset_by_panic(reason, events_now_ms(), "panic");
}

/* Slots count from 1 in Lua; beyond them there is nothing. */
static int retained_index(lua_State *L) {
  lua_Integer slot = lua_isinteger(L, 2) ? lua_tointegerx(L, 2, NULL) : 0;
  if (slot < 1 || slot > SLOTS) lua_pushnil(L);
  else lua_pushinteger(L, retained_get((uint32_t)slot - 1));
  return 1;
}

static int retained_newindex(lua_State *L) {
  lua_Integer slot = integer(L, 2), value = integer(L, 3);
  if (slot < 1 || slot > SLOTS || value < 0 || value > ((lua_Integer)1 << 53) - 1) fail(L, "no such slot, or no such value, in retained memory");
  retained_put((uint32_t)slot - 1, value);
  return 0;
}

static int retained_length(lua_State *L) {
  lua_pushinteger(L, SLOTS);
  return 1;
}

typedef struct { const char *group, *name; lua_CFunction function; } Call;

static const Call CALLS[] = {
  { "motor", "pulse", motor_pulse }, { "cutoff", "cut", cutoff_cut }, { "supply", "sample", supply_sample }, { "sounder", "sound", sounder_call },
  { "storage", "put", storage_put_call }, { "storage", "append", storage_append_call }, { "storage", "commit", storage_commit_call },
  { "storage", "tally", storage_tally_call }, { "storage", "tallied", storage_tallied_call }, { "storage", "read", storage_read_call },
  { "storage", "last_sequence", storage_last_call }, { "storage", "first_sequence", storage_first_call }, { "storage", "record", storage_record_call },
  { "link", "send", link_send }, { "link", "power", link_power },
  { "cipher", "load", cipher_load_call }, { "cipher", "derive", cipher_derive_call }, { "cipher", "copy", cipher_copy_call },
  { "cipher", "seal", cipher_seal_call }, { "cipher", "open", cipher_open_call }, { "entropy", "fill", entropy_fill_call },
};

static void push_retained(lua_State *L) {
  const Call meta[] = { { "", "__index", retained_index }, { "", "__newindex", retained_newindex }, { "", "__len", retained_length } };
  lua_newuserdatauv(L, 0, 0);
  lua_createtable(L, 0, 3);
  for (uint32_t i = 0; i < 3; i++) {
    lua_pushcfunction(L, meta[i].function);
    lua_setfield(L, -2, meta[i].name);
  }
  lua_setmetatable(L, -2);
}

void board_push(lua_State *L) {
  lua_createtable(L, 0, 10);
  for (uint32_t i = 0; i < sizeof CALLS / sizeof CALLS[0]; i++) {
    if (lua_getfield(L, -1, CALLS[i].group) == LUA_TNIL) {
      lua_pop(L, 1);
      lua_createtable(L, 0, 2);
      lua_pushvalue(L, -1);
      lua_setfield(L, -3, CALLS[i].group);
    }
    lua_pushcfunction(L, CALLS[i].function);
    lua_setfield(L, -2, CALLS[i].name);
    lua_pop(L, 1);
  }
  lua_pushcfunction(L, panic_call);
  lua_setfield(L, -2, "panic");
  push_retained(L);
  lua_setfield(L, -2, "retained");
}
