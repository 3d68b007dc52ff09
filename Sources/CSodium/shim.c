#include "CSodium.h"
#include <pthread.h>
#include <sodium.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;

/* Also chooses the code of BLAKE2b for this processor. */
static void initialize(void) { (void)sodium_init(); }

void csodium_blake2b(unsigned char *out, size_t out_size, const csodium_part *parts,
                     size_t part_count) {
  crypto_generichash_blake2b_state state;
  pthread_once(&once, initialize);
  crypto_generichash_blake2b_init(&state, NULL, 0, out_size);
  for (size_t i = 0; i < part_count; i++) {
    crypto_generichash_blake2b_update(&state, parts[i].data, parts[i].size);
  }
  crypto_generichash_blake2b_final(&state, out, out_size);
}
