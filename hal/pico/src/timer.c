/* The timer: 64 bits of microseconds, and four alarms with handlers. */
#include "hardware.h"
#include "registers.h"

static volatile uint64_t target_us[ALARMS];
static volatile bool set[ALARMS];
static volatile bool woken;

RAMCODE uint64_t timer_us(void) {
  uint32_t high, low;
  do {
    high = REG(TIMER_RAWH);
    low = REG(TIMER_RAWL);
  } while (REG(TIMER_RAWH) != high);
  return ((uint64_t)high << 32) | low;
}

/* The comparator has 32 bits and matches by equality: never aim at the past, and far targets are reached in hops of 2^31 us. */
static RAMCODE void aim(uint32_t alarm) {
  enum { SOONEST_US = 3 };
  uint64_t now = timer_us();
  uint64_t at = target_us[alarm] > now + SOONEST_US ? target_us[alarm] : now + SOONEST_US;
  if (at > now + 0x80000000u) at = now + 0x80000000u;
  REG(TIMER_ALARM(alarm)) = (uint32_t)at;
}

RAMCODE void alarm_set(uint32_t alarm, uint64_t at_us) {
  uint32_t state = interrupts_off();
  target_us[alarm] = at_us;
  set[alarm] = true;
  aim(alarm);
  interrupts_back(state);
}

/* True if the alarm's time has come. A hop, or an alarm set anew meanwhile, is aimed again. */
static RAMCODE bool came(uint32_t alarm) {
  REG(TIMER_INTR) = 1u << alarm;
  if (!set[alarm]) return false;
  if (timer_us() < target_us[alarm]) {
    aim(alarm);
    return false;
  }
  set[alarm] = false;
  return true;
}

RAMCODE void timer0_interrupt(void) {
  if (came(ALARM_WAKE)) woken = true;
}

RAMCODE void timer1_interrupt(void) {
  if (came(ALARM_PAUSE)) uart_pause_over();
}

RAMCODE void timer2_interrupt(void) {
  if (came(ALARM_STEP)) motor_step_over();
}

RAMCODE void timer3_interrupt(void) {
  if (came(ALARM_TONE)) sounder_step();
}

bool timer_woken(void) {
  bool was = woken;
  woken = false;
  return was;
}

void timer_init(void) {
  REG(TIMER_INTE) = 0xf;
  REG(NVIC_ISER) = 0xfu << IRQ_TIMER_0;
}
