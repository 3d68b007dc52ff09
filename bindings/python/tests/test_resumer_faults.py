"""What goes wrong while a resumer is at work: slow and killed workers, and graphs that raise."""

from __future__ import annotations

import signal
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from langgraph.graph import END, START, StateGraph
from langgraph.types import Command, interrupt

from graph_tools import (
    LEASE_MS,
    State,
    answer,
    asking,
    config,
    graph_of,
    parallel,
    pending,
    spawn,
    statuses,
    until,
)
from interlock import Engine, FencedError
from interlock.langgraph import InterlockSaver, Resumer
from workers_resumer import chain


def values(graph: Any, thread: str = "t") -> Any:
    return graph.get_state(config(thread)).values


def respond(engine: Engine, question: str, response: Any) -> None:
    (review,) = [found for found in pending(engine) if found["title"] == question]
    engine.reviews.respond(review["id"], actor="ana", response=response)


def test_the_lease_is_kept_while_the_graph_runs(engine: Engine) -> None:
    lease_ms = 1000  # a machine may stand still for longer than the pulse of a short lease
    graph = graph_of(asking(lambda _: time.sleep(lease_ms * 2 / 1000)), InterlockSaver(engine))
    graph.invoke({}, config())
    answer(engine, "yes")
    slow = threading.Thread(target=Resumer(engine, graph, lease_ms=lease_ms).run_once)
    slow.start()
    until(lambda: engine.graphs.interrupts("t")[0]["attempts"])
    while slow.is_alive():
        assert engine.graphs.claim() is None
        time.sleep(0.02)
    assert statuses(engine) == ["applied"]


def test_what_a_worker_stores_after_a_take_over_is_refused(engine: Engine) -> None:
    slow, ran = threading.Event(), []

    def effect(given: Any) -> None:
        ran.append(given)
        if len(ran) == 1:
            slow.wait(20)

    graph = graph_of(asking(effect), InterlockSaver(engine))
    graph.invoke({}, config())
    answer(engine, "yes")
    claim = engine.graphs.claim(lease_ms=1)
    assert claim is not None
    (given,) = claim["answers"]
    errors: list[BaseException] = []

    def work() -> None:
        try:
            late = config("t", __interlock_fence=claim["fence"])
            graph.invoke(Command(resume={given["interrupt"]: "late"}), late)
        except FencedError as error:
            errors.append(error)

    late = threading.Thread(target=work)
    late.start()
    until(lambda: ran == ["late"])
    assert until(Resumer(engine, graph).run_once).error is None
    slow.set()
    late.join()
    assert len(errors) == 1
    assert values(graph)["first"] == "yes"
    assert ran == ["late", "yes"]


def test_a_worker_that_lost_its_thread_says_so(engine: Engine) -> None:
    ran: list[Any] = []

    def effect(given: Any) -> None:
        ran.append(given)
        if len(ran) == 1:
            engine.runs.cancel("t")

    graph = graph_of(asking(effect), InterlockSaver(engine))
    graph.invoke({}, config())
    answer(engine, "yes")
    resumer = Resumer(engine, graph)
    resumed = resumer.run_once()
    assert resumed is not None and resumed.lost and isinstance(resumed.error, FencedError)
    assert statuses(engine) == ["answered"]
    assert until(resumer.run_once).error is None
    assert values(graph)["first"] == "yes"


@pytest.mark.parametrize("where", ["first", "second"])
def test_a_killed_worker_is_taken_over(path: str, tmp_path: Path, where: str) -> None:
    """Also one that was killed after the graph had used its answer."""
    log = str(tmp_path / "log")
    with InterlockSaver(path) as saver:
        engine = saver.engine
        graph = chain(saver, log)
        graph.invoke({}, config())
        review = answer(engine, "yes")
        process = spawn("workers_resumer.py", path, log, where)
        process.communicate(timeout=60)
        assert process.returncode == -signal.SIGKILL
        assert until(Resumer(engine, graph, lease_ms=LEASE_MS).run_once).error is None
        assert graph.get_state(config()).next == ()
        assert (values(graph)["first"], values(graph)["second"]) == ("yes", "done")
        assert statuses(engine) == ["applied"]
        assert [found["id"] for found in engine.reviews.list()] == [review]
    ran = Path(log).read_text().split()
    assert ran == (["first", "first", "second"] if where == "first" else ["first"] + ["second"] * 2)


def fails(times: int, ran: list[Any]) -> Any:
    def effect(given: Any) -> None:
        ran.append(given)
        if len(ran) <= times:
            raise RuntimeError("away")

    return effect


def test_an_error_is_retried_with_the_same_answer(engine: Engine) -> None:
    ran: list[Any] = []
    graph = graph_of(asking(fails(2, ran)), InterlockSaver(engine))
    graph.invoke({}, config())
    answer(engine, "yes")
    resumer = Resumer(engine, graph)
    first = resumer.run_once()
    assert first is not None and isinstance(first.error, RuntimeError)
    assert statuses(engine) == ["failed"]
    assert engine.runs.get("t")["status"] == "error"
    assert engine.runs.get("t")["outcome"]["error"] == {"type": "RuntimeError", "message": "away"}
    assert resumer.run_once() is None, "not at once"
    until(lambda: resumer.run_once() and statuses(engine) == ["applied"])
    assert ran == ["yes"] * 3
    assert len([*engine.reviews.list()]) == 1


def test_an_error_in_a_later_node_is_retried(engine: Engine) -> None:
    ran: list[Any] = []
    effect = fails(2, ran)
    builder = StateGraph(State)
    builder.add_node("a", asking())
    builder.add_node("b", lambda state: effect(state["first"]) or {"second": "done"})
    builder.add_edge(START, "a")
    builder.add_edge("a", "b")
    builder.add_edge("b", END)
    graph = builder.compile(checkpointer=InterlockSaver(engine))
    graph.invoke({}, config())
    answer(engine, "yes")
    resumer = Resumer(engine, graph)
    until(lambda: resumer.run_once() and statuses(engine) == ["applied"])
    assert ran == ["yes"] * 3
    assert values(graph)["second"] == "done"
    assert values(graph)["log"] == ["did yes"], "the node that asked has run once"


def test_an_error_leaves_the_other_tasks_of_its_step_alone(engine: Engine) -> None:
    ran: list[Any] = []
    others: list[Any] = []

    def waits(_: State) -> Any:
        return {"second": interrupt("c")}

    def works(_: State) -> Any:
        others.append(interrupt("b"))
        return {"log": ["b"]}

    graph = parallel(
        InterlockSaver(engine), a=asking(fails(1, ran), question="a"), b=works, c=waits
    )
    graph.invoke({}, config())
    for name in ("a", "b"):
        respond(engine, name, f"yes {name}")
    asked = [found["id"] for found in engine.reviews.list()]
    resumer = Resumer(engine, graph)
    until(lambda: resumer.run_once() and statuses(engine) == ["applied", "applied", "waiting"])
    assert ran == ["yes a"] * 2
    assert others == ["yes b"], "a finished task is not run again"
    respond(engine, "c", "yes c")
    assert resumer.run_until_idle() == 1
    assert values(graph)["second"] == "yes c"
    assert [found["id"] for found in engine.reviews.list()] == asked, "nobody was asked twice"


def test_an_error_after_the_second_question_of_a_node(engine: Engine) -> None:
    ran: list[Any] = []
    effect = fails(1, ran)

    def node(_: State) -> Any:
        given = [interrupt("one?"), interrupt("two?")]
        effect(given)
        return {"first": given}

    graph = graph_of(node, InterlockSaver(engine))
    graph.invoke({}, config())
    resumer = Resumer(engine, graph)
    answer(engine, 1)
    assert resumer.run_until_idle() == 1
    answer(engine, 2)
    until(lambda: resumer.run_once() and statuses(engine) == ["applied", "applied"])
    assert ran == [[1, 2]] * 2
    assert len([*engine.reviews.list()]) == 2


def test_attempts_have_an_end(engine: Engine) -> None:
    ran: list[Any] = []
    graph = graph_of(asking(fails(99, ran)), InterlockSaver(engine))
    graph.invoke({}, config())
    answer(engine, "yes")
    resumer = Resumer(engine, graph, attempts=3)
    until(lambda: resumer.run_once() and len(ran) == 3)
    time.sleep(0.5)
    assert resumer.run_once() is None
    (found,) = engine.graphs.interrupts("t")
    assert (found["status"], found["attempts"]) == ("failed", 3)
    # New input moves the thread on, and what has failed with it.
    graph.invoke({}, config())
    assert statuses(engine) == ["moved", "waiting"]
    assert resumer.run_once() is None
