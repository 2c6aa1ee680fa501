/* Included before every Lua source: what a port may set without editing Lua. */
#pragma once
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

/* The same order of keys at every boot, and that for which texts were hashed when the program was linked (tools/layout.ts). */
#define luai_makeseed(L) 0x17b0c0deu
#define lua_getlocaledecpoint() '.'

/*
 * A controller makes no text of numbers and no numbers of text; an error message may. So newlib's printf and strtod, 50 KB with an
 * allocator of their own, stay out.
 */
int port_snprintf(char *into, size_t size, const char *format, ...);
double port_strtod(const char *text, char **end);
#define snprintf port_snprintf
#define strtod port_strtod
/* No powers and no float modulo in the firmware's subset: their libraries stay out too. */
double port_no_float(double a, double b);
#define luai_numpow(L, a, b) ((void)(L), port_no_float(a, b))
#define lua_writestring(text, size) ((void)(text), (void)(size))
#define lua_writeline() ((void)0)
#define lua_writestringerror(format, value) ((void)(format), (void)(value))
