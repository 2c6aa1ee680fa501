/* The flash chunk: a Lua program linked to its place, all of which stays in flash. */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "lua.h"

enum { CHUNK_BUCKETS = 256 };

/* What tools/chunk.ts begins it with. `first` are the addresses of texts, for each bucket of Lua's table of them. */
typedef struct { uint32_t base, main, seed, buckets, first[CHUNK_BUCKETS]; } ChunkHeader;

/* Whether a chunk, whose check value is right, was linked for where it lies and for this image. */
bool chunk_suits(const void *chunk, uint32_t bytes);
/* A C function, the first that runs in a state: takes the address of a chunk that suits as light userdata, gives its main function. */
int chunk_load(lua_State *L);
