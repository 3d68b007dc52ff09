"""Runs blocking calls beside an event loop."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import ParamSpec, TypeVar

    P = ParamSpec("P")
    R = TypeVar("R")


async def offload(call: Callable[P, R], /, *arguments: P.args, **named: P.kwargs) -> R:
    """Call in a worker thread of the running event loop, with the context variables of here.

    The core lets go of the interpreter lock while it works, so the loop goes on. A cancelled
    await does not stop the call: it finishes, and its effect stays.
    """
    import asyncio  # costs import time; whoever awaits this has it already

    return await asyncio.to_thread(call, *arguments, **named)
