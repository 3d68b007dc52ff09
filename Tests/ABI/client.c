/* A C program that uses every function of interlock.h, and misuses it in every way it defines. */
#include "check.h"

static const store stores[] = {
    {"file", NULL},
    {"sqlite", ":memory:"},
    {"memory", "memory:"},
};

static void store_groups(const store *where) {
  engine_groups(where);
  result_groups(where);
  checkpoint_groups(where);
  value_groups(where);
  write_groups(where);
  list_groups(where);
  thread_groups(where);
  prune_groups(where);
  text_groups(where);
  structure_groups(where);
  json_groups(where);
  limit_groups(where);
  review_groups(where);
  stage_groups(where);
  refusal_groups(where);
  request_groups(where);
  wait_groups(where);
  receipt_groups(where);
  policy_groups(where);
  token_groups(where);
  delivery_groups(where);
  event_groups(where);
  audit_groups(where);
  message_groups(where);
  time_groups(where);
  run_groups(where);
  run_abuse_groups(where);
  permit_groups(where);
  graph_groups(where);
}

int main(void) {
  setvbuf(stdout, NULL, _IOLBF, 0);
  scratch_begin();
  library_groups();
  opening_groups();
  handle_groups();
  clock_groups();
  for (size_t i = 0; i < sizeof stores / sizeof *stores; i++) store_groups(&stores[i]);
  scratch_end();
  return check_end();
}
