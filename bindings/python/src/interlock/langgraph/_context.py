"""Objects that serve the sync and the async protocol at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from interlock._offload import offload

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from types import TracebackType
    from typing import Any, Protocol

    class Closable(Protocol):
        """Something that can be closed."""

        def close(self) -> None:
            """Close it."""
            ...


S = TypeVar("S", bound="Closable")


class SetupDone:
    """The answer of `InterlockSaver.setup`: nothing, to be ignored or awaited. Since 0.1."""

    __slots__ = ()

    def __await__(self) -> Generator[Any, Any, None]:
        """Done at once."""
        return
        yield


class SaverContext(Generic[S]):
    """Opens a saver on entry and closes it on exit, in `with` and `async with`. Since 0.1.

    It may be entered again after it was left. One thread at a time.
    """

    __slots__ = ("_open", "_saver")

    def __init__(self, open: Callable[[], S]) -> None:
        """`open` makes the saver; it is called on entry."""
        self._open = open
        self._saver: S | None = None

    def __enter__(self) -> S:
        """Open."""
        self._saver = self._open()
        return self._saver

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close."""
        saver, self._saver = self._saver, None
        if saver is not None:
            saver.close()

    async def __aenter__(self) -> S:
        """Open beside the event loop."""
        return await offload(self.__enter__)

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close beside the event loop."""
        await offload(self.__exit__, kind, error, trace)
