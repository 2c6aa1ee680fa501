/* The sounder: tones by PWM, which end by themselves. */
#include "hardware.h"
#include "pins.h"
#include "registers.h"

/* 125 MHz / 16 / (top + 1). */
enum { SLICE = 3, DIVIDER = 16, TOP_2700_HZ = 2893, TOP_2000_HZ = 3905, TURN_US = 250000 };

static volatile uint64_t turn_us, end_us;
static volatile uint32_t playing;
static volatile bool high;

static RAMCODE void play(uint32_t top) {
  REG(PWM_TOP(SLICE)) = top;
  REG(PWM_CC(SLICE)) = (top + 1) >> 1;
  REG(PWM_CSR(SLICE)) = 1;
}

/* Stopped first: while it runs a level counts from the next turn on, and a slice that is stopped before that stays where it is, maybe high. */
static RAMCODE void silence(void) {
  REG(PWM_CSR(SLICE)) = 0;
  REG(PWM_CC(SLICE)) = 0;
}

/* The tone's end, or its other half. */
RAMCODE void sounder_step(void) {
  if (turn_us >= end_us) {
    silence();
    return;
  }
  high = !high;
  play(playing == TONE_TWO && high ? TOP_2700_HZ : TOP_2000_HZ);
  turn_us = turn_us + TURN_US < end_us ? turn_us + TURN_US : end_us;
  alarm_set(ALARM_TONE, turn_us);
}

void sounder_sound(uint32_t tone, uint32_t duration_ms) {
  uint32_t state = interrupts_off();
  playing = tone;
  high = false;
  turn_us = timer_us();
  end_us = turn_us + (uint64_t)duration_ms * 1000;
  sounder_step();
  interrupts_back(state);
}

void sounder_init(void) {
  REG(PWM_DIV(SLICE)) = DIVIDER << 4;
  silence();
  REG(IO_BANK0_CTRL(PIN_SOUNDER)) = FUNCTION_PWM;
}
