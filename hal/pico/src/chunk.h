/* The flash chunk: a Lua program whose code stays in flash. */
#pragma once
#include "lua.h"

/* A C function: takes the chunk's address as light userdata, gives its main function. The chunk was checked as a whole. */
int chunk_load(lua_State *L);
