/* Non-volatile storage: parts, the log and tallies, written as transactions. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { STORAGE_FORMAT = 2, PARTS = 16, BOOKS = 2, RECORD_VALUES = 6 };
/* As hal/faults.ts has them. */
enum { FAULT_OK = 0, FAULT_WRITE_FAILED = 40 };

/* Opens what is there, once flash.h is set up, and settles what a power loss cut short. What another version of the format wrote is left alone. */
void storage_open(void);
/* The version of the format that storage was found to have: STORAGE_FORMAT, or it is not open and nothing may be written. */
uint32_t storage_format(void);

/* Begins a part of the open transaction; its values follow. False if the transaction has grown too large: it will fail. */
bool storage_put(uint32_t part, uint32_t count);
void storage_value(uint64_t value);
/* pump_ms, wall_ms, a, b, c */
void storage_append(uint32_t sequence, uint32_t kind, const int64_t values[5]);
/* Posts the open transaction. It is written by storage_write, or at once by the next storage call that changes something. */
void storage_commit(uint64_t logical_ms);
/* Writes what was posted. */
void storage_write(void);
/* The oldest transaction of which nobody has heard yet: when it ended, logical ms, and its fault. */
bool storage_ended(uint64_t *at_ms);
uint32_t storage_take(void);

void storage_tally(uint32_t book);
uint64_t storage_tallied(uint32_t book);

/* The content of a part: a reader over its values, which puts a single flipped bit right. -1 if no good copy is left, 0 if it was never written, else how many there are. */
typedef struct { const uint8_t *at, *flipped; uint8_t bit; } PartReader;
int32_t storage_read(uint32_t part, PartReader *reader);
uint64_t storage_next(PartReader *reader);
/* A part as it stands in flash, a flipped bit and all, to be hashed; 0 if there is no good copy. */
const uint8_t *storage_bytes(uint32_t part, uint32_t *count);

uint32_t storage_last_sequence(void);
uint32_t storage_first_sequence(void);
/* kind, pump_ms, wall_ms, a, b, c */
bool storage_record(uint32_t sequence, int64_t values[RECORD_VALUES]);

/* Latest pump time that anything durable was stamped with. */
uint64_t storage_latest_ms(void);
/* Something useful when nothing else is to be done, at most one erase; false if there was nothing. */
bool storage_tidy(void);
