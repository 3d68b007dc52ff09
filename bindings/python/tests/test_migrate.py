"""The importer: everything arrives, nothing twice, nothing in the old file changes."""

from __future__ import annotations

import json
import math
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from langgraph.checkpoint.serde.types import TASKS
from langgraph.checkpoint.sqlite import SqliteSaver
from langgraph.types import Command, Send

from conftest import Child
from interlock import Engine, InterlockError
from interlock.langgraph import InterlockSaver
from interlock.langgraph._source import SourceError
from interlock.langgraph.migrate import main, migrate
from old_databases import add, add_write, chat, config, hand_made, real
from test_saver_graph import FINISHED, simple


@pytest.fixture
def old(tmp_path: Path) -> Path:
    return tmp_path / "old.sqlite"


@pytest.fixture
def new(tmp_path: Path) -> Path:
    return tmp_path / "new.db"


def everything(saver: Any) -> list[Any]:
    """All tuples of a saver, in one order."""
    found = [
        (
            item.config["configurable"]["thread_id"],
            item.config["configurable"]["checkpoint_ns"],
            item.config["configurable"]["checkpoint_id"],
            item,
        )
        for item in saver.list(None)
    ]
    return [item for *_, item in sorted(found, key=lambda one: one[:3])]


def test_a_real_database_arrives_whole(old: Path, new: Path) -> None:
    count = real(old)
    before = old.read_bytes()
    report = migrate(old, new)
    assert old.read_bytes() == before
    assert report.threads == 6
    assert report.checkpoints == report.stored_checkpoints == report.verified == count
    assert report.writes == report.stored_writes > count
    assert report.differences == report.early_writes == report.changed_metadata == 0
    with SqliteSaver.from_conn_string(str(old)) as stock, InterlockSaver(new) as mine:
        theirs, ours = everything(stock), everything(mine)
        assert len(ours) == len(theirs) == count
        for one, other in zip(ours, theirs, strict=True):
            assert one == other
        assert mine.engine.check().ok


def test_graphs_go_on_where_they_stopped(old: Path, new: Path) -> None:
    real(old)
    migrate(old, new)
    with InterlockSaver(new) as saver:
        assert simple(saver).get_state(config("ask-0")).values["answer"] == "yes"
        resumed = simple(saver).invoke(Command(resume="yes"), config("ask-1"))
        assert resumed == {**FINISHED, "log": ["in", *FINISHED["log"]]}
        state = chat(saver).get_state(config("chat-0"))
        [question] = [found for found in state.interrupts]
        last = chat(saver).invoke(Command(resume={question.id: "late"}), config("chat-0"))
        assert sum("late" in message.content for message in last["messages"]) == 1


def test_an_unchanged_value_is_stored_once(old: Path, new: Path) -> None:
    hand_made(old)
    big = "x" * 10_000
    for number in range(40):  # the empty tables of a new file are not worth mentioning
        versions = {"big": "1", "n": str(number)}
        parent = f"{number - 1:02}" if number else None
        values = {"big": big, "n": number}
        add(old, f"{number:02}", parent, values=values, versions=versions)
    migrate(old, new)
    with Engine.open(new) as engine:
        storage = engine.threads.storage("t")
    assert storage.channel_values.by_channel["big"] < 2 * len(big)
    assert storage.channel_values.count == 41
    assert new.stat().st_size < old.stat().st_size


def test_running_again_stores_nothing_twice(old: Path, new: Path) -> None:
    count = real(old)
    migrate(old, new)
    with Engine.open(new) as engine:
        before = list(engine.checkpoints.list())
    again = migrate(old, new)
    assert (again.stored_checkpoints, again.stored_writes) == (0, 0)
    assert (again.checkpoints, again.verified) == (count, count)
    with Engine.open(new) as engine:
        assert list(engine.checkpoints.list()) == before


def test_it_continues_after_a_kill_at_any_point(old: Path, new: Path) -> None:
    count = real(old, threads=4, turns=6)
    command = [sys.executable, "-m", "interlock.langgraph.migrate", str(old), str(new), "--quiet"]
    kills = 0
    for delay in (0.0, 0.02, 0.05, 0.1, 0.15):
        running = subprocess.Popen(command)
        deadline = time.monotonic() + 20
        while not new.exists() and time.monotonic() < deadline and running.poll() is None:
            time.sleep(0.005)
        time.sleep(delay)
        running.send_signal(signal.SIGKILL)
        kills += running.wait() == -signal.SIGKILL
    assert kills >= 3
    report = migrate(old, new)
    assert report.differences == 0
    assert report.verified == report.checkpoints == count
    with Engine.open(new) as engine:
        assert engine.check().ok
        assert len(list(engine.checkpoints.list(values=False))) == count
        writes = sum(len(found.writes) for found in engine.checkpoints.list(values=False))
        assert writes == report.writes


def test_what_the_old_saver_wrote_meanwhile_is_added(old: Path, new: Path) -> None:
    real(old, threads=2)
    migrate(old, new)
    with SqliteSaver.from_conn_string(str(old)) as saver:
        simple(saver).invoke(Command(resume="yes"), config("ask-1"))
    report = migrate(old, new)
    assert report.differences == 0
    assert report.stored_checkpoints == 2
    assert report.stored_writes > 0
    with InterlockSaver(new) as mine:
        assert simple(mine).get_state(config("ask-1")).values["answer"] == "yes"


@pytest.mark.parametrize("task_path", [True, False])
def test_writes_keep_their_order_and_places(old: Path, new: Path, task_path: bool) -> None:
    hand_made(old, task_path=task_path)
    add(old, "1")
    add_write(old, "1", "b", -4, "__resume__", ["x"])
    add_write(old, "1", "b", 2, "late", 1)
    add_write(old, "1", "a", 0, "first", None)
    add_write(old, "1", "a", 1, "second", b"\0")
    add_write(old, "1", "c", -1, "__error__", "boom")
    add_write(old, "7", "a", 0, "early", 1)
    report = migrate(old, new)
    assert (report.differences, report.early_writes, report.writes) == (0, 1, 6)
    with Engine.open(new) as engine:
        stored = engine.checkpoints.get("t", "1")
        assert stored is not None
        assert [(write.task_id, write.idx, write.channel) for write in stored.writes] == [
            ("a", 0, "first"), ("a", 1, "second"), ("b", -4, "__resume__"), ("b", 2, "late"),
            ("c", -1, "__error__"),
        ]  # fmt: skip
        engine.checkpoints.put("t", "7")
        later = engine.checkpoints.get("t", "7")
        assert later is not None and [write.channel for write in later.writes] == ["early"]
    assert migrate(old, new).stored_writes == 1  # the early one cannot be looked up, so again


def test_sends_of_old_formats_move_into_their_channel(old: Path, new: Path) -> None:
    hand_made(old)
    version = f"{2:032}.0.5"
    add(old, "1", v=1, versions={"a": version}, values={"a": 1})
    add_write(old, "1", "t2", 0, TASKS, Send("node", {"n": 2}))
    add_write(old, "1", "t1", 1, TASKS, Send("node", {"n": 1}))
    add_write(old, "1", "t1", 0, "a", 5)
    add(old, "2", "1", v=1, versions={"a": version}, values={"a": 1})
    add(old, "3", "2", v=1, versions={"a": version}, more={"pending_sends": [Send("own", 1)]})
    add(old, "4", "1", v=4, versions={"a": version}, values={"a": 1})
    assert migrate(old, new).differences == 0
    with InterlockSaver(new) as saver:
        found = {item.checkpoint["id"]: item.checkpoint for item in saver.list(config("t"))}
    assert found["2"]["channel_values"][TASKS] == [Send("node", {"n": 1}), Send("node", {"n": 2})]
    assert found["2"]["channel_versions"][TASKS] == version
    assert found["3"]["channel_values"][TASKS] == [Send("own", 1)]
    assert "pending_sends" not in found["3"]
    for untouched in ("1", "4"):
        assert TASKS not in found[untouched]["channel_values"]


def test_values_that_disagree_about_a_version_are_all_kept(old: Path, new: Path) -> None:
    hand_made(old)
    versions = {"a": 1, "b": 1.5, "c": "1"}
    states = [
        {"a": "first", "c": [1]},
        {"a": "second", "b": 1, "c": [1]},
        {"b": 2},
        {"a": "first", "b": 1, "c": [1], "loose": "no version"},
    ]
    for number, values in enumerate(states):
        add(old, str(number), values=values, versions=versions)
    assert migrate(old, new).differences == 0
    with InterlockSaver(new) as saver:
        for number, values in enumerate(states):
            found = saver.get_tuple(
                {"configurable": {"thread_id": "t", "checkpoint_id": str(number)}}
            )
            assert found is not None
            assert found.checkpoint["channel_values"] == values
            assert found.checkpoint["channel_versions"] == versions


def test_metadata_that_is_not_json_becomes_json(old: Path, new: Path) -> None:
    hand_made(old)
    add(old, "1", metadata={"score": math.nan, "deep": [math.inf], "text": "\ud800", "ok": 1})
    add(old, "2", metadata={"ok": 2})
    report = migrate(old, new)
    assert (report.changed_metadata, report.differences) == (1, 0)
    with Engine.open(new) as engine:
        found = engine.checkpoints.get("t", "1")
        assert found is not None
        assert found.metadata["score"] is None
        assert found.metadata["deep"] == [None]
        assert found.metadata["ok"] == 1


def test_a_difference_is_reported(old: Path, new: Path, capsys: Any) -> None:
    real(old, threads=1)
    migrate(old, new)
    with Engine.open(new) as engine:
        victim = next(engine.checkpoints.list("chat-0"))
        engine.checkpoints.put(
            "chat-0", victim.checkpoint_id, type=victim.type, body=victim.body, metadata={}
        )
    assert main([str(old), str(new), "--json", "--quiet"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert report["differences"] == 1
    [finding] = report["findings"]
    assert finding["checkpoint_id"] == victim.checkpoint_id
    assert "parent" in finding["message"]


def test_an_undecodable_checkpoint_is_reported_and_the_rest_arrives(old: Path, new: Path) -> None:
    from old_databases import insert

    hand_made(old)
    add(old, "1", values={"a": 1}, versions={"a": "1"})
    insert(old, "checkpoints", ("t", "", "2", "1", "msgpack", b"\xc1broken", b"{}"))
    insert(old, "checkpoints", ("t", "", "3", "1", None, b"", b"[]"))
    add(old, "4", values={"a": 1}, versions={"a": "1"})
    report = migrate(old, new)
    assert (report.verified, report.differences) == (2, 2)
    assert {finding["checkpoint_id"] for finding in report.findings} == {"2", "3"}
    assert all("cannot be decoded" in finding["message"] for finding in report.findings)


def open_files() -> list[str]:
    """What this process has open. A file may be closed between the listing and the look."""
    found: list[str] = []
    for descriptor in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            found.append(str(descriptor.readlink()))
    return found


@pytest.mark.parametrize("content", [b"SQLite format 3\0" + b"x" * 100, b"", b"no database" * 99])
def test_what_cannot_be_read_is_closed(old: Path, new: Path, content: bytes) -> None:
    old.write_bytes(content)
    with pytest.raises(SourceError) as caught:
        migrate(old, new)
    assert str(old) not in open_files(), caught  # which holds every local of what failed


def test_what_cannot_be_read_is_exit_code_2(old: Path, new: Path, capsys: Any) -> None:
    with pytest.raises(SourceError, match="not a file"):
        migrate(old, new)
    assert main([str(old), str(new), "--json"]) == 2
    assert "not a file" in json.loads(capsys.readouterr().out)["error"]
    old.write_bytes(b"SQLite format 3\0" + b"x" * 100)
    assert main([str(old), str(new)]) == 2
    with Engine.open(new) as engine:
        engine.checkpoints.put("t", "1")
    assert main([str(new), str(old.with_name("third.db"))]) == 2
    assert "not a database of langgraph-checkpoint-sqlite" in capsys.readouterr().err
    assert not old.with_name("third.db").exists()
    real_one = old.with_name("real.sqlite")
    real(real_one, threads=1, turns=1)
    assert main([str(real_one), str(real_one)]) == 2
    assert "same file" in capsys.readouterr().err
    with pytest.raises(InterlockError):
        migrate(real_one, old)
    with pytest.raises(SystemExit) as caught:
        main([])
    assert caught.value.code == 2


def test_the_command_reports_and_draws_a_bar(old: Path, new: Path, child: Child) -> None:
    count = real(old, threads=1)
    command = ("-m", "interlock.langgraph.migrate", str(old), str(new))
    first = child(*command)
    assert f"{count} checkpoints" in first.stdout
    assert f"verified: {count} equal, 0 different" in first.stdout
    assert "100%" in first.stderr
    hidden = "import sys; sys.modules['rich'] = sys.modules['rich.console'] = None; import runpy; "
    hidden += "runpy.run_module('interlock.langgraph.migrate', run_name='__main__')"
    plain = child("-c", hidden, str(old), str(new))
    assert f"[{'#' * 40}] {2 * count}/{2 * count}" in plain.stderr
    quiet = child(*command, "--quiet")
    assert (quiet.stdout, quiet.stderr) == ("", "")
    as_json = json.loads(child(*command, "--json", "--quiet").stdout)
    assert as_json["verified"] == count


UNPRIVILEGED = """
import os, sys
from interlock.langgraph.migrate import migrate
if os.getuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
assert not os.access(os.path.dirname(sys.argv[1]), os.W_OK)
report = migrate(sys.argv[1], ":memory:")
assert report.differences == 0 and report.verified == report.checkpoints > 10
"""


def test_reading_needs_no_right_to_write(child: Child) -> None:
    with tempfile.TemporaryDirectory() as folder:
        old = Path(folder) / "old.sqlite"
        real(old, threads=1)
        assert not list(old.parent.glob("old.sqlite-*"))
        old.chmod(0o444)
        old.parent.chmod(0o555)
        child("-c", UNPRIVILEGED, str(old))
        old.parent.chmod(0o755)
