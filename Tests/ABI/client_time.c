/* Time: deadlines, reminders, ticks, manual clocks, the timer, and the handles that end waits. */
#include "check.h"

enum { START = 1000000, PATIENCE_MS = 20000 };

static const int64_t LAST_INSTANT = 253402300799999;

static interlock_engine *engine;

static int64_t next_deadline(void) {
  int64_t at = 0;
  ACCEPTED(interlock_engine_next_deadline(engine, &at, &last_error));
  return at;
}

static const char *tick(void) {
  interlock_buffer *json = POISON(interlock_buffer);
  ACCEPTED(interlock_engine_tick(engine, &json, &last_error));
  return document(json);
}

static const char *get(const char *id) { return GIVES(engine, review_get, "{'id':'%s'}", id); }

static void test_deadlines(const store *where) {
  engine = open_with(where, NULL, INTERLOCK_OPEN_MANUAL_CLOCK, START);
  CHECK(next_deadline() == INT64_MAX);
  HOLDS(tick(), "/fired", "0");
  HOLDS(tick(), "/next_deadline", "null");
  const char *id = open_review(engine, "{'kind':'text','payload':{},'expires_in':5000,"
                                       "'reminders':[1000,2000]}");
  const char *review = get(id);
  HOLDS(review, "/created_at", "1000000");
  HOLDS(review, "/deadline", "1005000");
  HOLDS(review, "/next_at", "1003000");
  CHECK(next_deadline() == START + 3000);
  set_time(engine, START + 2999);
  HOLDS(tick(), "/fired", "0");
  set_time(engine, START + 3000);
  const char *ticked = tick();
  HOLDS(ticked, "/fired", "1");
  HOLDS(ticked, "/next_deadline", "1004000");
  HOLDS(GIVES(engine, event_read, "{'types':['review.reminded']}"), "/events/0/review",
        quoted("'%s'", id));
  HOLDS(tick(), "/fired", "0");
  /* What has expired shows although nobody ticked, and an answer at the deadline is too late. */
  set_time(engine, START + 5000);
  HOLDS(get(id), "/status", "'expired'");
  DENIES(INTERLOCK_EXPIRED, NULL, engine, review_respond,
         "{'id':'%s','actor':'ana','response':{'text':'late'}}", id);
  DENIES(INTERLOCK_EXPIRED, NULL, engine, review_cancel, "{'id':'%s'}", id);
  tick();
  HOLDS(tick(), "/fired", "0");
  CHECK(next_deadline() == INT64_MAX);
  HOLDS(get(id), "/closed_at", "1005000");
  HOLDS(GIVES(engine, audit_read, "{'review':'%s'}", id), "/records/0/action", "'expiry'");
  /* Backwards, as real clocks do; the review stays where it was. */
  set_time(engine, START);
  HOLDS(get(id), "/status", "'expired'");
  close_engine(engine);
}

typedef struct expiry_row {
  const char *members, *status, *outcome;
} expiry_row;

static void test_actions(const store *where) {
  const expiry_row rows[] = {
      {"", "expired", "expired"},
      {",'on_expiry':'expire'", "expired", "expired"},
      {",'on_expiry':'reject'", "resolved", "rejected"},
      {",'on_expiry':'approve'", "resolved", "approved"},
      {",'on_expiry':{'resume_with':{'a':1}}", "expired", "expired"},
      {",'interrupt':'i'", "resolved", "rejected"},
  };
  engine = open_with(where, NULL, INTERLOCK_OPEN_MANUAL_CLOCK, START);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    set_time(engine, START);
    const char *id = open_review(engine, "{'kind':'approval','payload':{},'expires_in':100%s}",
                                 rows[i].members);
    set_time(engine, START + 100);
    CHECK(number_at(tick(), "/fired") == 1);
    const char *review = get(id);
    HOLDS(review, "/status", quoted("'%s'", rows[i].status));
    HOLDS(review, "/outcome", quoted("'%s'", rows[i].outcome));
    if (strstr(rows[i].members, "resume_with") != NULL) HOLDS(review, "/response", "{'a':1}");
  }
  set_time(engine, START);
  const char *id = open_review(
      engine, "{'kind':'approval','payload':{},'policy':{'stages':["
              "{'name':'a','approvers':['ana'],'deadline_in':100,'on_expiry':'escalate'},"
              "{'name':'b','approvers':['ben'],'deadline_in':100,'on_expiry':'escalate'},"
              "{'name':'c','approvers':['cleo']}]}}");
  set_time(engine, START + 150);
  HOLDS(get(id), "/stage", "'b'");
  set_time(engine, START + 200);
  HOLDS(get(id), "/stage", "'c'");
  tick();
  const char *review = get(id);
  HOLDS(review, "/escalations/1/reason", "'deadline'");
  HOLDS(review, "/stages/0/status", "'expired'");
  close_engine(engine);
}

static void test_misuse(const store *where) {
  engine = open_with(where, NULL, INTERLOCK_OPEN_MANUAL_CLOCK, LAST_INSTANT);
  int64_t bad[] = {-1, INT64_MIN, 253402300800000, INT64_MAX};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    REFUSED(INTERLOCK_INVALID_ARGUMENT, "now_ms",
            interlock_engine_set_time(engine, bad[i], &last_error));
  set_time(engine, 0);
  set_time(engine, LAST_INSTANT);
  DENIES(INTERLOCK_INVALID_DEADLINE, NULL, engine, review_open,
         "{'kind':'text','payload':{},'expires_in':1}");
  REFUSED(INTERLOCK_MISUSE, "out_json", interlock_engine_tick(engine, NULL, &last_error));
  REFUSED(INTERLOCK_MISUSE, "out_ms", interlock_engine_next_deadline(engine, NULL, &last_error));
  close_engine(engine);
  int64_t at = 0;
  ENDS(INTERLOCK_CLOSED, interlock_engine_next_deadline(engine, &at, &last_error));
  CHECK(at == INT64_MAX);
  interlock_buffer *json = POISON(interlock_buffer);
  ENDS(INTERLOCK_CLOSED, interlock_engine_tick(engine, &json, &last_error));
  CHECK(json == NULL);
  ENDS(INTERLOCK_CLOSED, interlock_engine_set_time(engine, 0, &last_error));
  at = 0;
  ENDS(INTERLOCK_BAD_HANDLE, interlock_engine_next_deadline(NULL, &at, &last_error));
  CHECK(at == INT64_MAX);
  ENDS(INTERLOCK_BAD_HANDLE, interlock_engine_set_time(NULL, 0, &last_error));
  engine = open_store(where);
  REFUSED(INTERLOCK_INVALID_ARGUMENT, "clock",
          interlock_engine_set_time(engine, START, &last_error));
  const char *review = GIVES(engine, review_open, "{'kind':'text','payload':{}}");
  long long off = number_at(review, "/review/created_at") - wall_ms();
  CHECK(off > -60000 && off < 60000);
  close_engine(engine);
}

/* Nobody reads, ticks or waits; the events come all the same. */
static void test_timer(const store *where) {
  engine = open_with(where, NULL, INTERLOCK_OPEN_TIMER, 0);
  const char *id = open_review(engine, "{'kind':'text','payload':{},'expires_in':120,"
                                       "'reminders':[60]}");
  int64_t began = steady_ms();
  const char *page = "";
  while (steady_ms() - began < PATIENCE_MS) {
    page = GIVES(engine, event_read, "{'types':['review.expired','review.reminded']}");
    if (value_at(page, "/events/1/seq")[0] != '\0') break;
    pause_ms(20);
  }
  HOLDS(page, "/events/0/type", "'review.reminded'");
  HOLDS(page, "/events/1/type", "'review.expired'");
  HOLDS(page, "/events/1/review", quoted("'%s'", id));
  close_engine(engine);
  /* With a manual clock, when it is set. */
  engine = open_with(where, NULL, INTERLOCK_OPEN_TIMER | INTERLOCK_OPEN_MANUAL_CLOCK, START);
  open_review(engine, "{'kind':'text','payload':{},'expires_in':3600000}");
  set_time(engine, START + 3600000);
  began = steady_ms();
  while (steady_ms() - began < PATIENCE_MS) {
    page = GIVES(engine, event_read, "{'types':['review.expired']}");
    if (value_at(page, "/events/0/seq")[0] != '\0') break;
    pause_ms(20);
  }
  HOLDS(page, "/events/0/at", "4600000");
  close_engine(engine);
}

void time_groups(const store *where) {
  check_group("time: deadlines and reminders", where->name);
  test_deadlines(where);
  check_group("time: what a deadline does", where->name);
  test_actions(where);
  check_group("time: misuse", where->name);
  test_misuse(where);
  check_group("time: a timer", where->name);
  test_timer(where);
}

static void test_cancel_handles(void) {
  check_group("cancel: handles", NULL);
  interlock_cancel *cancel = POISON(interlock_cancel), *other = POISON(interlock_cancel);
  int local = 0;
  REFUSED(INTERLOCK_MISUSE, "out_cancel", interlock_cancel_create(NULL, &last_error));
  CHECK(interlock_cancel_create(NULL, NULL) == INTERLOCK_MISUSE);
  ACCEPTED(interlock_cancel_create(&cancel, &last_error));
  ACCEPTED(interlock_cancel_create(&other, &last_error));
  CHECK(cancel != NULL && other != NULL && cancel != other);
  engine = open_url("memory:");
  void *wrong[] = {NULL, &local, (void *)(uintptr_t)1, (void *)UINTPTR_MAX, engine};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    ENDS(INTERLOCK_BAD_HANDLE, interlock_cancel_signal(wrong[i], &last_error));
    ENDS(INTERLOCK_BAD_HANDLE, interlock_cancel_close(wrong[i], &last_error));
  }
  /* And the reverse; the engine is alive after all that. */
  interlock_buffer *json = POISON(interlock_buffer);
  void *as_engine = cancel;
  ENDS(INTERLOCK_BAD_HANDLE, interlock_engine_info(as_engine, &json, &last_error));
  ENDS(INTERLOCK_BAD_HANDLE, interlock_engine_close(as_engine, &last_error));
  ENDS(INTERLOCK_BAD_HANDLE, interlock_engine_tick(as_engine, &json, &last_error));
  ACCEPTED(interlock_engine_info(engine, &json, &last_error));
  interlock_buffer_free(json);
  close_engine(engine);
  ACCEPTED(interlock_cancel_signal(cancel, &last_error));
  ACCEPTED(interlock_cancel_signal(cancel, &last_error));
  ACCEPTED(interlock_cancel_close(cancel, &last_error));
  ENDS(INTERLOCK_CLOSED, interlock_cancel_close(cancel, &last_error));
  ENDS(INTERLOCK_CLOSED, interlock_cancel_signal(cancel, &last_error));
  ACCEPTED(interlock_cancel_signal(other, &last_error));
  ACCEPTED(interlock_cancel_close(other, &last_error));
  for (int i = 0; i < 1000; i++) {
    if (interlock_cancel_create(&cancel, NULL) != INTERLOCK_OK) break;
    CHECK(interlock_cancel_close(cancel, NULL) == INTERLOCK_OK);
  }
  CHECK(interlock_cancel_signal(other, NULL) == INTERLOCK_CLOSED);
}

void clock_groups(void) { test_cancel_handles(); }
