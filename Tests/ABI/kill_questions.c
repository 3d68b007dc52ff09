/* Questions of runs and their answers, where the process is killed. */
#include "kill_runs.h"

#define QUESTION "{\"key\":\"q\",\"value\":\"Go on?\"}"
#define REVIEW_QUESTION "{\"key\":\"q\",\"review\":" REVIEW "}"
#define RESUME "{\"thread\":\"t\",\"value\":7}"

static void prepare_asked_with(interlock_engine *engine, const char *question) {
  interlock_run *run = come(engine);
  on_run(run, interlock_run_interrupt, question, NULL);
  suspend_run(run);
  interlock_run_close(run, NULL);
}

static void prepare_asked(interlock_engine *engine) { prepare_asked_with(engine, QUESTION); }

void prepare_reviewed(interlock_engine *engine) { prepare_asked_with(engine, REVIEW_QUESTION); }

static interlock_status perform_ask(interlock_engine *engine) {
  interlock_run *run = come(engine);
  return close_after(run, on_run(run, interlock_run_interrupt, QUESTION, NULL));
}

static interlock_status perform_ask_review(interlock_engine *engine) {
  interlock_run *run = come(engine);
  return close_after(run, on_run(run, interlock_run_interrupt, REVIEW_QUESTION, NULL));
}

static int verify_asked(const char *name, const char *path, int was_acknowledged,
                        const char *question, int has_review) {
  const char *reply;
  interlock_engine *engine = look_at(name, path, 0);
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
  EXPECT(suspend_run(run) == INTERLOCK_OK);
  interlock_run_close(run, NULL);
  return looked_at(engine);
}

static int verify_ask(const char *name, const char *path, int was_acknowledged) {
  return verify_asked(name, path, was_acknowledged, QUESTION, 0);
}

static int verify_ask_review(const char *name, const char *path, int was_acknowledged) {
  return verify_asked(name, path, was_acknowledged, REVIEW_QUESTION, 1);
}

static interlock_status perform_resume(interlock_engine *engine) {
  return call(engine, interlock_run_resume, RESUME);
}

static interlock_status perform_answer(interlock_engine *engine) {
  return call(engine, interlock_review_respond, ANSWER);
}

static int finds_answer(interlock_engine *engine, const char *question, const char *answer) {
  const char *reply;
  interlock_run *run = go_on(engine, 2);
  EXPECT(on_run(run, interlock_run_interrupt, question, &reply) == INTERLOCK_OK);
  EXPECT(has(reply, "\"answered\"") && has(reply, answer));
  EXPECT(on_run(run, interlock_run_complete, "{}", NULL) == INTERLOCK_OK);
  interlock_run_close(run, NULL);
  return looked_at(engine);
}

static int verify_resume(const char *name, const char *path, int was_acknowledged) {
  interlock_engine *engine = look_at(name, path, 1);
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
  interlock_engine *engine = look_at(name, path, 1);
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

const run_operation run_ask = {0, prepare_waiting, perform_ask, verify_ask};
const run_operation run_ask_review = {0, prepare_waiting, perform_ask_review, verify_ask_review};
const run_operation run_resume = {0, prepare_asked, perform_resume, verify_resume};
const run_operation run_answer = {0, prepare_reviewed, perform_answer, verify_answer};
