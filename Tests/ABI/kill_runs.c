/*
 * What is done with runs and permits when the process is killed, and what must be true afterwards: no
 * recorded step is asked for again, no question is asked twice, no answer is lost, and a permit that
 * was used without a report is unknown and cannot be used.
 */
#include "kill_points.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define THREAD "{\"thread\":\"t\"}"
#define BEGIN "{\"thread\":\"t\",\"lease_ms\":500}"
#define QUESTION "{\"key\":\"q\",\"value\":\"Go on?\"}"
#define REVIEW                                                                              \
  "{\"kind\":\"approval\",\"key\":\"k\",\"payload\":{\"tool\":\"pay\",\"arguments\":{\"n\":1}}}"
#define REVIEW_QUESTION "{\"key\":\"q\",\"review\":" REVIEW "}"
#define ANSWER "{\"review_key\":\"k\",\"actor\":\"ana\",\"outcome\":\"approved\"}"
#define RESUME "{\"thread\":\"t\",\"value\":7}"

static const char *name_of_operation;
static int is_good;

#define EXPECT(condition) expect((condition), #condition, __LINE__)

static void expect(int condition, const char *what, int line) {
  if (condition) return;
  printf("  %s, line %d: %s\n", name_of_operation, line, what);
  is_good = 0;
}

/* ------------------------------------------------------------------------------ what is done */

/* A document of a run, kept until the next. */
static const char *keep(interlock_status status, interlock_buffer *json) {
  static char kept[8192];
  size_t size = status == INTERLOCK_OK && json ? json->content.size : 0;
  if (size >= sizeof kept) size = sizeof kept - 1;
  if (size) memcpy(kept, json->content.data, size);
  kept[size] = 0;
  interlock_buffer_free(json);
  return kept;
}

static int has(const char *json, const char *what) { return strstr(json, what) != NULL; }

static interlock_run *begin(interlock_engine *engine, const char **reply) {
  interlock_run *run = NULL;
  interlock_buffer *json = NULL;
  interlock_status status = interlock_run_begin(engine, BEGIN, strlen(BEGIN), &run, &json, NULL);
  const char *begun = keep(status, json);
  if (reply) *reply = begun;
  return run;
}

static const char *step(interlock_run *run, const char *key) {
  interlock_buffer *json = NULL;
  interlock_status status = interlock_run_step(run, key, strlen(key), &json, NULL);
  return keep(status, json);
}

typedef interlock_status (*run_document)(interlock_run *, const char *, size_t, interlock_buffer **,
                                         interlock_error **);

static interlock_status on_run(interlock_run *run, run_document function, const char *request,
                               const char **reply) {
  interlock_buffer *json = NULL;
  interlock_status status = function(run, request, strlen(request), &json, NULL);
  const char *kept = keep(status, json);
  if (reply) *reply = kept;
  return status;
}

static interlock_status do_step(interlock_run *run, const char *key) {
  char request[100];
  if (!has(step(run, key), "\"work\"")) return INTERLOCK_OK;
  snprintf(request, sizeof request, "{\"key\":\"%s\",\"result\":\"%s done\"}", key, key);
  return on_run(run, interlock_run_record, request, NULL);
}

static interlock_status suspend(interlock_run *run) {
  interlock_buffer *json = NULL;
  interlock_status status = interlock_run_suspend(run, &json, NULL);
  interlock_buffer_free(json);
  return status;
}

/* Begins and comes to where "a" is recorded. */
static interlock_run *come(interlock_engine *engine) {
  interlock_run *run = begin(engine, NULL);
  return do_step(run, "a") == INTERLOCK_OK ? run : NULL;
}

static void prepare_nothing(interlock_engine *engine) { (void)engine; }

static void prepare_begun(interlock_engine *engine) { interlock_run_close(come(engine), NULL); }

/* The run waits, with "a" recorded. */
static void prepare_waiting(interlock_engine *engine) {
  interlock_run *run = come(engine);
  suspend(run);
  interlock_run_close(run, NULL);
}

static void prepare_asked_with(interlock_engine *engine, const char *question) {
  interlock_run *run = come(engine);
  on_run(run, interlock_run_interrupt, question, NULL);
  suspend(run);
  interlock_run_close(run, NULL);
}

static void prepare_asked(interlock_engine *engine) { prepare_asked_with(engine, QUESTION); }

static void prepare_reviewed(interlock_engine *engine) {
  prepare_asked_with(engine, REVIEW_QUESTION);
}

static void prepare_permit(interlock_engine *engine) {
  call(engine, interlock_review_open, REVIEW);
  call(engine, interlock_review_respond, ANSWER);
}

/* Id of the permit of the review "k". */
static void find_permit(interlock_engine *engine, char *id, size_t size) {
  char request[200];
  char *review = ask(engine, interlock_review_get, "{\"review_key\":\"k\"}");
  const char *at = strstr(review, "\"id\":\"");
  snprintf(request, sizeof request, "{\"review\":\"%.*s\"}", at ? (int)strcspn(at + 6, "\"") : 0,
           at ? at + 6 : "");
  free(review);
  char *list = ask(engine, interlock_permit_list, request);
  at = strstr(list, "\"id\":\"");
  snprintf(id, size, "%.*s", at ? (int)strcspn(at + 6, "\"") : 0, at ? at + 6 : "");
  free(list);
}

static interlock_status with_permit(interlock_engine *engine, document function,
                                    const char *members) {
  char id[100], request[300];
  find_permit(engine, id, sizeof id);
  snprintf(request, sizeof request, "{\"permit\":\"%s\"%s}", id, members);
  return call(engine, function, request);
}

static interlock_status perform_consume(interlock_engine *engine) {
  return with_permit(engine, interlock_permit_consume,
                     ",\"tool\":\"pay\",\"arguments\":{\"n\":1},\"lease_ms\":500");
}

static interlock_status perform_report(interlock_engine *engine) {
  return with_permit(engine, interlock_permit_report, ",\"outcome\":\"done\"");
}

static void prepare_consumed(interlock_engine *engine) {
  prepare_permit(engine);
  perform_consume(engine);
}

static interlock_status perform_begin(interlock_engine *engine) {
  interlock_run *run = begin(engine, NULL);
  return interlock_run_close(run, NULL);
}

static interlock_status close_after(interlock_run *run, interlock_status status) {
  interlock_run_close(run, NULL);
  return status;
}

static interlock_status perform_record(interlock_engine *engine) {
  interlock_run *run = come(engine);
  return close_after(run, do_step(run, "b"));
}

static interlock_status perform_ask(interlock_engine *engine) {
  interlock_run *run = come(engine);
  return close_after(run, on_run(run, interlock_run_interrupt, QUESTION, NULL));
}

static interlock_status perform_ask_review(interlock_engine *engine) {
  interlock_run *run = come(engine);
  return close_after(run, on_run(run, interlock_run_interrupt, REVIEW_QUESTION, NULL));
}

static interlock_status perform_resume(interlock_engine *engine) {
  return call(engine, interlock_run_resume, RESUME);
}

static interlock_status perform_answer(interlock_engine *engine) {
  return call(engine, interlock_review_respond, ANSWER);
}

static interlock_status perform_suspend(interlock_engine *engine) {
  interlock_run *run = come(engine);
  return close_after(run, suspend(run));
}

static interlock_status perform_complete(interlock_engine *engine) {
  interlock_run *run = come(engine);
  return close_after(run, on_run(run, interlock_run_complete, "{\"result\":1}", NULL));
}

static interlock_status perform_fail(interlock_engine *engine) {
  interlock_run *run = come(engine);
  return close_after(run, on_run(run, interlock_run_fail, "{\"error\":1}", NULL));
}

static interlock_status perform_cancel(interlock_engine *engine) {
  return call(engine, interlock_run_cancel, THREAD);
}

/* ---------------------------------------------------------------------- what must be true */

static int events(interlock_engine *engine, const char *type) {
  char what[64];
  snprintf(what, sizeof what, "\"type\":\"%s\"", type);
  return count_of(engine, interlock_event_read, "{}", what);
}

static int is_status(interlock_engine *engine, const char *status) {
  char what[64];
  snprintf(what, sizeof what, "\"status\":\"%s\",\"run\":", status);
  return count_of(engine, interlock_run_get, THREAD, what);
}

static int pending(interlock_engine *engine) {
  return count_of(engine, interlock_run_interrupts, THREAD, "\"status\":\"pending\"");
}

/* The next worker begins when the lease of the killed one is over, and finds what was recorded. */
static interlock_run *go_on(interlock_engine *engine, int recorded) {
  const char *begun;
  char what[32];
  interlock_run *run = begin(engine, &begun);
  snprintf(what, sizeof what, "\"recorded\":%d,", recorded);
  EXPECT(run != NULL);
  EXPECT(has(begun, what));
  EXPECT(strcmp(step(run, "a"), "{\"state\":\"recorded\",\"result\":\"a done\"}") == 0);
  return run;
}

static interlock_engine *look(const char *name, const char *path, int before_deadline) {
  name_of_operation = name;
  is_good = 1;
  return open_at(path, before_deadline);
}

static int looked(interlock_engine *engine) {
  is_good &= is_sound(name_of_operation, "after the kill", engine);
  interlock_engine_close(engine, NULL);
  return is_good;
}

static int verify_begin(const char *name, const char *path, int was_acknowledged) {
  interlock_engine *engine = look(name, path, 0);
  int is_done = is_status(engine, "busy");
  EXPECT(is_done || !was_acknowledged);
  EXPECT(events(engine, "run.started") == is_done);
  interlock_run *run = come(engine);
  EXPECT(events(engine, "run.started") == 1 && events(engine, "run.taken_over") == is_done);
  EXPECT(on_run(run, interlock_run_complete, "{}", NULL) == INTERLOCK_OK);
  interlock_run_close(run, NULL);
  return looked(engine);
}

/* The lease of whoever took over is in force: the one from before is not, whoever it was. */
static int verify_take_over(const char *name, const char *path, int was_acknowledged) {
  interlock_engine *engine = look(name, path, 0);
  int is_done = count_of(engine, interlock_run_get, THREAD, "\"fence\":2,");
  EXPECT(is_done || !was_acknowledged);
  EXPECT(is_status(engine, "busy") == 1);
  EXPECT(events(engine, "run.taken_over") == is_done);
  interlock_run *run = begin(engine, NULL);
  EXPECT((run == NULL) == is_done);
  if (run) interlock_run_close(run, NULL);
  EXPECT(events(engine, "run.taken_over") == 1);
  return looked(engine);
}

static int verify_record(const char *name, const char *path, int was_acknowledged) {
  interlock_engine *engine = look(name, path, 0);
  const char *begun, *found;
  interlock_run *run = begin(engine, &begun);
  int is_done = has(begun, "\"recorded\":2,");
  EXPECT(is_done || (!was_acknowledged && has(begun, "\"recorded\":1,")));
  found = step(run, "a");
  EXPECT(has(found, "\"result\":\"a done\""));
  found = step(run, "b");
  EXPECT(has(found, is_done ? "\"result\":\"b done\"" : "\"work\""));
  if (!is_done) EXPECT(do_step(run, "b") == INTERLOCK_OK);
  EXPECT(on_run(run, interlock_run_complete, "{}", NULL) == INTERLOCK_OK);
  interlock_run_close(run, NULL);
  return looked(engine);
}

static int verify_asked(const char *name, const char *path, int was_acknowledged,
                        const char *question, int has_review) {
  const char *reply;
  interlock_engine *engine = look(name, path, 0);
  int is_done = events(engine, "run.asked");
  EXPECT(is_done <= 1 && (is_done || !was_acknowledged));
  EXPECT(pending(engine) == is_done);
  EXPECT(events(engine, "review.opened") == (has_review ? is_done : 0));
  interlock_run *run = go_on(engine, 1 + is_done);
  EXPECT(on_run(run, interlock_run_interrupt, question, &reply) == INTERLOCK_OK);
  EXPECT(has(reply, "\"waiting\""));
  EXPECT(events(engine, "run.asked") == 1 && pending(engine) == 1);
  EXPECT(events(engine, "review.opened") == has_review);
  EXPECT(count_of(engine, interlock_review_list, "{}", "\"revision\":") == has_review);
  EXPECT(suspend(run) == INTERLOCK_OK);
  interlock_run_close(run, NULL);
  return looked(engine);
}

static int verify_ask(const char *name, const char *path, int was_acknowledged) {
  return verify_asked(name, path, was_acknowledged, QUESTION, 0);
}

static int verify_ask_review(const char *name, const char *path, int was_acknowledged) {
  return verify_asked(name, path, was_acknowledged, REVIEW_QUESTION, 1);
}

static int finds_answer(interlock_engine *engine, const char *question, const char *answer) {
  const char *reply;
  interlock_run *run = go_on(engine, 2);
  EXPECT(on_run(run, interlock_run_interrupt, question, &reply) == INTERLOCK_OK);
  EXPECT(has(reply, "\"answered\"") && has(reply, answer));
  EXPECT(on_run(run, interlock_run_complete, "{}", NULL) == INTERLOCK_OK);
  interlock_run_close(run, NULL);
  return looked(engine);
}

static int verify_resume(const char *name, const char *path, int was_acknowledged) {
  interlock_engine *engine = look(name, path, 1);
  int is_done = !pending(engine);
  EXPECT(is_done || !was_acknowledged);
  EXPECT(events(engine, "run.answered") == is_done);
  EXPECT(call(engine, interlock_run_resume, RESUME) ==
         (is_done ? INTERLOCK_NOT_INTERRUPTED : INTERLOCK_OK));
  EXPECT(events(engine, "run.answered") == 1 && events(engine, "run.asked") == 1);
  return finds_answer(engine, QUESTION, "\"value\":7");
}

/* The review, its permit and the interrupt end together. */
static int verify_answer(const char *name, const char *path, int was_acknowledged) {
  char permit[100];
  interlock_engine *engine = look(name, path, 1);
  int is_done = !pending(engine);
  EXPECT(is_done || !was_acknowledged);
  EXPECT(events(engine, "review.resolved") == is_done);
  find_permit(engine, permit, sizeof permit);
  EXPECT((permit[0] != 0) == is_done);
  EXPECT(call(engine, interlock_review_respond, ANSWER) == INTERLOCK_OK);
  EXPECT(events(engine, "review.resolved") == 1 && pending(engine) == 0);
  EXPECT(perform_consume(engine) == INTERLOCK_OK);
  return finds_answer(engine, REVIEW_QUESTION, "\"outcome\":\"approved\"");
}

/* The run has left its worker in this way, or the worker has died; both go on. */
static int verify_left(const char *name, const char *path, int was_acknowledged,
                       const char *status, const char *type) {
  interlock_engine *engine = look(name, path, 0);
  int is_done = events(engine, type) - (strcmp(type, "run.interrupted") == 0);
  EXPECT(is_done || !was_acknowledged);
  if (is_done) EXPECT(is_status(engine, status) == 1);
  if (!is_done) EXPECT(is_status(engine, "busy") + is_status(engine, "interrupted") == 1);
  if (is_done && strcmp(status, "idle") == 0) return looked(engine);
  interlock_run *run = go_on(engine, 1);
  EXPECT(on_run(run, interlock_run_complete, "{}", NULL) == INTERLOCK_OK);
  interlock_run_close(run, NULL);
  return looked(engine);
}

static int verify_suspend(const char *name, const char *path, int was_acknowledged) {
  return verify_left(name, path, was_acknowledged, "interrupted", "run.interrupted");
}

static int verify_complete(const char *name, const char *path, int was_acknowledged) {
  return verify_left(name, path, was_acknowledged, "idle", "run.completed");
}

static int verify_fail(const char *name, const char *path, int was_acknowledged) {
  return verify_left(name, path, was_acknowledged, "error", "run.failed");
}

static int verify_cancel(const char *name, const char *path, int was_acknowledged) {
  interlock_engine *engine = look(name, path, 0);
  int is_done = events(engine, "run.cancelled");
  EXPECT(is_done || !was_acknowledged);
  EXPECT(is_status(engine, "idle") == is_done && pending(engine) == !is_done);
  EXPECT(events(engine, "review.cancelled") == is_done);
  EXPECT(perform_cancel(engine) == (is_done ? INTERLOCK_NOT_RUNNING : INTERLOCK_OK));
  EXPECT(events(engine, "run.cancelled") == 1 && events(engine, "review.cancelled") == 1);
  EXPECT(pending(engine) == 0);
  return looked(engine);
}

static int audits(interlock_engine *engine, const char *action) {
  char what[64];
  snprintf(what, sizeof what, "\"action\":\"%s\"", action);
  return count_of(engine, interlock_audit_read, "{}", what);
}

static int unknowns(interlock_engine *engine) {
  return count_of(engine, interlock_permit_list, "{}", "\"status\":\"unknown\"");
}

/* Nobody reported: it is among what needs a person, and nobody can use it, before or after. */
static void is_unknown(interlock_engine *engine) {
  EXPECT(unknowns(engine) == 1);
  EXPECT(perform_consume(engine) == INTERLOCK_UNKNOWN_EFFECT);
  EXPECT(audits(engine, "use") == 1 && audits(engine, "report") == 0);
  EXPECT(perform_report(engine) == INTERLOCK_OK);
}

static int verify_consume(const char *name, const char *path, int was_acknowledged) {
  interlock_engine *engine = look(name, path, 0);
  int is_done = audits(engine, "use");
  EXPECT(is_done <= 1 && (is_done || !was_acknowledged));
  if (is_done) {
    is_unknown(engine);
  } else {
    EXPECT(unknowns(engine) == 0);
    EXPECT(perform_consume(engine) == INTERLOCK_OK && perform_report(engine) == INTERLOCK_OK);
  }
  EXPECT(perform_consume(engine) == INTERLOCK_ALREADY_USED);
  EXPECT(audits(engine, "use") == 1 && unknowns(engine) == 0);
  return looked(engine);
}

static int verify_report(const char *name, const char *path, int was_acknowledged) {
  interlock_engine *engine = look(name, path, 0);
  int is_done = audits(engine, "report");
  EXPECT(is_done <= 1 && (is_done || !was_acknowledged));
  if (!is_done) is_unknown(engine);
  EXPECT(unknowns(engine) == 0);
  EXPECT(perform_report(engine) == INTERLOCK_OK); /* an equal one again */
  EXPECT(audits(engine, "report") == 1);
  EXPECT(perform_consume(engine) == INTERLOCK_ALREADY_USED);
  return looked(engine);
}

const run_operation run_begin = {0, prepare_nothing, perform_begin, verify_begin};
const run_operation run_take_over = {1, prepare_begun, perform_begin, verify_take_over};
const run_operation run_record = {0, prepare_waiting, perform_record, verify_record};
const run_operation run_ask = {0, prepare_waiting, perform_ask, verify_ask};
const run_operation run_ask_review = {0, prepare_waiting, perform_ask_review, verify_ask_review};
const run_operation run_resume = {0, prepare_asked, perform_resume, verify_resume};
const run_operation run_answer = {0, prepare_reviewed, perform_answer, verify_answer};
const run_operation run_suspend = {0, prepare_waiting, perform_suspend, verify_suspend};
const run_operation run_complete = {0, prepare_waiting, perform_complete, verify_complete};
const run_operation run_fail = {0, prepare_waiting, perform_fail, verify_fail};
const run_operation run_cancel = {0, prepare_reviewed, perform_cancel, verify_cancel};
const run_operation permit_consume = {0, prepare_permit, perform_consume, verify_consume};
const run_operation permit_report = {0, prepare_consumed, perform_report, verify_report};
