/*
 * Stores three checkpoints of a conversation with a pending write, lists them newest first, and
 * reads the latest back with its values and writes.
 *
 *   cc -std=c99 checkpoints.c $(pkg-config --cflags --libs interlock) -o checkpoints
 *   ./checkpoints conversation.db
 *
 * Exit codes: 0 it worked, 1 the library reported an error, 2 wrong arguments.
 */
#include <interlock.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char THREAD[] = "conversation-1";

static interlock_bytes text(const char *string) {
  interlock_bytes bytes = {string, strlen(string)};
  return bytes;
}

static void print_field(const char *name, interlock_bytes bytes) {
  printf("  %s: ", name);
  fwrite(bytes.data != NULL ? bytes.data : "", 1, bytes.size, stdout);
  putchar('\n');
}

/* Reports an error and frees it. The status alone is enough to branch on. */
static int failed(const char *what, interlock_status status, interlock_error *error) {
  if (status == INTERLOCK_OK) return 0;
  fprintf(stderr, "%s: %s", what, interlock_status_name(status));
  if (error != NULL && error->message.size != 0) {
    fputs(": ", stderr);
    fwrite(error->message.data, 1, error->message.size, stderr);
  }
  fputc('\n', stderr);
  interlock_error_free(error);
  return 1;
}

/* Every checkpoint names the version of each channel, and brings the values of the new ones. */
static int put_checkpoint(interlock_engine *engine, const char *id, const char *parent,
                          const char *version, const char *messages) {
  interlock_channel_version versions[] = {{text("messages"), text(version)},
                                          {text("user"), text("1")}};
  interlock_channel_value values[] = {
      {text("messages"), text(version), text("json"), text(messages), 0, 0},
      {text("user"), text("1"), text("json"), text("{\"name\":\"Ada\"}"), 0, 0}};
  interlock_checkpoint_input input = {0};
  interlock_error *error = NULL;

  input.struct_size = sizeof input;
  input.thread_id = text(THREAD);
  input.checkpoint_id = text(id);
  input.parent_id = text(parent);
  input.type = text("json");
  input.body = text("{\"v\":1}");
  input.metadata = text("{\"source\":\"loop\",\"run_id\":\"run-1\"}");
  input.versions = versions;
  input.version_count = 2;
  input.values = values;
  /* "user" is stored with the first checkpoint and keeps its version after that. */
  input.value_count = parent[0] == '\0' ? 2 : 1;
  return failed("put", interlock_checkpoint_put(engine, &input, &error), error);
}

static int put_question(interlock_engine *engine, const char *checkpoint_id) {
  interlock_write_value value = {text("__interrupt__"), text("json"),
                                 text("{\"question\":\"Send the refund?\"}")};
  interlock_write_input input = {0};
  interlock_error *error = NULL;

  input.struct_size = sizeof input;
  input.thread_id = text(THREAD);
  input.checkpoint_id = text(checkpoint_id);
  input.task_id = text("task-1");
  input.values = &value;
  input.value_count = 1;
  return failed("put_writes", interlock_checkpoint_put_writes(engine, &input, &error), error);
}

static int put_conversation(interlock_engine *engine) {
  if (put_checkpoint(engine, "0001", "", "1", "[\"hello\"]")) return 1;
  if (put_checkpoint(engine, "0002", "0001", "2", "[\"hello\",\"refund me\"]")) return 1;
  if (put_checkpoint(engine, "0003", "0002", "3", "[\"hello\",\"refund me\",\"I ask\"]")) return 1;
  return put_question(engine, "0003");
}

/* A page owns its cursor, so it is freed only after the next query has used it. */
static int list_checkpoints(interlock_engine *engine) {
  interlock_checkpoint_query query = {0};
  interlock_checkpoint_page *page = NULL, *previous = NULL;
  interlock_error *error = NULL;
  int number = 1, more = 1, result = 0;

  query.struct_size = sizeof query;
  query.thread_id = text(THREAD);
  query.flags = INTERLOCK_QUERY_NO_VALUES | INTERLOCK_QUERY_NO_WRITES;
  query.limit = 2;
  while (more && result == 0) {
    result = failed("list", interlock_checkpoint_list(engine, &query, &page, &error), error);
    interlock_checkpoint_page_free(previous);
    previous = page;
    if (result != 0) break;
    printf("page %d\n", number++);
    for (size_t i = 0; i < page->checkpoint_count; i++)
      print_field("checkpoint", page->checkpoints[i].checkpoint_id);
    query.cursor = page->cursor;
    more = page->cursor.size != 0;
  }
  interlock_checkpoint_page_free(previous);
  return result;
}

static int read_latest(interlock_engine *engine) {
  interlock_checkpoint_query query = {0};
  interlock_checkpoint_page *page = NULL;
  interlock_error *error = NULL;

  query.struct_size = sizeof query;
  query.thread_id = text(THREAD);
  if (failed("get", interlock_checkpoint_get(engine, &query, &page, &error), error)) return 1;

  const interlock_checkpoint *latest = &page->checkpoints[0];
  puts("latest");
  print_field("checkpoint", latest->checkpoint_id);
  print_field("parent", latest->parent_id);
  print_field("metadata", latest->metadata);
  for (size_t i = 0; i < latest->value_count; i++) {
    const interlock_channel_value *value = &page->values[latest->value_indexes[i]];
    print_field("channel", value->channel);
    print_field("  value", value->data);
  }
  for (size_t i = 0; i < latest->write_count; i++) {
    printf("  write %" PRId32 "\n", latest->writes[i].index);
    print_field("  channel", latest->writes[i].channel);
    print_field("  value", latest->writes[i].data);
  }
  interlock_checkpoint_page_free(page);
  return 0;
}

int main(int argc, char **argv) {
  interlock_engine *engine = NULL;
  interlock_error *error = NULL;
  int result;

  if (argc != 2) {
    fprintf(stderr, "usage: %s DATABASE\n", argv[0]);
    return 2;
  }
  if (interlock_library_abi() != INTERLOCK_ABI_VERSION) {
    fprintf(stderr, "the header is of ABI %d, the library of %" PRIu32 "\n", INTERLOCK_ABI_VERSION,
            interlock_library_abi());
    return 1;
  }
  if (failed("open", interlock_engine_open(argv[1], strlen(argv[1]), NULL, &engine, &error), error))
    return 1;

  result = put_conversation(engine) || list_checkpoints(engine) || read_latest(engine);
  if (failed("close", interlock_engine_close(engine, &error), error)) result = 1;
  return result;
}
