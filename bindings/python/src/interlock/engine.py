"""The engine: an open store."""

from __future__ import annotations

import os
from ctypes import byref, c_char_p, c_int64, c_void_p, cast, sizeof

from . import _ffi
from ._ask import CORRUPT_TOO, ask_without_request, take_buffer
from ._handle import Handle
from ._load import library
from ._offload import twin
from ._text import json_object, text
from .errors import check

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence
    from types import TracebackType
    from typing import Any, Literal, NoReturn

    from typing_extensions import Self

    from .audit import Audit
    from .checkpoints import Checkpoints
    from .deliveries import Deliveries
    from .documents import (
        Actor,
        Duration,
        ExpiryAction,
        Moment,
        Permit,
        Policy,
        Receipt,
        ReceiptStatement,
        ReviewRequest,
        Seconds,
    )
    from .endpoints import Endpoints
    from .events import Events
    from .feedback import Feedback
    from .guards import Guard
    from .messages import Messages
    from .permits import Permits
    from .policies import Policies
    from .programs import Outcome
    from .records import CheckReport, EngineInfo, Tick
    from .reviews import Reviews
    from .runs import Runs
    from .threads import Threads
    from .tokens import Tokens
    from .webhooks import Webhooks

_DURABILITY = {"full": _ffi.DURABILITY_FULL, "normal": _ffi.DURABILITY_NORMAL}
_MAX_MILLISECONDS = 2**32 - 1
_NEVER = 2**63 - 1


class Engine:
    """An open store of threads, checkpoints and reviews. Any thread. Since 0.1.

    Open one with `Engine.open`, and close it with `close` or a `with` block. An engine that is
    dropped without closing is closed with a `ResourceWarning`.

    `copy.copy(engine)` gives a second object on the same open store: closing either closes both.
    After `fork()` every call in the child raises `ForkedError`; the child opens its own engine.

    Attributes:
        handle: the shared owner of the open store; for the rest of this package.
    """

    __slots__ = (
        "__weakref__",
        "_audit",
        "_checkpoints",
        "_deliveries",
        "_endpoints",
        "_events",
        "_feedback",
        "_messages",
        "_permits",
        "_policies",
        "_reviews",
        "_runs",
        "_threads",
        "_tokens",
        "_url",
        "_webhooks",
        "handle",
    )

    def __init__(self, handle: Handle, url: str) -> None:
        """Not for callers: use `Engine.open`."""
        # Imported here, not at first use: a child that is forked while another thread imports
        # would wait for that thread for ever.
        from .audit import Audit
        from .checkpoints import Checkpoints
        from .deliveries import Deliveries
        from .endpoints import Endpoints
        from .events import Events
        from .feedback import Feedback
        from .messages import Messages
        from .permits import Permits
        from .policies import Policies
        from .reviews import Reviews
        from .runs import Runs
        from .threads import Threads
        from .tokens import Tokens
        from .webhooks import Webhooks

        self.handle = handle
        self._url = url
        self._audit = Audit(handle)
        self._checkpoints = Checkpoints(handle)
        self._deliveries = Deliveries(handle)
        self._endpoints = Endpoints(handle)
        self._events = Events(handle)
        self._permits = Permits(handle)
        self._feedback = Feedback(handle)
        self._messages = Messages(handle)
        self._policies = Policies(handle)
        self._reviews = Reviews(handle)
        self._runs = Runs(handle)
        self._threads = Threads(handle)
        self._tokens = Tokens(handle)
        self._webhooks = Webhooks(handle)

    @classmethod
    def open(
        cls,
        path_or_url: str | os.PathLike[str],
        *,
        durability: Literal["full", "normal"] = "full",
        read_only: bool = False,
        must_exist: bool = False,
        busy_timeout: float = 30.0,
        cache_bytes: int | None = None,
        max_value_bytes: int | None = None,
        max_database_bytes: int | None = None,
        timer: bool = False,
        clock: Literal["manual"] | Moment | None = None,
        signing_key: bytes | None = None,
    ) -> Engine:
        """Open or create a store. Since 0.1.

        Args:
            path_or_url: a file path, at most 4096 bytes; ":memory:" for a private SQLite
                database in memory; "memory:" for the reference store without SQLite.
            durability: "full": what was acknowledged survives kill -9 and power loss; "normal":
                survives kill -9, and power loss may undo the last calls.
            read_only: open for reading only; never creates a file.
            must_exist: the file must exist already.
            busy_timeout: seconds that a call waits for other processes, from 0.001.
            cache_bytes: memory for the newest values of each channel; None is 64 MiB.
            max_value_bytes: limit of one value, body or write; None is 1 GiB, the maximum.
            max_database_bytes: the file is never made larger; None is no limit.
            timer: a thread of the core fires deadlines and reminders when they are due. Without
                it, call `tick` now and then; an answer after a deadline is too late either way.
            clock: None is the system's. "manual" stands still at 1970, and a time (milliseconds
                since 1970, or an aware datetime) there; both move by `set_time` alone.
            signing_key: an Ed25519 seed of 32 bytes that signs receipts. None: a key is made at the
                first receipt and kept in the store, where whoever can write it can also sign.

        Raises:
            InterlockError: `CannotOpenError`, `ForeignFileError`, `NewerSchemaError`,
                `ReadOnlyError`, `CorruptError`, `BusyError`, `DiskFullError`, ...
            ValueError: an argument is out of range.
            LibraryError: the shared library cannot be loaded.
        """
        if durability not in _DURABILITY:
            raise ValueError(f'durability must be "full" or "normal", not {durability!r}')
        url = os.fspath(path_or_url)
        given = text("path_or_url", url)
        key = c_char_p(bytes(signing_key)) if signing_key else None
        options = _ffi.EngineOptions(
            struct_size=sizeof(_ffi.EngineOptions),
            flags=_ffi.OPEN_READ_ONLY * bool(read_only)
            | _ffi.OPEN_EXISTING * bool(must_exist)
            | _ffi.OPEN_MANUAL_CLOCK * (clock is not None)
            | _ffi.OPEN_TIMER * bool(timer),
            durability=_DURABILITY[durability],
            busy_timeout_ms=_milliseconds(busy_timeout),
            cache_bytes=_size("cache_bytes", cache_bytes),
            max_value_bytes=_size("max_value_bytes", max_value_bytes),
            max_database_bytes=_size("max_database_bytes", max_database_bytes),
            manual_time_ms=_start(clock),
            signing_key=_ffi.Bytes(cast(key, c_void_p) if key else None, len(signing_key or b"")),
        )
        loaded = library()
        token, error = c_void_p(), c_void_p()
        status = loaded.interlock_engine_open(
            given, len(given), byref(options), byref(token), byref(error)
        )
        check(loaded, status, error.value)
        return cls(Handle(loaded, token.value or 0, f"Interlock engine {url!r}"), url)

    @property
    def checkpoints(self) -> Checkpoints:
        """The checkpoints and pending writes of this store. Since 0.1."""
        return self._checkpoints

    @property
    def threads(self) -> Threads:
        """The threads of this store. Since 0.1."""
        return self._threads

    @property
    def reviews(self) -> Reviews:
        """The reviews of this store. Since 0.1."""
        return self._reviews

    @property
    def policies(self) -> Policies:
        """The policies of this store. Since 0.1."""
        return self._policies

    @property
    def runs(self) -> Runs:
        """The runs of this store. Since 0.1."""
        return self._runs

    @property
    def permits(self) -> Permits:
        """The permits of this store. Since 0.1."""
        return self._permits

    @property
    def tokens(self) -> Tokens:
        """The tokens of this store. Since 0.1."""
        return self._tokens

    @property
    def webhooks(self) -> Webhooks:
        """Webhooks, signed and verified, and those that came in. Since 0.1."""
        return self._webhooks

    @property
    def endpoints(self) -> Endpoints:
        """Where events are pushed. Since 0.1."""
        return self._endpoints

    @property
    def deliveries(self) -> Deliveries:
        """Events on their way to endpoints. Since 0.1."""
        return self._deliveries

    @property
    def events(self) -> Events:
        """The events of this store. Since 0.1."""
        return self._events

    @property
    def messages(self) -> Messages:
        """The messages of this store. Since 0.1."""
        return self._messages

    @property
    def feedback(self) -> Feedback:
        """The feedback of this store. Since 0.1."""
        return self._feedback

    @property
    def audit(self) -> Audit:
        """The audit trail of this store. Since 0.1."""
        return self._audit

    def run(
        self,
        thread: str,
        program: Callable[..., Any],
        /,
        *args: Any,
        worker: str | None = None,
        lease: Seconds | None = None,
        heartbeat: Seconds | None = None,
        interrupt_before: Literal["*"] | Sequence[str] = (),
        interrupt_after: Literal["*"] | Sequence[str] = (),
        gate_review: ReviewRequest | Mapping[str, Any] | None = None,
    ) -> Outcome:
        """Run a program on a thread, or go on with it, to its end or its next question. Since 0.1.

        Run it again when people have answered, or after a crash, in whichever process: no recorded
        step is repeated. After its end the same call begins a new run.

            def program(run, name):
                draft = run.step("draft", write, name)
                answer = run.interrupt("ok?", review={"kind": "approval", "payload": {}})
                return run.step("send", send, draft) if answer["outcome"] == "approved" else None

            outcome = engine.run("letter-1", program, "Ana")

        Args:
            thread: its name, 1 to 512 bytes of UTF-8.
            program: a function or coroutine function: `program(run, *args)`, see `Run`. What it
                returns must be JSON.
            args: for program; the same each time.
            worker: who works, for people.
            lease: seconds without a sign of life after which another worker may take over; None
                is 60. Steps and questions are signs of life.
            heartbeat: a thread gives one every so many seconds too, for steps that take long.
            interrupt_before: steps that wait for a review before they are done; "*" is all.
            interrupt_after: steps that wait for a review after they are done; "*" is all.
            gate_review: that review, as `reviews.open` takes it; None is an approval.

        Returns:
            `Completed`, `Interrupted` or `Failed`. A program that raises has failed, and is tried
            again by the same call.

        Raises:
            ThreadBusyError: another worker has the lease.
            FencedError: another worker has taken over, or the run was cancelled.
        """
        from . import programs
        from ._moment import seconds

        every = seconds("heartbeat", heartbeat)
        run = self._runs.begin(
            thread,
            worker=worker,
            lease=lease,
            interrupt_before=interrupt_before,
            interrupt_after=interrupt_after,
            gate_review=gate_review,
        )
        return programs.drive(run, program, args, every)

    async def arun(
        self,
        thread: str,
        program: Callable[..., Any],
        /,
        *args: Any,
        worker: str | None = None,
        lease: Seconds | None = None,
        heartbeat: Seconds | None = None,
        interrupt_before: Literal["*"] | Sequence[str] = (),
        interrupt_after: Literal["*"] | Sequence[str] = (),
        gate_review: ReviewRequest | Mapping[str, Any] | None = None,
    ) -> Outcome:
        """`run` beside an event loop; a plain function runs in a worker thread. Since 0.1."""
        from . import programs
        from ._moment import seconds

        every = seconds("heartbeat", heartbeat)
        run = await self._runs.abegin(
            thread,
            worker=worker,
            lease=lease,
            interrupt_before=interrupt_before,
            interrupt_after=interrupt_after,
            gate_review=gate_review,
        )
        return await programs.adrive(run, program, args, every)

    def guard(
        self,
        *,
        mode: Literal["wait", "raise", "suspend"] = "wait",
        tool: str | None = None,
        edit: bool = False,
        key: Callable[..., str] | None = None,
        title: str | Callable[..., str] | None = None,
        timeout: Seconds | None = None,
        lease: Seconds | None = None,
        worker: str | None = None,
        verify: Callable[[Permit], bool | Awaitable[bool | None] | None] | None = None,
        summary: str | None = None,
        thread: str | None = None,
        channel: str | None = None,
        requester: str | Actor | None = None,
        assignee: str | Actor | None = None,
        policy: str | Policy | None = None,
        expires_in: Duration | None = None,
        on_expiry: ExpiryAction | None = None,
        metadata: Mapping[str, Any] | None = None,
    ) -> Guard:
        """Put a review before a plain function or coroutine function. Since 0.1.

            @engine.guard(title=lambda path: f"Delete {path}?", policy="ops", timeout=3600)
            def delete(path: str) -> None: ...

        People see the tool and all its arguments, which must be JSON. A call that is approved runs
        once, with the arguments that were approved, as JSON gives them back; its permit is
        reported done, or failed if it raises. What Ctrl-C or a crash ends stays unreported:
        unknown, and never run again by itself.

        Args:
            mode: "wait" blocks until there is an answer; "raise" raises `PendingError` while
                there is none; "suspend", within `engine.run`, leaves the program until there is
                one, and makes the call a step.
            tool: what people see; None is the name of the function.
            edit: people may change the arguments: a review of kind "actions" instead of "approval".
            key: names the call by its arguments; a second call with the same key finds the first
                review, and the result if it was done. None: each call asks anew, but in a run.
            title: a text, or a function of the arguments; None is "Run <tool>?".
            timeout: patience of mode "wait"; the review stays open after it.
            lease: how long the call may take before its effect counts as unknown; None is 60 s.
            worker: who runs it, for people.
            verify: finds out about an effect that is unknown: True, it happened; False, it did
                not; None, nobody knows. The first two are reported. It is never run again.
            summary: this and the rest as `reviews.open` takes them.
            thread: see summary.
            channel: see summary.
            requester: see summary.
            assignee: see summary.
            policy: see summary.
            expires_in: see summary.
            on_expiry: see summary.
            metadata: see summary.

        Raises:
            RejectedError: by the call: people did not approve.
            PendingError: by the call: nobody has answered yet.
            WaitTimeoutError: by the call: nobody has answered in time.
            UnknownEffectError: by the call: an earlier one may have happened.
            AlreadyUsedError: by the call: an earlier one is under way, or has failed.
            TypeError: by the call: the arguments are not JSON, or were edited to what the
                function does not take; nothing was used up.
        """
        from .guards import Guard

        members = {
            "summary": summary,
            "thread": thread,
            "channel": channel,
            "requester": requester,
            "assignee": assignee,
            "policy": policy,
            "expires_in": expires_in,
            "on_expiry": on_expiry,
            "metadata": metadata,
        }
        return Guard(
            self.handle,
            mode=mode,
            tool=tool,
            edit=edit,
            key=key,
            title=title,
            timeout=timeout,
            lease=lease,
            worker=worker,
            verify=verify,
            members={name: value for name, value in members.items() if value is not None},
        )

    def info(self) -> EngineInfo:
        """Describe the engine. Since 0.1.

        Raises:
            ClosedError: the engine was closed.
            ForkedError: this process is a fork of the one that opened it.
        """
        from .records import EngineInfo

        return EngineInfo(**ask_without_request(self.handle, "interlock_engine_info"))

    def check(self) -> CheckReport:
        """Verify the whole store; other calls go on meanwhile. Since 0.1.

        Returns:
            The report; damage is reported there (`ok` is False), not raised.

        Raises:
            InterlockError: the check itself could not run.
        """
        from .records import CheckReport, Problem

        report: dict[str, Any] = ask_without_request(
            self.handle, "interlock_engine_check", CORRUPT_TOO
        )
        problems = tuple(Problem(**problem) for problem in report.pop("problems"))
        return CheckReport(problems=problems, **report)

    def tick(self) -> Tick:
        """Apply every deadline, reminder and escalation that is due. Since 0.1.

        Each review is settled in one transaction; two processes that tick at once fire each event
        once. With `timer` nobody needs to call it.
        """
        from .records import Tick

        return Tick(**ask_without_request(self.handle, "interlock_engine_tick"))

    def next_deadline(self) -> int | None:
        """When the next deadline, reminder or escalation is due. Since 0.1.

        Returns:
            Milliseconds since 1970, or None if nothing is planned.
        """
        loaded = self.handle.library
        when, error = c_int64(), c_void_p()
        status = loaded.interlock_engine_next_deadline(self.handle.token, byref(when), byref(error))
        check(loaded, status, error.value)
        return None if when.value == _NEVER else when.value

    def set_time(self, now: Moment) -> None:
        """Set the clock of an engine that was opened with a manual one. Since 0.1.

        It may go backwards, as real clocks do: a review never does.

        Args:
            now: milliseconds since 1970, or an aware datetime; until the end of the year 9999.

        Raises:
            InvalidArgumentError: out of range, or the engine has no manual clock.
        """
        from . import _watch
        from ._moment import moment

        given = moment("now", now)
        if not -(2**63) <= given < 2**63:
            raise ValueError(f"now is out of range: {now!r}")
        loaded, error = self.handle.library, c_void_p()
        status = loaded.interlock_engine_set_time(self.handle.token, given, byref(error))
        check(loaded, status, error.value)
        _watch.poke(self.handle)

    def event_fd(self) -> int:
        """A descriptor that becomes readable when there are new events. Since 0.1.

        For event loops other than asyncio, which `reviews.await_` and `events.await_` serve. Read
        it empty, 8 bytes at a time, then read the events. It is the same at every call and belongs
        to the engine: do not close it, and do not use it after `close`.
        """
        from ._watch import event_fd

        return event_fd(self.handle)

    acheck = twin(check)
    atick = twin(tick)

    def close(self) -> None:
        """Close the store for this engine and its copies. Idempotent. Since 0.1.

        Calls that have begun in other threads finish first.

        Raises:
            ForkedError: this process is a fork of the one that opened it.
        """
        self.handle.close()

    def __enter__(self) -> Self:
        """The engine itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close, unless this is a fork of the process that opened: then there is nothing to do."""
        if not self.handle.inherited:
            self.close()

    def __copy__(self) -> Engine:
        """A second object on the same open store."""
        return Engine(self.handle, self._url)

    def __reduce__(self) -> NoReturn:
        """Refuse: a handle means nothing in another process."""
        raise TypeError("an Engine cannot be pickled; open the same path in the other process")

    def __repr__(self) -> str:
        """The path, for people."""
        return f"<interlock.Engine {self._url!r}>"


def verify_receipt(
    receipt: Receipt | Mapping[str, Any] | str | bytes, public_key: str
) -> ReceiptStatement:
    """Verify a receipt. Needs no engine. Since 0.1.

    Args:
        receipt: what `Reviews.receipt` returned, or its JSON.
        public_key: base64 of the key to trust: `Engine.info().public_key`, kept from before. A
            receipt that brings its own key proves nothing.

    Returns:
        What the receipt states.

    Raises:
        NotAuthorizedError: it is not signed by this key, or was changed since.
        InvalidJSONError: it is no receipt.
    """
    import json

    if isinstance(receipt, str):
        given = text("receipt", receipt)
    elif isinstance(receipt, bytes):
        given = receipt
    else:
        given = json_object("receipt", receipt)
    key = text("public_key", public_key)
    loaded = library()
    buffer, error = c_void_p(), c_void_p()
    status = loaded.interlock_receipt_verify(
        given, len(given), key, len(key), byref(buffer), byref(error)
    )
    check(loaded, status, error.value)
    statement: ReceiptStatement = json.loads(take_buffer(loaded, buffer))["receipt"]
    return statement


def _start(clock: str | Moment | None) -> int:
    """Where a manual clock begins."""
    if clock is None or clock == "manual":
        return 0
    if isinstance(clock, str):
        raise ValueError(f'clock must be None, "manual" or a time, not {clock!r}')
    from ._moment import moment

    start = moment("clock", clock)
    if not -(2**63) <= start < 2**63:
        raise ValueError(f"clock is out of range: {clock!r}")
    return start


def _milliseconds(seconds: float) -> int:
    if not seconds >= 0:
        raise ValueError(f"busy_timeout must be 0 or more seconds, not {seconds!r}")
    # 0 means the default to the core, so the shortest wait is 1 ms
    return max(1, round(min(seconds * 1000, _MAX_MILLISECONDS)))


def _size(name: str, value: int | None) -> int:
    if value is None:
        return 0
    if not 0 <= value < 2**64:
        raise ValueError(f"{name} must be 0 or more bytes, not {value!r}")
    return max(1, value)  # 0 means the default to the core
