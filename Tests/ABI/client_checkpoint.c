/* Checkpoints: put, put again, get; channel values and their versions. */
#include "check.h"

static void test_put_get(const store *where) {
  check_group("checkpoint: put and get", where->name);
  interlock_engine *engine = open_store(where);
  interlock_checkpoint_input input = checkpoint_input("thread", "1");
  interlock_bytes body = {"\0\xff\0", 3};
  input.checkpoint_ns = text("inner|ns");
  input.parent_id = text("0");
  input.type = text("msgpack");
  input.body = body;
  input.metadata = text("{\"source\":\"loop\",\"n\":1.5}");
  ACCEPTED(interlock_checkpoint_put(engine, &input, &last_error));

  interlock_checkpoint_query query = checkpoint_query("thread");
  query.checkpoint_ns = input.checkpoint_ns;
  query.checkpoint_id = input.checkpoint_id;
  interlock_checkpoint_page *page = POISON(interlock_checkpoint_page);
  ACCEPTED(interlock_checkpoint_get(engine, &query, &page, &last_error));
  CHECK(page->struct_size == sizeof *page);
  CHECK(page->checkpoint_count == 1 && page->value_count == 0 && page->cursor.size == 0);
  const interlock_checkpoint *stored = &page->checkpoints[0];
  CHECK(same(stored->thread_id, "thread"));
  CHECK(same(stored->checkpoint_ns, "inner|ns"));
  CHECK(same(stored->checkpoint_id, "1"));
  CHECK(same(stored->parent_id, "0"));
  CHECK(same(stored->type, "msgpack"));
  CHECK(stored->body.size == 3 && memcmp(stored->body.data, body.data, 3) == 0);
  CHECK(same(stored->metadata, "{\"source\":\"loop\",\"n\":1.5}"));
  CHECK(stored->version_count == 0 && stored->value_count == 0 && stored->write_count == 0);
  interlock_checkpoint_page_free(page);

  page = POISON(interlock_checkpoint_page);
  query = checkpoint_query("thread");
  ENDS(INTERLOCK_NOT_FOUND, interlock_checkpoint_get(engine, &query, &page, &last_error));
  CHECK(page == NULL);
  query.checkpoint_id = text("1");
  ENDS(INTERLOCK_NOT_FOUND, interlock_checkpoint_get(engine, &query, &page, &last_error));
  query = checkpoint_query("none");
  ENDS(INTERLOCK_NOT_FOUND, interlock_checkpoint_get(engine, &query, &page, &last_error));
  close_engine(engine);
}

static void test_put_again(const store *where) {
  check_group("checkpoint: put again replaces, writes stay", where->name);
  interlock_engine *engine = open_store(where);
  interlock_write_value value = {text("out"), text("json"), text("1")};
  interlock_write_input writes = write_input("thread", "1", "task");
  writes.values = &value;
  writes.value_count = 1;
  /* Before the checkpoint exists. */
  ACCEPTED(interlock_checkpoint_put_writes(engine, &writes, &last_error));
  interlock_checkpoint_input input = checkpoint_input("thread", "1");
  input.body = text("old");
  input.parent_id = text("0");
  input.metadata = text("{\"old\":true}");
  ACCEPTED(interlock_checkpoint_put(engine, &input, &last_error));
  input = checkpoint_input("thread", "1");
  input.body = text("new");
  input.type = text("t");
  ACCEPTED(interlock_checkpoint_put(engine, &input, &last_error));
  interlock_checkpoint_page *page = latest(engine, "thread");
  const interlock_checkpoint *stored = &page->checkpoints[0];
  CHECK(same(stored->body, "new") && same(stored->type, "t"));
  CHECK(stored->parent_id.size == 0);
  CHECK(same(stored->metadata, "{}"));
  CHECK(stored->write_count == 1 && same(stored->writes[0].data, "1"));
  interlock_checkpoint_page_free(page);
  CHECK(count_checkpoints(engine, "thread", 0) == 1);
  close_engine(engine);
}

static void test_arguments(const store *where) {
  check_group("checkpoint: get takes no listing arguments", where->name);
  interlock_engine *engine = open_store(where);
  put(engine, "thread", "1", "");
  interlock_checkpoint_page *page = POISON(interlock_checkpoint_page);
  interlock_checkpoint_query query = checkpoint_query("thread");
  query.before_id = text("2");
  REFUSED(INTERLOCK_INVALID_ARGUMENT, "before_id",
          interlock_checkpoint_get(engine, &query, &page, &last_error));
  CHECK(page == NULL);
  query = checkpoint_query("thread");
  query.filter = text("{}");
  REFUSED(INTERLOCK_INVALID_ARGUMENT, "filter",
          interlock_checkpoint_get(engine, &query, &page, &last_error));
  query = checkpoint_query("thread");
  query.cursor = text("x");
  REFUSED(INTERLOCK_INVALID_ARGUMENT, "cursor",
          interlock_checkpoint_get(engine, &query, &page, &last_error));
  query = checkpoint_query("thread");
  query.limit = 1;
  REFUSED(INTERLOCK_INVALID_ARGUMENT, "limit",
          interlock_checkpoint_get(engine, &query, &page, &last_error));
  interlock_checkpoint_page_free(page);
  page = NULL;
  query = checkpoint_query("");
  query.flags = INTERLOCK_QUERY_ANY_THREAD;
  CHECK(interlock_checkpoint_get(engine, &query, &page, NULL) != INTERLOCK_OK);
  query = checkpoint_query("thread");
  query.flags = INTERLOCK_QUERY_ANY_NAMESPACE;
  CHECK(interlock_checkpoint_get(engine, &query, &page, NULL) != INTERLOCK_OK);
  REFUSED(INTERLOCK_MISUSE, "out_page",
          interlock_checkpoint_get(engine, &query, NULL, &last_error));
  REFUSED(INTERLOCK_MISUSE, "query", interlock_checkpoint_get(engine, NULL, &page, &last_error));
  REFUSED(INTERLOCK_MISUSE, "input", interlock_checkpoint_put(engine, NULL, &last_error));
  close_engine(engine);
}

void checkpoint_groups(const store *where) {
  test_put_get(where);
  test_put_again(where);
  test_arguments(where);
}

/* Puts a checkpoint with the version of one channel, and its value if there is one. */
static void put_value(interlock_engine *engine, const char *id, interlock_channel_value value,
                      size_t value_count) {
  interlock_channel_version version = {value.channel, value.version};
  interlock_checkpoint_input input = checkpoint_input("thread", id);
  input.versions = &version;
  input.version_count = 1;
  input.values = &value;
  input.value_count = value_count;
  ACCEPTED(interlock_checkpoint_put(engine, &input, &last_error));
}

static void test_versions(const store *where) {
  check_group("value: a checkpoint's own, inherited, shared", where->name);
  /* A version is to stand for one value; whoever breaks that reads what each checkpoint was given. */
  static const char *const expected[4] = {"third", "second", "second", "first"};
  interlock_engine *engine = open_store(where);
  put_value(engine, "1", channel_value("a", "1", "first"), 1);
  put_value(engine, "2", channel_value("a", "1", "second"), 1);
  put_value(engine, "3", channel_value("a", "1", ""), 0);
  put_value(engine, "4", channel_value("a", "2", "third"), 1);
  interlock_checkpoint_page *page = list(engine, checkpoint_query("thread"));
  CHECK(page->checkpoint_count == 4 && page->value_count == 3);
  for (size_t i = 0; i < page->checkpoint_count; i++) {
    const interlock_checkpoint *stored = &page->checkpoints[i];
    CHECK(stored->version_count == 1 && same(stored->versions[0].channel, "a"));
    CHECK(same(stored->versions[0].version, i == 0 ? "2" : "1"));
    CHECK(stored->value_count == 1 && stored->value_indexes[0] < page->value_count);
    const interlock_channel_value *value = &page->values[stored->value_indexes[0]];
    CHECK(same(value->data, expected[i]));
    CHECK(same(value->channel, "a") && same(value->type, "json") && value->flags == 0);
    CHECK(same(value->version, i == 0 ? "2" : "1"));
  }
  interlock_checkpoint_page_free(page);

  interlock_checkpoint_query query = checkpoint_query("thread");
  query.flags = INTERLOCK_QUERY_NO_VALUES;
  page = list(engine, query);
  CHECK(page->value_count == 0 && page->checkpoints[0].value_count == 0);
  CHECK(page->checkpoints[0].version_count == 1);
  interlock_checkpoint_page_free(page);
  close_engine(engine);
}

static void test_empty(const store *where) {
  check_group("value: empty, missing, of no bytes", where->name);
  interlock_engine *engine = open_store(where);
  interlock_channel_value none = channel_value("a", "1", "ignored");
  none.flags = INTERLOCK_VALUE_EMPTY;
  put_value(engine, "1", none, 1);
  interlock_checkpoint_page *page = latest(engine, "thread");
  CHECK(page->checkpoints[0].version_count == 1 && page->checkpoints[0].value_count == 0);
  interlock_checkpoint_page_free(page);
  put_value(engine, "2", channel_value("a", "2", ""), 0);
  page = latest(engine, "thread");
  CHECK(page->checkpoints[0].version_count == 1 && page->checkpoints[0].value_count == 0);
  interlock_checkpoint_page_free(page);
  put_value(engine, "3", channel_value("a", "3", ""), 1);
  page = latest(engine, "thread");
  CHECK(page->checkpoints[0].value_count == 1 && page->values[0].data.size == 0);
  CHECK(page->values[0].flags == 0);
  interlock_checkpoint_page_free(page);
  close_engine(engine);
}

static void test_large(const store *where) {
  check_group("value: a conversation of megabytes", where->name);
  interlock_engine *engine = open_store(where);
  interlock_bytes whole = letters(3 << 20);
  unsigned char *bytes = (unsigned char *)(uintptr_t)whole.data;
  uint32_t random = 1;
  for (size_t i = 0; i < whole.size; i++)
    bytes[i] = (unsigned char)((random = random * 1664525u + 1013904223u) >> 24);
  const char *versions[] = {"1", "2", "3"};
  for (size_t i = 0; i < 3; i++) {
    interlock_channel_value value = channel_value("a", versions[i], "");
    value.data.data = bytes;
    value.data.size = (i + 1) << 20;
    put_value(engine, versions[i], value, 1);
  }
  interlock_checkpoint_page *page = list(engine, checkpoint_query("thread"));
  CHECK(page->checkpoint_count == 3);
  for (size_t i = 0; i < page->checkpoint_count; i++) {
    interlock_bytes data = page->values[page->checkpoints[i].value_indexes[0]].data;
    CHECK(data.size == (3 - i) << 20 && memcmp(data.data, bytes, data.size) == 0);
  }
  interlock_checkpoint_page_free(page);
  close_engine(engine);
}

void value_groups(const store *where) {
  test_versions(where);
  test_empty(where);
  test_large(where);
}
