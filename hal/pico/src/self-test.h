/* The self-test: what this board can see of itself (hal/self-test.ts). */
#pragma once
#include <stdbool.h>
#include <stdint.h>

enum { SELF_TEST_MOTOR = 1, SELF_TEST_MEMORY = 2, SELF_TEST_PROGRAM = 4, SELF_TEST_CIPHER = 8 };

/* Before the heap is in use, all of which it writes over: what failed. The program in flash is checked in idle time from then on. */
uint32_t self_test_boot(uint64_t boot_ms);
/* When the time of a look has come, `now_ms` being logical time, it looks. */
void self_test_look(uint64_t now_ms);
/* When that time is, in pump time. */
uint64_t self_test_next_ms(void);
/* What the controller is to be told, and of which instant; false if there is nothing. */
bool self_test_found(uint64_t *at_ms);
uint32_t self_test_take(void);
/* A piece of what is checked in idle time; false if all of it was, for this look. */
bool self_test_idle(void);
