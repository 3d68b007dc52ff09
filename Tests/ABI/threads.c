/*
 * Eight threads use one engine until another closes it; eight threads, and eight processes, open
 * one new file at once; eight threads close one engine at once; a process forks while eight threads
 * write and never rest. Every status must be one that the header allows there.
 */
#define _POSIX_C_SOURCE 200809L
#include <interlock.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { THREADS = 8, ROUNDS = 20, MILLISECONDS = 400, CHILD_SECONDS = 30, PATH_BYTES = 1024 };

typedef struct worker {
  pthread_t thread;
  interlock_engine *engine;
  const char *url;
  int number;
  long calls;
  long unexpected;
  interlock_status last;
} worker;

static int passed, failed;

static void check(int condition, const char *what) {
  if (condition) {
    passed++;
  } else {
    failed++;
    printf("  failed: %s\n", what);
  }
}

static interlock_bytes text(const char *string) {
  interlock_bytes bytes = {string, strlen(string)};
  return bytes;
}

static void note(worker *self, interlock_status status) {
  self->calls++;
  self->last = status;
  if (status != INTERLOCK_OK && status != INTERLOCK_CLOSED) {
    self->unexpected++;
    printf("  thread %d: %s\n", self->number, interlock_status_name(status));
  }
}

static interlock_status put_one(worker *self, const char *thread, const char *id) {
  interlock_channel_value value = {
      text("messages"), text(id), text("json"), text("[\"hello\"]"), 0, 0};
  interlock_channel_version version = {value.channel, value.version};
  interlock_checkpoint_input input = {0};
  input.struct_size = sizeof input;
  input.thread_id = text(thread);
  input.checkpoint_id = text(id);
  input.versions = &version;
  input.version_count = 1;
  input.values = &value;
  input.value_count = 1;
  return interlock_checkpoint_put(self->engine, &input, NULL);
}

/* What was put is what is read, also while the others put and the engine closes. */
static void read_back(worker *self, const char *thread, const char *id) {
  interlock_checkpoint_page *page = NULL;
  interlock_checkpoint_query query = {0};
  query.struct_size = sizeof query;
  query.thread_id = text(thread);
  note(self, interlock_checkpoint_get(self->engine, &query, &page, NULL));
  if (self->last != INTERLOCK_OK) return;
  interlock_bytes stored = page->checkpoints[0].checkpoint_id;
  if (stored.size != strlen(id) || memcmp(stored.data, id, stored.size) != 0 ||
      page->checkpoints[0].value_count != 1) {
    self->unexpected++;
    printf("  thread %d: read another checkpoint than it had put\n", self->number);
  }
  interlock_checkpoint_page_free(page);
}

static void put_until_closed(worker *self, int is_reading) {
  char thread[16], id[16];
  snprintf(thread, sizeof thread, "thread-%d", self->number);
  for (unsigned turn = 0; self->last != INTERLOCK_CLOSED && self->unexpected == 0; turn++) {
    snprintf(id, sizeof id, "%08u", turn);
    note(self, put_one(self, thread, id));
    if (is_reading && self->last == INTERLOCK_OK) read_back(self, thread, id);
  }
}

static void *use(void *argument) {
  worker *self = argument;
  put_until_closed(self, 1);
  note(self, put_one(self, "thread", "late"));
  if (self->last != INTERLOCK_CLOSED) self->unexpected++;
  return NULL;
}

static void *write_on(void *argument) {
  put_until_closed(argument, 0);
  return NULL;
}

static void *open_new(void *argument) {
  worker *self = argument;
  self->last = interlock_engine_open(self->url, strlen(self->url), NULL, &self->engine, NULL);
  if (self->last == INTERLOCK_OK) self->last = put_one(self, "shared", "1");
  if (self->last == INTERLOCK_OK) self->last = interlock_engine_close(self->engine, NULL);
  return NULL;
}

static void *close_one(void *argument) {
  worker *self = argument;
  self->last = interlock_engine_close(self->engine, NULL);
  return NULL;
}

static void start(worker *workers, interlock_engine *engine, const char *url,
                  void *(*run)(void *)) {
  for (int i = 0; i < THREADS; i++) {
    worker fresh = {0};
    fresh.engine = engine;
    fresh.url = url;
    fresh.number = i;
    workers[i] = fresh;
    if (pthread_create(&workers[i].thread, NULL, run, &workers[i]) != 0) exit(1);
  }
}

static void join(worker *workers) {
  for (int i = 0; i < THREADS; i++) pthread_join(workers[i].thread, NULL);
}

static void test_close_beside(const char *name, const char *url) {
  worker workers[THREADS];
  interlock_engine *engine = NULL;
  struct timespec pause = {0, MILLISECONDS * 1000000L};
  long calls = 0;
  check(interlock_engine_open(url, strlen(url), NULL, &engine, NULL) == INTERLOCK_OK, "open");
  start(workers, engine, url, use);
  nanosleep(&pause, NULL);
  check(interlock_engine_close(engine, NULL) == INTERLOCK_OK, "close beside other calls");
  join(workers);
  for (int i = 0; i < THREADS; i++) {
    check(workers[i].unexpected == 0, "every status is OK or CLOSED");
    check(workers[i].calls > 1, "every thread was served");
    calls += workers[i].calls;
  }
  printf("%s: %d threads, %ld calls beside a close\n", name, THREADS, calls);
}

static void test_close_at_once(const char *name, const char *url) {
  worker workers[THREADS];
  interlock_engine *engine = NULL;
  int closed = 0, late = 0;
  check(interlock_engine_open(url, strlen(url), NULL, &engine, NULL) == INTERLOCK_OK, "open");
  start(workers, engine, url, close_one);
  join(workers);
  for (int i = 0; i < THREADS; i++) {
    closed += workers[i].last == INTERLOCK_OK;
    late += workers[i].last == INTERLOCK_CLOSED;
  }
  check(closed == 1 && late == THREADS - 1, "one close of eight is OK, the others are CLOSED");
  printf("%s: %d threads close at once\n", name, THREADS);
}

static void test_first_open(const char *folder) {
  worker workers[THREADS];
  char url[PATH_BYTES + 32];
  for (int round = 0; round < ROUNDS; round++) {
    snprintf(url, sizeof url, "%s/threads-%d.db", folder, round);
    start(workers, NULL, url, open_new);
    join(workers);
    for (int i = 0; i < THREADS; i++) {
      if (workers[i].last != INTERLOCK_OK)
        printf("  round %d: %s\n", round, interlock_status_name(workers[i].last));
      check(workers[i].last == INTERLOCK_OK, "a first open beside others");
    }
  }
  printf("file: %d threads make one file, %d times\n", THREADS, ROUNDS);
}

/* Before anything else, so that the children inherit nothing of the library but its code. */
static void test_first_open_of_processes(const char *folder) {
  char url[PATH_BYTES + 32];
  for (int round = 0; round < ROUNDS; round++) {
    pid_t children[THREADS];
    snprintf(url, sizeof url, "%s/processes-%d.db", folder, round);
    for (int i = 0; i < THREADS; i++) {
      children[i] = fork();
      if (children[i] == 0) {
        worker self = {0};
        self.url = url;
        alarm(CHILD_SECONDS);
        open_new(&self);
        _exit(self.last);
      }
    }
    for (int i = 0; i < THREADS; i++) {
      int status = -1;
      check(children[i] > 0 && waitpid(children[i], &status, 0) == children[i], "a child ends");
      if (status != 0)
        printf("  round %d: signal %d, status %d\n", round, WTERMSIG(status), WEXITSTATUS(status));
      check(status == INTERLOCK_OK, "a first open beside other processes");
    }
  }
  printf("file: %d processes make one file, %d times\n", THREADS, ROUNDS);
}

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* fork() waits for a transaction, and not until nobody wants another. What a child does is refused. */
static void test_fork_beside(const char *url) {
  worker workers[THREADS], late = {0};
  interlock_engine *engine = NULL;
  double longest = 0;
  check(interlock_engine_open(url, strlen(url), NULL, &engine, NULL) == INTERLOCK_OK, "open");
  late.engine = engine;
  start(workers, engine, url, write_on);
  for (int round = 0; round < ROUNDS; round++) {
    struct timespec pause = {0, 10000000L};
    double start = seconds();
    int status = -1;
    pid_t child;
    alarm(CHILD_SECONDS);
    child = fork();
    if (child == 0) _exit(put_one(&late, "child", "1"));
    if (seconds() - start > longest) longest = seconds() - start;
    check(child > 0 && waitpid(child, &status, 0) == child, "a child ends");
    check(WIFEXITED(status) && WEXITSTATUS(status) == INTERLOCK_FORKED, "a child is refused");
    nanosleep(&pause, NULL);
  }
  alarm(0);
  check(interlock_engine_close(engine, NULL) == INTERLOCK_OK, "close beside writers");
  join(workers);
  for (int i = 0; i < THREADS; i++) check(workers[i].unexpected == 0, "writers go on");
  printf("file: %d forks beside %d writers, the slowest in %.1f ms\n", ROUNDS, THREADS,
         longest * 1e3);
}

int main(void) {
  const char *names[] = {"file", "sqlite", "memory"};
  const char *base = getenv("TMPDIR");
  char folder[PATH_BYTES], command[PATH_BYTES + 32];
  char url[3][PATH_BYTES + 32] = {"", ":memory:", "memory:"};
  snprintf(folder, sizeof folder, "%s/interlock-threads-XXXXXX", base != NULL ? base : "/tmp");
  if (mkdtemp(folder) == NULL) return 1;
  snprintf(url[0], sizeof url[0], "%s/store.db", folder);
  test_first_open_of_processes(folder);
  for (int i = 0; i < 3; i++) {
    test_close_beside(names[i], url[i]);
    test_close_at_once(names[i], url[i]);
  }
  test_fork_beside(url[0]);
  test_first_open(folder);
  snprintf(command, sizeof command, "rm -rf '%s'", folder);
  check(system(command) == 0, "the folder is removed");
  printf("%d passed, %d failed\n", passed, failed);
  return failed != 0;
}
