"""What an engine stores: checkpoints, writes, values, histories, threads."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

import interlock
from engine_tools import VALUE, fill
from interlock import (
    AlreadyExistsError,
    ChannelValue,
    CheckReport,
    CorruptError,
    Engine,
    InvalidArgumentError,
    InvalidUTF8Error,
    NotFoundError,
    ReadOnlyError,
    Status,
    Write,
)


def test_a_checkpoint_comes_back_as_it_was(engine: Engine) -> None:
    fill(engine, count=1)
    engine.checkpoints.put_writes(
        "t", "0000", [("c", "x", b"1"), ("__interrupt__", "x", b"")], task_id="T", task_path="~p"
    )
    stored = engine.checkpoints.get("t")
    assert stored is not None
    assert (stored.thread_id, stored.checkpoint_ns, stored.checkpoint_id) == ("t", "", "0000")
    assert stored.parent_id is None
    assert (stored.type, stored.body) == ("body", b"body 0")
    assert stored.metadata == {"step": 0, "run_id": "run-0"}
    assert stored.versions == {"c": "1", "none": "1"}
    assert stored.values == {"c": VALUE}
    assert stored.writes == [
        Write("T", "~p", "__interrupt__", "x", b"", -3),
        Write("T", "~p", "c", "x", b"1", 0),
    ]
    assert engine.checkpoints.get("t", "0000") == stored
    assert engine.checkpoints.get("t", "0001") is None
    assert engine.checkpoints.get("other") is None
    bare = engine.checkpoints.get("t", values=False, writes=False)
    assert bare == stored._replace(values={}, writes=[])


@pytest.mark.parametrize("size", [0, 1, 1023, 1025, 5_000_000])
def test_a_value_of_any_size_comes_back(engine: Engine, size: int) -> None:
    data = os.urandom(size)
    engine.checkpoints.put(
        "t", "1", body=data, versions={"c": "1"}, values=[ChannelValue("c", "1", "b", data)]
    )
    engine.checkpoints.put_writes("t", "1", [("c", "b", data)], task_id="T")
    stored = engine.checkpoints.get("t")
    assert stored is not None
    assert stored.body == data
    assert stored.values["c"].data == data
    assert stored.writes[0].data == data


def test_text_is_kept_byte_by_byte(engine: Engine) -> None:
    composed, decomposed, nul = "\u00e9", "e\u0301", "a\0b"
    for name in (composed, decomposed, nul):
        engine.checkpoints.put(
            name, name, checkpoint_ns=name, versions={name: name}, metadata={name: name}
        )
    assert sorted(engine.threads.list()) == sorted([composed, decomposed, nul])
    for name in (composed, decomposed, nul):
        stored = engine.checkpoints.get(name, checkpoint_ns=name)
        assert stored is not None
        assert (stored.checkpoint_id, stored.versions) == (name, {name: name})
        assert stored.metadata == {name: name}


def test_list_reads_pages_and_takes_calls_between(engine: Engine) -> None:
    fill(engine, count=200)
    seen = []
    for stored in engine.checkpoints.list("t"):
        again = engine.checkpoints.get("t", stored.checkpoint_id)
        assert again == stored
        seen.append(stored.checkpoint_id)
    assert seen == [f"{number:04}" for number in reversed(range(200))]
    for limit in (0, 1, 64, 65, 128, 500):
        found = list(engine.checkpoints.list("t", limit=limit))
        assert [stored.checkpoint_id for stored in found] == seen[:limit]
    before = engine.checkpoints.list("t", before_id="0002", values=False)
    assert [stored.checkpoint_id for stored in before] == ["0001", "0000"]
    matching = engine.checkpoints.list(filter={"run_id": "run-1", "absent": None})
    assert [stored.metadata["step"] for stored in matching] == list(range(199, 0, -2))


def test_history_walks_to_the_seed(engine: Engine) -> None:
    fill(engine)
    for number in range(3):
        engine.checkpoints.put_writes(
            "t", f"{number:04}", [("c", "x", b"%d" % number)], task_id="T"
        )
    found = engine.checkpoints.history("t", ["none", "c", "unknown"])
    assert list(found) == ["none", "c", "unknown"]
    assert found["c"].seed == VALUE
    # the parent holds the same value, so the walk ends there
    assert [write.data for write in found["c"].writes] == [b"1"]
    assert found["none"] == found["unknown"] == interlock.ChannelHistory(None, [])
    assert engine.checkpoints.history("absent", ["c"])["c"].writes == []
    assert engine.checkpoints.history("t", []) == {}


def test_threads_are_deleted_copied_pruned_and_measured(engine: Engine) -> None:
    fill(engine)
    fill(engine, "u", 1)
    engine.threads.copy("t", "v")
    assert list(engine.threads.list()) == ["t", "u", "v"]
    assert list(engine.threads.list(after="t", page_size=1)) == ["u", "v"]
    original = list(engine.checkpoints.list("t"))
    copied = list(engine.checkpoints.list("v"))
    assert [stored._replace(thread_id="t") for stored in copied] == original
    with pytest.raises(NotFoundError, match="source_id"):
        engine.threads.copy("absent", "w")
    with pytest.raises(AlreadyExistsError):
        engine.threads.copy("t", "u")
    storage = engine.threads.storage("t")
    assert storage.checkpoints.count == 3
    assert storage.channel_values.by_channel["c"] == 5
    parts = (storage.checkpoints, storage.channel_values, storage.chunks, storage.pending_writes)
    assert storage.total_bytes == sum(part.bytes for part in parts)
    engine.threads.prune(["t", "absent"])
    assert [stored.checkpoint_id for stored in engine.checkpoints.list("t")] == ["0002"]
    engine.threads.prune(["t"], "delete")
    engine.threads.delete("u")
    engine.threads.delete("u")
    assert list(engine.threads.list()) == ["v"]
    with pytest.raises(NotFoundError):
        engine.threads.storage("u")
    assert engine.check().ok


def test_delete_for_runs_takes_only_those_runs(engine: Engine) -> None:
    fill(engine, count=4)
    engine.checkpoints.delete_for_runs(["run-1", "absent"])
    assert [stored.metadata["step"] for stored in engine.checkpoints.list()] == [2, 0]
    with pytest.raises(TypeError, match="run_ids must be a sequence"):
        engine.checkpoints.delete_for_runs("run-0")
    with pytest.raises(TypeError, match="thread_ids must be a sequence"):
        engine.threads.prune("t")


def test_check_reports_damage(path: str) -> None:
    with Engine.open(path) as engine:
        fill(engine)
        assert engine.check() == CheckReport(True, 1, 3, 2, 0, 0, ())
    content = bytearray(Path(path).read_bytes())
    place = content.index(b"hello")
    content[place] ^= 1
    Path(path).write_bytes(content)
    with Engine.open(path) as engine:
        report = engine.check()
    assert not report.ok
    assert report.problems
    assert all(problem.kind and problem.message for problem in report.problems)


def test_a_filter_does_not_guess_at_damaged_metadata(path: str) -> None:
    with Engine.open(path) as engine:
        fill(engine)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE checkpoints SET metadata = substr(metadata, 2) WHERE id='0001'")
    with Engine.open(path) as engine:
        found = engine.checkpoints.list("t", filter={"step": 0})
        with pytest.raises(CorruptError, match="metadata of checkpoint 0001"):
            list(found)
        assert engine.checkpoints.get("t", "0002") is not None
        assert not engine.check().ok


def test_arguments_are_named(engine: Engine) -> None:
    with pytest.raises(TypeError, match="thread_id must be str, not int"):
        engine.checkpoints.put(1, "1")  # type: ignore[arg-type]
    with pytest.raises(InvalidUTF8Error, match="thread_id") as caught:
        engine.checkpoints.put("\ud800", "1")
    assert isinstance(caught.value, ValueError)
    assert caught.value.code is Status.INVALID_UTF8
    assert caught.value.name == "INVALID_UTF8"
    assert caught.value.path == "thread_id"
    with pytest.raises(ValueError, match="metadata cannot be stored as JSON"):
        engine.checkpoints.put("t", "1", metadata={"a": float("nan")})
    with pytest.raises(TypeError, match="metadata cannot be stored as JSON"):
        engine.checkpoints.put("t", "1", metadata={"a": object()})
    with pytest.raises(ValueError, match="strategy"):
        engine.threads.prune([], "newest")  # type: ignore[arg-type]
    with pytest.raises(InvalidArgumentError, match="names a channel twice") as twice:
        engine.checkpoints.put("t", "1", versions={"c": "1"}, values=[VALUE, VALUE])
    assert twice.value.path == "values"
    assert list(engine.threads.list()) == []


def test_read_only_changes_nothing(path: str) -> None:
    with Engine.open(path) as engine:
        fill(engine)
    with Engine.open(path, read_only=True) as engine:
        assert engine.info().read_only
        for change in (
            lambda: fill(engine, "u", 1),
            lambda: engine.threads.delete("t"),
            lambda: engine.threads.copy("t", "u"),
            lambda: engine.checkpoints.put_writes("t", "1", [("c", "x", b"")], task_id="T"),
            lambda: engine.checkpoints.delete_for_runs(["run-0"]),
        ):
            with pytest.raises(ReadOnlyError):
                change()
        assert len(list(engine.checkpoints.list("t"))) == 3
        assert list(engine.threads.list()) == ["t"]


async def test_the_async_twins_do_the_same(engine: Engine) -> None:
    await engine.checkpoints.aput(
        "t", "1", type="x", body=b"b", metadata={"run_id": "r"}, versions={"c": "1"}, values=[VALUE]
    )
    await engine.checkpoints.aput_writes("t", "1", [("c", "x", b"w")], task_id="T")
    stored = await engine.checkpoints.aget("t")
    assert stored == engine.checkpoints.get("t")
    assert [found async for found in engine.checkpoints.alist("t")] == [stored]
    assert await engine.checkpoints.ahistory("t", ["c"]) == engine.checkpoints.history("t", ["c"])
    await engine.threads.acopy("t", "u")
    assert [name async for name in engine.threads.alist()] == ["t", "u"]
    assert await engine.threads.astorage("t") == engine.threads.storage("t")
    await engine.threads.aprune(["u"])
    await engine.threads.adelete("u")
    await engine.checkpoints.adelete_for_runs(["r"])
    assert await engine.checkpoints.aget("t") is None
    assert (await engine.acheck()).ok
