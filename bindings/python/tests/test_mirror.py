"""Every interrupt of a graph is a review, and ends with its place in the graph."""

from __future__ import annotations

import dataclasses
import math
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.graph import START, StateGraph
from langgraph.types import Command, Interrupt, interrupt

from conftest import needs_loops
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
)
from interlock import InvalidResponseError, SupersededError
from interlock.langgraph import InterlockSaver, Resumer
from saver_tools import at, put


def status_of(saver: InterlockSaver, review: str) -> str:
    return saver.engine.reviews.get(review)["status"]


def only(saver: InterlockSaver, thread: str | None = None) -> Any:
    (review,) = pending(saver.engine, thread)
    return review


def test_an_interrupt_is_a_review(saver: InterlockSaver) -> None:
    graph = graph_of(asking(question={"amount": 5, "title": "Pay?"}), saver)
    (asked,) = graph.invoke({}, config())["__interrupt__"]
    review = only(saver)
    assert (review["kind"], review["title"], review["thread"]) == ("freeform", "Pay?", "t")
    assert review["details"] == {"amount": 5, "title": "Pay?"}
    place = review["interrupt"]
    (found,) = saver.engine.graphs.interrupts("t")
    assert place["id"] == found["interrupt"] == asked.id
    assert place["node"] == "n"
    assert (
        place["checkpoint_id"] == graph.get_state(config()).config["configurable"]["checkpoint_id"]
    )
    assert (found["review"], found["status"], found["value"]) == (review["id"], "waiting", None)
    assert saver.engine.reviews.get(interrupt=asked.id)["id"] == review["id"]


@needs_loops
async def test_of_an_async_graph_too(saver: InterlockSaver) -> None:
    async def node(_: State) -> Any:
        return {"first": interrupt("go?")}

    graph = graph_of(node, saver)
    await graph.ainvoke({}, config())
    answer(saver.engine, "yes")
    await Resumer(saver.engine, graph).arun_until_idle()
    assert (await graph.aget_state(config())).values["first"] == "yes"
    assert statuses(saver.engine) == ["applied"]


def test_a_step_that_settles_nothing_wakes_nobody(path: str) -> None:
    with InterlockSaver(path) as saver:
        saver.engine.reviews.open("approval", {})

        def rung() -> int:
            return int.from_bytes(Path(f"{path}-wake").read_bytes()[:4], "little")

        before = rung()
        for number in range(5):
            put(saver, f"{number}", {"a": number})
            saver.put_writes(at(f"{number}"), [("a", number)], "task")
        assert rung() == before
        saver.put_writes(at("4"), [("__interrupt__", (Interrupt("?", id="i"),))], "other")
        assert rung() > before


def test_without_the_mirror_nothing_is_asked(path: str) -> None:
    with InterlockSaver(path, mirror=False) as saver:
        graph = graph_of(asking(), saver)
        graph.invoke({}, config())
        assert pending(saver.engine) == []
        assert saver.engine.graphs.interrupts("t") == []
        assert graph.invoke(Command(resume="yes"), config())["first"] == "yes"


def test_parallel_tasks_ask_one_review_each(saver: InterlockSaver) -> None:
    def node(name: str) -> Any:
        return lambda _: {"log": [interrupt(name)]}

    graph = parallel(saver, **{name: node(name) for name in "abc"})
    graph.invoke({}, config())
    assert sorted(str(review["title"]) for review in pending(saver.engine)) == ["a", "b", "c"]
    first = {str(review["title"]): review["id"] for review in pending(saver.engine)}
    by_id = {each.value: each.id for each in graph.get_state(config()).interrupts}
    graph.invoke(Command(resume={by_id["b"]: "B"}), config())
    # Those that still wait run again, ask again, and are found again.
    assert {str(each["title"]): each["id"] for each in pending(saver.engine)} == {
        name: first[name] for name in "ac"
    }
    assert status_of(saver, first["b"]) == "superseded", "it was answered past its review"


def nested(saver: InterlockSaver, **options: Any) -> Any:
    inner = StateGraph(State)
    inner.add_node("in1", two_questions)
    inner.add_edge(START, "in1")
    return graph_of(inner.compile(**options), saver)


@pytest.mark.parametrize("options", [{}, {"checkpointer": True}])
def test_a_nested_graph_asks_once(saver: InterlockSaver, options: Any) -> None:
    graph = nested(saver, **options)
    (asked,) = graph.invoke({}, config())["__interrupt__"]
    review = only(saver)
    (found,) = saver.engine.graphs.interrupts("t")
    assert found["interrupt"] == asked.id == review["interrupt"]["id"]
    assert found["checkpoint_ns"].startswith("n"), "the innermost graph"
    resumer = Resumer(saver.engine, graph)
    for word in ("one", "two"):
        answer(saver.engine, word)
        assert resumer.run_until_idle() == 1
    assert graph.get_state(config()).values["second"] == "two"
    assert statuses(saver.engine) == ["applied", "applied"]
    assert pending(saver.engine) == []


def test_two_levels_down(saver: InterlockSaver) -> None:
    inner, middle = StateGraph(State), StateGraph(State)
    inner.add_node("deep", asking())
    inner.add_edge(START, "deep")
    middle.add_node("mid", inner.compile())
    middle.add_edge(START, "mid")
    graph = graph_of(middle.compile(), saver)
    graph.invoke({}, config())
    assert len(pending(saver.engine)) == 1
    (found,) = saver.engine.graphs.interrupts("t")
    assert found["checkpoint_ns"].count("|") == 1
    answer(saver.engine, "yes")
    assert Resumer(saver.engine, graph).run_until_idle() == 1
    assert graph.get_state(config()).values["first"] == "yes"
    assert statuses(saver.engine) == ["applied"]


def test_asked_again_is_found_again(saver: InterlockSaver) -> None:
    graph = graph_of(asking(), saver)
    graph.invoke({}, config())
    review = only(saver)
    for _ in range(3):
        graph.invoke(None, config())
        assert only(saver)["id"] == review["id"]
        assert only(saver)["revision"] == review["revision"]


@pytest.mark.parametrize("durability", ["sync", "async", "exit"])
def test_a_resume_past_the_review_ends_it(saver: InterlockSaver, durability: Any) -> None:
    graph = graph_of(asking(), saver)
    graph.invoke({}, config(), durability=durability)
    review = only(saver)["id"]
    graph.invoke(Command(resume="past"), config(), durability=durability)
    assert status_of(saver, review) == "superseded"
    assert statuses(saver.engine) == ["moved"]
    with pytest.raises(SupersededError):
        saver.engine.reviews.respond(review, actor="ana", response="late")
    assert saver.engine.graphs.claim() is None


@pytest.mark.parametrize("durability", ["sync", "async", "exit"])
def test_an_answer_that_was_used_is_applied(saver: InterlockSaver, durability: Any) -> None:
    """Also if the writes of its step come after the checkpoint that they lead to."""
    graph = graph_of(asking(), saver)
    for number in range(10):
        thread = f"t{number}"
        (asked,) = graph.invoke({}, config(thread), durability=durability)["__interrupt__"]
        answer(saver.engine, "yes", thread)
        graph.invoke(Command(resume={asked.id: "yes"}), config(thread), durability=durability)
        assert statuses(saver.engine, thread) == ["applied"]


def test_new_input_leaves_the_question_behind(saver: InterlockSaver) -> None:
    graph = graph_of(asking(), saver)
    graph.invoke({}, config())
    old = only(saver)["id"]
    graph.invoke({"log": ["new"]}, config())
    assert status_of(saver, old) == "superseded"
    assert only(saver)["id"] != old
    assert statuses(saver.engine) == ["moved", "waiting"]


def test_an_answer_comes_too_late_for_a_thread_that_moved_on(saver: InterlockSaver) -> None:
    graph = graph_of(asking(), saver)
    graph.invoke({}, config())
    answer(saver.engine, "yes")
    graph.invoke({"log": ["new"]}, config())
    assert statuses(saver.engine) == ["moved", "waiting"]
    assert Resumer(saver.engine, graph).run_until_idle() == 0


def test_an_edit_of_the_state_withdraws_the_question(saver: InterlockSaver) -> None:
    graph = graph_of(asking(), saver)
    graph.invoke({}, config())
    old = only(saver)["id"]
    graph.update_state(config(), {"second": "edited"})
    assert status_of(saver, old) == "superseded"
    assert pending(saver.engine) == []
    graph.invoke(None, config())
    answer(saver.engine, "yes")
    assert Resumer(saver.engine, graph).run_until_idle() == 1
    assert graph.get_state(config()).values["first"] == "yes"


def test_a_fork_asks_anew(saver: InterlockSaver) -> None:
    graph = graph_of(asking(), saver)
    graph.invoke({}, config())
    old = answer(saver.engine, "yes")
    Resumer(saver.engine, graph).run_until_idle()
    asked = next(state for state in graph.get_state_history(config()) if state.next == ("n",))
    graph.invoke(None, asked.config)
    assert only(saver)["id"] != old
    answer(saver.engine, "otherwise")
    assert Resumer(saver.engine, graph).run_until_idle() == 1
    assert graph.get_state(config()).values["first"] == "otherwise"
    assert status_of(saver, old) == "resolved"


def test_a_fork_at_the_question_withdraws_the_old_one(saver: InterlockSaver) -> None:
    graph = graph_of(asking(), saver)
    graph.invoke({}, config())
    old = only(saver)["id"]
    graph.update_state(config(), None)
    graph.invoke(None, config())
    assert status_of(saver, old) == "superseded"
    assert len(pending(saver.engine)) == 1


def test_a_copy_is_asked_for_itself(saver: InterlockSaver) -> None:
    graph = graph_of(asking(), saver)
    graph.invoke({}, config())
    saver.copy_thread("t", "copy")
    assert only(saver, "t")["id"] != only(saver, "copy")["id"]
    answer(saver.engine, "here", "t")
    resumer = Resumer(saver.engine, graph)
    assert resumer.run_until_idle() == 1
    assert statuses(saver.engine, "copy") == ["waiting"]
    answer(saver.engine, "there", "copy")
    assert resumer.run_until_idle() == 1
    values = [graph.get_state(config(thread)).values["first"] for thread in ("t", "copy")]
    assert values == ["here", "there"]


def test_an_approval_is_not_copied(saver: InterlockSaver) -> None:
    graph = graph_of(asking(), saver)
    graph.invoke({}, config())
    answer(saver.engine, "yes")
    saver.copy_thread("t", "copy")
    assert statuses(saver.engine, "copy") == ["waiting"]
    assert only(saver, "copy")["thread"] == "copy"


def test_deletes_withdraw_what_is_open(saver: InterlockSaver) -> None:
    graph = graph_of(asking(), saver)
    for thread in ("a", "b", "c"):
        graph.invoke({}, {**config(thread), "metadata": {"run_id": thread}})
    reviews = {str(review["thread"]): review["id"] for review in pending(saver.engine)}
    saver.delete_thread("a")
    saver.delete_for_runs(["b"])
    saver.prune(["c"], strategy="delete")
    assert [status_of(saver, reviews[name]) for name in "abc"] == ["superseded"] * 3
    assert saver.engine.graphs.interrupts("a") == []
    graph.invoke({}, config("a"))
    assert statuses(saver.engine, "a") == ["waiting"]


def test_a_prune_to_the_latest_leaves_the_question(saver: InterlockSaver) -> None:
    graph = graph_of(asking(), saver)
    graph.invoke({}, config())
    saver.prune(["t"])
    answer(saver.engine, "yes")
    assert Resumer(saver.engine, graph).run_until_idle() == 1


class Odd:
    def __repr__(self) -> str:
        return "an odd thing"


@dataclasses.dataclass
class Order:
    number: int
    parts: tuple[str, ...] = ("a",)


def deep(levels: int) -> Any:
    value: Any = "end"
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ({"x": Odd()}, {"x": "an odd thing"}),
        (Order(1), {"number": 1, "parts": ["a"]}),
        ((1, 2), [1, 2]),
        ({1: "one"}, {"1": "one"}),
        (b"bytes", "b'bytes'"),
        ("\ud800 lone", None),
        (math.nan, "nan"),
        (math.inf, "inf"),
        ("x" * 300_000, "x" * 300_000),
        ("x" * 9_000_000, None),
        (10**400, None),
        (deep(40), deep(40)),
        (deep(48), deep(48)),
        (deep(49), "[" * 49 + '"end"' + "]" * 49),
        (deep(250), None),
        (None, None),
    ],
    ids=lambda value: repr(value)[:12],
)
def test_whatever_is_asked_can_be_seen_and_answered(
    saver: InterlockSaver, asked: Any, shown: Any
) -> None:
    """A value that JSON, or the core, does not take must not break the graph."""
    ran: list[Any] = []
    pickling = InterlockSaver(saver.engine, serde=JsonPlusSerializer(pickle_fallback=True))
    graph = graph_of(asking(ran.append, question=asked), pickling)
    graph.invoke({}, config())
    if shown is not None:
        assert only(saver)["details"] == shown
    answer(saver.engine, "yes")
    assert Resumer(saver.engine, graph).run_until_idle() == 1
    assert ran == ["yes"]


def test_an_answer_is_held_to_its_schema(saver: InterlockSaver) -> None:
    schema = {"type": "object", "required": ["ok"], "properties": {"ok": {"type": "boolean"}}}
    graph = graph_of(lambda _: {"first": interrupt("go?", response_schema=schema)}, saver)
    graph.invoke({}, config())
    review = only(saver)["id"]
    for wrong in ({}, {"ok": 1}, None, "ok"):
        with pytest.raises(InvalidResponseError):
            saver.engine.reviews.respond(review, actor="ana", response=wrong)
    assert statuses(saver.engine) == ["waiting"]
    answer(saver.engine, {"ok": True})
    assert Resumer(saver.engine, graph).run_until_idle() == 1
    assert graph.get_state(config()).values["first"] == {"ok": True}


def test_a_schema_that_cannot_be_enforced_takes_any_answer(saver: InterlockSaver) -> None:
    schema = {"type": "object", "$ref": "https://example.com/other.json"}
    graph = graph_of(lambda _: {"first": interrupt("go?", response_schema=schema)}, saver)
    graph.invoke({}, config())
    assert only(saver)["x-not-enforced"]
    answer(saver.engine, 5)
    assert Resumer(saver.engine, graph).run_until_idle() == 1


def test_what_all_reviews_of_a_saver_have(path: str) -> None:
    review: dict[str, Any] = {"channel": "ops", "requester": "agent", "key": "never"}
    review["expires_in"] = timedelta(hours=1)
    with InterlockSaver(path, graph="pay", review=review) as saver:
        graph = graph_of(asking(), saver)
        for thread in ("a", "b"):
            graph.invoke({}, config(thread))
        found = pending(saver.engine)
        assert len(found) == 2, "a key would make one of them"
        assert {each["channel"] for each in found} == {"ops"}
        assert {each["interrupt"]["graph"] for each in found} == {"pay"}
        assert all(each["next_at"] == each["created_at"] + 3_600_000 for each in found)
