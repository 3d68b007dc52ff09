/* interlock_engine_open: urls, options, and files that are not a store. */
#include "check.h"

static interlock_engine_options options_of(uint32_t flags) {
  interlock_engine_options options = {0};
  options.struct_size = sizeof options;
  options.flags = flags;
  return options;
}

/* Opening ends with this status and gives no handle. */
static void refused(interlock_status status, const char *argument, interlock_bytes url,
                    const interlock_engine_options *options) {
  interlock_engine *engine = POISON(interlock_engine);
  REFUSED(status, argument,
          interlock_engine_open(url.data, url.size, options, &engine, &last_error));
  CHECK(engine == NULL);
}

static void test_urls(void) {
  check_group("open: urls", NULL);
  const char *path = scratch_path();
  char url[4200];
  close_engine(open_url(path));
  snprintf(url, sizeof url, "sqlite:%s", path);
  close_engine(open_url(url));
  close_engine(open_url(":memory:"));
  close_engine(open_url("memory:"));
  refused(INTERLOCK_UNSUPPORTED, "url", text("mysql://host/db"), NULL);
  refused(INTERLOCK_UNSUPPORTED, "url", text("https://example.org/db"), NULL);

  check_group("open: url arguments", NULL);
  interlock_engine *engine = POISON(interlock_engine);
  REFUSED(INTERLOCK_MISUSE, "url", interlock_engine_open(NULL, 3, NULL, &engine, &last_error));
  CHECK(engine == NULL);
  REFUSED(INTERLOCK_MISUSE, "out_engine",
          interlock_engine_open(TEXT(":memory:"), NULL, NULL, &last_error));
  refused(INTERLOCK_INVALID_ARGUMENT, "url", text(""), NULL);
  engine = POISON(interlock_engine);
  REFUSED(INTERLOCK_INVALID_ARGUMENT, "url",
          interlock_engine_open(NULL, 0, NULL, &engine, &last_error));
  CHECK(engine == NULL);
  refused(INTERLOCK_INVALID_UTF8, "url", text("\xff.db"), NULL);
  refused(INTERLOCK_TOO_LARGE, "url", letters(4097), NULL);
  interlock_bytes nul = {"a\0b", 3};
  refused(INTERLOCK_INVALID_ARGUMENT, "url", nul, NULL);
  CHECK(interlock_engine_open(TEXT("sqlite:"), NULL, &engine, NULL) != INTERLOCK_OK);
  interlock_bytes huge = {"a", SIZE_MAX};
  refused(INTERLOCK_TOO_LARGE, "url", huge, NULL);
}

enum { FIRST_OPTIONS = offsetof(interlock_engine_options, manual_time_ms) };

/* A program that was built before reviews; what lies behind its struct does not matter. */
static void test_first_options(void) {
  interlock_engine_options options = options_of(0);
  interlock_engine *engine = NULL;
  memset((char *)&options + FIRST_OPTIONS, 0xff, sizeof options - FIRST_OPTIONS);
  options.struct_size = FIRST_OPTIONS;
  ACCEPTED(interlock_engine_open(TEXT(":memory:"), &options, &engine, &last_error));
  put(engine, "thread", "1", "");
  close_engine(engine);
  options.max_value_bytes = ((uint64_t)1 << 30) + 1;
  refused(INTERLOCK_TOO_LARGE, "max_value_bytes", text(":memory:"), &options);
}

static void test_clock_options(void) {
  check_group("open: clock and signing key", NULL);
  interlock_engine_options options = options_of(0);
  options.manual_time_ms = 1;
  refused(INTERLOCK_INVALID_ARGUMENT, "manual_time_ms", text(":memory:"), &options);
  options = options_of(INTERLOCK_OPEN_MANUAL_CLOCK);
  const int64_t bad[] = {-1, INT64_MIN, 253402300800000, INT64_MAX};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    options.manual_time_ms = bad[i];
    refused(INTERLOCK_INVALID_ARGUMENT, "manual_time_ms", text(":memory:"), &options);
  }
  for (uint32_t flags = 0; flags < 16; flags += 4) {
    interlock_engine *engine = NULL;
    const char *path = scratch_path();
    options = options_of(flags);
    ACCEPTED(interlock_engine_open(path, strlen(path), &options, &engine, &last_error));
    close_engine(engine);
    options.flags |= INTERLOCK_OPEN_EXISTING;
    ACCEPTED(interlock_engine_open(path, strlen(path), &options, &engine, &last_error));
    close_engine(engine);
  }
}

static void test_options(void) {
  check_group("open: options", NULL);
  interlock_engine_options options = options_of(16u);
  refused(INTERLOCK_UNSUPPORTED, "flags", text(":memory:"), &options);
  options = options_of(0x80000001u);
  refused(INTERLOCK_UNSUPPORTED, "flags", text(":memory:"), &options);
  options = options_of(0);
  options.durability = 2;
  refused(INTERLOCK_UNSUPPORTED, "durability", text(":memory:"), &options);
  options = options_of(0);
  options.max_value_bytes = ((uint64_t)1 << 30) + 1;
  refused(INTERLOCK_TOO_LARGE, "max_value_bytes", text(":memory:"), &options);

  check_group("open: options struct_size", NULL);
  options = options_of(0);
  for (uint32_t size = 0; size < FIRST_OPTIONS; size += 4) {
    options.struct_size = size;
    refused(INTERLOCK_UNSUPPORTED, "struct_size", text(":memory:"), &options);
  }
  test_first_options();
  struct {
    interlock_engine_options known;
    uint64_t tail[4];
  } larger = {options_of(0), {0}};
  larger.known.struct_size = sizeof larger;
  interlock_engine *engine = NULL;
  ACCEPTED(interlock_engine_open(TEXT(":memory:"), &larger.known, &engine, &last_error));
  close_engine(engine);
  larger.tail[3] = 1;
  refused(INTERLOCK_UNSUPPORTED, "options", text(":memory:"), &larger.known);
  larger.tail[0] = 1;
  larger.known.struct_size = UINT32_MAX;
  refused(INTERLOCK_UNSUPPORTED, "options", text(":memory:"), &larger.known);
}

static void test_flags(void) {
  check_group("open: EXISTING and READ_ONLY", NULL);
  const char *path = scratch_path();
  interlock_engine_options existing = options_of(INTERLOCK_OPEN_EXISTING);
  interlock_engine_options reading = options_of(INTERLOCK_OPEN_READ_ONLY);
  refused(INTERLOCK_CANNOT_OPEN, NULL, text(path), &existing);
  refused(INTERLOCK_CANNOT_OPEN, NULL, text(path), &reading);
  CHECK(fopen(path, "rb") == NULL);

  interlock_engine *engine = open_url(path);
  put(engine, "thread", "1", "");
  close_engine(engine);
  ACCEPTED(interlock_engine_open(path, strlen(path), &existing, &engine, &last_error));
  close_engine(engine);
  ACCEPTED(interlock_engine_open(path, strlen(path), &reading, &engine, &last_error));
  CHECK(count_checkpoints(engine, "thread", 0) == 1);
  interlock_checkpoint_input input = checkpoint_input("thread", "2");
  ENDS(INTERLOCK_READ_ONLY, interlock_checkpoint_put(engine, &input, &last_error));
  ENDS(INTERLOCK_READ_ONLY, interlock_thread_delete(engine, TEXT("thread"), &last_error));
  interlock_buffer *info = NULL;
  ACCEPTED(interlock_engine_info(engine, &info, &last_error));
  CHECK(info != NULL && contains(info->content, "\"read_only\":true"));
  interlock_buffer_free(info);
  close_engine(engine);
}

static void test_limits(void) {
  check_group("open: max_value_bytes and max_database_bytes", NULL);
  interlock_engine_options options = options_of(0);
  options.max_value_bytes = 1000;
  options.durability = INTERLOCK_DURABILITY_NORMAL;
  options.busy_timeout_ms = 100;
  options.cache_bytes = 1;
  interlock_engine *engine = NULL;
  ACCEPTED(interlock_engine_open(TEXT(":memory:"), &options, &engine, &last_error));
  interlock_checkpoint_input input = checkpoint_input("thread", "1");
  input.body = letters(1000);
  ACCEPTED(interlock_checkpoint_put(engine, &input, &last_error));
  input.body = letters(1001);
  REFUSED(INTERLOCK_TOO_LARGE, "body", interlock_checkpoint_put(engine, &input, &last_error));
  close_engine(engine);

  const char *path = scratch_path();
  options = options_of(0);
  options.max_database_bytes = 1 << 20;
  ACCEPTED(interlock_engine_open(path, strlen(path), &options, &engine, &last_error));
  put(engine, "thread", "0", "");
  input = checkpoint_input("thread", "1");
  input.body = letters(2 << 20);
  ENDS(INTERLOCK_DISK_FULL, interlock_checkpoint_put(engine, &input, &last_error));
  CHECK(count_checkpoints(engine, "thread", 0) == 1);
  close_engine(engine);
}

static const char *write_file(const void *bytes, size_t size) {
  const char *path = scratch_path();
  FILE *file = fopen(path, "wb");
  CHECK(file != NULL);
  if (file == NULL) return path;
  CHECK(fwrite(bytes, 1, size, file) == size);
  fclose(file);
  return path;
}

static void test_files(void) {
  check_group("open: files that are not a store", NULL);
  refused(INTERLOCK_CANNOT_OPEN, NULL, text("/"), NULL);
  char missing[4200];
  snprintf(missing, sizeof missing, "%s/folder/file.db", scratch_path());
  refused(INTERLOCK_CANNOT_OPEN, NULL, text(missing), NULL);
  interlock_bytes other = letters(10000);
  const char *path = write_file(other.data, other.size);
  refused(INTERLOCK_FOREIGN_FILE, NULL, text(path), NULL);
  FILE *file = fopen(path, "rb");
  CHECK(file != NULL && fgetc(file) == 'a');
  if (file != NULL) fclose(file);
  /* An empty file is what a first open that was interrupted leaves behind. */
  close_engine(open_url(write_file("", 0)));
}

void opening_groups(void) {
  test_urls();
  test_options();
  test_clock_options();
  test_flags();
  test_limits();
  test_files();
}
