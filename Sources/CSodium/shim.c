#include "CSodium.h"
#include <pthread.h>
#include <sodium.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;

/* Also chooses the code of BLAKE2b for this processor. */
static void initialize(void) { (void)sodium_init(); }

void csodium_blake2b(unsigned char *out, size_t out_size, const void *bytes, size_t size) {
  pthread_once(&once, initialize);
  crypto_generichash_blake2b(out, out_size, bytes, size, NULL, 0);
}

uint64_t csodium_checksum(uint64_t before, const void *bytes, size_t size) {
  unsigned char key[crypto_shorthash_siphash24_KEYBYTES] = {0};
  unsigned char sum[crypto_shorthash_siphash24_BYTES];
  uint64_t after = 0;
  for (int i = 0; i < 8; i++) key[i] = (unsigned char)(before >> (8 * i));
  crypto_shorthash_siphash24(sum, bytes, size, key);
  for (int i = 0; i < 8; i++) after |= (uint64_t)sum[i] << (8 * i);
  return after;
}

void csodium_sha256(unsigned char *out, const void *bytes, size_t size) {
  pthread_once(&once, initialize);
  crypto_hash_sha256(out, bytes, size);
}

void csodium_random(void *out, size_t size) {
  pthread_once(&once, initialize);
  randombytes_buf(out, size);
}

void csodium_sign_keypair(unsigned char *public_key, unsigned char *secret_key,
                          const unsigned char *seed) {
  pthread_once(&once, initialize);
  crypto_sign_seed_keypair(public_key, secret_key, seed);
}

void csodium_sign(unsigned char *signature, const void *message, size_t size,
                  const unsigned char *secret_key) {
  crypto_sign_detached(signature, NULL, message, size, secret_key);
}

int csodium_verify(const unsigned char *signature, const void *message, size_t size,
                   const unsigned char *public_key) {
  pthread_once(&once, initialize);
  return crypto_sign_verify_detached(signature, message, size, public_key) == 0;
}

size_t csodium_base64_size(size_t size) {
  return sodium_base64_encoded_len(size, sodium_base64_VARIANT_ORIGINAL);
}

void csodium_base64(char *out, size_t out_size, const void *bytes, size_t size) {
  sodium_bin2base64(out, out_size, bytes, size, sodium_base64_VARIANT_ORIGINAL);
}

void csodium_base64url(char *out, size_t out_size, const void *bytes, size_t size) {
  sodium_bin2base64(out, out_size, bytes, size, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

static ptrdiff_t decode(unsigned char *out, size_t out_size, const char *text, size_t size,
                        int variant) {
  size_t count = 0;
  int failed = sodium_base642bin(out, out_size, text, size, NULL, &count, NULL, variant);
  return failed ? -1 : (ptrdiff_t)count;
}

ptrdiff_t csodium_from_base64(unsigned char *out, size_t out_size, const char *text, size_t size) {
  return decode(out, out_size, text, size, sodium_base64_VARIANT_ORIGINAL);
}

ptrdiff_t csodium_from_base64url(unsigned char *out, size_t out_size, const char *text,
                                 size_t size) {
  return decode(out, out_size, text, size, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

void csodium_hmac_sha256(unsigned char *out, const csodium_part *parts, size_t part_count,
                         const void *key, size_t key_size) {
  crypto_auth_hmacsha256_state state;
  pthread_once(&once, initialize);
  crypto_auth_hmacsha256_init(&state, key, key_size);
  for (size_t i = 0; i < part_count; i++) {
    crypto_auth_hmacsha256_update(&state, parts[i].data, parts[i].size);
  }
  crypto_auth_hmacsha256_final(&state, out);
  sodium_memzero(&state, sizeof state);
}

int csodium_equal(const void *left, const void *right, size_t size) {
  return sodium_memcmp(left, right, size) == 0;
}
