/* Tallies: each pulse clears four bits in one operation; any three tell of it. */
#include <string.h>
#include "storage-parts.h"

/*
 * A sector holds a header and 8128 half bytes, cleared one a pulse; the total is the header's base and those that are. One bit that flips in any of them is outvoted. A book goes
 * round its four sectors: a new one begins with the old one's total, and until its header is whole the old one counts.
 */
enum { TALLY_MAGIC = 0x32545449 /* "ITT2" */, HEADER = 32, PULSES = (SECTOR - HEADER) * 2, TIDY_FROM = PULSES - 2048 };
/* Bit n is set if the half byte n has two zeros or more. */
enum { COUNTED = 0x177f };

typedef struct { uint32_t magic, book, generation, base_low, base_high, crc; } Header;

static struct { uint64_t total; uint32_t sector, generation, pulses; bool opened; } books[BOOKS];

static uint32_t sector_of(uint32_t book, uint32_t i) {
  return TALLY_FIRST + book * TALLY_SECTORS + i;
}

/* The header of a book's sector; false if there is none that is good. */
static bool header_of(uint32_t book, uint32_t i, Header *header) {
  memcpy(header, flash_at(sector_address(sector_of(book, i))), sizeof *header);
  return near(header->magic, TALLY_MAGIC) && mend((uint8_t *)header, sizeof *header) && header->magic == TALLY_MAGIC && header->book == book;
}

static bool is_counted(uint8_t half) {
  return (COUNTED >> (half & 0xf)) & 1;
}

/* Up to the last half byte that is cleared: those before it were. Ends at the first byte with none. */
static uint32_t counted(uint32_t sector) {
  const uint8_t *bytes = (const uint8_t *)flash_at(sector_address(sector)) + HEADER;
  uint32_t count = 0;
  for (uint32_t i = 0; i < PULSES / 2; i++) {
    if (is_counted(bytes[i] >> 4)) count = 2 * i + 2;
    else if (is_counted(bytes[i])) count = 2 * i + 1;
    else break;
  }
  return count;
}

static void begin_sector(uint32_t book, uint32_t i, uint32_t generation) {
  sector_make_blank(sector_of(book, i));
  sector_used(sector_of(book, i));
  Header header = { TALLY_MAGIC, book, generation, (uint32_t)books[book].total, (uint32_t)(books[book].total >> 32), 0 };
  header.crc = crc32(0, &header, offsetof(Header, crc));
  flash_write(sector_address(sector_of(book, i)), &header, sizeof header);
  books[book].sector = i;
  books[book].generation = generation;
  books[book].pulses = 0;
  books[book].opened = true;
}

void tally_open(void) {
  for (uint32_t book = 0; book < BOOKS; book++) {
    memset(&books[book], 0, sizeof books[book]);
    for (uint32_t i = 0; i < TALLY_SECTORS; i++) {
      Header header;
      if (!header_of(book, i, &header) || (books[book].opened && header.generation < books[book].generation)) continue;
      books[book].sector = i;
      books[book].generation = header.generation;
      books[book].pulses = counted(sector_of(book, i));
      books[book].total = (((uint64_t)header.base_high << 32) | header.base_low) + books[book].pulses;
      books[book].opened = true;
    }
  }
}

void tally_add(uint32_t book) {
  if (!books[book].opened) begin_sector(book, 0, 1);
  else if (books[book].pulses == PULSES) begin_sector(book, (books[book].sector + 1) % TALLY_SECTORS, books[book].generation + 1);
  uint32_t pulse = books[book].pulses;
  /* The second of a byte clears what may have come back of the first. */
  uint8_t byte = pulse % 2 == 0 ? 0xf0 : 0;
  flash_write(sector_address(sector_of(book, books[book].sector)) + HEADER + pulse / 2, &byte, 1);
  books[book].pulses++;
  books[book].total++;
}

uint64_t tally_total(uint32_t book) {
  return books[book].total;
}

bool tally_tidy(void) {
  for (uint32_t book = 0; book < BOOKS; book++) {
    uint32_t next = books[book].opened ? (books[book].sector + 1) % TALLY_SECTORS : 0;
    if ((!books[book].opened || books[book].pulses > TIDY_FROM) && sector_tidy(sector_of(book, next))) return true;
  }
  return false;
}
