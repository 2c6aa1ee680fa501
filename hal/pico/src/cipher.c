/* The cipher, by Mbed TLS. */
#include "cipher.h"
#include <stdlib.h>
#include <string.h>
#include "mbedtls/ccm.h"
#include "mbedtls/hkdf.h"
#include "mbedtls/platform_util.h"

static uint8_t keys[KEY_SLOTS][KEY_SIZE];

/*
 * What Mbed TLS allocates for one call: contexts of AES and SHA-256, a kilobyte together. Nothing is kept from one call
 * to the next, so each begins with an empty arena.
 */
static uint64_t arena[128];
static size_t arena_used;

void *mbedtls_port_calloc(size_t count, size_t size) {
  size_t words = (count * size + sizeof arena[0] - 1) / sizeof arena[0];
  if (arena_used + words > sizeof arena / sizeof arena[0]) return NULL;
  void *block = &arena[arena_used];
  arena_used += words;
  memset(block, 0, words * sizeof arena[0]);
  return block;
}

void mbedtls_port_free(void *block) {
  (void)block;
}

/* Mbed TLS fails only if it is used wrongly or has no memory: neither may pass for a result. */
static void must(int failed) {
  if (failed != 0) abort();
}

static void begin(mbedtls_ccm_context *ccm, uint32_t slot) {
  arena_used = 0;
  mbedtls_ccm_init(ccm);
  must(mbedtls_ccm_setkey(ccm, MBEDTLS_CIPHER_ID_AES, keys[slot], KEY_SIZE * 8));
}

static void end(mbedtls_ccm_context *ccm) {
  mbedtls_ccm_free(ccm);
  mbedtls_platform_zeroize(arena, sizeof arena);
}

void cipher_load(uint32_t slot, const uint8_t key[KEY_SIZE]) {
  memcpy(keys[slot], key, KEY_SIZE);
}

void cipher_copy(uint32_t into, uint32_t from) {
  memmove(keys[into], keys[from], KEY_SIZE);
}

void cipher_derive(uint32_t into, uint32_t from, const uint8_t *salt, size_t salt_count, const uint8_t *info, size_t info_count) {
  uint8_t derived[KEY_SIZE];
  arena_used = 0;
  must(mbedtls_hkdf(mbedtls_md_info_from_type(MBEDTLS_MD_SHA256), salt_count == 0 ? NULL : salt, salt_count, keys[from], KEY_SIZE, info, info_count, derived, KEY_SIZE));
  memcpy(keys[into], derived, KEY_SIZE);
  mbedtls_platform_zeroize(derived, sizeof derived);
  mbedtls_platform_zeroize(arena, sizeof arena);
}

void cipher_seal(uint32_t slot, const uint8_t nonce[NONCE_SIZE], uint8_t *bytes, size_t count) {
  mbedtls_ccm_context ccm;
  begin(&ccm, slot);
  must(mbedtls_ccm_encrypt_and_tag(&ccm, count, nonce, NONCE_SIZE, NULL, 0, bytes, bytes, bytes + count, TAG_SIZE));
  end(&ccm);
}

bool cipher_open(uint32_t slot, const uint8_t nonce[NONCE_SIZE], uint8_t *bytes, size_t count) {
  mbedtls_ccm_context ccm;
  begin(&ccm, slot);
  int result = mbedtls_ccm_auth_decrypt(&ccm, count, nonce, NONCE_SIZE, NULL, 0, bytes, bytes, bytes + count, TAG_SIZE);
  end(&ccm);
  return result == 0;
}
