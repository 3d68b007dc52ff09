/* The structs that a caller fills: their size, their flags, their arrays; JSON and other limits. */
#include "check.h"

static interlock_engine *engine;

static interlock_status put_input(const void *input) {
  return interlock_checkpoint_put(engine, input, &last_error);
}

static interlock_status put_writes(const void *input) {
  return interlock_checkpoint_put_writes(engine, input, &last_error);
}

static interlock_status get_query(const void *query) {
  interlock_checkpoint_page *page = NULL;
  interlock_status status = interlock_checkpoint_get(engine, query, &page, &last_error);
  interlock_checkpoint_page_free(page);
  return status;
}

static interlock_status list_query(const void *query) {
  interlock_checkpoint_page *page = NULL;
  interlock_status status = interlock_checkpoint_list(engine, query, &page, &last_error);
  interlock_checkpoint_page_free(page);
  return status;
}

static interlock_status history_query(const void *query) {
  interlock_history *history = NULL;
  interlock_bytes channel = text("channel");
  interlock_status status =
      interlock_checkpoint_history(engine, query, &channel, 1, &history, &last_error);
  interlock_history_free(history);
  return status;
}

enum { TAIL_BYTES = 64 };

static void test_sizes(const char *name, const void *good, uint32_t size,
                       interlock_status (*call)(const void *)) {
  unsigned char *larger = calloc(1, size + TAIL_BYTES);
  CHECK(larger != NULL);
  if (larger == NULL) return;
  memcpy(larger, good, size);
  uint32_t told = 0;
  for (; told < size; told++) {
    memcpy(larger, &told, sizeof told);
    REFUSED(INTERLOCK_UNSUPPORTED, "struct_size", call(larger));
  }
  for (told = size; told <= size + TAIL_BYTES; told++) {
    memcpy(larger, &told, sizeof told);
    ACCEPTED(call(larger));
  }
  told = size + TAIL_BYTES;
  memcpy(larger, &told, sizeof told);
  for (uint32_t at = size; at < size + TAIL_BYTES; at += 7) {
    larger[at] = 1;
    REFUSED(INTERLOCK_UNSUPPORTED, name, call(larger));
    larger[at] = 0;
  }
  larger[size] = 1;
  told = UINT32_MAX;
  memcpy(larger, &told, sizeof told);
  REFUSED(INTERLOCK_UNSUPPORTED, name, call(larger));
  /* What lies behind the size that is told does not matter. */
  memcpy(larger, good, size);
  ACCEPTED(call(larger));
  free(larger);
}

static void test_flags(void) {
  interlock_checkpoint_input input = checkpoint_input("thread", "1");
  interlock_write_input writes = write_input("thread", "1", "task");
  interlock_channel_value value = channel_value("channel", "1", "[]");
  for (unsigned bit = 0; bit < 32; bit++) {
    input.flags = writes.flags = (uint32_t)1 << bit;
    if (bit >= 2) { /* those of a graph */
      REFUSED(INTERLOCK_UNSUPPORTED, "flags", put_input(&input));
      REFUSED(INTERLOCK_UNSUPPORTED, "flags", put_writes(&writes));
    }
    if (bit == 0) continue;
    interlock_checkpoint_input with_value = checkpoint_input("thread", "1");
    value.flags = (uint32_t)1 << bit;
    with_value.values = &value;
    with_value.value_count = 1;
    REFUSED(INTERLOCK_UNSUPPORTED, "flags", put_input(&with_value));
  }
  for (unsigned bit = 4; bit < 32; bit++) {
    interlock_checkpoint_query query = checkpoint_query("thread");
    query.flags = (uint32_t)1 << bit;
    REFUSED(INTERLOCK_UNSUPPORTED, "flags", get_query(&query));
    REFUSED(INTERLOCK_UNSUPPORTED, "flags", list_query(&query));
    REFUSED(INTERLOCK_UNSUPPORTED, "flags", history_query(&query));
  }
}

void structure_groups(const store *where) {
  engine = open_store(where);
  put(engine, "thread", "1", "");
  interlock_checkpoint_input input = checkpoint_input("thread", "1");
  interlock_write_input writes = write_input("thread", "1", "task");
  interlock_checkpoint_query query = checkpoint_query("thread");
  check_group("struct: sizes that are smaller, larger, wrong", where->name);
  test_sizes("input", &input, sizeof input, put_input);
  test_sizes("input", &writes, sizeof writes, put_writes);
  test_sizes("query", &query, sizeof query, get_query);
  test_sizes("query", &query, sizeof query, list_query);
  test_sizes("query", &query, sizeof query, history_query);
  check_group("struct: unknown flags", where->name);
  test_flags();
  close_engine(engine);
}

static interlock_status put_metadata(interlock_bytes json) {
  interlock_checkpoint_input input = checkpoint_input("json", "1");
  input.metadata = json;
  return put_input(&input);
}

static interlock_status list_filter(interlock_bytes json) {
  interlock_checkpoint_query query = checkpoint_query("json");
  query.filter = json;
  return list_query(&query);
}

/* {"a":[[...]]} with this many levels in all. */
static interlock_bytes nested(size_t depth) {
  interlock_bytes json = letters(5 + 2 * (depth - 1) + 1);
  char *at = (char *)(uintptr_t)json.data;
  memcpy(at, "{\"a\":", 5);
  memset(at + 5, '[', depth - 1);
  memset(at + 5 + depth - 1, ']', depth - 1);
  at[json.size - 1] = '}';
  return json;
}

static void test_json(const char *name, interlock_status (*call)(interlock_bytes)) {
  const char *bad[] = {"{", "[]", "1", "null", "\"a\"", "{\"a\":}", "{'a':1}", "{\"a\":01}",
                       "{} {}", "{\"a\":1,}", "{\"a\":1,\"a\":2}", "{\"a\":NaN}", "\xef\xbb\xbf{}",
                       "{\"a\":\"\\ud800\"}", "{\"a\":\"\n\"}", "{\"a\":\"\\x\"}", " "};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    REFUSED(INTERLOCK_INVALID_JSON, name, call(text(bad[i])));
  ACCEPTED(call(text("{}")));
  ACCEPTED(call(text("")));
  ACCEPTED(call(text(" {\"a\" : [1, -2.5e3, \"\\u00e9\", null, {}]}\n")));
  ACCEPTED(call(nested(64)));
  REFUSED(INTERLOCK_TOO_LARGE, name, call(nested(65)));
  REFUSED(INTERLOCK_TOO_LARGE, name, call(nested(100000)));
  interlock_bytes null = {NULL, 2}, huge = {"{}", ((size_t)8 << 20) + 1};
  REFUSED(INTERLOCK_MISUSE, name, call(null));
  REFUSED(INTERLOCK_TOO_LARGE, name, call(huge));
  interlock_status status = INTERLOCK_OK;
  last_error = NULL;
  status = call(text("{\"a\":\"\xff\"}"));
  CHECK(status == INTERLOCK_INVALID_UTF8 || status == INTERLOCK_INVALID_JSON);
  interlock_error_free(last_error);
}

void json_groups(const store *where) {
  engine = open_store(where);
  check_group("json: metadata", where->name);
  test_json("metadata", put_metadata);
  check_group("json: filter", where->name);
  test_json("filter", list_filter);
  close_engine(engine);
}

static void test_arrays(void) {
  interlock_channel_version version = {text("a"), text("1")};
  interlock_channel_value value = channel_value("a", "1", "");
  interlock_write_value written = {text("a"), text(""), text("")};
  const size_t counts[] = {65537, SIZE_MAX};
  for (size_t i = 0; i < 2; i++) {
    interlock_checkpoint_input input = checkpoint_input("thread", "1");
    interlock_write_input writes = write_input("thread", "1", "task");
    input.versions = &version;
    input.version_count = counts[i];
    REFUSED(INTERLOCK_TOO_LARGE, "versions", put_input(&input));
    input = checkpoint_input("thread", "1");
    input.values = &value;
    input.value_count = counts[i];
    REFUSED(INTERLOCK_TOO_LARGE, "values", put_input(&input));
    writes.values = &written;
    writes.value_count = counts[i];
    REFUSED(INTERLOCK_TOO_LARGE, "values", put_writes(&writes));
  }
  interlock_checkpoint_input input = checkpoint_input("thread", "1");
  interlock_write_input writes = write_input("thread", "1", "task");
  input.version_count = 1;
  REFUSED(INTERLOCK_MISUSE, "versions", put_input(&input));
  input = checkpoint_input("thread", "1");
  input.value_count = 1;
  REFUSED(INTERLOCK_MISUSE, "values", put_input(&input));
  writes.value_count = 1;
  REFUSED(INTERLOCK_MISUSE, "values", put_writes(&writes));
}

static void test_bytes(void) {
  interlock_bytes bad[] = {{NULL, 1}, {"a", ((size_t)1 << 30) + 1}, {"a", SIZE_MAX}};
  interlock_status wanted[] = {INTERLOCK_MISUSE, INTERLOCK_TOO_LARGE, INTERLOCK_TOO_LARGE};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    interlock_checkpoint_input input = checkpoint_input("thread", "1");
    interlock_channel_value value = channel_value("a", "1", "");
    interlock_write_value written = {text("a"), text(""), bad[i]};
    interlock_write_input writes = write_input("thread", "1", "task");
    input.body = bad[i];
    REFUSED(wanted[i], "body", put_input(&input));
    input = checkpoint_input("thread", "1");
    value.data = bad[i];
    input.values = &value;
    input.value_count = 1;
    REFUSED(wanted[i], "data", put_input(&input));
    writes.values = &written;
    writes.value_count = 1;
    REFUSED(wanted[i], "data", put_writes(&writes));
  }
}

void limit_groups(const store *where) {
  engine = open_store(where);
  check_group("limits: arrays", where->name);
  test_arrays();
  check_group("limits: opaque bytes", where->name);
  test_bytes();
  CHECK(count_checkpoints(engine, "thread", 0) == 0);
  check_group("limits: as many elements as are allowed", where->name);
  interlock_bytes *ids = calloc(65536, sizeof *ids);
  CHECK(ids != NULL);
  for (size_t i = 0; ids != NULL && i < 65536; i++) ids[i] = text("none");
  ACCEPTED(interlock_checkpoint_delete_for_runs(engine, ids, 65536, &last_error));
  free(ids);
  close_engine(engine);
}
