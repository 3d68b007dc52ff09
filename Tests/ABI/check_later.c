/* Helpers of the C client for what happens while a call waits. */
#define _POSIX_C_SOURCE 200809L
#include "check.h"

#include <pthread.h>
#include <time.h>

static int64_t read_clock(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t steady_ms(void) { return read_clock(CLOCK_MONOTONIC); }

int64_t wall_ms(void) { return read_clock(CLOCK_REALTIME); }

void pause_ms(int milliseconds) {
  struct timespec pause = {milliseconds / 1000, milliseconds % 1000 * 1000000L};
  nanosleep(&pause, NULL);
}

static void *run(void *argument) {
  later *self = argument;
  pause_ms(self->delay_ms);
  self->status = self->action(self);
  return NULL;
}

void later_begin(later *self, int delay_ms, later_action action) {
  pthread_t *thread = malloc(sizeof *thread);
  self->action = action;
  self->delay_ms = delay_ms;
  self->status = -1;
  self->thread = thread;
  if (thread == NULL || pthread_create(thread, NULL, run, self) != 0) {
    fputs("check: no thread\n", stderr);
    exit(1);
  }
}

void later_end(later *self) {
  pthread_t *thread = self->thread;
  pthread_join(*thread, NULL);
  free(thread);
  CHECK(self->status == INTERLOCK_OK);
}

static interlock_status discard(interlock_status status, interlock_buffer *json) {
  interlock_buffer_free(json);
  return status;
}

interlock_status later_respond(later *self) {
  interlock_buffer *json = NULL;
  return discard(interlock_review_respond(self->engine, self->request, strlen(self->request), &json,
                                          NULL),
                 json);
}

interlock_status later_open(later *self) {
  interlock_buffer *json = NULL;
  return discard(
      interlock_review_open(self->engine, self->request, strlen(self->request), &json, NULL), json);
}

interlock_status later_close(later *self) { return interlock_engine_close(self->engine, NULL); }

interlock_status later_set_time(later *self) {
  return interlock_engine_set_time(self->engine, self->now, NULL);
}

interlock_status later_signal(later *self) { return interlock_cancel_signal(self->cancel, NULL); }

interlock_status later_close_cancel(later *self) {
  return interlock_cancel_close(self->cancel, NULL);
}
