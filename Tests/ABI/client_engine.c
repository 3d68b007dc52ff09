/* Describing and checking an engine, and the ownership of results. */
#include "check.h"

static void test_info(const store *where) {
  check_group("engine: info", where->name);
  interlock_engine *engine = open_store(where);
  interlock_buffer *json = POISON(interlock_buffer);
  ACCEPTED(interlock_engine_info(engine, &json, &last_error));
  CHECK(json->struct_size == sizeof *json);
  int memory = where->url != NULL && strcmp(where->url, "memory:") == 0;
  CHECK(contains(json->content, memory ? "\"store\":\"memory\"" : "\"store\":\"sqlite\""));
  CHECK(contains(json->content, "\"read_only\":false"));
  CHECK(memory || contains(json->content, "\"durability\":\"full\""));
  CHECK(contains(json->content, "\"library\":\"" INTERLOCK_VERSION "\""));
  CHECK(contains(json->content, "\"sqlite\":null") == memory);
  CHECK(contains(json->content, "\"path\":null") == (where->url != NULL));
  CHECK(json_number(json->content, NULL, "schema") >= 0);
  interlock_buffer_free(json);
  REFUSED(INTERLOCK_MISUSE, "out_json", interlock_engine_info(engine, NULL, &last_error));
  REFUSED(INTERLOCK_MISUSE, "out_json", interlock_engine_check(engine, NULL, &last_error));
  close_engine(engine);
}

static void test_check(const store *where) {
  check_group("engine: check counts what is stored", where->name);
  interlock_engine *engine = open_store(where);
  interlock_channel_value value = channel_value("messages", "1", "[]");
  interlock_checkpoint_input input = checkpoint_input("thread", "1");
  interlock_channel_version version = {value.channel, value.version};
  interlock_channel_value large = channel_value("large", "1", "");
  large.data = letters(100000);
  interlock_channel_value values[] = {value, large};
  interlock_write_value written = {text("out"), text("json"), text("1")};
  interlock_write_input writes = write_input("thread", "1", "task");
  input.versions = &version;
  input.version_count = 1;
  input.values = values;
  input.value_count = 2;
  writes.values = &written;
  writes.value_count = 1;
  put(engine, "other", "1", "");
  ACCEPTED(interlock_checkpoint_put(engine, &input, &last_error));
  ACCEPTED(interlock_checkpoint_put_writes(engine, &writes, &last_error));
  interlock_buffer *json = POISON(interlock_buffer);
  ACCEPTED(interlock_engine_check(engine, &json, &last_error));
  CHECK(contains(json->content, "\"ok\":true"));
  CHECK(contains(json->content, "\"problems\":[]"));
  CHECK(json_number(json->content, NULL, "threads") == 2);
  CHECK(json_number(json->content, NULL, "checkpoints") == 2);
  CHECK(json_number(json->content, NULL, "values") == 2);
  CHECK(json_number(json->content, NULL, "writes") == 1);
  interlock_buffer_free(json);
  close_engine(engine);
}

/* Changes one byte of the first place where the file holds the marker. */
static int damage(const char *path, const char *marker) {
  FILE *file = fopen(path, "r+b");
  if (file == NULL) return 0;
  size_t matched = 0, size = strlen(marker);
  for (int byte; matched < size && (byte = fgetc(file)) != EOF;)
    matched = byte == marker[matched] ? matched + 1 : byte == marker[0];
  int found = matched == size;
  if (found) found = fseek(file, -1, SEEK_CUR) == 0 && fputc('#', file) == '#';
  return fclose(file) == 0 && found;
}

static void test_damage(const store *where) {
  if (where->url != NULL) return;
  check_group("engine: check finds a changed byte", where->name);
  const char *path = scratch_path();
  interlock_engine *engine = open_url(path);
  interlock_channel_value value = channel_value("messages", "1", "the marker of this test");
  interlock_channel_version version = {value.channel, value.version};
  interlock_checkpoint_input input = checkpoint_input("thread", "1");
  input.versions = &version;
  input.version_count = 1;
  input.values = &value;
  input.value_count = 1;
  ACCEPTED(interlock_checkpoint_put(engine, &input, &last_error));
  close_engine(engine);
  CHECK(damage(path, "the marker of this test"));
  engine = open_url(path);
  interlock_buffer *json = POISON(interlock_buffer);
  ENDS(INTERLOCK_CORRUPT, interlock_engine_check(engine, &json, &last_error));
  CHECK(json != NULL && contains(json->content, "\"ok\":false"));
  CHECK(json != NULL && contains(json->content, "\"kind\":"));
  interlock_buffer_free(json);
  close_engine(engine);
}

void engine_groups(const store *where) {
  test_info(where);
  test_check(where);
  test_damage(where);
}

static void test_frees(const store *where) {
  check_group("results: freeing NULL, twice, as another kind", where->name);
  interlock_error_free(NULL);
  interlock_buffer_free(NULL);
  interlock_checkpoint_page_free(NULL);
  interlock_history_free(NULL);

  interlock_engine *engine = open_store(where);
  put(engine, "thread", "1", "");
  interlock_buffer *json = NULL;
  interlock_checkpoint_page *page = latest(engine, "thread");
  ACCEPTED(interlock_engine_info(engine, &json, &last_error));
  interlock_checkpoint_page_free((interlock_checkpoint_page *)json);
  interlock_error_free((interlock_error *)page);
  interlock_history_free((interlock_history *)page);
  interlock_buffer_free((interlock_buffer *)engine);
  interlock_buffer_free((interlock_buffer *)(json + 1));
  CHECK(contains(json->content, "\"store\""));
  CHECK(same(page->checkpoints[0].checkpoint_id, "1"));
  interlock_buffer_free(json);
  interlock_buffer_free(json);
  interlock_checkpoint_page_free(page);
  interlock_checkpoint_page_free(page);

  interlock_error *error = NULL;
  CHECK(interlock_thread_delete(engine, TEXT(""), &error) == INTERLOCK_INVALID_ARGUMENT);
  CHECK(error != NULL && same(error->path, "thread_id"));
  interlock_error_free(error);
  interlock_error_free(error);
  close_engine(engine);
}

static void test_lifetime(const store *where) {
  check_group("results: outlive their engine and their inputs", where->name);
  interlock_engine *engine = open_store(where);
  char id[] = "first", metadata[] = "{\"a\":1}";
  interlock_checkpoint_input input = checkpoint_input("thread", id);
  input.metadata = text(metadata);
  ACCEPTED(interlock_checkpoint_put(engine, &input, &last_error));
  memset(id, 'x', sizeof id);
  memset(metadata, 'x', sizeof metadata);
  interlock_checkpoint_page *page = latest(engine, "thread");
  close_engine(engine);
  CHECK(same(page->checkpoints[0].checkpoint_id, "first"));
  CHECK(same(page->checkpoints[0].metadata, "{\"a\":1}"));
  interlock_checkpoint_page_free(page);
}

/* A large value is not copied into the result, which keeps it: the same bytes are what the next version
   is made from, and what a second reader gets. */
static void test_large_lifetime(const store *where) {
  check_group("results: a large value outlives what it was read from", where->name);
  enum { SIZE = 300000 };
  interlock_engine *engine = open_store(where);
  char *bytes = malloc(SIZE), *expected = malloc(SIZE);
  CHECK(bytes != NULL && expected != NULL);
  for (size_t i = 0; i < SIZE; i++) expected[i] = (char)(i * i >> 7);
  memcpy(bytes, expected, SIZE);
  interlock_channel_value value = channel_value("large", "1", "");
  value.data = (interlock_bytes){bytes, SIZE};
  interlock_channel_version version = {value.channel, value.version};
  interlock_checkpoint_input input = checkpoint_input("thread", "1");
  input.values = &value;
  input.versions = &version;
  input.value_count = input.version_count = 1;
  ACCEPTED(interlock_checkpoint_put(engine, &input, &last_error));
  interlock_checkpoint_page *pages[2] = {latest(engine, "thread"), latest(engine, "thread")};

  memset(bytes, 'x', SIZE / 2);
  value.version = version.version = text("2");
  input.checkpoint_id = text("2");
  ACCEPTED(interlock_checkpoint_put(engine, &input, &last_error));
  ACCEPTED(interlock_thread_delete(engine, TEXT("thread"), &last_error));
  close_engine(engine);
  for (size_t i = 0; i < 2; i++) {
    CHECK(pages[i]->value_count == 1 && pages[i]->values[0].data.size == SIZE);
    CHECK(memcmp(pages[i]->values[0].data.data, expected, SIZE) == 0);
    interlock_checkpoint_page_free(pages[i]);
    interlock_checkpoint_page_free(pages[i]);
  }
  free(bytes);
  free(expected);
}

void result_groups(const store *where) {
  test_frees(where);
  test_lifetime(where);
  test_large_lifetime(where);
}
