/* Pending writes: their rules and order, and the history of a channel. */
#include "check.h"

static void put_one(interlock_engine *engine, const char *checkpoint, const char *task,
                    const char *path, const char *channel, const char *data) {
  interlock_write_value value = {text(channel), text("json"), text(data)};
  interlock_write_input input = write_input("thread", checkpoint, task);
  input.task_path = text(path);
  input.values = &value;
  input.value_count = 1;
  ACCEPTED(interlock_checkpoint_put_writes(engine, &input, &last_error));
}

static void put_two(interlock_engine *engine, const char *first, const char *first_data,
                    const char *second, const char *second_data) {
  interlock_write_value values[] = {{text(first), text("json"), text(first_data)},
                                    {text(second), text("json"), text(second_data)}};
  interlock_write_input input = write_input("thread", "1", "task");
  input.values = values;
  input.value_count = 2;
  ACCEPTED(interlock_checkpoint_put_writes(engine, &input, &last_error));
}

/* The write of a task with this index, as channel=data. */
static int has(interlock_engine *engine, int32_t index, const char *channel, const char *data) {
  interlock_checkpoint_page *page = latest(engine, "thread");
  int found = 0;
  for (size_t i = 0; i < page->checkpoints[0].write_count; i++) {
    const interlock_write *write = &page->checkpoints[0].writes[i];
    found |= write->index == index && same(write->channel, channel) && same(write->data, data);
  }
  interlock_checkpoint_page_free(page);
  return found;
}

static size_t count_writes(interlock_engine *engine) {
  interlock_checkpoint_page *page = latest(engine, "thread");
  size_t count = page->checkpoints[0].write_count;
  interlock_checkpoint_page_free(page);
  return count;
}

static void test_rules(const store *where) {
  check_group("write: what is kept and what is replaced", where->name);
  interlock_engine *engine = open_store(where);
  put(engine, "thread", "1", "");
  put_two(engine, "a", "1", "b", "2");
  CHECK(has(engine, 0, "a", "1") && has(engine, 1, "b", "2"));
  put_two(engine, "a", "changed", "c", "changed");
  CHECK(has(engine, 0, "a", "1") && has(engine, 1, "b", "2") && count_writes(engine) == 2);
  put_two(engine, "__error__", "e1", "__resume__", "r1");
  CHECK(has(engine, -1, "__error__", "e1") && has(engine, -4, "__resume__", "r1"));
  put_two(engine, "__error__", "e2", "__interrupt__", "i1");
  CHECK(has(engine, -1, "__error__", "e2") && has(engine, -3, "__interrupt__", "i1"));
  CHECK(has(engine, -4, "__resume__", "r1") && count_writes(engine) == 5);
  /* A call that is not of special channels alone adds only. */
  put_two(engine, "__error__", "e3", "__scheduled__", "s1");
  put_two(engine, "__error__", "e4", "d", "4");
  CHECK(has(engine, -1, "__error__", "e3") && has(engine, -2, "__scheduled__", "s1"));
  CHECK(has(engine, 1, "b", "2") && count_writes(engine) == 6);

  interlock_checkpoint_query query = checkpoint_query("thread");
  query.flags = INTERLOCK_QUERY_NO_WRITES;
  interlock_checkpoint_page *page = list(engine, query);
  CHECK(page->checkpoints[0].write_count == 0);
  interlock_checkpoint_page_free(page);
  close_engine(engine);
}

static void test_order(const store *where) {
  check_group("write: ordered by task path, task, index", where->name);
  interlock_engine *engine = open_store(where);
  put(engine, "thread", "1", "");
  put_one(engine, "1", "t2", "p2", "a", "4");
  put_one(engine, "1", "t3", "p1", "a", "3");
  put_one(engine, "1", "t1", "p1", "a", "2");
  put_one(engine, "1", "t1", "p1", "__error__", "1");
  put_one(engine, "1", "t9", "", "a", "0");
  interlock_checkpoint_page *page = latest(engine, "thread");
  const char *order[] = {"0", "1", "2", "3", "4"}, *tasks[] = {"t9", "t1", "t1", "t3", "t2"};
  const char *paths[] = {"", "p1", "p1", "p1", "p2"};
  CHECK(page->checkpoints[0].write_count == 5);
  for (size_t i = 0; i < page->checkpoints[0].write_count; i++) {
    const interlock_write *write = &page->checkpoints[0].writes[i];
    CHECK(same(write->data, order[i]) && same(write->task_id, tasks[i]));
    CHECK(same(write->task_path, paths[i]) && same(write->type, "json"));
  }
  interlock_checkpoint_page_free(page);
  REFUSED(INTERLOCK_MISUSE, "input", interlock_checkpoint_put_writes(engine, NULL, &last_error));
  close_engine(engine);
}

static void put_log(interlock_engine *engine, const char *id, const char *parent, size_t values) {
  interlock_channel_value value = channel_value("log", id, "seed");
  interlock_channel_version version = {value.channel, value.version};
  interlock_checkpoint_input input = checkpoint_input("thread", id);
  input.parent_id = text(parent);
  input.versions = &version;
  input.version_count = 1;
  input.values = &value;
  input.value_count = values;
  ACCEPTED(interlock_checkpoint_put(engine, &input, &last_error));
}

static void test_history(const store *where) {
  check_group("history: seed and writes, oldest first", where->name);
  interlock_engine *engine = open_store(where);
  put_log(engine, "0", "", 1);
  put_one(engine, "0", "t", "", "log", "too old");
  put_log(engine, "1", "0", 1);
  put_one(engine, "1", "t", "", "log", "a");
  put_log(engine, "2", "1", 0);
  put_one(engine, "2", "t", "", "log", "b");
  put_one(engine, "2", "u", "", "other", "x");
  put_log(engine, "3", "2", 0);
  put_one(engine, "3", "t", "", "log", "not its own");
  interlock_bytes channels[] = {text("none"), text("log")};
  interlock_checkpoint_query query = checkpoint_query("thread");
  interlock_history *history = POISON(interlock_history);
  ACCEPTED(interlock_checkpoint_history(engine, &query, channels, 2, &history, &last_error));
  CHECK(history->struct_size == sizeof *history && history->channel_count == 2);
  CHECK(history->channels[0].seed.flags == INTERLOCK_VALUE_EMPTY);
  CHECK(history->channels[0].write_count == 0);
  const interlock_channel_history *log = &history->channels[1];
  CHECK(log->seed.flags == 0 && same(log->seed.data, "seed") && same(log->seed.version, "1"));
  CHECK(same(log->seed.channel, "log") && log->write_count == 2);
  CHECK(log->write_count == 2 && same(log->writes[0].data, "a") && same(log->writes[1].data, "b"));
  interlock_history_free(history);

  query = checkpoint_query("none");
  ACCEPTED(interlock_checkpoint_history(engine, &query, channels, 2, &history, &last_error));
  CHECK(history->channel_count == 2 && history->channels[1].write_count == 0);
  CHECK(history->channels[1].seed.flags == INTERLOCK_VALUE_EMPTY);
  interlock_history_free(history);
  ACCEPTED(interlock_checkpoint_history(engine, &query, NULL, 0, &history, &last_error));
  CHECK(history->channel_count == 0);
  interlock_history_free(history);

  history = POISON(interlock_history);
  REFUSED(INTERLOCK_MISUSE, "channels",
          interlock_checkpoint_history(engine, &query, NULL, 1, &history, &last_error));
  CHECK(history == NULL);
  REFUSED(INTERLOCK_MISUSE, "query",
          interlock_checkpoint_history(engine, NULL, channels, 2, &history, &last_error));
  REFUSED(INTERLOCK_MISUSE, "out_history",
          interlock_checkpoint_history(engine, &query, channels, 2, NULL, &last_error));
  REFUSED(INTERLOCK_TOO_LARGE, "channels",
          interlock_checkpoint_history(engine, &query, channels, 65537, &history, &last_error));
  close_engine(engine);
}

void write_groups(const store *where) {
  test_rules(where);
  test_order(where);
  test_history(where);
}
