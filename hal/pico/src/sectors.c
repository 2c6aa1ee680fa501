/* Sectors of storage: which are known to be blank. */
#include "storage-parts.h"

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
