/* Resets: why the program starts, what pump time it is, and what memory kept. */
#pragma once
#include <stdint.h>

/* As hal/controller.ts has them. */
enum { CAUSE_POWER = 1, CAUSE_WATCHDOG = 2, CAUSE_PANIC = 3 };
/* As hal/panic.ts has them. */
enum { PANIC_PROGRAM = 910, PANIC_MEMORY = 911, PANIC_FAULT = 912, PANIC_NOISE = 914 };
/* From a reset to the call of boot, in logical time. A start takes longer at present: what is due then comes that much later. */
enum { BOOT_MS = 20 };
/* The detail of a start by power: this board has no clock that runs without. */
enum { CLOCK_STOOD = 1 };
/* Warm resets in a row, none with a deadline kept after it: from the first number on retained memory is void, from the second the program is not started. */
enum { RESETS_VOID = 5, RESETS_GIVE_UP = 10 };
enum { SLOTS = 720, MESSAGE_SIZE = 96 };

typedef struct {
  uint32_t cause;
  /* The panic's number, or 0. */
  uint32_t detail;
  /* Logical time of the reset; the entry boot comes BOOT_MS later. */
  uint64_t at_ms;
  /* How many of them in a row, this one included. */
  uint32_t in_a_row;
} Reset;

/* Finds out why the program starts and sets pump time going. `stored_ms` is the latest time that storage knows, for a power loss. */
Reset reset_find(uint64_t stored_ms);

/* Microseconds of pump time. */
uint64_t pump_us(void);
/* The timer's value at a pump time, and the other way. */
uint64_t timer_at(uint64_t at_pump_us);
uint64_t pump_at(uint64_t at_timer_us);

/* Feeds the watchdog, and keeps the time at which it will bite if nobody feeds it again; `logical_ms` is the present logical time. */
void keep_alive(uint64_t logical_ms);

/* The program kept a deadline: resets are no longer in a row. */
void reset_over(void);

/* Motor off, number kept, warm reset. `text` says more, for a person with a debugger; it may be 0. */
__attribute__((noreturn)) void reset_by_panic(uint32_t number, uint64_t logical_ms, const char *text);
/* The same from a fault handler, which knows no logical time. */
__attribute__((noreturn)) void reset_by_fault(void);

/* Retained slots, 0 to SLOTS - 1: 53 bits each, and after a power loss anything. */
int64_t retained_get(uint32_t slot);
void retained_put(uint32_t slot, int64_t value);
/* Where they stand, for a bench that flips bits. */
uint32_t retained_address(void);
