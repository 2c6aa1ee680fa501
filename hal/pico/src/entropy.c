/* Entropy: a generator over SHA-256, seeded by noise and by what no other has. */
#include <string.h>
#include "cipher.h"
#include "flash.h"
#include "hardware.h"
#include "mbedtls/sha256.h"
#include "registers.h"
#include "reset.h"
#include "storage-parts.h"
#include "trace.h"

/*
 * The ring oscillator's bit is far from one bit of entropy (datasheet 2.17.5 warns): others found 55 % zeros, and neighbours alike if they
 * are read faster than the oscillator turns. An eighth of a bit is counted on. 2048 samples then fill the state's 256 bits, and each
 * draw brings 64 fresh ones. They are spaced unevenly, so that no beat with the processor's clock looks like a stuck source.
 *
 * Health tests of NIST SP 800-90B 4.4, at the start and in each draw, at an eighth of a bit and one false alarm in 2^20: so many equal
 * samples in a row (1 + 20 / H), or so many in a window that equal its first (1 + the binomial's quantile), and the source has failed.
 */
enum { START_SAMPLES = 2048, DRAW_SAMPLES = 512, IN_A_ROW = 161, WINDOW = 1024, IN_WINDOW = 979 };
/* State and output are hashes with different first bytes: no output tells the state, and a state that became known tells no earlier output. */
enum { STATE_SIZE = 32, FOR_SEED = 0, FOR_OUTPUT = 1, FOR_NEXT = 2 };

static uint8_t state[STATE_SIZE];
static struct { uint32_t last, run, first, same, seen; bool failed, told; } health;

static void hash(uint8_t first, const void *bytes, size_t count, uint8_t into[STATE_SIZE]) {
  mbedtls_sha256_context sha;
  mbedtls_sha256_init(&sha);
  mbedtls_sha256_starts_ret(&sha, 0);
  mbedtls_sha256_update_ret(&sha, &first, 1);
  mbedtls_sha256_update_ret(&sha, state, sizeof state);
  mbedtls_sha256_update_ret(&sha, bytes, count);
  mbedtls_sha256_finish_ret(&sha, into);
  mbedtls_sha256_free(&sha);
}

/* Here because it is the other user of SHA-256: the log's link (storage-parts.h). */
void log_link(const uint8_t before[LINK_SIZE], const uint8_t *body, size_t count, uint8_t link[LINK_SIZE]) {
  uint8_t full[STATE_SIZE];
  mbedtls_sha256_context sha;
  mbedtls_sha256_init(&sha);
  mbedtls_sha256_starts_ret(&sha, 0);
  mbedtls_sha256_update_ret(&sha, before, LINK_SIZE);
  mbedtls_sha256_update_ret(&sha, body, count);
  mbedtls_sha256_finish_ret(&sha, full);
  mbedtls_sha256_free(&sha);
  memcpy(link, full, LINK_SIZE);
}

static void add(const void *bytes, size_t count) {
  hash(FOR_SEED, bytes, count, state);
}

static void test(uint32_t bit) {
  health.run = bit == health.last ? health.run + 1 : 1;
  health.last = bit;
  if (health.seen == 0) {
    health.first = bit;
    health.same = 0;
  }
  health.same += bit == health.first;
  health.seen = (health.seen + 1) % WINDOW;
  if (health.run >= IN_A_ROW || health.same >= IN_WINDOW) health.failed = true;
}

/* Samples go in whether or not they are any good: they cannot make the state worse. */
static void add_noise(uint32_t samples) {
  uint8_t noise[START_SAMPLES / 8];
  for (uint32_t i = 0; i < samples; i++) {
    for (uint32_t spaces = i & 7; spaces != 0; spaces--) (void)REG(ROSC_RANDOMBIT);
    uint32_t bit = REG(ROSC_RANDOMBIT) & 1;
    test(bit);
    noise[i / 8] = (uint8_t)((noise[i / 8] << 1) | bit);
  }
  add(noise, samples / 8);
}

/* All parts of storage, of which the pump's key is one: whoever has not got it cannot guess what follows, even if the source is stuck (as in RFC 8937). */
static void add_parts(void) {
  for (uint32_t part = 0; part < PARTS; part++) {
    uint32_t count;
    const uint8_t *bytes = storage_bytes(part, &count);
    if (bytes != 0) add(bytes, count);
  }
}

/*
 * Besides noise, what makes this board and this boot another than all others: the flash chip's number, how far the log and the tallies are (each
 * boot appends a record), and the time. After a warm reset of a bench, SCRATCH7 differs.
 */
void entropy_init(bool told) {
  uint64_t once[] = { storage_last_sequence(), storage_tallied(0), storage_tallied(1), pump_us(), REG(WATCHDOG_SCRATCH(7)), REG(WATCHDOG_REASON) };
  memset(&health, 0, sizeof health);
  health.told = told;
  add_noise(START_SAMPLES);
  add(flash_unique_id(), UNIQUE_SIZE);
  add(once, sizeof once);
  add_parts();
}

bool entropy_to_tell(void) {
  return health.failed && !health.told;
}

void entropy_fill(uint8_t *into, size_t count) {
  uint8_t block[STATE_SIZE];
  uint32_t part = 0;
  add_noise(DRAW_SAMPLES);
  /* The key may have come since the start. */
  if (health.failed) add_parts();
  for (size_t done = 0; done < count; done += sizeof block, part++) {
    size_t size = count - done < sizeof block ? count - done : sizeof block;
    hash(FOR_OUTPUT, &part, sizeof part, block);
    memcpy(into + done, block, size);
  }
  hash(FOR_NEXT, 0, 0, state);
}
