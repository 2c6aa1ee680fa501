/* The bench board's services: classes, places, codes, lists and packets. */
/* Generated from spec/peripherals.md by `npm run generate`: do not edit. */
#pragma once
#include <stddef.h>
#include <stdint.h>

enum { CLASS_BOARD = 0x1a5e0c11, CLASS_MOTOR = 0x1a5e0c22, CLASS_SUPPLY = 0x1a5e0c33, CLASS_SOUNDER = 0x1a5e0c44 };
enum { SERVICE_BOARD = 1, SERVICE_MOTOR = 2, SERVICE_SUPPLY = 3, SERVICE_SOUNDER = 4, SERVICES = 4 };
enum { LIMIT_VERSION = 1, LIMIT_DEAD_MAN_MS = 1000, LIMIT_INTERVAL_MS = 750, LIMIT_HOLD_MS = 1000, LIMIT_EDGES_KEPT = 16, LIMIT_EDGES_REPEATED = 4 };
enum { DRIVE_CUT = 0, DRIVE_SUPPLIED = 1 };
enum { CAUSE_RESET = 0, CAUSE_OPENED = 1, CAUSE_COMMANDED = 2, CAUSE_DEAD_MAN = 3 };
enum { REASON_SESSION = 1, REASON_SEQUENCE = 2, REASON_EXPIRED = 3, REASON_AHEAD = 4, REASON_TOO_SOON = 5, REASON_DRIVE_CUT = 6, REASON_BUSY = 7 };
enum { BOARD_PROTOCOL_VERSION = 0x180, BOARD_DEAD_MAN = 0x181, BOARD_OPEN = 0x80, BOARD_FEED = 0x81 };
enum { MOTOR_STEP = 0x80, MOTOR_SUPPLY_DRIVE = 0x81, MOTOR_STEPPED = 0x80, MOTOR_REFUSED = 0x81, MOTOR_EDGE = 0x82, MOTOR_DRIVE_BECAME = 0x83 };
enum { SUPPLY_SAMPLE = 0x80, SUPPLY_SAMPLED = 0x80 };
enum { SOUNDER_SOUND = 0x80, SOUNDER_SOUNDING = 0x80 };

typedef struct __attribute__((packed, aligned(4))) { uint32_t session; uint16_t version; } BoardOpen;
_Static_assert(offsetof(BoardOpen, version) + sizeof ((BoardOpen *)0)->version == 6, "the packet's layout");
enum { BOARD_OPEN_BYTES = 6 };
typedef struct __attribute__((packed, aligned(4))) { uint64_t now_us; uint32_t session; uint32_t boot; uint32_t forward; uint32_t backward; uint32_t steps; uint16_t version; uint16_t dead_man; } BoardOpenAnswer;
_Static_assert(offsetof(BoardOpenAnswer, dead_man) + sizeof ((BoardOpenAnswer *)0)->dead_man == 32, "the packet's layout");
enum { BOARD_OPEN_ANSWER_BYTES = 32 };
typedef struct __attribute__((packed, aligned(4))) { uint32_t session; uint32_t token; uint32_t edges; } BoardFeed;
_Static_assert(offsetof(BoardFeed, edges) + sizeof ((BoardFeed *)0)->edges == 12, "the packet's layout");
enum { BOARD_FEED_BYTES = 12 };
typedef struct __attribute__((packed, aligned(4))) { uint64_t received_us; uint64_t begun_us; uint32_t session; uint32_t token; uint32_t turnaround; uint32_t forward; uint32_t backward; uint32_t steps; uint32_t sequence; uint8_t drive; uint8_t cause; uint8_t failed; } BoardFeedAnswer;
_Static_assert(offsetof(BoardFeedAnswer, failed) + sizeof ((BoardFeedAnswer *)0)->failed == 47, "the packet's layout");
enum { BOARD_FEED_ANSWER_BYTES = 47 };
typedef struct __attribute__((packed, aligned(4))) { uint64_t at_us; uint64_t expires_us; uint32_t session; uint32_t sequence; } MotorStep;
_Static_assert(offsetof(MotorStep, sequence) + sizeof ((MotorStep *)0)->sequence == 24, "the packet's layout");
enum { MOTOR_STEP_BYTES = 24 };
typedef struct __attribute__((packed, aligned(4))) { uint32_t session; uint8_t supplied; } MotorSupplyDrive;
_Static_assert(offsetof(MotorSupplyDrive, supplied) + sizeof ((MotorSupplyDrive *)0)->supplied == 5, "the packet's layout");
enum { MOTOR_SUPPLY_DRIVE_BYTES = 5 };
typedef struct __attribute__((packed, aligned(4))) { uint64_t begun_us; uint32_t sequence; } MotorStepped;
_Static_assert(offsetof(MotorStepped, sequence) + sizeof ((MotorStepped *)0)->sequence == 12, "the packet's layout");
enum { MOTOR_STEPPED_BYTES = 12 };
typedef struct __attribute__((packed, aligned(4))) { uint64_t now_us; uint32_t sequence; uint8_t reason; } MotorRefused;
_Static_assert(offsetof(MotorRefused, reason) + sizeof ((MotorRefused *)0)->reason == 13, "the packet's layout");
enum { MOTOR_REFUSED_BYTES = 13 };
typedef struct __attribute__((packed, aligned(4))) { uint64_t at_us; uint32_t number; uint8_t backward; } MotorEdge;
_Static_assert(offsetof(MotorEdge, backward) + sizeof ((MotorEdge *)0)->backward == 13, "the packet's layout");
enum { MOTOR_EDGE_BYTES = 13 };
typedef struct __attribute__((packed, aligned(4))) { uint64_t now_us; uint8_t drive; uint8_t cause; } MotorDriveBecame;
_Static_assert(offsetof(MotorDriveBecame, cause) + sizeof ((MotorDriveBecame *)0)->cause == 10, "the packet's layout");
enum { MOTOR_DRIVE_BECAME_BYTES = 10 };
typedef struct __attribute__((packed, aligned(4))) { uint32_t session; uint32_t sequence; } SupplySample;
_Static_assert(offsetof(SupplySample, sequence) + sizeof ((SupplySample *)0)->sequence == 8, "the packet's layout");
enum { SUPPLY_SAMPLE_BYTES = 8 };
typedef struct __attribute__((packed, aligned(4))) { uint64_t at_us; uint32_t sequence; uint16_t millivolts; } SupplySampled;
_Static_assert(offsetof(SupplySampled, millivolts) + sizeof ((SupplySampled *)0)->millivolts == 14, "the packet's layout");
enum { SUPPLY_SAMPLED_BYTES = 14 };
typedef struct __attribute__((packed, aligned(4))) { uint32_t session; uint32_t number; uint16_t duration; uint8_t tone; } SounderSound;
_Static_assert(offsetof(SounderSound, tone) + sizeof ((SounderSound *)0)->tone == 11, "the packet's layout");
enum { SOUNDER_SOUND_BYTES = 11 };
typedef struct __attribute__((packed, aligned(4))) { uint64_t now_us; uint32_t number; } SounderSounding;
_Static_assert(offsetof(SounderSounding, number) + sizeof ((SounderSounding *)0)->number == 12, "the packet's layout");
enum { SOUNDER_SOUNDING_BYTES = 12 };
