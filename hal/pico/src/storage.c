/* Storage: the open transaction, and the order in which one is written. */
#include "storage.h"
#include <string.h>
#include "storage-parts.h"

/*
 * A transaction's records are written first, then its parts as one entry of the journal, whose header comes last and makes all of it count.
 * A transaction without parts counts with its last record. Between any two operations of the flash there is the old state or the new.
 */
enum {
  BYTES_MAX = 4096,  /* of a transaction's parts, encoded: four times what the controller puts into one */
  RECORDS_MAX = 32,
  ENDED_MAX = 8,
  COMMIT_MS = 5,     /* from a commit to its event, in logical time: as the emulator's storage (COMMIT_MS) */
};

static struct {
  uint8_t bytes[BYTES_MAX];
  Record records[RECORDS_MAX];
  uint32_t size, part_at, parts, count;
  bool posted, overflown;
  uint64_t now_ms;
} open;

static struct { uint64_t at_ms; uint32_t fault; } ended[ENDED_MAX];
static uint32_t ended_in, ended_out;
static uint64_t last_end_ms;
static uint32_t format;

static void clear(void) {
  open.size = open.parts = open.count = 0;
  open.posted = open.overflown = false;
}

void storage_open(void) {
  clear();
  ended_in = ended_out = 0;
  last_end_ms = 0;
  format = sectors_format();
  if (format != STORAGE_FORMAT) return;
  tally_open();
  journal_open();
  log_open(journal_sequence());
}

uint32_t storage_format(void) {
  return format;
}

static void finish_posted(void) {
  if (open.posted) storage_write();
}

static void add_byte(uint8_t byte) {
  if (open.size == BYTES_MAX) open.overflown = true;
  else open.bytes[open.size++] = byte;
}

bool storage_put(uint32_t part, uint32_t count) {
  finish_posted();
  if (part >= PARTS || count >= 0xffff) {
    open.overflown = true;
    return false;
  }
  open.part_at = open.size;
  open.parts |= 1u << part;
  const uint8_t head[8] = { (uint8_t)part, 0, (uint8_t)count, (uint8_t)(count >> 8), 0, 0, 0, 0 };
  for (uint32_t i = 0; i < sizeof head; i++) add_byte(head[i]);
  return true;
}

void storage_value(uint64_t value) {
  while (value > 0x7f) {
    add_byte((uint8_t)(value | 0x80));
    value >>= 7;
  }
  add_byte((uint8_t)value);
  if (!open.overflown) put_u32(open.bytes + open.part_at + 4, open.size - open.part_at - 8);
}

void storage_append(uint32_t sequence, uint32_t kind, const int64_t values[5]) {
  finish_posted();
  if (open.count == RECORDS_MAX) open.overflown = true;
  else log_pack(&open.records[open.count++], sequence, kind, values);
}

void storage_commit(uint64_t logical_ms) {
  finish_posted();
  open.posted = true;
  open.now_ms = logical_ms;
}

static uint32_t newest_transaction(void) {
  return journal_sequence() > log_transaction() ? journal_sequence() : log_transaction();
}

static bool write_all(void) {
  if (open.overflown) return false;
  uint32_t transaction = newest_transaction() + 1;
  if (open.parts != 0 && !journal_room(&transaction, open.now_ms, open.size)) return false;
  bool good = log_write(open.records, open.count, transaction, open.parts != 0);
  if (good && open.parts != 0) good = journal_write(transaction, open.now_ms, open.parts, open.bytes, open.size);
  if (!good) log_kill(transaction);
  return good;
}

void storage_write(void) {
  if (!open.posted) return;
  bool good = write_all();
  /* One after another, as if each took its time. */
  last_end_ms = (last_end_ms > open.now_ms ? last_end_ms : open.now_ms) + COMMIT_MS;
  if (ended_in - ended_out < ENDED_MAX) {
    ended[ended_in % ENDED_MAX].at_ms = last_end_ms;
    ended[ended_in % ENDED_MAX].fault = good ? FAULT_OK : FAULT_WRITE_FAILED;
    ended_in++;
  }
  clear();
}

bool storage_ended(uint64_t *at_ms) {
  if (ended_in == ended_out) return false;
  *at_ms = ended[ended_out % ENDED_MAX].at_ms;
  return true;
}

uint32_t storage_take(void) {
  return ended[ended_out++ % ENDED_MAX].fault;
}

void storage_tally(uint32_t book) {
  finish_posted();
  tally_add(book);
}

uint64_t storage_tallied(uint32_t book) {
  return tally_total(book);
}

int32_t storage_read(uint32_t part, PartReader *reader) {
  finish_posted();
  return part < PARTS ? journal_read(part, reader) : 0;
}

uint64_t storage_next(PartReader *reader) {
  uint64_t value = 0;
  for (uint32_t shift = 0; shift < 63; shift += 7) {
    uint8_t byte = reader->at == reader->flipped ? *reader->at ^ reader->bit : *reader->at;
    reader->at++;
    value |= (uint64_t)(byte & 0x7f) << shift;
    if (byte < 0x80) break;
  }
  return value;
}

const uint8_t *storage_bytes(uint32_t part, uint32_t *count) {
  finish_posted();
  return journal_bytes(part, count);
}

uint32_t storage_last_sequence(void) {
  finish_posted();
  return log_last();
}

uint32_t storage_first_sequence(void) {
  finish_posted();
  return log_first();
}

bool storage_record(uint32_t sequence, int64_t values[RECORD_VALUES]) {
  finish_posted();
  return log_read(sequence, values);
}

uint64_t storage_latest_ms(void) {
  return journal_latest_ms() > log_latest_ms() ? journal_latest_ms() : log_latest_ms();
}

bool storage_tidy(void) {
  return log_tidy() || tally_tidy() || journal_tidy();
}
