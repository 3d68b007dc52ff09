/* What the operations on runs and permits share: calls, and a look at what the kill has left. */
#include "kill_runs.h"

#include <stdio.h>
#include <string.h>

#define BEGIN "{\"thread\":\"t\",\"lease_ms\":500}"

static const char *name_of_operation;
static int is_good;

void expect(int condition, const char *what, const char *file, int line) {
  if (condition) return;
  printf("  %s, %s:%d: %s\n", name_of_operation, file, line, what);
  is_good = 0;
}

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

int has(const char *json, const char *what) { return strstr(json, what) != NULL; }

interlock_run *begin_run(interlock_engine *engine, const char **reply) {
  interlock_run *run = NULL;
  interlock_buffer *json = NULL;
  interlock_status status = interlock_run_begin(engine, BEGIN, strlen(BEGIN), &run, &json, NULL);
  const char *begun = keep(status, json);
  if (reply) *reply = begun;
  return run;
}

const char *read_step(interlock_run *run, const char *key) {
  interlock_buffer *json = NULL;
  interlock_status status = interlock_run_step(run, key, strlen(key), &json, NULL);
  return keep(status, json);
}

interlock_status on_run(interlock_run *run, run_document function, const char *request,
                        const char **reply) {
  interlock_buffer *json = NULL;
  interlock_status status = function(run, request, strlen(request), &json, NULL);
  const char *kept = keep(status, json);
  if (reply) *reply = kept;
  return status;
}

interlock_status do_step(interlock_run *run, const char *key) {
  char request[100];
  if (!has(read_step(run, key), "\"work\"")) return INTERLOCK_OK;
  snprintf(request, sizeof request, "{\"key\":\"%s\",\"result\":\"%s done\"}", key, key);
  return on_run(run, interlock_run_record, request, NULL);
}

interlock_status suspend_run(interlock_run *run) {
  interlock_buffer *json = NULL;
  interlock_status status = interlock_run_suspend(run, &json, NULL);
  interlock_buffer_free(json);
  return status;
}

interlock_run *come(interlock_engine *engine) {
  interlock_run *run = begin_run(engine, NULL);
  return do_step(run, "a") == INTERLOCK_OK ? run : NULL;
}

interlock_status close_after(interlock_run *run, interlock_status status) {
  interlock_run_close(run, NULL);
  return status;
}

void prepare_waiting(interlock_engine *engine) {
  interlock_run *run = come(engine);
  suspend_run(run);
  interlock_run_close(run, NULL);
}

int events(interlock_engine *engine, const char *type) {
  char what[64];
  snprintf(what, sizeof what, "\"type\":\"%s\"", type);
  return count_of(engine, interlock_event_read, "{}", what);
}

int is_status(interlock_engine *engine, const char *status) {
  char what[64];
  snprintf(what, sizeof what, "\"status\":\"%s\",\"run\":", status);
  return count_of(engine, interlock_run_get, THREAD, what);
}

int pending(interlock_engine *engine) {
  return count_of(engine, interlock_run_interrupts, THREAD, "\"status\":\"pending\"");
}

interlock_run *go_on(interlock_engine *engine, int recorded) {
  const char *begun;
  char what[32];
  interlock_run *run = begin_run(engine, &begun);
  snprintf(what, sizeof what, "\"recorded\":%d,", recorded);
  EXPECT(run != NULL);
  EXPECT(has(begun, what));
  EXPECT(strcmp(read_step(run, "a"), "{\"state\":\"recorded\",\"result\":\"a done\"}") == 0);
  return run;
}

interlock_engine *look_at(const char *name, const char *path, int before_deadline) {
  name_of_operation = name;
  is_good = 1;
  return open_at(path, before_deadline);
}

int looked_at(interlock_engine *engine) {
  is_good &= is_sound(name_of_operation, "after the kill", engine);
  interlock_engine_close(engine, NULL);
  return is_good;
}
