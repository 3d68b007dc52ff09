/* Helpers of the C client for runs. */
#include "check.h"

#include <stdarg.h>

static interlock_run *run_of(interlock_engine *handle) { return (interlock_run *)handle; }

interlock_status on_step(interlock_engine *run, const char *key, size_t size,
                         interlock_buffer **out_json, interlock_error **out_error) {
  return interlock_run_step(run_of(run), key, size, out_json, out_error);
}

interlock_status on_record(interlock_engine *run, const char *request, size_t size,
                           interlock_buffer **out_json, interlock_error **out_error) {
  return interlock_run_record(run_of(run), request, size, out_json, out_error);
}

interlock_status on_interrupt(interlock_engine *run, const char *request, size_t size,
                              interlock_buffer **out_json, interlock_error **out_error) {
  return interlock_run_interrupt(run_of(run), request, size, out_json, out_error);
}

interlock_status on_heartbeat(interlock_engine *run, const char *request, size_t size,
                              interlock_buffer **out_json, interlock_error **out_error) {
  (void)request, (void)size;
  return interlock_run_heartbeat(run_of(run), out_json, out_error);
}

interlock_status on_suspend(interlock_engine *run, const char *request, size_t size,
                            interlock_buffer **out_json, interlock_error **out_error) {
  (void)request, (void)size;
  return interlock_run_suspend(run_of(run), out_json, out_error);
}

interlock_status on_complete(interlock_engine *run, const char *request, size_t size,
                             interlock_buffer **out_json, interlock_error **out_error) {
  return interlock_run_complete(run_of(run), request, size, out_json, out_error);
}

interlock_status on_fail(interlock_engine *run, const char *request, size_t size,
                         interlock_buffer **out_json, interlock_error **out_error) {
  return interlock_run_fail(run_of(run), request, size, out_json, out_error);
}

interlock_status begin_and_close(interlock_engine *engine, const char *request, size_t size,
                                 interlock_buffer **out_json, interlock_error **out_error) {
  interlock_run *run = POISON(interlock_run);
  interlock_status status = interlock_run_begin(engine, request, size, &run, out_json, out_error);
  CHECK((run == NULL) == (status != INTERLOCK_OK));
  if (status == INTERLOCK_OK) CHECK(interlock_run_close(run, NULL) == INTERLOCK_OK);
  return status;
}

static interlock_run *begun;

static interlock_status begin(interlock_engine *engine, const char *request, size_t size,
                              interlock_buffer **out_json, interlock_error **out_error) {
  return interlock_run_begin(engine, request, size, &begun, out_json, out_error);
}

interlock_run *begin_run(interlock_engine *engine, const char **reply, const char *request, ...) {
  char sent[4000];
  va_list arguments;
  va_start(arguments, request);
  vsnprintf(sent, sizeof sent, request, arguments);
  va_end(arguments);
  begun = POISON(interlock_run);
  const char *json = reply_of(engine, begin, "run_begin", __FILE__, __LINE__, "%s", sent);
  if (reply != NULL) *reply = json;
  CHECK(begun != NULL && begun != POISON(interlock_run));
  return begun;
}

void close_run(interlock_run *run) { ACCEPTED(interlock_run_close(run, &last_error)); }

const char *entry(const char *key, const char *more) {
  return quoted("{'key':'%s'%s}", key, more);
}

const char *ask(interlock_run *run, const char *key, const char *more) {
  const char *reply = RUN_GIVES(run, interrupt, "%s", entry(key, more));
  HOLDS(reply, "/state", "'waiting'");
  return value_at(reply, "/interrupt");
}

void pause_run(interlock_run *run) {
  HOLDS(RUN_GIVES(run, suspend, ""), "/status", "'interrupted'");
  close_run(run);
}

void complete_run(interlock_run *run) {
  HOLDS(RUN_GIVES(run, complete, "{}"), "/outcome", "{'type':'completed','result':null}");
  close_run(run);
}

void do_step(interlock_run *run, const char *key, const char *result) {
  HOLDS(RUN_GIVES(run, step, "%s", key), "/state", "'work'");
  const char *reply = RUN_GIVES(run, record, "{'key':'%s','result':%s}", key, result);
  HOLDS(reply, "/state", "'recorded'");
  HOLDS(reply, "/result", result);
}

void finds_step(interlock_run *run, const char *key, const char *result) {
  const char *reply = RUN_GIVES(run, step, "%s", key);
  HOLDS(reply, "/state", "'recorded'");
  HOLDS(reply, "/result", result);
}
