/* The log: records of fixed size in a ring of sectors. */
#include <string.h>
#include "storage-parts.h"

/*
 * A record: transaction u32, sequence u32, kind u8, then u8 how many records of the same transaction follow, with bit 7 set if
 * they count only together with an entry of the journal; pump_ms and wall_ms of 6 bytes, a, b, c of 7, all signed; 0 u8; link of 8; CRC-32.
 * A transaction's records count once the last of them is whole. What a power loss cut short is at the end of the log: a boot
 * makes those records count for nothing for good, before anything new is written. 60 sectors of 72 records, one of them erased
 * ahead: at least 4000 are kept (LOG-1), also with some that count for nothing among them. A link is a hash of the record's own content and of the link of the
 * record that counts before it, zeros before the first (LOG-2).
 */
enum { LOG_MAGIC = 0x324c5449 /* "ITL2" */, HEADER = 16, SLOTS_PER_SECTOR = (SECTOR - HEADER) / RECORD_SIZE };
enum { AT_TRANSACTION = 0, AT_SEQUENCE = 4, AT_KIND = 8, AT_LEFT = 9, AT_VALUES = 10, AT_LINK = 44, AT_CRC = 52, WITH_PARTS = 0x80 };
static const uint8_t WIDTHS[5] = { 6, 6, 7, 7, 7 };

typedef struct { uint32_t magic, generation, inverse, unused; } Header;

/* Slots are counted over the pump's life: generation x SLOTS_PER_SECTOR + place. */
static struct {
  uint32_t next;   /* slot of the next record; its sector may have to be begun */
  uint32_t oldest; /* oldest slot there may be */
  uint32_t last, transaction;
  uint64_t latest_ms;
  uint8_t link[LINK_SIZE]; /* of the newest record */
  uint32_t found_slot, found_sequence; /* where the last record was found that was asked for */
} ring;

static uint32_t sector_of(uint32_t slot) {
  return LOG_FIRST + slot / SLOTS_PER_SECTOR % LOG_SECTORS;
}

static uint32_t address_of(uint32_t slot) {
  return sector_address(sector_of(slot)) + HEADER + slot % SLOTS_PER_SECTOR * RECORD_SIZE;
}

/* The record in a slot, to be looked at before another is asked for; or 0 if there is none that is whole. */
static const uint8_t *record_in(uint32_t slot) {
  static Record mended;
  const uint8_t *bytes = flash_at(address_of(slot));
  uint32_t crc = get_u32(bytes + AT_CRC);
  if (crc == 0) return 0;
  if (crc == crc32(0, bytes, AT_CRC)) return bytes;
  memcpy(mended.bytes, bytes, RECORD_SIZE);
  return mend(mended.bytes, RECORD_SIZE) ? mended.bytes : 0;
}

static int64_t get_signed(const uint8_t *bytes, uint32_t width) {
  int64_t value = (int8_t)bytes[width - 1];
  for (uint32_t i = width - 1; i-- > 0;) value = (int64_t)((uint64_t)value << 8) | bytes[i];
  return value;
}

static void get_values(const uint8_t *record, int64_t values[RECORD_VALUES]) {
  const uint8_t *at = record + AT_VALUES;
  values[0] = record[AT_KIND];
  for (uint32_t i = 0; i < 5; i++) {
    values[i + 1] = get_signed(at, WIDTHS[i]);
    at += WIDTHS[i];
  }
}

void log_pack(Record *record, uint32_t sequence, uint32_t kind, const int64_t values[5]) {
  uint8_t *at = record->bytes + AT_VALUES;
  memset(record, 0, sizeof *record);
  put_u32(record->bytes + AT_SEQUENCE, sequence);
  record->bytes[AT_KIND] = (uint8_t)kind;
  for (uint32_t i = 0; i < 5; i++) {
    for (uint32_t k = 0; k < WIDTHS[i]; k++) *at++ = (uint8_t)((uint64_t)values[i] >> (8 * k));
  }
}

static void kill_slot(uint32_t slot) {
  static const uint8_t nothing[4] = { 0, 0, 0, 0 };
  flash_write(address_of(slot) + AT_CRC, nothing, sizeof nothing);
}

static void take_newest(void) {
  ring.last = ring.transaction = 0;
  ring.latest_ms = 0;
  memset(ring.link, 0, LINK_SIZE);
  for (uint32_t slot = ring.next; slot-- > ring.oldest;) {
    const uint8_t *record = record_in(slot);
    if (record == 0) continue;
    ring.last = get_u32(record + AT_SEQUENCE);
    ring.transaction = get_u32(record + AT_TRANSACTION);
    ring.latest_ms = (uint64_t)get_signed(record + AT_VALUES, WIDTHS[0]);
    memcpy(ring.link, record + AT_LINK, LINK_SIZE);
    return;
  }
}

void log_kill(uint32_t transaction) {
  for (uint32_t slot = ring.next; slot-- > ring.oldest;) {
    const uint8_t *record = record_in(slot);
    if (record == 0) continue;
    if (get_u32(record + AT_TRANSACTION) != transaction) break;
    kill_slot(slot);
  }
  take_newest();
}

/* The newest record says whether its transaction came to its end. */
static void settle(uint32_t journal_done) {
  take_newest();
  for (uint32_t slot = ring.next; slot-- > ring.oldest;) {
    const uint8_t *record = record_in(slot);
    if (record == 0) continue;
    bool whole = (record[AT_LEFT] & ~WITH_PARTS) == 0;
    bool counts = !(record[AT_LEFT] & WITH_PARTS) || get_u32(record + AT_TRANSACTION) <= journal_done;
    if (!whole || !counts) log_kill(get_u32(record + AT_TRANSACTION));
    return;
  }
}

/* Of two generations that differ in one bit, one at the most belongs into the sector: a single flipped bit does no harm. */
static bool header_of(uint32_t sector, uint32_t *generation) {
  const Header *header = flash_at(sector_address(sector));
  uint32_t other = ~header->inverse, place = sector - LOG_FIRST;
  *generation = header->generation % LOG_SECTORS == place ? header->generation : other;
  if (*generation % LOG_SECTORS != place) return false;
  return header->generation == other ? near(header->magic, LOG_MAGIC) : header->magic == LOG_MAGIC && near(header->generation, other);
}

void log_open(uint32_t journal_done) {
  uint32_t newest = 0, generation;
  bool any = false;
  memset(&ring, 0, sizeof ring);
  for (uint32_t i = 0; i < LOG_SECTORS; i++) {
    if (!header_of(LOG_FIRST + i, &generation) || (any && generation < newest)) continue;
    newest = generation;
    any = true;
  }
  if (!any) return;
  uint32_t oldest = newest;
  while (oldest > 0 && newest - oldest < LOG_SECTORS - 1 && header_of(LOG_FIRST + (oldest - 1) % LOG_SECTORS, &generation) && generation == oldest - 1) oldest--;
  ring.oldest = oldest * SLOTS_PER_SECTOR;
  ring.next = (newest + 1) * SLOTS_PER_SECTOR;
  /* Slots that are blank at the end are free; one that was begun is not. */
  while (ring.next > newest * SLOTS_PER_SECTOR && flash_blank(address_of(ring.next - 1), RECORD_SIZE)) ring.next--;
  settle(journal_done);
}

uint32_t log_transaction(void) {
  return ring.transaction;
}

static bool begin_sector(void) {
  uint32_t sector = sector_of(ring.next), generation = ring.next / SLOTS_PER_SECTOR;
  sector_make_blank(sector);
  sector_used(sector);
  if (generation >= LOG_SECTORS && ring.oldest < (generation - LOG_SECTORS + 1) * SLOTS_PER_SECTOR) {
    ring.oldest = (generation - LOG_SECTORS + 1) * SLOTS_PER_SECTOR;
  }
  Header header = { LOG_MAGIC, generation, ~generation, 0xffffffff };
  return flash_write(sector_address(sector), &header, sizeof header);
}

bool log_write(Record *records, uint32_t count, uint32_t transaction, bool with_parts) {
  bool good = true;
  for (uint32_t i = 0; i < count; i++) {
    uint8_t *bytes = records[i].bytes;
    put_u32(bytes + AT_TRANSACTION, transaction);
    bytes[AT_LEFT] = (uint8_t)((count - 1 - i) | (with_parts ? WITH_PARTS : 0));
    log_link(i == 0 ? ring.link : records[i - 1].bytes + AT_LINK, bytes, AT_LINK, bytes + AT_LINK);
    put_u32(bytes + AT_CRC, crc32(0, bytes, AT_CRC));
  }
  for (uint32_t i = 0; i < count && good;) {
    uint32_t place = ring.next % SLOTS_PER_SECTOR;
    uint32_t part = count - i < SLOTS_PER_SECTOR - place ? count - i : SLOTS_PER_SECTOR - place;
    /* A sector without its header would be none at the next boot, whatever is in it: it is begun again. */
    if (place == 0 && !begin_sector()) return false;
    good = flash_write(address_of(ring.next), records + i, part * RECORD_SIZE);
    ring.next += part;
    i += part;
  }
  if (good && count > 0) take_newest();
  return good;
}

uint32_t log_last(void) {
  return ring.last;
}

uint64_t log_latest_ms(void) {
  return ring.latest_ms;
}

uint32_t log_first(void) {
  for (uint32_t slot = ring.oldest; slot < ring.next; slot++) {
    const uint8_t *record = record_in(slot);
    if (record != 0) return get_u32(record + AT_SEQUENCE);
  }
  return 0;
}

/* Sequences rise from slot to slot, with holes: looks in the middle of what is left, passing over slots that do not count. */
static const uint8_t *search(uint32_t sequence) {
  uint32_t from = ring.oldest, to = ring.next;
  while (from < to) {
    uint32_t middle = from + (to - from) / 2, slot = middle;
    const uint8_t *record = 0;
    while (slot < to && (record = record_in(slot)) == 0) slot++;
    if (record == 0 || get_u32(record + AT_SEQUENCE) > sequence) {
      to = middle;
      continue;
    }
    if (get_u32(record + AT_SEQUENCE) == sequence) {
      ring.found_slot = slot;
      ring.found_sequence = sequence;
      return record;
    }
    from = slot + 1;
  }
  return 0;
}

bool log_read(uint32_t sequence, int64_t values[RECORD_VALUES]) {
  const uint8_t *record = 0;
  /* Whoever reads a log reads on. */
  if (ring.found_sequence != 0 && sequence == ring.found_sequence + 1 && ring.found_slot + 1 < ring.next && ring.found_slot + 1 >= ring.oldest) {
    record = record_in(ring.found_slot + 1);
    if (record != 0 && get_u32(record + AT_SEQUENCE) == sequence) {
      ring.found_slot++;
      ring.found_sequence++;
    } else record = 0;
  }
  if (record == 0) record = search(sequence);
  if (record == 0) return false;
  get_values(record, values);
  return true;
}

bool log_tidy(void) {
  /* The sector after the one that is written to; at the very beginning, the first. */
  uint32_t next = ring.next % SLOTS_PER_SECTOR == 0 ? ring.next : ring.next + SLOTS_PER_SECTOR;
  uint32_t sector = sector_of(next);
  if (sector_known_blank(sector)) return false;
  uint32_t generation = next / SLOTS_PER_SECTOR;
  if (generation >= LOG_SECTORS && ring.oldest < (generation - LOG_SECTORS + 1) * SLOTS_PER_SECTOR) {
    ring.oldest = (generation - LOG_SECTORS + 1) * SLOTS_PER_SECTOR;
  }
  return sector_tidy(sector);
}
