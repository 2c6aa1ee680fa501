/* The supply: the battery's voltage by the ADC. */
#include "hardware.h"
#include "pins.h"
#include "registers.h"

void supply_init(void) {
  REG(PADS_BANK0_PIN(PIN_SUPPLY)) = PAD_OUTPUT_OFF; /* analogue: neither driven nor read as a level */
  REG(IO_BANK0_CTRL(PIN_SUPPLY)) = FUNCTION_NONE;
  REG(ADC_CS) = ADC_EN;
  while (!(REG(ADC_CS) & ADC_READY)) {}
}

/* 4096 counts are 3300 mV, of which the divider leaves one half. */
uint32_t supply_mV(void) {
  REG(ADC_CS) = ADC_EN | ADC_START_ONCE;
  while (!(REG(ADC_CS) & ADC_READY)) {}
  return ((REG(ADC_RESULT) & 0xfffu) * 6600u + 2048u) >> 12;
}
