#define _GNU_SOURCE
#include "CFutex.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/futex.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int cfutex_wait(const uint32_t *word, uint32_t expected, int64_t nanoseconds) {
  struct timespec time = {nanoseconds / 1000000000, nanoseconds % 1000000000};
  long result = syscall(SYS_futex, word, FUTEX_WAIT, expected, &time, NULL, 0);
  return result == -1 && errno == ETIMEDOUT ? -1 : 0;
}

void cfutex_wake(const uint32_t *word) { cfutex_wake_some(word, INT_MAX); }

void cfutex_wake_some(const uint32_t *word, int count) {
  syscall(SYS_futex, word, FUTEX_WAKE, count, NULL, NULL, 0);
}

void cfutex_advance(uint32_t *word) { __atomic_add_fetch(word, 1, __ATOMIC_SEQ_CST); }

uint32_t cfutex_load(const uint32_t *word) { return __atomic_load_n(word, __ATOMIC_SEQ_CST); }

int cfutex_event_descriptor(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }

enum { MAP_SIZE = 4096 };

static int open_word(const char *path, const char *beside, int *writable) {
  struct stat information;
  mode_t mode = stat(beside, &information) == 0 ? information.st_mode & 0666 : 0600;
  int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, mode);
  *writable = file >= 0;
  return file >= 0 ? file : open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
}

/* Whether the page of the word is there. A hole would have to be filled when the word is touched, and
   on a full disk that is a SIGBUS. */
static int has_page(int file, int writable) {
  struct stat information;
  if (writable && fallocate(file, 0, 0, MAP_SIZE) != 0) {
    if (errno != EOPNOTSUPP || fstat(file, &information) != 0) return 0;
    return information.st_size >= MAP_SIZE || ftruncate(file, MAP_SIZE) == 0;
  }
  return fstat(file, &information) == 0 && information.st_size >= MAP_SIZE;
}

uint32_t *cfutex_map(const char *path, const char *beside, int *writable) {
  void *address = MAP_FAILED;
  int file = open_word(path, beside, writable);
  if (file < 0) return NULL;
  if (has_page(file, *writable)) {
    int protection = *writable ? PROT_READ | PROT_WRITE : PROT_READ;
    address = mmap(NULL, MAP_SIZE, protection, MAP_SHARED, file, 0);
  }
  close(file);
  return address == MAP_FAILED ? NULL : address;
}

void cfutex_unmap(uint32_t *word) { munmap(word, MAP_SIZE); }
