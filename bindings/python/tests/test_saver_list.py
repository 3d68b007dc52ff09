"""The saver contract beyond the conformance suite: listing, filters, history."""

from __future__ import annotations

import math
from typing import Any

import pytest
from langgraph.checkpoint.base import BaseCheckpointSaver

from interlock.langgraph import InterlockSaver
from saver_tools import META, at, config, ids, make, put


def test_list_follows_threads_namespaces_and_ids(saver: InterlockSaver) -> None:
    for thread_id in ("t", "u"):
        for ns in ("", "child:1", "child:1|deep:2"):
            for number in (1, 2):
                name = f"{number}-{ns}"
                put(saver, name, where=config(thread_id, checkpoint_ns=ns))
    everywhere = list(saver.list(None))
    assert len(everywhere) == 12
    assert ids(everywhere) == sorted(ids(everywhere), reverse=True)
    assert len(list(saver.list({"configurable": {"thread_id": "t"}}))) == 6
    assert ids(saver.list(config("t"))) == ["2-", "1-"]
    assert ids(saver.list(config("t", checkpoint_ns="child:1"))) == ["2-child:1", "1-child:1"]
    assert ids(saver.list(at("1-"))) == ["1-"]
    assert ids(saver.list(None, limit=3)) == ids(everywhere)[:3]
    assert ids(saver.list(None, limit=0)) == ids(saver.list(None, limit=-1)) == []


def test_before_is_strict_and_ignored_without_an_id(saver: InterlockSaver) -> None:
    for number in range(4):
        put(saver, str(number))
    assert ids(saver.list(config(), before=at("2"))) == ["1", "0"]
    assert ids(saver.list(config(), before=at("2"), limit=1)) == ["1"]
    assert ids(saver.list(None, before=at("1", "other"))) == ["0"]
    for unnamed in (config(), config(checkpoint_id=""), {"configurable": {}}):
        assert len(list(saver.list(config(), before=unnamed))) == 4


def test_filters_compare_json_members_literally(saver: InterlockSaver) -> None:
    metas: Any = [
        {"source": "input", "x.y": 1, "deep": {"a": 1, "b": [1, {"c": 2}]}},
        {"source": "loop", "x": {"y": 1}, "n": 1.0, "flag": True},
        {"source": "loop", "n": 1, "gone": None, "q'\"; --": "sql"},
    ]
    for number, meta in enumerate(metas):
        put(saver, str(number), meta=meta)
    for wanted, expected in (
        ({"source": "loop"}, "21"),
        ({"source": "loop", "flag": True}, "1"),
        ({"x.y": 1}, "0"),
        ({"x": {"y": 1}}, "1"),
        ({"deep": {"b": [1, {"c": 2}], "a": 1}}, "0"),
        ({"deep": {"a": 1}}, ""),
        ({"n": 1}, "21"),
        ({"n": "1"}, ""),
        ({"flag": 1}, ""),
        ({"gone": None}, "210"),
        ({"flag": None}, "20"),
        ({"q'\"; --": "sql"}, "2"),
        ({}, "210"),
        (None, "210"),
        ({"source": "nothing"}, ""),
    ):
        assert "".join(ids(saver.list(config(), filter=wanted))) == expected, wanted
        assert "".join(ids(saver.list(None, filter=wanted))) == expected, wanted
    with pytest.raises(ValueError, match=r"filter\['n'\] cannot be stored as JSON"):
        list(saver.list(None, filter={"n": math.nan}))


def test_tuples_of_one_list_share_no_mutable_value(saver: InterlockSaver) -> None:
    put(saver, "1", {"a": [1], "s": "text" * 100})
    for number in (2, 3):
        inherited = make(str(number), {}, {"a": "1.0.5", "s": "1.0.5"})
        saver.put(config(checkpoint_id=str(number - 1)), inherited, META, {})
    first, second, third = (item.checkpoint["channel_values"] for item in saver.list(config()))
    assert first == second == third
    first["a"].append(2)
    assert second["a"] == third["a"] == [1]
    assert first["s"] is second["s"]  # what cannot change is decoded once
    again = saver.get_tuple(config())
    assert again is not None and again.checkpoint["channel_values"]["a"] == [1]


def test_any_call_may_be_made_while_listing(saver: InterlockSaver) -> None:
    for number in range(150):
        put(saver, f"{number:03}")
    seen = []
    for item in saver.list(config()):
        seen.append(item.checkpoint["id"])
        assert saver.get_tuple(item.config) == item
        put(saver, f"new-{len(seen)}", where=config("other"))
        saver.put_writes(item.config, [("x", 1)], "T")
    assert seen == [f"{number:03}" for number in reversed(range(150))]
    listing = saver.list(config())
    next(listing)
    saver.delete_thread("t")
    assert len(list(listing)) < 150


async def test_any_call_may_be_made_while_listing_async(saver: InterlockSaver) -> None:
    for number in range(100):
        await saver.aput(config(), make(f"{number:03}"), META, {})
    seen = 0
    async for item in saver.alist(config()):
        assert await saver.aget_tuple(item.config) == item
        await saver.aput_writes(item.config, [("x", 1)], "T")
        seen += 1
    assert seen == 100


def test_delta_history_is_that_of_the_base_class(saver: InterlockSaver) -> None:
    versions = {"log": "1", "other": "1"}
    saver.put(config(), make("1", {"log": ["seed"]}, versions), META, versions)
    saver.put_writes(at("1"), [("log", "b"), ("other", 0)], "T2", "~2")
    saver.put_writes(at("1"), [("log", "a")], "T9", "~1")
    for parent, own in (("1", "2"), ("2", "3"), ("2", "3x")):
        version = {"log": own, "other": "1"}
        saver.put(at(parent), make(own, {}, version), META, {"log": own})
        saver.put_writes(at(own), [("log", own)], "T")
    for target in (config(), at("3"), at("3x"), at("2"), at("1"), at("absent"), config("absent")):
        for channels in (["log"], ["other", "log", "log"], ["absent"], []):
            mine = saver.get_delta_channel_history(config=target, channels=channels)
            base = BaseCheckpointSaver.get_delta_channel_history(
                saver, config=target, channels=channels
            )
            assert mine == base, (target, channels)
    found = saver.get_delta_channel_history(config=at("3"), channels=["log"])["log"]
    assert found["seed"] == ["seed"]
    assert [value for _, _, value in found["writes"]] == ["a", "b", "2"]
