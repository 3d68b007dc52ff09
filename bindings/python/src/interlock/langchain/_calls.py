"""Which call of a tool this is: the same call, run again, finds what it asked before."""

from __future__ import annotations

import json
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from langchain_core.tools import StructuredTool

from interlock import programs

if TYPE_CHECKING:
    from collections.abc import Generator

    from langchain_core.runnables import RunnableConfig

_CALL: ContextVar[str | None] = ContextVar("interlock_tool_call", default=None)


class CalledTool(StructuredTool):
    """A tool that lets its function know the id of the tool call, if there is one."""

    def run(self, *args: Any, **named: Any) -> Any:
        """Run it, as every tool."""
        with _called(named.get("tool_call_id")):
            return super().run(*args, **named)

    async def arun(self, *args: Any, **named: Any) -> Any:
        """Run it beside an event loop, as every tool."""
        with _called(named.get("tool_call_id")):
            return await super().arun(*args, **named)


@contextmanager
def _called(id: str | None) -> Generator[None, None, None]:
    token = _CALL.set(id)
    try:
        yield
    finally:
        _CALL.reset(token)


@dataclass(frozen=True)
class Call:
    """One call of a tool.

    Attributes:
        tool: the name of the tool.
        id: the id of the tool call, as the model gave it.
        thread: the thread of the graph.
        key: names the call for ever; None if nothing tells it from another call.
    """

    tool: str
    id: str | None
    thread: str | None
    key: str | None

    @property
    def facts(self) -> dict[str, str]:
        """For the metadata of a message."""
        known = {"tool": self.tool, "tool_call_id": self.id}
        return {name: value for name, value in known.items() if value is not None}


def this_call(tool: str, config: RunnableConfig | None) -> Call:
    """The call that is running.

    Some models count their tool calls anew in each turn, so the id alone does not name one: the
    thread and the task of the graph belong to it. A task that is run again, after a crash or an
    interrupt, has the same name. Within `engine.run` a call without an id is named by its place.
    """
    configurable = (config or {}).get("configurable") or {}
    thread = configurable.get("thread_id")
    thread = None if thread is None else str(thread)
    id, run = _CALL.get(), programs.CURRENT.get()
    place = id if id is not None or run is None else run.numbered(tool)
    key = None
    if place is not None:
        parts = [
            tool,
            thread,
            configurable.get("checkpoint_ns"),
            None if run is None else run.run,
            place,
        ]
        key = f"tool {sha256(json.dumps(parts).encode()).hexdigest()}"
    return Call(tool, id, thread, key)
