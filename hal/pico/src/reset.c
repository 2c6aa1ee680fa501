/* Resets: the block of memory that a warm one keeps, causes, and pump time. */
#include "reset.h"
#include <stdbool.h>
#include <string.h>
#include "hardware.h"
#include "registers.h"
#include "trace.h"

enum { RETAINED_MAGIC = 0x31525449 /* "ITR1" */, UNKNOWN_MS = 0 };
static const uint64_t SLOT_MASK = (1ull << 53) - 1;

/* First in memory, at an address of its own, so that another build finds it where this one left it. */
static struct {
  uint64_t slots[SLOTS];
  uint32_t magic;
  /* The panic that resets, or 0: then the next reset is the watchdog's. */
  uint32_t panic;
  /* Pump time and logical time of the reset that is to come, and a check over all of it. */
  uint64_t reset_us;
  uint64_t reset_ms;
  /* Warm resets since a program last kept a deadline. */
  uint32_t in_a_row;
  uint64_t check;
  char message[MESSAGE_SIZE];
} kept __attribute__((section(".noinit")));

static uint64_t offset_us;
/* Pump time is known: before that a fault must not write over what the reset before kept. */
static bool going;

static RAMCODE uint64_t check_value(void) {
  return ~(kept.reset_us ^ (kept.reset_ms << 13) ^ ((uint64_t)kept.panic << 47) ^ ((uint64_t)kept.in_a_row << 32) ^ kept.magic);
}

RAMCODE uint64_t pump_us(void) {
  return timer_us() + offset_us;
}

uint64_t timer_at(uint64_t at_pump_us) {
  /* By the difference: a bench begins before pump time 0, by as much as a boot takes. */
  return (int64_t)(at_pump_us - offset_us) > 0 ? at_pump_us - offset_us : 0;
}

uint64_t pump_at(uint64_t at_timer_us) {
  return at_timer_us + offset_us;
}

static RAMCODE void expect(uint64_t at_us, uint64_t logical_ms, uint32_t panic) {
  kept.magic = RETAINED_MAGIC;
  kept.reset_us = at_us;
  kept.reset_ms = logical_ms;
  kept.panic = panic;
  kept.check = check_value();
}

void reset_over(void) {
  kept.in_a_row = 0;
  kept.check = check_value();
}

void keep_alive(uint64_t logical_ms) {
  watchdog_feed();
  expect(pump_us() + WATCHDOG_MS * 1000u, logical_ms + WATCHDOG_MS, 0);
}

/* Power-on, or a warm reset: the watchdog's, or the reset pin, after which memory is whole as well. */
static uint32_t find_cause(void) {
  if (kept.magic != RETAINED_MAGIC || kept.check != check_value()) return CAUSE_POWER;
  uint32_t chip = REG(CHIP_RESET);
  if (REG(WATCHDOG_REASON) == 0 && ((chip & CHIP_RESET_POR) || !(chip & CHIP_RESET_RUN))) return CAUSE_POWER;
  return kept.panic == 0 ? CAUSE_WATCHDOG : CAUSE_PANIC;
}

/* A person pressed RUN: not when the watchdog would have bitten, but at some time after it was fed last. */
static uint64_t before_bite(uint64_t at, uint64_t span) {
  return REG(WATCHDOG_REASON) != 0 || at < span ? at : at - span;
}

static uint64_t later(uint64_t a, uint64_t b) {
  return a > b ? a : b;
}

/*
 * A program that cannot even boot resets time and again, and its own rule for repeated resets never comes to act. So what it kept in memory is first
 * taken for lost, as after a power loss, and in the end it is not started any more.
 */
static uint32_t count_reset(uint32_t cause) {
  kept.in_a_row = cause == CAUSE_POWER ? 0 : kept.in_a_row + 1;
  kept.check = check_value();
  if (kept.in_a_row == RESETS_VOID) memset(kept.slots, 0, sizeof kept.slots);
  return kept.in_a_row;
}

Reset reset_find(uint64_t stored_ms) {
  Reset found = { find_cause(), 0, stored_ms, 0 };
  if (found.cause == CAUSE_PANIC) found.detail = kept.panic;
  found.in_a_row = count_reset(found.cause);
  if (REG(WATCHDOG_SCRATCH(4)) == BENCH_CLOCK) {
    found.at_ms = ((uint64_t)REG(WATCHDOG_SCRATCH(6)) << 32) | REG(WATCHDOG_SCRATCH(5));
    offset_us = found.at_ms * 1000;
  } else if (found.cause == CAUSE_POWER) {
    offset_us = stored_ms * 1000;
    found.detail = CLOCK_STOOD;
  } else {
    found.at_ms = before_bite(kept.reset_ms == UNKNOWN_MS ? kept.reset_us / 1000 : kept.reset_ms, WATCHDOG_MS);
    /* Never before what storage has a stamp of. */
    found.at_ms = later(found.at_ms, stored_ms);
    offset_us = later(before_bite(kept.reset_us, WATCHDOG_MS * 1000u), stored_ms * 1000);
  }
  going = true;
  REG(WATCHDOG_SCRATCH(4)) = 0;
  return found;
}

static RAMCODE __attribute__((noreturn)) void reset_now(void) {
  motor_off();
  REG(PSM_WDSEL) = PSM_WDSEL_ALL;
  REG_SET(WATCHDOG_CTRL) = WATCHDOG_TRIGGER;
  for (;;) {}
}

void reset_by_panic(uint32_t number, uint64_t logical_ms, const char *text) {
  motor_off();
  uint32_t i = 0;
  while (text != 0 && text[i] != 0 && i < MESSAGE_SIZE - 1) {
    kept.message[i] = text[i];
    i++;
  }
  kept.message[i] = 0;
  expect(pump_us(), logical_ms, number);
  reset_now();
}

/* All of it in RAM: a fault may come while flash is written. Logical time is left to the boot, since a division is in flash. */
RAMCODE void reset_by_fault(void) {
  motor_off();
  trace(TRACE_PANIC, PANIC_FAULT, 0, 0);
  kept.message[0] = 0;
  /* Before time is known, only the number changes: the time is still that of the reset before. */
  if (going) expect(pump_us(), UNKNOWN_MS, PANIC_FAULT);
  else {
    kept.panic = PANIC_FAULT;
    kept.check = check_value();
  }
  reset_now();
}

int64_t retained_get(uint32_t slot) {
  return (int64_t)(kept.slots[slot] & SLOT_MASK);
}

void retained_put(uint32_t slot, int64_t value) {
  kept.slots[slot] = (uint64_t)value & SLOT_MASK;
}

uint32_t retained_address(void) {
  return (uint32_t)(uintptr_t)kept.slots;
}
