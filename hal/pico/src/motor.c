/* The motor: step, enable and cut-off pins, and the rotor sensor's edges. */
#include "hardware.h"
#include "pins.h"
#include "registers.h"

static struct { volatile uint64_t at_us; volatile bool backward; } edges[ROTOR_EDGES];
/* How many ever came and were taken. */
static volatile uint32_t came, taken;

/* By registers alone, so that it works before memory is set up and in any fault. */
RAMCODE void motor_off(void) {
  REG(SIO_GPIO_OUT_CLR) = (1u << PIN_STEP) | (1u << PIN_ENABLE) | (1u << PIN_CUTOFF);
}

void drive_cut(bool cut) {
  REG(cut ? SIO_GPIO_OUT_CLR : SIO_GPIO_OUT_SET) = 1u << PIN_CUTOFF;
}

bool drive_fault(void) {
  return (REG(SIO_GPIO_IN) & (1u << PIN_DRIVE_FAULT)) == 0;
}

static void input(uint32_t pin, uint32_t pull) {
  REG(PADS_BANK0_PIN(pin)) = PAD_INPUT | pull | PAD_SCHMITT;
  REG(IO_BANK0_CTRL(pin)) = FUNCTION_SIO;
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
  output(PIN_CUTOFF);
  input(PIN_ROTOR, PAD_DOWN);
  input(PIN_ROTOR_B, PAD_DOWN);
  input(PIN_DRIVE_FAULT, PAD_UP);
  REG(IO_BANK0_INTR0) = IO_EDGE_HIGH(PIN_ROTOR);
  REG_SET(IO_BANK0_PROC0_INTE0) = IO_EDGE_HIGH(PIN_ROTOR);
  REG(NVIC_ISER) = 1u << IRQ_IO_BANK0;
}

/* The supply is enabled for the time of a step only: a stray edge on the step pin between pulses drives nothing. */
uint64_t motor_step(void) {
  uint32_t state = interrupts_off();
  /* One that comes while interrupts are off was before the step, and must not be taken for its own. */
  rotor_interrupt();
  watchdog_driving(true);
  REG(SIO_GPIO_OUT_SET) = 1u << PIN_ENABLE;
  uint64_t begun_us = timer_us();
  REG(SIO_GPIO_OUT_SET) = 1u << PIN_STEP;
  alarm_set(ALARM_STEP, begun_us + STEP_US);
  interrupts_back(state);
  return begun_us;
}

RAMCODE void motor_step_over(void) {
  REG(SIO_GPIO_OUT_CLR) = (1u << PIN_STEP) | (1u << PIN_ENABLE);
  watchdog_driving(false);
}

/* Sensor B stands where it is for a quarter of a step around A's edge: long enough to be read from here. */
RAMCODE void rotor_interrupt(void) {
  uint64_t now = timer_us();
  if ((REG(IO_BANK0_PROC0_INTS0) & IO_EDGE_HIGH(PIN_ROTOR)) == 0) return;
  bool backward = (REG(SIO_GPIO_IN) & (1u << PIN_ROTOR_B)) != 0;
  REG(IO_BANK0_INTR0) = IO_EDGE_HIGH(PIN_ROTOR);
  if (came - taken >= ROTOR_EDGES) return;
  uint32_t place = came % ROTOR_EDGES;
  edges[place].at_us = now;
  edges[place].backward = backward;
  came++;
}

bool rotor_edge(RotorEdge *edge) {
  uint32_t state = interrupts_off();
  bool any = came != taken;
  uint32_t place = taken % ROTOR_EDGES;
  *edge = (RotorEdge){ edges[place].at_us, edges[place].backward };
  interrupts_back(state);
  return any;
}

void rotor_taken(void) {
  taken++;
}

void rotor_forget(void) {
  taken = came;
}

void alarm_led(bool on) {
  REG(on ? SIO_GPIO_OUT_SET : SIO_GPIO_OUT_CLR) = 1u << PIN_ALARM;
}
