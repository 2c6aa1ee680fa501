/* The responder: a pump without an application says so (protocol/SESSION.md). */
#include "responder.h"
#include <stdbool.h>
#include <string.h>
#include "cipher.h"
#include "hardware.h"
#include "registers.h"
#include "reset.h"

enum { FRAME_MAX = 252, HEAD = 12, PACKET_HEAD = 4, ESCAPE = 0xfe, BEGIN = 0xfc, END = 0xfd, LITERAL = 0xf8 };
enum { FLAG_COMMAND = 1, FLAG_ACK = 2, FLAG_MULTICAST = 4, FLAG_LOOPBACK = 0x40 };
enum { GET_DESCRIPTION = 0x1180, GET_PRODUCT = 0x1181, GET_FIRMWARE = 0x1185, REFUSED = 3, CALL = 0x81 };
enum { ANNOUNCE_US = 500000, AWAKE_US = 5000000, TONE_US = 60000000 };

/* Jacdac's class of who talks JDUSB, with the rest of a multicast's address (SESSION.md, 3). */
static const uint8_t CALL_ADDRESS[8] = { 0x4a, 0x1a, 0xf6, 0x18, 0xaa, 0xaa, 0xaa, 0xaa };
/* As protocol/device/identity.ts has it, lowest byte first; and the pump's service class (protocol/service.ts). */
static const uint8_t PRODUCT[4] = { 0xa7, 0x91, 0x5d, 0x3c };
static const uint8_t ANNOUNCEMENT[8] = { 0x01, 0x01, 1, 0, 0x52, 0x3c, 0x6f, 0x1a };

static uint8_t frame[FRAME_MAX], id[8];
static uint32_t size;
static bool inside, escaped;
static uint64_t awake_until_us, announce_us;

static uint16_t crc16(const uint8_t *bytes, uint32_t count) {
  uint32_t crc = 0xffff;
  while (count-- > 0) {
    crc ^= (uint32_t)*bytes++ << 8;
    for (uint32_t bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1;
  }
  return (uint16_t)crc;
}

static void send_marked(const uint8_t *bytes, uint32_t count) {
  static uint8_t line[2 * FRAME_MAX];
  uint32_t at = 0;
  line[at++] = ESCAPE;
  line[at++] = BEGIN;
  for (uint32_t i = 0; i < count; i++) {
    line[at++] = bytes[i];
    if (bytes[i] == ESCAPE) line[at++] = LITERAL;
  }
  line[at++] = ESCAPE;
  line[at++] = END;
  uart_send(line, at);
}

static void report(uint8_t flags, const uint8_t from[8], uint8_t index, uint32_t code, const void *data, uint32_t count) {
  uint8_t out[HEAD + PACKET_HEAD + 64];
  if (count > 64) count = 64;
  out[2] = (uint8_t)(PACKET_HEAD + count);
  out[3] = flags;
  memcpy(out + 4, from, 8);
  out[HEAD] = (uint8_t)count;
  out[HEAD + 1] = index;
  out[HEAD + 2] = (uint8_t)code;
  out[HEAD + 3] = (uint8_t)(code >> 8);
  memcpy(out + HEAD + PACKET_HEAD, data, count);
  uint32_t total = HEAD + PACKET_HEAD + count;
  uint16_t crc = crc16(out + 2, total - 2);
  out[0] = (uint8_t)crc;
  out[1] = (uint8_t)(crc >> 8);
  send_marked(out, total);
}

static void announce(void) {
  report(0, id, 0, 0, ANNOUNCEMENT, sizeof ANNOUNCEMENT);
  announce_us = timer_us() + ANNOUNCE_US;
}

static void called(void) {
  if (timer_us() >= awake_until_us) entropy_fill(id, sizeof id);
  awake_until_us = timer_us() + AWAKE_US;
  report(FLAG_MULTICAST, CALL_ADDRESS, 0x3d, CALL, "", 0);
  announce();
}

/* A packet to this device. What there is not is refused, as a pump does, so that a wand need not wait for it. */
static bool packet(uint8_t index, uint32_t code, const char *text) {
  static const char description[] = "itb-pump bench";
  if (index == 0 && code == 0) announce();
  else if (index == 0 && code == GET_DESCRIPTION) report(0, id, 0, code, description, sizeof description - 1);
  else if (index == 0 && code == GET_PRODUCT) report(0, id, 0, code, PRODUCT, sizeof PRODUCT);
  else if (index == 0 && code == GET_FIRMWARE) report(0, id, 0, code, text, (uint32_t)strlen(text));
  else {
    const uint8_t refused[4] = { (uint8_t)code, (uint8_t)(code >> 8), frame[0], frame[1] };
    report(0, id, index, REFUSED, refused, sizeof refused);
    return false;
  }
  return true;
}

/* Up to the eighth, or the first that is refused; zeros fill a frame up. */
static void packets(const char *text) {
  uint32_t at = HEAD;
  for (uint32_t i = 0; i < 8 && at + PACKET_HEAD <= size; i++) {
    const uint8_t *head = frame + at;
    bool filler = i > 0 && (head[0] | head[1] | head[2] | head[3]) == 0;
    if (filler || at + PACKET_HEAD + head[0] > size) return;
    if (!packet(head[1] & 0x3f, head[2] | ((uint32_t)head[3] << 8), text)) return;
    at += PACKET_HEAD + ((head[0] + 3u) & ~3u);
  }
}

static void take_frame(const char *text) {
  if (size < HEAD + PACKET_HEAD || frame[2] != size - HEAD || crc16(frame + 2, size - 2) != (frame[0] | ((uint32_t)frame[1] << 8))) return;
  uint8_t flags = frame[3];
  if ((flags & ~FLAG_LOOPBACK) == (FLAG_COMMAND | FLAG_MULTICAST)) {
    if (memcmp(frame + 4, CALL_ADDRESS, 8) == 0 && frame[HEAD + 1] == 0x3d && frame[HEAD + 2] == CALL && frame[HEAD + 3] == 0) called();
    return;
  }
  bool ours = (flags & ~FLAG_ACK) == FLAG_COMMAND && timer_us() < awake_until_us && memcmp(frame + 4, id, 8) == 0;
  if (!ours) return;
  if (flags & FLAG_ACK) report(0, id, 0x3f, frame[0] | ((uint32_t)frame[1] << 8), "", 0);
  packets(text);
}

static void take_byte(uint8_t byte, const char *text) {
  if (!escaped) {
    if (byte == ESCAPE) escaped = true;
    else if (inside && size < FRAME_MAX) frame[size++] = byte;
    else inside = false;
    return;
  }
  escaped = byte == ESCAPE;
  if (byte == BEGIN) {
    inside = true;
    size = 0;
  } else if (byte == END) {
    if (inside) take_frame(text);
    inside = false;
  } else if (byte == LITERAL && inside && size < FRAME_MAX) frame[size++] = ESCAPE;
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
    for (size_t i = 0; i < count; i++) take_byte(bytes[i], text);
    if (now < awake_until_us && now >= announce_us) announce();
    alarm_set(ALARM_WAKE, now + ANNOUNCE_US);
    uint32_t state = interrupts_off();
    uint64_t ignored;
    if (!uart_chunk(&ignored) && !timer_woken()) __asm volatile("wfi");
    interrupts_back(state);
  }
}
