/* Helpers of the C client that call the library. */
#include "check.h"

interlock_engine *open_url(const char *url) {
  interlock_engine *engine = POISON(interlock_engine);
  ACCEPTED(interlock_engine_open(url, strlen(url), NULL, &engine, &last_error));
  return engine;
}

interlock_engine *open_store(const store *where) {
  return open_url(where->url != NULL ? where->url : scratch_path());
}

void close_engine(interlock_engine *engine) {
  ACCEPTED(interlock_engine_close(engine, &last_error));
}

interlock_checkpoint_input checkpoint_input(const char *thread, const char *id) {
  interlock_checkpoint_input input = {0};
  input.struct_size = sizeof input;
  input.thread_id = text(thread);
  input.checkpoint_id = text(id);
  return input;
}

interlock_write_input write_input(const char *thread, const char *checkpoint, const char *task) {
  interlock_write_input input = {0};
  input.struct_size = sizeof input;
  input.thread_id = text(thread);
  input.checkpoint_id = text(checkpoint);
  input.task_id = text(task);
  return input;
}

interlock_checkpoint_query checkpoint_query(const char *thread) {
  interlock_checkpoint_query query = {0};
  query.struct_size = sizeof query;
  query.thread_id = text(thread);
  return query;
}

interlock_channel_value channel_value(const char *channel, const char *version, const char *data) {
  interlock_channel_value value = {0};
  value.channel = text(channel);
  value.version = text(version);
  value.type = text("json");
  value.data = text(data);
  return value;
}

void put(interlock_engine *engine, const char *thread, const char *id, const char *parent) {
  interlock_checkpoint_input input = checkpoint_input(thread, id);
  input.parent_id = text(parent);
  ACCEPTED(interlock_checkpoint_put(engine, &input, &last_error));
}

interlock_checkpoint_page *latest(interlock_engine *engine, const char *thread) {
  interlock_checkpoint_query query = checkpoint_query(thread);
  interlock_checkpoint_page *page = POISON(interlock_checkpoint_page);
  ACCEPTED(interlock_checkpoint_get(engine, &query, &page, &last_error));
  if (page == NULL) exit(check_end());
  CHECK(page->checkpoint_count == 1);
  return page;
}

interlock_checkpoint_page *list(interlock_engine *engine, interlock_checkpoint_query query) {
  interlock_checkpoint_page *page = POISON(interlock_checkpoint_page);
  ACCEPTED(interlock_checkpoint_list(engine, &query, &page, &last_error));
  if (page == NULL) exit(check_end());
  return page;
}

size_t count_checkpoints(interlock_engine *engine, const char *thread, uint32_t flags) {
  interlock_checkpoint_query query = checkpoint_query(thread);
  query.flags = flags;
  query.limit = 1000;
  interlock_checkpoint_page *page = list(engine, query);
  size_t count = page->checkpoint_count;
  CHECK(page->cursor.size == 0);
  interlock_checkpoint_page_free(page);
  return count;
}
