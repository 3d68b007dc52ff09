#define _GNU_SOURCE
#include "CFork.h"
#include <pthread.h>
#include <stdatomic.h>

/* A writer that waits is preferred: steady use must not starve fork(). */
static pthread_rwlock_t gate = PTHREAD_RWLOCK_WRITER_NONRECURSIVE_INITIALIZER_NP;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static atomic_uint generation;
static _Thread_local unsigned depth;

static void before_fork(void) { pthread_rwlock_wrlock(&gate); }
static void after_fork_in_parent(void) { pthread_rwlock_unlock(&gate); }
static void after_fork_in_child(void) {
  /* Not unlocked: glibc tells writers by their thread id, which is another one here. */
  gate = (pthread_rwlock_t)PTHREAD_RWLOCK_WRITER_NONRECURSIVE_INITIALIZER_NP;
  atomic_fetch_add(&generation, 1);
}
static void install(void) {
  pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child);
}

void cfork_gate_enter(void) {
  pthread_once(&once, install);
  if (depth++ == 0) pthread_rwlock_rdlock(&gate);
}
void cfork_gate_leave(void) {
  if (--depth == 0) pthread_rwlock_unlock(&gate);
}
unsigned cfork_gate_pause(void) {
  unsigned entered = depth;
  depth = 0;
  if (entered > 0) pthread_rwlock_unlock(&gate);
  return entered;
}
void cfork_gate_resume(unsigned entered) {
  if (entered > 0) pthread_rwlock_rdlock(&gate);
  depth = entered;
}
unsigned cfork_generation(void) { return atomic_load(&generation); }

void cfork_name_thread(const char *name) { pthread_setname_np(pthread_self(), name); }
