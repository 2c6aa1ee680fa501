/* Loads a flash chunk: constants go to RAM, code and upvalue descriptors stay. */
#include "chunk.h"
#include <string.h>
#include "ldo.h"
#include "lfunc.h"
#include "lgc.h"
#include "lmem.h"
#include "lobject.h"
#include "lstate.h"
#include "lstring.h"

/*
 * tools/chunk.ts writes it from what luac makes: the same fields in the same order, but code at multiples of four and upvalue descriptors
 * as the 8 bytes that Lua has in memory, so that both can be pointed at. Line and name information is not in it.
 */
typedef struct { lua_State *L; const unsigned char *base, *at; } Reader;

_Static_assert(sizeof(Instruction) == 4 && sizeof(Upvaldesc) == 8, "the flash chunk's layout");

/* Seven bits a byte, the highest first; the last byte has bit 7. */
static size_t get_size(Reader *r) {
  size_t value = 0;
  unsigned byte;
  do {
    byte = *r->at++;
    value = (value << 7) | (byte & 0x7f);
  } while (!(byte & 0x80));
  return value;
}

/* What Lua will free with its function, as it frees what it allocated: the collector's count must have had it. */
static void *in_flash(Reader *r, size_t bytes) {
  while ((size_t)(r->at - r->base) & 3) r->at++;
  void *here = bytes == 0 ? NULL : (void *)r->at;
  r->at += bytes;
  G(r->L)->GCdebt += (l_mem)bytes;
  return here;
}

static TString *get_string(Reader *r) {
  size_t size = get_size(r);
  TString *string;
  if (size == 0) return NULL;
  size--;
  if (size <= LUAI_MAXSHORTLEN) string = luaS_newlstr(r->L, (const char *)r->at, size);
  else {
    string = luaS_createlngstrobj(r->L, size);
    memcpy(getstr(string), r->at, size);
  }
  r->at += size;
  return string;
}

static void get_constant(Reader *r, Proto *f, TValue *into) {
  unsigned tag = *r->at++;
  switch (tag) {
    case LUA_VNIL: setnilvalue(into); break;
    case LUA_VFALSE: setbfvalue(into); break;
    case LUA_VTRUE: setbtvalue(into); break;
    case LUA_VNUMINT: {
      lua_Integer value;
      memcpy(&value, r->at, sizeof value);
      r->at += sizeof value;
      setivalue(into, value);
      break;
    }
    case LUA_VNUMFLT: {
      lua_Number value;
      memcpy(&value, r->at, sizeof value);
      r->at += sizeof value;
      setfltvalue(into, value);
      break;
    }
    default: {
      TString *string = get_string(r);
      setsvalue2n(r->L, into, string);
      luaC_objbarrier(r->L, f, string);
    }
  }
}

static void get_function(Reader *r, Proto *f) {
  lua_State *L = r->L;
  f->numparams = *r->at++;
  f->is_vararg = *r->at++;
  f->maxstacksize = *r->at++;
  int count = (int)get_size(r);
  f->code = in_flash(r, (size_t)count * sizeof(Instruction));
  f->sizecode = count;
  count = (int)get_size(r);
  f->k = luaM_newvectorchecked(L, count, TValue);
  f->sizek = count;
  for (int i = 0; i < count; i++) setnilvalue(&f->k[i]);
  for (int i = 0; i < count; i++) get_constant(r, f, &f->k[i]);
  count = (int)get_size(r);
  f->upvalues = in_flash(r, (size_t)count * sizeof(Upvaldesc));
  f->sizeupvalues = count;
  count = (int)get_size(r);
  f->p = luaM_newvectorchecked(L, count, Proto *);
  f->sizep = count;
  for (int i = 0; i < count; i++) f->p[i] = NULL;
  for (int i = 0; i < count; i++) {
    f->p[i] = luaF_newproto(L);
    luaC_objbarrier(L, f, f->p[i]);
    get_function(r, f->p[i]);
  }
}

int chunk_load(lua_State *L) {
  Reader r = { L, lua_touserdata(L, 1), NULL };
  r.at = r.base;
  LClosure *main = luaF_newLclosure(L, *r.at++);
  setclLvalue2s(L, L->top, main);
  luaD_inctop(L);
  main->p = luaF_newproto(L);
  luaC_objbarrier(L, main, main->p);
  get_function(&r, main->p);
  luaF_initupvals(L, main);
  return 1;
}
