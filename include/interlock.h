/*
 * interlock.h - the C interface of Interlock, and its specification.
 *
 * Interlock is an embeddable human-in-the-loop core. An agent that is about to do something that
 * matters stops, a person decides, and the agent goes on: later, in another process, exactly once.
 * What is not in this file is not part of the interface.
 *
 * CONVENTIONS
 *
 * 1. Names. interlock_<noun>_<verb>. Macros begin with INTERLOCK_. Outputs are called out_* and
 *    come last but the error.
 * 2. Status. Every function that can fail returns an interlock_status: INTERLOCK_OK or one of the
 *    numbers below. The number alone is enough to branch on. Numbers are never reused.
 * 3. Errors. The last parameter `out_error` may be NULL. If it is not, it is set to NULL on success
 *    and to an error object on failure. The caller owns the object and frees it with
 *    interlock_error_free. There is no global or per-thread error state.
 * 4. Outputs. Every out_* is set to NULL on entry. On failure it stays NULL, unless the function
 *    says otherwise. An out_* pointer other than out_error must not be NULL (INTERLOCK_MISUSE).
 * 5. Ownership. Whatever the library returns through an out_* parameter, the caller owns and frees
 *    with the function named there: one result, one free. Nothing inside a result outlives it, and
 *    nothing borrowed is ever returned. Freeing NULL does nothing. Freeing a result twice is
 *    recognised and does nothing, unless its address was given out again meanwhile.
 * 6. Inputs are pointer and size, or an interlock_bytes. They are copied before the function
 *    returns and need no terminating NUL. NULL with size 0 is empty; NULL with another size is
 *    INTERLOCK_MISUSE.
 * 7. Text is UTF-8. It is validated (INTERLOCK_INVALID_UTF8), never repaired or normalised, and
 *    compared byte by byte. U+0000 is allowed inside text. Inside JSON, what is not UTF-8 is
 *    INTERLOCK_INVALID_JSON.
 * 8. Structs that the caller fills begin with `uint32_t struct_size`, which must be set to
 *    sizeof the struct. Zero in any other field means the default, so `= {0}` is a good start.
 *    Later versions append fields and accept the smaller, older size; a size this version does not
 *    know is INTERLOCK_UNSUPPORTED if a field it does not know is set, and so is a size below that
 *    of the first release or above 4096, and a reserved field that is not 0. Structs that stand in
 *    arrays (interlock_bytes, interlock_channel_version, interlock_channel_value,
 *    interlock_channel_history, interlock_write_value, interlock_write, interlock_checkpoint) never
 *    change their size.
 * 9. Limits. Checked before anything else happens (INTERLOCK_TOO_LARGE): ids, names and versions
 *    512 bytes; namespaces 4096 bytes; task paths 4096 bytes; type tags 64 bytes; JSON 8 MiB and
 *    depth 64; one value, body or write 1 GiB (configurable downwards with max_value_bytes); arrays
 *    65536 elements; paths of databases 4096 bytes; a title, summary or remark 64 KiB; the text of a
 *    message 1 MiB. A SQLite file takes of one checkpoint, its values apart, at most 1,000,000,000
 *    bytes, the limit of a row; that is found when it is stored.
 * 10. Handles (interlock_engine, interlock_cancel, interlock_run) are tokens, not addresses. NULL, a closed, stale,
 *    forged or wrong-kind handle gives a status and never a crash.
 * 11. Documents. What people see (reviews, policies, events, audit) goes in and comes out as UTF-8
 *    JSON; its members are described where the functions are. A request document must be an object;
 *    a member that is not described is refused, except those that begin with "x-". Read strictly:
 *    duplicate keys, invalid UTF-8, lone surrogates, NaN and numbers that cannot be kept are
 *    INTERLOCK_INVALID_JSON; integers keep their digits. A request of the wrong shape is
 *    INTERLOCK_INVALID_ARGUMENT with the JSON pointer of the member in the error's path; in what a
 *    person will be asked it is INVALID_PAYLOAD, in a policy INVALID_POLICY.
 * 12. Time is milliseconds since 1970-01-01T00:00:00Z, durations are milliseconds.
 *
 * THREADS AND FORKS
 *
 * - Every function may be called from any thread at any time, on the same handle too. No function
 *   calls back into the caller. The library installs no signal handler. It has two threads per engine
 *   at most, which take no signals: one where it is asked for (INTERLOCK_OPEN_TIMER and
 *   interlock_engine_event_fd), and one that commits for the others while several write at once, and
 *   that ends a second after. Where the system has no thread to give, the callers do without.
 * - interlock_engine_close may run beside other calls: those that have begun finish, those that
 *   begin later get INTERLOCK_CLOSED.
 * - A result belongs to one owner. Different threads may read one result; only one may free it.
 * - After fork() the child must not use a handle of its parent: every call on one returns
 *   INTERLOCK_FORKED and touches nothing. The child opens an engine of its own, on the same file if
 *   it likes. fork() itself waits for a transaction that is being committed.
 * - Do not open one database file through a second copy of SQLite in the same process (a static or
 *   bundled one): POSIX drops all locks of a process on a file when any descriptor of it is closed,
 *   and committed rows can be lost. This library uses the system's libsqlite3 and shares it with
 *   everybody who does the same. See https://www.sqlite.org/howtocorrupt.html section 2.2.
 * - Do not put the database on a network file system, and do not copy, move or delete it while it is
 *   open: https://www.sqlite.org/wal.html.
 *
 * VERSIONS
 *
 * "Since" names the release that brought a function. INTERLOCK_ABI_VERSION is the number in the
 * SONAME; it changes only if a program built against an older header would break.
 */
#ifndef INTERLOCK_H
#define INTERLOCK_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* For the Swift importer only: an un-annotated pointer would be implicitly unwrapped there. */
#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wnullability-extension"
#define INTERLOCK_NULLABLE _Nullable
#else
#define INTERLOCK_NULLABLE
#endif

#define INTERLOCK_VERSION "0.1.0"
#define INTERLOCK_ABI_VERSION 1

/* ------------------------------------------------------------------------------------- status */

/** The outcome of a call. Since 0.1. */
typedef int32_t interlock_status;

/** It worked. */
#define INTERLOCK_OK 0

/* 10-19: the caller's arguments. Nothing was changed. */

/** A required pointer is NULL, or a NULL pointer came with a size. */
#define INTERLOCK_MISUSE 10
/** An argument has a value that is not allowed; the message names the argument. */
#define INTERLOCK_INVALID_ARGUMENT 11
/** A text argument is not UTF-8. */
#define INTERLOCK_INVALID_UTF8 12
/** An argument is larger than its limit (convention 9). */
#define INTERLOCK_TOO_LARGE 13
/** A flag, struct size or URL scheme that this version does not know, or a SQLite that will not do. */
#define INTERLOCK_UNSUPPORTED 14
/** An argument is not valid JSON, or the filter or metadata of a checkpoint is no object. */
#define INTERLOCK_INVALID_JSON 15

/* 20-29: handles. Nothing was changed. */

/** Not a handle of this kind: NULL, forged, or another kind. */
#define INTERLOCK_BAD_HANDLE 20
/** The handle was closed. */
#define INTERLOCK_CLOSED 21
/** The handle belongs to the parent process; open a new one after fork(). */
#define INTERLOCK_FORKED 22

/* 30-49: the store. The request was rolled back as a whole. */

/** There is no such thread or checkpoint. */
#define INTERLOCK_NOT_FOUND 30
/** Other processes kept the database busy for the whole of busy_timeout_ms. */
#define INTERLOCK_BUSY 31
/** The database is read-only (opened so, no permission, or a read-only file system). */
#define INTERLOCK_READ_ONLY 32
/** The disk or the quota is full. */
#define INTERLOCK_DISK_FULL 33
/** The operating system reported an input or output error. The call was undone, and stays so if the
    process dies; if the machine loses power before anything else is stored, it may be found done, whole. */
#define INTERLOCK_IO 34
/** The database is damaged; interlock_engine_check tells where. */
#define INTERLOCK_CORRUPT 35
/** The file is a database of another program, or not a database. */
#define INTERLOCK_FOREIGN_FILE 36
/** The database was written by a newer version of Interlock. */
#define INTERLOCK_NEWER_SCHEMA 37
/** The database cannot be opened: a directory, a missing folder, no permission. */
#define INTERLOCK_CANNOT_OPEN 38
/** Out of memory. */
#define INTERLOCK_NO_MEMORY 39

/** The target exists already and would have to be overwritten. */
#define INTERLOCK_ALREADY_EXISTS 40

/* 41-49: runs. Nothing was changed. Details: {"code","message",...}. */

/** Another worker has the lease of this thread. */
#define INTERLOCK_THREAD_BUSY 41
/** The lease is lost: another worker has taken over, or the run was cancelled, or the delivery given up. */
#define INTERLOCK_FENCED 42
/** A resume, and nothing waits for a value. */
#define INTERLOCK_NOT_INTERRUPTED 43
/** There is no such interrupt in the run of this thread. */
#define INTERLOCK_UNKNOWN_INTERRUPT 44
/** A resume without a name, and several interrupts wait. */
#define INTERLOCK_AMBIGUOUS_INTERRUPT 45
/** The program has changed between pause and resume: details say which key was recorded, which came. */
#define INTERLOCK_DIVERGED 46
/** A key was used before in this run. */
#define INTERLOCK_DUPLICATE_KEY 47
/** The run is not under way: it has ended, failed or waits. */
#define INTERLOCK_NOT_RUNNING 48
/** A review decides about this interrupt: answer the review. */
#define INTERLOCK_REVIEW_REQUIRED 49

/* 50-69: reviews. Refusals: nothing was changed but the audit trail. The error's details are
 * {"code","message","problems"?,"successor"?}; the names below are the codes. problems is an array of
 * {"code","path","message","expected"?,"got"?}, every problem at once, path a JSON pointer (RFC 6901)
 * into the payload ("/payload/...") or the response. */

/** A review cannot be opened as defined; problems say why. */
#define INTERLOCK_INVALID_PAYLOAD 50
/** The answer does not fit the question; problems say why. The review stays answerable. */
#define INTERLOCK_INVALID_RESPONSE 51
/** A policy cannot be kept: without approver, a quorum above the approvers, ... */
#define INTERLOCK_INVALID_POLICY 52
/** A deadline in the past, beyond the year 9999, or not a number. */
#define INTERLOCK_INVALID_DEADLINE 53
/** An outcome word that is unknown or does not fit the review. */
#define INTERLOCK_INVALID_OUTCOME 54
/** There is no such review. */
#define INTERLOCK_UNKNOWN_REVIEW 55
/** There is no such policy. */
#define INTERLOCK_UNKNOWN_POLICY 56
/** A thread or external id was named, and several reviews fit. */
#define INTERLOCK_AMBIGUOUS_REVIEW 57
/** The review is resolved already, by another answer. */
#define INTERLOCK_ALREADY_RESOLVED 58
/** The deadline has passed. */
#define INTERLOCK_EXPIRED 59
/** The review was cancelled. */
#define INTERLOCK_CANCELLED 60
/** Another review took the place of this one: "successor" in the details. */
#define INTERLOCK_SUPERSEDED 61
/** The actor is no approver of the open stage. Nothing was consumed. */
#define INTERLOCK_NOT_AUTHORIZED 62
/** The answer is for a stage that is not open. */
#define INTERLOCK_WRONG_STAGE 63
/** The actor answered this stage otherwise, or an earlier one where that is forbidden. */
#define INTERLOCK_ALREADY_VOTED 64
/** The requester must not decide. */
#define INTERLOCK_SELF_APPROVAL 65
/** Somebody else has claimed the review, or the revision is not the one expected. Of a delivery: it is not
 * in a state for that, or was reported otherwise before. */
#define INTERLOCK_CONFLICT 66
/** The idempotency key came with another content before. */
#define INTERLOCK_IDEMPOTENCY_MISMATCH 67

/* 70-74: permits. Nothing was changed but the audit trail. */

/** The tool or the arguments are not those that were approved. */
#define INTERLOCK_ARGS_CHANGED 70
/** The permit was used. */
#define INTERLOCK_ALREADY_USED 71
/** The permit was used and nobody reported: the effect may have happened. */
#define INTERLOCK_UNKNOWN_EFFECT 72
/** A report about a permit that was not used. */
#define INTERLOCK_NOT_USED 73
/** There is no such permit. */
#define INTERLOCK_UNKNOWN_PERMIT 74

/* 75-79: tokens and webhooks. Nothing was changed but the audit trail of tokens. Details:
 * {"code","message"}. */

/** Forged, changed, cut off, revoked, forgotten, of another store or for another purpose. */
#define INTERLOCK_TOKEN_INVALID 75
/** The token was used. */
#define INTERLOCK_TOKEN_USED 76
/** The token has expired. */
#define INTERLOCK_TOKEN_EXPIRED 77
/** No signature of the webhook fits: another secret, another body, another id or time. */
#define INTERLOCK_SIGNATURE_INVALID 78
/** The webhook is signed, and too old or too far in the future. */
#define INTERLOCK_TIMESTAMP_STALE 79

/* 80-84: waiting. The review itself is unchanged. */

/** The time that the caller was willing to wait has passed. */
#define INTERLOCK_TIMEOUT 80
/** The wait was cancelled through its interlock_cancel. */
#define INTERLOCK_WAIT_CANCELLED 81

/* 85-89: messages. Nothing was changed. Details: {"code","message"}. */

/** No other try can follow that message: it is missing, in another channel, or not decided. */
#define INTERLOCK_INVALID_ITERATION 85
/** The message is one of several tries and is not deleted alone. */
#define INTERLOCK_IN_GROUP 86
/** There is no such message. */
#define INTERLOCK_UNKNOWN_MESSAGE 87

/* 90-99 */

/** A defect of Interlock. Please report the message. */
#define INTERLOCK_INTERNAL 90

/* -------------------------------------------------------------------------------- shared types */

/** Bytes or UTF-8 text. Not NUL-terminated. NULL only with size 0. Since 0.1. */
typedef struct interlock_bytes {
  const void *INTERLOCK_NULLABLE data;
  size_t size;
} interlock_bytes;

/**
 * What went wrong. Owned by the caller; free with interlock_error_free. Since 0.1.
 *
 * message: one English line that names the argument or the thing; not for parsing.
 * path:    the JSON pointer or field name of the offending part, or empty.
 * details: a JSON object with more, or empty.
 */
typedef struct interlock_error {
  uint32_t struct_size;
  interlock_status code;
  interlock_bytes message;
  interlock_bytes path;
  interlock_bytes details;
} interlock_error;

/** One owned piece of bytes, mostly UTF-8 JSON. Free with interlock_buffer_free. Since 0.1. */
typedef struct interlock_buffer {
  uint32_t struct_size;
  uint32_t reserved;
  interlock_bytes content;
} interlock_buffer;

/** An open store. A token (convention 10); never dereference it. */
typedef struct interlock_engine interlock_engine;

/** A worker's work on a run. A token (convention 10); never dereference it. Since 0.1. */
typedef struct interlock_run interlock_run;

/** Ends waits from another thread. A token (convention 10); never dereference it. Since 0.1. */
typedef struct interlock_cancel interlock_cancel;

/* ------------------------------------------------------------------------------------- library */

/**
 * The release of the loaded library, e.g. "0.1.0". Static storage: do not free. Never NULL.
 * Thread rule: any thread. Since 0.1.
 */
const char *INTERLOCK_NULLABLE interlock_library_version(void);

/**
 * The ABI of the loaded library. Compare with INTERLOCK_ABI_VERSION after loading.
 * Thread rule: any thread. Since 0.1.
 */
uint32_t interlock_library_abi(void);

/**
 * The name of a status without its prefix, e.g. "NOT_FOUND", or "UNKNOWN" for a number that is not
 * in this file. Static storage: do not free. Never NULL. Thread rule: any thread. Since 0.1.
 */
const char *INTERLOCK_NULLABLE interlock_status_name(interlock_status status);

/** Frees an error. NULL is allowed. Thread rule: one owner. Since 0.1. */
void interlock_error_free(interlock_error *INTERLOCK_NULLABLE error);

/** Frees a buffer. NULL is allowed. Thread rule: one owner. Since 0.1. */
void interlock_buffer_free(interlock_buffer *INTERLOCK_NULLABLE buffer);

/* -------------------------------------------------------------------------------------- engine */

/** interlock_engine_options.flags: open for reading only; never creates a file. */
#define INTERLOCK_OPEN_READ_ONLY 1u
/** interlock_engine_options.flags: the file must exist already. */
#define INTERLOCK_OPEN_EXISTING 2u
/** interlock_engine_options.flags: time stands still but for interlock_engine_set_time. */
#define INTERLOCK_OPEN_MANUAL_CLOCK 4u
/** interlock_engine_options.flags: a thread fires deadlines and reminders when they are due. */
#define INTERLOCK_OPEN_TIMER 8u

/** interlock_engine_options.durability: an acknowledged call survives kill -9 and power loss. */
#define INTERLOCK_DURABILITY_FULL 0u
/** interlock_engine_options.durability: survives kill -9; power loss may undo the last calls. */
#define INTERLOCK_DURABILITY_NORMAL 1u

/**
 * How to open an engine. Zero means the default. Since 0.1.
 *
 * flags:            INTERLOCK_OPEN_* or 0. A store in memory takes neither READ_ONLY nor EXISTING
 *                   (INVALID_ARGUMENT).
 * durability:       INTERLOCK_DURABILITY_*; how checkpoints and writes are committed. A store in
 *                   memory ignores it.
 * busy_timeout_ms:  how long a call waits for other processes, default 30000.
 * cache_bytes:      memory for the newest values of each channel, default 64 MiB. The cache makes
 *                   put cheap: unchanged bytes cost neither a hash nor a look-up.
 * max_value_bytes:  limit of one value, body or write; default and maximum 1 GiB.
 * max_database_bytes: the file is never made larger (INTERLOCK_DISK_FULL); 0 is no limit.
 *                   At least 65536, rounded down to whole pages. SQLite files only.
 * manual_time_ms:   the time at which a manual clock begins; needs INTERLOCK_OPEN_MANUAL_CLOCK.
 * signing_key:      an Ed25519 seed of 32 bytes that signs decision receipts. Empty: a key is made at
 *                   the first receipt and kept in the database, where whoever can write the file can
 *                   also sign.
 */
typedef struct interlock_engine_options {
  uint32_t struct_size;
  uint32_t flags;
  uint32_t durability;
  uint32_t busy_timeout_ms;
  uint64_t cache_bytes;
  uint64_t max_value_bytes;
  uint64_t max_database_bytes;
  int64_t manual_time_ms;
  interlock_bytes signing_key;
} interlock_engine_options;

/**
 * Opens or creates a store.
 *
 * url, url_size:  a file path; ":memory:" for a private SQLite database in memory; "memory:" for
 *                 the reference store without SQLite. "sqlite:PATH" is the file PATH. Any other
 *                 "scheme://" is INTERLOCK_UNSUPPORTED.
 * options:        may be NULL for all defaults.
 * out_engine:     the handle. Close it with interlock_engine_close.
 *
 * Any number of engines, threads and processes may open one file. The first open creates the
 * tables; simultaneous first opens are safe. The SQLite that the process has loaded must be 3.37.0
 * or newer and built for more than one thread, and for a file with the write-ahead log: otherwise
 * INTERLOCK_UNSUPPORTED, and the message says what is missing.
 *
 * Statuses: OK, MISUSE, INVALID_ARGUMENT, INVALID_UTF8, TOO_LARGE, UNSUPPORTED, BUSY, READ_ONLY,
 * DISK_FULL, IO, CORRUPT, FOREIGN_FILE, NEWER_SCHEMA, CANNOT_OPEN, NO_MEMORY, INTERNAL.
 * Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_engine_open(
    const char *INTERLOCK_NULLABLE url, size_t url_size,
    const interlock_engine_options *INTERLOCK_NULLABLE options,
    interlock_engine *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_engine,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/**
 * Closes an engine. Calls that have begun finish first; the handle is dead at once.
 *
 * Statuses: OK, BAD_HANDLE, CLOSED (closed before), FORKED, INTERNAL.
 * Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_engine_close(
    interlock_engine *INTERLOCK_NULLABLE engine,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/**
 * Describes an engine as JSON:
 * {"store":"sqlite"|"memory","path":string|null,"read_only":bool,"durability":"full"|"normal",
 *  "schema":integer,"library":string,"sqlite":string|null,"public_key":base64|null}
 * public_key verifies decision receipts; null until there is a key.
 *
 * out_json: free with interlock_buffer_free.
 *
 * Statuses: OK, MISUSE, BAD_HANDLE, CLOSED, FORKED, NO_MEMORY, INTERNAL.
 * Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_engine_info(
    interlock_engine *INTERLOCK_NULLABLE engine,
    interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_json,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/**
 * Verifies the store: SQLite's own integrity check, every checkpoint, chunk and inline value against
 * its digest, every manifest against its chunks, that no chunk is kept for nothing; every review
 * against the rules (nothing after a final state, quorum arithmetic), every run against its journal, the
 * events for gaps, and the chain of the audit.
 *
 * out_json: {"ok":bool,"threads":n,"checkpoints":n,"values":n,"writes":n,"chunks":n,"reviews":n,
 *           "events":n,"audit":n,"runs":n,
 *           "problems":[{"kind":string,"where":string,"message":string}, ...]}, at most 100
 *           problems. Set with INTERLOCK_OK and with INTERLOCK_CORRUPT. Free with
 *           interlock_buffer_free.
 *
 * It reads one thread at a time and holds no lock between threads; writers go on.
 *
 * Statuses: OK (sound), CORRUPT (problems found, out_json set), MISUSE, BAD_HANDLE, CLOSED, FORKED,
 * BUSY, IO, NO_MEMORY, INTERNAL. Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_engine_check(
    interlock_engine *INTERLOCK_NULLABLE engine,
    interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_json,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/* ------------------------------------------------------------------------------------- threads */

/**
 * Deletes a thread with its checkpoints, values and writes, in all namespaces, and gives the space
 * back to the file system. A thread that does not exist is INTERLOCK_OK: deleting is idempotent.
 * What is deleted is not overwritten: its bytes may stay on the medium until something else is there.
 *
 * thread_id: 1 to 512 bytes of UTF-8.
 *
 * Statuses: OK, MISUSE, INVALID_ARGUMENT, INVALID_UTF8, TOO_LARGE, BAD_HANDLE, CLOSED, FORKED,
 * BUSY, READ_ONLY, DISK_FULL, IO, CORRUPT, NO_MEMORY, INTERNAL.
 * Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_thread_delete(
    interlock_engine *INTERLOCK_NULLABLE engine,
    const char *INTERLOCK_NULLABLE thread_id, size_t thread_id_size,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/**
 * Copies all checkpoints, values and writes of one thread into a new one, in one transaction. Ids,
 * parents, metadata and versions stay the same.
 *
 * source_id, target_id: 1 to 512 bytes of UTF-8, not equal (INVALID_ARGUMENT).
 *
 * Statuses: OK, NOT_FOUND (no such source), ALREADY_EXISTS (the target), MISUSE, INVALID_ARGUMENT,
 * INVALID_UTF8, TOO_LARGE, BAD_HANDLE, CLOSED, FORKED, BUSY, READ_ONLY, DISK_FULL, IO, CORRUPT,
 * NO_MEMORY, INTERNAL. Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_thread_copy(
    interlock_engine *INTERLOCK_NULLABLE engine,
    const char *INTERLOCK_NULLABLE source_id, size_t source_id_size,
    const char *INTERLOCK_NULLABLE target_id, size_t target_id_size,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/** interlock_thread_prune: keep the newest checkpoint of each namespace, and its history if needed. */
#define INTERLOCK_PRUNE_KEEP_LATEST 1u
/** interlock_thread_prune: delete the threads. */
#define INTERLOCK_PRUNE_DELETE 2u

/**
 * Prunes threads, each in one transaction of its own. With KEEP_LATEST the newest checkpoint of
 * each namespace stays with its writes. If its metadata names delta channels
 * ("counters_since_delta_snapshot"), the ancestors back to each channel's stored value stay too,
 * because the channel is rebuilt from their writes. Threads that do not exist are skipped.
 *
 * thread_ids, thread_count: 0 to 65536 ids of 1 to 512 bytes of UTF-8.
 * strategy:                 INTERLOCK_PRUNE_*.
 *
 * Statuses: OK, MISUSE, INVALID_ARGUMENT, INVALID_UTF8, TOO_LARGE, BAD_HANDLE, CLOSED, FORKED,
 * BUSY, READ_ONLY, DISK_FULL, IO, CORRUPT, NO_MEMORY, INTERNAL.
 * Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_thread_prune(
    interlock_engine *INTERLOCK_NULLABLE engine,
    const interlock_bytes *INTERLOCK_NULLABLE thread_ids, size_t thread_count, uint32_t strategy,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/**
 * What a thread stores, as JSON:
 * {"total_bytes":n,"checkpoints":{"count":n,"bytes":n},
 *  "channel_values":{"count":n,"bytes":n,"logical_bytes":n,"by_channel":{name:n, ...}},
 *  "chunks":{"count":n,"bytes":n},"pending_writes":{"count":n,"bytes":n}}
 * bytes are stored bytes of payload, without the overhead of rows and indexes. logical_bytes and
 * by_channel count each value at its full length, as if nothing were shared. Shared chunks are
 * counted once, under "chunks". total_bytes is the sum of the four "bytes".
 *
 * thread_id: 1 to 512 bytes of UTF-8.
 * out_json:  free with interlock_buffer_free.
 *
 * Statuses: OK, NOT_FOUND, MISUSE, INVALID_ARGUMENT, INVALID_UTF8, TOO_LARGE, BAD_HANDLE, CLOSED,
 * FORKED, BUSY, IO, CORRUPT, NO_MEMORY, INTERNAL. Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_thread_storage(
    interlock_engine *INTERLOCK_NULLABLE engine,
    const char *INTERLOCK_NULLABLE thread_id, size_t thread_id_size,
    interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_json,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/**
 * Lists thread ids in ascending byte order, as JSON: {"threads":[string, ...],"next":string|null}.
 *
 * after:    list ids greater than this one; empty for the start. Pass "next" for the next page.
 * limit:    1 to 1000; 0 is 100.
 * out_json: free with interlock_buffer_free.
 *
 * Statuses: OK, MISUSE, INVALID_ARGUMENT, INVALID_UTF8, TOO_LARGE, BAD_HANDLE, CLOSED, FORKED,
 * BUSY, IO, CORRUPT, NO_MEMORY, INTERNAL. Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_thread_list(
    interlock_engine *INTERLOCK_NULLABLE engine,
    const char *INTERLOCK_NULLABLE after, size_t after_size, uint32_t limit,
    interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_json,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/* --------------------------------------------------------------------------------- checkpoints */

/** The version of one channel at a checkpoint. Both are 1 to 512 bytes of UTF-8. */
typedef struct interlock_channel_version {
  interlock_bytes channel;
  interlock_bytes version;
} interlock_channel_version;

/** interlock_channel_value.flags: the channel has no value at this version; type and data unused. */
#define INTERLOCK_VALUE_EMPTY 1u

/** The value of a channel at a version: a type tag of the caller's serializer and opaque bytes. */
typedef struct interlock_channel_value {
  interlock_bytes channel;
  interlock_bytes version;
  interlock_bytes type;
  interlock_bytes data;
  uint32_t flags;
  uint32_t reserved;
} interlock_channel_value;

/** One value of a pending write, as given to interlock_checkpoint_put_writes. */
typedef struct interlock_write_value {
  interlock_bytes channel;
  interlock_bytes type;
  interlock_bytes data;
} interlock_write_value;

/** One stored pending write, as returned with a checkpoint. */
typedef struct interlock_write {
  interlock_bytes task_id;
  interlock_bytes task_path;
  interlock_bytes channel;
  interlock_bytes type;
  interlock_bytes data;
  int32_t index;
  uint32_t reserved;
} interlock_write;

/** flags of interlock_checkpoint_input and interlock_write_input: a graph of LangGraph stores this.
    What it asks becomes reviews, and what it leaves behind ends them, in the same transaction. */
#define INTERLOCK_PUT_GRAPH 1u
/** Refuses to store, with THREAD_BUSY, while somebody else has a claim on the thread. Needs
    INTERLOCK_PUT_GRAPH. */
#define INTERLOCK_PUT_EXCLUSIVE 2u

/**
 * A checkpoint to store. Since 0.1.
 *
 * thread_id:      1 to 512 bytes. The thread is created if it does not exist.
 * checkpoint_ns:  namespace, "" is the root.
 * checkpoint_id:  1 to 512 bytes. Byte order is time order: the greatest id is the latest.
 * parent_id:      the checkpoint before this one, or empty. It need not exist.
 * type, body:     the serialized checkpoint without its channel values; opaque.
 * metadata:       a JSON object, or empty for {}. A string member "run_id" is indexed.
 * versions:       every channel of the checkpoint with its version, each channel once. One that has no value
 *                 here and that the parent does not have is looked for in all of the namespace.
 * values:         the channels whose version is new, each once. Versions are immutable: under one
 *                 (thread, namespace, channel, version) only one value is ever to be given. What this
 *                 checkpoint has under it already is kept as it is; if two checkpoints give different
 *                 values, either may be read at a third one.
 * fence:          of the claim that the caller has on the thread, see interlock_graph_claim; 0 without
 *                 one. Needs INTERLOCK_PUT_GRAPH.
 */
typedef struct interlock_checkpoint_input {
  uint32_t struct_size;
  uint32_t flags; /* INTERLOCK_PUT_GRAPH, INTERLOCK_PUT_EXCLUSIVE */
  interlock_bytes thread_id;
  interlock_bytes checkpoint_ns;
  interlock_bytes checkpoint_id;
  interlock_bytes parent_id;
  interlock_bytes type;
  interlock_bytes body;
  interlock_bytes metadata;
  const interlock_channel_version *INTERLOCK_NULLABLE versions;
  size_t version_count;
  const interlock_channel_value *INTERLOCK_NULLABLE values;
  size_t value_count;
  int64_t fence;
} interlock_checkpoint_input;

/**
 * Stores a checkpoint and its new channel values in one transaction. Storing an id again replaces
 * that checkpoint (type, body, metadata, versions, parent) and leaves its writes.
 *
 * input: must not be NULL.
 *
 * With INTERLOCK_PUT_GRAPH the questions that older checkpoints of this namespace, and of those nested in
 * it, have open are over: their reviews are superseded.
 *
 * Statuses: OK, MISUSE, INVALID_ARGUMENT, INVALID_UTF8, INVALID_JSON, TOO_LARGE, UNSUPPORTED,
 * THREAD_BUSY, FENCED, NOT_RUNNING, BAD_HANDLE, CLOSED, FORKED, BUSY, READ_ONLY, DISK_FULL, IO,
 * CORRUPT, NO_MEMORY, INTERNAL.
 * Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_checkpoint_put(
    interlock_engine *INTERLOCK_NULLABLE engine,
    const interlock_checkpoint_input *INTERLOCK_NULLABLE input,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/**
 * The pending writes of one task at one checkpoint. Since 0.1.
 *
 * checkpoint_id: need not exist (yet): writes may be stored before their checkpoint.
 * task_id:       1 to 512 bytes.
 * task_path:     orders the writes of different tasks; may be empty.
 * fence:         as in interlock_checkpoint_input.
 * questions:     what the task asks people, or empty. Needs INTERLOCK_PUT_GRAPH. A JSON object:
 *                {"interrupts":[{"id":s,"value":any,"response_schema"?:{},"review"?:{}}],"graph"?:s,
 *                "node"?:s,"review"?:{}}. Each interrupt becomes a review of the kind that its value has the shape
 *                of, freeform if it has none that is known; one that is open already is found again.
 *                graph is the name by which interlock_graph_claim finds it. review has members of
 *                interlock_review_open that hold for all of them: policy, expires_in, on_expiry, channel,
 *                and so on; that of an interrupt says otherwise for this one.
 */
typedef struct interlock_write_input {
  uint32_t struct_size;
  uint32_t flags; /* INTERLOCK_PUT_GRAPH, INTERLOCK_PUT_EXCLUSIVE */
  interlock_bytes thread_id;
  interlock_bytes checkpoint_ns;
  interlock_bytes checkpoint_id;
  interlock_bytes task_id;
  interlock_bytes task_path;
  const interlock_write_value *INTERLOCK_NULLABLE values;
  size_t value_count;
  int64_t fence;
  interlock_bytes questions;
} interlock_write_input;

/**
 * Stores the pending writes of a task in one transaction.
 *
 * The index of a write is its position in the call, or -1, -2, -3, -4 for the channels __error__,
 * __scheduled__, __interrupt__, __resume__. If all channels of a call are of these four, a stored
 * write with the same index is replaced; otherwise every stored write stays as it is and only new
 * indexes are added (the rule of the SQL savers of LangGraph).
 *
 * input: must not be NULL. Without values nothing happens.
 *
 * With INTERLOCK_PUT_GRAPH, writes of a task that has asked before settle its question: with an output or
 * with another question the answer is applied; with __error__ beside __resume__ it has failed.
 *
 * Statuses: OK, MISUSE, INVALID_ARGUMENT, INVALID_UTF8, INVALID_JSON, TOO_LARGE, UNSUPPORTED,
 * INVALID_PAYLOAD, INVALID_POLICY, INVALID_DEADLINE, UNKNOWN_POLICY, THREAD_BUSY, FENCED, NOT_RUNNING,
 * BAD_HANDLE, CLOSED, FORKED, BUSY, READ_ONLY, DISK_FULL, IO, CORRUPT, NO_MEMORY, INTERNAL.
 * Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_checkpoint_put_writes(
    interlock_engine *INTERLOCK_NULLABLE engine,
    const interlock_write_input *INTERLOCK_NULLABLE input,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/** interlock_checkpoint_query.flags: all threads; thread_id must be empty. Listing only: elsewhere
    INTERLOCK_UNSUPPORTED. */
#define INTERLOCK_QUERY_ANY_THREAD 1u
/** interlock_checkpoint_query.flags: all namespaces; checkpoint_ns must be empty. Listing only. */
#define INTERLOCK_QUERY_ANY_NAMESPACE 2u
/** interlock_checkpoint_query.flags: leave out channel values. */
#define INTERLOCK_QUERY_NO_VALUES 4u
/** interlock_checkpoint_query.flags: leave out pending writes. */
#define INTERLOCK_QUERY_NO_WRITES 8u

/**
 * Which checkpoints to read. Since 0.1.
 *
 * thread_id, checkpoint_ns: where; see the ANY flags.
 * checkpoint_id:            this one only; empty is the latest (get) or all (list).
 * before_id:                list: ids less than this one, in byte order; empty is no bound.
 * filter:                   list: a JSON object; a checkpoint matches if each member equals the
 *                           member of its metadata with the same name (a name is literal, not a
 *                           path; objects compare without regard to order; numbers by value; a
 *                           member null also matches a missing one). Empty is no filter.
 * cursor:                   list: the cursor of the page before; empty is the start. It may point
 *                           into that page, which is freed after this call then.
 * limit:                    list: at most this many in this page, 1 to 1000; 0 is 100.
 */
typedef struct interlock_checkpoint_query {
  uint32_t struct_size;
  uint32_t flags;
  interlock_bytes thread_id;
  interlock_bytes checkpoint_ns;
  interlock_bytes checkpoint_id;
  interlock_bytes before_id;
  interlock_bytes filter;
  interlock_bytes cursor;
  uint32_t limit;
  uint32_t reserved;
} interlock_checkpoint_query;

/**
 * A stored checkpoint, part of an interlock_checkpoint_page.
 *
 * The fields are those of interlock_checkpoint_input; parent_id is empty if there is none.
 * value_indexes: the channel values of this checkpoint, as indexes into the page's values. Only
 *                channels that have a value at their version appear. Checkpoints of one page
 *                share values.
 * writes:        its pending writes, ordered by (task_path, task_id, index).
 */
typedef struct interlock_checkpoint {
  interlock_bytes thread_id;
  interlock_bytes checkpoint_ns;
  interlock_bytes checkpoint_id;
  interlock_bytes parent_id;
  interlock_bytes type;
  interlock_bytes body;
  interlock_bytes metadata;
  const interlock_channel_version *INTERLOCK_NULLABLE versions;
  size_t version_count;
  const uint32_t *INTERLOCK_NULLABLE value_indexes;
  size_t value_count;
  const interlock_write *INTERLOCK_NULLABLE writes;
  size_t write_count;
} interlock_checkpoint;

/**
 * Checkpoints, newest first (by id in descending byte order; equal ids of several threads or
 * namespaces, newest stored first). One allocation; free with interlock_checkpoint_page_free.
 * Since 0.1.
 *
 * cursor: pass it in the next query to continue; empty if this was the last page.
 */
typedef struct interlock_checkpoint_page {
  uint32_t struct_size;
  uint32_t reserved;
  const interlock_checkpoint *INTERLOCK_NULLABLE checkpoints;
  size_t checkpoint_count;
  const interlock_channel_value *INTERLOCK_NULLABLE values;
  size_t value_count;
  interlock_bytes cursor;
} interlock_checkpoint_page;

/**
 * Reads one checkpoint: the one named, or the latest of the namespace.
 *
 * query:    must not be NULL; before_id, filter, cursor and limit must be empty or 0.
 * out_page: a page with exactly one checkpoint.
 *
 * Statuses: OK, NOT_FOUND, MISUSE, INVALID_ARGUMENT, INVALID_UTF8, TOO_LARGE, UNSUPPORTED,
 * BAD_HANDLE, CLOSED, FORKED, BUSY, IO, CORRUPT, NO_MEMORY, INTERNAL.
 * Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_checkpoint_get(
    interlock_engine *INTERLOCK_NULLABLE engine,
    const interlock_checkpoint_query *INTERLOCK_NULLABLE query,
    interlock_checkpoint_page *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_page,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/**
 * Lists checkpoints, newest first, a page at a time. A page is one consistent snapshot. Nothing is
 * held between pages: other calls may go on, and a page may hold fewer checkpoints than the limit
 * although more follow (the cursor tells). The first list of all threads of a database makes an index
 * for it, which takes a moment; where it cannot be made, the checkpoints are sorted for every page.
 *
 * query:    must not be NULL.
 * out_page: the page, possibly with no checkpoint.
 *
 * Statuses: OK, MISUSE, INVALID_ARGUMENT, INVALID_UTF8, INVALID_JSON, TOO_LARGE, UNSUPPORTED,
 * BAD_HANDLE, CLOSED, FORKED, BUSY, IO, CORRUPT, NO_MEMORY, INTERNAL.
 * Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_checkpoint_list(
    interlock_engine *INTERLOCK_NULLABLE engine,
    const interlock_checkpoint_query *INTERLOCK_NULLABLE query,
    interlock_checkpoint_page *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_page,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/** Frees a page with everything in it. NULL is allowed. Thread rule: one owner. Since 0.1. */
void interlock_checkpoint_page_free(interlock_checkpoint_page *INTERLOCK_NULLABLE page);

/**
 * The history of one channel, part of an interlock_history. Since 0.1.
 *
 * seed:   the value stored at the nearest ancestor that has one; flags is INTERLOCK_VALUE_EMPTY
 *         if there is none.
 * writes: the writes of this channel at the ancestors, from the seed's checkpoint (included) to the
 *         parent of the target, oldest first.
 */
typedef struct interlock_channel_history {
  interlock_channel_value seed;
  const interlock_write *INTERLOCK_NULLABLE writes;
  size_t write_count;
} interlock_channel_history;

/** One entry per requested channel, in the order asked. Free with interlock_history_free. */
typedef struct interlock_history {
  uint32_t struct_size;
  uint32_t reserved;
  const interlock_channel_history *INTERLOCK_NULLABLE channels;
  size_t channel_count;
} interlock_history;

/**
 * Reads what is needed to rebuild channels that are stored as writes (delta channels): walks the
 * parents of a checkpoint, and for each channel collects its writes back to the nearest ancestor
 * that holds a value of it. The writes of the checkpoint itself are not included.
 *
 * query:         which checkpoint, as for interlock_checkpoint_get. If there is none, every
 *                channel comes back without seed and writes, as in LangGraph.
 * channels:      names of 1 to 512 bytes of UTF-8.
 * out_history:   free with interlock_history_free.
 *
 * Statuses: OK, MISUSE, INVALID_ARGUMENT, INVALID_UTF8, TOO_LARGE, UNSUPPORTED, BAD_HANDLE, CLOSED,
 * FORKED, BUSY, IO, CORRUPT, NO_MEMORY, INTERNAL. Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_checkpoint_history(
    interlock_engine *INTERLOCK_NULLABLE engine,
    const interlock_checkpoint_query *INTERLOCK_NULLABLE query,
    const interlock_bytes *INTERLOCK_NULLABLE channels, size_t channel_count,
    interlock_history *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_history,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/** Frees a history with everything in it. NULL is allowed. Thread rule: one owner. Since 0.1. */
void interlock_history_free(interlock_history *INTERLOCK_NULLABLE history);

/**
 * Deletes the checkpoints whose metadata has one of these run ids, in all threads and namespaces,
 * with their writes and the values that no other checkpoint uses; each thread in one transaction of
 * its own. Unknown run ids are skipped.
 *
 * run_ids, run_count: 0 to 65536 ids of 1 to 512 bytes of UTF-8.
 *
 * Statuses: OK, MISUSE, INVALID_ARGUMENT, INVALID_UTF8, TOO_LARGE, BAD_HANDLE, CLOSED, FORKED,
 * BUSY, READ_ONLY, DISK_FULL, IO, CORRUPT, NO_MEMORY, INTERNAL.
 * Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_checkpoint_delete_for_runs(
    interlock_engine *INTERLOCK_NULLABLE engine,
    const interlock_bytes *INTERLOCK_NULLABLE run_ids, size_t run_count,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/* -------------------------------------------------------------------------------------- time */

/**
 * Applies every deadline, reminder and escalation that is due, in all reviews. Hosts without
 * INTERLOCK_OPEN_TIMER call it when they like: an answer at or after a deadline loses even if nobody
 * ever does, because what has expired is a function of the record and the time.
 *
 * out_json: {"fired":n,"next_deadline":ms|null}. Free with interlock_buffer_free.
 *
 * Each review is settled in one transaction; two processes that tick at once fire each event once.
 *
 * Statuses: OK, MISUSE, BAD_HANDLE, CLOSED, FORKED, BUSY, READ_ONLY, DISK_FULL, IO, CORRUPT,
 * NO_MEMORY, INTERNAL. Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_engine_tick(
    interlock_engine *INTERLOCK_NULLABLE engine,
    interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_json,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/**
 * When the next deadline, reminder or escalation is due.
 *
 * out_ms: the time, or INT64_MAX if nothing is planned. Set to INT64_MAX on failure.
 *
 * Statuses: OK, MISUSE, BAD_HANDLE, CLOSED, FORKED, BUSY, IO, CORRUPT, NO_MEMORY, INTERNAL.
 * Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_engine_next_deadline(
    interlock_engine *INTERLOCK_NULLABLE engine, int64_t *INTERLOCK_NULLABLE out_ms,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/**
 * Sets the clock of an engine that was opened with INTERLOCK_OPEN_MANUAL_CLOCK. It may go backwards,
 * as real clocks do: a review never does.
 *
 * now_ms: 0 to 253402300799999.
 *
 * Statuses: OK, INVALID_ARGUMENT (out of range, or no manual clock), BAD_HANDLE, CLOSED, FORKED,
 * INTERNAL. Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_engine_set_time(
    interlock_engine *INTERLOCK_NULLABLE engine, int64_t now_ms,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/**
 * A descriptor that becomes readable (poll, epoll, asyncio) when there are new events in the store,
 * from whichever process. Read it empty (8 bytes at a time, it does not block), then read the events.
 * Starts the engine's thread. The same descriptor at every call; the engine owns it: do not close it,
 * do not use it after interlock_engine_close.
 *
 * out_fd: the descriptor, or -1 on failure.
 *
 * Statuses: OK, MISUSE, BAD_HANDLE, CLOSED, FORKED, NO_MEMORY, IO, INTERNAL.
 * Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_engine_event_fd(
    interlock_engine *INTERLOCK_NULLABLE engine, int32_t *INTERLOCK_NULLABLE out_fd,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/**
 * Makes a handle that ends waits. One may serve any number of waits, at once and one after another.
 *
 * out_cancel: close it with interlock_cancel_close.
 *
 * Statuses: OK, MISUSE, NO_MEMORY, INTERNAL. Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_cancel_create(
    interlock_cancel *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_cancel,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/**
 * Ends every wait that was given this handle, now and later, with INTERLOCK_WAIT_CANCELLED.
 *
 * Statuses: OK, BAD_HANDLE, CLOSED, FORKED, INTERNAL. Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_cancel_signal(
    interlock_cancel *INTERLOCK_NULLABLE cancel,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/**
 * Closes a handle. Waits that have it go on and can no longer be cancelled.
 *
 * Statuses: OK, BAD_HANDLE, CLOSED, FORKED, INTERNAL. Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_cancel_close(
    interlock_cancel *INTERLOCK_NULLABLE cancel,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/* ------------------------------------------------------------------------------------- reviews
 *
 * A review is one question to people. It is pending until it is resolved, expired, cancelled or
 * superseded; those four are final. Documents used by the functions below:
 *
 * actor     "ana" (the user id ana) or {"type"?,"value","roles"?:[string,...]}; type is user_id (the
 *           default), email, phone, wallet, agent or system. The host vouches for the roles.
 * selector  one of {"id"}, {"review_key"}, {"interrupt"}, {"external_id"}, {"thread"}. By external id and by
 *           thread the review that is pending; none is UNKNOWN_REVIEW, several AMBIGUOUS_REVIEW. By
 *           external id, if none is pending, the newest.
 * policy    {"name"?,"order"?:"chain"|"ladder","stages":[stage,...],"triggers"?:
 *            {"confidence_below"?:0.7,"on_error"?:true,"on_sensitive"?:true}}
 *           In a chain every stage must pass in order, and one that rejects rejects the review. In a
 *           ladder the open stage decides, and a trigger opens the next; a ladder may leave its
 *           stages out and gets agent, senior_agent, human, manager.
 * stage     {"name"?,"approvers":[approver,...],"quorum"?:"any"|"all"|k,"veto"?:true,
 *            "forbid_requester"?:false,"distinct_from_earlier"?:false,"deadline_in"?:ms,
 *            "on_expiry"?:action,"reminders"?:[ms before the deadline,...]}
 *           approver: "anyone", an actor (type and value), {"role"} or {"type"}. A quorum counts equal
 *           answers (comments aside). With veto one rejection rejects; without, as many as the quorum,
 *           or when the quorum is out of reach.
 * action    "expire", "reject", "approve", "escalate" or {"resume_with":value}. The default is
 *           "reject" for a review that backs an interrupt and "expire" for any other.
 * review    {"id","revision","kind","status","outcome","stage","stages":[{"name","status","needed",
 *            "opened_at","deadline","votes":[{"decision","actor","verdict","at"}]}],"response",
 *            "successor","assignee","claimed_by","escalations":[{"from","to","reason","at"}],
 *            "attempts","created_at","updated_at","closed_at","next_at","reason"} and the members of
 *           the request that opened it, with "deadline" absolute and the whole "policy".
 * status    pending, resolved, expired, cancelled, superseded
 * outcome   null while pending; approved, rejected, edited (approved with changes), answered,
 *           dismissed, acknowledged, expired, cancelled
 * decision  {"id","review","stage","actor","verdict","response","comment","via","key","at",
 *            "accepted","refusal"}; verdict approve, edit, reject, answer, dismiss
 */

/**
 * Opens a review, or finds the one that was opened for the same key or interrupt.
 *
 * request:  {"kind","payload","title"?,"summary"?,"details"?,"key"?,"thread"?,"channel"?,
 *            "interrupt"?:id or {"id",...},"external_id"?,"requester"?:actor,"assignee"?:actor,
 *            "policy"?:name or policy,"deadline"?:ms or "expires_in"?:ms,"on_expiry"?:action,
 *            "reminders"?:[ms before the deadline],"group"?,"metadata"?:object}
 *           kind is notify, approval, verify, selection, form, text, freeform, actions or rating;
 *           the payload of each is described in the guide "Reviews". A policy that is named counts
 *           in the version it has now.
 * out_json: {"created":bool,"review":review}. With created false nothing was changed: the key or
 *           the interrupt was there before. The same key with another request is
 *           IDEMPOTENCY_MISMATCH. Free with interlock_buffer_free.
 *
 * Statuses: OK, INVALID_PAYLOAD, INVALID_POLICY, INVALID_DEADLINE, UNKNOWN_POLICY,
 * IDEMPOTENCY_MISMATCH, MISUSE, INVALID_ARGUMENT, INVALID_JSON, TOO_LARGE, BAD_HANDLE, CLOSED, FORKED,
 * BUSY, READ_ONLY, DISK_FULL, IO, CORRUPT, NO_MEMORY, INTERNAL. Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_review_open(
    interlock_engine *INTERLOCK_NULLABLE engine, const char *INTERLOCK_NULLABLE request,
    size_t request_size, interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_json,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/**
 * Reads a review as it is now: a deadline that has passed shows, whether or not anybody applied it.
 *
 * request:  selector
 * out_json: review. Free with interlock_buffer_free.
 *
 * Statuses: OK, UNKNOWN_REVIEW, AMBIGUOUS_REVIEW, MISUSE, INVALID_ARGUMENT, INVALID_JSON, TOO_LARGE,
 * BAD_HANDLE, CLOSED, FORKED, BUSY, IO, CORRUPT, NO_MEMORY, INTERNAL.
 * Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_review_get(
    interlock_engine *INTERLOCK_NULLABLE engine, const char *INTERLOCK_NULLABLE request,
    size_t request_size, interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_json,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/**
 * Lists reviews, newest first, a page at a time. Nothing is held between pages.
 *
 * request:  {"status"?,"kind"?,"channel"?,"thread"?,"assignee"?:actor,"due_before"?:ms,
 *            "order"?:"newest"|"oldest","limit"?:1 to 1000 (50),"cursor"?}
 *           With due_before: those whose next_at is before it, the most urgent first.
 * out_json: {"reviews":[review,...],"next":cursor|null}; of secret form values the responses have
 *           "***REDACTED***" in their place: interlock_review_get and interlock_review_wait have the
 *           values. Free with interlock_buffer_free.
 *
 * Statuses: as interlock_review_get, without UNKNOWN_REVIEW and AMBIGUOUS_REVIEW.
 * Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_review_list(
    interlock_engine *INTERLOCK_NULLABLE engine, const char *INTERLOCK_NULLABLE request,
    size_t request_size, interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_json,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/**
 * Answers a review.
 *
 * request:  selector and {"actor":actor,"response":value or "outcome":word,"stage"?:name,
 *            "revision"?:n,"key"?,"comment"?,"via"?:"api"|"token"|"webhook"|"timer"|"import"}; or
 *           {"token","response":value or "outcome":word,"revision"?,"key"?,"comment"?}: the token of
 *           interlock_token_issue names actor, review and stage. A selector or a stage that is given
 *           too must agree (NOT_AUTHORIZED, WRONG_STAGE). The answer that counts uses the token up,
 *           in its transaction; a refused one does not; the same answer with the same token again is
 *           replayed. A verdict that the token does not list is NOT_AUTHORIZED.
 *           response: what the kind asks for. outcome instead: approved, rejected, expired, timeout
 *           and their aliases, for kinds approval and actions; "comment" is then the message.
 *           stage: answer this stage or none; without it the open one. revision: answer the review
 *           as it was seen or not at all (CONFLICT). comment: for kinds approval and rating, in the
 *           place of a "comment" in the response.
 * out_json: {"decision":decision,"replayed":bool,"review":review}. An equal answer of the same actor
 *           is replayed: it gets the first decision and changes nothing. Free with
 *           interlock_buffer_free.
 *
 * Acknowledged means durable: with INTERLOCK_OK the decision survives kill -9 and power loss,
 * whatever the durability of the engine. A refusal is on record in the audit.
 *
 * Statuses: OK, INVALID_RESPONSE, INVALID_OUTCOME, UNKNOWN_REVIEW, AMBIGUOUS_REVIEW,
 * ALREADY_RESOLVED, EXPIRED, CANCELLED, SUPERSEDED, NOT_AUTHORIZED, WRONG_STAGE, ALREADY_VOTED,
 * SELF_APPROVAL, CONFLICT, IDEMPOTENCY_MISMATCH, TOKEN_INVALID, TOKEN_USED, TOKEN_EXPIRED, MISUSE,
 * INVALID_ARGUMENT, INVALID_JSON, TOO_LARGE, BAD_HANDLE, CLOSED, FORKED, BUSY, READ_ONLY, DISK_FULL,
 * IO, CORRUPT, NO_MEMORY, INTERNAL. Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_review_respond(
    interlock_engine *INTERLOCK_NULLABLE engine, const char *INTERLOCK_NULLABLE request,
    size_t request_size, interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_json,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/**
 * Retracts a pending review.
 *
 * request:  selector and {"actor"?:actor,"reason"?:string}
 * out_json: review. Free with interlock_buffer_free.
 *
 * Statuses: OK, and those of interlock_review_respond. Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_review_cancel(
    interlock_engine *INTERLOCK_NULLABLE engine, const char *INTERLOCK_NULLABLE request,
    size_t request_size, interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_json,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/**
 * Opens a review that takes the place of a pending one, in one transaction. Whoever answers the old
 * one is refused with SUPERSEDED and the id of the new one.
 *
 * request:  selector and {"actor"?:actor,"successor":a request as for interlock_review_open}
 *           Of an interrupt of a run or of a graph the successor decides in the place of the old review,
 *           whatever its "interrupt" and "thread" say; any other interrupt it may take over. Its "key"
 *           must be new.
 * out_json: {"review":the new one,"superseded":the old one}. Asked again with an equal successor, the
 *           first result. Free with interlock_buffer_free.
 *
 * Statuses: those of interlock_review_open and interlock_review_respond.
 * Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_review_supersede(
    interlock_engine *INTERLOCK_NULLABLE engine, const char *INTERLOCK_NULLABLE request,
    size_t request_size, interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_json,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/**
 * Takes a review: until it is released nobody else can answer it. For stages that one answer decides.
 *
 * request:  selector and {"actor":actor}, an approver of the open stage
 * out_json: review. Free with interlock_buffer_free.
 *
 * Statuses: those of interlock_review_respond; CONFLICT if somebody else has claimed it.
 * Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_review_claim(
    interlock_engine *INTERLOCK_NULLABLE engine, const char *INTERLOCK_NULLABLE request,
    size_t request_size, interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_json,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/** Gives a claimed review back. Request, output and statuses as interlock_review_claim. Since 0.1. */
interlock_status interlock_review_release(
    interlock_engine *INTERLOCK_NULLABLE engine, const char *INTERLOCK_NULLABLE request,
    size_t request_size, interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_json,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/**
 * Asks somebody else, and ends a claim. Being asked gives no right: the assignee must be an approver
 * of the open stage (NOT_AUTHORIZED).
 *
 * request:  selector and {"assignee":actor|null,"actor"?:actor}
 * out_json: review. Free with interlock_buffer_free.
 *
 * Statuses: those of interlock_review_respond. Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_review_reassign(
    interlock_engine *INTERLOCK_NULLABLE engine, const char *INTERLOCK_NULLABLE request,
    size_t request_size, interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_json,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/**
 * Puts a remark beside a review, in whatever state it is. Remarks decide nothing.
 *
 * request:  selector and {"actor":actor,"text":string of 1 to 65536 bytes}
 * out_json: {"review":id,"actor":actor,"text":string,"at":ms}. Free with interlock_buffer_free.
 *
 * Statuses: OK, UNKNOWN_REVIEW, AMBIGUOUS_REVIEW, MISUSE, INVALID_ARGUMENT, INVALID_JSON, TOO_LARGE,
 * BAD_HANDLE, CLOSED, FORKED, BUSY, READ_ONLY, DISK_FULL, IO, CORRUPT, NO_MEMORY, INTERNAL.
 * Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_review_comment(
    interlock_engine *INTERLOCK_NULLABLE engine, const char *INTERLOCK_NULLABLE request,
    size_t request_size, interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_json,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/**
 * What was decided and said, oldest first.
 *
 * request:  selector
 * out_json: {"review":id,"decisions":[decision,...],"comments":[{"actor","text","at"},...]}, the
 *           newest 1000 of each; no secret form values. Free with interlock_buffer_free.
 *
 * Statuses: as interlock_review_get. Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_review_history(
    interlock_engine *INTERLOCK_NULLABLE engine, const char *INTERLOCK_NULLABLE request,
    size_t request_size, interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_json,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/**
 * Goes up the ladder: because the work of the open stage was judged, or because somebody of it says
 * so. The recorded reason is the trigger that fired: error, sensitive, confidence, request.
 *
 * request:  selector and {"actor":actor} or {"confidence"?:0 to 1,"error"?:bool,"sensitive"?:bool}
 * out_json: {"action":"escalated"|"at_top"|"stayed","review":review}. At the top nothing changes.
 *           Free with interlock_buffer_free.
 *
 * Statuses: those of interlock_review_respond. Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_review_escalate(
    interlock_engine *INTERLOCK_NULLABLE engine, const char *INTERLOCK_NULLABLE request,
    size_t request_size, interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_json,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/**
 * Why a review is where it is: from the function that decides. Changes nothing.
 *
 * request:  selector and {"actor"?:actor,"response"?:value,"stage"?:name}
 * out_json: {"review":id,"status","outcome","why":string,"stage":name|null,"have":n,"needed":n,
 *            "approvers":[approver,...],"voted":[actor,...],"next":{"at":ms,"what":"reminder"|action}
 *            |null,"answer":{"accepted":bool,"action":string,"refusal":{...}|null}|null}
 *           answer: what an answer of this actor with this response would do now; without a
 *           response only whether the actor may answer. Free with interlock_buffer_free.
 *
 * Statuses: as interlock_review_get. Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_review_explain(
    interlock_engine *INTERLOCK_NULLABLE engine, const char *INTERLOCK_NULLABLE request,
    size_t request_size, interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_json,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/**
 * Waits until one of several reviews is final. An answer that came before counts.
 *
 * request:    {"ids":[id,...], 1 to 65536}
 * timeout_ms: the caller's patience; 0 only looks. It changes no review.
 * cancel:     NULL, or a handle that ends the wait.
 * out_json:   review: the first of the ids that is final. Free with interlock_buffer_free.
 *
 * A deadline that passes meanwhile is applied. The call blocks; bindings wait in slices of at most
 * 100 ms so that signals are seen, and event loops use interlock_engine_event_fd instead.
 *
 * Statuses: OK, TIMEOUT, WAIT_CANCELLED, UNKNOWN_REVIEW, MISUSE, INVALID_ARGUMENT, INVALID_JSON,
 * TOO_LARGE, BAD_HANDLE, CLOSED (also when the engine is closed meanwhile), FORKED, BUSY, READ_ONLY,
 * DISK_FULL, IO, CORRUPT, NO_MEMORY, INTERNAL. Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_review_wait(
    interlock_engine *INTERLOCK_NULLABLE engine, const char *INTERLOCK_NULLABLE request,
    size_t request_size, uint64_t timeout_ms, interlock_cancel *INTERLOCK_NULLABLE cancel,
    interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_json,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/**
 * A signed statement of how a review ended, to be verified without the store.
 *
 * request:  selector
 * out_json: {"receipt":{"version":1,"review","kind","status","outcome","response_digest","payload_digest",
 *            "policy","decisions":[{"id","stage","actor","verdict","at"}],"opened_at","closed_at",
 *            "audit":{"seq","hash"}},"key":base64 of the public key,"signature":base64}
 *           The signature is Ed25519 (RFC 8032) over the canonical JSON (RFC 8785) of "receipt". The
 *           digests are SHA-256, in hex, of the canonical JSON of payload and response. "audit" is the
 *           head of the chain when the receipt is made. Free with interlock_buffer_free.
 *
 * Statuses: as interlock_review_get, and CONFLICT if the review is pending.
 * Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_review_receipt(
    interlock_engine *INTERLOCK_NULLABLE engine, const char *INTERLOCK_NULLABLE request,
    size_t request_size, interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_json,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/**
 * Verifies a receipt. Needs no engine.
 *
 * receipt:    what interlock_review_receipt returned.
 * public_key: base64 of the key to trust: interlock_engine_info "public_key". Required: a receipt that
 *             brings its own key proves nothing.
 * out_json:   {"valid":true,"receipt":{...}}. Free with interlock_buffer_free.
 *
 * Statuses: OK, NOT_AUTHORIZED (not signed by this key, or changed since), MISUSE, INVALID_ARGUMENT,
 * INVALID_JSON, TOO_LARGE, NO_MEMORY, INTERNAL. Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_receipt_verify(
    const char *INTERLOCK_NULLABLE receipt, size_t receipt_size,
    const char *INTERLOCK_NULLABLE public_key, size_t public_key_size,
    interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_json,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/* ------------------------------------------------------------------------------------ policies */

/**
 * Keeps a policy under its name. Another content makes the next version; the same content keeps the
 * version it has. Reviews that are open keep the version they were opened with.
 *
 * request:  policy, with "name"; a "version" is ignored, so that what was read can be put back
 * out_json: policy with "version". Free with interlock_buffer_free.
 *
 * Statuses: OK, INVALID_POLICY, MISUSE, INVALID_ARGUMENT, INVALID_JSON, TOO_LARGE, BAD_HANDLE, CLOSED,
 * FORKED, BUSY, READ_ONLY, DISK_FULL, IO, CORRUPT, NO_MEMORY, INTERNAL.
 * Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_policy_put(
    interlock_engine *INTERLOCK_NULLABLE engine, const char *INTERLOCK_NULLABLE request,
    size_t request_size, interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_json,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/**
 * Reads a policy.
 *
 * request:  {"name","version"?}; without a version the newest
 * out_json: policy with "version". Free with interlock_buffer_free.
 *
 * Statuses: OK, UNKNOWN_POLICY, MISUSE, INVALID_ARGUMENT, INVALID_JSON, TOO_LARGE, BAD_HANDLE, CLOSED,
 * FORKED, BUSY, IO, CORRUPT, NO_MEMORY, INTERNAL. Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_policy_get(
    interlock_engine *INTERLOCK_NULLABLE engine, const char *INTERLOCK_NULLABLE request,
    size_t request_size, interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_json,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/**
 * Lists the newest version of each policy, by name in ascending byte order.
 *
 * request:  {"after"?:name,"limit"?:1 to 1000 (50)}
 * out_json: {"policies":[policy,...],"next":name|null}. Free with interlock_buffer_free.
 *
 * Statuses: as interlock_policy_get, without UNKNOWN_POLICY. Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_policy_list(
    interlock_engine *INTERLOCK_NULLABLE engine, const char *INTERLOCK_NULLABLE request,
    size_t request_size, interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_json,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/* -------------------------------------------------------------------------------------- events
 *
 * event  {"seq","type","at","review","thread","channel","body":object}. seq counts from 1 without gaps,
 *        in the order of the commits. Types: review.opened, review.answered, review.stage_opened,
 *        review.resolved, review.expired, review.cancelled, review.superseded, review.escalated,
 *        review.reminded, review.claimed, review.released, review.reassigned, review.commented,
 *        message.created, message.acked, message.deleted. Secret form values do not appear.
 */

/**
 * Reads events in order.
 *
 * request:  {"after"?:seq or "cursor"?:name,"types"?:[string,...],"review"?,"thread"?,"channel"?,
 *            "limit"?:1 to 1000 (100)}
 *           cursor: after what this named reader has acknowledged.
 * out_json: {"events":[event,...],"next":seq,"last":seq}. next: pass it as "after" for more; it may
 *           have moved although the filter let nothing through. last: the newest event there is.
 *           Free with interlock_buffer_free.
 *
 * Statuses: OK, MISUSE, INVALID_ARGUMENT, INVALID_JSON, TOO_LARGE, BAD_HANDLE, CLOSED, FORKED, BUSY,
 * IO, CORRUPT, NO_MEMORY, INTERNAL. Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_event_read(
    interlock_engine *INTERLOCK_NULLABLE engine, const char *INTERLOCK_NULLABLE request,
    size_t request_size, interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_json,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/**
 * Reads events, and waits for one if there is none.
 *
 * request, out_json: as interlock_event_read, with at least one event.
 * timeout_ms, cancel: as interlock_review_wait.
 *
 * Statuses: OK, TIMEOUT, WAIT_CANCELLED, and those of interlock_event_read.
 * Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_event_wait(
    interlock_engine *INTERLOCK_NULLABLE engine, const char *INTERLOCK_NULLABLE request,
    size_t request_size, uint64_t timeout_ms, interlock_cancel *INTERLOCK_NULLABLE cancel,
    interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_json,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/**
 * Acknowledges events: a reader of this name goes on after them. Cursors are durable; what was read
 * and not acknowledged is delivered again (at least once).
 *
 * request:  {"cursor":name,"seq":n}; a seq before the acknowledged one changes nothing
 * out_json: {"cursor":name,"seq":n}. Free with interlock_buffer_free.
 *
 * Statuses: OK, INVALID_ARGUMENT (also a seq that does not exist yet), MISUSE, INVALID_JSON, TOO_LARGE,
 * BAD_HANDLE, CLOSED, FORKED, BUSY, READ_ONLY, DISK_FULL, IO, CORRUPT, NO_MEMORY, INTERNAL.
 * Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_event_ack(
    interlock_engine *INTERLOCK_NULLABLE engine, const char *INTERLOCK_NULLABLE request,
    size_t request_size, interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_json,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/* ---------------------------------------------------------------------------------------- runs
 *
 * A run is the work of one program on one thread, from its beginning to its result, over any number of
 * pauses, processes and crashes. One worker at a time has the lease of the thread. The program is run
 * again from its start after each pause: what it has recorded is given back to it, in the same order
 * and by the same keys, and is not done again.
 *
 * run       {"thread","status":"idle"|"busy"|"interrupted"|"error","run","fence","worker",
 *            "lease_until","outcome":{"type":"completed","result"}|{"type":"failed","error"}|
 *            {"type":"cancelled","reason"}|null,"parent","updated_at"}
 * interrupt {"id","thread","run","key","status":"pending"|"resumed"|"cancelled","request","review",
 *            "value","update","created_at","resolved_at"}
 * Events: run.started, run.resumed, run.taken_over, run.asked, run.answered, run.interrupted,
 * run.completed, run.failed, run.cancelled.
 */

/**
 * Begins the work of a thread; goes on with it after a pause or an error; or takes it over from a worker
 * whose lease has run out. What a run has recorded stays until the thread begins another or is deleted.
 *
 * request:  {"thread","worker"?,"lease_ms"?:60000,"parent"?,"interrupt_before"?:[key,...]|"*",
 *            "interrupt_after"?:[key,...]|"*","gate_review"?:a request as for interlock_review_open}
 *           Steps named in interrupt_before and interrupt_after wait for a review before, or after, they
 *           are done: gate_review, by default an approval. parent: a note of the run and step that this
 *           run is a part of.
 * out_run:  the worker's handle. Close it with interlock_run_close. One thread uses it at a time.
 * out_json: {"thread","run","fence","action":"started"|"resumed"|"took_over","recorded":n,
 *            "updates":[object,...]}. updates: what resumes brought, in the order of the questions.
 *           Free with interlock_buffer_free.
 *
 * Of any number of workers that begin at once one gets the lease.
 *
 * Statuses: OK, THREAD_BUSY, MISUSE, INVALID_ARGUMENT, INVALID_JSON, TOO_LARGE,
 * BAD_HANDLE, CLOSED, FORKED, BUSY, READ_ONLY, DISK_FULL, IO, CORRUPT, NO_MEMORY, INTERNAL.
 * Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_run_begin(
    interlock_engine *INTERLOCK_NULLABLE engine, const char *INTERLOCK_NULLABLE request,
    size_t request_size, interlock_run *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_run,
    interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_json,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/**
 * The program has come to a step. Reads nothing from the store.
 *
 * key:      1 to 512 bytes of UTF-8, used once in a run.
 * out_json: {"state":"recorded","result":value}: it was done before;
 *           {"state":"work"}: do it, then interlock_run_record;
 *           {"state":"waiting","interrupt","review"}: a gate waits, so suspend;
 *           {"state":"rejected","value"}: the gate was refused: the step must not be done.
 *           Free with interlock_buffer_free.
 *
 * Statuses: OK, DIVERGED, DUPLICATE_KEY, FENCED, NOT_RUNNING, CANCELLED, INVALID_UTF8, INVALID_PAYLOAD,
 * INVALID_POLICY, INVALID_DEADLINE, UNKNOWN_POLICY, IDEMPOTENCY_MISMATCH (the key of a review belongs to
 * another), MISUSE, INVALID_ARGUMENT, INVALID_JSON, TOO_LARGE,
 * BAD_HANDLE, CLOSED, FORKED, BUSY, READ_ONLY, DISK_FULL, IO, CORRUPT, NO_MEMORY, INTERNAL.
 * Thread rule: any thread, one at a time. Since 0.1.
 */
interlock_status interlock_run_step(
    interlock_run *INTERLOCK_NULLABLE run, const char *INTERLOCK_NULLABLE key, size_t key_size,
    interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_json,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/**
 * Keeps the result of a step that was done. After OK it is never asked for again.
 *
 * request:  {"key","result":value}
 * out_json: as interlock_run_step: "recorded", or what a gate after the step says. Free with
 *           interlock_buffer_free.
 *
 * Statuses: as interlock_run_step. Thread rule: any thread, one at a time. Since 0.1.
 */
interlock_status interlock_run_record(
    interlock_run *INTERLOCK_NULLABLE run, const char *INTERLOCK_NULLABLE request,
    size_t request_size, interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_json,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/**
 * The program has come to a question. It is asked once: a program that comes here again finds it.
 *
 * request:  {"key","value"?:anything} for a value that somebody resumes with, or
 *           {"key","review":a request as for interlock_review_open}: its end is the value. "interrupt"
 *           and "thread" of the review are set by the run.
 * out_json: {"state":"answered","value"}; for a review the value is
 *           {"review","status","outcome","response"}; or
 *           {"state":"waiting","interrupt":id,"review":id|null}: ask what else is to be asked, then
 *           suspend. Free with interlock_buffer_free.
 *
 * Statuses: as interlock_run_step. Thread rule: any thread, one at a time. Since 0.1.
 */
interlock_status interlock_run_interrupt(
    interlock_run *INTERLOCK_NULLABLE run, const char *INTERLOCK_NULLABLE request,
    size_t request_size, interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_json,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/**
 * The worker is alive: its lease counts from now.
 *
 * out_json: run. Free with interlock_buffer_free.
 *
 * Statuses: OK, FENCED, NOT_RUNNING, MISUSE, BAD_HANDLE, CLOSED, FORKED, BUSY, READ_ONLY, DISK_FULL, IO,
 * CORRUPT, NO_MEMORY, INTERNAL. Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_run_heartbeat(
    interlock_run *INTERLOCK_NULLABLE run,
    interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_json,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/**
 * The run waits for people; the lease is given back.
 *
 * out_json: run. Free with interlock_buffer_free.
 *
 * Statuses: as interlock_run_heartbeat. Thread rule: any thread, one at a time. Since 0.1.
 */
interlock_status interlock_run_suspend(
    interlock_run *INTERLOCK_NULLABLE run,
    interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_json,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/**
 * The run is done; the lease is given back.
 *
 * request:  {"result"?:value}
 * out_json: run. Free with interlock_buffer_free.
 *
 * Statuses: OK, FENCED, NOT_RUNNING, DIVERGED (something recorded was not reached), MISUSE, INVALID_ARGUMENT, INVALID_JSON, TOO_LARGE,
 * BAD_HANDLE, CLOSED, FORKED, BUSY, READ_ONLY, DISK_FULL, IO, CORRUPT, NO_MEMORY, INTERNAL.
 * Thread rule: any thread, one at a time. Since 0.1.
 */
interlock_status interlock_run_complete(
    interlock_run *INTERLOCK_NULLABLE run, const char *INTERLOCK_NULLABLE request,
    size_t request_size, interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_json,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/**
 * The program has failed; the lease is given back. What is recorded stays: another interlock_run_begin
 * tries again from there.
 *
 * request:  {"error"?:value}
 * out_json: run. Free with interlock_buffer_free.
 *
 * Statuses: as interlock_run_complete. Thread rule: any thread, one at a time. Since 0.1.
 */
interlock_status interlock_run_fail(
    interlock_run *INTERLOCK_NULLABLE run, const char *INTERLOCK_NULLABLE request,
    size_t request_size, interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_json,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/**
 * Closes a handle. The lease stays until it runs out, unless the run was ended before.
 *
 * Statuses: OK, BAD_HANDLE, CLOSED, FORKED, INTERNAL. Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_run_close(
    interlock_run *INTERLOCK_NULLABLE run,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/**
 * Gives an interrupt its value. The program goes on with the next interlock_run_begin.
 *
 * request:  {"thread","interrupt"?:id,"value"?:anything,"update"?:object,"actor"?:actor,"force"?:bool}
 *           Without a name: the only one that waits. An explicit null is a value. What a review decides
 *           is only resumed by force, by a named actor, who is then on record.
 * out_json: {"interrupt":interrupt,"replayed":bool}. An equal resume is replayed. Free with
 *           interlock_buffer_free.
 *
 * Statuses: OK, NOT_INTERRUPTED, UNKNOWN_INTERRUPT, AMBIGUOUS_INTERRUPT, ALREADY_RESOLVED, CANCELLED,
 * REVIEW_REQUIRED, MISUSE, INVALID_ARGUMENT, INVALID_JSON, TOO_LARGE,
 * BAD_HANDLE, CLOSED, FORKED, BUSY, READ_ONLY, DISK_FULL, IO, CORRUPT, NO_MEMORY, INTERNAL.
 * Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_run_resume(
    interlock_engine *INTERLOCK_NULLABLE engine, const char *INTERLOCK_NULLABLE request,
    size_t request_size, interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_json,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/**
 * Gives up the run of a thread: its worker is fenced off, its questions are cancelled.
 *
 * request:  {"thread","reason"?}
 * out_json: run. Free with interlock_buffer_free.
 *
 * Statuses: OK, NOT_RUNNING, MISUSE, INVALID_ARGUMENT, INVALID_JSON, TOO_LARGE,
 * BAD_HANDLE, CLOSED, FORKED, BUSY, READ_ONLY, DISK_FULL, IO, CORRUPT, NO_MEMORY, INTERNAL.
 * Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_run_cancel(
    interlock_engine *INTERLOCK_NULLABLE engine, const char *INTERLOCK_NULLABLE request,
    size_t request_size, interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_json,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/**
 * Reads the run of a thread.
 *
 * request:  {"thread"}
 * out_json: run and "interrupts":[interrupt,...], those that wait. Free with interlock_buffer_free.
 *
 * Statuses: OK, NOT_FOUND, MISUSE, INVALID_ARGUMENT, INVALID_JSON, TOO_LARGE,
 * BAD_HANDLE, CLOSED, FORKED, BUSY, READ_ONLY, DISK_FULL, IO, CORRUPT, NO_MEMORY, INTERNAL.
 * Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_run_get(
    interlock_engine *INTERLOCK_NULLABLE engine, const char *INTERLOCK_NULLABLE request,
    size_t request_size, interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_json,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/**
 * Lists runs, by thread in ascending byte order.
 *
 * request:  {"status"?,"after"?:thread,"limit"?:1 to 1000 (50)}
 * out_json: {"runs":[run,...],"next":thread|null}. Free with interlock_buffer_free.
 *
 * Statuses: OK, MISUSE, INVALID_ARGUMENT, INVALID_JSON, TOO_LARGE,
 * BAD_HANDLE, CLOSED, FORKED, BUSY, READ_ONLY, DISK_FULL, IO, CORRUPT, NO_MEMORY, INTERNAL.
 * Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_run_list(
    interlock_engine *INTERLOCK_NULLABLE engine, const char *INTERLOCK_NULLABLE request,
    size_t request_size, interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_json,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/**
 * Lists the interrupts that wait, of one thread or of all, in the order of asking.
 *
 * request:  {"thread"?,"limit"?:1 to 1000 (100),"cursor"?}
 * out_json: {"interrupts":[interrupt,...],"next":cursor|null}. Free with interlock_buffer_free.
 *
 * Statuses: OK, MISUSE, INVALID_ARGUMENT, INVALID_JSON, TOO_LARGE,
 * BAD_HANDLE, CLOSED, FORKED, BUSY, READ_ONLY, DISK_FULL, IO, CORRUPT, NO_MEMORY, INTERNAL.
 * Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_run_interrupts(
    interlock_engine *INTERLOCK_NULLABLE engine, const char *INTERLOCK_NULLABLE request,
    size_t request_size, interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_json,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/* ------------------------------------------------------------------------------------- graphs */

/*
 * Graphs of LangGraph that wait for people. Their interrupts come in with INTERLOCK_PUT_GRAPH, their reviews
 * are answered like any other, and a worker claims the thread and gives the answers to the graph.
 *
 * graph interrupt: {"interrupt":s,"thread":s,"graph":s,"checkpoint_ns":s,"checkpoint_id":s,"task":s,
 *   "shape":"decisions"|"decision"|"inbox"|"inbox_item"|"word"|"flag"|"freeform"|"pause","review":s,
 *   "status":"waiting"|"answered"|"unanswered"|"applying"|"applied"|"failed"|"moved","value":any,
 *   "attempts":n,"updated_at":ms}
 * value is what the graph is to get from its interrupt(), written as its shape asks for.
 *
 * applying: the graph has used the answer, and whoever has the claim is not through yet; applied: it is.
 *
 * Events: interrupt.changed with {"interrupt","status","graph"}, when the graph has used an answer, has
 * failed with it, or went on without one.
 */

/**
 * Claims a thread whose graph can go on: one that has answers which the graph has not used, whose graph
 * has raised an error with its answer, or whose worker has died while it went on. Exactly one worker gets
 * it; a claim that is neither kept alive nor given back within lease_ms goes to the next.
 *
 * request: {"worker"?:s,"lease_ms"?:n,"graphs"?:[s],"thread"?:s,"collect"?:bool,"attempts"?:n}.
 *          graphs: only of these; thread: only this one; collect: only threads without a question that
 *          waits; attempts: an answer is given to its graph so many times at most, 10 if absent.
 * out_json: {"claim":null} if nothing is to do, or {"claim":{"thread":s,"graph":s,"fence":n,
 *          "repair":bool,"answers":[graph interrupt]}}. With repair the graph has to run again even if
 *          there are no answers to give: LangGraph keeps with a task the answer that it had.
 *
 * Statuses: OK, MISUSE, INVALID_ARGUMENT, INVALID_UTF8, INVALID_JSON, INVALID_PAYLOAD, TOO_LARGE,
 * BAD_HANDLE, CLOSED, FORKED, BUSY, READ_ONLY, DISK_FULL, IO, CORRUPT, NO_MEMORY, INTERNAL.
 * Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_graph_claim(
    interlock_engine *INTERLOCK_NULLABLE engine, const char *INTERLOCK_NULLABLE request,
    size_t request_size, interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_json,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/**
 * Claims a thread whose graph is about to go on by itself, if it waits for anything or is claimed.
 *
 * request: {"thread":s,"worker"?:s,"lease_ms"?:n,"always"?:bool}. always: also if it waits for nothing.
 * out_json: {"fence":n}, or {"fence":null} if the thread waits for nothing.
 *
 * Statuses: as interlock_graph_claim, and THREAD_BUSY if somebody else has the thread.
 * Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_graph_enter(
    interlock_engine *INTERLOCK_NULLABLE engine, const char *INTERLOCK_NULLABLE request,
    size_t request_size, interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_json,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/**
 * Keeps a claim for longer.
 *
 * request: {"thread":s,"fence":n,"lease_ms"?:n}.
 * out_json: the run of the thread, as interlock_run_get returns it without its interrupts.
 *
 * Statuses: as interlock_graph_claim, and FENCED, NOT_RUNNING if the claim is lost.
 * Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_graph_heartbeat(
    interlock_engine *INTERLOCK_NULLABLE engine, const char *INTERLOCK_NULLABLE request,
    size_t request_size, interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_json,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/**
 * Gives a claim back. The thread is interrupted if its graph waits for people, idle if not, and in error
 * if the graph has failed.
 *
 * request: {"thread":s,"fence":n,"error"?:any}.
 * out_json: as interlock_graph_heartbeat.
 *
 * Statuses: as interlock_graph_heartbeat.
 * Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_graph_release(
    interlock_engine *INTERLOCK_NULLABLE engine, const char *INTERLOCK_NULLABLE request,
    size_t request_size, interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_json,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/**
 * Asks people whether a graph that has paused before or after a node may go on: LangGraph stores nothing
 * of such a pause. Asking again for the same checkpoint is asking once. If it is approved, the thread can
 * be claimed, with an answer whose shape is "pause": the graph is run without input.
 *
 * request: {"thread":s,"checkpoint_id":s,"checkpoint_ns"?:s,"graph"?:s,"title"?:s,"details"?:any,
 *          "review"?:{}}. review is as in interlock_write_input.
 * out_json: a graph interrupt, whose id is that of the checkpoint.
 *
 * Statuses: as interlock_review_open.
 * Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_graph_pause(
    interlock_engine *INTERLOCK_NULLABLE engine, const char *INTERLOCK_NULLABLE request,
    size_t request_size, interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_json,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/**
 * The interrupts that a thread has had, those too that are over; by id.
 *
 * request: {"thread":s,"after"?:s,"limit"?:1..1000}.
 * out_json: {"interrupts":[graph interrupt],"next":s|null}.
 *
 * Statuses: as interlock_graph_claim.
 * Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_graph_interrupts(
    interlock_engine *INTERLOCK_NULLABLE engine, const char *INTERLOCK_NULLABLE request,
    size_t request_size, interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_json,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/* ------------------------------------------------------------------------------------- permits
 *
 * A permit is the right to run exactly what was approved, once. A review that names a tool issues one when
 * it is approved: kind approval with "tool" and "arguments" in its payload, and kind actions, one for each
 * call that was approved or edited. It is bound to the canonical JSON (RFC 8785) of tool and arguments.
 *
 * permit  {"id","review","item","tool","arguments","digest","status":"issued"|"consumed"|"done"|"failed"|
 *          "unknown","worker","until","result","issued_at","updated_at"}
 *         unknown: it was consumed, its time has passed, and nobody has reported. The effect may have
 *         happened; it is never run again by itself.
 */

/**
 * Takes a permit, just before the effect. Of any number who ask one gets OK.
 *
 * request:  {"permit":id,"tool","arguments":object,"worker"?,"lease_ms"?:60000}
 *           lease_ms: how long the effect may take before it counts as unknown.
 * out_json: permit. Free with interlock_buffer_free.
 *
 * Statuses: OK, ARGS_CHANGED, ALREADY_USED, UNKNOWN_EFFECT, UNKNOWN_PERMIT, MISUSE, INVALID_ARGUMENT, INVALID_JSON, TOO_LARGE,
 * BAD_HANDLE, CLOSED, FORKED, BUSY, READ_ONLY, DISK_FULL, IO, CORRUPT, NO_MEMORY, INTERNAL.
 * Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_permit_consume(
    interlock_engine *INTERLOCK_NULLABLE engine, const char *INTERLOCK_NULLABLE request,
    size_t request_size, interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_json,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/**
 * Says what came of the effect. Also for a permit that is unknown: from a verification, or a person.
 *
 * request:  {"permit":id,"outcome":"done"|"failed","result"?:value,"actor"?:actor}
 * out_json: permit. An equal report again changes nothing. Free with interlock_buffer_free.
 *
 * Statuses: OK, NOT_USED, ALREADY_USED (reported otherwise), UNKNOWN_PERMIT, MISUSE, INVALID_ARGUMENT, INVALID_JSON, TOO_LARGE,
 * BAD_HANDLE, CLOSED, FORKED, BUSY, READ_ONLY, DISK_FULL, IO, CORRUPT, NO_MEMORY, INTERNAL.
 * Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_permit_report(
    interlock_engine *INTERLOCK_NULLABLE engine, const char *INTERLOCK_NULLABLE request,
    size_t request_size, interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_json,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/**
 * Reads a permit.
 *
 * request:  {"permit":id}
 * out_json: permit. Free with interlock_buffer_free.
 *
 * Statuses: OK, UNKNOWN_PERMIT, MISUSE, INVALID_ARGUMENT, INVALID_JSON, TOO_LARGE,
 * BAD_HANDLE, CLOSED, FORKED, BUSY, READ_ONLY, DISK_FULL, IO, CORRUPT, NO_MEMORY, INTERNAL.
 * Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_permit_get(
    interlock_engine *INTERLOCK_NULLABLE engine, const char *INTERLOCK_NULLABLE request,
    size_t request_size, interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_json,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/**
 * The permits of a review; or, without a review, all that are unknown: what needs a person.
 *
 * request:  {"review"?:id,"after"?:permit id,"limit"?:1 to 1000 (100)}
 * out_json: {"permits":[permit,...],"next":permit id|null}. Free with interlock_buffer_free.
 *
 * Statuses: OK, MISUSE, INVALID_ARGUMENT, INVALID_JSON, TOO_LARGE,
 * BAD_HANDLE, CLOSED, FORKED, BUSY, READ_ONLY, DISK_FULL, IO, CORRUPT, NO_MEMORY, INTERNAL.
 * Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_permit_list(
    interlock_engine *INTERLOCK_NULLABLE engine, const char *INTERLOCK_NULLABLE request,
    size_t request_size, interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_json,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/* ------------------------------------------------------------------------------------ messages
 *
 * A message goes one way: from an agent to people ("agent") or from a person to an agent ("user"), into a
 * channel, which is a name that the host chose. A channel exists as soon as something was posted to it.
 * What wants an answer is a review; a message may carry one.
 *
 * message     {"id","seq","channel","sender":"agent"|"user","actor","text","level":"info"|"success"|
 *             "warning"|"error","review":id|null,"metadata","attachments":[attachment,...],
 *             "client_key","group":message id|null,"iteration":n,
 *             "delivery_status":"queued"|"acked","acked_at","acked_by","created_at"}
 *             seq grows with every message of the store and is never used again. text is Markdown.
 * attachment  {"content":text,"filename"?("content.md"),"mime_type"?("text/markdown")}, content at most
 *             1 MiB; or {"id":id,"filename"?,"mime_type"?}, the name of what the host keeps elsewhere.
 * Tries       group is the id of the first message of several tries at one thing, null as long as
 *             there is one; iteration counts them from 1. Unlike a group of reviews nothing is summed up.
 * Events      message.created {"message","message_seq","sender","level"}; message.acked and
 *             message.deleted {"message","message_seq","actor"}; each with its channel, and with the
 *             review that the message carries. The text is not in it: read the message.
 */

/**
 * Posts a message. Its review, if it has one, is opened in the same transaction; the message is told from
 * it by its external_id, and the review from the message by "review".
 *
 * request:  {"channel":id,"sender":"agent"|"user","actor"?:actor,"text"?,"level"?("info"),
 *            "client_key"?:id,"review"?:object,"iteration_of"?:message id,"metadata"?:object,
 *            "attachments"?:[attachment,...]}
 *           At least one of text, level, review and attachments. text at most 1 MiB, an empty one is
 *           none; at most 100 attachments.
 *           client_key: the same request again with the same key in the same channel gets the first
 *           message as it is now; another request gets IDEMPOTENCY_MISMATCH. After a delete the key is
 *           free.
 *           review: a request as for interlock_review_open, without channel, external_id and key: its
 *           channel is that of the message, its external_id the message's id. An interrupt that was asked
 *           about before keeps its review, and the message carries that.
 *           iteration_of: the first or a later message of the tries that this one continues: in the same
 *           channel, and without review or with one that is resolved or expired.
 * out_json: message. Free with interlock_buffer_free.
 *
 * Statuses: OK, INVALID_ITERATION, IDEMPOTENCY_MISMATCH, those of interlock_review_open about the review
 * (INVALID_PAYLOAD, INVALID_POLICY, INVALID_DEADLINE, UNKNOWN_POLICY; paths begin at the review), MISUSE,
 * INVALID_ARGUMENT, INVALID_JSON, TOO_LARGE, BAD_HANDLE, CLOSED, FORKED,
 * BUSY, READ_ONLY, DISK_FULL, IO, CORRUPT, NO_MEMORY, INTERNAL.
 * Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_message_post(
    interlock_engine *INTERLOCK_NULLABLE engine, const char *INTERLOCK_NULLABLE request,
    size_t request_size, interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_json,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/**
 * Reads a message.
 *
 * request:  {"message":id}
 * out_json: message. Free with interlock_buffer_free.
 *
 * Statuses: OK, UNKNOWN_MESSAGE, MISUSE, INVALID_ARGUMENT, INVALID_JSON, TOO_LARGE, BAD_HANDLE, CLOSED, FORKED,
 * BUSY, IO, CORRUPT, NO_MEMORY, INTERNAL.
 * Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_message_get(
    interlock_engine *INTERLOCK_NULLABLE engine, const char *INTERLOCK_NULLABLE request,
    size_t request_size, interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_json,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/**
 * Lists the messages of a channel in the order of posting, a page at a time. One that was posted later comes
 * later: a reader that goes on after the last seq it has seen misses nothing. To wait for the next, use
 * interlock_event_wait with the channel and the type message.created.
 *
 * request:  {"channel":id,"sender"?:"agent"|"user","after"?:seq,"limit"?:1 to 1000 (50)}
 * out_json: {"messages":[message,...],"next":seq|null}. next: pass it as "after" for more; null if there
 *           are no more now. A page of long messages ends before the limit. Free with
 *           interlock_buffer_free.
 *
 * Statuses: OK, MISUSE, INVALID_ARGUMENT, INVALID_JSON, TOO_LARGE, BAD_HANDLE, CLOSED, FORKED,
 * BUSY, IO, CORRUPT, NO_MEMORY, INTERNAL.
 * Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_message_list(
    interlock_engine *INTERLOCK_NULLABLE engine, const char *INTERLOCK_NULLABLE request,
    size_t request_size, interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_json,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/**
 * Acknowledges a message: a reader has it. Its delivery_status goes from queued to acked, once: saying so
 * again changes nothing, and the first reader stays.
 *
 * request:  {"message":id,"actor"?:actor}
 * out_json: message. Free with interlock_buffer_free.
 *
 * Statuses: OK, UNKNOWN_MESSAGE, MISUSE, INVALID_ARGUMENT, INVALID_JSON, TOO_LARGE, BAD_HANDLE, CLOSED, FORKED,
 * BUSY, READ_ONLY, DISK_FULL, IO, CORRUPT, NO_MEMORY, INTERNAL.
 * Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_message_ack(
    interlock_engine *INTERLOCK_NULLABLE engine, const char *INTERLOCK_NULLABLE request,
    size_t request_size, interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_json,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/**
 * Deletes a message. A review that it carries and that is pending is cancelled in the same transaction; one
 * that has ended stays. One of several tries is not deleted.
 *
 * request:  {"message":id,"actor"?:actor}
 * out_json: message as it was. Free with interlock_buffer_free.
 *
 * Statuses: OK, IN_GROUP, UNKNOWN_MESSAGE, MISUSE, INVALID_ARGUMENT, INVALID_JSON, TOO_LARGE, BAD_HANDLE, CLOSED, FORKED,
 * BUSY, READ_ONLY, DISK_FULL, IO, CORRUPT, NO_MEMORY, INTERNAL.
 * Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_message_delete(
    interlock_engine *INTERLOCK_NULLABLE engine, const char *INTERLOCK_NULLABLE request,
    size_t request_size, interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_json,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/* ------------------------------------------------------------------------------------ feedback
 *
 * Feedback is a score for a run, a thread or a review. It is append-only: nothing replaces or deletes it.
 * Who changes their mind gives another score, and both count. A review of kind rating that ends with an
 * answer gives one by itself in the transaction of the answer: about the review, with the key of its
 * payload, from whose answer ended it.
 *
 * feedback  {"id","seq","run","thread","review","key","score":0 to 1,"comment","actor","at"}; of run,
 *           thread and review one is set, the others are null.
 */

/**
 * Gives a score.
 *
 * request:  {"run":id or "thread":id or "review":id,"score":0 to 1,"key"?("helpfulness"),"comment"?,
 *            "actor"?:actor}
 *           review: must exist. Names of runs and threads are the host's and not looked up.
 *           key: what the score is about, e.g. "correctness", "helpfulness", "safety"; 1 to 512 bytes.
 *           comment: at most 64 KiB; an empty one is none.
 * out_json: feedback. Free with interlock_buffer_free.
 *
 * Statuses: OK, UNKNOWN_REVIEW, MISUSE, INVALID_ARGUMENT, INVALID_JSON, TOO_LARGE, BAD_HANDLE, CLOSED, FORKED,
 * BUSY, READ_ONLY, DISK_FULL, IO, CORRUPT, NO_MEMORY, INTERNAL.
 * Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_feedback_put(
    interlock_engine *INTERLOCK_NULLABLE engine, const char *INTERLOCK_NULLABLE request,
    size_t request_size, interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_json,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/**
 * Lists scores in the order they were given, a page at a time.
 *
 * request:  {"run"?:id or "thread"?:id or "review"?:id,"after"?:seq,"limit"?:1 to 1000 (100)}
 *           Without any of the three: all there are.
 * out_json: {"feedback":[feedback,...],"next":seq|null}. next: pass it as "after" for more.
 *           Free with interlock_buffer_free.
 *
 * Statuses: OK, MISUSE, INVALID_ARGUMENT, INVALID_JSON, TOO_LARGE, BAD_HANDLE, CLOSED, FORKED,
 * BUSY, IO, CORRUPT, NO_MEMORY, INTERNAL.
 * Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_feedback_list(
    interlock_engine *INTERLOCK_NULLABLE engine, const char *INTERLOCK_NULLABLE request,
    size_t request_size, interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_json,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/**
 * Sums up scores by key, in ascending byte order of the keys.
 *
 * request:  {"run"?:id or "thread"?:id or "review"?:id,"after"?:key,"limit"?:1 to 1000 (100)}
 *           Without any of the three: over all there are.
 * out_json: {"keys":[{"key","count","average","min","max"},...],"next":key|null}. next: pass it as
 *           "after" for more. Free with interlock_buffer_free.
 *
 * Statuses: OK, MISUSE, INVALID_ARGUMENT, INVALID_JSON, TOO_LARGE, BAD_HANDLE, CLOSED, FORKED,
 * BUSY, IO, CORRUPT, NO_MEMORY, INTERNAL.
 * Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_feedback_summary(
    interlock_engine *INTERLOCK_NULLABLE engine, const char *INTERLOCK_NULLABLE request,
    size_t request_size, interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_json,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/* -------------------------------------------------------------------------------------- tokens
 *
 * A token lets somebody who has no account answer one stage of one review (an approval link), or listen (a
 * ticket for a socket). It is signed, bound to what it is for, expires, and is for single use unless asked
 * otherwise. Whoever holds it can use it: send it over a way that only its actor reads, and never log it.
 *
 * token   base64url(claims) "." base64url(HMAC-SHA-256 over what is before the dot), without padding. Its
 *         keys are made by the library and kept in the store; the store has no token and no id of one,
 *         only the SHA-256 of the id. Compared in constant time. Whoever can read the database can
 *         make tokens.
 * claims  {"id","purpose":"decide"|"subscribe","actor","review","stage","verdicts","channel","expires_at",
 *          "single_use","status":"issued"|"used"|"revoked"|"expired"}; what does not apply is null.
 */

/**
 * Makes a token. This is the only time that it is seen.
 *
 * request:  {"purpose":"decide","review":id,"stage"?:name,"verdicts"?:["approve"|"edit"|"reject"|
 *            "answer"|"dismiss",...],"actor":actor,"expires_in":ms,"single_use"?:true} or
 *           {"purpose":"subscribe","review"?:id,"channel"?,"actor":actor,"expires_in":ms,
 *            "single_use"?:true}
 *           stage: without it, the one that is open now. verdicts: without them, all. actor: who
 *           answers; its roles are vouched for by the caller, as the token is made.
 * out_json: {"token","id","expires_at"}. The id revokes it. Free with interlock_buffer_free.
 *
 * A link that could never work is refused: the review has ended, has no such stage, or the stage takes
 * no answer from the actor.
 *
 * Statuses: OK, UNKNOWN_REVIEW, ALREADY_RESOLVED, EXPIRED, CANCELLED, SUPERSEDED, NOT_AUTHORIZED,
 * WRONG_STAGE, MISUSE, INVALID_ARGUMENT, INVALID_JSON, TOO_LARGE,
 * BAD_HANDLE, CLOSED, FORKED, BUSY, READ_ONLY, DISK_FULL, IO, CORRUPT, NO_MEMORY, INTERNAL.
 * Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_token_issue(
    interlock_engine *INTERLOCK_NULLABLE engine, const char *INTERLOCK_NULLABLE request,
    size_t request_size, interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_json,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/**
 * What a token is good for, and whether it still is. Nothing is used up: a page may show the question.
 *
 * request:  {"token"}
 * out_json: claims. A used, revoked or expired token has that status. Free with
 *           interlock_buffer_free.
 *
 * Statuses: OK, TOKEN_INVALID, MISUSE, INVALID_ARGUMENT, INVALID_JSON, TOO_LARGE,
 * BAD_HANDLE, CLOSED, FORKED, BUSY, READ_ONLY, DISK_FULL, IO, CORRUPT, NO_MEMORY, INTERNAL.
 * Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_token_inspect(
    interlock_engine *INTERLOCK_NULLABLE engine, const char *INTERLOCK_NULLABLE request,
    size_t request_size, interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_json,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/**
 * Takes a token for purpose subscribe: of any number who bring one for single use, one gets OK.
 *
 * request:  {"token"}
 * out_json: claims. Free with interlock_buffer_free.
 *
 * Statuses: OK, TOKEN_INVALID, TOKEN_USED, TOKEN_EXPIRED, MISUSE, INVALID_ARGUMENT, INVALID_JSON,
 * TOO_LARGE,
 * BAD_HANDLE, CLOSED, FORKED, BUSY, READ_ONLY, DISK_FULL, IO, CORRUPT, NO_MEMORY, INTERNAL.
 * Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_token_redeem(
    interlock_engine *INTERLOCK_NULLABLE engine, const char *INTERLOCK_NULLABLE request,
    size_t request_size, interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_json,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/**
 * Makes a token worthless. Revoking it again changes nothing.
 *
 * request:  {"token" or "id","actor"?:actor}
 * out_json: {"id","status":"revoked"}. Free with interlock_buffer_free.
 *
 * Statuses: OK, TOKEN_INVALID, TOKEN_USED, MISUSE, INVALID_ARGUMENT, INVALID_JSON, TOO_LARGE,
 * BAD_HANDLE, CLOSED, FORKED, BUSY, READ_ONLY, DISK_FULL, IO, CORRUPT, NO_MEMORY, INTERNAL.
 * Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_token_revoke(
    interlock_engine *INTERLOCK_NULLABLE engine, const char *INTERLOCK_NULLABLE request,
    size_t request_size, interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_json,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/**
 * Signs with a new key from now on. Older keys verify until the last token that they signed has expired,
 * and are then forgotten, as are the records of expired tokens: such a token is TOKEN_EXPIRED while its
 * key is known and TOKEN_INVALID later. The first key is made at the first interlock_token_issue.
 *
 * request:  {"actor"?:actor}
 * out_json: {"keys":[{"id","until":ms|null},...]}, the one that signs first. Free with
 *           interlock_buffer_free.
 *
 * Statuses: OK, MISUSE, INVALID_ARGUMENT, INVALID_JSON, TOO_LARGE,
 * BAD_HANDLE, CLOSED, FORKED, BUSY, READ_ONLY, DISK_FULL, IO, CORRUPT, NO_MEMORY, INTERNAL.
 * Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_token_rotate(
    interlock_engine *INTERLOCK_NULLABLE engine, const char *INTERLOCK_NULLABLE request,
    size_t request_size, interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_json,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/* ------------------------------------------------------------------------------------ webhooks
 *
 * Webhooks as data, in the form of https://www.standardwebhooks.com (version v1, symmetric): headers
 * webhook-id, webhook-timestamp (seconds) and webhook-signature ("v1," and base64 of HMAC-SHA-256 over
 * "id.timestamp.body"; several are separated by a space). The library opens no connection: the host sends
 * what was signed, and hands in what it received.
 *
 * secret  "whsec_" and the base64 of 24 to 64 bytes; the prefix may be left out. Never
 *         part of an error; only that of an endpoint is stored.
 * body    "body" for text, or "body_base64" for bytes: exactly as it goes over the wire.
 */

/**
 * Signs a body.
 *
 * request:  {"secrets":[secret,...] 1 to 16,"id"?,"timestamp"?:seconds,body}
 *           Several secrets: one signature each, so that receivers can move from one to the next. id:
 *           without a dot; the same for every attempt at one delivery; without it, a new one.
 *           timestamp: without it, now.
 * out_json: {"headers":{"webhook-id","webhook-timestamp","webhook-signature"}}. Free with
 *           interlock_buffer_free.
 *
 * Statuses: OK, MISUSE, INVALID_ARGUMENT, INVALID_JSON, TOO_LARGE,
 * BAD_HANDLE, CLOSED, FORKED, BUSY, READ_ONLY, DISK_FULL, IO, CORRUPT, NO_MEMORY, INTERNAL.
 * Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_webhook_sign(
    interlock_engine *INTERLOCK_NULLABLE engine, const char *INTERLOCK_NULLABLE request,
    size_t request_size, interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_json,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/**
 * Verifies what was received: one signature must be of one of the secrets, and the time not far from now.
 *
 * request:  {"secrets":[secret,...] 1 to 16,"headers":object,body,"tolerance_ms"?:300000}
 *           headers: names in any case; others are ignored. The first 32 signatures count.
 * out_json: {"id","timestamp":seconds}: hand the id to interlock_webhook_receive. Free with
 *           interlock_buffer_free.
 *
 * A missing or malformed header is INVALID_ARGUMENT with its path.
 *
 * Statuses: OK, SIGNATURE_INVALID, TIMESTAMP_STALE, MISUSE, INVALID_ARGUMENT, INVALID_JSON,
 * TOO_LARGE,
 * BAD_HANDLE, CLOSED, FORKED, BUSY, READ_ONLY, DISK_FULL, IO, CORRUPT, NO_MEMORY, INTERNAL.
 * Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_webhook_verify(
    interlock_engine *INTERLOCK_NULLABLE engine, const char *INTERLOCK_NULLABLE request,
    size_t request_size, interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_json,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/**
 * Keeps what came of a delivery, so that a sender who retries gets the first result.
 *
 * request:  {"source","id","content"?:value,"result"?:value}
 *           Without result: has it come before? With one: the first is kept, for ever. content: when
 *           given both times, it must be equal; its SHA-256 is kept.
 * out_json: {"replayed":bool,"result":the first|null,"received_at":ms|null}. Free with
 *           interlock_buffer_free.
 *
 * Verify and authorise first, act second (an equal interlock_review_respond is replayed), receive last:
 * a delivery that was refused may then come again.
 *
 * Statuses: OK, IDEMPOTENCY_MISMATCH, MISUSE, INVALID_ARGUMENT, INVALID_JSON, TOO_LARGE,
 * BAD_HANDLE, CLOSED, FORKED, BUSY, READ_ONLY, DISK_FULL, IO, CORRUPT, NO_MEMORY, INTERNAL.
 * Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_webhook_receive(
    interlock_engine *INTERLOCK_NULLABLE engine, const char *INTERLOCK_NULLABLE request,
    size_t request_size, interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_json,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/* ----------------------------------------------------------------------------------- endpoints
 *
 * An endpoint is where events are pushed. Every event that it asks for becomes one delivery.
 *
 * endpoint  {"name","url","description","status":"enabled"|"disabled","attempts","seq","created_at",
 *            "updated_at","types","review","thread","channel"}; what was left out is null. seq: the last
 *           event that it has seen. The secret is in no document but the one that made it, and in no
 *           error. It is stored, to sign with: whoever can read the database can sign.
 */

/**
 * Keeps an endpoint under its name, in the place of the one before. The same again changes nothing.
 *
 * request:  {"name","url","secret"?,"description"?,"types"?:[string,...] 1 to 100,"review"?,"thread"?,
 *            "channel"?,"attempts"?:1 to 100 (16),"enabled"?:bool,"after"?:seq}
 *           url: http or https, ASCII, at most 2048 bytes, without user and password, for it is listed.
 *           secret: as of webhooks. Left out, an endpoint keeps its own, and a new one gets one.
 *           types, review, thread, channel: which events, as interlock_event_read. attempts: how often a
 *           delivery is tried. enabled: left out, as it is; a new one is enabled. after: where a new
 *           one begins; left out, with what happens from now on. One that exists goes on where it is.
 * out_json: endpoint; with "secret" if it was made here, the only time that it is seen. Free with
 *           interlock_buffer_free.
 *
 * Statuses: OK, MISUSE, INVALID_ARGUMENT, INVALID_JSON, TOO_LARGE,
 * BAD_HANDLE, CLOSED, FORKED, BUSY, READ_ONLY, DISK_FULL, IO, CORRUPT, NO_MEMORY, INTERNAL.
 * Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_endpoint_put(
    interlock_engine *INTERLOCK_NULLABLE engine, const char *INTERLOCK_NULLABLE request,
    size_t request_size, interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_json,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/**
 * Reads an endpoint.
 *
 * request:  {"name"}
 * out_json: endpoint. Free with interlock_buffer_free.
 *
 * Statuses: OK, NOT_FOUND, MISUSE, INVALID_ARGUMENT, INVALID_JSON, TOO_LARGE,
 * BAD_HANDLE, CLOSED, FORKED, BUSY, IO, CORRUPT, NO_MEMORY, INTERNAL.
 * Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_endpoint_get(
    interlock_engine *INTERLOCK_NULLABLE engine, const char *INTERLOCK_NULLABLE request,
    size_t request_size, interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_json,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/**
 * Lists endpoints in ascending byte order of their names.
 *
 * request:  {"after"?:name,"limit"?:1 to 1000 (50)}
 * out_json: {"endpoints":[endpoint,...],"next":name|null}. next: pass it as "after" for more. Free with
 *           interlock_buffer_free.
 *
 * Statuses: OK, MISUSE, INVALID_ARGUMENT, INVALID_JSON, TOO_LARGE,
 * BAD_HANDLE, CLOSED, FORKED, BUSY, IO, CORRUPT, NO_MEMORY, INTERNAL.
 * Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_endpoint_list(
    interlock_engine *INTERLOCK_NULLABLE engine, const char *INTERLOCK_NULLABLE request,
    size_t request_size, interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_json,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/**
 * Hands out nothing for an endpoint from now on. Nothing is lost: what waits, and what happens meanwhile,
 * is due when interlock_endpoint_put enables it. What somebody has claimed may still be reported.
 *
 * request:  {"name"}
 * out_json: endpoint. Free with interlock_buffer_free.
 *
 * Statuses: OK, NOT_FOUND, MISUSE, INVALID_ARGUMENT, INVALID_JSON, TOO_LARGE,
 * BAD_HANDLE, CLOSED, FORKED, BUSY, READ_ONLY, DISK_FULL, IO, CORRUPT, NO_MEMORY, INTERNAL.
 * Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_endpoint_disable(
    interlock_engine *INTERLOCK_NULLABLE engine, const char *INTERLOCK_NULLABLE request,
    size_t request_size, interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_json,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/**
 * Forgets an endpoint with its secret and all its deliveries.
 *
 * request:  {"name"}
 * out_json: the endpoint as it was. Free with interlock_buffer_free.
 *
 * Statuses: OK, NOT_FOUND, MISUSE, INVALID_ARGUMENT, INVALID_JSON, TOO_LARGE,
 * BAD_HANDLE, CLOSED, FORKED, BUSY, READ_ONLY, DISK_FULL, IO, CORRUPT, NO_MEMORY, INTERNAL.
 * Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_endpoint_remove(
    interlock_engine *INTERLOCK_NULLABLE engine, const char *INTERLOCK_NULLABLE request,
    size_t request_size, interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_json,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/* ---------------------------------------------------------------------------------- deliveries
 *
 * A delivery is one event for one endpoint, made in the store that has the event. The library opens no
 * connection: the host asks what is due, sends it, and reports. At least once: a worker that dies between
 * sending and reporting leaves a delivery that is sent again, with the same id, which is its webhook-id.
 * Deliveries of an endpoint may overtake each other; the seq in the body says the order.
 *
 * delivery  {"id","seq","endpoint":name,"event":seq,"status":"pending"|"claimed"|"delivered"|"dead",
 *            "attempt":n,"next_at":ms|null,"until":ms|null,"http_status":n|null,"error":text|null,
 *            "created_at","updated_at"}. attempt: how often it was tried, since it was made or retried.
 *           next_at: when a pending one is due. until: when a claim runs out. http_status and error are of
 *           the last report.
 */

/**
 * Claims deliveries that are due, and returns what is to be sent. Each goes to one of all who ask, in any
 * process, until it is reported or the lease has run out.
 *
 * request:  {"limit"?:1 to 100 (20),"lease_ms"?:60000}
 * out_json: {"deliveries":[{"id","claim","endpoint":name,"event":seq,"attempt":n,"until":ms,"url",
 *            "headers":object,"body":text},...],"next_at":ms|null}. Send exactly the UTF-8 bytes of body,
 *           by POST, with the headers: content-type, webhook-id, webhook-timestamp and webhook-signature
 *           (as interlock_webhook_sign). body is the event of interlock_event_read. next_at: when to ask
 *           again at the latest, as far as is known now; null: when there is another event. Free with
 *           interlock_buffer_free.
 *
 * The url is what somebody has put: it is for the host to say which addresses it calls.
 *
 * Statuses: OK, MISUSE, INVALID_ARGUMENT, INVALID_JSON, TOO_LARGE,
 * BAD_HANDLE, CLOSED, FORKED, BUSY, READ_ONLY, DISK_FULL, IO, CORRUPT, NO_MEMORY, INTERNAL.
 * Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_delivery_due(
    interlock_engine *INTERLOCK_NULLABLE engine, const char *INTERLOCK_NULLABLE request,
    size_t request_size, interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_json,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/**
 * Says what came of an attempt. Delivered is final. What failed is due again after a time that doubles
 * from 5 seconds to 12 hours, of which it waits at least half (the rest is random); after the last attempt
 * it is dead.
 *
 * request:  {"delivery":id,"claim","status":"delivered"|"failed","http_status"?:100 to 599,"error"?:text of
 *            at most 4096 bytes}
 * out_json: delivery. Free with interlock_buffer_free.
 *
 * The same status with the last reported claim again changes nothing, the other one is CONFLICT. A claim
 * whose time has run out is good until another worker has claimed the delivery, or it was given up: FENCED.
 *
 * Statuses: OK, NOT_FOUND, FENCED, CONFLICT, MISUSE, INVALID_ARGUMENT, INVALID_JSON, TOO_LARGE,
 * BAD_HANDLE, CLOSED, FORKED, BUSY, READ_ONLY, DISK_FULL, IO, CORRUPT, NO_MEMORY, INTERNAL.
 * Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_delivery_report(
    interlock_engine *INTERLOCK_NULLABLE engine, const char *INTERLOCK_NULLABLE request,
    size_t request_size, interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_json,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/**
 * Makes a dead delivery due now, with all its attempts. Once more before it is tried changes nothing.
 *
 * request:  {"delivery":id}
 * out_json: delivery. Free with interlock_buffer_free.
 *
 * Statuses: OK, NOT_FOUND, CONFLICT (it is not dead), MISUSE, INVALID_ARGUMENT, INVALID_JSON, TOO_LARGE,
 * BAD_HANDLE, CLOSED, FORKED, BUSY, READ_ONLY, DISK_FULL, IO, CORRUPT, NO_MEMORY, INTERNAL.
 * Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_delivery_retry(
    interlock_engine *INTERLOCK_NULLABLE engine, const char *INTERLOCK_NULLABLE request,
    size_t request_size, interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_json,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/**
 * Reads a delivery.
 *
 * request:  {"delivery":id}
 * out_json: delivery. Free with interlock_buffer_free.
 *
 * Statuses: OK, NOT_FOUND, MISUSE, INVALID_ARGUMENT, INVALID_JSON, TOO_LARGE,
 * BAD_HANDLE, CLOSED, FORKED, BUSY, IO, CORRUPT, NO_MEMORY, INTERNAL.
 * Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_delivery_get(
    interlock_engine *INTERLOCK_NULLABLE engine, const char *INTERLOCK_NULLABLE request,
    size_t request_size, interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_json,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/**
 * Lists deliveries in the order they were made.
 *
 * request:  {"endpoint"?:name,"status"?,"after"?:seq,"limit"?:1 to 1000 (100)}
 * out_json: {"deliveries":[delivery,...],"next":seq|null}. next: pass it as "after" for more. Free with
 *           interlock_buffer_free.
 *
 * Statuses: OK, MISUSE, INVALID_ARGUMENT, INVALID_JSON, TOO_LARGE,
 * BAD_HANDLE, CLOSED, FORKED, BUSY, IO, CORRUPT, NO_MEMORY, INTERNAL.
 * Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_delivery_list(
    interlock_engine *INTERLOCK_NULLABLE engine, const char *INTERLOCK_NULLABLE request,
    size_t request_size, interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_json,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/* --------------------------------------------------------------------------------------- audit
 *
 * record  {"seq","at","review","thread","action","actor","detail":object,"prev":hex,"hash":hex}. Actions:
 *         decision, refusal, expiry, escalation, cancellation, supersession, use and report (of a
 *         permit), issue, use and revocation (of a token), rotation. What is about a token names the
 *         SHA-256 of its id; review is null where it is about none. hash is SHA-256 over the
 *         canonical JSON (RFC 8785) of the record without "hash"; prev is the hash of the record
 *         before it, 64 zeros for the first.
 */

/**
 * Reads audit records in order.
 *
 * request:  {"after"?:seq,"review"?:id,"limit"?:1 to 1000 (100)}
 * out_json: {"records":[record,...],"next":seq,"last":seq}. next: pass it as "after" for more; it may
 *           have moved although no record is of the review. Free with interlock_buffer_free.
 *
 * Statuses: as interlock_event_read. Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_audit_read(
    interlock_engine *INTERLOCK_NULLABLE engine, const char *INTERLOCK_NULLABLE request,
    size_t request_size, interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_json,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/**
 * Writes audit records as JSON lines (one canonical record a line, "\n" after each), for keeping
 * elsewhere.
 *
 * request:   {"after"?:seq,"limit"?:1 to 10000 (1000)}
 * out_lines: the lines; empty at the end. Free with interlock_buffer_free.
 *
 * Statuses: as interlock_event_read. Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_audit_export(
    interlock_engine *INTERLOCK_NULLABLE engine, const char *INTERLOCK_NULLABLE request,
    size_t request_size, interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_lines,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

/**
 * Verifies the chain: finds any record that was changed, removed or moved. Records cut off at the end
 * are found if the caller knows the head from before.
 *
 * request:  {"head"?:{"seq","hash"}}: a head that was kept elsewhere; it must still be in the chain
 * out_json: {"ok":bool,"records":n,"head":{"seq","hash"}|null,"problems":[{"seq","message"},...]}, at
 *           most 100 problems. Set with INTERLOCK_OK and INTERLOCK_CORRUPT. Free with
 *           interlock_buffer_free.
 *
 * Statuses: OK (sound), CORRUPT (problems found), and those of interlock_event_read.
 * Thread rule: any thread. Since 0.1.
 */
interlock_status interlock_audit_verify(
    interlock_engine *INTERLOCK_NULLABLE engine, const char *INTERLOCK_NULLABLE request,
    size_t request_size, interlock_buffer *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_json,
    interlock_error *INTERLOCK_NULLABLE *INTERLOCK_NULLABLE out_error);

#if defined(__clang__)
#pragma clang diagnostic pop
#endif

#ifdef __cplusplus
}
#endif

#endif /* INTERLOCK_H */
