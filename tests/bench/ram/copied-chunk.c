/* For comparison: functions, constants and texts copied to RAM, code left. */
#include "chunk.h"
#include <string.h>
#include "ldo.h"
#include "lfunc.h"
#include "lgc.h"
#include "lmem.h"
#include "lobject.h"
#include "lstate.h"
#include "lstring.h"

bool chunk_suits(const void *chunk, uint32_t bytes) {
  return bytes > 0 && ((const ChunkHeader *)chunk)->base == (uint32_t)(uintptr_t)chunk;
}

/* What Lua will free with its function: the collector's count must have had it. The allocator does nothing for what is outside the heap. */
static void counted(lua_State *L, size_t bytes) {
  G(L)->GCdebt += (l_mem)bytes;
}

static void copy_constant(lua_State *L, Proto *f, TValue *into, const TValue *from) {
  if (!ttisstring(from)) {
    setobj2n(L, into, (TValue *)(uintptr_t)from);
    return;
  }
  TString *text = luaS_newlstr(L, svalue(from), vslen(from));
  setsvalue2n(L, into, text);
  luaC_objbarrier(L, f, text);
}

static void copy(lua_State *L, Proto *f, const Proto *from) {
  f->numparams = from->numparams;
  f->is_vararg = from->is_vararg;
  f->maxstacksize = from->maxstacksize;
  f->code = from->code;
  f->sizecode = from->sizecode;
  f->upvalues = from->upvalues;
  f->sizeupvalues = from->sizeupvalues;
  counted(L, (size_t)f->sizecode * sizeof(Instruction) + (size_t)f->sizeupvalues * sizeof(Upvaldesc));
  f->k = luaM_newvectorchecked(L, from->sizek, TValue);
  f->sizek = from->sizek;
  for (int i = 0; i < f->sizek; i++) setnilvalue(&f->k[i]);
  for (int i = 0; i < f->sizek; i++) copy_constant(L, f, &f->k[i], &from->k[i]);
  f->p = luaM_newvectorchecked(L, from->sizep, Proto *);
  f->sizep = from->sizep;
  for (int i = 0; i < f->sizep; i++) f->p[i] = NULL;
  for (int i = 0; i < f->sizep; i++) {
    f->p[i] = luaF_newproto(L);
    luaC_objbarrier(L, f, f->p[i]);
    copy(L, f->p[i], from->p[i]);
  }
}

int chunk_load(lua_State *L) {
  const ChunkHeader *header = lua_touserdata(L, 1);
  const Proto *from = (const Proto *)(uintptr_t)header->main;
  LClosure *main = luaF_newLclosure(L, from->sizeupvalues);
  setclLvalue2s(L, L->top, main);
  luaD_inctop(L);
  main->p = luaF_newproto(L);
  luaC_objbarrier(L, main, main->p);
  copy(L, main->p, from);
  luaF_initupvals(L, main);
  return 1;
}
