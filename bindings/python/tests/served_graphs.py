"""Graphs for `langgraph dev`: none has a checkpointer, for the server has one."""

from __future__ import annotations

import time
from typing import Any, TypedDict

from langchain.agents import create_agent
from langgraph.graph import START, StateGraph
from langgraph.types import interrupt

from chat_tools import ScriptedModel
from guarded_agents import SEND, Work, done
from interlock.langchain import InterlockMiddleware


class State(TypedDict):
    some_text: str


def human_node(state: State) -> State:
    return {"some_text": interrupt({"text_to_revise": state["some_text"]})}


human: StateGraph[Any] = StateGraph(State)
human.add_node("human_node", human_node)
human.add_edge(START, "human_node")
agent = human.compile()

model = ScriptedModel(responses=[SEND, done()])
guarded = create_agent(model, Work().tools, middleware=[InterlockMiddleware({"send": True})])
strict = create_agent(
    ScriptedModel(responses=[SEND, done()]),
    Work().tools,
    middleware=[InterlockMiddleware({"send": True}, require_permit=True)],
)


def first(state: State) -> State:
    """Fails, or takes a while, if it is told to."""
    if state["some_text"] == "fail":
        raise RuntimeError("as it was told")
    if state["some_text"] == "slow":
        time.sleep(1)
    return {"some_text": f"{state['some_text']}, first"}


def second(state: State) -> State:
    return {"some_text": f"{state['some_text']}, second"}


builder: StateGraph[Any] = StateGraph(State)
builder.add_node("first", first)
builder.add_node("second", second)
builder.add_edge(START, "first")
builder.add_edge("first", "second")
steps = builder.compile()
