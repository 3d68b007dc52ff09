"""The runs of a store: work on a thread that pauses, dies and goes on, and repeats no step."""

from __future__ import annotations

from ctypes import byref, c_void_p
from typing import TYPE_CHECKING

from .._ask import UNSET, ask, given, parsed, take_buffer
from .._handle import RunHandle
from .._moment import milliseconds
from .._offload import offload, twin
from .._text import json_object
from ..errors import check
from ..reviews import in_milliseconds
from .lease import Suspended as Suspended
from .run import Run as Run

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
    from typing import Any, Literal

    from .._handle import Handle
    from ..documents import (
        Actor,
        Begun,
        Interrupt,
        InterruptPage,
        Resumed,
        ReviewRequest,
        RunDetails,
        RunPage,
        RunState,
        RunStatus,
        Seconds,
    )
    from .lease import Lease

USUAL_LEASE = 60.0


class Runs:
    """The runs of an engine; get it as `engine.runs`. Any thread. Since 0.1.

    A thread has one run at a time, and a run one worker at a time, who has the lease.

    Every method raises `ClosedError` after `close`, `ForkedError` in a forked child, and
    `BusyError`, `StoreIOError` or `CorruptError` if the store cannot serve it; those that change
    something also `ReadOnlyError` and `DiskFullError`. A request of the wrong shape is
    `InvalidArgumentError`.
    """

    __slots__ = ("_handle",)

    def __init__(self, handle: Handle) -> None:
        """Not for callers: use `engine.runs`."""
        self._handle = handle

    def begin(
        self,
        thread: str,
        *,
        worker: str | None = None,
        lease: Seconds | None = None,
        parent: str | None = None,
        interrupt_before: Literal["*"] | Sequence[str] = (),
        interrupt_after: Literal["*"] | Sequence[str] = (),
        gate_review: ReviewRequest | Mapping[str, Any] | None = None,
        _outer: Lease | None = None,
    ) -> Run:
        """Begin the work of a thread, go on with it, or take it over. Since 0.1.

        `engine.run` does the rest too. Of any number of workers that begin at once one gets the
        lease.

        Args:
            thread: its name, 1 to 512 bytes of UTF-8.
            worker: who works, for people.
            lease: how long the thread is this worker's without a sign of life; None is 60 s.
            parent: the run and step that this run is a part of, for people.
            interrupt_before: steps that wait for a review before they are done; "*" is all.
            interrupt_after: steps that wait for a review after they are done; "*" is all.
            gate_review: that review, as `engine.reviews.open` takes it; None is an approval.

        Raises:
            ThreadBusyError: another worker has the lease.
        """
        span = milliseconds("lease", USUAL_LEASE if lease is None else lease)
        members = {
            "thread": thread,
            "worker": worker,
            "lease_ms": span,
            "parent": parent,
            "interrupt_before": _keys(interrupt_before),
            "interrupt_after": _keys(interrupt_after),
            "gate_review": None if gate_review is None else in_milliseconds(dict(gate_review)),
        }
        document = json_object("the request", given(members))
        loaded = self._handle.library
        token, buffer, error = c_void_p(), c_void_p(), c_void_p()
        status = loaded.interlock_run_begin(
            self._handle.token,
            document,
            len(document),
            byref(token),
            byref(buffer),
            byref(error),
        )
        check(loaded, status, error.value)
        handle = RunHandle(loaded, token.value or 0)
        begun: Begun = parsed(take_buffer(loaded, buffer))
        return Run(self, handle, begun, span / 1000, _outer)

    def resume(
        self,
        thread: str,
        value: Any = UNSET,
        *,
        interrupt: str | None = None,
        update: Mapping[str, Any] | None = None,
        actor: str | Actor | None = None,
        force: bool | None = None,
    ) -> Resumed:
        """Give an interrupt its value. The program goes on when it is run again. Since 0.1.

        Args:
            thread: the thread.
            value: the answer; None is one too, JSON null.
            interrupt: its id; None is the only one that waits.
            update: an object that the program finds in `Run.updates`.
            actor: who answers.
            force: answer what a review decides; the actor is on record.

        Raises:
            NotInterruptedError: nothing waits.
            UnknownInterruptError: there is no such interrupt.
            AmbiguousInterruptError: without a name, and several wait.
            AlreadyResolvedError: it has another answer.
            ReviewCancelledError: it was cancelled.
            ReviewRequiredError: a review decides about it.
        """
        members = {
            "thread": thread,
            "interrupt": interrupt,
            "update": update,
            "actor": actor,
            "force": force,
        }
        request = given(members)
        if value is not UNSET:
            request["value"] = value
        done: Resumed = ask(self._handle, "interlock_run_resume", request)
        return done

    def cancel(self, thread: str, *, reason: str | None = None) -> RunState:
        """Give up the run of a thread. Since 0.1.

        Its worker is fenced off, its questions are cancelled.

        Args:
            thread: the thread.
            reason: why.

        Raises:
            NotRunningError: nothing runs there.
        """
        request = given({"thread": thread, "reason": reason})
        state: RunState = ask(self._handle, "interlock_run_cancel", request)
        return state

    def get(self, thread: str) -> RunDetails:
        """The run of a thread, and what it waits for. Since 0.1.

        Args:
            thread: the thread.

        Raises:
            NotFoundError: nothing has run there.
        """
        found: RunDetails = ask(self._handle, "interlock_run_get", {"thread": thread})
        return found

    def page(
        self,
        *,
        status: RunStatus | None = None,
        after: str | None = None,
        limit: int | None = None,
    ) -> RunPage:
        """Some runs, by thread in ascending byte order. Since 0.1.

        Args:
            status: only those in this status.
            after: only threads greater than this one: `next` of the page before.
            limit: 1 to 1000; None is 50.
        """
        request = given({"status": status, "after": after, "limit": limit})
        page: RunPage = ask(self._handle, "interlock_run_list", request)
        return page

    def list(
        self, *, status: RunStatus | None = None, page_size: int | None = None
    ) -> Iterator[RunState]:
        """The runs, by thread in ascending byte order, read a page at a time. Since 0.1.

        Args:
            status: only those in this status.
            page_size: runs per page, 1 to 1000; None is 50.
        """
        after: str | None = None
        while True:
            page = self.page(status=status, after=after, limit=page_size)
            yield from page["runs"]
            after = page["next"]
            if after is None:
                return

    def interrupts_page(
        self, *, thread: str | None = None, limit: int | None = None, cursor: str | None = None
    ) -> InterruptPage:
        """Some of the interrupts that wait, in the order of asking. Since 0.1.

        Args:
            thread: only those of this thread.
            limit: 1 to 1000; None is 100.
            cursor: `next` of the page before.
        """
        request = given({"thread": thread, "limit": limit, "cursor": cursor})
        page: InterruptPage = ask(self._handle, "interlock_run_interrupts", request)
        return page

    def interrupts(
        self, *, thread: str | None = None, page_size: int | None = None
    ) -> Iterator[Interrupt]:
        """The interrupts that wait, in the order of asking, read a page at a time. Since 0.1.

        Args:
            thread: only those of this thread.
            page_size: interrupts per page, 1 to 1000; None is 100.
        """
        cursor: str | None = None
        while True:
            page = self.interrupts_page(thread=thread, limit=page_size, cursor=cursor)
            yield from page["interrupts"]
            cursor = page["next"]
            if cursor is None:
                return

    abegin = twin(begin)
    aresume = twin(resume)
    acancel = twin(cancel)
    aget = twin(get)
    apage = twin(page)
    ainterrupts_page = twin(interrupts_page)

    async def alist(
        self, *, status: RunStatus | None = None, page_size: int | None = None
    ) -> AsyncIterator[RunState]:
        """`list` beside an event loop. Since 0.1."""
        after: str | None = None
        while True:
            page = await offload(self.page, status=status, after=after, limit=page_size)
            for run in page["runs"]:
                yield run
            after = page["next"]
            if after is None:
                return

    async def ainterrupts(
        self, *, thread: str | None = None, page_size: int | None = None
    ) -> AsyncIterator[Interrupt]:
        """`interrupts` beside an event loop. Since 0.1."""
        cursor: str | None = None
        while True:
            page = await offload(
                self.interrupts_page, thread=thread, limit=page_size, cursor=cursor
            )
            for interrupt in page["interrupts"]:
                yield interrupt
            cursor = page["next"]
            if cursor is None:
                return


def _keys(steps: Literal["*"] | Sequence[str]) -> str | list[str] | None:
    if isinstance(steps, str):
        return steps
    return [*steps] or None  # none given: to the core, left out
