/* Runs: handles, pointers and documents that are wrong. */
#define _POSIX_C_SOURCE 200809L
#include "check.h"

#include <sys/wait.h>
#include <unistd.h>

enum { CHILD_SECONDS = 10 };

static interlock_engine *engine;

typedef struct run_row {
  const char *name;
  document_call call;
  const char *request; /* good in a run that is new */
  int takes_document, refuses_unknown;
} run_row;

static const run_row rows[] = {
    {"step", on_step, "a", 0, 0},
    {"record", on_record, "{'key':'a','result':1}", 1, 1},
    {"interrupt", on_interrupt, "{'key':'b'}", 1, 1},
    {"heartbeat", on_heartbeat, "", 0, 0},
    {"suspend", on_suspend, "", 0, 0},
    {"complete", on_complete, "{'result':1}", 1, 0},
    {"fail", on_fail, "{'error':1}", 1, 0},
};
enum { ROWS = sizeof rows / sizeof *rows };

static interlock_status call_on(const run_row *row, void *run, const char *request, size_t size) {
  interlock_buffer *json = POISON(interlock_buffer);
  interlock_status status = row->call(run, request, size, &json, &last_error);
  CHECK((json == NULL) == (status != INTERLOCK_OK));
  interlock_buffer_free(json);
  return status;
}

static void all_end(interlock_status status, void *run) {
  for (int i = 0; i < ROWS; i++) {
    const char *good = quoted("%s", rows[i].request);
    ENDS(status, call_on(&rows[i], run, good, strlen(good)));
  }
  ENDS(status, interlock_run_close(run, &last_error));
}

static void test_handles(void) {
  int local = 0;
  interlock_cancel *cancel = NULL;
  interlock_run *run = begin_run(engine, NULL, "{'thread':'handles'}");
  ACCEPTED(interlock_cancel_create(&cancel, &last_error));
  void *wrong[] = {NULL, &local, (void *)(uintptr_t)1, (void *)UINTPTR_MAX, cancel, engine};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
    all_end(INTERLOCK_BAD_HANDLE, wrong[i]);
  for (unsigned bit = 0; bit < 64; bit++) {
    interlock_run *forged = (interlock_run *)((uintptr_t)run ^ ((uintptr_t)1 << bit));
    interlock_buffer *json = POISON(interlock_buffer);
    CHECK(interlock_run_heartbeat(forged, &json, NULL) != INTERLOCK_OK);
    CHECK(json == NULL);
  }
  /* A run is no engine and no cancel. */
  ENDS(INTERLOCK_BAD_HANDLE, interlock_engine_close((interlock_engine *)run, &last_error));
  ENDS(INTERLOCK_BAD_HANDLE, interlock_cancel_signal((interlock_cancel *)run, &last_error));
  ENDS(INTERLOCK_BAD_HANDLE, interlock_cancel_close((interlock_cancel *)run, &last_error));
  RUN_GIVES(run, complete, "{}");
  close_run(run);
  all_end(INTERLOCK_CLOSED, run);
  interlock_run *next = begin_run(engine, NULL, "{'thread':'handles'}");
  CHECK(next != run);
  all_end(INTERLOCK_CLOSED, run);
  RUN_GIVES(next, complete, "{}");
  close_run(next);
  ACCEPTED(interlock_cancel_close(cancel, &last_error));
}

static void test_engine_is_closed(const store *where) {
  interlock_engine *other = open_store(where);
  interlock_run *run = begin_run(other, NULL, "{'thread':'t'}");
  close_engine(other);
  for (int i = 1; i < ROWS; i++) { /* step reads nothing from the store */
    const char *good = quoted("%s", rows[i].request);
    ENDS(INTERLOCK_CLOSED, call_on(&rows[i], run, good, strlen(good)));
  }
  close_run(run);
}

static void test_outputs(void) {
  const char *good = quoted("{'thread':'outputs'}");
  interlock_run *run = POISON(interlock_run);
  interlock_buffer *json = POISON(interlock_buffer);
  REFUSED(INTERLOCK_MISUSE, "out_json",
          interlock_run_begin(engine, good, strlen(good), &run, NULL, &last_error));
  CHECK(run == NULL);
  REFUSED(INTERLOCK_MISUSE, "out_run",
          interlock_run_begin(engine, good, strlen(good), NULL, &json, &last_error));
  DENIES(INTERLOCK_NOT_FOUND, NULL, engine, run_get, "{'thread':'outputs'}");
  run = POISON(interlock_run), json = POISON(interlock_buffer);
  ENDS(INTERLOCK_INVALID_JSON, interlock_run_begin(engine, "{", 1, &run, &json, &last_error));
  CHECK(run == NULL && json == NULL);
  run = begin_run(engine, NULL, "{'thread':'outputs'}");
  for (int i = 0; i < ROWS; i++) {
    const char *request = quoted("%s", rows[i].request);
    REFUSED(INTERLOCK_MISUSE, "out_json",
            rows[i].call((interlock_engine *)run, request, strlen(request), NULL, &last_error));
  }
  HOLDS(RUN_GIVES(run, heartbeat, ""), "/status", "'busy'");
  close_run(run);
}

static void test_documents(void) {
  interlock_run *run = begin_run(engine, NULL, "{'thread':'documents'}");
  const char *bad[] = {"{",         "{} {}",         "{'key':'a','key':'a'}", "{'key':NaN}",
                       "{'key':01}", "{'key':'\xff'}", "{'key':'\\ud800'}",     "{'result':1e999}"};
  const char *not_objects[] = {"[]", "null", "1", "'a'", "true"};
  for (int i = 0; i < ROWS; i++) {
    if (!rows[i].takes_document) continue;
    for (size_t n = 0; n < sizeof bad / sizeof *bad; n++) {
      const char *request = quoted("%s", bad[n]);
      ENDS(INTERLOCK_INVALID_JSON, call_on(&rows[i], run, request, strlen(request)));
    }
    for (size_t n = 0; n < sizeof not_objects / sizeof *not_objects; n++) {
      const char *request = quoted("%s", not_objects[n]);
      ENDS(INTERLOCK_INVALID_ARGUMENT, call_on(&rows[i], run, request, strlen(request)));
    }
    REFUSED(INTERLOCK_MISUSE, "request", call_on(&rows[i], run, NULL, 2));
    REFUSED(INTERLOCK_TOO_LARGE, "request", call_on(&rows[i], run, "{}", ((size_t)8 << 20) + 1));
    ENDS(INTERLOCK_INVALID_JSON, call_on(&rows[i], run, NULL, 0));
    ENDS(INTERLOCK_INVALID_JSON, call_on(&rows[i], run, "{}\0", 3));
    if (!rows[i].refuses_unknown) continue;
    const char *unknown = quoted("%.*s,'surprise':1}", (int)strlen(rows[i].request) - 1,
                                 rows[i].request);
    interlock_error *error = NULL;
    interlock_buffer *json = POISON(interlock_buffer);
    interlock_status status =
        rows[i].call((interlock_engine *)run, unknown, strlen(unknown), &json, &error);
    if (status != INTERLOCK_INVALID_ARGUMENT) printf("  %s(%s)\n", rows[i].name, unknown);
    CHECK(status == INTERLOCK_INVALID_ARGUMENT);
    CHECK(json == NULL && error != NULL && same(error->path, "/surprise"));
    interlock_error_free(error);
    if (json != POISON(interlock_buffer)) interlock_buffer_free(json);
  }
  RUN_DENIES(INTERLOCK_INVALID_ARGUMENT, "/key", run, record, "{'result':1}");
  RUN_DENIES(INTERLOCK_INVALID_ARGUMENT, "/result", run, record, "{'key':'a'}");
  RUN_DENIES(INTERLOCK_INVALID_ARGUMENT, "/key", run, record, "{'key':'','result':1}");
  RUN_DENIES(INTERLOCK_INVALID_ARGUMENT, "/key", run, record, "{'key':7,'result':1}");
  RUN_DENIES(INTERLOCK_INVALID_ARGUMENT, "/key", run, interrupt, "{}");
  RUN_DENIES(INTERLOCK_INVALID_ARGUMENT, "/review", run, interrupt, "{'key':'a','review':1}");
  RUN_DENIES(INTERLOCK_INVALID_ARGUMENT, NULL, run, interrupt,
             "{'key':'a','value':1,'review':{'kind':'approval','payload':{}}}");
  RUN_DENIES(INTERLOCK_INVALID_PAYLOAD, NULL, run, interrupt,
             "{'key':'a','review':{'kind':'verify','payload':{}}}");
  RUN_DENIES(INTERLOCK_INVALID_POLICY, NULL, run, interrupt,
             "{'key':'a','review':{'kind':'text','payload':{},'policy':{'stages':[]}}}");
  RUN_DENIES(INTERLOCK_UNKNOWN_POLICY, NULL, run, interrupt,
             "{'key':'a','review':{'kind':'text','payload':{},'policy':'nobody put this'}}");
  RUN_DENIES(INTERLOCK_INVALID_DEADLINE, NULL, run, interrupt,
             "{'key':'a','review':{'kind':'text','payload':{},'deadline':1}}");
  HOLDS(RUN_GIVES(run, step, "a"), "/state", "'work'");
  HOLDS(GIVES(engine, run_interrupts, "{'thread':'documents'}"), "/interrupts", "[]");
  RUN_GIVES(run, complete, "{'x-trace':1}");
  close_run(run);
}

static void test_step_keys(void) {
  interlock_run *run = begin_run(engine, NULL, "{'thread':'step keys'}");
  interlock_engine *as = (interlock_engine *)run;
  interlock_buffer *json = POISON(interlock_buffer);
  REFUSED(INTERLOCK_INVALID_ARGUMENT, "key", on_step(as, NULL, 0, &json, &last_error));
  CHECK(json == NULL);
  REFUSED(INTERLOCK_INVALID_ARGUMENT, "key", on_step(as, "", 0, &json, &last_error));
  REFUSED(INTERLOCK_MISUSE, "key", on_step(as, NULL, 1, &json, &last_error));
  REFUSED(INTERLOCK_INVALID_UTF8, "key", on_step(as, "\xff", 1, &json, &last_error));
  REFUSED(INTERLOCK_INVALID_UTF8, "key", on_step(as, "\xed\xa0\x80", 3, &json, &last_error));
  interlock_bytes longest = letters(512), longer = letters(513);
  REFUSED(INTERLOCK_TOO_LARGE, "key", on_step(as, longer.data, longer.size, &json, &last_error));
  REFUSED(INTERLOCK_TOO_LARGE, "key", on_step(as, "a", SIZE_MAX, &json, &last_error));
  ACCEPTED(on_step(as, longest.data, longest.size, &json, &last_error));
  HOLDS(document(json), "/state", "'work'");
  RUN_DENIES(INTERLOCK_TOO_LARGE, NULL, run, record, "{'key':'%s','result':1}",
             (const char *)longer.data);
  RUN_GIVES(run, record, "{'key':'%s','result':1}", (const char *)longest.data);
  ACCEPTED(on_step(as, "a\0b", 3, &json, &last_error));
  interlock_buffer_free(json);
  RUN_GIVES(run, record, "{'key':'a\\u0000b','result':1}");
  RUN_GIVES(run, step, "a");
  RUN_DENIES(INTERLOCK_TOO_LARGE, NULL, run, interrupt, "{'key':'%s'}", (const char *)longer.data);
  RUN_GIVES(run, complete, "{}");
  close_run(run);
}

static void test_begin(void) {
  static const char *const bad[][2] = {
      {"{}", "/thread"},
      {"{'thread':''}", "/thread"},
      {"{'thread':7}", "/thread"},
      {"{'thread':'t','lease_ms':0}", "/lease_ms"},
      {"{'thread':'t','lease_ms':'1'}", "/lease_ms"},
      {"{'thread':'t','lease_ms':-1}", "/lease_ms"},
      {"{'thread':'t','worker':''}", "/worker"},
      {"{'thread':'t','parent':[]}", "/parent"},
      {"{'thread':'t','interrupt_before':7}", "/interrupt_before"},
      {"{'thread':'t','interrupt_after':[7]}", "/interrupt_after/0"},
      {"{'thread':'t','gate_review':'approval'}", "/gate_review"},
  };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    refusal_of(INTERLOCK_INVALID_ARGUMENT, bad[i][1], engine, begin_and_close, "run_begin",
               __FILE__, __LINE__, "%s", bad[i][0]);
  refusal_of(INTERLOCK_TOO_LARGE, "/thread", engine, begin_and_close, "run_begin", __FILE__,
             __LINE__, "{'thread':'%s'}", (const char *)letters(513).data);
  DENIES(INTERLOCK_NOT_FOUND, NULL, engine, run_get, "{'thread':'t'}");
}

/* The child answers by its exit code. */
static int child(interlock_run *parents) {
  interlock_engine *own = NULL;
  interlock_run *run = NULL;
  interlock_buffer *json = NULL;
  const char *request = quoted("{'thread':'child'}");
  for (int i = 0; i < ROWS; i++) {
    const char *good = quoted("%s", rows[i].request);
    if (rows[i].call((interlock_engine *)parents, good, strlen(good), &json, NULL) !=
        INTERLOCK_FORKED)
      return i + 1;
  }
  if (interlock_run_close(parents, NULL) != INTERLOCK_FORKED) return 100;
  if (interlock_engine_open(TEXT("memory:"), NULL, &own, NULL) != INTERLOCK_OK) return 101;
  if (interlock_run_begin(own, request, strlen(request), &run, &json, NULL) != INTERLOCK_OK)
    return 102;
  interlock_buffer_free(json);
  if (interlock_run_close(run, NULL) != INTERLOCK_OK) return 103;
  if (interlock_run_close(parents, NULL) != INTERLOCK_FORKED) return 104;
  return interlock_engine_close(own, NULL) == INTERLOCK_OK ? 0 : 105;
}

static void test_fork(void) {
  interlock_run *run = begin_run(engine, NULL, "{'thread':'forks'}");
  fflush(stdout);
  pid_t process = fork();
  if (process == 0) {
    alarm(CHILD_SECONDS);
    _exit(child(run));
  }
  int status = -1;
  CHECK(process > 0 && waitpid(process, &status, 0) == process);
  if (status != 0) printf("  the child ended with %d, signal %d\n", status >> 8, status & 127);
  CHECK(status == 0);
  RUN_GIVES(run, complete, "{}");
  close_run(run);
}

void run_abuse_groups(const store *where) {
  engine = open_store(where);
  check_group("run: handles", where->name);
  test_handles();
  test_engine_is_closed(where);
  check_group("run: outputs that are NULL", where->name);
  test_outputs();
  check_group("run: documents that are wrong", where->name);
  test_documents();
  check_group("run: keys of steps", where->name);
  test_step_keys();
  test_begin();
  check_group("run: in a child process", where->name);
  test_fork();
  close_engine(engine);
}
