"""LangGraph's own conformance suite: all 81 tests of all 8 capabilities, on every store."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from langgraph.checkpoint.conformance import checkpointer_test, validate

from interlock.langgraph import InterlockSaver

COUNTS = {
    "put": 17,
    "put_writes": 10,
    "get_tuple": 10,
    "list": 16,
    "delete_thread": 5,
    "delete_for_runs": 7,
    "copy_thread": 8,
    "prune": 8,
}


@pytest.mark.parametrize("kind", ["file", ":memory:", "memory:"])
async def test_every_capability_is_there_and_passes(kind: str, tmp_path: Path) -> None:
    made = 0

    @checkpointer_test(name=f"InterlockSaver on {kind}")
    async def make() -> AsyncIterator[InterlockSaver]:
        nonlocal made
        made += 1
        url = str(tmp_path / f"{made}.db") if kind == "file" else kind
        async with InterlockSaver.from_conn_string(url) as saver:
            yield saver
            assert saver.engine.check().ok

    results = (await validate(make)).to_dict()["results"]
    failures = [failure for result in results.values() for failure in result["failures"]]
    assert failures == []
    # passed_all() would be true of a saver without any capability, so count
    assert all(result["detected"] for result in results.values())
    assert {name: result["tests_passed"] for name, result in results.items()} == COUNTS
    assert sum(COUNTS.values()) == 81
    assert made == len(COUNTS)
