/* Jacdac frames in JDUSB marks, both ways: what every program on the line needs. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

enum { FRAME_MAX = 252, FRAME_HEAD = 12, PACKET_HEAD = 4, DEVICE_ID = 8, PACKETS_MAX = 8 };
enum { FLAG_COMMAND = 1, FLAG_ACK = 2, FLAG_MULTICAST = 4, FLAG_LOOPBACK = 0x40 };
enum { INDEX_CONTROL = 0, INDEX_BROADCAST = 0x3d, INDEX_ACK = 0x3f, INDEX_MASK = 0x3f };
enum { CODE_ANNOUNCE = 0, CODE_REFUSED = 3, CODE_CALL = 0x81, CODE_GET = 0x1000, CODE_EVENT = 0x8000 };

/* A frame on its way out, on the sender's stack: room for the longest that this image sends. */
enum { OUT_MAX = 192 };
typedef struct { uint8_t bytes[OUT_MAX]; uint32_t size; } OutFrame;

void frame_begin(OutFrame *frame, uint8_t flags, const uint8_t id[DEVICE_ID]);
/* Another packet behind those that are there; one for which there is no room is left out. */
void frame_add(OutFrame *frame, uint8_t index, uint32_t code, const void *data, uint32_t count);
/* False if the transmitter has no room for it: it is lost. */
bool frame_send(OutFrame *frame);

/* A frame of one packet. */
bool report(uint8_t flags, const uint8_t id[DEVICE_ID], uint8_t index, uint32_t code, const void *data, uint32_t count);

/* Takes the next byte of the line. True when it completes a good frame: it then stands in `frame_in` until the next byte. */
bool frame_take(uint8_t byte);
const uint8_t *frame_in(void);
/* The frame is the call that wakes a link: "packets on" to everybody. */
bool frame_is_call(void);
/* Answers a call as the bridge does that it is for. */
void report_call(void);
/* The frame is a command to this device. */
bool frame_is_for(const uint8_t id[DEVICE_ID]);
/* Acknowledges it, if it asks for that. */
void frame_acknowledge(const uint8_t id[DEVICE_ID]);
/* Hands its packets over, up to the eighth or the first that is refused; zeros fill a frame up. `packet` gives false for one that there is not. */
typedef struct { uint8_t index; uint32_t code; const uint8_t *data; uint32_t count; } Packet;
void frame_packets(bool (*packet)(void *user, const Packet *packet), void *user);
/* What there is not is refused, so that nobody need wait for it. */
void report_refused(const uint8_t id[DEVICE_ID], const Packet *packet);
