/* The peripheral server: a board whose controller is at the other end of its line. */
#include "peripherals.h"
#include <stdbool.h>
#include <string.h>
#include "cipher.h"
#include "flash.h"
#include "hardware.h"
#include "jacdac.h"
#include "peripherals-spec.h"
#include "registers.h"
#include "reset.h"
#include "self-test.h"
#include "trace.h"

/*
 * What the board does by itself is little, and all of it is here: it turns the motor once for each order that it is sure of, it tells of every edge
 * until the controller says that it has it, and it cuts the drive when nobody has fed it for a second. What a result is, is for the controller to say.
 *
 * Of its state nothing is in zeroed memory, which the other personality's heap would lack: it has the beginning of that heap, which is not in use.
 */
enum { ANNOUNCE_US = 500000, SAMPLE_US = 1000 /* into the step: its load has settled */, DEAD_MAN_US = LIMIT_DEAD_MAN_MS * 1000, INTERVAL_US = LIMIT_INTERVAL_MS * 1000 };
enum { TONE_MS_MAX = 60000 };

typedef struct {
  uint8_t id[DEVICE_ID];
  uint32_t boot;
  /* 0 while none is open. */
  uint32_t session;
  uint64_t fed_us, announce_us, begun_us;
  uint8_t drive, cause, events;
  bool stepped, called;
  uint32_t forward, backward, steps;
  /* The last order that was answered, and how. */
  uint32_t sequence;
  uint32_t kept_code;
  MotorStepped kept_stepped;
  MotorRefused kept_refused;
  bool waiting;
  MotorStep order;
  /* Edges up to this number the controller has. */
  uint32_t had;
  MotorEdge edges[LIMIT_EDGES_KEPT];
  bool sampling;
  uint32_t sample;
  uint32_t sounded;
  /* When the frame at hand was complete. */
  uint64_t received_us;
} Peripherals;

extern char __heap_start[];

static void event(Peripherals *p, uint8_t service, uint32_t code, const void *data, uint32_t count) {
  p->events = (p->events + 1) & 0x7f;
  report(0, p->id, service, CODE_EVENT | ((uint32_t)p->events << 8) | code, data, count);
}

static void announce(Peripherals *p) {
  const uint32_t words[1 + SERVICES] = { 0x00000101, CLASS_BOARD, CLASS_MOTOR, CLASS_SUPPLY, CLASS_SOUNDER };
  report(0, p->id, INDEX_CONTROL, CODE_ANNOUNCE, words, sizeof words);
  p->announce_us = timer_us() + ANNOUNCE_US;
}

static void drive_became(Peripherals *p, uint8_t drive, uint8_t cause) {
  p->drive = drive;
  p->cause = cause;
  const MotorDriveBecame became = { timer_us(), drive, cause };
  event(p, SERVICE_MOTOR, MOTOR_DRIVE_BECAME, &became, MOTOR_DRIVE_BECAME_BYTES);
}

/* An answer is kept, for an order that comes again. */
static void tell_answer(Peripherals *p) {
  if (p->kept_code == MOTOR_STEPPED) event(p, SERVICE_MOTOR, MOTOR_STEPPED, &p->kept_stepped, MOTOR_STEPPED_BYTES);
  else event(p, SERVICE_MOTOR, MOTOR_REFUSED, &p->kept_refused, MOTOR_REFUSED_BYTES);
}

static void refuse(Peripherals *p, uint32_t sequence, uint8_t reason) {
  p->sequence = sequence;
  p->kept_code = MOTOR_REFUSED;
  p->kept_refused = (MotorRefused){ timer_us(), sequence, reason };
  tell_answer(p);
}

/* Refused for what it is and not for what the board is: its number stays free. */
static void turn_away(Peripherals *p, uint32_t sequence, uint8_t reason) {
  const MotorRefused refused = { timer_us(), sequence, reason };
  event(p, SERVICE_MOTOR, MOTOR_REFUSED, &refused, MOTOR_REFUSED_BYTES);
}

static void drop_order(Peripherals *p, uint8_t reason) {
  if (!p->waiting) return;
  p->waiting = false;
  refuse(p, p->order.sequence, reason);
}

/* Why an order that would begin at `at_us` may not; 0 if it may. */
static uint8_t hindrance(const Peripherals *p, const MotorStep *order, uint64_t at_us) {
  if (at_us >= order->expires_us) return REASON_EXPIRED;
  if (p->stepped && at_us < p->begun_us + INTERVAL_US) return REASON_TOO_SOON;
  return p->drive == DRIVE_SUPPLIED ? 0 : REASON_DRIVE_CUT;
}

static void step(Peripherals *p, const MotorStep *order) {
  uint8_t reason = hindrance(p, order, timer_us());
  if (reason != 0) {
    refuse(p, order->sequence, reason);
    return;
  }
  p->begun_us = motor_step();
  p->stepped = true;
  p->steps++;
  p->sequence = order->sequence;
  p->kept_code = MOTOR_STEPPED;
  p->kept_stepped = (MotorStepped){ p->begun_us, order->sequence };
  tell_answer(p);
}

static void step_ordered(Peripherals *p, const MotorStep *order) {
  uint64_t now = timer_us();
  uint32_t sequence = order->sequence;
  if (p->session == 0 || order->session != p->session) turn_away(p, sequence, REASON_SESSION);
  else if (p->waiting && sequence == p->order.sequence) return;
  else if (p->waiting) turn_away(p, sequence, REASON_BUSY);
  else if (sequence == p->sequence && sequence != 0) tell_answer(p);
  else if (sequence <= p->sequence) turn_away(p, sequence, REASON_SEQUENCE);
  else if (order->at_us > now + LIMIT_HOLD_MS * 1000) refuse(p, sequence, REASON_AHEAD);
  else {
    uint8_t reason = hindrance(p, order, order->at_us > now ? order->at_us : now);
    if (reason != 0) refuse(p, sequence, reason);
    else if (order->at_us <= now) step(p, order);
    else {
      p->order = *order;
      p->waiting = true;
    }
  }
}

/* The cut by itself: step, enable and cut-off, and no order survives it. */
static void cut(Peripherals *p, uint8_t cause) {
  motor_off();
  drop_order(p, REASON_DRIVE_CUT);
  drive_became(p, DRIVE_CUT, cause);
}

static void supply_ordered(Peripherals *p, const MotorSupplyDrive *order) {
  if (p->session == 0 || order->session != p->session) return;
  if (order->supplied != DRIVE_SUPPLIED) cut(p, CAUSE_COMMANDED);
  else {
    drive_cut(false);
    drive_became(p, DRIVE_SUPPLIED, CAUSE_COMMANDED);
  }
}

static void open_session(Peripherals *p, const BoardOpen *open) {
  bool ours = open->version == LIMIT_VERSION && open->session != 0;
  if (ours && open->session != p->session) {
    cut(p, CAUSE_OPENED);
    p->session = open->session;
    p->sequence = 0;
    p->sounded = 0;
    p->sampling = false;
    alarm_led(false);
  }
  if (ours) p->fed_us = timer_us();
  const BoardOpenAnswer answer = { timer_us(), p->session, p->boot, p->forward, p->backward, p->steps, LIMIT_VERSION, LIMIT_DEAD_MAN_MS };
  report(0, p->id, SERVICE_BOARD, BOARD_OPEN, &answer, BOARD_OPEN_ANSWER_BYTES);
}

static uint32_t edges_came(const Peripherals *p) {
  return p->forward + p->backward;
}

/* The oldest edges that the controller lacks follow the board's state in one frame. */
static void answer_feed(Peripherals *p, uint32_t token) {
  OutFrame out;
  uint64_t received = p->received_us;
  const BoardFeedAnswer answer = {
    received, p->begun_us, p->session, token, (uint32_t)(timer_us() - received), p->forward, p->backward, p->steps, p->sequence, p->drive, p->cause,
    drive_fault() ? SELF_TEST_MOTOR : 0,
  };
  frame_begin(&out, 0, p->id);
  frame_add(&out, SERVICE_BOARD, BOARD_FEED, &answer, BOARD_FEED_ANSWER_BYTES);
  uint32_t came = edges_came(p), first = came - p->had > LIMIT_EDGES_KEPT ? came - LIMIT_EDGES_KEPT : p->had;
  for (uint32_t i = 0; i < LIMIT_EDGES_REPEATED && first + i < came; i++) {
    p->events = (p->events + 1) & 0x7f;
    frame_add(&out, SERVICE_MOTOR, CODE_EVENT | ((uint32_t)p->events << 8) | MOTOR_EDGE, &p->edges[(first + i) % LIMIT_EDGES_KEPT], MOTOR_EDGE_BYTES);
  }
  frame_send(&out);
}

static void fed(Peripherals *p, const BoardFeed *feed) {
  if (p->session != 0 && feed->session == p->session) {
    p->fed_us = timer_us();
    if (feed->edges > p->had && feed->edges <= edges_came(p)) p->had = feed->edges;
    reset_over();
  }
  answer_feed(p, feed->token);
}

static void sample_ordered(Peripherals *p, const SupplySample *order) {
  if (p->session == 0 || order->session != p->session) return;
  p->sampling = true;
  p->sample = order->sequence;
}

static void sound_ordered(Peripherals *p, const SounderSound *order) {
  if (p->session == 0 || order->session != p->session) return;
  bool possible = (order->tone == TONE_TWO || order->tone == TONE_SINGLE) && order->duration >= 1 && order->duration <= TONE_MS_MAX;
  if (!possible) return;
  if (order->number != p->sounded) {
    trace(TRACE_SOUND, order->tone, order->duration, 0);
    sounder_sound(order->tone, order->duration);
  }
  p->sounded = order->number;
  const SounderSounding sounding = { timer_us(), order->number };
  event(p, SERVICE_SOUNDER, SOUNDER_SOUNDING, &sounding, SOUNDER_SOUNDING_BYTES);
}

static bool control(Peripherals *p, const Packet *packet) {
  static const char description[] = "itb-pump bench board";
  enum { GET_DESCRIPTION = 0x1180 };
  if (packet->code == CODE_ANNOUNCE) announce(p);
  else if (packet->code == GET_DESCRIPTION) report(0, p->id, INDEX_CONTROL, packet->code, description, sizeof description - 1);
  else return false;
  return true;
}

static bool register_of(Peripherals *p, uint32_t code) {
  uint16_t value = code == (CODE_GET | BOARD_PROTOCOL_VERSION) ? LIMIT_VERSION : LIMIT_DEAD_MAN_MS;
  if (code != (CODE_GET | BOARD_PROTOCOL_VERSION) && code != (CODE_GET | BOARD_DEAD_MAN)) return false;
  report(0, p->id, SERVICE_BOARD, code, &value, sizeof value);
  return true;
}

/* Runs `act` with the packet as that struct, if it is as long as that. */
#define AS(type, bytes, act) \
  if (packet->count == (bytes)) { \
    type order; \
    memcpy(&order, packet->data, (bytes)); \
    act(p, &order); \
    return true; \
  }

static bool known(Peripherals *p, const Packet *packet) {
  switch ((uint32_t)packet->index << 16 | packet->code) {
    case SERVICE_BOARD << 16 | BOARD_OPEN: AS(BoardOpen, BOARD_OPEN_BYTES, open_session) break;
    case SERVICE_BOARD << 16 | BOARD_FEED: AS(BoardFeed, BOARD_FEED_BYTES, fed) break;
    case SERVICE_MOTOR << 16 | MOTOR_STEP: AS(MotorStep, MOTOR_STEP_BYTES, step_ordered) break;
    case SERVICE_MOTOR << 16 | MOTOR_SUPPLY_DRIVE: AS(MotorSupplyDrive, MOTOR_SUPPLY_DRIVE_BYTES, supply_ordered) break;
    case SERVICE_SUPPLY << 16 | SUPPLY_SAMPLE: AS(SupplySample, SUPPLY_SAMPLE_BYTES, sample_ordered) break;
    case SERVICE_SOUNDER << 16 | SOUNDER_SOUND: AS(SounderSound, SOUNDER_SOUND_BYTES, sound_ordered) break;
    default: break;
  }
  return packet->index == INDEX_CONTROL ? control(p, packet) : packet->index == SERVICE_BOARD && register_of(p, packet->code);
}

static bool packet(void *user, const Packet *packet) {
  Peripherals *p = user;
  if (known(p, packet)) return true;
  report_refused(p->id, packet);
  return false;
}

static void take_frame(Peripherals *p) {
  if (frame_is_call()) {
    p->called = true;
    report_call();
    announce(p);
  }
  if (!frame_is_for(p->id)) return;
  frame_acknowledge(p->id);
  frame_packets(packet, p);
}

static void take_edges(Peripherals *p) {
  RotorEdge edge;
  while (rotor_edge(&edge)) {
    rotor_taken();
    MotorEdge *kept = &p->edges[edges_came(p) % LIMIT_EDGES_KEPT];
    if (edge.backward) p->backward++;
    else p->forward++;
    *kept = (MotorEdge){ edge.at_us, edges_came(p), edge.backward };
    event(p, SERVICE_MOTOR, MOTOR_EDGE, kept, MOTOR_EDGE_BYTES);
  }
}

static uint64_t sample_us(const Peripherals *p) {
  return p->begun_us + SAMPLE_US;
}

static void take_sample(Peripherals *p) {
  if (!p->sampling || p->sequence < p->sample || (p->sequence == p->sample && p->kept_code == MOTOR_STEPPED && timer_us() < sample_us(p))) return;
  p->sampling = false;
  if (p->sequence != p->sample || p->kept_code != MOTOR_STEPPED) return;
  trace(TRACE_SAMPLE, 0, 0, 0);
  const SupplySampled sampled = { timer_us(), p->sample, (uint16_t)supply_mV() };
  event(p, SERVICE_SUPPLY, SUPPLY_SAMPLED, &sampled, SUPPLY_SAMPLED_BYTES);
}

static void watch(Peripherals *p) {
  uint64_t now = timer_us();
  if (p->session != 0 && now >= p->fed_us + DEAD_MAN_US) {
    cut(p, CAUSE_DEAD_MAN);
    p->session = 0;
    p->sampling = false;
    alarm_led(true);
  }
  if (p->waiting && now >= p->order.at_us) {
    p->waiting = false;
    step(p, &p->order);
  }
  take_sample(p);
  if (p->session == 0 && p->called && now >= p->announce_us) announce(p);
}

static uint64_t earlier(uint64_t a, uint64_t b) {
  return a < b ? a : b;
}

/* When something is due by itself. */
static uint64_t due_us(const Peripherals *p) {
  uint64_t at = timer_us() + ANNOUNCE_US;
  if (p->session != 0) at = earlier(at, p->fed_us + DEAD_MAN_US);
  if (p->waiting) at = earlier(at, p->order.at_us);
  if (p->sampling && p->sequence == p->sample) at = earlier(at, sample_us(p));
  return at;
}

/* Until something is to be done: an interrupt that only moved bytes is no reason to look at everything. */
static void sleep(Peripherals *p) {
  uint64_t ignored;
  RotorEdge edge;
  alarm_set(ALARM_WAKE, due_us(p));
  for (bool idle = true; idle;) {
    uint32_t state = interrupts_off();
    idle = !uart_chunk(&ignored) && !rotor_edge(&edge) && !timer_woken();
    if (idle) __asm volatile("wfi");
    interrupts_back(state);
  }
}

static bool take_line(Peripherals *p) {
  uint8_t bytes[CHUNK_MAX];
  if (!uart_chunk(&p->received_us)) return false;
  size_t count = uart_take(bytes);
  /* A chunk that is not full was complete with its last byte; the pause told. */
  if (count < CHUNK_MAX) p->received_us -= PAUSE_US;
  for (size_t i = 0; i < count; i++) {
    if (frame_take(bytes[i])) take_frame(p);
  }
  return true;
}

void peripherals_run(void) {
  Peripherals *p = (Peripherals *)(void *)__heap_start;
  memset(p, 0, sizeof *p);
  motor_off();
  alarm_led(true);
  rotor_forget();
  memcpy(p->id, flash_unique_id(), DEVICE_ID);
  entropy_fill((uint8_t *)&p->boot, sizeof p->boot);
  for (;;) {
    keep_alive(pump_us() / 1000);
    take_edges(p);
    watch(p);
    if (!take_line(p)) sleep(p);
  }
}
