"""Lets an event loop wait for reviews and events without a thread per waiter.

A `Watch` is what one event loop waits with on one engine. It reads the engine's descriptor, which
becomes readable when there are new events, from whichever process; then it reads the events and
wakes those whose review has ended. The descriptor is only a hint. What counts is read from the
store: when a waiter comes, when its review has ended by an event, when time changes its review,
and all new events at the latest every few seconds. While nobody waits there is no watch.
"""

from __future__ import annotations

from _thread import allocate_lock
from contextlib import suppress
from copy import copy
from ctypes import byref, c_int32, c_void_p
from heapq import heappop, heappush
from io import FileIO
from os import dup

from ._ask import ask, ask_without_request, closed, timed_out
from .errors import ReadOnlyError, ReviewError, check

TYPE_CHECKING = False
if TYPE_CHECKING:
    from asyncio import AbstractEventLoop, Future, Task, TimerHandle
    from collections.abc import Callable, Sequence

    from ._handle import Handle
    from .documents import EventPage, Review

SAFETY_SECONDS = 2.0
_FINAL_EVENTS = ["review.resolved", "review.expired", "review.cancelled", "review.superseded"]
_PAGE = 1000
_lock = allocate_lock()


async def ended(handle: Handle, ids: Sequence[str], timeout: float | None) -> Review:
    """The first of the reviews that is final.

    Raises:
        WaitTimeoutError: none is after `timeout` seconds.
        InterlockError: a review cannot be read.
    """
    from asyncio import get_running_loop

    watch = _of(handle, get_running_loop())
    waiter = _Waiter(watch, ids)
    return await waiter.wait(timeout)


async def changed(handle: Handle, after: int, timeout: float | None) -> None:
    """Return when there is an event after `after`, or at the latest after the timeout."""
    from asyncio import get_running_loop

    watch = _of(handle, get_running_loop())
    await watch.next_event(after, timeout)


def poke(handle: Handle) -> None:
    """Let all watches of an engine look again at everything: its clock was set. Any thread."""
    for watch in [*handle.watches.values()]:
        watch.call(watch.look_at_all)


def _of(handle: Handle, loop: AbstractEventLoop) -> Watch:
    with _lock:
        watch: Watch | None = handle.watches.get(loop)
    if watch is None:
        watch = Watch(handle, loop)
        with _lock:
            handle.watches[loop] = watch
    return watch


class _Waiter:
    """Somebody who waits for the first of some reviews."""

    __slots__ = ("future", "ids", "is_late", "unseen", "watch")

    def __init__(self, watch: Watch, ids: Sequence[str]) -> None:
        self.watch = watch
        self.ids = dict.fromkeys(ids)
        self.unseen = set(ids)  # an answer that came before the wait counts: look at each once
        self.is_late = False
        self.future: Future[Review] = watch.loop.create_future()

    async def wait(self, timeout: float | None) -> Review:
        self.watch.add(self)
        timer = None
        if timeout is not None:
            timer = self.watch.loop.call_later(timeout, self._lose_patience)
        try:
            return await self.future
        finally:
            if timer is not None:
                timer.cancel()
            self.watch.remove(self)

    def saw(self, id: str, found: Review | Exception) -> None:
        """Its review was read."""
        if self.future.done():
            return
        self.unseen.discard(id)
        if isinstance(found, Exception):
            self.future.set_exception(copy(found))
        elif found["status"] != "pending":
            self.future.set_result(found)
        elif self.is_late and not self.unseen:
            self.future.set_exception(timed_out())

    def _lose_patience(self) -> None:
        self.is_late = True
        if not self.unseen and not self.future.done():
            self.future.set_exception(timed_out())


class Watch:
    """What one event loop waits with on one engine. Only its loop's thread, but for `call`."""

    __slots__ = (
        "_copied_fd",
        "_due",
        "_events",
        "_fresh",
        "_has_news",
        "_is_due",
        "_seq",
        "_timer",
        "_waiters",
        "_wake",
        "_worker",
        "handle",
        "loop",
    )

    def __init__(self, handle: Handle, loop: AbstractEventLoop) -> None:
        """Nothing is watched until somebody waits."""
        from asyncio import Event

        self.handle = handle
        self.loop = loop
        self._seq = -1
        self._waiters: dict[str, set[_Waiter]] = {}
        self._events: dict[Future[None], int] = {}
        self._fresh: dict[str, None] = {}
        self._due: list[tuple[int, str]] = []
        self._wake = Event()
        self._has_news = True  # whether there may be new events to read
        self._is_due = False  # whether time may have changed a review
        self._timer: TimerHandle | None = None
        # The engine's own descriptor goes away when it is closed, by whichever thread; a copy
        # stays valid until this loop has let go of it.
        self._copied_fd = FileIO(dup(event_fd(handle)))
        loop.add_reader(self._copied_fd, self._drain)
        self._worker: Task[None] = loop.create_task(self._work())

    def call(self, function: Callable[[], None]) -> None:
        """Call in the thread of the loop, soon. Any thread."""
        try:
            self.loop.call_soon_threadsafe(function)
        except RuntimeError:  # the loop is closed: nobody can be waiting
            self._forget()

    def close(self) -> None:
        """The engine was closed: end all waits. Any thread."""
        self.call(lambda: self.end(closed()))

    def add(self, waiter: _Waiter) -> None:
        """Somebody waits."""
        for id in waiter.ids:
            self._waiters.setdefault(id, set()).add(waiter)
            self._fresh[id] = None
        self._wake.set()

    def remove(self, waiter: _Waiter) -> None:
        """Somebody no longer waits."""
        for id in waiter.ids:
            others = self._waiters.get(id)
            if others is not None:
                others.discard(waiter)
                if not others:
                    del self._waiters[id]
        self._end_if_idle()

    async def next_event(self, after: int, timeout: float | None) -> None:
        """Wait for an event after `after`."""
        future: Future[None] = self.loop.create_future()
        self._events[future] = after
        self._has_news = True  # the event may be there already
        self._wake.set()
        timer = None
        if timeout is not None:
            timer = self.loop.call_later(timeout, _set, future)
        try:
            await future
        finally:
            if timer is not None:
                timer.cancel()
            del self._events[future]
            self._end_if_idle()

    def look_at_all(self) -> None:
        """Read every review that somebody waits for."""
        self._fresh = dict.fromkeys(self._waiters)
        self._is_due = self._has_news = True
        self._wake.set()

    def end(self, error: Exception | None) -> None:
        """Let go of the descriptor, and tell those who wait; None cancels them."""
        if not self._copied_fd.closed:
            self.loop.remove_reader(self._copied_fd)
        self._forget()
        if self._timer is not None:
            self._timer.cancel()
        self._worker.cancel()
        futures: list[Future[Review] | Future[None]] = [*self._events]
        futures += [waiter.future for waiters in self._waiters.values() for waiter in waiters]
        for future in futures:
            if future.done():
                continue
            if error is None:
                future.cancel()
            else:
                future.set_exception(copy(error))

    def _forget(self) -> None:
        with _lock:
            if self.handle.watches.get(self.loop) is self:
                del self.handle.watches[self.loop]
        self._copied_fd.close()

    def _end_if_idle(self) -> None:
        if not self._waiters and not self._events:
            self.end(None)

    def _drain(self) -> None:
        """The descriptor is readable. Its counter is shared with every loop on this engine."""
        self._copied_fd.read(8)  # None if another loop was faster, which then tells this one
        for watch in [*self.handle.watches.values()]:
            if watch is self:
                self.look_at_events()
            else:
                watch.call(watch.look_at_events)

    def look_at_events(self) -> None:
        """There may be new events."""
        self._has_news = True
        self._wake.set()

    async def _work(self) -> None:
        """Look into the store whenever there is reason to, until nobody waits."""
        from asyncio import CancelledError, to_thread

        try:
            while True:
                self._set_timer()
                await self._wake.wait()
                self._wake.clear()
                self._collect_due()
                fresh, self._fresh = self._fresh, {}
                has_news, self._has_news = self._has_news, False
                is_due, self._is_due = self._is_due, False
                if is_due:
                    await to_thread(self._apply_deadlines)
                self._seq, found = await to_thread(self._look, self._seq, has_news, fresh)
                self._deliver(found)
        except CancelledError:
            self.end(None)
            raise
        except Exception as error:
            self.end(error)

    def _apply_deadlines(self) -> None:
        """As every wait does, so that everybody hears of it. In a worker thread."""
        with suppress(ReadOnlyError):  # what has expired shows all the same
            ask_without_request(self.handle, "interlock_engine_tick")

    def _look(
        self, seq: int, has_news: bool, fresh: dict[str, None]
    ) -> tuple[int, dict[str, Review | Exception]]:
        """What has happened since `seq`, and how the fresh reviews stand. In a worker thread."""
        if has_news or seq < 0:
            seq, finished = self._read_events(seq)
            fresh.update(dict.fromkeys(id for id in finished if id in self._waiters))
        found: dict[str, Review | Exception] = {}
        for id in fresh:
            try:
                found[id] = ask(self.handle, "interlock_review_get", {"id": id})
            except (ReviewError, ValueError) as error:
                found[id] = error
        return seq, found

    def _read_events(self, seq: int) -> tuple[int, list[str]]:
        if seq < 0:  # what came before is seen by looking at each review
            page: EventPage = ask(self.handle, "interlock_event_read", {"limit": 1})
            return page["last"], []
        finished: list[str] = []
        while True:
            request = {"after": seq, "types": _FINAL_EVENTS, "limit": _PAGE}
            page = ask(self.handle, "interlock_event_read", request)
            finished += [id for event in page["events"] if (id := event["review"]) is not None]
            if page["next"] <= seq or page["next"] >= page["last"]:
                return max(seq, page["last"]), finished
            seq = page["next"]

    def _deliver(self, found: dict[str, Review | Exception]) -> None:
        now = _now()
        for id, review in found.items():
            for waiter in [*self._waiters.get(id, ())]:
                waiter.saw(id, review)
            if not isinstance(review, Exception) and (due := review["next_at"]) is not None:
                # Of a clock that is not this one: look again now and then.
                due = due if due > now else now + round(SAFETY_SECONDS * 1000)
                heappush(self._due, (due, id))
        for future, after in self._events.items():
            if self._seq > after:
                _set(future)

    def _collect_due(self) -> None:
        now = _now()
        while self._due and self._due[0][0] <= now:
            _, id = heappop(self._due)
            if id in self._waiters:
                self._fresh[id] = None
                self._is_due = True

    def _set_timer(self) -> None:
        """Wake up when time changes a review that somebody waits for, or to be safe."""
        if self._timer is not None:
            self._timer.cancel()
        while self._due and self._due[0][1] not in self._waiters:
            heappop(self._due)
        delay = SAFETY_SECONDS
        if self._due:
            delay = min(delay, max(0.0, (self._due[0][0] - _now()) / 1000))
        self._timer = self.loop.call_later(delay, self.look_at_events)


def event_fd(handle: Handle) -> int:
    """The descriptor of an engine."""
    descriptor, error = c_int32(), c_void_p()
    library = handle.library
    status = library.interlock_engine_event_fd(handle.token, byref(descriptor), byref(error))
    check(library, status, error.value)
    return descriptor.value


def _now() -> int:
    from time import time

    return int(time() * 1000)


def _set(future: Future[None]) -> None:
    if not future.done():
        future.set_result(None)
