/* Drivers of chip and bench: time, wand, motor, sounder, supply, watchdog. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* clocks.c: 125 MHz from the crystal, 1 us ticks, peripherals out of reset. */
void clocks_init(void);

/* timer.c: microseconds since the reset, and four alarms. */
enum { ALARM_WAKE = 0, ALARM_PAUSE = 1, ALARM_STEP = 2, ALARM_TONE = 3, ALARMS = 4 };
void timer_init(void);
uint64_t timer_us(void);
/* Calls that alarm's handler at `at_us`, or as soon as it can. One that is set again forgets the time before. */
void alarm_set(uint32_t alarm, uint64_t at_us);
void timer0_interrupt(void);
void timer1_interrupt(void);
void timer2_interrupt(void);
void timer3_interrupt(void);
/* True once since the wake alarm went off. */
bool timer_woken(void);

/* uart.c: the wand's line. Bytes come as chunks, each with the instant at which it was complete. */
enum { CHUNK_MAX = 64, SEND_MAX = 1024, PAUSE_US = 174 /* two bytes of ten bits, rounded up: a chunk is complete */ };
void uart_init(void);
void uart_interrupt(void);
void uart_pause_over(void);
/* When the oldest chunk was complete, in timer microseconds; false if there is none. */
bool uart_chunk(uint64_t *at_us);
/* Takes the oldest chunk; returns how many bytes it has. */
size_t uart_take(uint8_t *bytes);
/* How many bytes can be sent now. */
size_t uart_room(void);
/* All or nothing: false if there is no room for `count`. */
bool uart_send(const uint8_t *bytes, size_t count);
/* True while nothing has come or gone for a while: an erase would lose nothing. */
bool uart_quiet(void);

/* motor.c: one pulse, and the rotor's edges. */
enum { STEP_US = 8000, CONFIRM_US = 500000 };
void motor_init(void);
/* Needs no memory and no set-up: the motor cannot be driven after it, and its drive has no supply. */
void motor_off(void);
/* The switch before the drive: open from a reset on, until it is closed. Nothing else touches it but motor_off. */
void drive_cut(bool cut);
/* What the drive says of itself: it has failed, and may turn by itself or not at all. */
bool drive_fault(void);
/* Begins a pulse; returns the instant at which the drive was energised. */
uint64_t motor_step(void);
void motor_step_over(void);
void rotor_interrupt(void);
/* Edges in the order in which they came; beyond so many that nobody has taken they are lost. */
enum { ROTOR_EDGES = 16 };
typedef struct { uint64_t at_us; bool backward; } RotorEdge;
/* The oldest that was not taken; false if there is none. */
bool rotor_edge(RotorEdge *edge);
void rotor_taken(void);
/* Whatever came until now is nobody's. */
void rotor_forget(void);

/* sounder.c */
enum { TONE_TWO = 1, TONE_SINGLE = 2 };
void sounder_init(void);
void sounder_sound(uint32_t tone, uint32_t duration_ms);
void sounder_step(void);

/* supply.c: millivolts at this instant, 2 us. */
void supply_init(void);
uint32_t supply_mV(void);

/* watchdog.c: 8 s from the last feed to the reset; so much while the motor is driven, which takes STEP_US. */
enum { WATCHDOG_MS = 8000, DRIVING_MS = 50 };
void watchdog_start(void);
void watchdog_feed(void);
/* The motor is driven from now on, or no longer: whatever hangs then, a processor locked up in a fault too, does not leave it driven. */
void watchdog_driving(bool on);

void alarm_led(bool on);
