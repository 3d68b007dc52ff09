/* Waiting for reviews: answers before, meanwhile, of other processes; and every other end. */
#define _POSIX_C_SOURCE 200809L
#include "check.h"

#include <sys/wait.h>
#include <unistd.h>

enum { CHILD_SECONDS = 30, PATIENCE_MS = 20000, WAITERS = 8 };

static interlock_engine *engine;

static const char APPROVES[] = "{'id':'%s','actor':'ana','response':{'selectedOption':'approve'}}";
static const char QUESTION[] = "{'kind':'approval','payload':{}}";

/* Waits with a request; the document, or "" if the status is not OK. */
static const char *waited(interlock_status wanted, uint64_t timeout_ms, interlock_cancel *cancel,
                          const char *request) {
  interlock_buffer *json = POISON(interlock_buffer);
  const char *sent = quoted("%s", request);
  ENDS(wanted, interlock_review_wait(engine, sent, strlen(sent), timeout_ms, cancel, &json,
                                     &last_error));
  CHECK((json == NULL) == (wanted != INTERLOCK_OK));
  return document(json);
}

static const char *ids(const char *first, const char *second) {
  return second == NULL ? quoted("{'ids':['%s']}", first)
                        : quoted("{'ids':['%s','%s']}", first, second);
}

static void test_before(void) {
  const char *id = open_review(engine, QUESTION), *other = open_review(engine, QUESTION);
  waited(INTERLOCK_TIMEOUT, 0, NULL, ids(id, NULL));
  int64_t began = steady_ms();
  waited(INTERLOCK_TIMEOUT, 60, NULL, ids(id, NULL));
  CHECK(steady_ms() - began >= 60 && steady_ms() - began < 5000);
  HOLDS(GIVES(engine, review_get, "{'id':'%s'}", id), "/status", "'pending'");
  GIVES(engine, review_respond, APPROVES, id);
  const char *review = waited(INTERLOCK_OK, 0, NULL, ids(id, NULL));
  HOLDS(review, "/id", quoted("'%s'", id));
  HOLDS(review, "/outcome", "'approved'");
  HOLDS(waited(INTERLOCK_OK, 0, NULL, ids(other, id)), "/id", quoted("'%s'", id));
  GIVES(engine, review_cancel, "{'id':'%s'}", other);
  HOLDS(waited(INTERLOCK_OK, 0, NULL, ids(other, id)), "/id", quoted("'%s'", other));
  HOLDS(waited(INTERLOCK_OK, UINT64_MAX, NULL, ids(id, other)), "/id", quoted("'%s'", id));
  HOLDS(waited(INTERLOCK_OK, 0, NULL, ids(id, id)), "/id", quoted("'%s'", id));
}

static void test_during(void) {
  const char *id = open_review(engine, QUESTION), *other = open_review(engine, QUESTION);
  later answer = {0};
  answer.engine = engine;
  answer.request = quoted(APPROVES, id);
  int64_t began = steady_ms();
  later_begin(&answer, 80, later_respond);
  const char *review = waited(INTERLOCK_OK, UINT64_MAX, NULL, ids(other, id));
  CHECK(steady_ms() - began >= 80 && steady_ms() - began < PATIENCE_MS);
  later_end(&answer);
  HOLDS(review, "/id", quoted("'%s'", id));
  HOLDS(review, "/outcome", "'approved'");
}

static void test_cancelled(void) {
  const char *id = open_review(engine, QUESTION);
  interlock_cancel *cancel = POISON(interlock_cancel);
  ACCEPTED(interlock_cancel_create(&cancel, &last_error));
  waited(INTERLOCK_TIMEOUT, 0, cancel, ids(id, NULL));
  later signal = {0};
  signal.cancel = cancel;
  int64_t began = steady_ms();
  later_begin(&signal, 60, later_signal);
  waited(INTERLOCK_WAIT_CANCELLED, PATIENCE_MS, cancel, ids(id, NULL));
  CHECK(steady_ms() - began < PATIENCE_MS / 2);
  later_end(&signal);
  /* Now and later, as often as one likes. */
  waited(INTERLOCK_WAIT_CANCELLED, PATIENCE_MS, cancel, ids(id, NULL));
  ACCEPTED(interlock_cancel_signal(cancel, &last_error));
  waited(INTERLOCK_WAIT_CANCELLED, PATIENCE_MS, cancel, ids(id, NULL));
  ACCEPTED(interlock_cancel_close(cancel, &last_error));
  waited(INTERLOCK_CLOSED, PATIENCE_MS, cancel, ids(id, NULL));

  ACCEPTED(interlock_cancel_create(&cancel, &last_error));
  ACCEPTED(interlock_cancel_signal(cancel, &last_error));
  waited(INTERLOCK_WAIT_CANCELLED, UINT64_MAX, cancel, ids(id, NULL));
  ACCEPTED(interlock_cancel_close(cancel, &last_error));

  /* A handle that is closed meanwhile leaves the wait alone. */
  ACCEPTED(interlock_cancel_create(&cancel, &last_error));
  later close = {0};
  close.cancel = cancel;
  began = steady_ms();
  later_begin(&close, 30, later_close_cancel);
  waited(INTERLOCK_TIMEOUT, 200, cancel, ids(id, NULL));
  CHECK(steady_ms() - began >= 200);
  later_end(&close);
  HOLDS(GIVES(engine, review_get, "{'id':'%s'}", id), "/status", "'pending'");
}

static interlock_status wait_in_thread(later *self) {
  interlock_buffer *json = NULL;
  interlock_status status =
      interlock_review_wait(self->engine, self->request, strlen(self->request), PATIENCE_MS,
                            self->cancel, &json, NULL);
  interlock_buffer_free(json);
  return status == (interlock_status)self->now ? INTERLOCK_OK : status;
}

/* Many waits end together: by one answer, by one cancel handle, by the close of the engine. */
static void test_many(const store *where, interlock_status end) {
  interlock_engine *own = open_store(where);
  const char *id = open_review(own, QUESTION);
  interlock_cancel *cancel = NULL;
  later waiters[WAITERS] = {{0}};
  ACCEPTED(interlock_cancel_create(&cancel, &last_error));
  for (int i = 0; i < WAITERS; i++) {
    waiters[i].engine = own;
    waiters[i].request = ids(id, NULL);
    waiters[i].cancel = i % 2 == 0 || end == INTERLOCK_WAIT_CANCELLED ? cancel : NULL;
    waiters[i].now = end;
    later_begin(&waiters[i], 0, wait_in_thread);
  }
  pause_ms(60);
  int64_t began = steady_ms();
  if (end == INTERLOCK_OK) GIVES(own, review_respond, APPROVES, id);
  if (end == INTERLOCK_WAIT_CANCELLED) ACCEPTED(interlock_cancel_signal(cancel, &last_error));
  if (end == INTERLOCK_CLOSED) close_engine(own);
  for (int i = 0; i < WAITERS; i++) later_end(&waiters[i]);
  CHECK(steady_ms() - began < PATIENCE_MS / 2);
  if (end != INTERLOCK_CLOSED) close_engine(own);
  ACCEPTED(interlock_cancel_close(cancel, &last_error));
}

static void test_deadline(const store *where) {
  const char *id = open_review(engine, "{'kind':'approval','payload':{},'expires_in':150}");
  int64_t began = steady_ms();
  const char *review = waited(INTERLOCK_OK, PATIENCE_MS, NULL, ids(id, NULL));
  CHECK(steady_ms() - began < PATIENCE_MS / 2);
  HOLDS(review, "/status", "'expired'");
  HOLDS(review, "/outcome", "'expired'");
  id = open_review(engine, "{'kind':'approval','payload':{},'expires_in':100,'interrupt':'%s'}",
                   where->name);
  review = waited(INTERLOCK_OK, PATIENCE_MS, NULL, ids(id, NULL));
  HOLDS(review, "/status", "'resolved'");
  HOLDS(review, "/outcome", "'rejected'");
}

static void test_manual_deadline(const store *where) {
  interlock_engine *other = engine;
  engine = open_with(where, NULL, INTERLOCK_OPEN_MANUAL_CLOCK, 1000000);
  const char *id = open_review(engine, "{'kind':'approval','payload':{},'expires_in':5000}");
  waited(INTERLOCK_TIMEOUT, 50, NULL, ids(id, NULL));
  later clock = {0};
  clock.engine = engine;
  clock.now = 1005000;
  later_begin(&clock, 60, later_set_time);
  const char *review = waited(INTERLOCK_OK, PATIENCE_MS, NULL, ids(id, NULL));
  later_end(&clock);
  HOLDS(review, "/status", "'expired'");
  HOLDS(review, "/closed_at", "1005000");
  close_engine(engine);
  engine = other;
}

static void test_abuse(void) {
  const char *id = open_review(engine, QUESTION);
  const char *bad[] = {"{}", "{'ids':[]}", "{'ids':'a'}", "{'ids':[7]}", "{'ids':['']}",
                       "{'ids':[null]}", "{'ids':['a'],'timeout':5}", "{'id':'a'}"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    waited(INTERLOCK_INVALID_ARGUMENT, 0, NULL, bad[i]);
  waited(INTERLOCK_UNKNOWN_REVIEW, UINT64_MAX, NULL, "{'ids':['none']}");
  waited(INTERLOCK_UNKNOWN_REVIEW, UINT64_MAX, NULL, ids(id, "none"));
  waited(LONG_ID, 0, NULL, ids(letters(513).data, NULL));
  int local = 0;
  waited(INTERLOCK_BAD_HANDLE, PATIENCE_MS, (interlock_cancel *)engine, ids(id, NULL));
  waited(INTERLOCK_BAD_HANDLE, PATIENCE_MS, (interlock_cancel *)&local, ids(id, NULL));
  waited(INTERLOCK_BAD_HANDLE, PATIENCE_MS, (interlock_cancel *)UINTPTR_MAX, ids(id, NULL));
  char *many = malloc(65537 * 4 + 32);
  CHECK(many != NULL);
  if (many == NULL) return;
  size_t size = (size_t)sprintf(many, "{\"ids\":[\"a\"");
  for (int i = 1; i < 65537; i++) size += (size_t)sprintf(many + size, ",\"a\"");
  size += (size_t)sprintf(many + size, "]}");
  interlock_buffer *json = POISON(interlock_buffer);
  ENDS(LONG_ID,
       interlock_review_wait(engine, many, size, 0, NULL, &json, &last_error));
  CHECK(json == NULL);
  free(many);
}

/* Answers the review "shared" of a file as soon as it is there. It was forked before any engine. */
static int answering_process(const char *path) {
  interlock_engine *own = NULL;
  later answer = {0};
  interlock_status status = INTERLOCK_CANNOT_OPEN;
  const char *get = quoted("{'review_key':'shared'}");
  for (int tries = 0; tries < 1000 && status != INTERLOCK_OK; tries++) {
    interlock_buffer *json = NULL;
    interlock_engine_options options = {0};
    options.struct_size = sizeof options;
    options.flags = INTERLOCK_OPEN_EXISTING;
    status = own != NULL
                 ? interlock_review_get(own, get, strlen(get), &json, NULL)
                 : interlock_engine_open(path, strlen(path), &options, &own, NULL);
    int is_opened_now = status == INTERLOCK_OK && json == NULL;
    interlock_buffer_free(json);
    if (is_opened_now) status = INTERLOCK_UNKNOWN_REVIEW;
    pause_ms(10);
  }
  if (status != INTERLOCK_OK) return 1;
  pause_ms(100);
  answer.engine = own;
  answer.request = quoted("{'review_key':'shared','actor':'ana','outcome':'approved'}");
  if (later_respond(&answer) != INTERLOCK_OK) return 2;
  return interlock_engine_close(own, NULL) == INTERLOCK_OK ? 0 : 3;
}

static void test_process(const store *where) {
  if (where->url != NULL) return;
  check_group("wait: answered by another process", where->name);
  const char *path = scratch_path();
  fflush(stdout);
  pid_t process = fork();
  if (process == 0) {
    alarm(CHILD_SECONDS);
    _exit(answering_process(path));
  }
  CHECK(process > 0);
  engine = open_url(path);
  const char *id = open_review(engine, "{'kind':'approval','payload':{},'key':'shared'}");
  HOLDS(waited(INTERLOCK_OK, PATIENCE_MS, NULL, ids(id, NULL)), "/outcome", "'approved'");
  int status = -1;
  CHECK(waitpid(process, &status, 0) == process);
  if (status != 0) printf("  the child ended with %d, signal %d\n", status >> 8, status & 127);
  CHECK(status == 0);
  close_engine(engine);
}

void wait_groups(const store *where) {
  engine = open_store(where);
  check_group("wait: answered before, not at all", where->name);
  test_before();
  check_group("wait: answered meanwhile", where->name);
  test_during();
  check_group("wait: cancelled", where->name);
  test_cancelled();
  check_group("wait: a deadline passes", where->name);
  test_deadline(where);
  test_manual_deadline(where);
  check_group("wait: abuse", where->name);
  test_abuse();
  close_engine(engine);
  check_group("wait: many end together", where->name);
  test_many(where, INTERLOCK_OK);
  test_many(where, INTERLOCK_WAIT_CANCELLED);
  test_many(where, INTERLOCK_CLOSED);
  test_process(where);
}
