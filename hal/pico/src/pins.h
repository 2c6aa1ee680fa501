/* The pins of the bench: what is wired to which GPIO. */
#pragma once

enum {
  PIN_UART_TX = 0, PIN_UART_RX = 1,
  PIN_STEP = 2,    /* high for STEP_US: one pulse of the motor */
  PIN_ROTOR = 3,   /* sensor A, rising edge: the head has turned; pulled down */
  PIN_ENABLE = 4,  /* high: the motor's supply may drive */
  PIN_ALARM = 5,   /* LED: no good application */
  PIN_SOUNDER = 6, /* PWM slice 3, output A */
  PIN_CUTOFF = 7,  /* high: a switch before the drive lets its supply through; pulled down, so open in a reset */
  PIN_ROTOR_B = 8, /* sensor B, a quarter turn behind A: low at A's rising edge forward, high backward; pulled down */
  PIN_DRIVE_FAULT = 9, /* low: the motor's driver says that it has failed; pulled up */
  PIN_SUPPLY = 26, /* ADC input 0, behind a divider of 1:2 */
};

/* The same for people; `itb-pump info` prints it. */
#define PINS_TEXT \
  "GP0 UART0 TX; GP1 UART0 RX, 115200 8N1; GP2 motor step, high 8 ms; GP3 rotor sensor, rising edge; " \
  "GP4 motor supply enable; GP5 alarm LED; GP6 sounder; GP7 drive cut-off, high closed; GP8 rotor sensor B, high backward; GP9 drive fault, low failed; GP26 supply, 1:2"
