"""An agent that lives in a channel: python agent.py DATABASE [SECONDS].

It hears what people say there and talks to them through four tools only. It may be killed at any
moment and started again: it goes on with the message it was at, and finds the questions that it
has asked. Talk to it with `human.py`; "bye" ends it.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import (
    AIMessage,
    BaseMessage,
    HumanMessage,
    SystemMessage,
    ToolCall,
    ToolMessage,
)
from langchain_core.outputs import ChatGeneration, ChatResult
from langgraph.graph import START, MessagesState, StateGraph
from langgraph.prebuilt import ToolNode, tools_condition

from interlock import Engine, Message
from interlock.langchain import INSTRUCTIONS, tools
from interlock.langgraph import InterlockSaver

CHANNEL = "deployer"
CONFIG: Any = {"configurable": {"thread_id": CHANNEL}}


class ScriptedModel(BaseChatModel):
    """Stands where a chat model would, and keeps to its instructions."""

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: Any = None,
        **kwargs: Any,
    ) -> ChatResult:
        asked = max(i for i, each in enumerate(messages) if isinstance(each, HumanMessage))
        wish = str(messages[asked].content)
        heard = [str(each.content) for each in messages[asked:] if isinstance(each, ToolMessage)]
        said = self._next(wish, heard)
        if said is not None:  # an id of its own for each call of a conversation
            said = {**said, "id": f"call-{len(messages)}"}
        message = AIMessage("", tool_calls=[said]) if said else AIMessage("")
        return ChatResult(generations=[ChatGeneration(message=message)])

    def _next(self, wish: str, heard: list[str]) -> ToolCall | None:
        """The next call of a tool, from what the person wants and the tools have returned."""
        if heard[-1:] == ["Message sent."]:
            return None
        if heard[-1:] == ["timeout"]:
            return say("I stop: you did not respond in time.", "warning")
        if not wish.startswith("deploy"):
            return say(f"I can only deploy, not {wish!r}.")
        if len(heard) == 0:
            where = "Staging, Production"
            return call("ask_selection", question=f"Where do I {wish}?", options=where)
        if len(heard) == 1:
            return call("ask_form", question="Who is told?", fields="Name, Reason")
        if len(heard) == 2:
            return call("ask_approval", question=f"{wish} to **{heard[0]}** ({heard[1]})?")
        if heard[2] == "approve":
            return say(f"Done: {wish} to {heard[0]}.", "success")
        return say("Not deployed.", "error")

    def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> Any:
        """A script does not choose its tools."""
        return self

    @property
    def _llm_type(self) -> str:
        return "scripted"


def call(name: str, **arguments: str) -> ToolCall:
    """What a model says when it wants a tool to run."""
    return ToolCall(name=name, args=arguments, id=None)


def say(text: str, status: str = "info") -> ToolCall:
    """A message."""
    return call("send_message", text=text, status=status)


def build(engine: Engine, saver: InterlockSaver, patience: float) -> Any:
    """The usual loop: the model speaks, its tools run, the model speaks again."""
    talk = tools(engine, channel=CHANNEL, timeout=patience)
    model = ScriptedModel().bind_tools(talk)

    def speak(state: MessagesState) -> dict[str, Any]:
        return {"messages": [model.invoke([SystemMessage(INSTRUCTIONS), *state["messages"]])]}

    builder = StateGraph(MessagesState)
    builder.add_node("agent", speak)
    builder.add_node("tools", ToolNode(talk))
    builder.add_edge(START, "agent")
    builder.add_conditional_edges("agent", tools_condition)
    builder.add_edge("tools", "agent")
    return builder.compile(checkpointer=saver)


def work(graph: Any, message: Message) -> None:
    """Does what a message wants, or goes on with it; a message that was worked on is done.

    What the model has said is on record before its tools run ("sync"): an agent that is killed
    comes to the same calls again, so nobody is asked twice.
    """
    known = {each.id for each in graph.get_state(CONFIG).values.get("messages", [])}
    said = HumanMessage((message["text"] or "").strip(), id=message["id"])
    given = None if message["id"] in known else {"messages": [said]}
    graph.invoke(given, CONFIG, durability="sync")


def main(database: str, patience: float = 300) -> None:
    """Hears the channel until somebody says goodbye."""
    with Engine.open(database) as engine, InterlockSaver(engine) as saver:
        graph = build(engine, saver, patience)
        print("listening", flush=True)
        created: Any = ["message.created"]
        with engine.events.consumer("the agent", channel=CHANNEL, types=created) as heard:
            for event in heard:
                message = engine.messages.get(event["body"]["message"])
                text = (message["text"] or "").strip()
                if message["sender"] != "user" or not text:
                    continue
                if text == "bye":
                    return
                work(graph, message)


if __name__ == "__main__":
    main(sys.argv[1], *map(float, sys.argv[2:]))
