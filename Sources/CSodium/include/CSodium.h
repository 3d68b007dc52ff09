#pragma once
#include <stddef.h>

/* One piece of the message. */
typedef struct csodium_part {
  const void *_Nullable data;
  size_t size;
} csodium_part;

/* BLAKE2b of the parts, one after the other. The state type of libsodium is over-aligned, which the
   Swift importer refuses. */
void csodium_blake2b(unsigned char *_Nullable out, size_t out_size,
                     const csodium_part *_Nullable parts, size_t part_count);
