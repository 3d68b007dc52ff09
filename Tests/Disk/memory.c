#include "memory.h"

#include "disk.h"
#include "plan.h"

#include <sqlite3.h>
#include <stddef.h>

static sqlite3_mem_methods real;

static void *ask(int size) { return plan_fails(DISK_MEMORY) ? NULL : real.xMalloc(size); }

static void *ask_again(void *memory, int size) {
  return plan_fails(DISK_MEMORY) ? NULL : real.xRealloc(memory, size);
}

int memory_install(void) {
  sqlite3_mem_methods ours;
  int code = sqlite3_initialize(); /* the usual methods are chosen there */
  if (code == SQLITE_OK) code = sqlite3_shutdown();
  if (code == SQLITE_OK) code = sqlite3_config(SQLITE_CONFIG_GETMALLOC, &real);
  if (code != SQLITE_OK) return code;
  ours = real;
  ours.xMalloc = ask;
  ours.xRealloc = ask_again;
  return sqlite3_config(SQLITE_CONFIG_MALLOC, &ours);
}
