#include "plan.h"

#include "disk.h"

#include <pthread.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static struct {
  int64_t kinds, made, first, count;
  int64_t is_full, is_held, microseconds;
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

static int64_t get(const int64_t *number) {
  int64_t found;
  pthread_mutex_lock(&mutex);
  found = *number;
  pthread_mutex_unlock(&mutex);
  return found;
}

static void set(int64_t *number, int64_t value) {
  pthread_mutex_lock(&mutex);
  *number = value;
  pthread_mutex_unlock(&mutex);
}

int plan_is_full(void) { return get(&plan.is_full) != 0; }
int plan_is_held(void) { return get(&plan.is_held) != 0; }
int plan_delay(void) { return (int)get(&plan.microseconds); }

void disk_fail(int kinds, int64_t first, int64_t count, int is_full) {
  pthread_mutex_lock(&mutex);
  plan.kinds = kinds;
  plan.is_full = is_full;
  plan.made = 0;
  plan.first = first;
  plan.count = count;
  pthread_mutex_unlock(&mutex);
}

void disk_heal(void) { set(&plan.count, 0); }

void disk_hold(int is_on) { set(&plan.is_held, is_on); }

void disk_slow(int microseconds) { set(&plan.microseconds, microseconds); }

int64_t disk_operations(void) { return get(&plan.made); }
