/* The self-test: memory, cipher, the program in flash, the drive's line. */
#include "self-test.h"
#include <string.h>
#include "application.h"
#include "cipher.h"
#include "flash.h"
#include "hardware.h"

/* hal/self-test.ts. */
enum { LOOK_MS = 86400000, AGAIN_MS = 60000 };
/* At once; some 0.2 ms. */
enum { PIECE = 1024 };
/* tools/image.ts: the last words of the text say how long the image is, and its CRC-32 with that word as zero. */
enum { IMAGE_BYTES_AT = 0x4f8, IMAGE_CRC_AT = 0x4fc };

extern uint32_t __heap_start[], __heap_end[];

static struct {
  uint64_t next_ms, found_ms;
  /* What was told last, or is to be told. */
  uint32_t told;
  bool any, memory_bad, cipher_bad, program_bad;
  /* How far the image has been read, and its check value up to there. */
  uint32_t at, crc;
  bool reading;
} test;

/*
 * Each word with a pattern of its own, so that an address line that does not work is seen as well, then its complement: upwards
 * and downwards, which sees what one cell does to its neighbour.
 */
static bool memory_holds(volatile uint32_t *from, volatile uint32_t *to) {
  bool good = true;
  for (volatile uint32_t *at = from; at < to; at++) *at = (uint32_t)(uintptr_t)at ^ 0x55555555u;
  for (volatile uint32_t *at = from; at < to; at++) {
    uint32_t pattern = (uint32_t)(uintptr_t)at ^ 0x55555555u;
    if (*at != pattern) good = false;
    *at = ~pattern;
  }
  for (volatile uint32_t *at = to; at-- > from;) {
    if (*at != ~((uint32_t)(uintptr_t)at ^ 0x55555555u)) good = false;
  }
  return good;
}

/*
 * A key derived from zeros, and zeros sealed with it: what comes out was computed by another implementation (Node's crypto). It goes through
 * AES, CCM, SHA-256 and HKDF. At a boot, while every slot is empty.
 */
static bool cipher_works(void) {
  enum { COUNT = 16 };
  static const char info[] = "itb-pump self-test";
  static const uint8_t zeros[KEY_SIZE] = { 0 };
  static const uint8_t expected[COUNT + TAG_SIZE] = {
    0x3d, 0x24, 0xf1, 0x8d, 0xc8, 0x79, 0xd4, 0xba, 0xef, 0x6f, 0xc3, 0xe7, 0xda, 0x77, 0x5c, 0x2f,
    0x1a, 0xb7, 0x51, 0x46, 0x46, 0xf6, 0x55, 0x4d, 0x83, 0x07, 0x40, 0x67, 0x1d, 0xe8, 0xf3, 0x68,
  };
  uint8_t message[COUNT + TAG_SIZE] = { 0 };
  cipher_load(SLOT_OPENING_IN, zeros);
  cipher_derive(SLOT_OPENING_IN, SLOT_OPENING_IN, zeros, 0, (const uint8_t *)info, sizeof info - 1);
  cipher_seal(SLOT_OPENING_IN, zeros, message, COUNT);
  bool good = memcmp(message, expected, sizeof expected) == 0 && cipher_open(SLOT_OPENING_IN, zeros, message, COUNT) && memcmp(message, zeros, COUNT) == 0;
  cipher_load(SLOT_OPENING_IN, zeros);
  return good;
}

static bool image_good(void) {
  const uint32_t *marks = flash_at(IMAGE_BYTES_AT);
  return test.crc == marks[1];
}

/* The next piece of the image, up to its check value and behind it, or of the application; true once both have been read. */
static bool read_piece(void) {
  const uint32_t zero = 0;
  const uint32_t *marks = flash_at(IMAGE_BYTES_AT);
  uint32_t image_end = marks[0], end = test.at + PIECE;
  if (test.at < IMAGE_CRC_AT && end > IMAGE_CRC_AT) end = IMAGE_CRC_AT;
  if (test.at == IMAGE_CRC_AT) {
    test.crc = crc32(test.crc, &zero, sizeof zero);
    test.at += sizeof zero;
    return false;
  }
  if (end > image_end) end = image_end;
  test.crc = crc32(test.crc, flash_at(test.at), end - test.at);
  test.at = end;
  return test.at == image_end;
}

static uint32_t failed_now(void) {
  return (drive_fault() ? SELF_TEST_MOTOR : 0) | (test.memory_bad ? SELF_TEST_MEMORY : 0) | (test.program_bad ? SELF_TEST_PROGRAM : 0) | (test.cipher_bad ? SELF_TEST_CIPHER : 0);
}

static void look_after(uint64_t at_ms) {
  uint64_t every_ms = test.told == 0 ? LOOK_MS : AGAIN_MS;
  test.next_ms = (at_ms / every_ms + 1) * every_ms;
}

uint32_t self_test_boot(uint64_t boot_ms) {
  test.memory_bad = !memory_holds(__heap_start, __heap_end);
  test.cipher_bad = !cipher_works();
  test.told = failed_now();
  look_after(boot_ms);
  return test.told;
}

uint64_t self_test_next_ms(void) {
  return test.next_ms;
}

void self_test_look(uint64_t now_ms) {
  if (now_ms < test.next_ms) return;
  uint32_t failed = failed_now();
  test.any = test.any || failed != 0 || test.told != 0;
  test.found_ms = test.next_ms;
  test.told = failed;
  look_after(test.next_ms);
  if (now_ms >= test.next_ms) look_after(now_ms);
  test.at = test.crc = 0;
  test.reading = true;
}

bool self_test_found(uint64_t *at_ms) {
  *at_ms = test.found_ms;
  return test.any;
}

uint32_t self_test_take(void) {
  test.any = false;
  return test.told;
}

bool self_test_idle(void) {
  if (!test.reading) return false;
  if (!read_piece()) return true;
  test.reading = false;
  bool good = image_good() && application_check() == SLOT_GOOD;
  if (good == test.program_bad) {
    test.program_bad = !good;
    /* Told within a minute, and not tomorrow. */
    if (!good && test.told == 0) test.next_ms = test.next_ms - LOOK_MS + AGAIN_MS;
  }
  return true;
}
