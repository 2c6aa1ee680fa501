/* From reset to main: vectors, initial memory, and what a fault comes to. */
#include <string.h>
#include "hardware.h"
#include "pins.h"
#include "registers.h"
#include "reset.h"

extern uint32_t __stack_top, __data_start, __data_end, __data_load, __bss_start, __bss_end;
int main(void);
void reset_handler(void);

/*
 * By registers alone, and first of all the motor; then with the stack empty, since it may be the stack that failed. If there is not even room for what the processor
 * itself puts there, it locks up, and the watchdog ends that: 50 ms after a step began, otherwise within 8 s.
 */
static RAMCODE __attribute__((naked)) void fault(void) {
  __asm volatile(
    "ldr r0, =%c0\n"
    "ldr r1, =%c1\n"
    "str r1, [r0]\n"
    "ldr r0, =__stack_top\n"
    "msr msp, r0\n"
    "ldr r0, =reset_by_fault\n"
    "bx r0\n"
    ".ltorg\n"
    : : "i"(SIO_GPIO_OUT_CLR), "i"((1u << PIN_STEP) | (1u << PIN_ENABLE)));
}

/* Entered by boot2 with the stack set. */
__attribute__((noreturn)) void reset_handler(void) {
  /* The motor first: whatever was before, it must not be driven. Not by motor_off, which is not in RAM yet. */
  REG(SIO_GPIO_OUT_CLR) = (1u << PIN_STEP) | (1u << PIN_ENABLE);
  memcpy(&__data_start, &__data_load, (size_t)((char *)&__data_end - (char *)&__data_start));
  memset(&__bss_start, 0, (size_t)((char *)&__bss_end - (char *)&__bss_start));
  extern void (*const vectors[])(void);
  REG(SCB_VTOR) = (uint32_t)(uintptr_t)vectors;
  main();
  reset_by_fault();
  for (;;) {}
}

/* What boot2 needs of the flash: a stack and an entry. The vectors themselves are in RAM, for interrupts while flash is written. */
__attribute__((section(".startup_vectors"), used)) void (*const startup_vectors[2])(void) = {
  (void (*)(void))&__stack_top, reset_handler,
};

#define F fault
__attribute__((section(".vectors"), used, aligned(256))) void (*const vectors[16 + 32])(void) = {
  (void (*)(void))&__stack_top, reset_handler, F, F, F, F, F, F, F, F, F, F, F, F, F, F,
  [16 + 0] = timer0_interrupt, [16 + 1] = timer1_interrupt, [16 + 2] = timer2_interrupt, [16 + 3] = timer3_interrupt,
  F, F, F, F, F, F, F, F, F, [16 + 13] = rotor_interrupt, F, F, F, F, F, F, [16 + 20] = uart_interrupt, F, F, F, F, F, F, F, F, F, F, F,
};
