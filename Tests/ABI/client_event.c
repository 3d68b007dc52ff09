/* Events: their order, filters, cursors, waits, and the descriptor that tells of them. */
#define _POSIX_C_SOURCE 200809L
#include "check.h"

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CHILD_SECONDS = 30, PATIENCE_MS = 20000 };

static interlock_engine *engine;

/* Opens, answers, claims ... so that an event of nearly every type is there. */
static void make_events(void) {
  const char *id = open_review(
      engine, "{'kind':'approval','payload':{},'thread':'t','channel':'c','policy':{'stages':["
              "{'name':'a','approvers':['ana']},{'name':'b','approvers':['ben']}]}}");
  GIVES(engine, review_claim, "{'id':'%s','actor':'ana'}", id);
  GIVES(engine, review_release, "{'id':'%s','actor':'ana'}", id);
  GIVES(engine, review_reassign, "{'id':'%s','assignee':'ana'}", id);
  GIVES(engine, review_comment, "{'id':'%s','actor':'ana','text':'hm'}", id);
  GIVES(engine, review_respond, "{'id':'%s','actor':'ana','outcome':'approved'}", id);
  GIVES(engine, review_respond, "{'id':'%s','actor':'ben','outcome':'approved'}", id);
  id = open_review(engine, "{'kind':'text','payload':{},'thread':'u'}");
  GIVES(engine, review_cancel, "{'id':'%s'}", id);
  id = open_review(engine, "{'kind':'text','payload':{},'policy':{'order':'ladder'}}");
  GIVES(engine, review_escalate, "{'id':'%s','error':true}", id);
  GIVES(engine, review_supersede, "{'id':'%s','successor':{'kind':'text','payload':{}}}", id);
}

static int has_type(const char *page, const char *type) {
  return strstr(page, quoted("'type':'%s'", type)) != NULL;
}

static void test_read(void) {
  HOLDS(GIVES(engine, event_read, "{}"), "/events", "[]");
  HOLDS(GIVES(engine, event_read, "{}"), "/last", "0");
  make_events();
  const char *page = GIVES(engine, event_read, "{'limit':1000}");
  const char *types[] = {"opened",    "answered",   "stage_opened", "resolved",  "cancelled",
                         "superseded", "escalated", "claimed",      "released",  "reassigned",
                         "commented"};
  for (size_t i = 0; i < sizeof types / sizeof *types; i++)
    CHECK(has_type(page, quoted("review.%s", types[i])));
  long long last = number_at(page, "/last"), at = 0;
  CHECK(last > 11 && number_at(page, "/next") == last);
  for (long long seq = 1; seq <= last; seq++) {
    CHECK(number_at(page, quoted("/events/%lld/seq", seq - 1)) == seq);
    long long then = number_at(page, quoted("/events/%lld/at", seq - 1));
    CHECK(then >= at);
    at = then;
  }
  HOLDS(page, "/events/0/type", "'review.opened'");
  HOLDS(page, "/events/0/thread", "'t'");
  HOLDS(page, "/events/0/channel", "'c'");
  size_t size;
  const char *body = json_find(page, strlen(page), "/events/0/body", &size);
  CHECK(body != NULL && *body == '{');
  HOLDS(GIVES(engine, event_read, "{'after':%lld}", last), "/events", "[]");
}

static void test_filters(void) {
  const char *page = GIVES(engine, event_read, "{'types':['review.claimed','review.released']}");
  HOLDS(page, "/events/0/type", "'review.claimed'");
  HOLDS(page, "/events/1/type", "'review.released'");
  HOLDS(page, "/events/1/channel", "'c'");
  CHECK(value_at(page, "/events/2/seq")[0] == '\0');
  page = GIVES(engine, event_read, "{'thread':'u'}");
  HOLDS(page, "/events/0/type", "'review.opened'");
  HOLDS(page, "/events/1/type", "'review.cancelled'");
  CHECK(value_at(page, "/events/2/seq")[0] == '\0');
  CHECK(has_type(GIVES(engine, event_read, "{'channel':'c'}"), "review.resolved"));
  HOLDS(GIVES(engine, event_read, "{'channel':'d'}"), "/events", "[]");
  const char *id = value_at(page, "/events/0/review");
  HOLDS(GIVES(engine, event_read, "{'review':'%s'}", id), "/events/1/type", "'review.cancelled'");
  /* In steps: next is to be passed as after. */
  long long after = 0, seen = 0, last = number_at(page, "/last");
  for (int step = 0; step < 100 && after < last; step++) {
    page = GIVES(engine, event_read, "{'after':%lld,'limit':4}", after);
    for (int i = 0; i < 4 && value_at(page, quoted("/events/%d/seq", i))[0] != '\0'; i++) seen++;
    CHECK(number_at(page, "/next") > after);
    after = number_at(page, "/next");
  }
  CHECK(seen == last && after == last);
}

static void test_cursor(void) {
  HOLDS(GIVES(engine, event_read, "{'cursor':'r','limit':1}"), "/events/0/seq", "1");
  HOLDS(GIVES(engine, event_read, "{'cursor':'r','limit':1}"), "/events/0/seq", "1");
  const char *acked = GIVES(engine, event_ack, "{'cursor':'r','seq':3}");
  HOLDS(acked, "/cursor", "'r'");
  HOLDS(acked, "/seq", "3");
  HOLDS(GIVES(engine, event_read, "{'cursor':'r'}"), "/events/0/seq", "4");
  HOLDS(GIVES(engine, event_ack, "{'cursor':'r','seq':2}"), "/seq", "3");
  HOLDS(GIVES(engine, event_read, "{'cursor':'r'}"), "/events/0/seq", "4");
  HOLDS(GIVES(engine, event_read, "{'cursor':'other'}"), "/events/0/seq", "1");
  long long last = number_at(GIVES(engine, event_read, "{}"), "/last");
  DENIES(INTERLOCK_INVALID_ARGUMENT, "/seq", engine, event_ack, "{'cursor':'r','seq':%lld}",
         last + 1);
  DENIES(INTERLOCK_INVALID_ARGUMENT, "/seq", engine, event_ack, "{'cursor':'r','seq':-1}");
  DENIES(INTERLOCK_INVALID_ARGUMENT, "/seq", engine, event_ack, "{'cursor':'r','seq':'1'}");
  DENIES(INTERLOCK_INVALID_ARGUMENT, NULL, engine, event_read, "{'cursor':'r','after':1}");
  DENIES(INTERLOCK_INVALID_ARGUMENT, "/types", engine, event_read, "{'types':'review.opened'}");
  DENIES(INTERLOCK_INVALID_ARGUMENT, "/types/0", engine, event_read, "{'types':[7]}");
  DENIES(INTERLOCK_INVALID_ARGUMENT, "/after", engine, event_read, "{'after':-1}");
  DENIES(INTERLOCK_INVALID_ARGUMENT, "/limit", engine, event_read, "{'limit':1001}");
  DENIES(LONG_ID, NULL, engine, event_ack, "{'cursor':'%s','seq':1}",
         (const char *)letters(513).data);
}

static void test_secret(void) {
  const char *id = open_review(engine, "{'kind':'form','payload':{'fields':[{'name':'pin',"
                                       "'type':'password'},{'name':'town','type':'text'}]}}");
  GIVES(engine, review_respond, "{'id':'%s','actor':'ana','response':{'pin':'s3cret-9','town':"
                                "'Bern'}}", id);
  CHECK(strstr(GIVES(engine, event_read, "{'limit':1000}"), "s3cret-9") == NULL);
}

static const char *waited(interlock_status wanted, uint64_t timeout_ms, interlock_cancel *cancel,
                          const char *request) {
  interlock_buffer *json = POISON(interlock_buffer);
  const char *sent = quoted("%s", request);
  ENDS(wanted,
       interlock_event_wait(engine, sent, strlen(sent), timeout_ms, cancel, &json, &last_error));
  CHECK((json == NULL) == (wanted != INTERLOCK_OK));
  return document(json);
}

static void test_wait(void) {
  HOLDS(waited(INTERLOCK_OK, 0, NULL, "{'limit':1}"), "/events/0/seq", "1");
  long long last = number_at(GIVES(engine, event_read, "{}"), "/last");
  const char *more = quoted("{'after':%lld}", last);
  waited(INTERLOCK_TIMEOUT, 0, NULL, more);
  waited(INTERLOCK_TIMEOUT, 60, NULL, more);
  later opening = {0};
  opening.engine = engine;
  opening.request = quoted("{'kind':'text','payload':{},'thread':'w'}");
  int64_t began = steady_ms();
  later_begin(&opening, 60, later_open);
  HOLDS(waited(INTERLOCK_OK, UINT64_MAX, NULL, more), "/events/0/thread", "'w'");
  CHECK(steady_ms() - began >= 60 && steady_ms() - began < PATIENCE_MS / 2);
  later_end(&opening);
  /* An event that the filter does not let through ends no wait. */
  more = quoted("{'after':%lld,'types':['review.expired']}", last);
  later_begin(&opening, 20, later_open);
  waited(INTERLOCK_TIMEOUT, 150, NULL, more);
  later_end(&opening);
  interlock_cancel *cancel = NULL;
  ACCEPTED(interlock_cancel_create(&cancel, &last_error));
  later signal = {0};
  signal.cancel = cancel;
  later_begin(&signal, 50, later_signal);
  waited(INTERLOCK_WAIT_CANCELLED, PATIENCE_MS, cancel, more);
  later_end(&signal);
  waited(INTERLOCK_WAIT_CANCELLED, PATIENCE_MS, cancel, more);
  ACCEPTED(interlock_cancel_close(cancel, &last_error));
  waited(INTERLOCK_CLOSED, PATIENCE_MS, cancel, more);
  waited(INTERLOCK_BAD_HANDLE, PATIENCE_MS, (interlock_cancel *)engine, more);
}

static void test_closed_meanwhile(const store *where) {
  engine = open_store(where);
  later closing = {0};
  closing.engine = engine;
  later_begin(&closing, 60, later_close);
  waited(INTERLOCK_CLOSED, PATIENCE_MS, NULL, "{}");
  later_end(&closing);
}

static int is_readable(int fd, int timeout_ms) {
  struct pollfd watched = {fd, POLLIN, 0};
  return poll(&watched, 1, timeout_ms) == 1 && (watched.revents & POLLIN) != 0;
}

static void read_empty(int fd) {
  uint64_t count;
  CHECK(read(fd, &count, sizeof count) == sizeof count);
  CHECK(read(fd, &count, sizeof count) == -1);
}

static void test_descriptor(const store *where) {
  engine = open_store(where);
  int32_t fd = -7, again = -7;
  REFUSED(INTERLOCK_MISUSE, "out_fd", interlock_engine_event_fd(engine, NULL, &last_error));
  ACCEPTED(interlock_engine_event_fd(engine, &fd, &last_error));
  ACCEPTED(interlock_engine_event_fd(engine, &again, &last_error));
  CHECK(fd >= 0 && again == fd);
  for (int round = 0; round < 3; round++) {
    open_review(engine, "{'kind':'text','payload':{}}");
    CHECK(is_readable(fd, PATIENCE_MS));
    read_empty(fd);
  }
  pause_ms(150);
  if (is_readable(fd, 0)) read_empty(fd);
  CHECK(!is_readable(fd, 300));
  close_engine(engine);
  fd = -7;
  ENDS(INTERLOCK_CLOSED, interlock_engine_event_fd(engine, &fd, &last_error));
  CHECK(fd == -1);
  fd = -7;
  ENDS(INTERLOCK_BAD_HANDLE, interlock_engine_event_fd(NULL, &fd, &last_error));
  CHECK(fd == -1);
}

/* Opens a review in the file, some time after the other process said that it listens. */
static int opening_process(const char *path, int go) {
  char byte;
  later opening = {0};
  if (read(go, &byte, 1) != 1) return 1;
  if (interlock_engine_open(path, strlen(path), NULL, &opening.engine, NULL) != 0) return 2;
  pause_ms(100);
  opening.request = quoted("{'kind':'text','payload':{},'thread':'other process'}");
  if (later_open(&opening) != INTERLOCK_OK) return 3;
  return interlock_engine_close(opening.engine, NULL) == INTERLOCK_OK ? 0 : 4;
}

static void test_other_process(const store *where) {
  if (where->url != NULL) return;
  const char *path = scratch_path();
  int go[2], status = -1;
  int32_t fd = -1;
  CHECK(pipe(go) == 0);
  fflush(stdout);
  pid_t process = fork();
  if (process == 0) {
    alarm(CHILD_SECONDS);
    _exit(opening_process(path, go[0]));
  }
  engine = open_url(path);
  ACCEPTED(interlock_engine_event_fd(engine, &fd, &last_error));
  CHECK(!is_readable(fd, 50));
  CHECK(write(go[1], "", 1) == 1);
  CHECK(is_readable(fd, PATIENCE_MS));
  HOLDS(waited(INTERLOCK_OK, PATIENCE_MS, NULL, "{}"), "/events/0/thread", "'other process'");
  CHECK(waitpid(process, &status, 0) == process);
  if (status != 0) printf("  the child ended with %d, signal %d\n", status >> 8, status & 127);
  CHECK(status == 0);
  close(go[0]);
  close(go[1]);
  close_engine(engine);
}

void event_groups(const store *where) {
  engine = open_store(where);
  check_group("event: read in order", where->name);
  test_read();
  check_group("event: filters", where->name);
  test_filters();
  check_group("event: cursors", where->name);
  test_cursor();
  check_group("event: without secrets", where->name);
  test_secret();
  check_group("event: waits", where->name);
  test_wait();
  close_engine(engine);
  test_closed_meanwhile(where);
  check_group("event: descriptor", where->name);
  test_descriptor(where);
  test_other_process(where);
}
