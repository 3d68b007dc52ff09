"""H1 to H7: what goes wrong with interrupts on the stock savers, shown there and absent here."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.checkpoint.sqlite import SqliteSaver
from langgraph.types import Command

from graph_tools import (
    LEASE_MS,
    answer,
    asking,
    children,
    config,
    graph_of,
    hear,
    pending,
    spawn,
    statuses,
    tell,
    two_questions,
    until,
)
from interlock import AlreadyResolvedError, ThreadBusyError
from interlock.langgraph import InterlockSaver, Resumer


@pytest.fixture(params=["memory", "file"])
def stock(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    if request.param == "memory":
        yield InMemorySaver()
        return
    with SqliteSaver.from_conn_string(str(tmp_path / "stock.db")) as saver:
        yield saver


@pytest.fixture
def ours(path: str) -> Iterator[InterlockSaver]:
    with InterlockSaver(path) as saver:
        yield saver


def interrupts(graph: Any) -> dict[str, Any]:
    """What a graph waits for: id and question."""
    return {each.id: each.value for each in graph.get_state(config()).interrupts}


def answers(graph: Any) -> list[Any]:
    """What the graph was told so far."""
    values = graph.get_state(config()).values
    return [values[name] for name in ("first", "second") if name in values]


def delivered_twice(saver: InterlockSaver) -> None:
    """One answer, delivered again after the graph went on to its second question."""
    graph = graph_of(two_questions, saver)
    graph.invoke({}, config())
    review = answer(saver.engine, "v1")
    resumer = Resumer(saver.engine, graph)
    assert resumer.run_until_idle() == 1
    assert [*interrupts(graph).values()] == ["two?"]
    again = saver.engine.reviews.respond(review, actor="ana", response="v1")
    assert again["review"]["id"] == review, "the first decision is what a retry gets"
    with pytest.raises(AlreadyResolvedError):
        saver.engine.reviews.respond(review, actor="ana", response="v2")
    assert resumer.run_until_idle() == 0
    assert [*interrupts(graph).values()] == ["two?"]
    answer(saver.engine, "v2")
    assert resumer.run_until_idle() == 1
    assert answers(graph) == ["v1", "v2"]


def test_h1_late_duplicate_by_value_answers_the_next_question(stock: Any) -> None:
    graph = graph_of(two_questions, stock)
    graph.invoke({}, config())
    graph.invoke(Command(resume="v1"), config())
    graph.invoke(Command(resume="v1"), config())
    assert answers(graph) == ["v1", "v1"]


def test_h1_is_absent_here(ours: InterlockSaver) -> None:
    delivered_twice(ours)


def test_h2_late_duplicate_by_id_answers_the_next_question(stock: Any) -> None:
    graph = graph_of(two_questions, stock)
    graph.invoke({}, config())
    (first,) = interrupts(graph)
    graph.invoke(Command(resume={first: "v1"}), config())
    assert first not in interrupts(graph)
    graph.invoke(Command(resume={first: "v1"}), config())
    assert answers(graph) == ["v1", "v1"]


def test_h2_is_absent_here(ours: InterlockSaver) -> None:
    delivered_twice(ours)


def race(saver: Any) -> tuple[list[str], list[Any]]:
    """Four callers resume one question at once: the effects, and what each got."""
    effects: list[str] = []
    got: list[Any] = []

    def effect(value: Any) -> None:
        time.sleep(0.2)
        effects.append(value)

    graph = graph_of(asking(effect), saver)
    graph.invoke({}, config())
    (question,) = interrupts(graph)
    barrier = threading.Barrier(4)

    def resume() -> None:
        barrier.wait()
        try:
            got.append(graph.invoke(Command(resume={question: "yes"}), config())["first"])
        except ThreadBusyError as error:
            got.append(error.__class__)

    threads = [threading.Thread(target=resume) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return effects, got


def test_h3_concurrent_resumes_all_run_the_effect(stock: Any) -> None:
    assert race(stock) == (["yes"] * 4, ["yes"] * 4)


def test_h3_is_absent_here(path: str) -> None:
    with InterlockSaver(path, single_writer=True) as saver:
        effects, got = race(saver)
        assert effects == ["yes"]
        assert sorted(map(str, got)) == sorted(map(str, ["yes"] + [ThreadBusyError] * 3))
        graph = graph_of(asking(), saver)
        assert answers(graph) == ["yes"]
        # Time travel still works: the question is asked again from where it was asked.
        asked = next(s for s in graph.get_state_history(config()) if s.next == ("n",))
        graph.invoke(None, asked.config)
        assert [*interrupts(graph).values()] == ["go?"]


def race_of_processes(tmp_path: Path, kind: str, mode: str) -> tuple[list[str], list[str]]:
    path, log = str(tmp_path / "graph.db"), tmp_path / "effects"
    opened: Any = SqliteSaver if kind == "stock" else InterlockSaver
    with opened.from_conn_string(path) as saver:
        graph_of(asking(), saver).invoke({}, config())
        if mode == "serve":
            answer(saver.engine, "yes")
    with children("workers_hazards.py", *[[kind, path, str(log), mode]] * 4) as running:
        assert [hear(process) for process in running] == ["ready"] * 4
        for process in running:
            tell(process, "go")
        got = [hear(process) for process in running]
    return log.read_text().split(), sorted(got)


def test_h3_concurrent_processes_all_run_the_effect(tmp_path: Path) -> None:
    effects, got = race_of_processes(tmp_path, "stock", "resume")
    assert effects == ["yes"] * 4
    assert got == ["yes"] * 4


def test_h3_of_processes_is_absent_here(tmp_path: Path) -> None:
    effects, got = race_of_processes(tmp_path, "interlock", "resume")
    assert effects == ["yes"]
    assert got == ["busy", "busy", "busy", "yes"]


def test_h3_of_processes_that_serve_is_absent_here(tmp_path: Path) -> None:
    effects, got = race_of_processes(tmp_path, "interlock", "serve")
    assert effects == ["yes"]
    assert got == ["0", "0", "0", "1"]


def killed_in_its_node(path: str, log: Path, kind: str, mode: str) -> None:
    """A graph is resumed by id in another process, which is killed after the effect."""
    process = spawn("workers_hazards.py", kind, path, str(log), mode)
    assert hear(process) == "ready"
    tell(process, "go")
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL
    assert log.read_text() == "yes\n"


def test_h4_a_crash_loses_the_answer(path: str, tmp_path: Path) -> None:
    with SqliteSaver.from_conn_string(path) as saver:
        graph_of(asking(), saver).invoke({}, config())
    killed_in_its_node(path, tmp_path / "effects", "stock", "die")
    with SqliteSaver.from_conn_string(path) as saver:
        graph = graph_of(asking(), saver)
        graph.invoke(None, config())
        assert [*interrupts(graph).values()] == ["go?"], "the person is asked again"


def test_h4_is_absent_here(path: str, tmp_path: Path) -> None:
    with InterlockSaver(path) as saver:
        graph_of(asking(), saver).invoke({}, config())
        review = answer(saver.engine, "yes")
    killed_in_its_node(path, tmp_path / "effects", "interlock", "serve and die")
    with InterlockSaver(path) as saver:
        graph = graph_of(asking(), saver)
        resumer = Resumer(saver.engine, graph, lease_ms=LEASE_MS)
        assert until(resumer.run_once).reviews == (review,)
        assert answers(graph) == ["yes"]
        assert [each["id"] for each in saver.engine.reviews.list()] == [review]
        assert statuses(saver.engine) == ["applied"]


def failing_once(failures: list[str]) -> Any:
    def effect(value: Any) -> None:
        if failures:
            raise RuntimeError(failures.pop())

    return effect


def test_h5_an_error_poisons_the_answer(stock: Any) -> None:
    graph = graph_of(asking(failing_once(["the network is away"])), stock)
    graph.invoke({}, config())
    (question,) = interrupts(graph)
    with pytest.raises(RuntimeError, match="away"):
        graph.invoke(Command(resume={question: "first"}), config())
    graph.invoke(Command(resume={question: "second"}), config())
    assert answers(graph) == ["first"], "the later answer is ignored"


def test_h5_is_absent_here(ours: InterlockSaver) -> None:
    graph = graph_of(asking(failing_once(["away", "still away"])), ours)
    graph.invoke({}, config())
    review = answer(ours.engine, "yes")
    resumer = Resumer(ours.engine, graph)
    until(lambda: resumer.run_once() and not graph.get_state(config()).next)
    assert answers(graph) == ["yes"]
    assert [each["id"] for each in ours.engine.reviews.list()] == [review]
    assert statuses(ours.engine) == ["applied"]


def test_h6_the_stream_is_ahead_of_the_store() -> None:
    class Slow(InMemorySaver):
        def put_writes(self, *given: Any, **named: Any) -> None:
            time.sleep(0.3)
            super().put_writes(*given, **named)

    graph = graph_of(asking(), Slow())
    for part in graph.stream({}, config(), durability="sync"):
        if "__interrupt__" in part:
            assert interrupts(graph) == {}, "told, and not stored"
            break
    else:
        raise AssertionError("nothing was asked")


def test_h6_is_absent_here(path: str) -> None:
    class Slow(InterlockSaver):
        def put_writes(self, *given: Any, **named: Any) -> None:
            time.sleep(0.3)
            super().put_writes(*given, **named)

    with Slow(path) as saver:
        graph = graph_of(asking(), saver)
        told: list[dict[str, Any]] = []

        def hear_of_it() -> None:
            saver.engine.events.wait(types=("review.opened",), timeout=10)
            told.append(interrupts(graph))

        listener = threading.Thread(target=hear_of_it)
        listener.start()
        for part in graph.stream({}, config(), durability="sync"):
            if "__interrupt__" in part:
                assert len(pending(saver.engine)) == len(interrupts(graph))
        listener.join()
        assert [[*each.values()] for each in told] == [["go?"]]


def resumes_stored(saver: Any) -> list[Any]:
    found = saver.get_tuple(config())
    return [value for _, channel, value in found.pending_writes if channel == "__resume__"]


def test_h7_a_resume_of_a_finished_thread_is_silent(stock: Any) -> None:
    graph = graph_of(asking(), stock)
    graph.invoke({}, config())
    graph.invoke(Command(resume="yes"), config())
    before = graph.get_state(config()).values
    assert graph.invoke(Command(resume="late"), config()) == before
    assert resumes_stored(stock) == ["late"]


def test_h7_is_absent_here(ours: InterlockSaver) -> None:
    graph = graph_of(asking(), ours)
    graph.invoke({}, config())
    review = answer(ours.engine, "yes")
    assert Resumer(ours.engine, graph).run_until_idle() == 1
    with pytest.raises(AlreadyResolvedError):
        ours.engine.reviews.respond(review, actor="ben", response="late")
    assert Resumer(ours.engine, graph).run_until_idle() == 0
    assert resumes_stored(ours) == []
    assert ours.engine.graphs.enter("t") is None
