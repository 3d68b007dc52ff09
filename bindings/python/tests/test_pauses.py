"""Pauses before and after a node become reviews, and graphs go on when they are approved."""

from __future__ import annotations

from typing import Any, TypedDict

import pytest
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import END, START, StateGraph

from interlock import Engine
from interlock.langgraph import InterlockSaver, PauseReviews, Resumer


class Task(TypedDict, total=False):
    proposed: str
    result: str


def graph_of(saver: Any, **pauses: Any) -> Any:
    graph = StateGraph(Task)
    graph.add_node("propose", lambda state: {"proposed": "rm -r /tmp/x"})
    graph.add_node("execute", lambda state: {"result": "done"})
    graph.add_edge(START, "propose")
    graph.add_edge("propose", "execute")
    graph.add_edge("execute", END)
    return graph.compile(checkpointer=saver, **pauses)


@pytest.mark.parametrize(
    ("pauses", "when"),
    [({"interrupt_before": ["execute"]}, "before"), ({"interrupt_after": ["propose"]}, "after")],
)
def test_S2_S10_S31_a_pause_is_asked_and_an_approval_goes_on(
    url: str, pauses: dict[str, Any], when: str
) -> None:
    with Engine.open(url) as engine:
        graph = graph_of(InterlockSaver(engine, graph="ops"), **pauses)
        config: Any = {"configurable": {"thread_id": "t"}}
        asking = {**config, "callbacks": [PauseReviews(graph, "t")]}
        graph.invoke({}, asking)
        (review,) = engine.reviews.list(status="pending")
        assert review["details"] == {
            "when": when, "next": ["execute"], "values": {"proposed": "rm -r /tmp/x"},
        }  # fmt: skip
        resumer = Resumer(engine, {"ops": graph})
        assert resumer.run_once() is None
        engine.reviews.respond(review["id"], actor="ana", outcome="approved")
        resumed = resumer.run_once()
        assert resumed is not None and resumed.result["result"] == "done"
        assert resumed.reviews == (review["id"],)
        assert [each["status"] for each in engine.graphs.interrupts("t")] == ["applied"]
        assert resumer.run_once() is None


def test_a_rejected_pause_goes_nowhere(url: str) -> None:
    with Engine.open(url) as engine:
        graph = graph_of(InterlockSaver(engine), interrupt_before=["execute"])
        config: Any = {
            "configurable": {"thread_id": "t"}, "callbacks": [PauseReviews(graph, "t")],
        }  # fmt: skip
        graph.invoke({}, config)
        (review,) = engine.reviews.list(status="pending")
        engine.reviews.respond(review["id"], actor="ana", outcome="rejected")
        assert Resumer(engine, graph).run_once() is None
        assert graph.get_state(config).next == ("execute",)
        assert [each["status"] for each in engine.graphs.interrupts("t")] == ["unanswered"]


def test_a_graph_that_goes_on_without_the_answer_ends_the_question(url: str) -> None:
    with Engine.open(url) as engine:
        graph = graph_of(InterlockSaver(engine), interrupt_before=["execute"])
        config: Any = {
            "configurable": {"thread_id": "t"}, "callbacks": [PauseReviews(graph, "t")],
        }  # fmt: skip
        graph.invoke({}, config)
        (review,) = engine.reviews.list(status="pending")
        graph.invoke(None, config)
        assert engine.reviews.get(review["id"])["status"] == "superseded"


def test_only_a_graph_of_this_store_can_be_watched() -> None:
    with pytest.raises(ValueError, match="no InterlockSaver"):
        PauseReviews(graph_of(InMemorySaver()), "t")
