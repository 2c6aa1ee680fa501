/* The trace port: what the host tells a bench, by scratch registers. */
#pragma once
#include "registers.h"

/*
 * Data go to SCRATCH0 to 2, then the code to SCRATCH3; an emulated board takes them when SCRATCH3 is written. On silicon nobody looks,
 * and each costs four stores. Board calls are told before they act. Numbers are stable; 64-bit values are two words, low first.
 */
enum {
  TRACE_ENTRY = 1,        /* an entry begins: logical ms (2), kind: 0 boot, 1 wake, 2 event, 3 received */
  TRACE_DEADLINE = 2,     /* it has ended: next deadline, ms (2) */
  TRACE_PULSE = 3,        /* motor.pulse */
  TRACE_SOUND = 4,        /* sounder.sound: tone, duration ms */
  TRACE_SAMPLE = 5,       /* supply.sample */
  TRACE_APPEND = 6,       /* storage.append: sequence, kind; five TRACE_VALUE follow: pump_ms, wall_ms, a, b, c */
  TRACE_PUT = 7,          /* storage.put: part, count; so many TRACE_VALUE follow */
  TRACE_COMMIT = 8,       /* storage.commit */
  TRACE_TALLY = 9,        /* storage.tally: book, total after it (2) */
  TRACE_SEND = 10,        /* link.send: count */
  TRACE_PANIC = 11,       /* board.panic: number; a reset follows */
  TRACE_LUA_ERROR = 12,   /* the program failed: Lua's status, panic number; a reset follows */
  TRACE_COLLECTED = 13,   /* the collector ran: heap used before, after, high water, bytes */
  TRACE_POWER = 14,       /* link.power: 0 or 1 */
  TRACE_HEAP = 15,        /* after createController, and after boot: heap used, high water, size of the region, bytes */
  TRACE_VALUE = 16,       /* a value of TRACE_APPEND or TRACE_PUT: value (2, signed), index */
  TRACE_BOOT = 17,        /* before the entry boot: cause, detail, address of retained memory */
  TRACE_BAD_DEADLINE = 18,/* the deadline named was none: the watchdog is not fed any more */
  TRACE_EVENT = 19,       /* before an entry of kind 2: source, a, b */
  TRACE_CHUNK = 20,       /* before an entry of kind 3: count */
  TRACE_STORED = 21,      /* a transaction has ended: fault */
  TRACE_NO_APPLICATION = 22, /* the responder runs: reason */
  /* Bytes in memory: address, count. A bench looks at them at that instant; on silicon they are two numbers. */
  TRACE_RANDOM = 23,      /* entropy.fill has made these: a bench puts those of its seed in their place */
  TRACE_INFO = 24,        /* keys of a session to the pump are derived: the info */
  TRACE_OPENED = 25,      /* the session being opened became the open one */
  TRACE_REQUEST = 26,     /* a sealed request was good: in the clear */
  TRACE_ANSWER = 27,      /* an answer that is about to be sealed: in the clear */
  TRACE_COLLECTING = 28,  /* the collector begins */
  TRACE_CUT = 29,         /* cutoff.cut: 1 or 0 */
  TRACE_SELF_TEST = 30,   /* before TRACE_BOOT: what the self-test found */
};

static inline void trace(uint32_t code, uint32_t a, uint32_t b, uint32_t c) {
  REG(WATCHDOG_SCRATCH(0)) = a;
  REG(WATCHDOG_SCRATCH(1)) = b;
  REG(WATCHDOG_SCRATCH(2)) = c;
  REG(WATCHDOG_SCRATCH(3)) = code;
}

static inline void trace_value(int64_t value, uint32_t index) {
  trace(TRACE_VALUE, (uint32_t)value, (uint32_t)((uint64_t)value >> 32), index);
}

/*
 * The other way, at a reset: SCRATCH4 holds this, SCRATCH5 and 6 the pump time in ms of the instant of the reset, SCRATCH7 a seed for the
 * generator of random bytes. A bench whose crystal goes on through a power loss tells the time so; on silicon the registers are
 * zero after power-on, and the time comes from storage.
 */
#define BENCH_CLOCK 0x43425449u /* "ITBC" */
