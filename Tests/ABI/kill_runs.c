/* Runs whose process is killed: begun, taken over, recorded, and ended in every way. */
#include "kill_runs.h"

#include <string.h>

static void prepare_nothing(interlock_engine *engine) { (void)engine; }

static void prepare_begun(interlock_engine *engine) { interlock_run_close(come(engine), NULL); }

static interlock_status perform_begin(interlock_engine *engine) {
  interlock_run *run = begin_run(engine, NULL);
  return interlock_run_close(run, NULL);
}

static int verify_begin(const char *name, const char *path, int was_acknowledged) {
  interlock_engine *engine = look_at(name, path, 0);
  int is_done = is_status(engine, "busy");
  EXPECT(is_done || !was_acknowledged);
  EXPECT(events(engine, "run.started") == is_done);
  interlock_run *run = come(engine);
  EXPECT(events(engine, "run.started") == 1 && events(engine, "run.taken_over") == is_done);
  EXPECT(on_run(run, interlock_run_complete, "{}", NULL) == INTERLOCK_OK);
  interlock_run_close(run, NULL);
  return looked_at(engine);
}

/* The lease of whoever took over is in force: the one from before is not, whoever it was. */
static int verify_take_over(const char *name, const char *path, int was_acknowledged) {
  interlock_engine *engine = look_at(name, path, 0);
  int is_done = count_of(engine, interlock_run_get, THREAD, "\"fence\":2,");
  EXPECT(is_done || !was_acknowledged);
  EXPECT(is_status(engine, "busy") == 1);
  EXPECT(events(engine, "run.taken_over") == is_done);
  interlock_run *run = begin_run(engine, NULL);
  EXPECT((run == NULL) == is_done);
  if (run) interlock_run_close(run, NULL);
  EXPECT(events(engine, "run.taken_over") == 1);
  return looked_at(engine);
}

static interlock_status perform_record(interlock_engine *engine) {
  interlock_run *run = come(engine);
  return close_after(run, do_step(run, "b"));
}

static int verify_record(const char *name, const char *path, int was_acknowledged) {
  interlock_engine *engine = look_at(name, path, 0);
  const char *begun, *found;
  interlock_run *run = begin_run(engine, &begun);
  int is_done = has(begun, "\"recorded\":2,");
  EXPECT(is_done || (!was_acknowledged && has(begun, "\"recorded\":1,")));
  found = read_step(run, "a");
  EXPECT(has(found, "\"result\":\"a done\""));
  found = read_step(run, "b");
  EXPECT(has(found, is_done ? "\"result\":\"b done\"" : "\"work\""));
  if (!is_done) EXPECT(do_step(run, "b") == INTERLOCK_OK);
  EXPECT(on_run(run, interlock_run_complete, "{}", NULL) == INTERLOCK_OK);
  interlock_run_close(run, NULL);
  return looked_at(engine);
}

static interlock_status perform_suspend(interlock_engine *engine) {
  interlock_run *run = come(engine);
  return close_after(run, suspend_run(run));
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

/* The run has left its worker in this way, or the worker has died; both go on. */
static int verify_left(const char *name, const char *path, int was_acknowledged,
                       const char *status, const char *type) {
  interlock_engine *engine = look_at(name, path, 0);
  int is_done = events(engine, type) - (strcmp(type, "run.interrupted") == 0);
  EXPECT(is_done || !was_acknowledged);
  if (is_done) EXPECT(is_status(engine, status) == 1);
  if (!is_done) EXPECT(is_status(engine, "busy") + is_status(engine, "interrupted") == 1);
  if (is_done && strcmp(status, "idle") == 0) return looked_at(engine);
  interlock_run *run = go_on(engine, 1);
  EXPECT(on_run(run, interlock_run_complete, "{}", NULL) == INTERLOCK_OK);
  interlock_run_close(run, NULL);
  return looked_at(engine);
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
  interlock_engine *engine = look_at(name, path, 0);
  int is_done = events(engine, "run.cancelled");
  EXPECT(is_done || !was_acknowledged);
  EXPECT(is_status(engine, "idle") == is_done && pending(engine) == !is_done);
  EXPECT(events(engine, "review.cancelled") == is_done);
  EXPECT(perform_cancel(engine) == (is_done ? INTERLOCK_NOT_RUNNING : INTERLOCK_OK));
  EXPECT(events(engine, "run.cancelled") == 1 && events(engine, "review.cancelled") == 1);
  EXPECT(pending(engine) == 0);
  return looked_at(engine);
}

const run_operation run_begin = {0, prepare_nothing, perform_begin, verify_begin};
const run_operation run_take_over = {1, prepare_begun, perform_begin, verify_take_over};
const run_operation run_record = {0, prepare_waiting, perform_record, verify_record};
const run_operation run_suspend = {0, prepare_waiting, perform_suspend, verify_suspend};
const run_operation run_complete = {0, prepare_waiting, perform_complete, verify_complete};
const run_operation run_fail = {0, prepare_waiting, perform_fail, verify_fail};
const run_operation run_cancel = {0, prepare_reviewed, perform_cancel, verify_cancel};
