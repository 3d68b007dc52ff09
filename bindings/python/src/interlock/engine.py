"""The engine: an open store."""

from __future__ import annotations

import os
from ctypes import byref, c_void_p, sizeof, string_at

from . import _ffi
from ._handle import Handle
from ._load import library
from ._offload import offload
from ._text import text
from .errors import Status, check

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import Any, Literal, NoReturn

    from typing_extensions import Self

    from .checkpoints import Checkpoints
    from .records import CheckReport, EngineInfo
    from .threads import Threads

_DURABILITY = {"full": _ffi.DURABILITY_FULL, "normal": _ffi.DURABILITY_NORMAL}
_MAX_MILLISECONDS = 2**32 - 1


class Engine:
    """An open store of threads and checkpoints. Any thread. Since 0.1.

    Open one with `Engine.open`, and close it with `close` or a `with` block. An engine that is
    dropped without closing is closed with a `ResourceWarning`.

    `copy.copy(engine)` gives a second object on the same open store: closing either closes both.
    After `fork()` every call in the child raises `ForkedError`; the child opens its own engine.

    Attributes:
        handle: the shared owner of the open store; for the rest of this package.
    """

    __slots__ = ("__weakref__", "_checkpoints", "_threads", "_url", "handle")

    def __init__(self, handle: Handle, url: str) -> None:
        """Not for callers: use `Engine.open`."""
        # Imported here, not at first use: a child that is forked while another thread imports
        # would wait for that thread for ever.
        from .checkpoints import Checkpoints
        from .threads import Threads

        self.handle = handle
        self._url = url
        self._checkpoints = Checkpoints(handle)
        self._threads = Threads(handle)

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
        options = _ffi.EngineOptions(
            struct_size=sizeof(_ffi.EngineOptions),
            flags=_ffi.OPEN_READ_ONLY * bool(read_only) | _ffi.OPEN_EXISTING * bool(must_exist),
            durability=_DURABILITY[durability],
            busy_timeout_ms=_milliseconds(busy_timeout),
            cache_bytes=_size("cache_bytes", cache_bytes),
            max_value_bytes=_size("max_value_bytes", max_value_bytes),
            max_database_bytes=_size("max_database_bytes", max_database_bytes),
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

    def info(self) -> EngineInfo:
        """Describe the engine. Since 0.1.

        Raises:
            ClosedError: the engine was closed.
            ForkedError: this process is a fork of the one that opened it.
        """
        import json

        from .records import EngineInfo

        return EngineInfo(**json.loads(self._report("interlock_engine_info", {Status.OK})))

    def check(self) -> CheckReport:
        """Verify the whole store; other calls go on meanwhile. Since 0.1.

        Returns:
            The report; damage is reported there (`ok` is False), not raised.

        Raises:
            InterlockError: the check itself could not run.
        """
        import json

        from .records import CheckReport, Problem

        sound_or_not = {Status.OK, Status.CORRUPT}
        report: dict[str, Any] = json.loads(self._report("interlock_engine_check", sound_or_not))
        problems = tuple(Problem(**problem) for problem in report.pop("problems"))
        return CheckReport(problems=problems, **report)

    async def acheck(self) -> CheckReport:
        """`check` beside an event loop. Since 0.1."""
        return await offload(self.check)

    def close(self) -> None:
        """Close the store for this engine and its copies. Idempotent. Since 0.1.

        Calls that have begun in other threads finish first.

        Raises:
            ForkedError: this process is a fork of the one that opened it.
        """
        self.handle.close()

    def _report(self, function: str, answers: set[Status]) -> bytes:
        loaded = self.handle.library
        buffer, error = c_void_p(), c_void_p()
        status = getattr(loaded, function)(self.handle.token, byref(buffer), byref(error))
        if not buffer.value or status not in answers:
            loaded.interlock_buffer_free(buffer)
            check(loaded, status, error.value)
        loaded.interlock_error_free(error)
        return take_buffer(loaded, buffer)

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


def take_buffer(loaded: Any, buffer: c_void_p) -> bytes:
    """The content of an `interlock_buffer`, which is freed."""
    try:
        content = _ffi.Buffer.from_address(buffer.value or 0).content
        return string_at(content.data, content.size) if content.size else b""
    finally:
        loaded.interlock_buffer_free(buffer)


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
