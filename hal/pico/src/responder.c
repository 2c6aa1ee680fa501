/* The responder: a pump without an application says so (protocol/SESSION.md). */
#include "responder.h"
#include <stdbool.h>
#include <string.h>
#include "cipher.h"
#include "hardware.h"
#include "jacdac.h"
#include "registers.h"
#include "reset.h"

enum { GET_DESCRIPTION = 0x1180, GET_PRODUCT = 0x1181, GET_FIRMWARE = 0x1185, TEXT_MAX = 64 };
enum { ANNOUNCE_US = 500000, AWAKE_US = 5000000, TONE_US = 60000000 };

/* As protocol/device/identity.ts has it, lowest byte first; and the pump's service class (protocol/service.ts). */
static const uint8_t PRODUCT[4] = { 0xa7, 0x91, 0x5d, 0x3c };
static const uint8_t ANNOUNCEMENT[8] = { 0x01, 0x01, 1, 0, 0x52, 0x3c, 0x6f, 0x1a };

static uint8_t id[DEVICE_ID];
static uint64_t awake_until_us, announce_us;

static void announce(void) {
  report(0, id, 0, CODE_ANNOUNCE, ANNOUNCEMENT, sizeof ANNOUNCEMENT);
  announce_us = timer_us() + ANNOUNCE_US;
}

static void called(void) {
  if (timer_us() >= awake_until_us) entropy_fill(id, sizeof id);
  awake_until_us = timer_us() + AWAKE_US;
  report_call();
  announce();
}

/* A packet to this device. What there is not is refused, as a pump does. */
static bool packet(void *user, const Packet *packet) {
  static const char description[] = "itb-pump bench";
  const char *text = user;
  uint32_t length = (uint32_t)strlen(text);
  bool control = packet->index == INDEX_CONTROL;
  if (control && packet->code == CODE_ANNOUNCE) announce();
  else if (control && packet->code == GET_DESCRIPTION) report(0, id, 0, packet->code, description, sizeof description - 1);
  else if (control && packet->code == GET_PRODUCT) report(0, id, 0, packet->code, PRODUCT, sizeof PRODUCT);
  else if (control && packet->code == GET_FIRMWARE) report(0, id, 0, packet->code, text, length < TEXT_MAX ? length : TEXT_MAX);
  else {
    report_refused(id, packet);
    return false;
  }
  return true;
}

static void take_frame(const char *text) {
  if (frame_is_call()) called();
  if (timer_us() >= awake_until_us || !frame_is_for(id)) return;
  frame_acknowledge(id);
  frame_packets(packet, (void *)(uintptr_t)text);
}

void responder_run(const char *text) {
  uint64_t tone_us = 0;
  uint8_t bytes[CHUNK_MAX];
  motor_off();
  alarm_led(true);
  for (;;) {
    uint64_t now = timer_us();
    keep_alive(pump_us() / 1000);
    if (now >= tone_us) {
      sounder_sound(TONE_TWO, TONE_US / 1000);
      tone_us = now + TONE_US;
    }
    size_t count = uart_take(bytes);
    for (size_t i = 0; i < count; i++) {
      if (frame_take(bytes[i])) take_frame(text);
    }
    if (now < awake_until_us && now >= announce_us) announce();
    alarm_set(ALARM_WAKE, now + ANNOUNCE_US);
    uint32_t state = interrupts_off();
    uint64_t ignored;
    if (!uart_chunk(&ignored) && !timer_woken()) __asm volatile("wfi");
    interrupts_back(state);
  }
}
