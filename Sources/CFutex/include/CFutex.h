#pragma once
#include <stdint.h>

/* syscall() is variadic, which Swift cannot call. */

/* Waits until *word is no longer `expected`, a wake-up, or the time. Returns 0, or -1 after the time. */
int cfutex_wait(const uint32_t *_Nonnull word, uint32_t expected, int64_t nanoseconds);

/* Wakes all who wait on the word, in every process that has mapped it. */
void cfutex_wake(const uint32_t *_Nonnull word);

/* Adds one to the word, for every thread and process to see. */
void cfutex_advance(uint32_t *_Nonnull word);
uint32_t cfutex_load(const uint32_t *_Nonnull word);

/* An eventfd that does not block and is closed by exec, or -1. */
int cfutex_event_descriptor(void);
