/* Pending events: hardware's results, bytes and deadlines in logical order. */
#include "pump.h"
#include <string.h>
#include "hardware.h"
#include "reset.h"
#include "self-test.h"
#include "storage.h"

/*
 * Logical time is the pump's time, but while a pulse is in flight it counts from the logical time of its command: so it runs behind by
 * as much as the command went out late, and the result comes in its place among deadlines and bytes (hal/clock.ts).
 */
enum { SAMPLE_MS = 1 /* into the pulse: its load has settled */, FEED_US = 4000000 };
/* A latency counts in whole ms: an edge within the 500th confirms, as on every target (hal/motor.ts). */
enum { JUDGED_US = CONFIRM_US + 999 };

static struct {
  uint64_t now_ms, deadline_ms, woken_ms;
  /* The last pulse: its command in logical time, the instant at which the drive was energised in the timer's. */
  uint64_t command_ms, begun_us;
  bool commanded, in_flight, watching;
  bool sampling;
  uint64_t sample_ms, sample_us;
  bool link_on;
} pending;

void events_init(void) {
  memset(&pending, 0, sizeof pending);
}

uint64_t events_now_ms(void) {
  return pending.now_ms;
}

void events_enter(uint64_t at_ms) {
  pending.now_ms = at_ms;
}

void events_set_deadline(uint64_t at_ms) {
  pending.deadline_ms = at_ms;
}

uint64_t events_deadline_ms(void) {
  return pending.deadline_ms;
}

bool events_in_flight(void) {
  return pending.in_flight;
}

static uint64_t later(uint64_t a, uint64_t b) {
  return a > b ? a : b;
}

static uint64_t logical_us(void) {
  return pending.in_flight ? pending.command_ms * 1000 + (timer_us() - pending.begun_us) : pump_us();
}

/* The timer's value when logical time comes to `at_ms`. */
static uint64_t timer_of(uint64_t at_ms) {
  if (!pending.in_flight) return timer_at(at_ms * 1000);
  return pending.begun_us + (at_ms > pending.command_ms ? (at_ms - pending.command_ms) * 1000 : 0);
}

void events_pulse(void) {
  /* A command while a pulse is in flight breaks the contract and turns nothing. */
  if (pending.in_flight) return;
  pending.begun_us = motor_step();
  pending.command_ms = pending.now_ms;
  pending.commanded = true;
  pending.in_flight = true;
  pending.watching = false;
}

void events_sample(void) {
  pending.sampling = true;
  pending.sample_ms = pending.now_ms + SAMPLE_MS;
  pending.sample_us = timer_us() + SAMPLE_MS * 1000;
}

void events_link_power(bool on) {
  pending.link_on = on;
}

bool events_link_on(void) {
  return pending.link_on;
}

/* The oldest edge, if it is forward and comes within what confirms the pulse in flight. */
static bool confirms(const RotorEdge *edge) {
  return pending.in_flight && !edge->backward && edge->at_us >= pending.begun_us && edge->at_us - pending.begun_us <= JUDGED_US;
}

static bool motor_result(Event *event) {
  RotorEdge edge;
  if (!pending.in_flight) return false;
  event->source = SOURCE_MOTOR;
  if (rotor_edge(&edge) && confirms(&edge)) {
    event->a = MOTOR_CONFIRMED;
    event->b = (uint32_t)(edge.at_us - pending.begun_us) / 1000;
  } else {
    if (timer_us() - pending.begun_us <= JUDGED_US) return false;
    event->a = MOTOR_MISSED;
    event->b = CONFIRM_US / 1000;
  }
  event->at_ms = pending.command_ms + event->b;
  return true;
}

/*
 * Any other edge, whenever it comes: the first forward one after a missed pulse is late, the rest no command explains. An edge in
 * front of one that confirms is taken first, since it came before.
 */
static bool other_edge(Event *event) {
  RotorEdge edge;
  if (!rotor_edge(&edge) || confirms(&edge)) return false;
  bool after = pending.commanded && edge.at_us >= pending.begun_us;
  uint64_t since_ms = after ? (edge.at_us - pending.begun_us) / 1000 : 0;
  event->source = SOURCE_ROTOR;
  event->a = edge.backward ? ROTOR_REVERSE : pending.watching && after ? ROTOR_LATE : ROTOR_UNCOMMANDED;
  event->b = (uint32_t)(since_ms < SINCE_MS_MAX || event->a == ROTOR_LATE ? since_ms : SINCE_MS_MAX);
  bool by_command = after && (pending.in_flight || event->a == ROTOR_LATE);
  event->at_ms = by_command ? pending.command_ms + since_ms : pump_at(edge.at_us) / 1000;
  return true;
}

static bool sampled(Event *event) {
  if (!pending.sampling || timer_us() < pending.sample_us) return false;
  event->source = SOURCE_SUPPLY;
  event->a = 0;
  event->b = 0;
  event->at_ms = pending.sample_ms;
  return true;
}

static bool stored(Event *event) {
  event->source = SOURCE_STORAGE;
  event->a = 0;
  event->b = 0;
  return storage_ended(&event->at_ms);
}

static bool self_tested(Event *event) {
  event->source = SOURCE_SELF_TEST;
  event->a = 0;
  event->b = 0;
  return self_test_found(&event->at_ms);
}

/* Bytes wait for a deadline that is near (LINK_AHEAD_MS); with more work behind than that allows for, by the true time as well. */
static bool waits(uint64_t come_ms) {
  enum { REQUEST_MS = 42 /* the longest, a review of 168 steps, takes 34 (`npm run bench`), with cache misses some 39 */ };
  if (pending.deadline_ms == 0 || come_ms <= pending.woken_ms) return false;
  return pending.deadline_ms < later(come_ms, pending.now_ms) + LINK_AHEAD_MS || pending.deadline_ms < logical_us() / 1000 + REQUEST_MS;
}

/* When the oldest bytes that may be given were complete; false if there are none. */
static bool bytes_came(uint64_t *at_ms) {
  uint64_t at_us;
  if (!uart_chunk(&at_us)) return false;
  *at_ms = (pump_at(at_us) + 999) / 1000;
  return !waits(*at_ms);
}

static bool chunk(Event *event) {
  uint64_t come_ms;
  if (!bytes_came(&come_ms)) return false;
  event->entry = ENTRY_RECEIVED;
  event->at_ms = later(come_ms, pending.now_ms);
  return true;
}

/* The first of those whose time has come; a deadline goes before others of its time. */
static bool find(Event *found) {
  bool (*const finders[])(Event *) = { motor_result, other_edge, sampled, stored, self_tested, chunk };
  uint64_t until_ms = logical_us() / 1000;
  self_test_look(until_ms);
  bool any = pending.deadline_ms != 0 && pending.deadline_ms <= until_ms;
  *found = (Event){ ENTRY_WAKE, pending.deadline_ms, 0, 0, 0 };
  for (uint32_t i = 0; i < sizeof finders / sizeof finders[0]; i++) {
    Event each = { ENTRY_EVENT, 0, 0, 0, 0 };
    if (!finders[i](&each) || each.at_ms > until_ms || (any && each.at_ms >= found->at_ms)) continue;
    *found = each;
    any = true;
  }
  return any;
}

bool events_any(void) {
  Event event;
  return find(&event);
}

/* What was found is not pending any more; its numbers are read now. */
static void take(Event *event, uint8_t *bytes) {
  if (event->entry == ENTRY_RECEIVED) event->a = (uint32_t)uart_take(bytes);
  else if (event->source == SOURCE_MOTOR) {
    pending.in_flight = false;
    pending.watching = event->a == MOTOR_MISSED;
    if (event->a == MOTOR_CONFIRMED) rotor_taken();
  } else if (event->source == SOURCE_ROTOR) {
    if (event->a == ROTOR_LATE) pending.watching = false;
    rotor_taken();
  } else if (event->source == SOURCE_SUPPLY) {
    pending.sampling = false;
    event->a = supply_mV();
  } else if (event->source == SOURCE_SELF_TEST) {
    event->a = self_test_take();
  } else event->a = storage_take();
}

bool events_take(Event *event, uint8_t bytes[BYTES_PER_CHUNK]) {
  if (!find(event)) return false;
  if (event->entry == ENTRY_WAKE) {
    pending.woken_ms = pending.deadline_ms;
    pending.deadline_ms = 0;
  }
  else take(event, bytes);
  if (event->at_ms < pending.now_ms) event->at_ms = pending.now_ms;
  return true;
}

static uint64_t earlier(uint64_t a, uint64_t b) {
  return a < b ? a : b;
}

uint64_t events_wake_us(void) {
  Event edge;
  uint64_t at_us = timer_us() + FEED_US, other;
  if (pending.deadline_ms != 0) at_us = earlier(at_us, timer_of(pending.deadline_ms));
  at_us = earlier(at_us, timer_of(self_test_next_ms()));
  if (pending.in_flight) at_us = earlier(at_us, pending.begun_us + JUDGED_US + 1);
  if (pending.sampling) at_us = earlier(at_us, pending.sample_us);
  if (other_edge(&edge)) at_us = earlier(at_us, timer_of(edge.at_ms));
  if (storage_ended(&other)) at_us = earlier(at_us, timer_of(other));
  if (bytes_came(&other)) at_us = earlier(at_us, timer_of(other));
  return at_us;
}
