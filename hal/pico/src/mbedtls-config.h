/* What of Mbed TLS is built: AES-CCM, SHA-256, HKDF, nothing else. */
#pragma once
#include <stddef.h>

#define MBEDTLS_AES_C
#define MBEDTLS_CCM_C
#define MBEDTLS_CIPHER_C
#define MBEDTLS_SHA256_C
#define MBEDTLS_MD_C
#define MBEDTLS_HKDF_C

/* Tables in flash, one in place of four: 1.3 KB in place of 8.5 KB of RAM. */
#define MBEDTLS_AES_ROM_TABLES
#define MBEDTLS_AES_FEWER_TABLES
#define MBEDTLS_SHA256_SMALLER

void *mbedtls_port_calloc(size_t count, size_t size);
void mbedtls_port_free(void *block);
#define MBEDTLS_PLATFORM_C
#define MBEDTLS_PLATFORM_MEMORY
#define MBEDTLS_PLATFORM_CALLOC_MACRO mbedtls_port_calloc
#define MBEDTLS_PLATFORM_FREE_MACRO mbedtls_port_free

#include "mbedtls/check_config.h"
