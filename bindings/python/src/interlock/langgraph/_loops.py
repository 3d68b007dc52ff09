"""Runs a graph in an event loop, whatever the Python."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING, Any

from interlock._offload import offload

if TYPE_CHECKING:
    from langchain_core.runnables import RunnableConfig

# Before, the tasks of a loop begin without the context in which `interrupt()` finds its config.
KEEP_CONTEXT = sys.version_info >= (3, 11)


async def invoke(graph: Any, input: Any, config: RunnableConfig, **more: Any) -> Any:
    """`graph.ainvoke`; before Python 3.11 `graph.invoke` beside the loop."""
    if KEEP_CONTEXT:
        return await graph.ainvoke(input, config, **more)
    return await offload(partial(graph.invoke, input, config, **more))
