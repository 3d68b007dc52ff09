"""Delta channels: stored as writes, rebuilt from the history, and safe to prune."""

from __future__ import annotations

from typing import Annotated, Any, TypedDict

import pytest
from langgraph.channels.delta import DeltaChannel
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import START, StateGraph
from langgraph.types import Overwrite

from interlock.langgraph import InterlockSaver


def append(state: list[str] | None, writes: Any) -> list[str]:
    result = list(state or [])
    for write in writes:
        result.extend(write)
    return result


class State(TypedDict, total=False):
    log: Annotated[list[str], DeltaChannel(append, snapshot_frequency=7)]
    plain: str


def graph_on(saver: Any) -> Any:
    builder = StateGraph(State)
    builder.add_node("a", lambda s: {"log": [f"a{len(s['log'])}"], "plain": "p"})
    builder.add_node("b", lambda s: {"log": [f"b{len(s['log'])}"]})
    builder.add_edge(START, "a")
    builder.add_edge("a", "b")
    return builder.compile(checkpointer=saver)


def config(thread_id: str = "t") -> Any:
    return {"configurable": {"thread_id": thread_id}}


def run(graph: Any, turns: int, **options: Any) -> list[str]:
    for turn in range(turns):
        graph.invoke({"log": [f"in{turn}"]}, config(), **options)
    found: list[str] = graph.get_state(config()).values["log"]
    return found


@pytest.mark.parametrize("turns", [1, 2, 3, 8])
@pytest.mark.parametrize("durability", ["sync", "exit"])
def test_the_channel_is_rebuilt(saver: InterlockSaver, turns: int, durability: str) -> None:
    mine = run(graph_on(saver), turns, durability=durability)
    assert mine == run(graph_on(InMemorySaver()), turns, durability=durability)
    assert len(mine) == 3 * turns


def test_every_checkpoint_of_the_history_is_rebuilt(saver: InterlockSaver) -> None:
    stock = InMemorySaver()
    for one in (saver, stock):
        run(graph_on(one), 6)
    logs = [
        [state.values.get("log") for state in graph_on(one).get_state_history(config())]
        for one in (saver, stock)
    ]
    assert logs[0] == logs[1]
    assert len(logs[0]) > 20


@pytest.mark.parametrize("turns", range(1, 8))
def test_keep_latest_keeps_what_the_channel_needs(saver: InterlockSaver, turns: int) -> None:
    graph = graph_on(saver)
    expected = run(graph, turns)
    count = len(list(saver.list(config())))
    saver.prune(["t"], strategy="keep_latest")
    assert graph.get_state(config()).values["log"] == expected
    kept = len(list(saver.list(config())))
    assert kept < count or turns < 3  # the first snapshot comes in the third turn
    assert kept <= 12  # back to the last snapshot, not to the beginning
    assert saver.engine.check().ok
    graph.invoke({"log": ["next"]}, config())
    assert graph.get_state(config()).values["log"][: len(expected) + 1] == [*expected, "next"]
    saver.prune(["t"])
    saver.prune(["t"])
    assert graph.get_state(config()).values["log"][: len(expected) + 1] == [*expected, "next"]


def test_a_copy_can_rebuild_it_too(saver: InterlockSaver) -> None:
    graph = graph_on(saver)
    expected = run(graph, 3)
    saver.copy_thread("t", "u")
    saver.delete_thread("t")
    assert graph.get_state(config("u")).values["log"] == expected


def test_forks_replay_their_own_path(saver: InterlockSaver) -> None:
    stock = InMemorySaver()
    results = []
    for one in (saver, stock):
        graph = graph_on(one)
        run(graph, 3)
        states = list(graph.get_state_history(config()))
        fork = graph.update_state(states[4].config, {"log": ["forked"]}, as_node="b")
        graph.invoke({"log": ["after"]}, fork)
        graph.update_state(config(), {"log": Overwrite(["reset"])}, as_node="b")
        graph.invoke({"log": ["end"]}, config())
        results.append(graph.get_state(config()).values["log"])
    assert results[0] == results[1]
    assert results[0][0] == "reset"


async def test_the_async_face_rebuilds_it(saver: InterlockSaver) -> None:
    graph = graph_on(saver)
    for turn in range(3):
        await graph.ainvoke({"log": [f"in{turn}"]}, config())
    state = await graph.aget_state(config())
    assert len(state.values["log"]) == 9
