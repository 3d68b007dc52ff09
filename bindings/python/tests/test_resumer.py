"""The resumer: answered threads go on by themselves, each by one worker."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import Any

import pytest
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.config import get_config
from langgraph.types import interrupt

from conftest import LOOPS, needs_loops
from graph_tools import (
    State,
    answer,
    asking,
    config,
    graph_of,
    parallel,
    pending,
    statuses,
    two_questions,
    until,
)
from interlock import Engine
from interlock.langgraph import InterlockSaver, Resumed, Resumer


def values(graph: Any, thread: str = "t") -> Any:
    return graph.get_state(config(thread)).values


def test_N4_only_graphs_on_the_saver_are_served(engine: Engine) -> None:
    with pytest.raises(ValueError, match="'pay' has no InterlockSaver"):
        Resumer(engine, {"pay": graph_of(asking(), InMemorySaver())})


def test_run_once_goes_on_with_what_was_answered(engine: Engine) -> None:
    told: list[Resumed] = []
    graph = graph_of(asking(), InterlockSaver(engine))
    graph.invoke({}, config())
    resumer = Resumer(engine, graph, on_resumed=told.append, worker="w")
    assert resumer.run_once() is None, "nobody has answered"
    review = answer(engine, {"any": ["thing", None, 1.5]})
    resumed = resumer.run_once()
    assert resumed is not None
    assert (resumed.thread, resumed.graph, resumed.reviews) == ("t", "", (review,))
    assert resumed.error is None and not resumed.lost
    assert resumed.result["first"] == {"any": ["thing", None, 1.5]}
    assert told == [resumed]
    assert resumer.run_once() is None
    assert statuses(engine) == ["applied"]
    assert engine.runs.get("t")["status"] == "idle"


@pytest.mark.parametrize("given", [False, 0, "", [], None, {}, {"a" * 32: 1}])
def test_G25_whatever_json_is_an_answer(engine: Engine, given: Any) -> None:
    graph = graph_of(asking(), InterlockSaver(engine))
    graph.invoke({}, config())
    answer(engine, given)
    resumed = Resumer(engine, graph).run_once()
    assert resumed is not None and resumed.error is None
    assert values(graph)["first"] == given


def test_N37_each_question_of_a_node_gets_its_own_answer(engine: Engine) -> None:
    graph = graph_of(two_questions, InterlockSaver(engine))
    graph.invoke({}, config())
    resumer = Resumer(engine, graph)
    for word in ("one", "two"):
        answer(engine, word)
        assert resumer.run_until_idle() == 1
    assert values(graph)["first"] == "one"
    assert values(graph)["second"] == "two"
    assert statuses(engine) == ["applied", "applied"]


@needs_loops
async def test_in_an_event_loop(engine: Engine) -> None:
    async def node(_: State) -> Any:
        given = interrupt("go?")
        await asyncio.sleep(0)
        return {"first": given}

    graph = graph_of(node, InterlockSaver(engine))
    for thread in ("a", "b"):
        await graph.ainvoke({}, config(thread))
    resumer = Resumer(engine, graph, parallel=2)
    assert await resumer.arun_once() is None
    serving = asyncio.create_task(resumer.arun_forever())
    for thread in ("a", "b"):
        answer(engine, f"yes {thread}", thread)
    while statuses(engine, "a") + statuses(engine, "b") != ["applied"] * 2:
        await asyncio.sleep(0.01)
    resumer.stop()
    await asyncio.wait_for(serving, 10)
    assert [values(graph, thread)["first"] for thread in "ab"] == ["yes a", "yes b"]


@LOOPS
async def test_until_idle_in_an_event_loop(
    engine: Engine, native: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    graph = graph_of(asking(), InterlockSaver(engine))
    for thread in ("a", "b", "c"):
        graph.invoke({}, config(thread))
        answer(engine, "yes", thread)
    monkeypatch.setattr("interlock.langgraph._loops.KEEP_CONTEXT", native)
    assert await Resumer(engine, graph).arun_until_idle() == 3


@pytest.mark.parametrize("place", [{}, {"interrupt": "other", "thread": "other"}])
def test_a_successor_answers_the_graph(engine: Engine, place: dict[str, str]) -> None:
    graph = graph_of(asking(), InterlockSaver(engine))
    graph.invoke({}, config())
    (old,) = pending(engine)
    successor = {"kind": "freeform", "payload": {"raw": True}, "title": "Really?", **place}
    done = engine.reviews.supersede(old["id"], successor=successor)
    assert engine.reviews.supersede(old["id"], successor=successor) == done
    assert done["superseded"]["status"] == "superseded"
    assert (done["review"]["interrupt"], done["review"]["thread"]) == (old["interrupt"], "t")
    (found,) = engine.graphs.interrupts("t")
    assert (found["review"], found["status"]) == (done["review"]["id"], "waiting")
    assert Resumer(engine, graph).run_once() is None
    assert answer(engine, "yes") == done["review"]["id"]
    assert Resumer(engine, graph).run_until_idle() == 1
    assert values(graph)["first"] == "yes"
    assert statuses(engine) == ["applied"]


def test_graphs_are_found_by_name(engine: Engine) -> None:
    graphs = {
        name: graph_of(asking(), InterlockSaver(engine, graph=name)) for name in ("pay", "ship")
    }
    for name, graph in graphs.items():
        graph.invoke({}, config(name))
        answer(engine, name, name)
    stranger = Resumer(engine, {"other": graphs["pay"]})
    assert stranger.run_once() is None
    only = Resumer(engine, {"ship": graphs["ship"]})
    assert only.run_until_idle() == 1
    assert [statuses(engine, name) for name in graphs] == [["answered"], ["applied"]]
    assert Resumer(engine, graphs).run_until_idle() == 1
    assert [values(graph, name)["first"] for name, graph in graphs.items()] == ["pay", "ship"]


def side_by_side(saver: InterlockSaver, runs: list[str]) -> Any:
    def node(name: str) -> Any:
        def run(_: State) -> Any:
            runs.append(name)
            return {"log": [interrupt(name)]}

        return run

    return parallel(saver, a=node("a"), b=node("b"))


def respond(engine: Engine, question: str, response: Any) -> None:
    (review,) = [found for found in pending(engine) if found["title"] == question]
    engine.reviews.respond(review["id"], actor="ana", response=response)


def test_answers_of_a_thread_are_given_as_they_come(engine: Engine) -> None:
    runs: list[str] = []
    graph = side_by_side(InterlockSaver(engine), runs)
    graph.invoke({}, config())
    resumer = Resumer(engine, graph)
    respond(engine, "b", "yes b")
    assert resumer.run_until_idle() == 1
    assert statuses(engine) == ["applied", "waiting"]
    respond(engine, "a", "yes a")
    assert resumer.run_until_idle() == 1
    assert sorted(values(graph)["log"]) == ["yes a", "yes b"]
    assert statuses(engine) == ["applied", "applied"]
    assert len([*engine.reviews.list()]) == 2, "asked again, not opened again"


def test_collected_answers_are_given_together(engine: Engine) -> None:
    runs: list[str] = []
    graph = side_by_side(InterlockSaver(engine), runs)
    graph.invoke({}, config())
    resumer = Resumer(engine, graph, collect=True)
    respond(engine, "b", "yes b")
    assert resumer.run_once() is None
    respond(engine, "a", "yes a")
    resumed = resumer.run_once()
    assert resumed is not None and len(resumed.reviews) == 2
    assert sorted(runs) == ["a", "a", "b", "b"], "each node runs once per side of its question"
    assert values(graph)["log"] == ["yes a", "yes b"]


def test_threads_go_on_in_parallel(engine: Engine) -> None:
    together = threading.Barrier(3, timeout=20)
    graph = graph_of(asking(lambda _: together.wait() and None), InterlockSaver(engine))
    for thread in ("a", "b", "c"):
        graph.invoke({}, config(thread))
        answer(engine, "yes", thread)
    resumer = Resumer(engine, graph, parallel=3)
    serving = threading.Thread(target=resumer.run_forever)
    serving.start()
    until(lambda: all(statuses(engine, thread) == ["applied"] for thread in "abc"))
    resumer.stop()
    serving.join(10)
    assert not serving.is_alive()
    assert not together.broken


def test_a_waiting_resumer_hears_of_an_answer_and_stops(engine: Engine) -> None:
    graph = graph_of(asking(), InterlockSaver(engine))
    graph.invoke({}, config())
    resumer = Resumer(engine, graph)
    serving = threading.Thread(target=resumer.run_forever)
    serving.start()
    time.sleep(0.3)
    assert statuses(engine) == ["waiting"]
    answer(engine, "yes")
    until(lambda: statuses(engine) == ["applied"], 5)
    resumer.stop()
    serving.join(5)
    assert not serving.is_alive()


def test_a_closed_engine_ends_it(path: str) -> None:
    engine = Engine.open(path)
    serving = threading.Thread(
        target=Resumer(engine, graph_of(asking(), InterlockSaver(engine))).run_forever
    )
    serving.start()
    time.sleep(0.1)
    engine.close()
    serving.join(5)
    assert not serving.is_alive()


def test_a_config_is_merged_under_that_of_the_call(engine: Engine) -> None:
    seen: list[Any] = []

    def node(_: State) -> Any:
        given = interrupt("go?")
        seen.append(get_config().get("configurable", {})["who"])
        return {"first": given}

    graph = graph_of(node, InterlockSaver(engine))
    graph.invoke({}, config(who="nobody"))
    answer(engine, "yes")
    merged = {"configurable": {"who": "resumer", "thread_id": "other"}}
    assert Resumer(engine, graph, config=merged).run_until_idle() == 1
    assert seen == ["resumer"]
    assert values(graph)["first"] == "yes"
