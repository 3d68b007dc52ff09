"""The engine: opening, closing, copies, threads, event loops, forks, and its parts."""

from __future__ import annotations

import asyncio
import copy
import gc
import os
import pickle
import threading
import warnings
from pathlib import Path
from typing import Any

import pytest

import interlock
from conftest import Child
from interlock import (
    AlreadyExistsError,
    BusyError,
    ChannelValue,
    CheckReport,
    ClosedError,
    Engine,
    InterlockError,
    InvalidUTF8Error,
    NotFoundError,
    ReadOnlyError,
    Status,
    UnsupportedError,
    Write,
)
from interlock.errors import _TABLE

VALUE = ChannelValue("c", "1", "bytes", b"hello")


def fill(engine: Engine, thread_id: str = "t", count: int = 3) -> None:
    for number in range(count):
        engine.checkpoints.put(
            thread_id,
            f"{number:04}",
            parent_id=f"{number - 1:04}" if number else None,
            type="body",
            body=b"body %d" % number,
            metadata={"step": number, "run_id": f"run-{number % 2}"},
            versions={"c": "1", "none": "1"},
            values=[VALUE, ChannelValue("none", "1", "", None)] if number == 0 else (),
        )


def test_info_says_what_is_open(url: str) -> None:
    with Engine.open(url, durability="normal") as engine:
        info = engine.info()
    assert info.store == ("memory" if url == "memory:" else "sqlite")
    assert info.path == (url if url.endswith(".db") else None)
    assert info.durability == "normal"
    assert info.read_only is False
    assert info.library == "0.1.0"
    assert (info.sqlite is None) == (url == "memory:")


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
    assert list(engine.threads.list()) == []


def test_options_are_checked(path: str) -> None:
    for options in (
        {"durability": "some"},
        {"busy_timeout": -1},
        {"busy_timeout": float("nan")},
        {"cache_bytes": -1},
        {"max_value_bytes": 2**64},
    ):
        with pytest.raises(ValueError, match=next(iter(options))):
            Engine.open(path, **options)  # type: ignore[arg-type]
    with pytest.raises(UnsupportedError, match="http"):
        Engine.open("http://example")
    with pytest.raises(InterlockError) as caught:
        Engine.open(path, must_exist=True)
    assert caught.value.code == Status.CANNOT_OPEN
    assert not os.path.exists(path)
    with Engine.open(Path(path), busy_timeout=0, cache_bytes=0, max_value_bytes=100) as engine:
        engine.checkpoints.put("t", "1", body=b"x" * 100)
        with pytest.raises(ValueError, match="body"):
            engine.checkpoints.put("t", "2", body=b"x" * 101)


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


def test_close_is_idempotent_and_final(engine: Engine) -> None:
    parts = (engine.checkpoints, engine.threads)
    engine.close()
    engine.close()
    for call in (
        engine.info,
        engine.check,
        lambda: parts[0].get("t"),
        lambda: list(parts[0].list()),
        lambda: parts[1].delete("t"),
    ):
        with pytest.raises(ClosedError) as caught:
            call()
        assert isinstance(caught.value, RuntimeError)
        assert caught.value.hint


def test_copies_share_one_store(path: str) -> None:
    engine = Engine.open(path)
    twin = copy.copy(engine)
    assert twin is not engine
    del engine
    gc.collect()
    fill(twin)  # the copy keeps the store open
    third = copy.copy(twin)
    twin.close()
    with pytest.raises(ClosedError):
        third.info()
    third.close()


def test_a_part_keeps_the_store_open(path: str) -> None:
    checkpoints = Engine.open(path).checkpoints
    gc.collect()
    assert checkpoints.get("t") is None
    with pytest.warns(ResourceWarning, match="unclosed Interlock engine"):
        del checkpoints
        gc.collect()


def test_a_leaked_engine_is_closed_with_a_warning(path: str) -> None:
    engine = Engine.open(path)
    token = engine.handle.token
    library = engine.handle.library
    with pytest.warns(ResourceWarning, match=r"unclosed Interlock engine '.*store\.db'"):
        del engine
        gc.collect()
    assert library.interlock_engine_close(token, None) == Status.CLOSED
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        Engine.open(path).close()
        gc.collect()


def test_an_engine_is_not_pickled(engine: Engine) -> None:
    with pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dumps(engine)


def test_errors_know_their_facts_and_can_be_pickled() -> None:
    assert {int(status) for status in _TABLE} | {0} == {int(status) for status in Status}
    for status, (kind, hint) in _TABLE.items():
        error = kind(status, Status(status).name, "a message", "/a", {"n": 1}, hint)
        back = pickle.loads(pickle.dumps(error))
        assert type(back) is kind
        assert vars(back) == vars(error)
        assert str(back).startswith(f"{Status(status).name}: a message")
    assert issubclass(BusyError, TimeoutError)
    assert issubclass(NotFoundError, LookupError)
    names = [name for name in interlock.__all__ if name.endswith("Error")]
    exported = {getattr(interlock, name) for name in names}
    assert {kind for kind, _ in _TABLE.values()} <= exported


def test_an_unknown_status_is_the_base_class() -> None:
    library = interlock._load.library()
    with pytest.raises(InterlockError) as caught:
        interlock.errors.check(library, 77, None)
    assert type(caught.value) is InterlockError
    assert (caught.value.code, caught.value.name) == (77, "UNKNOWN")


def test_many_threads_use_one_engine(url: str) -> None:
    failures: list[BaseException] = []

    def work(engine: Engine, name: str) -> None:
        try:
            fill(engine, name, 20)
            assert len(list(engine.checkpoints.list(name))) == 20
        except BaseException as error:
            failures.append(error)

    with Engine.open(url, durability="normal") as engine:
        workers = [threading.Thread(target=work, args=(engine, f"t{n}")) for n in range(8)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert failures == []
        assert engine.check() == CheckReport(True, 8, 160, 16, 0, 0, ())


def test_close_beside_running_calls_ends_them_cleanly(path: str) -> None:
    engine = Engine.open(path, durability="normal")
    fill(engine, count=50)
    outcomes: list[Any] = []

    def read() -> None:
        try:
            while True:
                assert len(list(engine.checkpoints.list("t"))) == 50
        except Exception as error:
            outcomes.append(type(error))

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    engine.close()
    for reader in readers:
        reader.join(20)
    assert outcomes == [ClosedError] * 4


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


def test_one_engine_serves_many_event_loops(engine: Engine) -> None:
    async def use(name: str) -> int:
        await asyncio.gather(*(engine.checkpoints.aput("t", f"{name}-{n}") for n in range(10)))
        return len([found async for found in engine.checkpoints.alist("t")])

    counts: list[int] = []
    loops = [
        threading.Thread(target=lambda n=n: counts.append(asyncio.run(use(str(n)))))
        for n in range(4)
    ]
    for loop in loops:
        loop.start()
    for loop in loops:
        loop.join()
    assert max(counts) == 40
    assert len(list(engine.checkpoints.list("t"))) == 40


FORK = """
import gc, os, sys
from interlock import Engine, ForkedError
engine = Engine.open(sys.argv[1])
engine.checkpoints.put("t", "1", body=b"parent")
checkpoints, threads = engine.checkpoints, engine.threads
child = os.fork()
if child == 0:
    for call in (engine.info, engine.check, engine.close, lambda: checkpoints.get("t"),
                 lambda: checkpoints.put("t", "2"), lambda: threads.delete("t"),
                 lambda: list(threads.list())):
        try:
            call()
        except ForkedError as error:
            assert "child" in error.hint
        else:
            os._exit(3)
    with engine:
        pass
    own = Engine.open(sys.argv[1])
    if sys.argv[1] not in (":memory:", "memory:"):
        assert own.checkpoints.get("t").body == b"parent"
    own.checkpoints.put("t", "3", body=b"child")
    own.close()
    del engine, checkpoints, threads
    gc.collect()
    sys.exit(0)  # runs the finalizers
_, status = os.waitpid(child, 0)
assert status == 0, status
latest = checkpoints.get("t")
if sys.argv[1] in (":memory:", "memory:"):
    assert latest.body == b"parent"
else:
    assert latest.body == b"child"
checkpoints.put("t", "4")
assert engine.check().ok
engine.close()
print("parent done")
"""


def test_a_forked_child_is_refused_and_harms_nothing(url: str, child: Child) -> None:
    done = child("-W", "error", "-c", FORK, url)
    assert done.stdout.strip() == "parent done"
    assert "unclosed" not in done.stderr


def test_an_open_engine_at_exit_is_closed(path: str, child: Child) -> None:
    code = (
        "import sys; from interlock import Engine; e = Engine.open(sys.argv[1]);"
        "e.checkpoints.put('t', '1')"
    )
    done = child("-W", "default", "-c", code, path)
    assert "ResourceWarning: unclosed Interlock engine" in done.stderr
    assert not os.path.exists(f"{path}-wal")


def test_a_library_that_is_missing_is_explained(child: Child, tmp_path: Path) -> None:
    code = "import interlock; interlock.Engine.open(':memory:')"
    done = child("-c", code, code=1, INTERLOCK_LIBRARY=str(tmp_path / "absent.so"))
    assert "LibraryError: INTERLOCK_LIBRARY names" in done.stderr
    wrong = tmp_path / "wrong.so"
    wrong.write_bytes(b"not a library")
    done = child("-c", code, code=1, INTERLOCK_LIBRARY=str(wrong))
    assert "LibraryError: cannot load" in done.stderr


def test_the_base_package_imports_little(child: Child) -> None:
    code = (
        "import sys; import interlock; "
        "heavy = {'asyncio', 'inspect', 'typing', 'json', 'dataclasses', 'langgraph', 'sqlite3'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    assert child("-c", code).stdout.strip() == "[]"
    code = "import interlock; assert all(hasattr(interlock, n) for n in interlock.__all__)"
    child("-c", code)
