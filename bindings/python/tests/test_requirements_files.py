"""The agent of the example file_agent, whose deletes people approve in `engine.reviews`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import AIMessage, HumanMessage, ToolMessage

from graph_tools import pending, statuses
from interlock import Engine
from interlock.langgraph import InterlockSaver, Resumer
from review_tools import APPROVE, REJECT

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "examples/file_agent"))

import agent

THREAD = agent.CONFIG["configurable"]["thread_id"]


class Desk:
    """The agent with a folder, and the people who watch it."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.engine, self.folder = engine, folder
        self.saver = InterlockSaver(engine)

    def begin(self, *turns: list[Any]) -> list[Any]:
        """Run until it asks or ends; what is asked."""
        script = [AIMessage("", tool_calls=calls) for calls in turns]
        model = agent.ScriptedModel(script=(*script, AIMessage("Done.")))
        self.graph = agent.build(self.folder, self.saver, model)
        self.graph.invoke({"messages": [HumanMessage("go")]}, agent.CONFIG)
        return pending(self.engine)

    def decide(self, file_path: str, response: Any) -> None:
        """A person decides about one file, and the agent goes on."""
        [review] = [each for each in pending(self.engine) if shown(each)["file_path"] == file_path]
        self.engine.reviews.respond(review["id"], actor="ana", response=response)
        resumed = Resumer(self.engine, self.graph).run_once(thread=THREAD)
        assert resumed is not None
        assert resumed.error is None

    @property
    def messages(self) -> list[Any]:
        found: list[Any] = self.graph.get_state(agent.CONFIG).values["messages"]
        return found

    @property
    def results(self) -> dict[str, Any]:
        """What the tools have returned, by the id of the call."""
        tools = [message for message in self.messages if isinstance(message, ToolMessage)]
        assert len({message.tool_call_id for message in tools}) == len(tools)
        return {message.tool_call_id: message.content for message in tools}

    @property
    def files(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir())


def shown(review: Any) -> dict[str, Any]:
    details: dict[str, Any] = review["details"]
    return details


def delete(id: str, file_path: str) -> Any:
    return agent.call("delete_file", id, file_path=file_path)


def refused(file_path: str) -> str:
    return f"Delete operation rejected by user. File '{file_path}' was NOT deleted."


@pytest.fixture
def desk(engine: Engine, tmp_path: Path) -> Iterator[Desk]:
    folder = tmp_path / "files"
    folder.mkdir()
    for name in ("a.txt", "b.txt", "c.txt"):
        (folder / name).write_text(name)
    yield Desk(engine, folder)


def test_N13_N14_reading_and_writing_ask_nobody(desk: Desk) -> None:
    reviews = desk.begin(
        [
            agent.call("read_file", "read", file_path="a.txt"),
            agent.call("write_file", "write", file_path="new.txt", content="new"),
        ]
    )
    assert reviews == []
    assert desk.results == {"read": "a.txt", "write": "Successfully wrote file: new.txt"}
    assert (desk.folder / "new.txt").read_text() == "new"
    assert desk.messages[-1].content == "Done."


def test_N13_N14_N15_N16_only_the_delete_of_a_turn_waits(desk: Desk) -> None:
    """What is guarded has done nothing while it waits; what is not has run."""
    [review] = desk.begin(
        [
            agent.call("write_file", "write", file_path="new.txt", content="new"),
            delete("delete", "a.txt"),
        ]
    )
    assert review["kind"] == "approval"
    assert shown(review) == {
        "type": "approval_required",
        "action": "delete_file",
        "file_path": "a.txt",
        "message": "The agent wants to delete the file: a.txt. Do you approve?",
    }
    assert desk.files == ["a.txt", "b.txt", "c.txt", "new.txt"]
    desk.decide("a.txt", APPROVE)
    assert desk.files == ["b.txt", "c.txt", "new.txt"]


def test_N17_N18_N22_an_approved_delete_happens_and_errors_are_results(desk: Desk) -> None:
    (desk.folder / "long.txt").write_text("é" * 500)
    desk.begin(
        [
            delete("gone", "a.txt"),
            delete("none", "missing.txt"),
            agent.call("read_file", "long", file_path="long.txt"),
            agent.call("read_file", "nothing", file_path="missing.txt"),
        ]
    )
    desk.decide("missing.txt", APPROVE)
    desk.decide("a.txt", APPROVE)
    results = desk.results
    assert results["gone"] == "Successfully deleted file: a.txt"
    assert results["none"].startswith("Error deleting file: ")
    assert results["long"] == "é" * 200
    assert results["nothing"].startswith("Error reading file: ")
    assert desk.files == ["b.txt", "c.txt", "long.txt"]
    assert desk.messages[-1].content == "Done."


def test_N19_a_rejected_delete_is_a_result_and_the_agent_goes_on(desk: Desk) -> None:
    desk.begin([delete("no", "a.txt")], [agent.call("read_file", "read", file_path="a.txt")])
    desk.decide("a.txt", REJECT)
    assert desk.results == {"no": refused("a.txt"), "read": "a.txt"}
    assert desk.files == ["a.txt", "b.txt", "c.txt"]
    assert desk.messages[-1].content == "Done."


def test_N17_N20_an_approval_is_used_up_by_its_call(desk: Desk) -> None:
    """Round the loop twice: the yes to the first delete says nothing about the second one."""
    [first] = desk.begin([delete("one", "a.txt")], [delete("two", "b.txt")])
    desk.decide("a.txt", APPROVE)
    [second] = pending(desk.engine)
    assert (second["id"], shown(second)["file_path"]) != (first["id"], "a.txt")
    assert desk.files == ["b.txt", "c.txt"]
    assert Resumer(desk.engine, desk.graph).run_once() is None
    desk.decide("b.txt", REJECT)
    assert desk.files == ["b.txt", "c.txt"]
    assert desk.results == {"one": "Successfully deleted file: a.txt", "two": refused("b.txt")}
    assert statuses(desk.engine, THREAD) == ["applied", "applied"]
    assert pending(desk.engine) == []


def test_N21_every_delete_of_a_turn_is_decided(desk: Desk) -> None:
    reviews = desk.begin([delete(name, f"{name}.txt") for name in "abc"])
    assert sorted(shown(review)["file_path"] for review in reviews) == ["a.txt", "b.txt", "c.txt"]
    desk.decide("b.txt", APPROVE)
    assert desk.files == ["a.txt", "c.txt"]
    desk.decide("c.txt", REJECT)
    desk.decide("a.txt", APPROVE)
    assert desk.files == ["c.txt"]
    assert desk.results["c"] == refused("c.txt")
