/*
 * kill -9 at every point where the library touches its store: at the beginning and the end of each
 * SQL statement, before and in the middle of each write to a file, and before and after each sync.
 * What was acknowledged is there afterwards, what was not is there as a whole or not at all, and doing
 * it again does it.
 *
 * Statements are heard through SQLite's own trace. Writes and syncs are heard because this program
 * defines the functions that libsqlite3 calls for them: so it also sees whether an acknowledged
 * decision had been synced.
 */
#define _DEFAULT_SOURCE
#include "kill_points.h"

#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATH_BYTES = 1024, MOST_POINTS = 100000 };

static int passed, failed;
static char folder[PATH_BYTES];

static void check(int condition, const char *what) {
  if (condition) {
    passed++;
  } else {
    failed++;
    printf("  failed: %s\n", what);
  }
}

/* ------------------------------------------------------------------------------------ points */

static struct {
  int is_armed;
  long passed, kill_at;
  long statements, writes, syncs;
  /* Whether the log has bytes that no sync has followed. */
  int has_unsynced;
  long log_writes;
} points;

static void point(long *kind) {
  if (!points.is_armed) return;
  ++*kind;
  if (++points.passed == points.kill_at) kill(getpid(), SIGKILL);
}

static int heard(unsigned event, void *context, void *statement, void *detail) {
  (void)event, (void)context, (void)statement, (void)detail;
  point(&points.statements);
  return 0;
}

static int listen_to(sqlite3 *database, char **message, const struct sqlite3_api_routines *api) {
  (void)message, (void)api;
  return sqlite3_trace_v2(database, SQLITE_TRACE_STMT | SQLITE_TRACE_PROFILE, heard, NULL);
}

static int is_log(int descriptor) {
  char link[64], target[PATH_BYTES];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t size = readlink(link, target, sizeof target);
  return size > 4 && memcmp(target + size - 4, "-wal", 4) == 0;
}

/* These stand in the place of the functions of libc. */
ssize_t pwrite64(int descriptor, const void *data, size_t size, off_t offset);
ssize_t pwrite64(int descriptor, const void *data, size_t size, off_t offset) {
  point(&points.writes);
  if (points.is_armed && points.passed + 1 == points.kill_at) {
    syscall(SYS_pwrite64, descriptor, data, size / 2, offset);
  }
  point(&points.writes);
  if (is_log(descriptor)) {
    points.has_unsynced = 1;
    points.log_writes++;
  }
  return syscall(SYS_pwrite64, descriptor, data, size, offset);
}

static int synced(int descriptor, long number) {
  point(&points.syncs);
  int result = (int)syscall(number, descriptor);
  if (is_log(descriptor) && result == 0) points.has_unsynced = 0;
  point(&points.syncs);
  return result;
}

int fdatasync(int descriptor) { return synced(descriptor, SYS_fdatasync); }

int fsync(int descriptor) { return synced(descriptor, SYS_fsync); }

/* ------------------------------------------------------------------------------------- files */

static void path_of(const char *name, char *out) {
  if (snprintf(out, PATH_BYTES, "%s/%s", folder, name) >= PATH_BYTES) exit(1);
}

static void discard(const char *path) {
  static const char *const suffixes[] = {"", "-wal", "-shm", "-wake"};
  for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
    char name[PATH_BYTES + 16];
    snprintf(name, sizeof name, "%s%s", path, suffixes[i]);
    unlink(name);
  }
}

static void copy(const char *from, const char *to) {
  discard(to);
  int in = open(from, O_RDONLY), out = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  char block[65536];
  ssize_t size;
  while ((size = read(in, block, sizeof block)) > 0)
    if (write(out, block, (size_t)size) != size) exit(1);
  close(in);
  close(out);
}

/* ---------------------------------------------------------------------------------- processes */

typedef struct report {
  interlock_status status;
  long statements, writes, syncs;
} report;

/* Waits for a child; 1 if it ended by itself with 0, 0 if it was killed, -1 otherwise. */
static int ended(pid_t child) {
  int status = 0;
  if (waitpid(child, &status, 0) != child) return -1;
  if (WIFSIGNALED(status)) return WTERMSIG(status) == SIGKILL ? 0 : -1;
  return WEXITSTATUS(status) == 0 ? 1 : -1;
}

static pid_t begin(void) {
  fflush(stdout);
  return fork();
}

static void prepare_apart(const operation *what, const char *path) {
  pid_t child = begin();
  if (child == 0) {
    prepare(what, path);
    _exit(0);
  }
  check(ended(child) == 1, what->name);
}

/* Does the operation and is killed at a point; tells through the pipe that it was acknowledged. */
static void run(const operation *what, const char *path, long kill_at, int out) {
  sqlite3_auto_extension((void (*)(void))listen_to);
  interlock_engine *engine = open_at(path, is_before_deadline(what));
  points.kill_at = kill_at;
  points.is_armed = 1;
  report told = {0, 0, 0, 0};
  told.status = perform(what, engine);
  if (told.status == INTERLOCK_OK && points.has_unsynced) told.status = INTERLOCK_IO;
  told.statements = points.statements;
  told.writes = points.writes;
  told.syncs = points.syncs;
  if (write(out, &told, sizeof told) != sizeof told) _exit(2);
  /* Closing writes too. */
  interlock_engine_close(engine, NULL);
  fflush(stdout);
  _exit(0);
}

/* 1 if the operation was killed, 0 if it came to its end, -1 if something is wrong. */
static int kill_once(const operation *what, const char *path, long kill_at, report *told) {
  int ends[2];
  if (pipe(ends) != 0) return -1;
  pid_t child = begin();
  if (child == 0) run(what, path, kill_at, ends[1]);
  close(ends[1]);
  int was_acknowledged = read(ends[0], told, sizeof *told) == (ssize_t)sizeof *told;
  close(ends[0]);
  int how = ended(child);
  if (how < 0 || (was_acknowledged && told->status != INTERLOCK_OK)) {
    printf("  %s at point %ld: %s\n", what->name, kill_at,
           was_acknowledged ? interlock_status_name(told->status) : "died");
    return -1;
  }
  child = begin();
  if (child == 0) {
    int good = verify(what, path, was_acknowledged);
    fflush(stdout);
    _exit(good ? 0 : 1);
  }
  if (ended(child) == 1) return how == 0;
  printf("  %s was killed at point %ld, %sacknowledged\n", what->name, kill_at,
         was_acknowledged ? "" : "not ");
  return -1;
}

static long kill_everywhere(const operation *what) {
  char template[PATH_BYTES], path[PATH_BYTES];
  path_of("template.db", template);
  path_of("killed.db", path);
  discard(template);
  prepare_apart(what, template);
  report told = {0, 0, 0, 0};
  long at = 1, bad = 0;
  for (int result = 1; result != 0 && at < MOST_POINTS && bad < 5; at++) {
    copy(template, path);
    result = kill_once(what, path, at, &told);
    if (result < 0) bad++;
  }
  check(bad == 0, what->name);
  printf("%-10s %4ld fault points; to the answer %ld of statements, %ld writes, %ld of syncs\n",
         what->name, at - 2, told.statements, told.writes, told.syncs);
  discard(template);
  discard(path);
  return at - 2;
}

/* ------------------------------------------------------------------------------- durability */

/* However many pages a commit changes, where the log has a head and room. */
enum { MOST_LOG_WRITES = 1 };

/* How a call that was acknowledged left the log: 1 if all of it was synced. */
static int is_synced(const char *path, int is_decision, int is_durable) {
  pid_t child = begin();
  if (child == 0) {
    interlock_engine *engine = open_with(path, 1, is_durable);
    interlock_status status = put_checkpoint(engine, "1");
    if (status != INTERLOCK_OK) _exit(2);
    points.has_unsynced = points.log_writes = 0;
    status = is_decision ? perform(&operations[1], engine) : put_checkpoint(engine, "2");
    int left = points.has_unsynced;
    long writes = points.log_writes;
    interlock_engine_close(engine, NULL);
    int is_told = status == INTERLOCK_OK && writes > 0 && writes <= MOST_LOG_WRITES;
    _exit(is_told ? left : 2);
  }
  int status = 0;
  if (waitpid(child, &status, 0) != child || !WIFEXITED(status)) return -1;
  return WEXITSTATUS(status) == 0 ? 1 : WEXITSTATUS(status) == 1 ? 0 : -1;
}

static void durability(void) {
  static const struct {
    const char *what;
    int is_decision, is_durable, is_synced;
  } rows[] = {
      {"a checkpoint, durability normal: not synced", 0, 0, 0},
      {"a checkpoint, durability full: synced", 0, 1, 1},
      {"a decision, durability normal: synced all the same", 1, 0, 1},
      {"a decision, durability full: synced", 1, 1, 1},
  };
  char path[PATH_BYTES];
  path_of("synced.db", path);
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    discard(path);
    prepare_apart(&operations[1], path);
    check(is_synced(path, rows[i].is_decision, rows[i].is_durable) == rows[i].is_synced,
          rows[i].what);
  }
  discard(path);
}

/* A line that Tests/Tools/requirements.py reads. */
static void tell(const char *what, int passed_before, int failed_before) {
  printf("%-60s %d passed, %d failed\n", what, passed - passed_before, failed - failed_before);
}

int main(void) {
  const char *temporary = getenv("TMPDIR");
  snprintf(folder, sizeof folder, "%s/interlock-kill-XXXXXX", temporary ? temporary : "/tmp");
  if (!mkdtemp(folder)) return 1;
  long total = 0;
  for (size_t i = 0; i < operation_count; i++) total += kill_everywhere(&operations[i]);
  printf("%ld fault points\n", total);
  tell("X55, 3.6 item 7: a decision survives kill -9 at any point", 0, 0);
  int passed_before = passed, failed_before = failed;
  durability();
  tell("X39: an acknowledged decision has reached the disk", passed_before, failed_before);
  check(rmdir(folder) == 0, "no file is left over");
  printf("%d passed, %d failed\n", passed, failed);
  return failed != 0;
}
