/* Entropy: a generator over SHA-256, seeded by the ring oscillator's noise. */
#include <string.h>
#include "cipher.h"
#include "hardware.h"
#include "mbedtls/sha256.h"
#include "registers.h"
#include "trace.h"

/*
 * One bit of the ring oscillator is far from one bit of entropy (datasheet 2.17.5 warns): 4096 of them, spaced by reads that take
 * varying time, go through SHA-256. State and output are hashes with different first bytes, so that no output tells the state, and a
 * state that became known does not tell outputs that were given before.
 */
enum { SAMPLES = 4096, STATE_SIZE = 32 };

static uint8_t state[STATE_SIZE];

static void hash(uint8_t first, const uint8_t *bytes, size_t count, uint8_t into[STATE_SIZE]) {
  mbedtls_sha256_context sha;
  mbedtls_sha256_init(&sha);
  mbedtls_sha256_starts_ret(&sha, 0);
  mbedtls_sha256_update_ret(&sha, &first, 1);
  mbedtls_sha256_update_ret(&sha, state, sizeof state);
  mbedtls_sha256_update_ret(&sha, bytes, count);
  mbedtls_sha256_finish_ret(&sha, into);
  mbedtls_sha256_free(&sha);
}

void entropy_init(void) {
  uint8_t noise[SAMPLES / 8 + 12] = { 0 };
  uint32_t more[3] = { (uint32_t)timer_us(), REG(WATCHDOG_SCRATCH(7)), REG(WATCHDOG_REASON) };
  for (uint32_t i = 0; i < SAMPLES; i++) noise[i / 8] = (uint8_t)((noise[i / 8] << 1) | (REG(ROSC_RANDOMBIT) & 1));
  memcpy(noise + SAMPLES / 8, more, sizeof more);
  /* The state still holds zeros; after a warm reset of a bench the seed register differs, and the noise does on silicon. */
  hash(0, noise, sizeof noise, state);
}

void entropy_fill(uint8_t *into, size_t count) {
  uint8_t block[STATE_SIZE];
  uint32_t part = 0;
  for (size_t done = 0; done < count; done += sizeof block, part++) {
    size_t size = count - done < sizeof block ? count - done : sizeof block;
    hash(1, (const uint8_t *)&part, sizeof part, block);
    memcpy(into + done, block, size);
  }
  hash(2, 0, 0, state);
}
