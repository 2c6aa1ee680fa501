/* The host of the controller: logical time, pending events, what Lua may call. */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "lua.h"

/* As hal/controller.ts has them. */
enum { ENTRY_BOOT = 0, ENTRY_WAKE = 1, ENTRY_EVENT = 2, ENTRY_RECEIVED = 3 };
enum { SOURCE_MOTOR = 1, SOURCE_ROTOR = 2, SOURCE_SUPPLY = 3, SOURCE_STORAGE = 4, SOURCE_SELF_TEST = 5 };
enum { MOTOR_CONFIRMED = 1, MOTOR_MISSED = 2, ROTOR_LATE = 1, ROTOR_UNCOMMANDED = 2, ROTOR_REVERSE = 3 };
enum { SINCE_MS_MAX = 86400000 };
enum { DEADLINE_AHEAD_MS = 36000000, LINK_AHEAD_MS = 60, BYTES_PER_CHUNK = 64 };

/* Something to call the controller for. */
typedef struct {
  uint32_t entry;
  uint64_t at_ms;
  /* ENTRY_EVENT: source and its numbers. ENTRY_RECEIVED: a is the count. */
  uint32_t source, a, b;
} Event;

/* events.c: what is pending, in the order of logical time. */
void events_init(void);
/* Logical time of the entry that runs, or of the last one. */
uint64_t events_now_ms(void);
void events_enter(uint64_t at_ms);
/* The deadline that is kept; 0 if none is any more. */
void events_set_deadline(uint64_t at_ms);
uint64_t events_deadline_ms(void);
/* What is next, of all whose time has come; takes it. `bytes` gets those of a chunk. */
bool events_take(Event *event, uint8_t bytes[BYTES_PER_CHUNK]);
bool events_any(void);
/* When the timer must wake the processor, at the latest; in timer microseconds. */
uint64_t events_wake_us(void);
bool events_in_flight(void);
void events_pulse(void);
void events_sample(void);
void events_link_power(bool on);
bool events_link_on(void);

/* lua-board.c: pushes the board, with everything in it. */
void board_push(lua_State *L);

/* host.c: runs the application at this address for good. `boot_ms` is the logical time of the entry boot. */
__attribute__((noreturn)) void host_run(const void *chunk, uint32_t cause, uint32_t detail, uint64_t boot_ms);
