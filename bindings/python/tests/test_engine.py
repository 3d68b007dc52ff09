"""The engine: opening, closing, copies, threads, event loops, forks."""

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
from engine_tools import fill
from interlock import (
    BusyError,
    CheckReport,
    ClosedError,
    Engine,
    InterlockError,
    InvalidArgumentError,
    NotFoundError,
    Status,
    UnsupportedError,
)
from interlock.errors import _TABLE


def test_info_says_what_is_open(url: str) -> None:
    with Engine.open(url, durability="normal") as engine:
        info = engine.info()
    assert info.store == ("memory" if url == "memory:" else "sqlite")
    assert info.path == (url if url.endswith(".db") else None)
    assert info.durability == "normal"
    assert info.read_only is False
    assert info.library == "0.1.0"
    assert (info.sqlite is None) == (url == "memory:")


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
    with pytest.raises(InvalidArgumentError) as caught:
        Engine.open(path, max_database_bytes=65535)
    assert caught.value.path == "options.max_database_bytes"
    assert not os.path.exists(path)
    with Engine.open(Path(path), busy_timeout=0, cache_bytes=0, max_value_bytes=100) as engine:
        engine.checkpoints.put("t", "1", body=b"x" * 100)
        with pytest.raises(ValueError, match="body"):
            engine.checkpoints.put("t", "2", body=b"x" * 101)


@pytest.mark.parametrize("memory", ["memory:", ":memory:", "sqlite::memory:"])
@pytest.mark.parametrize("option", ["must_exist", "read_only"])
def test_a_store_in_memory_never_exists_already(memory: str, option: str) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        Engine.open(memory, **{option: True})  # type: ignore[arg-type]
    assert caught.value.path == "options.flags"


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
        interlock.errors.check(library, 999, None)
    assert type(caught.value) is InterlockError
    assert (caught.value.code, caught.value.name) == (999, "UNKNOWN")


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
