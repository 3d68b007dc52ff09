/*
 * A disk that fails when it is told to, and that can lose power: a VFS beneath every SQLite of the
 * process, for tests; and memory that runs out.
 *
 * It works through to the real files. While it records, every change of a database, its log and its
 * journal is a step; `disk_image` makes the files as another machine might find them, had the power
 * gone after so many steps.
 *
 * What a disk may do, by https://www.sqlite.org/psow.html and man 2 fsync: what was written before a
 * file was last synchronised is there; of what came later each sector of 512 bytes is there or is not,
 * in any order; a file that was never synchronised may be gone, and one that was deleted may be back,
 * until a new journal or log is synchronised for the first time, which SQLite does with its folder.
 *
 * All functions may be called from any thread.
 */
#ifndef INTERLOCK_TESTS_DISK_H
#define INTERLOCK_TESTS_DISK_H

#include <stdint.h>

/* Kinds of operations that can fail; a mask. */
enum {
  DISK_READ = 1,
  DISK_WRITE = 2,
  DISK_TRUNCATE = 4,
  DISK_SYNC = 8,
  DISK_SIZE = 16,
  DISK_OPEN = 32,
  DISK_DELETE = 64,
  DISK_ACCESS = 128,
  DISK_LOCK = 256,
  DISK_SHARED = 512, /* shared memory: map and lock */
  DISK_MEMORY = 1024 /* what SQLite asks for */
};

/* What is there of the steps that were not synchronised. */
enum { DISK_NOTHING = 0, DISK_EVERYTHING = 1, DISK_SOMETHING = 2 };

/* Becomes the VFS of the process, before the first connection. 0 on success. */
int disk_install(void);

/* Starts recording, or stops. What was recorded before is forgotten when it starts. */
void disk_record(int is_on);

/* How many steps were recorded. */
int64_t disk_steps(void);

/* Writes the files into `folder`, as they are after `steps` steps. `seed` chooses for DISK_SOMETHING.
   0 on success. */
int disk_image(int64_t steps, int what, uint64_t seed, const char *folder);

/* Of the operations of these kinds that follow, those with the numbers [first, first + count) fail,
   counted from 0; with is_full a write fails for want of room. */
void disk_fail(int kinds, int64_t first, int64_t count, int is_full);

/* Nothing fails any more. */
void disk_heal(void);

/* While it is held, nothing fails and nothing is counted, and no new file is recorded. */
void disk_hold(int is_on);

/* How long it takes to synchronise a file; 0 at first. */
void disk_slow(int microseconds);

/* How many operations of the kinds that `disk_fail` named were made since. */
int64_t disk_operations(void);

#endif
