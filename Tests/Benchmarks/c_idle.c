/*
 * What it costs to wait for reviews while nothing happens to them.
 *
 *   c_idle FOLDER call|descriptor|sqlite REVIEWS SECONDS COMMITS
 *
 * call: one interlock_review_wait for all. descriptor: one thread that sleeps in epoll on the
 * engine's descriptor, and reads the events when it wakes. sqlite: one thread that asks a plain SQLite
 * connection every 100 ms whether somebody has committed, the least that polling can cost.
 * Meanwhile another process opens and answers COMMITS other reviews a second; 0 is silence.
 *
 * Prints the part of one core that this process took, all its threads, user and system.
 */
#include "c_reviews.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void sleep_seconds(double seconds) {
  struct timespec time;
  if (seconds <= 0) return;
  time.tv_sec = (time_t)seconds;
  time.tv_nsec = (long)((seconds - (double)time.tv_sec) * 1e9);
  nanosleep(&time, NULL);
}

static double used_seconds(void) {
  struct rusage used;
  require(getrusage(RUSAGE_SELF, &used) == 0, "getrusage");
  return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
         (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) * 1e-6;
}

/* ------------------------------------------------------------------------------ ways of waiting */

static void wait_in_call(interlock_engine *engine, const char *ids, double seconds) {
  interlock_buffer *document = NULL;
  interlock_status status = interlock_review_wait(
      engine, ids, strlen(ids), (uint64_t)(seconds * 1000), NULL, &document, NULL);
  require(status == INTERLOCK_TIMEOUT, "interlock_review_wait until its timeout");
}

static long long number_after(const interlock_buffer *document, const char *name) {
  const char *text = document->content.data;
  const char *found = memmem(text, document->content.size, name, strlen(name));
  require(found != NULL, name);
  return strtoll(found + strlen(name), NULL, 10);
}

/* Returns the newest event. */
static long long read_events(interlock_engine *engine, long long after) {
  char request[128];
  interlock_buffer *events;
  snprintf(request, sizeof request, "{\"after\":%lld,\"limit\":1000}", after);
  events = ask(engine, interlock_event_read, request);
  after = number_after(events, "\"last\":");
  interlock_buffer_free(events);
  return after;
}

static void wait_at_descriptor(interlock_engine *engine, double seconds) {
  double end = now_seconds() + seconds;
  struct epoll_event event = {.events = EPOLLIN};
  int32_t descriptor = -1;
  int group = epoll_create1(0);
  long long seen = read_events(engine, 0);
  double left;
  require(interlock_engine_event_fd(engine, &descriptor, NULL) == INTERLOCK_OK, "event_fd");
  require(group >= 0 && epoll_ctl(group, EPOLL_CTL_ADD, descriptor, &event) == 0, "epoll");
  while ((left = end - now_seconds()) > 0) {
    uint64_t count;
    if (epoll_wait(group, &event, 1, (int)(left * 1000) + 1) < 1) continue;
    if (read(descriptor, &count, sizeof count) > 0) seen = read_events(engine, seen);
  }
  close(group);
}

static void poll_with_sqlite(const char *path, double seconds) {
  double end = now_seconds() + seconds;
  sqlite3 *database = open_plain(path);
  sqlite3_stmt *version = prepare_plain(database, "PRAGMA data_version");
  while (now_seconds() < end) {
    read_rows(version);
    sleep_seconds(0.1);
  }
  sqlite3_finalize(version);
  sqlite3_close(database);
}

/* -------------------------------------------------------------------------------- the whole run */

/* What the other process does. */
static void work(const char *path, int commits, double seconds) {
  interlock_engine *engine = open_engine(path, INTERLOCK_DURABILITY_FULL);
  double start = now_seconds();
  char request[REQUEST_BYTES];
  char id[ID_BYTES];
  for (int turn = 0; turn < commits * seconds; turn++) {
    sleep_seconds(start + (double)turn / commits - now_seconds());
    open_review(engine, turn, id);
    write_yes(request, id);
    interlock_buffer_free(ask(engine, interlock_review_respond, request));
  }
  close_engine(engine);
}

static void wait_somehow(const char *how, interlock_engine *engine, const char *path,
                         const char *ids, double seconds) {
  if (strcmp(how, "call") == 0) {
    wait_in_call(engine, ids, seconds);
  } else if (strcmp(how, "descriptor") == 0) {
    wait_at_descriptor(engine, seconds);
  } else {
    poll_with_sqlite(path, seconds);
  }
}

int main(int argument_count, char **arguments) {
  int is_whole = argument_count == 6;
  const char *how = is_whole ? arguments[2] : "";
  int reviews = is_whole ? atoi(arguments[3]) : 0;
  double seconds = is_whole ? atof(arguments[4]) : 0;
  int commits = is_whole ? atoi(arguments[5]) : 0;
  char path[4096];
  int begin[2];
  char byte = 0;
  require(reviews > 0 && seconds > 0,
          "c_idle FOLDER call|descriptor|sqlite REVIEWS SECONDS COMMITS");
  snprintf(path, sizeof path, "%s/c_idle %s %d.db", arguments[1], how, commits);
  require(pipe(begin) == 0, "pipe");
  pid_t child = fork();
  require(child >= 0, "fork");
  if (child == 0) {
    close(begin[1]);
    if (read(begin[0], &byte, 1) == 1) work(path, commits, seconds);
    _exit(0);
  }

  interlock_engine *engine = open_engine(path, INTERLOCK_DURABILITY_NORMAL);
  char *ids = open_reviews(engine, reviews);
  require(write(begin[1], &byte, 1) == 1, "write");
  double start = now_seconds();
  double used = used_seconds();
  wait_somehow(how, engine, path, ids, seconds);
  used = used_seconds() - used;
  printf("%.6f\n", used / (now_seconds() - start));
  wait(NULL);
  close_engine(engine);
  free(ids);
  return 0;
}
