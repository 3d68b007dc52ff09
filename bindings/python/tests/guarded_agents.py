"""Agents with guarded tools, and a model with a script."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from langchain.agents import create_agent
from langchain_core.messages import AIMessage, ToolMessage
from langchain_core.tools import tool

from chat_tools import ScriptedModel, call
from interlock import Engine
from interlock.langchain import InterlockMiddleware
from interlock.langgraph import InterlockSaver, Resumer

GO: Any = {"messages": [("user", "go")]}


def thread(name: str = "t") -> Any:
    return {"configurable": {"thread_id": name}}


def turn(*calls: Any) -> AIMessage:
    return AIMessage("", tool_calls=[*calls])


def done() -> AIMessage:
    return AIMessage("done")


class Work:
    """Two tools, and what they did."""

    def __init__(self, effect: Callable[[Any], None] = lambda _: None) -> None:
        self.ran: list[tuple[Any, ...]] = []
        lock = threading.Lock()

        @tool
        def send(to: str, n: int = 1) -> str:
            """Send something."""
            with lock:
                self.ran.append(("send", to, n))
            effect(to)
            return f"sent {to}"

        @tool
        def rm(path: str) -> str:
            """Remove a file."""
            with lock:
                self.ran.append(("rm", path))
            effect(path)
            return f"removed {path}"

        self.tools = [send, rm]


def guarded(
    saver: Any,
    work: Work,
    script: list[AIMessage],
    on: Any = None,
    middleware: Any = None,
    **more: Any,
) -> Any:
    """An agent whose tools are guarded; `middleware` in the place of Interlock's."""
    before = middleware or InterlockMiddleware(on or {"send": True, "rm": True}, **more)
    model = ScriptedModel(responses=[each.model_copy(deep=True) for each in script])
    return create_agent(model, work.tools, middleware=[before], checkpointer=saver)


def ask(
    engine: Engine, work: Work, *script: AIMessage, on: Any = None, **more: Any
) -> tuple[Any, Any]:
    """An agent that has come to its first question, and that question."""
    agent = guarded(InterlockSaver(engine), work, [*script, done()], on, **more)
    agent.invoke(GO, thread())
    return agent, pending(engine)


def pending(engine: Engine) -> Any:
    [review] = engine.reviews.list(status="pending")
    return review


def told(result: Any) -> list[ToolMessage]:
    """What the model was told of its calls."""
    values = getattr(result, "value", result)
    return [message for message in values["messages"] if isinstance(message, ToolMessage)]


def edit(name: str, **args: Any) -> dict[str, Any]:
    return {"type": "edit", "edited_action": {"name": name, "args": args}}


def decisions(*each: Any) -> dict[str, Any]:
    return {"decisions": [{"type": one} if isinstance(one, str) else one for one in each]}


TWO = turn(call("send", "c1", to="bob"), call("rm", "c2", path="old.log"))
SEND = turn(call("send", "c1", to="bob"))
AGAIN = turn(call("send", "c1", to="zoe"))


def go_on(engine: Engine, agent: Any) -> Any:
    resumed = Resumer(engine, agent).run_once()
    assert resumed is not None
    if resumed.error is not None:
        raise resumed.error
    return resumed.result
