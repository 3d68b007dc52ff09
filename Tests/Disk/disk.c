#define _POSIX_C_SOURCE 200809L
#include "disk.h"

#include "memory.h"
#include "plan.h"
#include "record.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct disk_file {
  sqlite3_file base;
  int number; /* of the record, -1 for a file that is not recorded */
  sqlite3_file *file; /* of the VFS beneath, right behind this */
} disk_file;

static sqlite3_vfs *beneath;
static sqlite3_vfs disk;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static sqlite3_file *below(sqlite3_file *base) { return ((disk_file *)base)->file; }

static void record(sqlite3_file *base, int kind, int64_t offset, int64_t size, const void *data) {
  int number = ((disk_file *)base)->number;
  pthread_mutex_lock(&mutex);
  record_step(kind, number, offset, size, data);
  pthread_mutex_unlock(&mutex);
}

/* ------------------------------------------------------------------------------------------ files */

static int file_close(sqlite3_file *base) { return below(base)->pMethods->xClose(below(base)); }

static int file_read(sqlite3_file *base, void *data, int size, sqlite3_int64 offset) {
  if (plan_fails(DISK_READ)) return SQLITE_IOERR_READ;
  return below(base)->pMethods->xRead(below(base), data, size, offset);
}

/* What fails has done half of its work. */
static int file_write(sqlite3_file *base, const void *data, int size, sqlite3_int64 offset) {
  int is_bad = plan_fails(DISK_WRITE);
  int written = is_bad ? size / 2 : size;
  int code = below(base)->pMethods->xWrite(below(base), data, written, offset);
  if (code != SQLITE_OK) return code;
  record(base, STEP_WRITE, offset, written, data);
  return !is_bad ? SQLITE_OK : plan_is_full() ? SQLITE_FULL : SQLITE_IOERR_WRITE;
}

static int file_truncate(sqlite3_file *base, sqlite3_int64 size) {
  int code;
  if (plan_fails(DISK_TRUNCATE)) return SQLITE_IOERR_TRUNCATE;
  code = below(base)->pMethods->xTruncate(below(base), size);
  if (code == SQLITE_OK) record(base, STEP_TRUNCATE, size, 0, NULL);
  return code;
}

/* The real disk need not be asked: this one never loses power. Some builds of SQLite can only sleep for
   whole seconds. */
static int file_sync(sqlite3_file *base, int flags) {
  struct timespec delay = {plan_delay() / 1000000, plan_delay() % 1000000 * 1000L};
  (void)flags;
  if (plan_delay() > 0) nanosleep(&delay, NULL);
  if (plan_fails(DISK_SYNC)) return SQLITE_IOERR_FSYNC;
  record(base, STEP_SYNC, 0, 0, NULL);
  return SQLITE_OK;
}

static int file_size(sqlite3_file *base, sqlite3_int64 *size) {
  if (plan_fails(DISK_SIZE)) return SQLITE_IOERR_FSTAT;
  return below(base)->pMethods->xFileSize(below(base), size);
}

static int file_lock(sqlite3_file *base, int level) {
  if (plan_fails(DISK_LOCK)) return SQLITE_IOERR_LOCK;
  return below(base)->pMethods->xLock(below(base), level);
}

static int file_unlock(sqlite3_file *base, int level) {
  return below(base)->pMethods->xUnlock(below(base), level);
}

static int file_is_reserved(sqlite3_file *base, int *is_reserved) {
  return below(base)->pMethods->xCheckReservedLock(below(base), is_reserved);
}

static int file_control(sqlite3_file *base, int operation, void *argument) {
  return below(base)->pMethods->xFileControl(below(base), operation, argument);
}

static int file_sector(sqlite3_file *base) { return below(base)->pMethods->xSectorSize(below(base)); }

static int file_device(sqlite3_file *base) {
  return below(base)->pMethods->xDeviceCharacteristics(below(base));
}

static int file_map(sqlite3_file *base, int page, int size, int extend, void volatile **memory) {
  if (plan_fails(DISK_SHARED)) return SQLITE_IOERR_SHMMAP;
  return below(base)->pMethods->xShmMap(below(base), page, size, extend, memory);
}

static int file_lock_shared(sqlite3_file *base, int offset, int count, int flags) {
  /* What is locked must be given back. */
  if ((flags & SQLITE_SHM_LOCK) && plan_fails(DISK_SHARED)) return SQLITE_IOERR_SHMLOCK;
  return below(base)->pMethods->xShmLock(below(base), offset, count, flags);
}

static void file_barrier(sqlite3_file *base) { below(base)->pMethods->xShmBarrier(below(base)); }

static int file_unmap(sqlite3_file *base, int is_last) {
  return below(base)->pMethods->xShmUnmap(below(base), is_last);
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_is_reserved,
    .xFileControl = file_control,
    .xSectorSize = file_sector,
    .xDeviceCharacteristics = file_device,
    .xShmMap = file_map,
    .xShmLock = file_lock_shared,
    .xShmBarrier = file_barrier,
    .xShmUnmap = file_unmap,
};

/* -------------------------------------------------------------------------------------------- VFS */

static int disk_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *base, int flags,
                     int *out_flags) {
  enum { RECORDED = SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL };
  disk_file *made = (disk_file *)base;
  int code;
  (void)vfs;
  memset(made, 0, sizeof *made);
  made->number = -1;
  made->file = (sqlite3_file *)(made + 1);
  if (plan_fails(DISK_OPEN)) return SQLITE_CANTOPEN;
  code = beneath->xOpen(beneath, name, made->file, flags, out_flags);
  if (code != SQLITE_OK) {
    if (made->file->pMethods != NULL) made->file->pMethods->xClose(made->file);
    return code;
  }
  if (flags & RECORDED) {
    pthread_mutex_lock(&mutex);
    made->number = record_file(name, !(flags & SQLITE_OPEN_MAIN_DB), !plan_is_held());
    pthread_mutex_unlock(&mutex);
  }
  made->base.pMethods = &methods;
  return SQLITE_OK;
}

static int disk_delete(sqlite3_vfs *vfs, const char *name, int is_synchronised) {
  int code;
  (void)vfs;
  if (plan_fails(DISK_DELETE)) return SQLITE_IOERR_DELETE;
  code = beneath->xDelete(beneath, name, is_synchronised);
  pthread_mutex_lock(&mutex);
  if (code == SQLITE_OK) record_deletion(name, is_synchronised);
  pthread_mutex_unlock(&mutex);
  return code;
}

static int disk_access(sqlite3_vfs *vfs, const char *name, int flags, int *result) {
  (void)vfs;
  if (plan_fails(DISK_ACCESS)) return SQLITE_IOERR_ACCESS;
  return beneath->xAccess(beneath, name, flags, result);
}

int disk_install(void) {
  if (memory_install() != SQLITE_OK) return 1;
  beneath = sqlite3_vfs_find(NULL);
  if (beneath == NULL) return 1;
  disk = *beneath;
  disk.zName = "disk";
  disk.szOsFile = beneath->szOsFile + (int)sizeof(disk_file);
  disk.xOpen = disk_open;
  disk.xDelete = disk_delete;
  disk.xAccess = disk_access;
  return sqlite3_vfs_register(&disk, 1);
}

void disk_record(int is_on) {
  pthread_mutex_lock(&mutex);
  record_begin(is_on);
  pthread_mutex_unlock(&mutex);
}

int64_t disk_steps(void) {
  int64_t steps;
  pthread_mutex_lock(&mutex);
  steps = record_length();
  pthread_mutex_unlock(&mutex);
  return steps;
}

int disk_image(int64_t steps, int what, uint64_t seed, const char *folder) {
  int code;
  pthread_mutex_lock(&mutex);
  code = record_image(steps, what, seed, folder);
  pthread_mutex_unlock(&mutex);
  return code;
}
