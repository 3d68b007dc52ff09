/* Pruning threads and deleting the checkpoints of runs. */
#include "check.h"

static void put_in(interlock_engine *engine, const char *space, const char *id,
                   const char *metadata) {
  interlock_checkpoint_input input = checkpoint_input("thread", id);
  input.checkpoint_ns = text(space);
  input.metadata = text(metadata);
  ACCEPTED(interlock_checkpoint_put(engine, &input, &last_error));
}

static void test_keep_latest(const store *where) {
  check_group("prune: keep the latest of each namespace", where->name);
  interlock_engine *engine = open_store(where);
  interlock_bytes ids[] = {text("thread"), text("none")};
  put_in(engine, "", "1", "");
  put_in(engine, "", "2", "");
  put_in(engine, "", "3", "");
  put_in(engine, "inner", "1", "");
  put_in(engine, "inner", "2", "");
  put(engine, "other", "1", "");
  put(engine, "other", "2", "");
  ACCEPTED(interlock_thread_prune(engine, NULL, 0, INTERLOCK_PRUNE_KEEP_LATEST, &last_error));
  CHECK(count_checkpoints(engine, "thread", INTERLOCK_QUERY_ANY_NAMESPACE) == 5);
  ACCEPTED(interlock_thread_prune(engine, ids, 2, INTERLOCK_PRUNE_KEEP_LATEST, &last_error));
  CHECK(count_checkpoints(engine, "thread", INTERLOCK_QUERY_ANY_NAMESPACE) == 2);
  CHECK(count_checkpoints(engine, "other", 0) == 2);
  interlock_checkpoint_page *page = latest(engine, "thread");
  CHECK(same(page->checkpoints[0].checkpoint_id, "3"));
  interlock_checkpoint_page_free(page);

  check_group("prune: delete", where->name);
  ACCEPTED(interlock_thread_prune(engine, ids, 2, INTERLOCK_PRUNE_DELETE, &last_error));
  CHECK(count_checkpoints(engine, "thread", INTERLOCK_QUERY_ANY_NAMESPACE) == 0);
  CHECK(count_checkpoints(engine, "other", 0) == 2);
  interlock_buffer *json = NULL;
  ENDS(INTERLOCK_NOT_FOUND, interlock_thread_storage(engine, TEXT("thread"), &json, &last_error));

  check_group("prune: arguments", where->name);
  REFUSED(INTERLOCK_MISUSE, "thread_ids",
          interlock_thread_prune(engine, NULL, 2, INTERLOCK_PRUNE_DELETE, &last_error));
  REFUSED(INTERLOCK_TOO_LARGE, "thread_ids",
          interlock_thread_prune(engine, ids, 65537, INTERLOCK_PRUNE_DELETE, &last_error));
  REFUSED(INTERLOCK_TOO_LARGE, "thread_ids",
          interlock_thread_prune(engine, ids, SIZE_MAX, INTERLOCK_PRUNE_DELETE, &last_error));
  ENDS(INTERLOCK_TOO_LARGE,
       interlock_thread_prune(engine, NULL, 65537, INTERLOCK_PRUNE_DELETE, &last_error));
  REFUSED(INTERLOCK_INVALID_ARGUMENT, "strategy",
          interlock_thread_prune(engine, ids, 2, 0, &last_error));
  REFUSED(INTERLOCK_INVALID_ARGUMENT, "strategy",
          interlock_thread_prune(engine, ids, 2, 3, &last_error));
  close_engine(engine);
}

/* The latest names "log" as a delta channel: its value is stored at "2" only. */
static void test_delta(const store *where) {
  check_group("prune: the history of delta channels stays", where->name);
  interlock_engine *engine = open_store(where);
  const char *ids[] = {"1", "2", "3", "4"};
  for (int i = 0; i < 4; i++) {
    interlock_channel_value value = channel_value("log", "v2", "[]");
    interlock_channel_version version = {value.channel, text(i == 1 ? "v2" : ids[i])};
    interlock_checkpoint_input input = checkpoint_input("thread", ids[i]);
    input.parent_id = text(i == 0 ? "" : ids[i - 1]);
    input.metadata = text("{\"counters_since_delta_snapshot\":{\"log\":2}}");
    input.versions = &version;
    input.version_count = 1;
    input.values = &value;
    input.value_count = i == 1;
    ACCEPTED(interlock_checkpoint_put(engine, &input, &last_error));
  }
  interlock_bytes id = text("thread");
  ACCEPTED(interlock_thread_prune(engine, &id, 1, INTERLOCK_PRUNE_KEEP_LATEST, &last_error));
  interlock_checkpoint_page *page = list(engine, checkpoint_query("thread"));
  CHECK(page->checkpoint_count == 3);
  for (size_t i = 0; i < page->checkpoint_count; i++)
    CHECK(same(page->checkpoints[i].checkpoint_id, ids[3 - i]));
  interlock_checkpoint_page_free(page);
  close_engine(engine);
}

static void test_runs(const store *where) {
  check_group("checkpoint: delete for runs", where->name);
  interlock_engine *engine = open_store(where);
  put_in(engine, "", "1", "{\"run_id\":\"one\"}");
  put_in(engine, "inner", "1", "{\"run_id\":\"one\"}");
  put_in(engine, "", "2", "{\"run_id\":\"two\"}");
  put_in(engine, "", "3", "{\"run_id\":1}");
  put(engine, "other", "1", "");
  interlock_bytes runs[] = {text("one"), text("unknown")};
  ACCEPTED(interlock_checkpoint_delete_for_runs(engine, NULL, 0, &last_error));
  ACCEPTED(interlock_checkpoint_delete_for_runs(engine, &runs[1], 1, &last_error));
  CHECK(count_checkpoints(engine, "thread", INTERLOCK_QUERY_ANY_NAMESPACE) == 4);
  ACCEPTED(interlock_checkpoint_delete_for_runs(engine, runs, 2, &last_error));
  CHECK(count_checkpoints(engine, "thread", INTERLOCK_QUERY_ANY_NAMESPACE) == 2);
  CHECK(count_checkpoints(engine, "other", 0) == 1);
  REFUSED(INTERLOCK_MISUSE, "run_ids",
          interlock_checkpoint_delete_for_runs(engine, NULL, 1, &last_error));
  REFUSED(INTERLOCK_TOO_LARGE, "run_ids",
          interlock_checkpoint_delete_for_runs(engine, runs, 65537, &last_error));
  close_engine(engine);
}

void prune_groups(const store *where) {
  test_keep_latest(where);
  test_delta(where);
  test_runs(where);
}
