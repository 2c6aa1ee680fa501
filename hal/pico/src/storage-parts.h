/* Inside storage: its three regions, each in a file of its own. */
#pragma once
#include "storage.h"
#include "flash.h"

/* Sectors of storage, by region. The rest, 116 to 127, is not used. */
enum {
  TALLY_FIRST = 0, TALLY_SECTORS = 4,      /* for each of two books */
  JOURNAL_FIRST = 8, JOURNAL_SECTORS = 24, /* for each of two areas */
  LOG_FIRST = 56, LOG_SECTORS = 60,
  SECTORS_USED = 116,
};

static inline uint32_t sector_address(uint32_t sector) {
  return STORAGE_AT + sector * SECTOR;
}

/* sectors.c: the version of the format that the heads of sectors tell; a blank storage has ours. */
uint32_t sectors_format(void);
/* Makes a sector blank unless it is known to be; a sector that is written to is not. */
void sector_make_blank(uint32_t sector);
bool sector_known_blank(uint32_t sector);
void sector_used(uint32_t sector);
/* Checks a sector of which nothing is known, or erases it; false if it is known to be blank. */
bool sector_tidy(uint32_t sector);

/* journal.c: parts. Each entry is one transaction's, whole or not there. */
void journal_open(void);
uint32_t journal_sequence(void);
uint64_t journal_latest_ms(void);
/* Writes an entry of `count` bytes: parts one after another, each part u8, 0 u8, values u16, bytes u32, then the values as varints. */
bool journal_write(uint32_t sequence, uint64_t now_ms, uint32_t parts, const uint8_t *bytes, uint32_t count);
/* Makes room for such an entry; may take a new sequence number, so it comes before the log's records. */
bool journal_room(uint32_t *sequence, uint64_t now_ms, uint32_t count);
/* As it stands in flash. */
const uint8_t *journal_bytes(uint32_t part, uint32_t *count);
int32_t journal_read(uint32_t part, PartReader *reader);
bool journal_tidy(void);

/* log.c: records in a ring. */
enum { RECORD_SIZE = 56, LINK_SIZE = 8 };
typedef struct { uint8_t bytes[RECORD_SIZE]; } Record;
void log_open(uint32_t journal_done);
uint32_t log_transaction(void);
void log_pack(Record *record, uint32_t sequence, uint32_t kind, const int64_t values[5]);
/* Appends records of one transaction; `with_parts` if they count only once its entry is in the journal. */
bool log_write(Record *records, uint32_t count, uint32_t transaction, bool with_parts);
/* Makes the records of a transaction that failed count for nothing. */
void log_kill(uint32_t transaction);
uint32_t log_last(void);
uint32_t log_first(void);
bool log_read(uint32_t sequence, int64_t values[RECORD_VALUES]);
uint64_t log_latest_ms(void);
bool log_tidy(void);

/* entropy.c: the first bytes of SHA-256 over the link before it and what the record says. */
void log_link(const uint8_t before[LINK_SIZE], const uint8_t *body, size_t count, uint8_t link[LINK_SIZE]);

/* tally.c: half a byte a pulse. */
void tally_open(void);
void tally_add(uint32_t book);
uint64_t tally_total(uint32_t book);
bool tally_tidy(void);

/* sectors.c: of `count` bytes whose check value differs by so much, the bit that was flipped; NO_BIT if no single one does that. */
#define NO_BIT UINT32_MAX
uint32_t flipped_bit(uint32_t differ, uint32_t count);
/* sectors.c: whether `bytes`, whose last four are the check value of those before them, are good; a single flipped bit is put right first. */
bool mend(uint8_t *bytes, uint32_t count);

/* Whether two words differ in one bit at the most. */
static inline bool near(uint32_t a, uint32_t b) {
  return ((a ^ b) & ((a ^ b) - 1)) == 0;
}

static inline uint32_t get_u32(const uint8_t *bytes) {
  return bytes[0] | ((uint32_t)bytes[1] << 8) | ((uint32_t)bytes[2] << 16) | ((uint32_t)bytes[3] << 24);
}

static inline void put_u32(uint8_t *bytes, uint32_t value) {
  for (uint32_t i = 0; i < 4; i++) bytes[i] = (uint8_t)(value >> (8 * i));
}
