/* Threads: list, storage, copy, delete. */
#include "check.h"

/* Two checkpoints, one write, one channel value in two versions. */
static void fill(interlock_engine *engine, const char *thread) {
  const char *versions[] = {"1", "2"}, *ids[] = {"a", "b"};
  for (int i = 0; i < 2; i++) {
    interlock_channel_value value = channel_value("messages", versions[i], "[1,2,3]");
    interlock_channel_version version = {value.channel, value.version};
    interlock_checkpoint_input input = checkpoint_input(thread, ids[i]);
    input.parent_id = text(i == 0 ? "" : "a");
    input.metadata = text("{\"step\":1}");
    input.versions = &version;
    input.version_count = 1;
    input.values = &value;
    input.value_count = 1;
    ACCEPTED(interlock_checkpoint_put(engine, &input, &last_error));
  }
  interlock_write_value value = {text("out"), text("json"), text("true")};
  interlock_write_input writes = write_input(thread, "b", "task");
  writes.values = &value;
  writes.value_count = 1;
  ACCEPTED(interlock_checkpoint_put_writes(engine, &writes, &last_error));
}

static long long stored(interlock_engine *engine, const char *thread, const char *object,
                        const char *member) {
  interlock_buffer *json = POISON(interlock_buffer);
  ACCEPTED(interlock_thread_storage(engine, thread, strlen(thread), &json, &last_error));
  long long number = json == NULL ? -1 : json_number(json->content, object, member);
  interlock_buffer_free(json);
  return number;
}

static void test_storage(const store *where) {
  check_group("thread: storage", where->name);
  interlock_engine *engine = open_store(where);
  fill(engine, "thread");
  CHECK(stored(engine, "thread", "checkpoints", "count") == 2);
  CHECK(stored(engine, "thread", "channel_values", "count") == 2);
  CHECK(stored(engine, "thread", "channel_values", "logical_bytes") == 14);
  CHECK(stored(engine, "thread", "pending_writes", "count") == 1);
  CHECK(stored(engine, "thread", "chunks", "count") >= 0);
  CHECK(stored(engine, "thread", "by_channel", "messages") == 14);
  CHECK(stored(engine, "thread", NULL, "total_bytes") ==
        stored(engine, "thread", "checkpoints", "bytes") +
            stored(engine, "thread", "channel_values", "bytes") +
            stored(engine, "thread", "chunks", "bytes") +
            stored(engine, "thread", "pending_writes", "bytes"));
  interlock_buffer *json = POISON(interlock_buffer);
  ENDS(INTERLOCK_NOT_FOUND, interlock_thread_storage(engine, TEXT("none"), &json, &last_error));
  CHECK(json == NULL);
  REFUSED(INTERLOCK_MISUSE, "out_json",
          interlock_thread_storage(engine, TEXT("thread"), NULL, &last_error));
  close_engine(engine);
}

static void test_list(const store *where) {
  check_group("thread: list in byte order, page by page", where->name);
  interlock_engine *engine = open_store(where);
  const char *ids[] = {"b", "a", "B", "\xc3\xa9", "aa"};
  for (size_t i = 0; i < 5; i++) put(engine, ids[i], "1", "");
  interlock_buffer *json = NULL;
  ACCEPTED(interlock_thread_list(engine, NULL, 0, 0, &json, &last_error));
  CHECK(contains(json->content, "[\"B\",\"a\",\"aa\",\"b\",\"\xc3\xa9\"]"));
  CHECK(contains(json->content, "\"next\":null"));
  interlock_buffer_free(json);
  ACCEPTED(interlock_thread_list(engine, NULL, 0, 2, &json, &last_error));
  CHECK(contains(json->content, "[\"B\",\"a\"]"));
  CHECK(contains(json->content, "\"next\":\"a\""));
  interlock_buffer_free(json);
  ACCEPTED(interlock_thread_list(engine, TEXT("a"), 2, &json, &last_error));
  CHECK(contains(json->content, "[\"aa\",\"b\"]"));
  interlock_buffer_free(json);
  ACCEPTED(interlock_thread_list(engine, TEXT("\xc3\xa9"), 1000, &json, &last_error));
  CHECK(contains(json->content, "\"threads\":[]"));
  CHECK(contains(json->content, "\"next\":null"));
  interlock_buffer_free(json);
  json = POISON(interlock_buffer);
  REFUSED(INTERLOCK_INVALID_ARGUMENT, "limit",
          interlock_thread_list(engine, NULL, 0, 1001, &json, &last_error));
  CHECK(json == NULL);
  REFUSED(INTERLOCK_MISUSE, "out_json",
          interlock_thread_list(engine, NULL, 0, 0, NULL, &last_error));
  close_engine(engine);
}

static void test_copy(const store *where) {
  check_group("thread: copy", where->name);
  interlock_engine *engine = open_store(where);
  fill(engine, "thread");
  ACCEPTED(interlock_thread_copy(engine, TEXT("thread"), TEXT("copy"), &last_error));
  interlock_checkpoint_page *page = latest(engine, "copy");
  const interlock_checkpoint *copied = &page->checkpoints[0];
  CHECK(same(copied->thread_id, "copy"));
  CHECK(same(copied->checkpoint_id, "b"));
  CHECK(same(copied->parent_id, "a"));
  CHECK(same(copied->metadata, "{\"step\":1}"));
  CHECK(copied->value_count == 1);
  CHECK(same(page->values[copied->value_indexes[0]].data, "[1,2,3]"));
  CHECK(copied->write_count == 1 && same(copied->writes[0].data, "true"));
  interlock_checkpoint_page_free(page);
  CHECK(count_checkpoints(engine, "copy", 0) == 2);

  ENDS(INTERLOCK_ALREADY_EXISTS,
       interlock_thread_copy(engine, TEXT("thread"), TEXT("copy"), &last_error));
  ENDS(INTERLOCK_NOT_FOUND, interlock_thread_copy(engine, TEXT("none"), TEXT("new"), &last_error));
  ENDS(INTERLOCK_NOT_FOUND, interlock_thread_copy(engine, TEXT("new"), TEXT("newer"), &last_error));
  REFUSED(INTERLOCK_INVALID_ARGUMENT, "target_id",
          interlock_thread_copy(engine, TEXT("thread"), TEXT("thread"), &last_error));
  ACCEPTED(interlock_thread_delete(engine, TEXT("thread"), &last_error));
  CHECK(count_checkpoints(engine, "copy", 0) == 2);
  close_engine(engine);
}

static void test_delete(const store *where) {
  check_group("thread: delete", where->name);
  interlock_engine *engine = open_store(where);
  fill(engine, "thread");
  fill(engine, "other");
  interlock_checkpoint_input input = checkpoint_input("thread", "c");
  input.checkpoint_ns = text("inner");
  ACCEPTED(interlock_checkpoint_put(engine, &input, &last_error));
  CHECK(count_checkpoints(engine, "thread", INTERLOCK_QUERY_ANY_NAMESPACE) == 3);
  ACCEPTED(interlock_thread_delete(engine, TEXT("thread"), &last_error));
  CHECK(count_checkpoints(engine, "thread", INTERLOCK_QUERY_ANY_NAMESPACE) == 0);
  CHECK(count_checkpoints(engine, "other", 0) == 2);
  ACCEPTED(interlock_thread_delete(engine, TEXT("thread"), &last_error));
  interlock_checkpoint_query query = checkpoint_query("thread");
  interlock_checkpoint_page *page = POISON(interlock_checkpoint_page);
  ENDS(INTERLOCK_NOT_FOUND, interlock_checkpoint_get(engine, &query, &page, &last_error));
  CHECK(page == NULL);

  /* A new thread of the same name starts empty: no write of the old one comes back. */
  put(engine, "thread", "b", "");
  page = latest(engine, "thread");
  CHECK(page->checkpoints[0].write_count == 0);
  interlock_checkpoint_page_free(page);
  close_engine(engine);
}

void thread_groups(const store *where) {
  test_storage(where);
  test_list(where);
  test_copy(where);
  test_delete(where);
}
