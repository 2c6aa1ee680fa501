/* The image: hardware, storage, then the application, or who speaks for it. */
#include <stdlib.h>
#include "application.h"
#include "cipher.h"
#include "flash.h"
#include "hardware.h"
#include "peripherals.h"
#include "pins.h"
#include "pump.h"
#include "reset.h"
#include "responder.h"
#include "storage.h"
#include "trace.h"

/* At 0x10000200 in every image: what it is, for `itb-pump info`. Lines "name: value", a zero at the end. */
__attribute__((section(".image_text"), used)) const char image_text[256 * 3] =
  "itb-pump image for the Raspberry Pi Pico\n"
  "version: " IMAGE_VERSION "\n"
  "commit: " IMAGE_COMMIT "\n"
  "lua: 5.4.4\n"
  "pins: " PINS_TEXT "\n";

void abort(void) {
  reset_by_fault();
}

int main(void) {
  clocks_init();
  motor_init();
  timer_init();
  watchdog_start();
  sounder_init();
  supply_init();
  uart_init();
  flash_init();
  if (flash_suits()) storage_open();
  Reset reset = reset_find(storage_latest_ms());
  events_init();
  keep_alive(reset.at_ms);
  entropy_init(reset.cause == CAUSE_PANIC && reset.detail == PANIC_NOISE);
  uint32_t reason = reset.in_a_row >= RESETS_GIVE_UP ? SLOT_RESETS : application_check();
  if (reason != SLOT_GOOD) {
    trace(TRACE_NO_APPLICATION, reason, 0, 0);
    responder_run(application_text(reason));
  }
  if (application_kind() == KIND_PERIPHERALS) peripherals_run();
  host_run(application_chunk(), reset.cause, reset.detail, reset.at_ms + BOOT_MS);
}
