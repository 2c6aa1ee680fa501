/* For comparison: newlib's malloc in the place of the image's allocator. */
#include "allocator.h"
#include <stdlib.h>

extern char __heap_start[], __heap_end[];
static char *top = __heap_start;
static uint32_t used;

void *_sbrk(int count) {
  char *before = top;
  if (count > __heap_end - top) return (void *)-1;
  top += count;
  return before;
}

void heap_init(void) {
  used = 0;
}

void *heap_allocate(void *user, void *block, size_t old_size, size_t new_size) {
  (void)user;
  if (block != 0 && (char *)block < __heap_start) return 0;
  void *result = 0;
  if (new_size == 0) free(block);
  else result = realloc(block, new_size);
  if (result != 0 || new_size == 0) used += (uint32_t)new_size - (block == 0 ? 0 : (uint32_t)old_size);
  return result;
}

uint32_t heap_used(void) {
  return used;
}

uint32_t heap_high(void) {
  return (uint32_t)(top - __heap_start);
}

uint32_t heap_size(void) {
  return (uint32_t)(__heap_end - __heap_start);
}
