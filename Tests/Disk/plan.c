#include "plan.h"

#include "disk.h"

#include <pthread.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static struct {
  int kinds;
  int is_full;
  int is_held;
  int microseconds;
  int64_t made, first, count;
} plan;

int plan_fails(int kind) {
  int is_hit = 0;
  pthread_mutex_lock(&mutex);
  if ((plan.kinds & kind) && !plan.is_held) {
    is_hit = plan.made >= plan.first && plan.made - plan.first < plan.count;
    plan.made++;
  }
  pthread_mutex_unlock(&mutex);
  return is_hit;
}

/* Of one number, now. */
static int64_t read_number(const int64_t *number) {
  int64_t found;
  pthread_mutex_lock(&mutex);
  found = *number;
  pthread_mutex_unlock(&mutex);
  return found;
}

static int read_int(const int *number) {
  int found;
  pthread_mutex_lock(&mutex);
  found = *number;
  pthread_mutex_unlock(&mutex);
  return found;
}

int plan_is_full(void) { return read_int(&plan.is_full); }
int plan_is_held(void) { return read_int(&plan.is_held); }
int plan_delay(void) { return read_int(&plan.microseconds); }

void disk_fail(int kinds, int64_t first, int64_t count, int is_full) {
  pthread_mutex_lock(&mutex);
  plan.kinds = kinds;
  plan.is_full = is_full;
  plan.made = 0;
  plan.first = first;
  plan.count = count;
  pthread_mutex_unlock(&mutex);
}

void disk_heal(void) {
  pthread_mutex_lock(&mutex);
  plan.count = 0;
  pthread_mutex_unlock(&mutex);
}

void disk_hold(int is_on) {
  pthread_mutex_lock(&mutex);
  plan.is_held = is_on;
  pthread_mutex_unlock(&mutex);
}

void disk_slow(int microseconds) {
  pthread_mutex_lock(&mutex);
  plan.microseconds = microseconds;
  pthread_mutex_unlock(&mutex);
}

int64_t disk_operations(void) { return read_number(&plan.made); }
