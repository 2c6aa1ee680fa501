/* The image's storage, told by lines what to do on a given flash, life by life. */
#define _POSIX_C_SOURCE 200809L
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "flash.h"
#include "hardware.h"
#include "storage.h"

/*
 * Reads lives, each as "CUT_AT COUNT", a line end, the content of storage, and COUNT bytes of lines. CUT_AT is the number of the flash operation, counted from 1, before which power goes
 * (0: none). Each life has a process of its own, made by fork: with the sanitizers the start of a program costs a hundred times as much. The content after each goes to the given file.
 * Lines: p PART COUNT VALUES, a SEQUENCE KIND VALUES, c MS (commits and writes), t BOOK COUNT, i (tidies), l 0 or 1 (writes but of tallies have no effect).
 * Prints what came of each, then what storage holds, or the operation that was cut; a line "end" closes each life.
 */
enum { TALLIES = 8 * SECTOR };

static uint8_t flash[STORAGE_AT + STORAGE_SIZE];
static long operations, cut_at;
static int locked;
static jmp_buf power_off;
static FILE *lines;

uint32_t crc32(uint32_t before, const void *bytes, size_t count) {
  const uint8_t *at = bytes;
  uint32_t crc = ~before;
  while (count-- > 0) {
    crc ^= *at++;
    for (int bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0xedb88320u : crc >> 1;
  }
  return ~crc;
}

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

static void operation(const char *what, uint32_t address, const uint8_t *bytes, size_t count) {
  if (++operations != cut_at) return;
  printf("cut %s %u %zu ", what, address - STORAGE_AT, count);
  for (size_t i = 0; i < count; i++) printf("%02x", bytes == 0 ? 0xff : flash[address + i] & bytes[i]);
  printf("\n");
  longjmp(power_off, 1);
}

static int takes(uint32_t address) {
  return !locked || address - STORAGE_AT < TALLIES;
}

void flash_erase(uint32_t address) {
  operation("erase", address, 0, SECTOR);
  if (takes(address)) memset(flash + address, 0xff, SECTOR);
}

bool flash_write(uint32_t address, const void *bytes, size_t count) {
  const uint8_t *from = bytes;
  for (size_t done = 0; done < count;) {
    size_t at = (address + done) % PAGE, part = count - done < PAGE - at ? count - done : PAGE - at;
    operation("program", (uint32_t)(address + done), from + done, part);
    for (size_t i = 0; i < part && takes(address); i++) flash[address + done + i] &= from[done + i];
    done += part;
  }
  return memcmp(flash + address, bytes, count) == 0;
}

static long long number(void) {
  long long value;
  if (fscanf(lines, "%lld", &value) != 1) exit(3);
  return value;
}

static void obey(char order) {
  int64_t values[5];
  uint64_t at_ms;
  if (order == 'p') {
    uint32_t part = (uint32_t)number(), count = (uint32_t)number();
    storage_put(part, count);
    for (uint32_t i = 0; i < count; i++) storage_value((uint64_t)number());
  } else if (order == 'a') {
    uint32_t sequence = (uint32_t)number(), kind = (uint32_t)number();
    for (int i = 0; i < 5; i++) values[i] = number();
    storage_append(sequence, kind, values);
  } else if (order == 'c') {
    storage_commit((uint64_t)number());
    storage_write();
    if (storage_ended(&at_ms)) printf("written %s\n", storage_take() == FAULT_OK ? "true" : "false");
  } else if (order == 't') {
    uint32_t book = (uint32_t)number();
    for (long long count = number(); count > 0; count--) storage_tally(book);
  } else if (order == 'i') printf("tidied %s\n", storage_tidy() ? "true" : "false");
  else if (order == 'l') locked = (int)number();
  else exit(3);
}

static void tell(void) {
  int64_t values[RECORD_VALUES];
  PartReader reader;
  for (uint32_t part = 0; part < PARTS; part++) {
    int32_t count = storage_read(part, &reader);
    printf("part %u: %d", part, count);
    for (int32_t i = 0; i < count; i++) printf(" %llu", (unsigned long long)storage_next(&reader));
    printf("\n");
  }
  printf("tallies %llu %llu\n", (unsigned long long)storage_tallied(0), (unsigned long long)storage_tallied(1));
  printf("log %u to %u, latest %llu\n", storage_first_sequence(), storage_last_sequence(), (unsigned long long)storage_latest_ms());
  for (uint32_t each = storage_first_sequence(); each != 0 && each <= storage_last_sequence(); each++) {
    if (!storage_record(each, values)) continue;
    printf("%u:", each);
    for (int i = 0; i < RECORD_VALUES; i++) printf(" %lld", (long long)values[i]);
    printf("\n");
  }
}

/* One life, on the content in `flash`. */
static void live(void) {
  char order;
  if (setjmp(power_off)) return;
  storage_open();
  if (storage_format() != STORAGE_FORMAT) {
    printf("format %u\n", storage_format());
    return;
  }
  while (fscanf(lines, " %c", &order) == 1) obey(order);
  tell();
}

/* In the life's own process: gives its exit code. */
static int life(char *text, size_t count, FILE *after) {
  lines = fmemopen(text, count, "r");
  if (lines == 0) return 2;
  live();
  fclose(lines);
  printf("end\n");
  return fwrite(flash + STORAGE_AT, 1, STORAGE_SIZE, after) == STORAGE_SIZE && fflush(after) == 0 && fflush(stdout) == 0 ? 0 : 2;
}

int main(int count, char **given) {
  size_t bytes;
  int status;
  if (count != 2) return 2;
  FILE *after = fopen(given[1], "ab");
  if (after == 0) return 2;
  while (scanf("%ld %zu", &cut_at, &bytes) == 2 && getchar() == '\n') {
    char *text = malloc(bytes);
    if (text == 0 || fread(flash + STORAGE_AT, 1, STORAGE_SIZE, stdin) != STORAGE_SIZE || fread(text, 1, bytes, stdin) != bytes) return 2;
    pid_t child = fork();
    /* Without what is done at an exit: the search for leaks takes a tenth of a second, and storage has no heap. */
    if (child == 0) _exit(life(text, bytes, after));
    free(text);
    if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status)) return 4;
    if (WEXITSTATUS(status) != 0) return WEXITSTATUS(status);
  }
  return feof(stdin) && fclose(after) == 0 ? 0 : 2;
}
