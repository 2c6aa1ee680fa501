/* The flash chip: sectors to erase, bytes to write, and check values. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Addresses count from the beginning of flash. Storage is the last quarter of 2 MB. */
enum { SECTOR = 4096, PAGE = 256, STORAGE_AT = 0x180000, STORAGE_SIZE = 0x80000, ERASE_MS = 60, UNIQUE_SIZE = 8 };

/* Comes first; the flash chip is asked who it is. */
void flash_init(void);
/* Whether it has the 2 MB that this image counts on: in a smaller one, addresses of storage are those of the application too. */
bool flash_suits(void);
/* The flash chip's own number, another on each board. Not for the wire: it would tell one bearer from another (protocol/THREATS.md). */
const uint8_t *flash_unique_id(void);
/* What stands at an address, to read. */
const void *flash_at(uint32_t address);
bool flash_blank(uint32_t address, size_t count);
/* Sets a sector to ones: about 45 ms. */
void flash_erase(uint32_t sector_address);
/*
 * Clears bits: what is one in `bytes` stays as it is. Takes 0.4 ms a page, in ascending order. False if afterwards flash does not
 * hold exactly `bytes`.
 */
bool flash_write(uint32_t address, const void *bytes, size_t count);

/* CRC-32 as of zlib; begins with 0, and goes on from what it returned. */
uint32_t crc32(uint32_t before, const void *bytes, size_t count);
