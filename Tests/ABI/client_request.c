/* Documents as arguments: every function against the same abuse. */
#define _POSIX_C_SOURCE 200809L
#include "check.h"

#include <sys/wait.h>
#include <unistd.h>

enum { CHILD_SECONDS = 10 };

static interlock_engine *engine;

static interlock_status call_with(const document_row *row, interlock_engine *on,
                                  const char *request, size_t size) {
  interlock_buffer *json = POISON(interlock_buffer);
  interlock_status status = row->call(on, request, size, &json, &last_error);
  CHECK((json == NULL) == (status != INTERLOCK_OK));
  interlock_buffer_free(json);
  return status;
}

static void test_handles(const document_row *row) {
  const char *good = quoted("%s", row->request);
  interlock_cancel *cancel = NULL;
  interlock_engine *closed = open_url("memory:");
  int local = 0;
  close_engine(closed);
  ACCEPTED(interlock_cancel_create(&cancel, &last_error));
  interlock_run *run = begin_run(engine, NULL, "{'thread':'handles of %s'}", row->name);
  void *wrong[] = {NULL, &local, (void *)(uintptr_t)1, (void *)UINTPTR_MAX, cancel, run};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
    ENDS(INTERLOCK_BAD_HANDLE, call_with(row, wrong[i], good, strlen(good)));
  ENDS(INTERLOCK_CLOSED, call_with(row, closed, good, strlen(good)));
  ACCEPTED(interlock_cancel_close(cancel, &last_error));
  close_run(run);
}

static void test_pointers(const document_row *row) {
  const char *good = quoted("%s", row->request);
  REFUSED(INTERLOCK_MISUSE, "out_", row->call(engine, good, strlen(good), NULL, &last_error));
  REFUSED(INTERLOCK_MISUSE, "request", call_with(row, engine, NULL, 2));
  REFUSED(INTERLOCK_TOO_LARGE, "request", call_with(row, engine, "{}", SIZE_MAX));
  REFUSED(INTERLOCK_TOO_LARGE, "request", call_with(row, engine, "{}", ((size_t)8 << 20) + 1));
  ENDS(INTERLOCK_INVALID_JSON, call_with(row, engine, NULL, 0));
  ENDS(INTERLOCK_INVALID_JSON, call_with(row, engine, "", 0));
  interlock_buffer *json = POISON(interlock_buffer);
  CHECK(row->call(engine, "{", 1, &json, NULL) == INTERLOCK_INVALID_JSON);
  CHECK(json == NULL);
  CHECK(row->call(engine, good, strlen(good), NULL, NULL) == INTERLOCK_MISUSE);
}

static void test_json(const document_row *row) {
  const char *bad[] = {"{",
                       "{'a':}",
                       "{} {}",
                       "{'id':'a',}",
                       "{'id':'a','id':'a'}",
                       "{'id':NaN}",
                       "{'id':01}",
                       "\xef\xbb\xbf{}",
                       "{'id':'\xff'}",
                       "{'id':'\xed\xa0\x80'}",
                       "{'id':'\\ud800'}",
                       "{'id':'\\udc00\\ud800'}",
                       "{'id':1e999}",
                       "{'id':'\n'}",
                       "nul"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    const char *request = quoted("%s", bad[i]);
    ENDS(INTERLOCK_INVALID_JSON, call_with(row, engine, request, strlen(request)));
  }
  ENDS(INTERLOCK_INVALID_JSON, call_with(row, engine, "{}\0", 3));
  interlock_bytes deep = letters(100000);
  memset((void *)(uintptr_t)deep.data, '[', deep.size);
  ENDS(INTERLOCK_TOO_LARGE, call_with(row, engine, deep.data, deep.size));
}

/* What a wrong member ends with; opening and keeping a policy have codes of their own. */
static interlock_status wrong_shape(const document_row *row) {
  if (row->call == interlock_review_open) return INTERLOCK_INVALID_PAYLOAD;
  if (row->call == interlock_policy_put) return INTERLOCK_INVALID_POLICY;
  return INTERLOCK_INVALID_ARGUMENT;
}

static void test_shape(const document_row *row) {
  const char *not_objects[] = {"[]", "null", "1", "'a'", "true", "[{}]"};
  for (size_t i = 0; i < sizeof not_objects / sizeof *not_objects; i++) {
    const char *request = quoted("%s", not_objects[i]);
    ENDS(INTERLOCK_INVALID_ARGUMENT, call_with(row, engine, request, strlen(request)));
  }
  size_t size = strlen(row->request);
  const char *comma = size > 2 ? "," : "";
  const char *unknown = quoted("%.*s%s'surprise':1}", (int)size - 1, row->request, comma);
  interlock_buffer *json = POISON(interlock_buffer);
  interlock_error *error = NULL;
  CHECK(row->call(engine, unknown, strlen(unknown), &json, &error) == wrong_shape(row));
  CHECK(json == NULL && error != NULL);
  if (error == NULL) return;
  int is_told = same(error->path, "/surprise") || contains(error->details, "\"/surprise\"");
  if (!is_told) printf("  %s(%s)\n", row->name, unknown);
  CHECK(is_told);
  interlock_error_free(error);
}

static void test_required(void) {
  DENIES(INTERLOCK_INVALID_PAYLOAD, NULL, engine, review_open, "{}");
  DENIES(INTERLOCK_INVALID_POLICY, NULL, engine, policy_put, "{}");
  DENIES(INTERLOCK_INVALID_ARGUMENT, "/name", engine, policy_get, "{}");
  DENIES(INTERLOCK_INVALID_ARGUMENT, "/cursor", engine, event_ack, "{'seq':1}");
  DENIES(INTERLOCK_INVALID_ARGUMENT, "/seq", engine, event_ack, "{'cursor':'c'}");
  GIVES(engine, review_list, "{}");
  GIVES(engine, policy_list, "{}");
  GIVES(engine, event_read, "{}");
  GIVES(engine, audit_read, "{}");
  GIVES(engine, audit_verify, "{}");
  GIVES(engine, review_get, "{'review_key':'held','x-trace':[1,{'a':null}]}");
  GIVES(engine, review_list, "{'x-':1}");
  /* Exactly one selector. */
  for (size_t i = 0; i < document_row_count; i++) {
    const document_row *row = &document_rows[i];
    if (strstr(row->request, "'review_key':'held'") == NULL) continue;
    ENDS(INTERLOCK_INVALID_ARGUMENT, call_with(row, engine, "{}", 2));
    const char *two = quoted("{'id':'a',%s", row->request + 1);
    ENDS(INTERLOCK_INVALID_ARGUMENT, call_with(row, engine, two, strlen(two)));
  }
}

static void test_limits(void) {
  const char *long_id = letters(513).data, *good_id = letters(512).data;
  const char *names[] = {"id", "review_key", "interrupt", "external_id", "thread"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    DENIES(LONG_ID, NULL, engine, review_get, "{'%s':'%s'}", names[i], long_id);
    DENIES(INTERLOCK_UNKNOWN_REVIEW, NULL, engine, review_get, "{'%s':'%s'}", names[i], good_id);
    DENIES(INTERLOCK_INVALID_ARGUMENT, quoted("/%s", names[i]), engine, review_get, "{'%s':''}",
           names[i]);
    DENIES(INTERLOCK_INVALID_ARGUMENT, quoted("/%s", names[i]), engine, review_get, "{'%s':7}",
           names[i]);
  }
  open_review(engine, "{'kind':'text','payload':{},'key':'%s'}", good_id);
  CHECK(value_at(GIVES(engine, review_get, "{'review_key':'%s'}", good_id), "/id")[0] != '\0');
  const char *nul = quoted("{'key':'a\\u0000b','kind':'text','payload':{}}");
  open_review(engine, "%s", nul);
  DENIES(INTERLOCK_UNKNOWN_REVIEW, NULL, engine, review_get, "{'review_key':'a'}");
  GIVES(engine, review_get, "{'review_key':'a\\u0000b'}");
  interlock_bytes title = letters(65537);
  DENIES(INTERLOCK_INVALID_PAYLOAD, NULL, engine, review_open,
         "{'kind':'text','payload':{},'title':'%s'}", (const char *)title.data);
  open_review(engine, "{'kind':'text','payload':{},'title':'%.65536s'}", (const char *)title.data);
  char brackets[2][66] = {"", ""};
  memset(brackets[0], '[', 63);
  memset(brackets[1], ']', 63);
  open_review(engine, "{'kind':'text','payload':{},'details':%s%s}", brackets[0], brackets[1]);
  memset(brackets[0], '[', 64);
  memset(brackets[1], ']', 64);
  DENIES(INTERLOCK_TOO_LARGE, NULL, engine, review_open,
         "{'kind':'text','payload':{},'details':%s%s}", brackets[0], brackets[1]);
}

static void test_actors(void) {
  const char *bad[] = {"''",
                       "7",
                       "null",
                       "{}",
                       "{'value':''}",
                       "{'type':'user_id'}",
                       "{'type':'robot','value':'a'}",
                       "{'value':'a','roles':'boss'}",
                       "{'value':'a','roles':[7]}",
                       "{'value':'a','name':'b'}"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    DENIES(INTERLOCK_INVALID_ARGUMENT, NULL, engine, review_respond,
           "{'review_key':'held','actor':%s,'outcome':'approved'}", bad[i]);
    DENIES(INTERLOCK_INVALID_ARGUMENT, NULL, engine, review_claim,
           "{'review_key':'held','actor':%s}", bad[i]);
  }
  DENIES(INTERLOCK_INVALID_ARGUMENT, "/actor", engine, review_respond,
         "{'review_key':'held','outcome':'approved'}");
  DENIES(INTERLOCK_INVALID_ARGUMENT, NULL, engine, review_respond,
         "{'review_key':'held','actor':'ana'}");
  DENIES(INTERLOCK_INVALID_ARGUMENT, NULL, engine, review_respond,
         "{'review_key':'held','actor':'ana','outcome':'approved','response':1}");
  DENIES(INTERLOCK_INVALID_ARGUMENT, "/via", engine, review_respond,
         "{'review_key':'held','actor':'ana','outcome':'approved','via':'pigeon'}");
  DENIES(INTERLOCK_INVALID_ARGUMENT, "/revision", engine, review_respond,
         "{'review_key':'held','actor':'ana','outcome':'approved','revision':'1'}");
}

/* The handles that end waits are the parent's too. */
static int cancel_in_child(interlock_cancel *parents) {
  interlock_engine *own = NULL;
  interlock_cancel *cancel = NULL;
  interlock_buffer *json = NULL;
  const char *wait = quoted("{'ids':['none']}");
  if (interlock_cancel_signal(parents, NULL) != INTERLOCK_FORKED) return 110;
  if (interlock_cancel_close(parents, NULL) != INTERLOCK_FORKED) return 111;
  if (interlock_cancel_create(&cancel, NULL) != INTERLOCK_OK) return 112;
  if (interlock_engine_open(TEXT("memory:"), NULL, &own, NULL) != INTERLOCK_OK) return 113;
  if (interlock_review_wait(own, wait, strlen(wait), 0, parents, &json, NULL) != INTERLOCK_FORKED)
    return 114;
  if (interlock_cancel_signal(cancel, NULL) != INTERLOCK_OK) return 115;
  return interlock_engine_close(own, NULL) == INTERLOCK_OK ? 0 : 116;
}

/* The child answers by its exit code: the number of the first row that is wrong. */
static int child(interlock_engine *parents, interlock_cancel *cancel) {
  interlock_buffer *json = NULL;
  int64_t at = 0;
  int32_t fd = 0;
  for (size_t i = 0; i < document_row_count; i++) {
    const char *good = quoted("%s", document_rows[i].request);
    if (document_rows[i].call(parents, good, strlen(good), &json, NULL) != INTERLOCK_FORKED)
      return (int)i + 1;
  }
  if (interlock_engine_tick(parents, &json, NULL) != INTERLOCK_FORKED) return 100;
  if (interlock_engine_next_deadline(parents, &at, NULL) != INTERLOCK_FORKED) return 101;
  if (at != INT64_MAX) return 102;
  if (interlock_engine_set_time(parents, 1, NULL) != INTERLOCK_FORKED) return 103;
  if (interlock_engine_event_fd(parents, &fd, NULL) != INTERLOCK_FORKED || fd != -1) return 104;
  return cancel_in_child(cancel);
}

static void test_fork(void) {
  interlock_cancel *cancel = NULL;
  ACCEPTED(interlock_cancel_create(&cancel, &last_error));
  fflush(stdout);
  pid_t process = fork();
  if (process == 0) {
    alarm(CHILD_SECONDS);
    _exit(child(engine, cancel));
  }
  int status = -1;
  CHECK(process > 0 && waitpid(process, &status, 0) == process);
  if (status != 0) printf("  the child ended with %d, signal %d\n", status >> 8, status & 127);
  CHECK(status == 0);
  ACCEPTED(interlock_cancel_close(cancel, &last_error));
}

static void test_read_only(const store *where) {
  if (where->url != NULL) return;
  check_group("request: on a read-only engine", where->name);
  const char *path = scratch_path();
  interlock_engine *writer = open_url(path);
  prepare_documents(writer);
  open_review(writer, "{'kind':'text','payload':{},'key':'due','expires_in':1}");
  pause_ms(20);
  interlock_engine *reader = open_with(where, path, INTERLOCK_OPEN_READ_ONLY, 0);
  for (size_t i = 0; i < document_row_count; i++) {
    const document_row *row = &document_rows[i];
    const char *good = quoted("%s", row->request);
    if (row->changes) ENDS(INTERLOCK_READ_ONLY, call_with(row, reader, good, strlen(good)));
  }
  GIVES(reader, review_get, "{'review_key':'held'}");
  GIVES(reader, review_explain, "{'review_key':'held'}");
  HOLDS(GIVES(reader, review_get, "{'review_key':'due'}"), "/status", "'expired'");
  GIVES(reader, event_read, "{}");
  interlock_buffer *json = POISON(interlock_buffer);
  ENDS(INTERLOCK_READ_ONLY, interlock_engine_tick(reader, &json, &last_error));
  CHECK(json == NULL);
  close_engine(reader);
  close_engine(writer);
}

void request_groups(const store *where) {
  engine = open_store(where);
  prepare_documents(engine);
  check_group("request: handles", where->name);
  for (size_t i = 0; i < document_row_count; i++) test_handles(&document_rows[i]);
  check_group("request: NULL and sizes", where->name);
  for (size_t i = 0; i < document_row_count; i++) test_pointers(&document_rows[i]);
  check_group("request: what is not JSON", where->name);
  for (size_t i = 0; i < document_row_count; i++) test_json(&document_rows[i]);
  check_group("request: not an object, an unknown member", where->name);
  for (size_t i = 0; i < document_row_count; i++) test_shape(&document_rows[i]);
  check_group("request: members that are required", where->name);
  test_required();
  check_group("request: limits", where->name);
  test_limits();
  check_group("request: actors and answers", where->name);
  test_actors();
  /* None of all that changed anything. */
  HOLDS(GIVES(engine, review_get, "{'review_key':'held'}"), "/status", "'pending'");
  check_group("request: in a child process", where->name);
  test_fork();
  test_read_only(where);
  close_engine(engine);
}
