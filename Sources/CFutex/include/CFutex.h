#pragma once
#include <stdint.h>

/* syscall() is variadic, which Swift cannot call. */

/* Waits until *word is no longer `expected`, a wake-up, or the time. Returns 0, or -1 after the time. */
int cfutex_wait(const uint32_t *_Nonnull word, uint32_t expected, int64_t nanoseconds);

/* Wakes all who wait on the word, in every process that has mapped it; or so many of them, those first
   who have waited longest. */
void cfutex_wake(const uint32_t *_Nonnull word);
void cfutex_wake_some(const uint32_t *_Nonnull word, int count);

/* Adds one to the word, for every thread and process to see. */
void cfutex_advance(uint32_t *_Nonnull word);
uint32_t cfutex_load(const uint32_t *_Nonnull word);

/* Maps the file at `path`, made with the permissions of the file `beside` if it is not there, for all
   processes that do the same. Sets *writable to whether this process may write. NULL if it cannot be. */
uint32_t *_Nullable cfutex_map(const char *_Nonnull path, const char *_Nonnull beside,
                               int *_Nonnull writable);
void cfutex_unmap(uint32_t *_Nonnull word);

/* An eventfd that does not block and is closed by exec, or -1. */
int cfutex_event_descriptor(void);
