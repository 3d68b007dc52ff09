"""An agent whose deletions a manager and a director must approve: python agent.py DATABASE.

Listing needs nobody. It may be killed while it waits and started again: it finds its question, and
what was approved is done once. Answer with the other example, whoever you are:

    python ../approve_deploy/answer.py DATABASE mia manager approve
    python ../approve_deploy/answer.py DATABASE dan director approve
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolCall, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.tools import BaseTool, tool
from langgraph.graph import START, MessagesState, StateGraph
from langgraph.prebuilt import ToolNode, tools_condition

from interlock import Engine, RejectedError
from interlock.langgraph import InterlockSaver
from interlock.patterns import approval_chain, rejects_after

CONFIG: Any = {"configurable": {"thread_id": "two-levels-1"}}


class ScriptedModel(BaseChatModel):
    """Stands where a chat model would: says its lines in order, whichever process asks."""

    script: Sequence[AIMessage] = (
        AIMessage("", tool_calls=[ToolCall(name="list_databases", args={}, id="c1")]),
        AIMessage(
            "", tool_calls=[ToolCall(name="delete_database", args={"name": "customers"}, id="c2")]
        ),
        AIMessage("That is all."),
    )

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: Any = None,
        **kwargs: Any,
    ) -> ChatResult:
        turn = sum(isinstance(message, AIMessage) for message in messages)
        return ChatResult(generations=[ChatGeneration(message=self.script[turn])])

    def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> Any:
        """A script does not choose its tools."""
        return self

    @property
    def _llm_type(self) -> str:
        return "scripted"


def database_tools(engine: Engine) -> list[BaseTool]:
    """The tools of the agent; one of them needs two people."""

    @engine.guard(
        title=lambda name: f"Delete the database {name}?",
        key=lambda name: f"delete the database {name}",
        policy=approval_chain("manager", "director", distinct=True),
        **rejects_after(timedelta(hours=24)),
    )
    def delete(name: str) -> str:
        print(f"deleting {name}", flush=True)
        return f"Deleted {name}."

    @tool
    def list_databases() -> str:
        """List the databases."""
        return "customers, orders"

    @tool
    def delete_database(name: str) -> str:
        """Delete a database."""
        try:
            return delete(name)
        except RejectedError as no:
            return f"{name} was NOT deleted: {no.outcome}."

    return [list_databases, delete_database]


def build(engine: Engine, saver: InterlockSaver) -> Any:
    """The usual loop: the model speaks, its tools run, the model speaks again."""
    tools = database_tools(engine)
    model = ScriptedModel().bind_tools(tools)

    def speak(state: MessagesState) -> dict[str, Any]:
        return {"messages": [model.invoke(state["messages"])]}

    builder = StateGraph(MessagesState)
    builder.add_node("agent", speak)
    builder.add_node("tools", ToolNode(tools))
    builder.add_edge(START, "agent")
    builder.add_conditional_edges("agent", tools_condition)
    builder.add_edge("tools", "agent")
    return builder.compile(checkpointer=saver)


def main(database: str) -> None:
    """Works to the end, or goes on after it was killed."""
    with Engine.open(database) as engine, InterlockSaver(engine) as saver:
        graph = build(engine, saver)
        begun = bool(graph.get_state(CONFIG).values)
        print("goes on" if begun else "starts", flush=True)
        given = None if begun else {"messages": [HumanMessage("Delete what nobody needs.")]}
        for message in graph.invoke(given, CONFIG, durability="sync")["messages"]:
            if isinstance(message, ToolMessage):
                print(f"{message.name}: {message.content}")


if __name__ == "__main__":
    main(sys.argv[1])
