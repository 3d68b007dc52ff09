"""Runs blocking calls beside an event loop."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import Any, ParamSpec, TypeVar

    P = ParamSpec("P")
    R = TypeVar("R")


async def offload(call: Callable[P, R], /, *arguments: P.args, **named: P.kwargs) -> R:
    """Call in a worker thread of the running event loop, with the context variables of here.

    The core lets go of the interpreter lock while it works, so the loop goes on. A cancelled
    await does not stop the call: it finishes, and its effect stays.
    """
    import asyncio  # costs import time; whoever awaits this has it already

    return await asyncio.to_thread(call, *arguments, **named)


def twin(call: Callable[P, R]) -> Callable[P, Coroutine[Any, Any, R]]:
    """The asyncio twin of a blocking method: the same arguments, result and errors."""

    async def beside(*arguments: P.args, **named: P.kwargs) -> R:
        return await offload(call, *arguments, **named)

    beside.__name__ = f"a{call.__name__}"
    beside.__qualname__ = call.__qualname__.replace(call.__name__, beside.__name__)
    beside.__module__ = call.__module__
    beside.__doc__ = f"`{call.__name__}` beside an event loop. Since 0.1."
    beside.__wrapped__ = call  # type: ignore[attr-defined]  # for inspect.signature
    return beside
