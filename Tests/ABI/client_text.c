/*
 * Every text argument of every function against the same rules: NULL with a size, not UTF-8, empty,
 * as large as its limit, one byte larger, with a U+0000 inside.
 */
#include "check.h"

static interlock_engine *engine;

typedef struct argument {
  const char *name; /* the message must hold it */
  size_t limit;
  int required;
  interlock_status known; /* what a good text that nobody stored ends with */
  interlock_status (*call)(interlock_bytes value);
} argument;

#define ON_TEXT(name, call) \
  static interlock_status name(interlock_bytes value) { return call; }

ON_TEXT(thread_delete, interlock_thread_delete(engine, value.data, value.size, &last_error))
ON_TEXT(copy_source,
        interlock_thread_copy(engine, value.data, value.size, TEXT("target"), &last_error))
ON_TEXT(copy_target,
        interlock_thread_copy(engine, TEXT("no source"), value.data, value.size, &last_error))
ON_TEXT(prune, interlock_thread_prune(engine, &value, 1, INTERLOCK_PRUNE_DELETE, &last_error))
ON_TEXT(runs, interlock_checkpoint_delete_for_runs(engine, &value, 1, &last_error))

static interlock_status storage(interlock_bytes value) {
  interlock_buffer *json = NULL;
  return interlock_thread_storage(engine, value.data, value.size, &json, &last_error);
}

static interlock_status after(interlock_bytes value) {
  interlock_buffer *json = NULL;
  interlock_status status =
      interlock_thread_list(engine, value.data, value.size, 1, &json, &last_error);
  interlock_buffer_free(json);
  return status;
}

#define ON_INPUT(member)                                                   \
  static interlock_status put_##member(interlock_bytes value) {            \
    interlock_checkpoint_input input = checkpoint_input("thread", "1");    \
    input.member = value;                                                  \
    return interlock_checkpoint_put(engine, &input, &last_error);          \
  }
ON_INPUT(thread_id)
ON_INPUT(checkpoint_ns)
ON_INPUT(checkpoint_id)
ON_INPUT(parent_id)
ON_INPUT(type)

#define ON_VERSION(member)                                                  \
  static interlock_status version_##member(interlock_bytes value) {         \
    interlock_channel_version version = {text("channel"), text("1")};       \
    interlock_checkpoint_input input = checkpoint_input("thread", "1");     \
    version.member = value;                                                 \
    input.versions = &version;                                              \
    input.version_count = 1;                                                \
    return interlock_checkpoint_put(engine, &input, &last_error);           \
  }
ON_VERSION(channel)
ON_VERSION(version)

#define ON_VALUE(member)                                                    \
  static interlock_status value_##member(interlock_bytes value) {           \
    interlock_channel_value written = channel_value("channel", "1", "[]");  \
    interlock_checkpoint_input input = checkpoint_input("thread", "1");     \
    written.member = value;                                                 \
    input.values = &written;                                                \
    input.value_count = 1;                                                  \
    return interlock_checkpoint_put(engine, &input, &last_error);           \
  }
ON_VALUE(channel)
ON_VALUE(version)
ON_VALUE(type)

#define ON_WRITE(member)                                                     \
  static interlock_status write_##member(interlock_bytes value) {            \
    interlock_write_value written = {text("channel"), text("json"), {0, 0}}; \
    interlock_write_input input = write_input("thread", "1", "task");        \
    input.values = &written;                                                 \
    input.value_count = 1;                                                   \
    input.member = value;                                                    \
    return interlock_checkpoint_put_writes(engine, &input, &last_error);     \
  }
ON_WRITE(thread_id)
ON_WRITE(checkpoint_ns)
ON_WRITE(checkpoint_id)
ON_WRITE(task_id)
ON_WRITE(task_path)

#define ON_WRITTEN(member)                                                   \
  static interlock_status written_##member(interlock_bytes value) {          \
    interlock_write_value written = {text("channel"), text("json"), {0, 0}}; \
    interlock_write_input input = write_input("thread", "1", "task");        \
    input.values = &written;                                                 \
    input.value_count = 1;                                                   \
    written.member = value;                                                  \
    return interlock_checkpoint_put_writes(engine, &input, &last_error);     \
  }
ON_WRITTEN(channel)
ON_WRITTEN(type)

#define ON_QUERY(verb, member)                                             \
  static interlock_status verb##_##member(interlock_bytes value) {         \
    interlock_checkpoint_page *page = NULL;                                \
    interlock_checkpoint_query query = checkpoint_query("no thread");      \
    query.checkpoint_id = text("no checkpoint");                           \
    query.member = value;                                                  \
    interlock_status status =                                              \
        interlock_checkpoint_##verb(engine, &query, &page, &last_error);   \
    interlock_checkpoint_page_free(page);                                  \
    return status;                                                         \
  }
ON_QUERY(get, thread_id)
ON_QUERY(get, checkpoint_ns)
ON_QUERY(get, checkpoint_id)
ON_QUERY(list, thread_id)
ON_QUERY(list, checkpoint_ns)
ON_QUERY(list, checkpoint_id)
ON_QUERY(list, before_id)

static interlock_status read_history(interlock_checkpoint_query query, interlock_bytes channel) {
  interlock_history *history = NULL;
  interlock_status status =
      interlock_checkpoint_history(engine, &query, &channel, 1, &history, &last_error);
  interlock_history_free(history);
  return status;
}

static interlock_status history_channel(interlock_bytes value) {
  return read_history(checkpoint_query("thread"), value);
}

#define ON_HISTORY(member)                                             \
  static interlock_status history_##member(interlock_bytes value) {    \
    interlock_checkpoint_query query = checkpoint_query("thread");     \
    query.member = value;                                              \
    return read_history(query, text("channel"));                       \
  }
ON_HISTORY(thread_id)
ON_HISTORY(checkpoint_ns)
ON_HISTORY(checkpoint_id)

static const argument arguments[] = {
    {"thread_id", 512, 1, INTERLOCK_OK, thread_delete},
    {"source_id", 512, 1, INTERLOCK_NOT_FOUND, copy_source},
    {"target_id", 512, 1, INTERLOCK_NOT_FOUND, copy_target},
    {"thread_ids", 512, 1, INTERLOCK_OK, prune},
    {"run_ids", 512, 1, INTERLOCK_OK, runs},
    {"thread_id", 512, 1, INTERLOCK_NOT_FOUND, storage},
    {"after", 512, 0, INTERLOCK_OK, after},
    {"thread_id", 512, 1, INTERLOCK_OK, put_thread_id},
    {"checkpoint_ns", 4096, 0, INTERLOCK_OK, put_checkpoint_ns},
    {"checkpoint_id", 512, 1, INTERLOCK_OK, put_checkpoint_id},
    {"parent_id", 512, 0, INTERLOCK_OK, put_parent_id},
    {"type", 64, 0, INTERLOCK_OK, put_type},
    {"channel", 512, 1, INTERLOCK_OK, version_channel},
    {"version", 512, 1, INTERLOCK_OK, version_version},
    {"channel", 512, 1, INTERLOCK_OK, value_channel},
    {"version", 512, 1, INTERLOCK_OK, value_version},
    {"type", 64, 0, INTERLOCK_OK, value_type},
    {"thread_id", 512, 1, INTERLOCK_OK, write_thread_id},
    {"checkpoint_ns", 4096, 0, INTERLOCK_OK, write_checkpoint_ns},
    {"checkpoint_id", 512, 1, INTERLOCK_OK, write_checkpoint_id},
    {"task_id", 512, 1, INTERLOCK_OK, write_task_id},
    {"task_path", 4096, 0, INTERLOCK_OK, write_task_path},
    {"channel", 512, 1, INTERLOCK_OK, written_channel},
    {"type", 64, 0, INTERLOCK_OK, written_type},
    {"thread_id", 512, 1, INTERLOCK_NOT_FOUND, get_thread_id},
    {"checkpoint_ns", 4096, 0, INTERLOCK_NOT_FOUND, get_checkpoint_ns},
    {"checkpoint_id", 512, 0, INTERLOCK_NOT_FOUND, get_checkpoint_id},
    {"thread_id", 512, 1, INTERLOCK_OK, list_thread_id},
    {"checkpoint_ns", 4096, 0, INTERLOCK_OK, list_checkpoint_ns},
    {"checkpoint_id", 512, 0, INTERLOCK_OK, list_checkpoint_id},
    {"before_id", 512, 0, INTERLOCK_OK, list_before_id},
    {"thread_id", 512, 1, INTERLOCK_OK, history_thread_id},
    {"checkpoint_ns", 4096, 0, INTERLOCK_OK, history_checkpoint_ns},
    {"checkpoint_id", 512, 0, INTERLOCK_OK, history_checkpoint_id},
    {"channels", 512, 1, INTERLOCK_OK, history_channel},
};

static const char *const not_utf8[] = {
    "\xff",             "a\x80",            "\xc0\x80", "\xc3", "\xe2\x82", "\xed\xa0\x80",
    "\xf4\x90\x80\x80", "\xf0\x80\x80\x80", "\xc1\xbf", "\xe0\x9f\xbf",
};

static void test_argument(const argument *row) {
  interlock_bytes null = {NULL, 3}, huge = {"a", SIZE_MAX}, empty = {NULL, 0}, nul = {"a\0b", 3};
  interlock_status on_empty = row->required ? INTERLOCK_INVALID_ARGUMENT : row->known;
  REFUSED(INTERLOCK_MISUSE, row->name, row->call(null));
  REFUSED(INTERLOCK_TOO_LARGE, row->name, row->call(huge));
  REFUSED(INTERLOCK_TOO_LARGE, row->name, row->call(letters(row->limit + 1)));
  ENDS(row->known, row->call(letters(row->limit)));
  ENDS(row->known, row->call(nul));
  ENDS(row->known, row->call(text("\xf0\x9f\x98\x80 \xef\xbf\xbf \xc3\xa9 e\xcc\x81")));
  REFUSED(on_empty, row->required ? row->name : NULL, row->call(empty));
  REFUSED(on_empty, row->required ? row->name : NULL, row->call(text("")));
  for (size_t i = 0; i < sizeof not_utf8 / sizeof *not_utf8; i++)
    REFUSED(INTERLOCK_INVALID_UTF8, row->name, row->call(text(not_utf8[i])));
}

/* Bytes are neither normalised nor cut at a NUL. */
static void test_identity(void) {
  interlock_bytes ids[] = {{"a\0b", 3}, {"a", 1}, {"a\0", 2}, {"\xc3\xa9", 2}, {"e\xcc\x81", 3}};
  for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
    interlock_checkpoint_input input = checkpoint_input("identity", "1");
    input.checkpoint_id = ids[i];
    ACCEPTED(interlock_checkpoint_put(engine, &input, &last_error));
  }
  CHECK(count_checkpoints(engine, "identity", 0) == 5);
  interlock_checkpoint_query query = checkpoint_query("identity");
  for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
    interlock_checkpoint_page *page = NULL;
    query.checkpoint_id = ids[i];
    ACCEPTED(interlock_checkpoint_get(engine, &query, &page, &last_error));
    interlock_bytes id = page->checkpoints[0].checkpoint_id;
    CHECK(id.size == ids[i].size && memcmp(id.data, ids[i].data, id.size) == 0);
    interlock_checkpoint_page_free(page);
  }
}

void text_groups(const store *where) {
  check_group("text: every argument, every rule", where->name);
  engine = open_store(where);
  for (size_t i = 0; i < sizeof arguments / sizeof *arguments; i++) test_argument(&arguments[i]);
  check_group("text: compared byte by byte", where->name);
  test_identity();
  close_engine(engine);
}
