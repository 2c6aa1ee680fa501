/* The watchdog: resets the chip 8 s after it was last fed. */
#include "hardware.h"
#include "registers.h"

/* It counts twice a microsecond (erratum RP2040-E1); 24 bits reach 8.3 s. */
enum { LOAD = WATCHDOG_MS * 2000 };

void watchdog_start(void) {
  REG(PSM_WDSEL) = PSM_WDSEL_ALL;
  REG(WATCHDOG_LOAD) = LOAD;
  REG(WATCHDOG_CTRL) = WATCHDOG_ENABLE;
}

void watchdog_feed(void) {
  REG(WATCHDOG_LOAD) = LOAD;
}
