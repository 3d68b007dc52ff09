"""The engine: an open store."""

from __future__ import annotations

import os
from ctypes import byref, c_char_p, c_int64, c_void_p, cast, sizeof

from .. import _ffi
from .._ask import CORRUPT_TOO, ask_without_request
from .._handle import Handle
from .._load import library
from .._offload import twin
from .._text import text
from ..errors import check
from .options import DURABILITY, milliseconds, size, start_time
from .receipts import verify_receipt as verify_receipt
from .running import Running

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import Any, Literal, NoReturn

    from typing_extensions import Self

    from ..documents import Moment
    from ..records import CheckReport, EngineInfo, Tick

_NEVER = 2**63 - 1


class Engine(Running):
    """An open store of threads, checkpoints and reviews. Any thread. Since 0.1.

    Open one with `Engine.open`, and close it with `close` or a `with` block. An engine that is
    dropped without closing is closed with a `ResourceWarning`.

    `copy.copy(engine)` gives a second object on the same open store: closing either closes both.
    After `fork()` every call in the child raises `ForkedError`; the child opens its own engine.

    Attributes:
        handle: the shared owner of the open store; for the rest of this package.
    """

    __slots__ = ()

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
        if durability not in DURABILITY:
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
            durability=DURABILITY[durability],
            busy_timeout_ms=milliseconds(busy_timeout),
            cache_bytes=size("cache_bytes", cache_bytes),
            max_value_bytes=size("max_value_bytes", max_value_bytes),
            max_database_bytes=size("max_database_bytes", max_database_bytes),
            manual_time_ms=start_time(clock),
            signing_key=_ffi.Bytes(cast(key, c_void_p) if key else None, len(signing_key or b"")),
        )
        loaded = library()
        token, error = c_void_p(), c_void_p()
        status = loaded.interlock_engine_open(
            given, len(given), byref(options), byref(token), byref(error)
        )
        check(loaded, status, error.value)
        return cls(Handle(loaded, token.value or 0, f"Interlock engine {url!r}"), url)

    def info(self) -> EngineInfo:
        """Describe the engine. Since 0.1.

        Raises:
            ClosedError: the engine was closed.
            ForkedError: this process is a fork of the one that opened it.
        """
        from ..records import EngineInfo

        return EngineInfo(**ask_without_request(self.handle, "interlock_engine_info"))

    def check(self) -> CheckReport:
        """Verify the whole store; other calls go on meanwhile. Since 0.1.

        Returns:
            The report; damage is reported there (`ok` is False), not raised.

        Raises:
            InterlockError: the check itself could not run.
        """
        from ..records import CheckReport, Problem

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
        from ..records import Tick

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
        from .. import _watch
        from .._moment import moment

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
        from .._watch import event_fd

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
