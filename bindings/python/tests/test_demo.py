"""The demo, as `make demo` runs it, and the agent in it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import AIMessage, HumanMessage, ToolMessage
from langgraph.types import Command

from interlock.langgraph import InterlockSaver

FOLDER = Path(__file__).resolve().parents[1] / "examples/file_agent"
sys.path.insert(0, str(FOLDER))

import agent  # noqa: E402
import demo  # noqa: E402


def run_demo(*arguments: str, answers: str = "") -> str:
    done = subprocess.run(
        [sys.executable, str(FOLDER / "demo.py"), *arguments],
        input=answers,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert "\033" not in done.stdout, "colour belongs on a terminal"
    return done.stdout


def test_N15_N18_N19_demo_tells_the_whole_story() -> None:
    """One delete approved, one rejected, each asked once, nothing run twice."""
    before, after = run_demo().split("Process 2")
    assert before.count("paused: The agent wants to delete the file:") == 2
    assert "kill -9" in before
    assert "waiting: delete old.log -> approve" in after
    assert "waiting: delete customers.csv -> reject" in after
    assert after.count("Successfully deleted file: old.log") == 1
    assert "File 'customers.csv' was NOT deleted." in after
    assert after.count("Successfully wrote file: report.txt") == 1
    listing = after.split("The files after")[1]
    assert "customers.csv" in listing
    assert "old.log" not in listing


def test_interactive_demo_asks_at_the_prompt() -> None:
    """Anything but yes is a no."""
    listing = run_demo("--interactive", answers="\nyes\n").split("The files after")[1]
    assert "old.log" in listing
    assert "customers.csv" not in listing


def test_demo_fails_if_the_files_are_wrong(folder: Path) -> None:
    said = "waiting: delete old.log -> approve\nwaiting: delete customers.csv -> reject\n"
    (folder / "report.txt").write_text(demo.REPORT)
    with pytest.raises(SystemExit, match=r"found .*old\.log"):
        demo.verify(folder, said, interactive=False)
    (folder / "old.log").unlink()
    demo.verify(folder, said, interactive=False)
    (folder / "customers.csv").unlink()
    with pytest.raises(SystemExit, match="expected"):
        demo.verify(folder, said, interactive=True)
    with pytest.raises(SystemExit, match="decisions"):
        demo.verify(folder, "", interactive=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "files"
    path.mkdir()
    for name, content in demo.FILES.items():
        (path / name).write_text(content)
    return path


class Played:
    """The graph with one turn of tool calls, run until it asks or ends."""

    def __init__(self, saver: InterlockSaver, folder: Path) -> None:
        self.saver, self.folder = saver, folder

    def begin(self, *calls: Any) -> list[Any]:
        script = (AIMessage("", tool_calls=list(calls)), AIMessage("Done."))
        model = agent.ScriptedModel(script=script)
        self.graph = agent.build(self.folder, self.saver, model)
        self.graph.invoke({"messages": [HumanMessage("go")]}, agent.CONFIG)
        return agent.waiting(self.graph)

    def answer(self, answers: dict[str, Any]) -> dict[str, Any]:
        """The results by the id of their call."""
        self.graph.invoke(Command(resume=answers), agent.CONFIG)
        return self.results()

    def results(self) -> dict[str, Any]:
        messages = self.graph.get_state(agent.CONFIG).values["messages"]
        return {m.tool_call_id: m.content for m in messages if isinstance(m, ToolMessage)}


@pytest.fixture
def played(path: str, folder: Path) -> Iterator[Played]:
    with InterlockSaver(path) as saver:
        yield Played(saver, folder)


def delete(identity: str, file_path: str) -> Any:
    return agent.call("delete_file", identity, file_path=file_path)


def test_N13_N14_N22_reading_and_writing_do_not_ask(played: Played, folder: Path) -> None:
    (folder / "long.txt").write_text("x" * 500)
    waiting = played.begin(
        agent.call("read_file", "r", file_path="long.txt"),
        agent.call("write_file", "w", file_path="new.txt", content="new"),
        agent.call("read_file", "none", file_path="missing.txt"),
    )
    assert waiting == []
    results = played.results()
    assert results["r"] == "x" * 200
    assert results["w"] == "Successfully wrote file: new.txt"
    assert results["none"].startswith("Error reading file: ")
    assert (folder / "new.txt").read_text() == "new"


def test_N15_N16_N18_N19_N21_every_delete_of_a_turn_is_asked(played: Played, folder: Path) -> None:
    names = sorted(demo.FILES)
    waiting = played.begin(*(delete(name, name) for name in names))
    assert [question.value for question in waiting] == [
        {
            "type": "approval_required",
            "action": "delete_file",
            "file_path": name,
            "message": f"The agent wants to delete the file: {name}. Do you approve?",
        }
        for name in names
    ]
    assert len({question.id for question in waiting}) == len(names)
    assert sorted(path.name for path in folder.iterdir()) == names

    ids = {question.value["file_path"]: question.id for question in waiting}
    results = played.answer({ids["old.log"]: "approve"})
    assert len(agent.waiting(played.graph)) == 2
    assert results == {"old.log": "Successfully deleted file: old.log"}
    results = played.answer({ids["notes.txt"]: "reject", ids["customers.csv"]: "yes, approve"})
    refused = "Delete operation rejected by user. File '{}' was NOT deleted."
    assert results == {
        "customers.csv": refused.format("customers.csv"),
        "notes.txt": refused.format("notes.txt"),
        "old.log": "Successfully deleted file: old.log",
    }
    assert sorted(path.name for path in folder.iterdir()) == ["customers.csv", "notes.txt"]


def test_N18_N22_a_failing_delete_is_a_result(played: Played, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "outside.txt").write_text("keep")
    waiting = played.begin(delete("missing", "missing.txt"), delete("outside", "../outside.txt"))
    results = played.answer({question.id: "approve" for question in waiting})
    assert results["missing"].startswith("Error deleting file: ")
    assert results["outside"] == "Error deleting file: '../outside.txt' is outside of the folder"
    assert (tmp_path / "outside.txt").exists()
    assert agent.waiting(played.graph) == []


def test_a_second_start_goes_on_where_the_first_one_stopped(played: Played) -> None:
    first = played.begin(delete("d", "old.log"))
    played.graph.invoke(None, agent.CONFIG)
    assert agent.waiting(played.graph) == first
    asked = played.graph.get_state(agent.CONFIG).values["messages"]
    assert sum(isinstance(message, HumanMessage) for message in asked) == 1
