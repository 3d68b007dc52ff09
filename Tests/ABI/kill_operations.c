/* The operations that kill_points.c kills, and what must be true afterwards. */
#include "kill_points.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STAGES                                                             \
  "{\"name\":\"one\",\"approvers\":[\"ana\",\"bob\"],\"quorum\":\"all\"}," \
  "{\"name\":\"two\",\"approvers\":[\"mia\"]}"
#define REVIEW(more) "{\"kind\":\"approval\",\"payload\":{},\"key\":\"k\"" more "}"
#define CHAIN REVIEW(",\"policy\":{\"stages\":[" STAGES "]}")
#define ANSWER(who, option)                                                  \
  "{\"review_key\":\"k\",\"actor\":\"" who "\",\"response\":{\"selectedOption\":\"" option \
  "\"}}"
#define NAMED(more) "{\"review_key\":\"k\"" more "}"
#define LADDER                                                                       \
  REVIEW(",\"policy\":{\"order\":\"ladder\",\"stages\":[{\"name\":\"one\",\"approvers\":[\"ana\"]}," \
         "{\"name\":\"two\",\"approvers\":[\"mia\"]}]}")

#define RUN(name, operation) {name, NULL, NULL, NULL, NULL, "", "", 0, 0, 0, 0, 0, 0, 0, &operation}

enum { DEADLINE = 2000 };

const operation operations[] = {
    {"open", NULL, NULL, interlock_review_open, CHAIN, "-", "pending one", 0, 0, 0, 1, 0, 0,
     INTERLOCK_OK, NULL},
    {"approve", REVIEW(""), NULL, interlock_review_respond, ANSWER("ana", "approve"),
     "pending decide", "resolved decide", 1, 0, 0, 2, 1, 1, INTERLOCK_OK, NULL},
    {"reject", CHAIN, NULL, interlock_review_respond, ANSWER("ana", "reject"), "pending one",
     "resolved one", 1, 0, 0, 2, 1, 1, INTERLOCK_OK, NULL},
    {"vote", CHAIN, NULL, interlock_review_respond, ANSWER("ana", "approve"), "pending one",
     "pending one", 1, 0, 0, 1, 1, 1, INTERLOCK_OK, NULL},
    {"advance", CHAIN, ANSWER("ana", "approve"), interlock_review_respond,
     ANSWER("bob", "approve"), "pending one", "pending two", 2, 1, 1, 2, 1, 1, INTERLOCK_OK, NULL},
    {"expire", REVIEW(",\"deadline\":2000"), NULL, NULL, NULL, "pending decide",
     "expired decide", 1, 0, 0, 1, 1, 0, INTERLOCK_OK, NULL},
    {"escalate", LADDER, NULL, interlock_review_escalate, NAMED(",\"sensitive\":true"),
     "pending one", "pending two", 1, 0, 0, 1, 1, 0, INTERLOCK_OK, NULL},
    {"cancel", REVIEW(""), NULL, interlock_review_cancel, NAMED(""), "pending decide",
     "cancelled decide", 1, 0, 0, 1, 1, 0, INTERLOCK_CANCELLED, NULL},
    {"supersede", REVIEW(""), NULL, interlock_review_supersede,
     NAMED(",\"successor\":{\"kind\":\"approval\",\"payload\":{},\"key\":\"k2\"}"),
     "pending decide", "superseded decide", 1, 0, 0, 2, 1, 0, INTERLOCK_OK, NULL},
    RUN("begin", run_begin),
    RUN("take over", run_take_over),
    RUN("record", run_record),
    RUN("ask", run_ask),
    RUN("ask review", run_ask_review),
    RUN("resume", run_resume),
    RUN("answer", run_answer),
    RUN("suspend", run_suspend),
    RUN("complete", run_complete),
    RUN("fail", run_fail),
    RUN("cancel run", run_cancel),
    RUN("consume", permit_consume),
    RUN("report", permit_report),
};
const size_t operation_count = sizeof operations / sizeof operations[0];

static void die(const char *what, interlock_status status) {
  printf("  %s: %s\n", what, interlock_status_name(status));
  fflush(stdout);
  _Exit(99);
}

interlock_engine *open_at(const char *path, int before_deadline) {
  return open_with(path, before_deadline, 0);
}

interlock_engine *open_with(const char *path, int before_deadline, int is_durable) {
  interlock_engine_options options = {0};
  options.struct_size = sizeof options;
  options.durability = is_durable ? INTERLOCK_DURABILITY_FULL : INTERLOCK_DURABILITY_NORMAL;
  options.flags = INTERLOCK_OPEN_MANUAL_CLOCK;
  options.manual_time_ms = before_deadline ? 1000 : DEADLINE;
  interlock_engine *engine = NULL;
  interlock_status status = interlock_engine_open(path, strlen(path), &options, &engine, NULL);
  if (status != INTERLOCK_OK) die("open", status);
  return engine;
}

interlock_status call(interlock_engine *engine, document function, const char *request) {
  interlock_buffer *out = NULL;
  interlock_status status = function(engine, request, strlen(request), &out, NULL);
  interlock_buffer_free(out);
  return status;
}

void prepare(const operation *what, const char *path) {
  interlock_engine *engine = open_at(path, 1);
  interlock_status status = INTERLOCK_OK;
  if (what->run) what->run->prepare(engine);
  if (what->review) status = call(engine, interlock_review_open, what->review);
  if (status == INTERLOCK_OK && what->before)
    status = call(engine, interlock_review_respond, what->before);
  if (status != INTERLOCK_OK) die("prepare", status);
  interlock_engine_close(engine, NULL);
}

int is_before_deadline(const operation *what) {
  return what->run ? !what->run->is_late : what->call != NULL;
}

interlock_status perform(const operation *what, interlock_engine *engine) {
  if (what->run) return what->run->perform(engine);
  if (what->call) return call(engine, what->call, what->request);
  interlock_buffer *out = NULL;
  interlock_status status = interlock_engine_tick(engine, &out, NULL);
  interlock_buffer_free(out);
  return status;
}

interlock_status put_checkpoint(interlock_engine *engine, const char *id) {
  interlock_checkpoint_input input = {0};
  input.struct_size = sizeof input;
  input.thread_id = (interlock_bytes){"1", 1};
  input.checkpoint_id = (interlock_bytes){id, strlen(id)};
  return interlock_checkpoint_put(engine, &input, NULL);
}

char *ask(interlock_engine *engine, document function, const char *request) {
  interlock_buffer *buffer = NULL;
  char *copy = NULL;
  if (function(engine, request, strlen(request), &buffer, NULL) == INTERLOCK_OK) {
    copy = malloc(buffer->content.size + 1);
    if (copy) {
      memcpy(copy, buffer->content.data, buffer->content.size);
      copy[buffer->content.size] = 0;
    }
    interlock_buffer_free(buffer);
  }
  return copy ? copy : calloc(1, 1);
}

static int count(const char *json, const char *what) {
  int found = 0;
  for (const char *at = json; (at = strstr(at, what)) != NULL; at += strlen(what)) found++;
  return found;
}

int count_of(interlock_engine *engine, document function, const char *request,
                    const char *what) {
  char *json = ask(engine, function, request);
  int found = count(json, what);
  free(json);
  return found;
}

/* Copies the text after a member's name; "-" if there is none. */
static void member(const char *json, const char *name, char *out, size_t size) {
  const char *at = strstr(json, name);
  size_t length = at ? strcspn(at + strlen(name), "\"") : 0;
  if (!at || length >= size) {
    snprintf(out, size, "-");
    return;
  }
  memcpy(out, at + strlen(name), length);
  out[length] = 0;
}

/* Status and stage of the review "k". */
static void place(interlock_engine *engine, char *out, size_t size) {
  char status[32], stage[32];
  char *json = ask(engine, interlock_review_get, NAMED(""));
  member(json, "\"status\":\"", status, sizeof status);
  member(json, "\"stage\":\"", stage, sizeof stage);
  if (*json)
    snprintf(out, size, "%s %s", status, stage);
  else
    snprintf(out, size, "-");
  free(json);
}

typedef struct tally {
  char place[80];
  int events, audits, decisions;
} tally;

static tally look(interlock_engine *engine) {
  tally all;
  place(engine, all.place, sizeof all.place);
  all.events = count_of(engine, interlock_event_read, "{}", "\"seq\":");
  all.audits = count_of(engine, interlock_audit_read, "{}", "\"hash\":");
  all.decisions = count_of(engine, interlock_review_history, NAMED(""), "\"accepted\":true");
  return all;
}

static int expect(const operation *what, const char *when, tally got, int is_done) {
  const char *wanted = is_done ? what->is : what->was;
  int events = what->events + (is_done ? what->more_events : 0);
  int audits = what->audits + (is_done ? what->more_audits : 0);
  int decisions = what->decisions + (is_done ? what->more_decisions : 0);
  if (strcmp(got.place, wanted) == 0 && got.events == events && got.audits == audits &&
      got.decisions == decisions)
    return 1;
  printf("  %s %s: %s with %d events, %d audit records, %d decisions; wanted %s, %d, %d, %d\n",
         what->name, when, got.place, got.events, got.audits, got.decisions, wanted, events, audits,
         decisions);
  return 0;
}

int is_sound(const char *name, const char *when, interlock_engine *engine) {
  interlock_buffer *out = NULL;
  interlock_status check = interlock_engine_check(engine, &out, NULL);
  if (check != INTERLOCK_OK && out)
    printf("  %.*s\n", (int)out->content.size, (const char *)out->content.data);
  interlock_buffer_free(out);
  interlock_status audit = call(engine, interlock_audit_verify, "{}");
  if (check != INTERLOCK_OK || audit != INTERLOCK_OK)
    printf("  %s %s: check %s, audit %s\n", name, when, interlock_status_name(check),
           interlock_status_name(audit));
  return check == INTERLOCK_OK && audit == INTERLOCK_OK;
}

int verify(const operation *what, const char *path, int was_acknowledged) {
  if (what->run) return what->run->verify(what->name, path, was_acknowledged);
  /* Before the deadline, so that reading does not apply what is looked for. */
  interlock_engine *engine = open_at(path, 1);
  tally found = look(engine);
  /* All of it is there or nothing: the events say which. */
  int is_done = was_acknowledged || found.events != what->events;
  int good = expect(what, "after the kill", found, is_done);
  good &= is_sound(what->name, "after the kill", engine);
  interlock_engine_close(engine, NULL);

  engine = open_at(path, what->call != NULL);
  interlock_status again = perform(what, engine);
  interlock_status wanted = is_done ? what->again : INTERLOCK_OK;
  if (again != wanted) {
    printf("  %s again: %s, not %s\n", what->name, interlock_status_name(again),
           interlock_status_name(wanted));
    good = 0;
  }
  found = look(engine);
  if (again == INTERLOCK_CANCELLED) found.audits--; /* the refusal is on record */
  good &= expect(what, "again", found, 1);
  good &= is_sound(what->name, "again", engine);
  interlock_engine_close(engine, NULL);
  return good;
}
