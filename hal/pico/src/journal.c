/* The journal: parts of storage, entry after entry in one of two areas. */
#include <string.h>
#include "hardware.h"
#include "storage-parts.h"

/*
 * An entry begins at a page and is written from its second page to its last, then the rest of its first page, and its header
 * at the end: so that, in which are the entry's length and check value, is there only if all else is. When an area is full, all parts as they are now are copied into
 * the other one as one entry; the old area is erased when there is time. At a boot the header with the highest sequence says which area
 * counts and where each part's latest content is. Pages that were begun and have no header are passed over.
 */
enum { ENTRY_MAGIC = 0x324a5449 /* "ITJ2" */, AREA_SIZE = JOURNAL_SECTORS * SECTOR };

typedef struct { uint32_t magic, sequence, bytes, parts, ms_low, ms_high, payload_crc, crc; } Header;

static struct {
  uint32_t area;     /* 0 or 1 */
  uint32_t at;       /* of the next entry, from the area's beginning */
  uint32_t sequence; /* of the newest entry */
  uint64_t latest_ms;
  uint32_t entry[PARTS]; /* where the latest content of each part is, 0 if there is none */
} journal;

static uint32_t area_address(uint32_t area) {
  return sector_address(JOURNAL_FIRST + area * JOURNAL_SECTORS);
}

static uint32_t pages(uint32_t bytes) {
  return (bytes + sizeof(Header) + PAGE - 1) / PAGE;
}

/* The header at an address; false if there is none that is good. */
static bool header_at(uint32_t address, Header *header) {
  memcpy(header, flash_at(address), sizeof *header);
  return near(header->magic, ENTRY_MAGIC) && mend((uint8_t *)header, sizeof *header) && header->magic == ENTRY_MAGIC && header->bytes < AREA_SIZE;
}

static void take_in(uint32_t address, const Header *header, uint32_t newest[PARTS]) {
  for (uint32_t part = 0; part < PARTS; part++) {
    if (!((header->parts >> part) & 1) || header->sequence < newest[part]) continue;
    newest[part] = header->sequence;
    journal.entry[part] = address;
  }
}

void journal_open(void) {
  uint32_t newest[PARTS] = { 0 };
  memset(&journal, 0, sizeof journal);
  for (uint32_t area = 0; area < 2; area++) {
    uint32_t end = 0, at = 0;
    bool newer = false;
    while (at < AREA_SIZE) {
      Header header;
      uint32_t step = PAGE;
      if (header_at(area_address(area) + at, &header)) {
        step = pages(header.bytes) * PAGE;
        take_in(area_address(area) + at, &header, newest);
        if (header.sequence > journal.sequence) {
          newer = true;
          journal.sequence = header.sequence;
          journal.latest_ms = ((uint64_t)header.ms_high << 32) | header.ms_low;
        }
        end = at + step;
      } else if (!flash_blank(area_address(area) + at, PAGE)) end = at + step;
      at += step;
    }
    if (!newer) continue;
    journal.area = area;
    journal.at = end;
  }
  /* Nothing is there yet: the first area may hold pages that were begun. */
  if (journal.sequence == 0) journal.at = AREA_SIZE;
}

uint32_t journal_sequence(void) {
  return journal.sequence;
}

uint64_t journal_latest_ms(void) {
  return journal.latest_ms;
}

/* An entry that is being written, a page at a time; the first page waits for the header. */
static struct { uint32_t address, done; bool good; uint8_t first[PAGE], page[PAGE]; } writing;

static void write_begin(uint32_t address) {
  writing.address = address;
  writing.done = sizeof(Header);
  writing.good = true;
  memset(writing.first, 0xff, PAGE);
  memset(writing.page, 0xff, PAGE);
}

static void write_page(void) {
  writing.good &= flash_write(writing.address + (writing.done - 1) / PAGE * PAGE, writing.page, PAGE);
  memset(writing.page, 0xff, PAGE);
}

static void write_bytes(const uint8_t *bytes, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    if (writing.done < PAGE) writing.first[writing.done] = bytes[i];
    else writing.page[writing.done % PAGE] = bytes[i];
    writing.done++;
    if (writing.done > PAGE && writing.done % PAGE == 0) write_page();
  }
}

/* Whether a boot would find this header here: then it counts, also with a bit that does not change. */
static bool found(uint32_t address, const Header *header) {
  Header seen;
  return header_at(address, &seen) && memcmp(&seen, header, sizeof seen) == 0;
}

static bool write_end(Header *header) {
  if (writing.done > PAGE && writing.done % PAGE != 0) write_page();
  header->crc = crc32(0, header, offsetof(Header, crc));
  /* In an operation of its own: a page that is cut short may have its first bytes and not its last. */
  uint32_t rest = sizeof *header;
  writing.good &= flash_write(writing.address + rest, writing.first + rest, PAGE - rest);
  return writing.good && (flash_write(writing.address, header, sizeof *header) || found(writing.address, header));
}

static void mark_used(uint32_t area, uint32_t at, uint32_t count) {
  uint32_t first = JOURNAL_FIRST + area * JOURNAL_SECTORS;
  for (uint32_t sector = at / SECTOR; sector <= (at + count - 1) / SECTOR; sector++) sector_used(first + sector);
}

/* An entry's payload as it stands in flash, and the byte and bit of it that is to be put right, if any. */
typedef struct { const uint8_t *at, *flipped; uint32_t count; uint8_t bit; } Payload;

/* False if it is damaged. */
static bool payload_of(uint32_t entry, Payload *payload) {
  Header header;
  if (!header_at(entry, &header)) return false;
  payload->at = flash_at(entry + sizeof header);
  payload->count = header.bytes;
  payload->flipped = 0;
  payload->bit = 0;
  uint32_t differ = crc32(0, payload->at, payload->count) ^ header.payload_crc;
  if (differ == 0) return true;
  uint32_t bit = flipped_bit(differ, payload->count);
  if (bit == NO_BIT) return false;
  payload->flipped = payload->at + bit / 8;
  payload->bit = (uint8_t)(1u << (bit % 8));
  return true;
}

static uint8_t byte_at(const Payload *payload, uint32_t i) {
  return payload->at + i == payload->flipped ? payload->at[i] ^ payload->bit : payload->at[i];
}

static uint32_t u32_at(const Payload *payload, uint32_t i) {
  return byte_at(payload, i) | ((uint32_t)byte_at(payload, i + 1) << 8) | ((uint32_t)byte_at(payload, i + 2) << 16) | ((uint32_t)byte_at(payload, i + 3) << 24);
}

/* Where in an entry's payload the last of a part's contents stands, its head included; false if no good copy is there. */
static bool find_part(uint32_t entry, uint32_t part, Payload *payload, uint32_t *at, uint32_t *count) {
  bool found = false;
  if (!payload_of(entry, payload)) return false;
  for (uint32_t from = 0; from + 8 <= payload->count;) {
    uint32_t size = 8 + u32_at(payload, from + 4);
    if (byte_at(payload, from) == part) {
      found = true;
      *at = from;
      *count = size;
    }
    from += size;
  }
  return found;
}

/* Stands for a part of which no good copy is left: values 0xffff, no bytes. */
static void bury(uint8_t head[8], uint32_t part) {
  memset(head, 0, 8);
  head[0] = (uint8_t)part;
  head[2] = head[3] = 0xff;
}

/* Copies all parts into the other area. */
static bool move(uint32_t sequence, uint64_t now_ms) {
  uint32_t area = journal.sequence == 0 ? 0 : 1 - journal.area;
  for (uint32_t i = 0; i < JOURNAL_SECTORS; i++) {
    /* At its slowest a chip takes 9.6 s for all of them, and the watchdog 8. */
    watchdog_feed();
    sector_make_blank(JOURNAL_FIRST + area * JOURNAL_SECTORS + i);
  }
  Header header = { ENTRY_MAGIC, sequence, 0, 0, (uint32_t)now_ms, (uint32_t)(now_ms >> 32), 0, 0 };
  write_begin(area_address(area));
  for (uint32_t part = 0; part < PARTS; part++) {
    uint32_t count = 8, at = 0;
    uint8_t lost[8];
    Payload payload;
    if (journal.entry[part] == 0) continue;
    bool found = find_part(journal.entry[part], part, &payload, &at, &count);
    if (!found) bury(lost, part);
    header.parts |= 1u << part;
    header.bytes += count;
    for (uint32_t i = 0; i < count; i++) {
      uint8_t byte = found ? byte_at(&payload, at + i) : lost[i];
      header.payload_crc = crc32(header.payload_crc, &byte, 1);
      write_bytes(&byte, 1);
    }
  }
  uint32_t size = pages(header.bytes) * PAGE;
  mark_used(area, 0, size);
  if (!write_end(&header)) return false;
  for (uint32_t part = 0; part < PARTS; part++) journal.entry[part] = (header.parts >> part) & 1 ? area_address(area) : 0;
  journal.area = area;
  journal.at = size;
  journal.sequence = sequence;
  return true;
}

bool journal_room(uint32_t *sequence, uint64_t now_ms, uint32_t count) {
  if (journal.at + pages(count) * PAGE <= AREA_SIZE) return true;
  if (!move(*sequence, now_ms)) return false;
  *sequence += 1;
  return journal.at + pages(count) * PAGE <= AREA_SIZE;
}

bool journal_write(uint32_t sequence, uint64_t now_ms, uint32_t parts, const uint8_t *bytes, uint32_t count) {
  uint32_t address = area_address(journal.area) + journal.at, size = pages(count) * PAGE;
  Header header = { ENTRY_MAGIC, sequence, count, parts, (uint32_t)now_ms, (uint32_t)(now_ms >> 32), crc32(0, bytes, count), 0 };
  mark_used(journal.area, journal.at, size);
  journal.at += size;
  write_begin(address);
  write_bytes(bytes, count);
  if (!write_end(&header)) return false;
  for (uint32_t part = 0; part < PARTS; part++) if ((parts >> part) & 1) journal.entry[part] = address;
  journal.sequence = sequence;
  journal.latest_ms = now_ms;
  return true;
}

const uint8_t *journal_bytes(uint32_t part, uint32_t *count) {
  Payload payload;
  uint32_t at;
  return journal.entry[part] != 0 && find_part(journal.entry[part], part, &payload, &at, count) ? payload.at + at : 0;
}

int32_t journal_read(uint32_t part, PartReader *reader) {
  if (journal.entry[part] == 0) return 0;
  Payload payload;
  uint32_t at, count;
  if (!find_part(journal.entry[part], part, &payload, &at, &count)) return -1;
  uint32_t values = byte_at(&payload, at + 2) | ((uint32_t)byte_at(&payload, at + 3) << 8);
  if (values == 0xffff) return -1;
  *reader = (PartReader){ payload.at + at + 8, payload.flipped, payload.bit };
  return (int32_t)values;
}

bool journal_tidy(void) {
  uint32_t other = journal.sequence == 0 ? 0 : 1 - journal.area;
  for (uint32_t i = 0; i < JOURNAL_SECTORS; i++) {
    if (sector_tidy(JOURNAL_FIRST + other * JOURNAL_SECTORS + i)) return true;
  }
  return false;
}
