"""The saver contract beyond the conformance suite: whole threads, limits, concurrency."""

from __future__ import annotations

import asyncio
import json
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from interlock import TooLargeError
from interlock.langgraph import InterlockSaver
from saver_tools import META, at, config, ids, make, put


def test_thread_ids_that_are_not_text_become_text(saver: InterlockSaver) -> None:
    stored = put(saver, "1", {"a": 1}, where=config(42))
    assert stored["configurable"]["thread_id"] == "42"
    saver.put_writes(at("1", 42), [("x", 1)], "T")
    assert saver.get_tuple(config(42)) == saver.get_tuple(config("42")) is not None
    assert len(list(saver.list(config(42)))) == 1
    saver.copy_thread(42, 43)  # type: ignore[arg-type]
    saver.prune([42, 43])  # type: ignore[list-item]
    assert saver.get_tuple(config("43")) is not None
    saver.delete_thread(42)  # type: ignore[arg-type]
    assert saver.get_tuple(config("42")) is None


def test_copy_keeps_everything_and_misses_nothing(saver: InterlockSaver) -> None:
    put(saver, "1", {"a": [1]})
    saver.put(at("1"), make("2", {"a": [2]}), META, {"a": "2.0.5"})
    saver.put_writes(at("2"), [("x", 1)], "T", "~p")
    put(saver, "3", {"b": 1}, where=config(checkpoint_ns="child:1"))
    saver.copy_thread("absent", "nowhere")
    assert saver.get_tuple(config("nowhere")) is None
    saver.copy_thread("t", "u")
    mine = list(saver.list({"configurable": {"thread_id": "t"}}))
    theirs = list(saver.list({"configurable": {"thread_id": "u"}}))
    assert len(mine) == 3
    assert json.dumps([item.config for item in theirs]).replace('"u"', '"t"') == json.dumps(
        [item.config for item in mine]
    )
    for one, other in zip(mine, theirs, strict=True):
        assert one.checkpoint == other.checkpoint
        assert (one.metadata, one.pending_writes) == (other.metadata, other.pending_writes)
    saver.delete_thread("t")
    assert len(list(saver.list({"configurable": {"thread_id": "u"}}))) == 3


def test_prune_strategies(saver: InterlockSaver) -> None:
    for thread_id in ("t", "u", "v"):
        put(saver, "1", {"a": 1}, where=config(thread_id))
        saver.put(at("1", thread_id), make("2", {"a": 2}), META, {"a": "2.0.5"})
        saver.put_writes(at("2", thread_id), [("x", 1)], "T")
        put(saver, "1", where=config(thread_id, checkpoint_ns="child"))
    saver.prune(["t", "absent"])
    kept = list(saver.list({"configurable": {"thread_id": "t"}}))
    places = [(item.config["configurable"]["checkpoint_ns"], ids([item])[0]) for item in kept]
    assert places == [("", "2"), ("child", "1")]
    assert kept[0].pending_writes == [("T", "x", 1)]
    assert kept[0].parent_config == at("1")
    assert kept[0].checkpoint["channel_values"] == {"a": 2}
    saver.prune(["u"], strategy="delete")
    saver.prune(["v"], strategy="delete_all")
    assert {item.config["configurable"]["thread_id"] for item in saver.list(None)} == {"t"}
    saver.prune([])
    with pytest.raises(TypeError, match="thread_ids must be a sequence of ids"):
        saver.prune("t")
    with pytest.raises(ValueError, match="strategy must be one of"):
        saver.prune(["t"], strategy="newest")
    with pytest.raises(TypeError, match="run_ids must be a sequence of ids"):
        saver.delete_for_runs("r")


def test_delete_for_runs_spares_other_runs(saver: InterlockSaver) -> None:
    for number in range(4):
        put(saver, str(number), {"a": number}, meta={**META, "run_id": f"r{number % 2}"})
        saver.put_writes(at(str(number)), [("x", 1)], "T")
    put(saver, "9", where=config("u", checkpoint_ns="n"), meta={**META, "run_id": "r1"})
    saver.delete_for_runs(["r1", "absent"])
    assert ids(saver.list(None)) == ["2", "0"]
    saver.delete_for_runs([])
    assert saver.engine.check().ok


def test_one_saver_serves_many_threads_and_loops(saver: InterlockSaver) -> None:
    async def loop(name: str) -> None:
        where = config(name)
        for number in range(10):
            checkpoint = make(f"{number:02}", {"a": [number]}, {"a": f"{name}-{number}"})
            await saver.aput(where, checkpoint, META, checkpoint["channel_versions"])
            await saver.aput_writes(at(f"{number:02}", name), [("x", number)], "T")
        assert len([item async for item in saver.alist(where)]) == 10

    with ThreadPoolExecutor(6) as pool:
        for done in [pool.submit(asyncio.run, loop(f"t{n}")) for n in range(6)]:
            done.result(30)
    assert len(list(saver.list(None))) == 60
    assert saver.engine.check().ok


def test_limits_are_refused_and_nothing_is_stored(saver: InterlockSaver) -> None:
    with pytest.raises(TooLargeError, match="thread_id"):
        put(saver, "1", where=config("t" * 513))
    with pytest.raises(ValueError, match="thread_id"):
        put(saver, "1", where=config(""))
    with pytest.raises(KeyError):
        saver.put({"configurable": {}}, make("1"), META, {})
    with pytest.raises(KeyError):
        saver.put_writes(config(), [("x", 1)], "T")
    assert list(saver.list(None)) == []


def test_puts_and_writes_race_without_loss(saver: InterlockSaver) -> None:
    def save(number: int) -> None:
        put(saver, f"{number:03}", {"a": [number]}, versions={"a": f"{number}"})

    def write(number: int) -> None:
        saver.put_writes(at(f"{number:03}"), [("x", number)], "T")

    workers = [
        threading.Thread(target=call, args=(n,)) for n in range(40) for call in (save, write)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    found = list(saver.list(config()))
    assert ids(found) == [f"{number:03}" for number in reversed(range(40))]
    for item in found:
        number = int(item.checkpoint["id"])
        assert item.checkpoint["channel_values"] == {"a": [number]}
        assert item.pending_writes == [("T", "x", number)]
