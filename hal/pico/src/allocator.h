/* Lua's memory: all RAM that nothing else uses. */
#pragma once
#include <stddef.h>
#include <stdint.h>

void heap_init(void);
/* lua_Alloc. A block in flash, as the flash chunk's code is, is not ours and is left alone. */
void *heap_allocate(void *user, void *block, size_t old_size, size_t new_size);
/* Bytes asked for; the highest address ever used, from the region's beginning; the region's size. */
uint32_t heap_used(void);
uint32_t heap_high(void);
uint32_t heap_size(void);
