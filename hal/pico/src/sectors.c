/* Sectors of storage: which are known to be blank. */
#include "storage-parts.h"

/* Up to so many bytes two flipped bits never look like one: a CRC-32 then tells any three apart. */
enum { MENDED_BYTES_MAX = 11450 };

/* A bit that flips changes the check value by an amount that depends on its place alone, and no two places have the same. The last bit's is what one step makes of 1, each one before it is a step further. */
uint32_t flipped_bit(uint32_t differ, uint32_t count) {
  uint32_t step = 1;
  if (count > MENDED_BYTES_MAX) return NO_BIT;
  for (uint32_t bit = count * 8; bit-- > 0;) {
    step = step & 1 ? (step >> 1) ^ 0xedb88320u : step >> 1;
    if (step == differ) return bit;
  }
  return NO_BIT;
}

bool mend(uint8_t *bytes, uint32_t count) {
  uint32_t size = count - 4, computed = crc32(0, bytes, size), differ = computed ^ get_u32(bytes + size);
  if (near(differ, 0)) {
    put_u32(bytes + size, computed);
    return true;
  }
  uint32_t bit = flipped_bit(differ, size);
  if (bit == NO_BIT) return false;
  bytes[bit / 8] ^= (uint8_t)(1u << (bit % 8));
  return true;
}

/*
 * "ITT2", "ITJ2", "ITL2": in every version of the format a sector begins so, the digit being its own. Of another version are two such heads and none of ours: a single one may be
 * a head of ours that a power loss cut short, or that has a flipped bit.
 */
uint32_t sectors_format(void) {
  uint32_t heads = 0, other = STORAGE_FORMAT;
  for (uint32_t sector = 0; sector < SECTORS_USED; sector++) {
    const uint8_t *at = flash_at(sector_address(sector));
    if (at[0] != 'I' || at[1] != 'T' || (at[2] != 'T' && at[2] != 'J' && at[2] != 'L') || at[3] < '0' || at[3] > '9') continue;
    if (at[3] - '0' == STORAGE_FORMAT) return STORAGE_FORMAT;
    other = at[3] - '0';
    heads++;
  }
  return heads > 1 ? other : STORAGE_FORMAT;
}

static uint32_t known[(SECTORS_USED + 31) / 32];

bool sector_known_blank(uint32_t sector) {
  return (known[sector / 32] >> (sector % 32)) & 1;
}

void sector_used(uint32_t sector) {
  known[sector / 32] &= ~(1u << (sector % 32));
}

void sector_make_blank(uint32_t sector) {
  if (sector_known_blank(sector)) return;
  if (!flash_blank(sector_address(sector), SECTOR)) flash_erase(sector_address(sector));
  known[sector / 32] |= 1u << (sector % 32);
}

bool sector_tidy(uint32_t sector) {
  if (sector_known_blank(sector)) return false;
  sector_make_blank(sector);
  return true;
}
