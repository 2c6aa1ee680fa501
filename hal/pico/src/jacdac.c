/* Jacdac frames in JDUSB marks: check values, packets, the call, refusals. */
#include "jacdac.h"
#include <string.h>
#include "hardware.h"

enum { ESCAPE = 0xfe, BEGIN = 0xfc, END = 0xfd, LITERAL = 0xf8 };

/* Jacdac's class of who talks JDUSB, with the rest of a multicast's address (SESSION.md, 3). */
static const uint8_t CALL_ADDRESS[DEVICE_ID] = { 0x4a, 0x1a, 0xf6, 0x18, 0xaa, 0xaa, 0xaa, 0xaa };

static uint8_t frame[FRAME_MAX];
static uint32_t size;
static bool inside, escaped;

/* A byte at a time without a table, as protocol/crc.ts has it: the bits that leave come back by x^12, x^5 and 1. */
static uint16_t crc16(const uint8_t *bytes, uint32_t count) {
  uint32_t crc = 0xffff;
  while (count-- > 0) {
    uint32_t out = (crc >> 8) ^ *bytes++;
    out ^= out >> 4;
    crc = ((crc << 8) ^ (out << 12) ^ (out << 5) ^ out) & 0xffff;
  }
  return (uint16_t)crc;
}

void frame_begin(OutFrame *out, uint8_t flags, const uint8_t id[DEVICE_ID]) {
  out->bytes[3] = flags;
  memcpy(out->bytes + 4, id, DEVICE_ID);
  out->size = FRAME_HEAD;
}

void frame_add(OutFrame *out, uint8_t index, uint32_t code, const void *data, uint32_t count) {
  uint32_t at = (out->size + 3) & ~3u;
  if (at + PACKET_HEAD + count > OUT_MAX) return;
  memset(out->bytes + out->size, 0, at - out->size);
  out->bytes[at] = (uint8_t)count;
  out->bytes[at + 1] = index;
  out->bytes[at + 2] = (uint8_t)code;
  out->bytes[at + 3] = (uint8_t)(code >> 8);
  memcpy(out->bytes + at + PACKET_HEAD, data, count);
  out->size = at + PACKET_HEAD + count;
}

bool frame_send(OutFrame *out) {
  static uint8_t line[2 * FRAME_MAX];
  uint32_t at = 0;
  out->bytes[2] = (uint8_t)(out->size - FRAME_HEAD);
  uint16_t crc = crc16(out->bytes + 2, out->size - 2);
  out->bytes[0] = (uint8_t)crc;
  out->bytes[1] = (uint8_t)(crc >> 8);
  line[at++] = ESCAPE;
  line[at++] = BEGIN;
  for (uint32_t i = 0; i < out->size; i++) {
    line[at++] = out->bytes[i];
    if (out->bytes[i] == ESCAPE) line[at++] = LITERAL;
  }
  line[at++] = ESCAPE;
  line[at++] = END;
  return uart_send(line, at);
}

bool report(uint8_t flags, const uint8_t id[DEVICE_ID], uint8_t index, uint32_t code, const void *data, uint32_t count) {
  OutFrame out;
  frame_begin(&out, flags, id);
  frame_add(&out, index, code, data, count);
  return frame_send(&out);
}

static bool good(void) {
  return size >= FRAME_HEAD + PACKET_HEAD && frame[2] == size - FRAME_HEAD && crc16(frame + 2, size - 2) == (frame[0] | ((uint32_t)frame[1] << 8));
}

bool frame_take(uint8_t byte) {
  if (!escaped) {
    if (byte == ESCAPE) escaped = true;
    else if (inside && size < FRAME_MAX) frame[size++] = byte;
    else inside = false;
    return false;
  }
  escaped = byte == ESCAPE;
  if (byte == BEGIN) {
    inside = true;
    size = 0;
  } else if (byte == END) {
    bool whole = inside;
    inside = false;
    return whole && good();
  } else if (byte == LITERAL && inside && size < FRAME_MAX) frame[size++] = ESCAPE;
  return false;
}

const uint8_t *frame_in(void) {
  return frame;
}

bool frame_is_call(void) {
  return (frame[3] & ~FLAG_LOOPBACK) == (FLAG_COMMAND | FLAG_MULTICAST) && memcmp(frame + 4, CALL_ADDRESS, DEVICE_ID) == 0
    && frame[FRAME_HEAD + 1] == INDEX_BROADCAST && frame[FRAME_HEAD + 2] == CODE_CALL && frame[FRAME_HEAD + 3] == 0;
}

void report_call(void) {
  report(FLAG_MULTICAST, CALL_ADDRESS, INDEX_BROADCAST, CODE_CALL, "", 0);
}

bool frame_is_for(const uint8_t id[DEVICE_ID]) {
  return (frame[3] & ~FLAG_ACK) == FLAG_COMMAND && memcmp(frame + 4, id, DEVICE_ID) == 0;
}

void frame_acknowledge(const uint8_t id[DEVICE_ID]) {
  if (frame[3] & FLAG_ACK) report(0, id, INDEX_ACK, frame[0] | ((uint32_t)frame[1] << 8), "", 0);
}

void frame_packets(bool (*packet)(void *user, const Packet *packet), void *user) {
  uint32_t at = FRAME_HEAD;
  for (uint32_t i = 0; i < PACKETS_MAX && at + PACKET_HEAD <= size; i++) {
    const uint8_t *head = frame + at;
    bool filler = i > 0 && (head[0] | head[1] | head[2] | head[3]) == 0;
    if (filler || at + PACKET_HEAD + head[0] > size) return;
    Packet each = { head[1] & INDEX_MASK, head[2] | ((uint32_t)head[3] << 8), head + PACKET_HEAD, head[0] };
    if (!packet(user, &each)) return;
    at += PACKET_HEAD + ((head[0] + 3u) & ~3u);
  }
}

void report_refused(const uint8_t id[DEVICE_ID], const Packet *packet) {
  const uint8_t refused[4] = { (uint8_t)packet->code, (uint8_t)(packet->code >> 8), frame[0], frame[1] };
  report(0, id, packet->index, CODE_REFUSED, refused, sizeof refused);
}
