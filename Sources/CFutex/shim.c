#define _GNU_SOURCE
#include "CFutex.h"

#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int cfutex_wait(const uint32_t *word, uint32_t expected, int64_t nanoseconds) {
  struct timespec time = {nanoseconds / 1000000000, nanoseconds % 1000000000};
  long result = syscall(SYS_futex, word, FUTEX_WAIT, expected, &time, NULL, 0);
  return result == -1 && errno == ETIMEDOUT ? -1 : 0;
}

void cfutex_wake(const uint32_t *word) {
  syscall(SYS_futex, word, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
}

void cfutex_advance(uint32_t *word) { __atomic_add_fetch(word, 1, __ATOMIC_SEQ_CST); }

uint32_t cfutex_load(const uint32_t *word) { return __atomic_load_n(word, __ATOMIC_SEQ_CST); }

int cfutex_event_descriptor(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }
