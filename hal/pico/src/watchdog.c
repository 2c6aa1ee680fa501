/* The watchdog: resets the chip 8 s after it was last fed, or 50 ms into a step. */
#include "hardware.h"
#include "registers.h"

/* It counts twice a microsecond (erratum RP2040-E1); 24 bits reach 8.3 s. */
enum { PER_MS = 2000 };

static volatile bool driving;

void watchdog_start(void) {
  REG(PSM_WDSEL) = PSM_WDSEL_ALL;
  watchdog_feed();
  REG(WATCHDOG_CTRL) = WATCHDOG_ENABLE;
}

RAMCODE void watchdog_feed(void) {
  REG(WATCHDOG_LOAD) = (driving ? DRIVING_MS : WATCHDOG_MS) * PER_MS;
}

RAMCODE void watchdog_driving(bool on) {
  driving = on;
  watchdog_feed();
}
