"""The runs of a store: work on a thread that pauses, dies and goes on, and repeats no step."""

from __future__ import annotations

from ctypes import byref, c_void_p
from time import monotonic, sleep
from typing import TYPE_CHECKING

from . import programs
from ._ask import UNSET, ask, ask_bytes, ask_without_request, given, parsed, take_buffer
from ._handle import RunHandle
from ._moment import milliseconds
from ._offload import offload, twin
from ._text import json_object, text
from .errors import NotFoundError, RejectedError, ThreadBusyError, check
from .reviews import in_milliseconds

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
    from types import TracebackType
    from typing import Any, Literal, NoReturn

    from typing_extensions import Self

    from ._handle import Handle
    from .documents import (
        Actor,
        Asked,
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

USUAL_LEASE = 60.0
_BUSY_SECONDS = 0.05


class Suspended(BaseException):  # not an error
    """Leaves a program that waits for people. Do not catch it. Since 0.1.

    It is no `Exception`, so that an `except Exception` of the program lets it through. When it is
    raised the run is suspended and its lease given back: a program that goes on nevertheless gets
    `NotRunningError` from its next step. `engine.run` turns it into `Interrupted`.

    Attributes:
        interrupts: what the run waits for, that of the runs within it too.
    """

    def __init__(self, interrupts: tuple[Interrupt, ...]) -> None:
        """Take what the run waits for."""
        super().__init__(f"the run waits for {len(interrupts)} answers")
        self.interrupts = interrupts


class Run:
    """One worker's work on a run; `engine.runs.begin` gives it, or `engine.run`. Since 0.1.

    The program is run again from its start after each pause: what it has recorded is given back to
    it, in the same order and by the same keys, and is not done again. So it must come to the same
    steps and questions each time; if it does not, that is `DivergedError`. Keys are 1 to 512 bytes
    of UTF-8, each used once in a run.

    Any thread, one at a time. A lease that is a third over is renewed by the next step or
    question; work that takes longer than the lease calls `heartbeat`. A `with` block closes the
    handle and does not end the run.

    Every method raises `FencedError` if another worker has taken over or the run was cancelled,
    `NotRunningError` if it has ended or waits, and what every call on the store raises.

    Attributes:
        thread: the thread.
        run: the id of the run.
        fence: the number of the lease.
        action: "started", "resumed" or "took_over".
        recorded: how much was recorded when it began.
        updates: what resumes brought beside their values, in the order of the questions.
    """

    __slots__ = (
        "__weakref__",
        "_beat_at",
        "_counts",
        "_handle",
        "_lease",
        "_outer",
        "_owner",
        "action",
        "fence",
        "recorded",
        "run",
        "thread",
        "updates",
        "waits_for",
    )

    def __init__(
        self, owner: Handle, handle: RunHandle, begun: Begun, lease: float, outer: Run | None
    ) -> None:
        """Not for callers: use `engine.runs.begin` or `engine.run`."""
        self._owner = owner
        self._handle = handle
        self._lease = lease
        self._outer = outer
        self._beat_at = monotonic() + lease / 3
        self._counts: dict[str, int] = {}
        self.thread = begun["thread"]
        self.run = begun["run"]
        self.fence = begun["fence"]
        self.action = begun["action"]
        self.recorded = begun["recorded"]
        self.updates = begun["updates"]
        self.waits_for: tuple[Interrupt, ...] | None = None

    def step(self, key: str, work: Callable[..., Any], /, *args: Any, **named: Any) -> Any:
        """Do a piece of work once. Since 0.1.

        Args:
            key: its name in the run.
            work: does it; what it returns must be JSON. If it raises, nothing is recorded.
            args: for work; so is named.
            named: see args.

        Returns:
            The result, as JSON gives it back: a tuple is a list.

        Raises:
            DivergedError: something else was recorded at this place.
            DuplicateKeyError: the key was used before.
            RejectedError: people said no at the gate of this step.
            Suspended: the gate of this step waits for people.
            TypeError: the result is not JSON; then the work was done and is not recorded.
        """
        place = self._come_to(key)
        if place["state"] != "work":
            return self._result(place)
        result = work(*args, **named)
        if hasattr(result, "__await__"):
            if hasattr(result, "close"):
                result.close()
            raise TypeError(f"step {key!r} is a coroutine: use `await run.astep(...)`")
        return self._record(key, result)

    async def astep(self, key: str, work: Callable[..., Any], /, *args: Any, **named: Any) -> Any:
        """`step` beside an event loop; work may be a coroutine function. Since 0.1.

        A plain function is called in this thread, as everywhere in asyncio.
        """
        place = await offload(self._come_to, key)
        if place["state"] != "work":
            return await offload(self._result, place)
        result = work(*args, **named)
        if hasattr(result, "__await__"):
            result = await result
        return await offload(self._record, key, result)

    def ask(
        self,
        key: str,
        value: Any = UNSET,
        *,
        review: ReviewRequest | Mapping[str, Any] | None = None,
    ) -> Asked:
        """Ask, and say whether there is an answer; never leave the program. Since 0.1.

        Ask what else is to be asked, then `suspend`. It is asked once: a program that comes here
        again finds its question.

        Args:
            key: its name in the run.
            value: anything, for whoever resumes with a value; or
            review: the members that `engine.reviews.open` takes: people decide.
        """
        self.beat_if_due()
        request: dict[str, Any] = {"key": key}
        if value is not UNSET:
            request["value"] = value
        if review is not None:
            request["review"] = in_milliseconds(dict(review))
        asked: Asked = ask(self._handle, "interlock_run_interrupt", request)
        return asked

    def interrupt(
        self,
        key: str,
        value: Any = UNSET,
        *,
        review: ReviewRequest | Mapping[str, Any] | None = None,
    ) -> Any:
        """Ask, and leave the program until there is an answer. Since 0.1.

        Args:
            key: its name in the run.
            value: anything, for whoever resumes with a value; or
            review: the members that `engine.reviews.open` takes: people decide.

        Returns:
            The value that the run was resumed with; of a review, a `ReviewAnswer`: look at its
            "outcome", which need not be "approved".

        Raises:
            Suspended: there is no answer yet.
            DivergedError: something else was recorded at this place.
            DuplicateKeyError: the key was used before.
            ReviewError: the review cannot be opened; or the interrupt was cancelled.
        """
        asked = self.ask(key, value, review=review)
        if asked["state"] == "waiting":
            self.leave()
        return asked.get("value")

    def interrupts(self, questions: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
        """Ask several things at once, and leave the program until all have an answer. Since 0.1.

        Args:
            questions: by key, each {"value": ...} or {"review": {...}}, as `interrupt` takes them.

        Returns:
            The answers, by key.

        Raises:
            Suspended: some have no answer yet.
            InterlockError: as `interrupt`.
        """
        asked = {key: self.ask(key, **question) for key, question in questions.items()}
        if any(one["state"] == "waiting" for one in asked.values()):
            self.leave()
        return {key: one.get("value") for key, one in asked.items()}

    def child(
        self,
        key: str,
        program: Callable[..., Any],
        /,
        *args: Any,
        interrupt_before: Literal["*"] | Sequence[str] = (),
        interrupt_after: Literal["*"] | Sequence[str] = (),
    ) -> Any:
        """Run a program as a step of this one. Since 0.1.

        It is a run of its own, on the thread "<this thread>/<key>", with keys of its own. When it
        waits, this run waits; its questions are those of its thread.

        Args:
            key: its name in the run.
            program: as `engine.run` takes it.
            args: for program, after its run.
            interrupt_before: as `engine.run` takes it.
            interrupt_after: as `engine.run` takes it.

        Returns:
            What it returned.

        Raises:
            Suspended: it waits.
            Exception: whatever it raised.
        """
        place = self._come_to(key)
        if place["state"] != "work":
            return self._result(place)
        before = self._ended_before(key)
        if before is not None:
            return self._record(key, before["result"])
        run = self._begin_child(key, interrupt_before, interrupt_after)
        return self._take(key, programs.drive(run, program, args, None))

    async def achild(
        self,
        key: str,
        program: Callable[..., Any],
        /,
        *args: Any,
        interrupt_before: Literal["*"] | Sequence[str] = (),
        interrupt_after: Literal["*"] | Sequence[str] = (),
    ) -> Any:
        """`child` beside an event loop. Since 0.1."""
        place = await offload(self._come_to, key)
        if place["state"] != "work":
            return await offload(self._result, place)
        before = await offload(self._ended_before, key)
        if before is not None:
            return await offload(self._record, key, before["result"])
        run = await offload(self._begin_child, key, interrupt_before, interrupt_after)
        outcome = await programs.adrive(run, program, args, None)
        return await offload(self._take, key, outcome)

    def heartbeat(self) -> RunState:
        """The worker is alive: its lease counts from now. Also beside a step. Since 0.1."""
        if self._outer is not None:
            self._outer.heartbeat()
        state: RunState = ask_without_request(self._handle, "interlock_run_heartbeat")
        self._beat_at = monotonic() + self._lease / 3
        return state

    def suspend(self) -> RunState:
        """The run waits for people; the lease is given back. Since 0.1."""
        state: RunState = ask_without_request(self._handle, "interlock_run_suspend")
        return state

    def complete(self, result: Any = None) -> RunState:
        """The run is done; the lease is given back. Since 0.1.

        Args:
            result: what it has come to; JSON.

        Raises:
            DivergedError: something that was recorded was not reached.
        """
        state: RunState = ask(self._handle, "interlock_run_complete", {"result": result})
        return state

    def fail(self, error: Any = None) -> RunState:
        """The program has failed; the lease is given back. Since 0.1.

        What is recorded stays: another `begin` tries again from there.

        Args:
            error: why; JSON.
        """
        state: RunState = ask(self._handle, "interlock_run_fail", {"error": error})
        return state

    def close(self) -> None:
        """Close the handle. Idempotent. Since 0.1.

        The lease stays until it runs out, unless the run was ended before.
        """
        self._handle.close()

    aask = twin(ask)
    ainterrupt = twin(interrupt)
    ainterrupts = twin(interrupts)
    aheartbeat = twin(heartbeat)
    asuspend = twin(suspend)
    acomplete = twin(complete)
    afail = twin(fail)

    def leave(self) -> NoReturn:
        """Suspend, and leave the program: what `interrupt` does. Since 0.1.

        Raises:
            Suspended: always.
        """
        self._leave(())

    def beat_if_due(self) -> None:
        """`heartbeat` if a third of the lease is over: what steps and questions do. Since 0.1."""
        if monotonic() >= self._beat_at:
            self.heartbeat()
        elif self._outer is not None:
            self._outer.beat_if_due()

    def numbered(self, name: str) -> str:
        """A key that is new in this run and the same each time: "name", "name 2", ... Since 0.1."""
        count = self._counts[name] = self._counts.get(name, 0) + 1
        return name if count == 1 else f"{name} {count}"

    def __enter__(self) -> Self:
        """The run itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the handle."""
        self.close()

    def __reduce__(self) -> NoReturn:
        """Refuse: a lease belongs to one worker."""
        raise TypeError("a Run cannot be pickled or copied")

    def __repr__(self) -> str:
        """The thread and the lease, for people."""
        return f"<interlock.Run {self.run} of {self.thread!r}, lease {self.fence}>"

    def _come_to(self, key: str) -> dict[str, Any]:
        self.beat_if_due()
        place: dict[str, Any] = parsed(
            ask_bytes(self._handle, "interlock_run_step", text("key", key))
        )
        return place

    def _record(self, key: str, result: Any) -> Any:
        request = {"key": key, "result": result}
        return self._result(ask(self._handle, "interlock_run_record", request))

    def _result(self, place: dict[str, Any]) -> Any:
        """What a step has come to: its result, or what its gate says."""
        if place["state"] == "waiting":
            self.leave()
        if place["state"] == "rejected":
            raise RejectedError(place["value"])
        return place["result"]

    def _leave(self, inner: tuple[Interrupt, ...]) -> NoReturn:
        self.suspend()
        own = Runs(self._owner).get(self.thread)["interrupts"]
        self.waits_for = (*own, *inner)
        raise Suspended(self.waits_for)

    def _note(self, key: str) -> str:
        """How a child names the step that it is."""
        return f"{self.run} {key}"

    def _ended_before(self, key: str) -> Any:
        """The outcome of a child whose end was recorded when that of the step was not yet."""
        try:
            found = Runs(self._owner).get(f"{self.thread}/{key}")
        except NotFoundError:
            return None
        outcome = found["outcome"]
        if found["parent"] != self._note(key) or outcome is None:
            return None
        return outcome if outcome.get("type") == "completed" else None

    def _begin_child(
        self,
        key: str,
        before: Literal["*"] | Sequence[str],
        after: Literal["*"] | Sequence[str],
    ) -> Run:
        while True:
            try:
                return Runs(self._owner).begin(
                    f"{self.thread}/{key}",
                    lease=self._lease,
                    parent=self._note(key),
                    interrupt_before=before,
                    interrupt_after=after,
                    _outer=self,
                )
            except ThreadBusyError:
                # A worker that died in the child has a lease there too, which may end later.
                sleep(_BUSY_SECONDS)
                self.heartbeat()

    def _take(self, key: str, outcome: programs.Outcome) -> Any:
        if isinstance(outcome, programs.Completed):
            return self._record(key, outcome.result)
        if isinstance(outcome, programs.Interrupted):
            self._leave(outcome.interrupts)
        raise outcome.exception


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
        _outer: Run | None = None,
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
        return Run(self._handle, handle, begun, span / 1000, _outer)

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
