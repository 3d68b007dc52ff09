"""Pauses before and after a node become reviews, and graphs go on when they are approved."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, TypedDict

import pytest
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import END, START, StateGraph

from interlock import Engine
from interlock.langgraph import InterlockSaver, PauseReviews, Resumer
from review_tools import MINUTE, NOON


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


def test_a_pause_is_asked_once_and_says_what_it_is(engine: Engine) -> None:
    template: Any = {
        "kind": "text", "payload": {"a": 1}, "thread": "other", "interrupt": "other",
        "title": "Other?", "details": "other", "key": "k", "channel": "ops",
        "expires_in": timedelta(minutes=1),
    }  # fmt: skip
    asked = {"graph": "g", "title": "Go on?", "details": {"a": 1}}
    pause = engine.graphs.pause("t", "1", review=template, **asked)
    assert engine.graphs.pause("t", "1", review=template, **asked) == pause
    assert engine.graphs.interrupts("t") == [pause]
    (review,) = engine.reviews.list()
    assert (review["kind"], review["payload"], review["thread"]) == ("approval", {}, "t")
    assert (review["title"], review["details"]) == ("Go on?", {"a": 1})
    assert review["interrupt"] == {
        "id": "1", "graph": "g", "checkpoint_ns": "", "checkpoint_id": "1",
    }  # fmt: skip
    assert "key" not in review, "a key would make one of two pauses"
    assert (review["channel"], review["deadline"]) == ("ops", review["created_at"] + MINUTE)


NOTE: dict[str, Any] = {"kind": "notify", "payload": {"text": "Never mind."}}


def test_a_successor_that_asks_nothing_lets_the_graph_go_on(engine: Engine) -> None:
    pause = engine.graphs.pause("t", "1")
    done = engine.reviews.supersede(pause["review"], successor=NOTE)
    assert done["review"]["status"] == "resolved"
    (found,) = engine.graphs.interrupts("t")
    assert (found["review"], found["status"]) == (done["review"]["id"], "answered")
    claim = engine.graphs.claim()
    assert claim is not None
    assert [answer["interrupt"] for answer in claim["answers"]] == ["1"]


def test_a_copied_pause_has_a_successor_of_its_own(engine: Engine) -> None:
    engine.checkpoints.put("t", "1")
    engine.graphs.pause("t", "1")
    engine.threads.copy("t", "copy")
    successor = {"kind": "approval", "payload": {}}
    for thread in ("copy", "t"):
        (pause,) = engine.graphs.interrupts(thread)
        done = engine.reviews.supersede(pause["review"], successor=successor)
        assert done["review"]["thread"] == thread
        engine.reviews.cancel(done["review"]["id"], actor="agent")
        (ended,) = engine.graphs.interrupts(thread)
        assert ended["review"] == done["review"]["id"]
        assert ended["status"] != "waiting"


def test_a_thread_is_found_behind_many_that_wait(url: str) -> None:
    threads = [f"t{number:03}" for number in range(101)]
    with Engine.open(url, clock=NOON, durability="normal") as engine:
        for thread in threads:
            pause = engine.graphs.pause(thread, "1", graph="last" if thread == "t100" else "g")
            engine.reviews.respond(pause["review"], actor="ana", outcome="approved")
        assert engine.graphs.claim(thread="absent") is None
        assert engine.graphs.claim(graphs=["absent"]) is None
        claim = engine.graphs.claim(graphs=["last"])
        assert claim is not None
        assert claim["thread"] == "t100"
        assert engine.graphs.claim(thread="t100") is None
