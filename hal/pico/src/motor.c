/* The motor: step and enable pins, and the rotor sensor's edge in time. */
#include "hardware.h"
#include "pins.h"
#include "registers.h"

static volatile uint64_t edge_us;
static volatile bool edge_seen;

/* By registers alone, so that it works before memory is set up and in any fault. */
RAMCODE void motor_off(void) {
  REG(SIO_GPIO_OUT_CLR) = (1u << PIN_STEP) | (1u << PIN_ENABLE);
}

static void output(uint32_t pin) {
  REG(SIO_GPIO_OUT_CLR) = 1u << pin;
  REG(SIO_GPIO_OE_SET) = 1u << pin;
  REG(PADS_BANK0_PIN(pin)) = PAD_INPUT | PAD_4MA | PAD_SCHMITT | PAD_DOWN;
  REG(IO_BANK0_CTRL(pin)) = FUNCTION_SIO;
}

void motor_init(void) {
  output(PIN_STEP);
  output(PIN_ENABLE);
  output(PIN_ALARM);
  REG(PADS_BANK0_PIN(PIN_ROTOR)) = PAD_INPUT | PAD_DOWN | PAD_SCHMITT;
  REG(IO_BANK0_CTRL(PIN_ROTOR)) = FUNCTION_SIO;
  REG(IO_BANK0_INTR0) = IO_EDGE_HIGH(PIN_ROTOR);
  REG_SET(IO_BANK0_PROC0_INTE0) = IO_EDGE_HIGH(PIN_ROTOR);
  REG(NVIC_ISER) = 1u << IRQ_IO_BANK0;
}

/* The supply is enabled for the time of a step only: a stray edge on the step pin between pulses drives nothing. */
uint64_t motor_step(void) {
  uint32_t state = interrupts_off();
  edge_seen = false;
  REG(IO_BANK0_INTR0) = IO_EDGE_HIGH(PIN_ROTOR);
  watchdog_driving(true);
  REG(SIO_GPIO_OUT_SET) = 1u << PIN_ENABLE;
  uint64_t begun_us = timer_us();
  REG(SIO_GPIO_OUT_SET) = 1u << PIN_STEP;
  alarm_set(ALARM_STEP, begun_us + STEP_US);
  interrupts_back(state);
  return begun_us;
}

RAMCODE void motor_step_over(void) {
  motor_off();
  watchdog_driving(false);
}

RAMCODE void rotor_interrupt(void) {
  uint64_t now = timer_us();
  /* An edge that motor_step cleared may have left the interrupt pending: without its bit there was none since. */
  if ((REG(IO_BANK0_PROC0_INTS0) & IO_EDGE_HIGH(PIN_ROTOR)) == 0) return;
  REG(IO_BANK0_INTR0) = IO_EDGE_HIGH(PIN_ROTOR);
  if (edge_seen) return;
  edge_us = now;
  edge_seen = true;
}

bool rotor_edge(uint64_t *at_us) {
  uint32_t state = interrupts_off();
  bool seen = edge_seen;
  *at_us = edge_us;
  interrupts_back(state);
  return seen;
}

void alarm_led(bool on) {
  REG(on ? SIO_GPIO_OUT_SET : SIO_GPIO_OUT_CLR) = 1u << PIN_ALARM;
}
