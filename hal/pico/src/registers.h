/* Registers of the RP2040 that this image uses, by their names in the datasheet. */
#pragma once
#include <stdint.h>

#define REG(address) (*(volatile uint32_t *)(uintptr_t)(address))
/* Atomic aliases of a peripheral's register (datasheet 2.1.2): write ones to set, or to clear. */
#define REG_SET(address) REG((address) + 0x2000u)
#define REG_CLEAR(address) REG((address) + 0x3000u)

#define XIP_BASE 0x10000000u
#define SRAM_BASE 0x20000000u

/* The flash interface as the ROM leaves it for commands: each byte that is sent brings one back, sixteen at most on their way. */
#define SSI_SR 0x18000028u
#define SSI_DR0 0x18000060u
enum { SSI_RECEIVED = 1u << 3, SSI_FIFO = 16 };
#define IO_QSPI_SELECT 0x4001800cu
enum { SELECT_LOW = 2u << 8, SELECT_HIGH = 3u << 8 };

#define CLK_REF_CTRL 0x40008030u
#define CLK_REF_SELECTED 0x40008038u
#define CLK_SYS_CTRL 0x4000803cu
#define CLK_SYS_SELECTED 0x40008044u
#define CLK_PERI_CTRL 0x40008048u
#define CLK_ADC_CTRL 0x40008060u

#define RESETS_RESET 0x4000c000u
#define RESETS_RESET_DONE 0x4000c008u
enum {
  RESET_ADC = 1u << 0, RESET_IO_BANK0 = 1u << 5, RESET_PADS_BANK0 = 1u << 8, RESET_PLL_SYS = 1u << 12, RESET_PLL_USB = 1u << 13,
  RESET_PWM = 1u << 14, RESET_TIMER = 1u << 21, RESET_UART0 = 1u << 22,
};

#define PSM_WDSEL 0x40010008u
/* All that the watchdog resets: everything but the oscillators (bits 0 and 1), which would have to start again. */
#define PSM_WDSEL_ALL 0x1fffcu

#define IO_BANK0_CTRL(pin) (0x40014004u + 8u * (pin))
#define IO_BANK0_INTR0 0x400140f0u
#define IO_BANK0_PROC0_INTE0 0x40014100u
#define IO_BANK0_PROC0_INTS0 0x40014120u
enum { FUNCTION_UART = 2, FUNCTION_PWM = 4, FUNCTION_SIO = 5, FUNCTION_NONE = 31 };
/* Bits of a pin below 8 in INTR0 and INTE0. */
#define IO_EDGE_HIGH(pin) (1u << (4u * (pin) + 3u))

#define PADS_BANK0_PIN(pin) (0x4001c004u + 4u * (pin))
enum { PAD_SCHMITT = 1u << 1, PAD_DOWN = 1u << 2, PAD_UP = 1u << 3, PAD_4MA = 1u << 4, PAD_INPUT = 1u << 6, PAD_OUTPUT_OFF = 1u << 7 };

#define XOSC_CTRL 0x40024000u
#define XOSC_STATUS 0x40024004u
#define XOSC_STARTUP 0x4002400cu

#define PLL_SYS_CS 0x40028000u
#define PLL_SYS_PWR 0x40028004u
#define PLL_SYS_FBDIV 0x40028008u
#define PLL_SYS_PRIM 0x4002800cu

#define UART0_DR 0x40034000u
#define UART0_FR 0x40034018u
#define UART0_IBRD 0x40034024u
#define UART0_FBRD 0x40034028u
#define UART0_LCR_H 0x4003402cu
#define UART0_CR 0x40034030u
#define UART0_IFLS 0x40034034u
#define UART0_IMSC 0x40034038u
#define UART0_MIS 0x40034040u
#define UART0_ICR 0x40034044u
enum { FR_BUSY = 1u << 3, FR_RXFE = 1u << 4, FR_TXFF = 1u << 5 };
enum { UART_RX = 1u << 4, UART_TX = 1u << 5, UART_RX_TIMEOUT = 1u << 6, UART_ERRORS = 0xfu << 7 };

#define ADC_CS 0x4004c000u
#define ADC_RESULT 0x4004c004u
enum { ADC_EN = 1u << 0, ADC_START_ONCE = 1u << 2, ADC_READY = 1u << 8 };

#define PWM_CSR(slice) (0x40050000u + 0x14u * (slice))
#define PWM_DIV(slice) (0x40050004u + 0x14u * (slice))
#define PWM_CC(slice) (0x4005000cu + 0x14u * (slice))
#define PWM_TOP(slice) (0x40050010u + 0x14u * (slice))

#define TIMER_ALARM(n) (0x40054010u + 4u * (n))
#define TIMER_RAWH 0x40054024u
#define TIMER_RAWL 0x40054028u
#define TIMER_INTR 0x40054034u
#define TIMER_INTE 0x40054038u

#define WATCHDOG_CTRL 0x40058000u
#define WATCHDOG_LOAD 0x40058004u
#define WATCHDOG_REASON 0x40058008u
#define WATCHDOG_SCRATCH(n) (0x4005800cu + 4u * (n))
#define WATCHDOG_TICK 0x4005802cu
enum { WATCHDOG_ENABLE = 1u << 30, WATCHDOG_TRIGGER = 1u << 31 };

#define ROSC_RANDOMBIT 0x4006001cu
#define CHIP_RESET 0x40064008u
enum { CHIP_RESET_POR = 1u << 8, CHIP_RESET_RUN = 1u << 16 };

#define SIO_GPIO_IN 0xd0000004u
#define SIO_GPIO_OUT_SET 0xd0000014u
#define SIO_GPIO_OUT_CLR 0xd0000018u
#define SIO_GPIO_OE_SET 0xd0000024u

#define NVIC_ISER 0xe000e100u
#define SCB_VTOR 0xe000ed08u
enum { IRQ_TIMER_0 = 0, IRQ_IO_BANK0 = 13, IRQ_UART0 = 20 };

/* Code that runs while flash cannot be read: interrupts, and what talks to the flash chip. It must call nothing that is not RAMCODE too. */
#define RAMCODE __attribute__((section(".ramcode"), noinline))

static inline uint32_t interrupts_off(void) {
  uint32_t before;
  __asm volatile("mrs %0, primask\n cpsid i" : "=r"(before) :: "memory");
  return before;
}

static inline void interrupts_back(uint32_t before) {
  __asm volatile("msr primask, %0" :: "r"(before) : "memory");
}
