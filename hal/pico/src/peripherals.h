/* The peripheral server: motor, rotor, cut-off, supply and sounder for a controller elsewhere. */
#pragma once

/* An application's flags (application.h): what its slot is for. */
enum { KIND_PROGRAM = 0, KIND_PERIPHERALS = 1 };

/* Serves protocol/spec/peripherals.md on the wand's line. For good. */
__attribute__((noreturn)) void peripherals_run(void);
