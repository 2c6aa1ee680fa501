/* Clocks: 125 MHz from the 12 MHz crystal, and the 1 us tick. */
#include "hardware.h"
#include "registers.h"

static void out_of_reset(uint32_t bits) {
  REG_CLEAR(RESETS_RESET) = bits;
  while ((REG(RESETS_RESET_DONE) & bits) != bits) {}
}

static void crystal_on(void) {
  REG(XOSC_STARTUP) = 47; /* x 256 cycles: 1 ms (datasheet 2.16.3) */
  REG(XOSC_CTRL) = (0xfabu << 12) | 0xaa0u;
  while (!(REG(XOSC_STATUS) >> 31)) {}
}

/* 12 MHz x 125 = 1500 MHz, / 6 / 2 = 125 MHz. */
static void pll_on(void) {
  REG_SET(RESETS_RESET) = RESET_PLL_SYS;
  out_of_reset(RESET_PLL_SYS);
  REG(PLL_SYS_CS) = 1;
  REG(PLL_SYS_FBDIV) = 125;
  REG_CLEAR(PLL_SYS_PWR) = (1u << 0) | (1u << 5); /* power to the PLL and its oscillator */
  while (!(REG(PLL_SYS_CS) >> 31)) {}
  REG(PLL_SYS_PRIM) = (6u << 16) | (2u << 12);
  REG_CLEAR(PLL_SYS_PWR) = 1u << 3; /* power to the dividers */
}

void clocks_init(void) {
  crystal_on();
  /* Away from anything that a warm reset may have left: system and reference clock from the ring oscillator. */
  REG_CLEAR(CLK_SYS_CTRL) = 1;
  while (REG(CLK_SYS_SELECTED) != 1) {}
  REG_CLEAR(CLK_REF_CTRL) = 3;
  while (REG(CLK_REF_SELECTED) != 1) {}
  pll_on();
  REG(CLK_REF_CTRL) = 2; /* the crystal */
  while (REG(CLK_REF_SELECTED) != 4) {}
  REG(CLK_SYS_CTRL) = 0; /* auxiliary source: the PLL */
  REG(CLK_SYS_CTRL) = 1;
  while (REG(CLK_SYS_SELECTED) != 2) {}
  REG(CLK_PERI_CTRL) = 1u << 11; /* from the system clock */
  REG(CLK_ADC_CTRL) = (1u << 11) | (3u << 5); /* from the crystal: 12 MHz are enough for one sample */
  REG(WATCHDOG_TICK) = 12u | (1u << 9); /* 12 MHz / 12 for timer and watchdog */
  out_of_reset(RESET_IO_BANK0 | RESET_PADS_BANK0 | RESET_TIMER | RESET_UART0 | RESET_PWM | RESET_ADC);
}
