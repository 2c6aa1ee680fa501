/* Starts a flash chunk: nothing of it is copied to RAM, and nothing is ever written to it. */
#include "chunk.h"
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include "ldo.h"
#include "lfunc.h"
#include "lgc.h"
#include "lmem.h"
#include "lobject.h"
#include "lstate.h"
#include "lstring.h"

/*
 * Functions, their constants and texts lie in flash as Lua's own structs. They are in none of the collector's lists, so it neither frees
 * nor counts them; they are black, so it takes them for marked and leaves their mark and what they point to alone.
 * Lua writes to a function only while it loads one. To a text it writes the hash, which a long one has already, and `hnext`, in
 * its table of short ones, when one that comes behind it is removed or the table is resized: those of flash are the last in each bucket, and
 * the table keeps its size.
 */
#define MEMBER(type, member, at) _Static_assert(offsetof(type, member) == (at), "the flash chunk's layout: " #type "." #member)
_Static_assert(sizeof(Proto) == 84 && sizeof(TValue) == 16 && sizeof(Upvaldesc) == 8 && sizeof(Instruction) == 4, "the flash chunk's layout");
_Static_assert(LUA_VPROTO == 10 && LUA_VSHRSTR == 4 && LUA_VLNGSTR == 20 && BIT_ISCOLLECTABLE == 64, "the flash chunk's tags");
_Static_assert(bitmask(BLACKBIT) == 32 && LUAI_MAXSHORTLEN == 40, "the flash chunk's texts");
MEMBER(Proto, tt, 4); MEMBER(Proto, marked, 5); MEMBER(Proto, numparams, 6); MEMBER(Proto, is_vararg, 7); MEMBER(Proto, maxstacksize, 8);
MEMBER(Proto, sizeupvalues, 12); MEMBER(Proto, sizek, 16); MEMBER(Proto, sizecode, 20); MEMBER(Proto, sizep, 28);
MEMBER(Proto, k, 48); MEMBER(Proto, code, 52); MEMBER(Proto, p, 56); MEMBER(Proto, upvalues, 60);
MEMBER(TValue, tt_, 8); MEMBER(Upvaldesc, instack, 4); MEMBER(Upvaldesc, idx, 5); MEMBER(Upvaldesc, kind, 6);
MEMBER(TString, tt, 4); MEMBER(TString, marked, 5); MEMBER(TString, extra, 6); MEMBER(TString, shrlen, 7); MEMBER(TString, hash, 8);
MEMBER(TString, u, 12); MEMBER(TString, contents, 16);
MEMBER(ChunkHeader, first, 16);

/* Lua's table of short texts. It is outside of the heap, so the allocator refuses to make it larger, and Lua goes on with it as it is. */
static TString *texts[CHUNK_BUCKETS];

/*
 * Lua makes it smaller once a quarter of it is not used. That cannot be refused, so this much more is counted than there is; those in
 * flash are not counted.
 */
enum { NEVER_SMALLER = CHUNK_BUCKETS / 4 };

bool chunk_suits(const void *chunk, uint32_t bytes) {
  const ChunkHeader *header = chunk;
  uint32_t base = (uint32_t)(uintptr_t)chunk;
  return bytes >= sizeof *header && header->base == base && header->seed == luai_makeseed(0) && header->buckets == CHUNK_BUCKETS
    && header->main >= base + sizeof *header && header->main < base + bytes;
}

static TString *in_flash(const TString *text) {
  TString *each = texts[lmod(text->hash, CHUNK_BUCKETS)];
  while (each != NULL && (each->shrlen != text->shrlen || memcmp(getstr(each), getstr(text), text->shrlen) != 0)) each = each->u.hnext;
  return each;
}

/*
 * The program has a text that a new state has too. There can be but one: the state's own is forgotten. A new state's texts are
 * its message about memory, names of events, and the lexer's words, which nothing reads here.
 */
static void forget(global_State *g, const TString *own, TString *program) {
  if (getage(own) != G_OLD) abort(); /* not of a new state: somebody holds it */
  if (g->memerrmsg == own) g->memerrmsg = program;
  for (int i = 0; i < TM_N; i++) {
    if (g->tmname[i] == own) g->tmname[i] = program;
  }
}

/* Puts the state's texts before the program's, which stay the last in their buckets. */
static void join_texts(lua_State *L, const ChunkHeader *header) {
  global_State *g = G(L);
  int count = NEVER_SMALLER;
  TString *own = NULL;
  for (int i = 0; i < CHUNK_BUCKETS; i++) texts[i] = (TString *)(uintptr_t)header->first[i];
  for (int i = 0; i < g->strt.size; i++) {
    for (TString *each = g->strt.hash[i], *next; each != NULL; each = next) {
      next = each->u.hnext;
      TString *program = in_flash(each);
      if (program != NULL) {
        forget(g, each, program);
        continue;
      }
      each->u.hnext = own;
      own = each;
      count++;
    }
  }
  for (TString *next; own != NULL; own = next) {
    next = own->u.hnext;
    TString **bucket = &texts[lmod(own->hash, CHUNK_BUCKETS)];
    own->u.hnext = *bucket;
    *bucket = own;
  }
  luaM_freearray(L, g->strt.hash, (size_t)g->strt.size);
  g->strt = (stringtable){ texts, count, CHUNK_BUCKETS };
  for (int i = 0; i < STRCACHE_N * STRCACHE_M; i++) g->strcache[i / STRCACHE_M][i % STRCACHE_M] = g->memerrmsg;
}

int chunk_load(lua_State *L) {
  const ChunkHeader *header = lua_touserdata(L, 1);
  Proto *f = (Proto *)(uintptr_t)header->main;
  join_texts(L, header);
  LClosure *main = luaF_newLclosure(L, f->sizeupvalues);
  setclLvalue2s(L, L->top, main);
  luaD_inctop(L);
  main->p = f;
  luaF_initupvals(L, main);
  return 1;
}
