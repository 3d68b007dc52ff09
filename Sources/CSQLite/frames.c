/*
 * A VFS of SQLite that writes the log of a commit in one call instead of two for every page.
 *
 * SQLite appends a page to its write-ahead log as a frame: a header of 24 bytes, then the page
 * (https://www.sqlite.org/fileformat2.html#the_write_ahead_log). What is appended is held here until
 * the frame that ends the transaction is complete, and then goes to the file at once. So:
 *
 *   - when a commit has returned, nothing is held, whether or not it was synchronised;
 *   - what is held belongs to a transaction that has not been committed, which a crash undoes anyway;
 *   - an error of the file is the error of a write inside that commit, which fails;
 *   - if the file cannot be synchronised the commit fails too, and what was written of it is spoiled:
 *     otherwise who opens the file next, after a crash, would find a transaction that was refused.
 *
 * It relies on two things: a transaction writes frames only when it commits (PRAGMA cache_spill = OFF),
 * and only a commit synchronises the log with SQLITE_SYNC_NORMAL (PRAGMA checkpoint_fullfsync = ON;
 * without macOS that is a name for the same).
 *
 * A commit that makes the log longer takes more time than one that writes over an older log: the file
 * system has a book of its own to keep. So where the log ends, zeros are written along with the commit,
 * for some commits to come. SQLite takes zeros for the end of the log, as it does the frames of an older
 * one.
 *
 * All else but sleeping is the work of the VFS beneath.
 */
#include "CSQLite.h"

#include <pthread.h>
#include <stddef.h>
#include <string.h>
#include <time.h>

enum { FRAME_HEADER = 24, MOST_HELD = 64 << 10, LEAST_ROOM = 64 << 10, MOST_ROOM = 512 << 10 };

typedef struct log_file {
  sqlite3_file base;
  sqlite3_file *file;  /* of the VFS beneath, right behind this */
  unsigned char *held; /* NULL before the first frame, and if there is no memory: nothing is held then */
  int size;
  int is_ending;        /* the header of the last frame is held, and not yet its page */
  sqlite3_int64 offset; /* of the first byte that is held */
  sqlite3_int64 end;    /* of the file, as far as this connection knows; -1 before the first commit */
  sqlite3_int64 commit; /* of the commit that was written last the first frame of its last piece, or -1 */
} log_file;

/* ------------------------------------------------------------------------------------------- log */

/* Who commits is the only writer, and nothing that counts stands behind its frames. That there is no
   room for zeros is no failure. */
static void make_room(log_file *log, sqlite3_int64 end) {
  static unsigned char zeros[LEAST_ROOM]; /* not const: it need not stand in the library */
  sqlite3_int64 room = log->end < LEAST_ROOM ? LEAST_ROOM
                       : log->end > MOST_ROOM ? MOST_ROOM
                                              : log->end;
  log->end = end;
  for (; room > 0; room -= LEAST_ROOM, log->end += LEAST_ROOM) {
    int code = log->file->pMethods->xWrite(log->file, zeros, LEAST_ROOM, log->end);
    if (code != SQLITE_OK) return;
  }
}

/* What could not be written is dropped: SQLite knows, and undoes the transaction. */
static int write_held(log_file *log) {
  sqlite3_int64 end = log->offset + log->size;
  int size = log->size;
  int is_commit = log->is_ending;
  int code;
  log->size = 0;
  log->is_ending = 0;
  if (size == 0) return SQLITE_OK;
  code = log->file->pMethods->xWrite(log->file, log->held, size, log->offset);
  if (code != SQLITE_OK || !is_commit) return code;
  log->commit = log->offset;
  /* The commit is written: whatever goes wrong from here on must not let it fail. */
  if (log->end < 0 && log->file->pMethods->xFileSize(log->file, &log->end) != SQLITE_OK) {
    log->end = -1;
  } else if (end >= log->end) {
    make_room(log, end);
  }
  return SQLITE_OK;
}

/* Bytes 4 to 7 of the header: the pages of the database after the transaction that ends here, or 0. */
static int ends_transaction(const unsigned char *header) {
  return (header[4] | header[5] | header[6] | header[7]) != 0;
}

static int log_write(sqlite3_file *base, const void *data, int size, sqlite3_int64 offset) {
  log_file *log = (log_file *)base;
  int is_header = size == FRAME_HEADER;
  int is_next = log->size > 0 && offset == log->offset + log->size && size <= MOST_HELD - log->size;
  log->commit = -1;
  if (!is_next) {
    int code = write_held(log);
    if (code != SQLITE_OK) return code;
    if (is_header && log->held == NULL) log->held = sqlite3_malloc(MOST_HELD);
    if (!is_header || log->held == NULL) {
      return log->file->pMethods->xWrite(log->file, data, size, offset);
    }
    log->offset = offset;
  }
  memcpy(log->held + log->size, data, (size_t)size);
  log->size += size;
  if (log->is_ending) return write_held(log);
  log->is_ending = is_header && ends_transaction(data);
  return SQLITE_OK;
}

static int log_read(sqlite3_file *base, void *data, int size, sqlite3_int64 offset) {
  log_file *log = (log_file *)base;
  int code = write_held(log);
  return code != SQLITE_OK ? code : log->file->pMethods->xRead(log->file, data, size, offset);
}

static int log_truncate(sqlite3_file *base, sqlite3_int64 size) {
  log_file *log = (log_file *)base;
  int code = write_held(log);
  log->end = size;
  return code != SQLITE_OK ? code : log->file->pMethods->xTruncate(log->file, size);
}

/* Nobody has seen the frames yet: this connection holds the lock of the writer, and SQLite tells of them
   after they were synchronised. A disk that does not take the zeros either is past help. */
static void spoil_commit(log_file *log) {
  static const unsigned char zeros[FRAME_HEADER];
  if (log->commit < 0) return;
  (void)log->file->pMethods->xWrite(log->file, zeros, FRAME_HEADER, log->commit);
}

static int log_sync(sqlite3_file *base, int flags) {
  log_file *log = (log_file *)base;
  int is_of_commit = (flags & SQLITE_SYNC_FULL) == SQLITE_SYNC_NORMAL;
  int code = write_held(log);
  if (code != SQLITE_OK) return code;
  code = log->file->pMethods->xSync(log->file, flags);
  if (code != SQLITE_OK && is_of_commit) spoil_commit(log);
  return code;
}

static int log_size(sqlite3_file *base, sqlite3_int64 *size) {
  log_file *log = (log_file *)base;
  int code = write_held(log);
  return code != SQLITE_OK ? code : log->file->pMethods->xFileSize(log->file, size);
}

/* What is held now belongs to a transaction that was not committed. */
static int log_close(sqlite3_file *base) {
  log_file *log = (log_file *)base;
  sqlite3_free(log->held);
  return log->file->pMethods->xClose(log->file);
}

static int log_lock(sqlite3_file *base, int level) {
  sqlite3_file *file = ((log_file *)base)->file;
  return file->pMethods->xLock(file, level);
}

static int log_unlock(sqlite3_file *base, int level) {
  sqlite3_file *file = ((log_file *)base)->file;
  return file->pMethods->xUnlock(file, level);
}

static int log_is_reserved(sqlite3_file *base, int *is_reserved) {
  sqlite3_file *file = ((log_file *)base)->file;
  return file->pMethods->xCheckReservedLock(file, is_reserved);
}

static int log_control(sqlite3_file *base, int operation, void *argument) {
  sqlite3_file *file = ((log_file *)base)->file;
  return file->pMethods->xFileControl(file, operation, argument);
}

static int log_sector(sqlite3_file *base) {
  sqlite3_file *file = ((log_file *)base)->file;
  return file->pMethods->xSectorSize(file);
}

static int log_device(sqlite3_file *base) {
  sqlite3_file *file = ((log_file *)base)->file;
  return file->pMethods->xDeviceCharacteristics(file);
}

static const sqlite3_io_methods log_methods = {
    .iVersion = 1, /* a log is neither shared memory nor mapped */
    .xClose = log_close,
    .xRead = log_read,
    .xWrite = log_write,
    .xTruncate = log_truncate,
    .xSync = log_sync,
    .xFileSize = log_size,
    .xLock = log_lock,
    .xUnlock = log_unlock,
    .xCheckReservedLock = log_is_reserved,
    .xFileControl = log_control,
    .xSectorSize = log_sector,
    .xDeviceCharacteristics = log_device,
};

/* ------------------------------------------------------------------------------------------- VFS */

static sqlite3_vfs *beneath;
static sqlite3_vfs frames;

/* All files but a log are those of the VFS beneath, without a way through here. */
static int frames_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *base, int flags,
                       int *out_flags) {
  log_file *log = (log_file *)base;
  int code;
  (void)vfs;
  if ((flags & SQLITE_OPEN_WAL) == 0) return beneath->xOpen(beneath, name, base, flags, out_flags);
  memset(log, 0, sizeof *log);
  log->file = (sqlite3_file *)(log + 1);
  log->end = -1;
  log->commit = -1;
  code = beneath->xOpen(beneath, name, log->file, flags, out_flags);
  if (code == SQLITE_OK) log->base.pMethods = &log_methods;
  if (code != SQLITE_OK && log->file->pMethods != NULL) log->file->pMethods->xClose(log->file);
  return code;
}

/* Some builds of SQLite sleep for whole seconds only, and who reads the log may have to wait for a
   microsecond until another process is ready. */
static int frames_sleep(sqlite3_vfs *vfs, int microseconds) {
  struct timespec time = {microseconds / 1000000, microseconds % 1000000 * 1000L};
  (void)vfs;
  nanosleep(&time, NULL);
  return microseconds;
}

static void make_frames(void) {
  beneath = sqlite3_vfs_find(NULL);
  if (beneath == NULL) return;
  frames = *beneath;
  frames.zName = "interlock";
  frames.szOsFile = beneath->szOsFile + (int)sizeof(log_file);
  frames.xOpen = frames_open;
  frames.xSleep = frames_sleep;
  if (sqlite3_vfs_register(&frames, 0) != SQLITE_OK) beneath = NULL;
}

const char *csqlite_vfs(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, make_frames);
  return beneath == NULL ? NULL : frames.zName;
}
