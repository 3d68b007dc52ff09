#pragma once
#include <stddef.h>
#include <stdint.h>

/* One piece of the message. */
typedef struct csodium_part {
  const void *_Nullable data;
  size_t size;
} csodium_part;

/* BLAKE2b of the bytes, without a key. */
void csodium_blake2b(unsigned char *_Nullable out, size_t out_size, const void *_Nullable bytes,
                     size_t size);

/* SipHash-2-4 of the bytes under a key made of `before`. No secret: it finds damage, not intent. */
uint64_t csodium_checksum(uint64_t before, const void *_Nullable bytes, size_t size);

/* What is needed of libsodium, initialised at the first call. */
void csodium_sha256(unsigned char *_Nullable out, const void *_Nullable bytes, size_t size);
void csodium_random(void *_Nullable out, size_t size);

/* Ed25519 (RFC 8032): a seed of 32 bytes, a public key of 32, a secret key of 64, a signature of 64. */
void csodium_sign_keypair(unsigned char *_Nullable public_key, unsigned char *_Nullable secret_key,
                          const unsigned char *_Nullable seed);
void csodium_sign(unsigned char *_Nullable signature, const void *_Nullable message, size_t size,
                  const unsigned char *_Nullable secret_key);
/* Whether the signature is that of the key. */
int csodium_verify(const unsigned char *_Nullable signature, const void *_Nullable message,
                   size_t size, const unsigned char *_Nullable public_key);

/* Writes base64 with padding and a NUL; `out` has room for csodium_base64_size(size). */
size_t csodium_base64_size(size_t size);
void csodium_base64(char *_Nullable out, size_t out_size, const void *_Nullable bytes, size_t size);
/* Returns how many bytes were decoded, or -1. */
ptrdiff_t csodium_from_base64(unsigned char *_Nullable out, size_t out_size,
                              const char *_Nullable text, size_t size);

/* Base64 of the URL alphabet without padding; the same sizes. */
void csodium_base64url(char *_Nullable out, size_t out_size, const void *_Nullable bytes,
                       size_t size);
ptrdiff_t csodium_from_base64url(unsigned char *_Nullable out, size_t out_size,
                                 const char *_Nullable text, size_t size);

/* HMAC-SHA-256 (RFC 4231) of the parts, one after the other: 32 bytes. */
void csodium_hmac_sha256(unsigned char *_Nullable out, const csodium_part *_Nullable parts,
                         size_t part_count, const void *_Nullable key, size_t key_size);
/* Whether both are equal, in a time that does not depend on where they differ. */
int csodium_equal(const void *_Nullable left, const void *_Nullable right, size_t size);
