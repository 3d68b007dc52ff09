"""A model with a script, and people who answer, for the tools of LangChain."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from typing import Any

from langchain_core.language_models.fake_chat_models import FakeMessagesListChatModel
from langchain_core.messages import AIMessage, ToolCall, ToolMessage
from langchain_core.runnables import RunnableLambda
from langchain_core.tools import BaseTool
from langgraph.graph import START, MessagesState, StateGraph
from langgraph.prebuilt import ToolNode, tools_condition

from interlock import Engine, Review
from interlock.langchain import tools


def call(name: str, id: str = "call-1", **args: Any) -> ToolCall:
    return ToolCall(name=name, args=args, id=id, type="tool_call")


class ScriptedModel(FakeMessagesListChatModel):
    """Says its lines in order."""

    def bind_tools(self, tools: Sequence[Any], **named: Any) -> Any:
        return self


def agent(script: Sequence[AIMessage], of: Sequence[Any], saver: Any = None) -> Any:
    """A model that calls tools until it has nothing more to call."""
    model = ScriptedModel(responses=[*script]).bind_tools(of)

    def speak(state: MessagesState) -> dict[str, Any]:
        return {"messages": [model.invoke(state["messages"])]}

    async def aspeak(state: MessagesState) -> dict[str, Any]:
        return {"messages": [await model.ainvoke(state["messages"])]}

    builder = StateGraph(MessagesState)
    builder.add_node("agent", RunnableLambda(speak, aspeak))
    builder.add_node("tools", ToolNode(of))
    builder.add_edge(START, "agent")
    builder.add_conditional_edges("agent", tools_condition)
    builder.add_edge("tools", "agent")
    return builder.compile(checkpointer=saver)


def results(state: dict[str, Any]) -> list[ToolMessage]:
    return [message for message in state["messages"] if isinstance(message, ToolMessage)]


def named(engine: Engine, **asking: Any) -> dict[str, BaseTool]:
    return {each.name: each for each in tools(engine, channel="c", **asking)}


def pending(engine: Engine) -> Any:
    [review] = engine.reviews.list(status="pending")
    return review


def only_message(engine: Engine) -> Any:
    [message] = engine.messages.list("c")
    return message


@contextmanager
def person(
    engine: Engine, answer: Callable[[Review], Any], delay: float = 0
) -> Generator[list[Review], None, None]:
    """Somebody who answers whatever is asked; None is no answer. Yields what was seen."""
    stop, seen = threading.Event(), set[str]()
    reviews: list[Review] = []

    def look() -> None:
        while not stop.wait(0.01):
            for review in engine.reviews.list(status="pending", order="oldest"):
                if review["id"] in seen:
                    continue
                seen.add(review["id"])
                reviews.append(review)
                time.sleep(delay)
                response = answer(review)
                if response is not None:
                    engine.reviews.respond(review["id"], actor="ana", response=response)

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield reviews
    finally:
        stop.set()
        thread.join()
