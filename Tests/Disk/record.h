/* What was done to the files, step by step. Not locked. */
#ifndef INTERLOCK_TESTS_RECORD_H
#define INTERLOCK_TESTS_RECORD_H

#include <stdint.h>

enum {
  STEP_CREATE,
  STEP_WRITE,
  STEP_TRUNCATE,
  STEP_SYNC,
  STEP_SYNC_FOLDER,
  STEP_DELETE,
  STEP_DELETE_FOR_GOOD
};

void record_begin(int is_on);
int64_t record_length(void);

/* The number of the file at this path; if there is none a new one, or -1. Of a journal or log the first
   synchronisation is one of its folder too, as in SQLite's os_unix.c (UNIXFILE_DIRSYNC). */
int record_file(const char *path, int is_journal, int may_be_new);
void record_deletion(const char *path, int is_synchronised);
/* Nothing for the number -1. For STEP_TRUNCATE the offset is the new size. */
void record_step(int kind, int number, int64_t offset, int64_t size, const void *data);
int record_image(int64_t steps, int what, uint64_t seed, const char *folder);

#endif
