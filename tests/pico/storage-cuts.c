/* The image's storage on a flash in memory, its power cut again and again. */
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "flash.h"
#include "hardware.h"
#include "storage.h"

/*
 * Takes a seed and a number of lives. In each life transactions and tallies are written until power is cut within a flash operation, also within those
 * of the boot after it. Then everything must be as before the operation or as after it: part 1 holds the transaction's number n, part 2
 * n / 7 (written with each seventh), the newest record's `a` is n, and the tally is short of n by at most the pulses that a cut took.
 */
enum { FLASH_SIZE = 2 * 1024 * 1024, VALUES = 200 };

static uint8_t flash[FLASH_SIZE];
static long operations, cut_at = -1;
static jmp_buf power_off;
static uint64_t transaction, tally, tally_posted;
static uint32_t sequence;

uint32_t crc32(uint32_t before, const void *bytes, size_t count) {
  const uint8_t *at = bytes;
  uint32_t crc = ~before;
  while (count-- > 0) {
    crc ^= *at++;
    for (int bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0xedb88320u : crc >> 1;
  }
  return ~crc;
}

void flash_init(void) {}

void watchdog_feed(void) {}

const void *flash_at(uint32_t address) {
  return flash + address;
}

bool flash_blank(uint32_t address, size_t count) {
  for (size_t i = 0; i < count; i++) {
    if (flash[address + i] != 0xff) return false;
  }
  return true;
}

void flash_erase(uint32_t address) {
  bool cut = operations++ == cut_at;
  memset(flash + address, 0xff, cut ? SECTOR / 2 : SECTOR);
  if (cut) longjmp(power_off, 1);
}

bool flash_write(uint32_t address, const void *bytes, size_t count) {
  const uint8_t *from = bytes;
  for (size_t done = 0; done < count;) {
    size_t at = (address + done) % PAGE, part = count - done < PAGE - at ? count - done : PAGE - at;
    bool cut = operations++ == cut_at;
    size_t whole = cut ? (size_t)rand() % (part + 1) : part;
    for (size_t i = 0; i < whole; i++) flash[address + done + i] &= from[done + i];
    if (cut) {
      /* Of the byte at the edge some bits. */
      if (whole < part) flash[address + done + whole] &= from[done + whole] | (uint8_t)rand();
      longjmp(power_off, 1);
    }
    done += part;
  }
  return memcmp(flash + address, bytes, count) == 0;
}

static void fail(const char *what, uint64_t seen, uint64_t wanted) {
  printf("%s: seen %llu, expected %llu\n", what, (unsigned long long)seen, (unsigned long long)wanted);
  exit(1);
}

static uint64_t first_value(uint32_t part) {
  PartReader reader;
  int32_t count = storage_read(part, &reader);
  if (count < 0) fail("a part is damaged", part, 0);
  return count == 0 ? 0 : storage_next(&reader);
}

static void check(void) {
  int64_t record[RECORD_VALUES] = { 0 };
  uint64_t found = first_value(1), last = storage_last_sequence();
  if (found != transaction && found + 1 != transaction) fail("a transaction is neither old nor new", found, transaction);
  if (last != 0 && !storage_record((uint32_t)last, record)) fail("the newest record is missing", last, last);
  if ((uint64_t)record[3] != found) fail("records and parts are mixed", (uint64_t)record[3], found);
  if (first_value(2) != found / 7) fail("parts are mixed", first_value(2), found / 7);
  uint64_t total = storage_tallied(0);
  if (total != tally && total != tally_posted) fail("a tally is wrong", total, tally);
  transaction = found;
  sequence = (uint32_t)last;
  tally = tally_posted = total;
}

static void write_one(void) {
  uint64_t n = ++transaction, at_ms;
  const int64_t values[5] = { (int64_t)n * 10, (int64_t)n * 10 + 5, (int64_t)n, -3, 7 };
  storage_put(1, VALUES);
  for (uint64_t i = 0; i < VALUES; i++) storage_value(i == 0 ? n : (n * i) % 100000);
  if (n % 7 == 0) {
    storage_put(2, 1);
    storage_value(n / 7);
  }
  for (uint64_t i = 0; i <= n % 3; i++) storage_append(++sequence, (uint32_t)(n % 200), values);
  storage_commit(n * 10);
  storage_write();
  while (storage_ended(&at_ms)) {
    if (storage_take() != FAULT_OK) fail("a write failed", n, n);
  }
  tally_posted = tally + 1;
  storage_tally(0);
  tally = tally_posted;
  if (n % 3 == 0) storage_tidy();
}

/* Boots until a boot is not cut short. */
static void boot(void) {
  cut_at = rand() % 5 == 0 ? operations + rand() % 3 : -1;
  if (setjmp(power_off)) cut_at = -1;
  storage_open();
  cut_at = -1;
}

int main(int count, char **given) {
  if (count != 3) return 2;
  srand((unsigned)atoi(given[1]));
  memset(flash, 0xff, sizeof flash);
  boot();
  for (int life = 0; life < atoi(given[2]); life++) {
    cut_at = operations + rand() % 400;
    if (!setjmp(power_off)) {
      for (;;) write_one();
    }
    boot();
    check();
  }
  int64_t record[RECORD_VALUES];
  for (uint32_t each = storage_first_sequence(); each <= storage_last_sequence(); each++) {
    if (!storage_record(each, record)) fail("a record is missing", each, each);
  }
  printf("%llu transactions, %u records kept\n", (unsigned long long)transaction, storage_last_sequence() - storage_first_sequence() + 1);
  return 0;
}
