/* The cipher of hal/cipher.ts: keys in slots, HKDF-SHA-256, AES-256-CCM. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { KEY_SLOTS = 6, KEY_SIZE = 32, NONCE_SIZE = 13, TAG_SIZE = 16 };
/* Of a session: while it is being opened, and once it is open; messages to the pump, and from it. */
enum { SLOT_OPENING_IN = 2, SLOT_OPENING_OUT = 3, SLOT_OPEN_IN = 4, SLOT_OPEN_OUT = 5 };

void cipher_load(uint32_t slot, const uint8_t key[KEY_SIZE]);
void cipher_copy(uint32_t into, uint32_t from);
void cipher_derive(uint32_t into, uint32_t from, const uint8_t *salt, size_t salt_count, const uint8_t *info, size_t info_count);
/* In place; the tag goes behind `count` bytes. */
void cipher_seal(uint32_t slot, const uint8_t nonce[NONCE_SIZE], uint8_t *bytes, size_t count);
bool cipher_open(uint32_t slot, const uint8_t nonce[NONCE_SIZE], uint8_t *bytes, size_t count);

/* Random bytes, by SHA-256 from the ring oscillator's noise and from what no other board and no other boot has. After storage_open. */
void entropy_init(bool told);
void entropy_fill(uint8_t *into, size_t count);
/* The noise is stuck or biased, and this program does not start because of that (`told`). Bytes go on being drawn. */
bool entropy_to_tell(void);
