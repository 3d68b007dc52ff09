/* The library functions, and the layout of every struct on LP64. */
#include "check.h"

#define STATIC_CHECK(name, condition) typedef char name[(condition) ? 1 : -1]
#define SIZE(type, bytes) STATIC_CHECK(size_of_##type, sizeof(type) == (bytes))
#define AT(type, member, offset) \
  STATIC_CHECK(offset_of_##type##_##member, offsetof(type, member) == (offset))

#if defined(__LP64__)
SIZE(interlock_status, 4);

SIZE(interlock_bytes, 16);
AT(interlock_bytes, data, 0);
AT(interlock_bytes, size, 8);

SIZE(interlock_error, 56);
AT(interlock_error, struct_size, 0);
AT(interlock_error, code, 4);
AT(interlock_error, message, 8);
AT(interlock_error, path, 24);
AT(interlock_error, details, 40);

SIZE(interlock_buffer, 24);
AT(interlock_buffer, struct_size, 0);
AT(interlock_buffer, reserved, 4);
AT(interlock_buffer, content, 8);

SIZE(interlock_engine_options, 64);
AT(interlock_engine_options, struct_size, 0);
AT(interlock_engine_options, flags, 4);
AT(interlock_engine_options, durability, 8);
AT(interlock_engine_options, busy_timeout_ms, 12);
AT(interlock_engine_options, cache_bytes, 16);
AT(interlock_engine_options, max_value_bytes, 24);
AT(interlock_engine_options, max_database_bytes, 32);
AT(interlock_engine_options, manual_time_ms, 40);
AT(interlock_engine_options, signing_key, 48);

SIZE(interlock_channel_version, 32);
AT(interlock_channel_version, channel, 0);
AT(interlock_channel_version, version, 16);

SIZE(interlock_channel_value, 72);
AT(interlock_channel_value, channel, 0);
AT(interlock_channel_value, version, 16);
AT(interlock_channel_value, type, 32);
AT(interlock_channel_value, data, 48);
AT(interlock_channel_value, flags, 64);
AT(interlock_channel_value, reserved, 68);

SIZE(interlock_write_value, 48);
AT(interlock_write_value, channel, 0);
AT(interlock_write_value, type, 16);
AT(interlock_write_value, data, 32);

SIZE(interlock_write, 88);
AT(interlock_write, task_id, 0);
AT(interlock_write, task_path, 16);
AT(interlock_write, channel, 32);
AT(interlock_write, type, 48);
AT(interlock_write, data, 64);
AT(interlock_write, index, 80);
AT(interlock_write, reserved, 84);

SIZE(interlock_checkpoint_input, 160);
AT(interlock_checkpoint_input, struct_size, 0);
AT(interlock_checkpoint_input, flags, 4);
AT(interlock_checkpoint_input, thread_id, 8);
AT(interlock_checkpoint_input, checkpoint_ns, 24);
AT(interlock_checkpoint_input, checkpoint_id, 40);
AT(interlock_checkpoint_input, parent_id, 56);
AT(interlock_checkpoint_input, type, 72);
AT(interlock_checkpoint_input, body, 88);
AT(interlock_checkpoint_input, metadata, 104);
AT(interlock_checkpoint_input, versions, 120);
AT(interlock_checkpoint_input, version_count, 128);
AT(interlock_checkpoint_input, values, 136);
AT(interlock_checkpoint_input, value_count, 144);
AT(interlock_checkpoint_input, fence, 152);

SIZE(interlock_write_input, 128);
AT(interlock_write_input, struct_size, 0);
AT(interlock_write_input, flags, 4);
AT(interlock_write_input, thread_id, 8);
AT(interlock_write_input, checkpoint_ns, 24);
AT(interlock_write_input, checkpoint_id, 40);
AT(interlock_write_input, task_id, 56);
AT(interlock_write_input, task_path, 72);
AT(interlock_write_input, values, 88);
AT(interlock_write_input, value_count, 96);
AT(interlock_write_input, fence, 104);
AT(interlock_write_input, questions, 112);

SIZE(interlock_checkpoint_query, 112);
AT(interlock_checkpoint_query, struct_size, 0);
AT(interlock_checkpoint_query, flags, 4);
AT(interlock_checkpoint_query, thread_id, 8);
AT(interlock_checkpoint_query, checkpoint_ns, 24);
AT(interlock_checkpoint_query, checkpoint_id, 40);
AT(interlock_checkpoint_query, before_id, 56);
AT(interlock_checkpoint_query, filter, 72);
AT(interlock_checkpoint_query, cursor, 88);
AT(interlock_checkpoint_query, limit, 104);
AT(interlock_checkpoint_query, reserved, 108);

SIZE(interlock_checkpoint, 160);
AT(interlock_checkpoint, thread_id, 0);
AT(interlock_checkpoint, checkpoint_ns, 16);
AT(interlock_checkpoint, checkpoint_id, 32);
AT(interlock_checkpoint, parent_id, 48);
AT(interlock_checkpoint, type, 64);
AT(interlock_checkpoint, body, 80);
AT(interlock_checkpoint, metadata, 96);
AT(interlock_checkpoint, versions, 112);
AT(interlock_checkpoint, version_count, 120);
AT(interlock_checkpoint, value_indexes, 128);
AT(interlock_checkpoint, value_count, 136);
AT(interlock_checkpoint, writes, 144);
AT(interlock_checkpoint, write_count, 152);

SIZE(interlock_checkpoint_page, 56);
AT(interlock_checkpoint_page, struct_size, 0);
AT(interlock_checkpoint_page, reserved, 4);
AT(interlock_checkpoint_page, checkpoints, 8);
AT(interlock_checkpoint_page, checkpoint_count, 16);
AT(interlock_checkpoint_page, values, 24);
AT(interlock_checkpoint_page, value_count, 32);
AT(interlock_checkpoint_page, cursor, 40);

SIZE(interlock_channel_history, 88);
AT(interlock_channel_history, seed, 0);
AT(interlock_channel_history, writes, 72);
AT(interlock_channel_history, write_count, 80);

SIZE(interlock_history, 24);
AT(interlock_history, struct_size, 0);
AT(interlock_history, reserved, 4);
AT(interlock_history, channels, 8);
AT(interlock_history, channel_count, 16);
#endif

typedef struct name_row {
  interlock_status status;
  const char *name;
} name_row;

static const name_row names[] = {
    {INTERLOCK_OK, "OK"},
    {INTERLOCK_MISUSE, "MISUSE"},
    {INTERLOCK_INVALID_ARGUMENT, "INVALID_ARGUMENT"},
    {INTERLOCK_INVALID_UTF8, "INVALID_UTF8"},
    {INTERLOCK_TOO_LARGE, "TOO_LARGE"},
    {INTERLOCK_UNSUPPORTED, "UNSUPPORTED"},
    {INTERLOCK_INVALID_JSON, "INVALID_JSON"},
    {INTERLOCK_BAD_HANDLE, "BAD_HANDLE"},
    {INTERLOCK_CLOSED, "CLOSED"},
    {INTERLOCK_FORKED, "FORKED"},
    {INTERLOCK_NOT_FOUND, "NOT_FOUND"},
    {INTERLOCK_BUSY, "BUSY"},
    {INTERLOCK_READ_ONLY, "READ_ONLY"},
    {INTERLOCK_DISK_FULL, "DISK_FULL"},
    {INTERLOCK_IO, "IO"},
    {INTERLOCK_CORRUPT, "CORRUPT"},
    {INTERLOCK_FOREIGN_FILE, "FOREIGN_FILE"},
    {INTERLOCK_NEWER_SCHEMA, "NEWER_SCHEMA"},
    {INTERLOCK_CANNOT_OPEN, "CANNOT_OPEN"},
    {INTERLOCK_NO_MEMORY, "NO_MEMORY"},
    {INTERLOCK_ALREADY_EXISTS, "ALREADY_EXISTS"},
    {INTERLOCK_THREAD_BUSY, "THREAD_BUSY"},
    {INTERLOCK_FENCED, "FENCED"},
    {INTERLOCK_NOT_INTERRUPTED, "NOT_INTERRUPTED"},
    {INTERLOCK_UNKNOWN_INTERRUPT, "UNKNOWN_INTERRUPT"},
    {INTERLOCK_AMBIGUOUS_INTERRUPT, "AMBIGUOUS_INTERRUPT"},
    {INTERLOCK_DIVERGED, "DIVERGED"},
    {INTERLOCK_DUPLICATE_KEY, "DUPLICATE_KEY"},
    {INTERLOCK_NOT_RUNNING, "NOT_RUNNING"},
    {INTERLOCK_REVIEW_REQUIRED, "REVIEW_REQUIRED"},
    {INTERLOCK_INVALID_PAYLOAD, "INVALID_PAYLOAD"},
    {INTERLOCK_INVALID_RESPONSE, "INVALID_RESPONSE"},
    {INTERLOCK_INVALID_POLICY, "INVALID_POLICY"},
    {INTERLOCK_INVALID_DEADLINE, "INVALID_DEADLINE"},
    {INTERLOCK_INVALID_OUTCOME, "INVALID_OUTCOME"},
    {INTERLOCK_UNKNOWN_REVIEW, "UNKNOWN_REVIEW"},
    {INTERLOCK_UNKNOWN_POLICY, "UNKNOWN_POLICY"},
    {INTERLOCK_AMBIGUOUS_REVIEW, "AMBIGUOUS_REVIEW"},
    {INTERLOCK_ALREADY_RESOLVED, "ALREADY_RESOLVED"},
    {INTERLOCK_EXPIRED, "EXPIRED"},
    {INTERLOCK_CANCELLED, "CANCELLED"},
    {INTERLOCK_SUPERSEDED, "SUPERSEDED"},
    {INTERLOCK_NOT_AUTHORIZED, "NOT_AUTHORIZED"},
    {INTERLOCK_WRONG_STAGE, "WRONG_STAGE"},
    {INTERLOCK_ALREADY_VOTED, "ALREADY_VOTED"},
    {INTERLOCK_SELF_APPROVAL, "SELF_APPROVAL"},
    {INTERLOCK_CONFLICT, "CONFLICT"},
    {INTERLOCK_IDEMPOTENCY_MISMATCH, "IDEMPOTENCY_MISMATCH"},
    {INTERLOCK_ARGS_CHANGED, "ARGS_CHANGED"},
    {INTERLOCK_ALREADY_USED, "ALREADY_USED"},
    {INTERLOCK_UNKNOWN_EFFECT, "UNKNOWN_EFFECT"},
    {INTERLOCK_NOT_USED, "NOT_USED"},
    {INTERLOCK_UNKNOWN_PERMIT, "UNKNOWN_PERMIT"},
    {INTERLOCK_TOKEN_INVALID, "TOKEN_INVALID"},
    {INTERLOCK_TOKEN_USED, "TOKEN_USED"},
    {INTERLOCK_TOKEN_EXPIRED, "TOKEN_EXPIRED"},
    {INTERLOCK_SIGNATURE_INVALID, "SIGNATURE_INVALID"},
    {INTERLOCK_TIMESTAMP_STALE, "TIMESTAMP_STALE"},
    {INTERLOCK_TIMEOUT, "TIMEOUT"},
    {INTERLOCK_WAIT_CANCELLED, "WAIT_CANCELLED"},
    {INTERLOCK_INVALID_ITERATION, "INVALID_ITERATION"},
    {INTERLOCK_IN_GROUP, "IN_GROUP"},
    {INTERLOCK_UNKNOWN_MESSAGE, "UNKNOWN_MESSAGE"},
    {INTERLOCK_INTERNAL, "INTERNAL"},
};

static const char *expected_name(interlock_status status) {
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (names[i].status == status) return names[i].name;
  return "UNKNOWN";
}

void library_groups(void) {
  check_group("library: version and ABI", NULL);
  CHECK(strcmp(interlock_library_version(), INTERLOCK_VERSION) == 0);
  CHECK(interlock_library_abi() == INTERLOCK_ABI_VERSION);

  check_group("library: every status has its name", NULL);
  for (interlock_status status = -2; status <= 120; status++)
    CHECK(strcmp(interlock_status_name(status), expected_name(status)) == 0);
  CHECK(strcmp(interlock_status_name(INT32_MIN), "UNKNOWN") == 0);
  CHECK(strcmp(interlock_status_name(INT32_MAX), "UNKNOWN") == 0);
}
