/*
 * A job of three steps and a question. Kill it whenever you like, with kill -9 too: start it again, and
 * it goes on where it was. What is recorded is not done again, the question is asked once.
 *
 *   cc -std=c99 job.c $(pkg-config --cflags --libs interlock) -o job
 *   ./job jobs.db work              collects, then asks
 *   ./job jobs.db answer yes        or: no
 *   ./job jobs.db work              pays and tells everybody; kill it between, and start it again
 *
 * Exit codes: 0 the job is done, or the answer is kept; 1 an error; 2 wrong arguments; 3 it waits for an
 * answer.
 */
#define _POSIX_C_SOURCE 200809L
#include <interlock.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* A lease of two seconds: a worker that was killed is replaced after that. Work that takes longer calls
   interlock_run_heartbeat now and then. */
static const char BEGIN[] = "{\"thread\":\"job-1\",\"lease_ms\":2000}";
static const char QUESTION[] = "{\"key\":\"agree\",\"value\":\"Pay 40 francs to Ana?\"}";

/* Reports an error and frees it. The status alone is enough to branch on. */
static int failed(const char *what, interlock_status status, interlock_error *error) {
  if (status == INTERLOCK_OK) return 0;
  fprintf(stderr, "%s: %s", what, interlock_status_name(status));
  if (error != NULL && error->message.size != 0) {
    fputs(": ", stderr);
    fwrite(error->message.data, 1, error->message.size, stderr);
  }
  fputc('\n', stderr);
  interlock_error_free(error);
  return 1;
}

/* Whether the document has this text. A program of yours uses its JSON library here. */
static int says(const interlock_buffer *json, const char *text) {
  size_t size = strlen(text);
  for (size_t at = 0; at + size <= json->content.size; at++)
    if (memcmp((const char *)json->content.data + at, text, size) == 0) return 1;
  return 0;
}

/* Does a step, or finds that it was done. The work is what your program does here. */
static int step(interlock_run *run, const char *key) {
  char request[100];
  interlock_buffer *json = NULL;
  interlock_error *error = NULL;
  if (failed("step", interlock_run_step(run, key, strlen(key), &json, &error), error)) return 1;
  int is_new = says(json, "\"state\":\"work\"");
  interlock_buffer_free(json);
  if (!is_new) {
    printf("%s: was done before\n", key);
    return 0;
  }
  printf("%s: doing\n", key);
  sleep(1);
  int size = snprintf(request, sizeof request, "{\"key\":\"%s\",\"result\":\"fine\"}", key);
  if (failed("record", interlock_run_record(run, request, (size_t)size, &json, &error), error))
    return 1;
  interlock_buffer_free(json);
  printf("%s: done\n", key);
  return 0;
}

/* The job itself. It is run from its beginning each time. */
static int job(interlock_run *run, int *waits) {
  interlock_buffer *json = NULL;
  interlock_error *error = NULL;
  interlock_status status;
  if (step(run, "collect")) return 1;
  status = interlock_run_interrupt(run, QUESTION, strlen(QUESTION), &json, &error);
  if (failed("interrupt", status, error)) return 1;
  int is_yes = says(json, "\"value\":\"yes\"");
  *waits = says(json, "\"state\":\"waiting\"");
  interlock_buffer_free(json);
  if (*waits) {
    if (failed("suspend", interlock_run_suspend(run, &json, &error), error)) return 1;
    interlock_buffer_free(json);
    puts("waiting for an answer");
    return 0;
  }
  if (is_yes && (step(run, "pay") || step(run, "tell"))) return 1;
  if (failed("complete", interlock_run_complete(run, "{}", 2, &json, &error), error)) return 1;
  interlock_buffer_free(json);
  puts(is_yes ? "the job is done" : "nothing is paid");
  return 0;
}

/* Begins, or goes on. Whoever had the job before and was killed keeps its lease for a while. */
static int work(interlock_engine *engine) {
  interlock_run *run = NULL;
  interlock_buffer *begun = NULL;
  interlock_error *error = NULL;
  interlock_status status;
  int waits = 0;
  while ((status = interlock_run_begin(engine, BEGIN, strlen(BEGIN), &run, &begun, &error)) ==
         INTERLOCK_THREAD_BUSY) {
    interlock_error_free(error);
    sleep(1);
  }
  if (failed("begin", status, error)) return 1;
  if (says(begun, "\"took_over\"")) puts("taking over from a worker that died");
  interlock_buffer_free(begun);
  int result = job(run, &waits);
  if (failed("close", interlock_run_close(run, &error), error)) return 1;
  return result != 0 ? result : waits ? 3 : 0;
}

static int answer(interlock_engine *engine, const char *value) {
  char request[100];
  interlock_buffer *json = NULL;
  interlock_error *error = NULL;
  int size = snprintf(request, sizeof request, "{\"thread\":\"job-1\",\"value\":\"%.20s\"}", value);
  interlock_status status = interlock_run_resume(engine, request, (size_t)size, &json, &error);
  if (status == INTERLOCK_NOT_INTERRUPTED) puts("nobody asks");
  if (failed("resume", status, error)) return 1;
  interlock_buffer_free(json);
  puts("the answer is kept");
  return 0;
}

int main(int argc, char **argv) {
  interlock_engine *engine = NULL;
  interlock_error *error = NULL;
  int works = argc == 3 && strcmp(argv[2], "work") == 0;
  int result;

  if (!works && (argc != 4 || strcmp(argv[2], "answer") != 0)) {
    fprintf(stderr, "usage: %s DATABASE work | DATABASE answer yes | no\n", argv[0]);
    return 2;
  }
  setvbuf(stdout, NULL, _IOLBF, 0);
  if (failed("open", interlock_engine_open(argv[1], strlen(argv[1]), NULL, &engine, &error), error))
    return 1;
  result = works ? work(engine) : answer(engine, argv[3]);
  if (failed("close", interlock_engine_close(engine, &error), error)) result = 1;
  return result;
}
