/* The application slot, checked as a whole before anything of it runs. */
#include "application.h"
#include <stddef.h>
#include "chunk.h"
#include "flash.h"
#include "peripherals.h"
#include "storage.h"

_Static_assert(sizeof(SlotHeader) == 56 && offsetof(SlotHeader, crc) == 52, "the slot header's layout");

uint32_t application_check(void) {
  const SlotHeader *header = flash_at(SLOT_AT);
  if (!flash_suits()) return SLOT_NO_ROOM;
  if (storage_format() != STORAGE_FORMAT) return SLOT_STORAGE;
  if (header->magic == 0xffffffff) return SLOT_EMPTY;
  if (header->magic != SLOT_MAGIC) return SLOT_FOREIGN;
  if (header->crc != crc32(0, header, offsetof(SlotHeader, crc))) return SLOT_HEADER_BAD;
  if (header->format != SLOT_FORMAT) return SLOT_OTHER_FORMAT;
  if (header->bytes == 0 || header->bytes > SLOT_SIZE - SLOT_HEADER) return SLOT_CUT;
  if (header->payload_crc != crc32(0, application_chunk(), header->bytes)) return SLOT_BAD;
  if (header->flags == KIND_PERIPHERALS) return SLOT_GOOD;
  return header->flags == KIND_PROGRAM && chunk_suits(application_chunk(), header->bytes) ? SLOT_GOOD : SLOT_OTHER_FORMAT;
}

const char *application_text(uint32_t reason) {
  static const char *const texts[] = {
    [SLOT_GOOD] = "", [SLOT_EMPTY] = "no application: the slot is empty", [SLOT_FOREIGN] = "no application: the slot holds something else",
    [SLOT_HEADER_BAD] = "no application: its header is damaged", [SLOT_OTHER_FORMAT] = "no application: made for another image",
    [SLOT_CUT] = "no application: its length cannot be", [SLOT_BAD] = "no application: it is damaged",
    [SLOT_RESETS] = "no application: it was reset again and again before it kept a deadline",
    [SLOT_NO_ROOM] = "no application: the flash chip has less than 2 MB",
    [SLOT_STORAGE] = "no application: storage was written by another version",
  };
  return texts[reason];
}

uint32_t application_kind(void) {
  return ((const SlotHeader *)flash_at(SLOT_AT))->flags;
}

const void *application_chunk(void) {
  return flash_at(SLOT_AT + SLOT_HEADER);
}
