/* The application slot: what is in it, and whether it may run. */
#pragma once
#include <stdint.h>

enum { SLOT_AT = 0x80000, SLOT_SIZE = 0x80000, SLOT_MAGIC = 0x50425449 /* "ITBP" */, SLOT_FORMAT = 2, SLOT_HEADER = 64 };

typedef struct {
  uint32_t magic, format, bytes, payload_crc;
  char version[16], commit[16];
  uint32_t flags, crc;
} SlotHeader;

/* Why there is no application; 0 is a good one. */
enum { SLOT_GOOD = 0, SLOT_EMPTY, SLOT_FOREIGN, SLOT_HEADER_BAD, SLOT_OTHER_FORMAT, SLOT_CUT, SLOT_BAD, SLOT_NO_ROOM, SLOT_RESETS, SLOT_STORAGE };

uint32_t application_check(void);
/* "no application: " and why. */
const char *application_text(uint32_t reason);
/* Its flags (peripherals.h). */
uint32_t application_kind(void);
const void *application_chunk(void);
