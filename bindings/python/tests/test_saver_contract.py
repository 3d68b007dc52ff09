"""The saver contract beyond the conformance suite: storing and getting."""

from __future__ import annotations

import inspect
import math
from typing import Any

import pytest
from langchain_core.messages import HumanMessage
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.checkpoint.memory import InMemorySaver

from interlock import InvalidJSONError, _wire
from interlock.langgraph import InterlockSaver
from saver_tools import META, at, config, ids, make, put


def test_it_is_a_saver_with_every_method_overridden() -> None:
    assert issubclass(InterlockSaver, BaseCheckpointSaver)
    names = (
        "get_tuple", "list", "put", "put_writes", "delete_thread", "delete_for_runs",
        "copy_thread", "prune", "get_delta_channel_history",
    )  # fmt: skip
    for name in (*names, *(f"a{name}" for name in names), "aget", "get_next_version"):
        mine, base = getattr(InterlockSaver, name), getattr(BaseCheckpointSaver, name)
        assert mine is not base, name
        assert list(inspect.signature(mine).parameters) == list(
            inspect.signature(base).parameters
        ), name
    for name in ("put_writes", "aput_writes"):
        parameters = inspect.signature(getattr(InterlockSaver, name)).parameters
        assert parameters["task_path"].default == ""


def test_put_and_get_round_trip(saver: InterlockSaver) -> None:
    values = {"messages": [HumanMessage("hi", id="1")], "n": 3, "none": None, "b": b"\0\xff"}
    checkpoint = make("1", values, versions_seen={"node": {"n": "1"}}, updated_channels=["n"])
    stored = saver.put(config(), checkpoint, META, checkpoint["channel_versions"])
    assert stored == at("1")
    found = saver.get_tuple(config())
    assert found is not None
    assert found.config == at("1")
    assert found.parent_config is None
    assert found.checkpoint == checkpoint
    assert found.metadata == META
    assert found.pending_writes == []
    assert saver.get(config()) == checkpoint
    child = saver.put(stored, make("2", {}), META, {})
    found = saver.get_tuple(child)
    assert found is not None and found.parent_config == stored
    assert saver.get_tuple(config("absent")) is None
    assert saver.get_tuple(at("absent")) is None
    assert saver.get_tuple(config(checkpoint_id="")) == found
    assert saver.get_tuple(config(checkpoint_id=None)) == found


def test_a_namespace_may_be_absent_everywhere(saver: InterlockSaver) -> None:
    bare: Any = {"configurable": {"thread_id": "t"}}
    stored = saver.put(bare, make("1", {"a": 1}), META, {"a": "1.0.5"})
    assert stored["configurable"]["checkpoint_ns"] == ""
    saver.put_writes({"configurable": {"thread_id": "t", "checkpoint_id": "1"}}, [("a", 2)], "T")
    found = saver.get_tuple(bare)
    assert found is not None and found.pending_writes == [("T", "a", 2)]


def test_unchanged_channels_are_carried_and_removed_ones_are_gone(saver: InterlockSaver) -> None:
    saver.put(config(), make("1", {"a": [1], "b": [2]}), META, {"a": "1.0.5", "b": "1.0.5"})
    versions = {"a": "1.0.5", "b": "2.0.1"}
    saver.put(at("1"), make("2", {"a": [1]}, versions), META, {"b": "2.0.1"})
    saver.put(at("2"), make("3", {"a": [1]}, {"a": "1.0.5"}), META, {})
    values = {
        item.checkpoint["id"]: item.checkpoint["channel_values"] for item in saver.list(config())
    }
    assert values == {"1": {"a": [1], "b": [2]}, "2": {"a": [1]}, "3": {"a": [1]}}


def test_branches_from_one_checkpoint_keep_their_own_values(saver: InterlockSaver) -> None:
    put(saver, "1", {"a": "root"})
    first, second = (saver.get_next_version("1.0.5", None) for _ in range(2))
    assert first != second
    saver.put(at("1"), make("2", {"a": "left"}, {"a": first}), META, {"a": first})
    saver.put(at("1"), make("3", {"a": "right"}, {"a": second}), META, {"a": second})
    for checkpoint_id, value in (("2", "left"), ("3", "right"), ("1", "root")):
        found = saver.get_tuple(at(checkpoint_id))
        assert found is not None
        assert found.checkpoint["channel_values"] == {"a": value}


def test_versions_keep_their_type(saver: InterlockSaver) -> None:
    for checkpoint_id, version in (("1", "1.0.5"), ("2", 2), ("3", 3.5)):
        versions = {"a": version, "b": "1.0"}
        saver.put(config(), make(checkpoint_id, {"a": checkpoint_id}, versions), META, versions)
        found = saver.get_tuple(at(checkpoint_id))
        assert found is not None
        assert found.checkpoint["channel_versions"] == versions
        assert type(found.checkpoint["channel_versions"]["a"]) is type(version)
        assert found.checkpoint["channel_values"]["a"] == checkpoint_id


def test_next_versions_are_those_of_the_stock_savers() -> None:
    with InterlockSaver("memory:") as saver:
        stock = InMemorySaver()
        for current in (None, 1, 41, "00000000000000000000000000000002.0.4968881103835735"):
            mine, theirs = (
                one.get_next_version(current, None)  # type: ignore[arg-type]
                for one in (saver, stock)
            )
            assert mine.split(".")[0] == theirs.split(".")[0]
            assert len(mine.split(".")[0]) == 32
            assert mine.count(".") == theirs.count(".") == 2
            assert len(mine) >= 49
            if isinstance(current, str):
                assert mine > current


def test_the_same_special_write_replaces_and_a_regular_one_stays(saver: InterlockSaver) -> None:
    put(saver, "1")
    where = at("1")
    saver.put_writes(where, [("ch", "first"), ("other", 1)], "T")
    saver.put_writes(where, [("ch", "second"), ("other", 2), ("late", 3)], "T")
    saver.put_writes(where, [("__resume__", ["a"]), ("__interrupt__", "q1")], "T")
    saver.put_writes(where, [("__interrupt__", "q2")], "T")
    assert writes(saver) == [
        ("T", "__resume__", ["a"]), ("T", "__interrupt__", "q2"), ("T", "ch", "first"),
        ("T", "other", 1), ("T", "late", 3),
    ]  # fmt: skip


def test_a_mixed_call_leaves_special_writes_as_they_are(saver: InterlockSaver) -> None:
    put(saver, "1")
    saver.put_writes(at("1"), [("__resume__", ["a"])], "T")
    saver.put_writes(at("1"), [("__resume__", ["a", "b"]), ("ch", "v")], "T")
    assert writes(saver) == [("T", "__resume__", ["a"]), ("T", "ch", "v")]
    saver.put_writes(at("1"), [("__resume__", ["a", "b"])], "T")
    assert writes(saver) == [("T", "__resume__", ["a", "b"]), ("T", "ch", "v")]


def test_the_position_counts_also_behind_special_writes(saver: InterlockSaver) -> None:
    put(saver, "1")
    saver.put_writes(at("1"), [("__resume__", [1]), ("__resume__", [1, 2]), ("ch", "v")], "T")
    saver.put_writes(at("1"), [("x", 0), ("y", 1), ("z", 2), ("w", 3)], "T")
    # ch has index 2, so z, at the same index, stays out
    assert [write[1] for write in writes(saver)] == ["__resume__", "x", "y", "ch", "w"]


def writes(saver: InterlockSaver, checkpoint_id: str = "1") -> Any:
    found = saver.get_tuple(at(checkpoint_id))
    assert found is not None
    [listed] = saver.list(at(checkpoint_id))
    assert listed.pending_writes == found.pending_writes
    return found.pending_writes


def test_writes_are_ordered_by_path_task_and_index(saver: InterlockSaver) -> None:
    for task, path in (("b", "~2"), ("z", "~1"), ("a", "~2"), ("c", ""), ("é", "~1"), ("Z", "~1")):
        saver.put_writes(at("1"), [("x", 0), ("__error__", "e"), ("y", 1)], task, path)
    put(saver, "1")  # after its writes, as pregel may do
    order = [(task, channel) for task, channel, _ in writes(saver)]
    tasks = ["c", "Z", "z", "é", "a", "b"]
    assert order == [(task, channel) for task in tasks for channel in ("__error__", "x", "y")]


def test_writes_without_checkpoint_are_kept_for_it(saver: InterlockSaver) -> None:
    saver.put_writes(at("7"), [("x", 1)], "T")
    assert saver.get_tuple(config()) is None
    assert list(saver.list(config())) == []
    put(saver, "7")
    assert writes(saver, "7") == [("T", "x", 1)]
    saver.put_writes(at("7"), [], "T")
    assert writes(saver, "7") == [("T", "x", 1)]


def test_putting_an_id_again_replaces_it_and_keeps_its_writes(saver: InterlockSaver) -> None:
    put(saver, "0")
    saver.put(at("0"), make("1", {"a": 1}), META, {"a": "1.0.5"})
    saver.put_writes(at("1"), [("x", 1)], "T")
    second = make("1", {"a": 2}, {"a": "2.0.5"})
    saver.put(config(), second, {**META, "step": 9}, {"a": "2.0.5"})
    found = saver.get_tuple(at("1"))
    assert found is not None
    assert found.checkpoint["channel_values"] == {"a": 2}
    assert found.metadata.get("step") == 9
    assert found.parent_config is None
    assert found.pending_writes == [("T", "x", 1)]
    assert ids(saver.list(config())) == ["1", "0"]


def test_metadata_takes_scalars_of_the_config_and_no_private_keys(saver: InterlockSaver) -> None:
    where = config(user="u", __pregel_task_id="p", depth=2, obj=object(), checkpoint_map={})
    where["metadata"] = {"tag": "a\0b", "source": "config", "langgraph_step": 4, "__x": 1}
    put(saver, "1", where=where, meta={**META, "run_id": "r", "text": "n\0n"})
    found = saver.get_tuple(config())
    assert found is not None
    assert found.metadata == {
        **META,
        "run_id": "r",
        "text": "nn",
        "user": "u",
        "depth": 2,
        "tag": "ab",
    }
    stored = saver.engine.checkpoints.get("t")
    assert stored is not None and b"__pregel" not in stored.metadata_json + stored.body


def test_metadata_that_is_not_json_is_refused_by_name(saver: InterlockSaver) -> None:
    for bad in (math.nan, math.inf, -math.inf):
        with pytest.raises(ValueError, match=r"metadata\['score'\] cannot be stored as JSON"):
            put(saver, "1", meta={**META, "score": bad})
    itself: dict[str, Any] = {}
    itself["self"] = itself
    with pytest.raises(ValueError, match=r"metadata\['loop'\] cannot be stored as JSON"):
        put(saver, "1", meta={**META, "loop": itself})
    with pytest.raises(TypeError, match=r"metadata\['when'\] cannot be stored as JSON"):
        put(saver, "1", meta={**META, "when": object()})
    with pytest.raises(ValueError) as caught:
        put(saver, "1", meta={**META, "s": "\ud800"})
    assert isinstance(caught.value, (InvalidJSONError, ValueError))
    assert list(saver.list(None)) == []
    delta = {"counters_since_delta_snapshot": {"log": (1, 2)}}
    put(saver, "1", meta={**META, **delta, "big": 2**70, "nul": "a"})
    found = saver.get_tuple(config())
    assert found is not None
    assert found.metadata.get("counters_since_delta_snapshot") == {"log": [1, 2]}
    assert found.metadata["big"] == 2**70  # type: ignore[typeddict-item]


@pytest.mark.parametrize(
    "value",
    [
        "a\0b", "", math.inf, -0.0, 2**63 - 1, b"", b"\0" * 10, bytearray(b"ab"), [], {}, None,
        {"é": ["e\u0301"]}, {1, 2}, ("a", 1), "x" * 3_000_000, list(range(20000)),
    ],
    ids=lambda value: f"{type(value).__name__}-{len(repr(value))}",
)  # fmt: skip
def test_values_come_back_as_the_serializer_makes_them(saver: InterlockSaver, value: Any) -> None:
    expected = saver.serde.loads_typed(saver.serde.dumps_typed(value))
    put(saver, "1", {"a": value})
    saver.put_writes(at("1"), [("a", value)], "T")
    for found in (saver.get_tuple(config()), next(iter(saver.list(config())))):
        assert found is not None
        assert found.checkpoint["channel_values"] == {"a": expected}
        assert found.pending_writes == [("T", "a", expected)]
        assert type(found.checkpoint["channel_values"]["a"]) is type(expected)


def test_nan_and_lone_surrogates_in_values(saver: InterlockSaver) -> None:
    put(saver, "1", {"a": math.nan, "s": "\ud800x"})
    found = saver.get_tuple(config())
    assert found is not None
    assert math.isnan(found.checkpoint["channel_values"]["a"])
    stock = InMemorySaver()
    assert found.checkpoint["channel_values"]["s"] == stock.serde.loads_typed(
        stock.serde.dumps_typed("\ud800x")
    )


def test_versions_are_not_stored_twice(saver: InterlockSaver) -> None:
    version = saver.get_next_version(None, None)
    put(saver, "1", {"a": 1}, versions={"a": version})
    stored = _wire.get(saver.engine.handle, _wire.query(0, b"t", b"", b""))
    assert stored is not None
    assert version.encode() not in stored.body
    assert stored.versions == {"a": version}


def test_metadata_with_space_around_it(saver: InterlockSaver) -> None:
    _wire.put_checkpoint(
        saver.engine.handle,
        (b"t", b"", b"1", b""),
        (
            b"msgpack",
            saver.serde.dumps_typed({"id": "1"})[1],
            b' \t\r\n{"step": 1, "s": "\xc3\xa9"} \n',
        ),
        [],
        [],
    )
    found = saver.get_tuple(config())
    assert found is not None
    assert found.metadata == {"step": 1, "s": "é"}
