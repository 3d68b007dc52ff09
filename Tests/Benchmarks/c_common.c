#include "c_common.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

double now_seconds(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

void require(int ok, const char *what) {
  if (ok) return;
  fprintf(stderr, "%s failed\n", what);
  exit(1);
}

static interlock_bytes text(const char *string) {
  interlock_bytes bytes = {string, strlen(string)};
  return bytes;
}

interlock_engine *open_engine(const char *path, uint32_t durability) {
  interlock_engine_options options = {0};
  interlock_engine *engine = NULL;
  options.struct_size = sizeof options;
  options.durability = durability;
  require(interlock_engine_open(path, strlen(path), &options, &engine, NULL) == INTERLOCK_OK, path);
  return engine;
}

void close_engine(interlock_engine *engine) {
  require(interlock_engine_close(engine, NULL) == INTERLOCK_OK, "close");
}

uint64_t next_random(uint64_t *seed) {
  uint64_t value = (*seed += UINT64_C(0x9E3779B97F4A7C15));
  value = (value ^ (value >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
  value = (value ^ (value >> 27)) * UINT64_C(0x94D049BB133111EB);
  return value ^ (value >> 31);
}

static void fill_with_words(char *target, size_t size, uint64_t seed) {
  size_t length = 0;
  while (length < size) {
    size_t letters = 2 + next_random(&seed) % 9;
    while (letters-- > 0 && length < size) target[length++] = (char)('a' + next_random(&seed) % 26);
    if (length < size) target[length++] = ' ';
  }
  target[size] = '\0';
}

put *make_puts(const char *thread, int count) {
  put *made = calloc((size_t)count, sizeof *made);
  uint64_t seed = 5381;
  const char *letter;
  require(made != NULL, "memory");
  for (letter = thread; *letter != '\0'; letter++) seed = seed * 33 + (unsigned char)*letter;
  for (int step = 0; step < count; step++) {
    put *one = &made[step];
    const char *id = one->id;
    snprintf(one->thread, sizeof one->thread, "%s", thread);
    snprintf(one->id, sizeof one->id, "1f0a3c5e-%04x-6000-8000-%012x", step >> 8, step);
    if (step > 0) snprintf(one->parent, sizeof one->parent, "%s", made[step - 1].id);
    snprintf(one->version, sizeof one->version, "%032d.0.%016" PRIu64, step + 1,
             next_random(&seed) % UINT64_C(10000000000000000));
    snprintf(one->metadata, sizeof one->metadata,
             "{\"source\":\"loop\",\"step\":%d,\"parents\":{}}", step);
    snprintf(one->body, sizeof one->body,
             "{\"v\":4,\"id\":\"%s\",\"ts\":\"2026-01-01T00:00:00.000000+00:00\","
             "\"versions_seen\":{\"node\":{\"state\":\"%s\"}},\"updated_channels\":[\"state\"]}",
             id, one->version);
    fill_with_words(one->state, STATE_BYTES, next_random(&seed));
  }
  return made;
}

void put_with_interlock(interlock_engine *engine, const put *given) {
  interlock_channel_version version = {text("state"), text(given->version)};
  interlock_channel_value value = {
      version.channel, version.version, text("json"), {given->state, STATE_BYTES}, 0, 0};
  interlock_checkpoint_input input = {0};
  input.struct_size = sizeof input;
  input.thread_id = text(given->thread);
  input.checkpoint_id = text(given->id);
  input.parent_id = text(given->parent);
  input.type = text("json");
  input.body = text(given->body);
  input.metadata = text(given->metadata);
  input.versions = &version;
  input.version_count = 1;
  input.values = &value;
  input.value_count = 1;
  require(interlock_checkpoint_put(engine, &input, NULL) == INTERLOCK_OK, "put");
}
