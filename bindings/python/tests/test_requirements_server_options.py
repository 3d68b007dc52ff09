"""Statuses, options and errors of the server of LangGraph, with its threads in our store."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
from langgraph_sdk import get_client
from langgraph_sdk.client import LangGraphClient
from langgraph_sdk.errors import ConflictError, NotFoundError, UnprocessableEntityError

from dev_server import Server, serving
from graph_tools import pending, statuses
from interlock import Engine

NOBODY = "00000000-0000-4000-8000-000000000000"
BEGIN: Any = {"some_text": "begin"}
FIRST = {"some_text": "begin, first"}
LAST = {"some_text": "begin, first, second"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("server"), "agent", "steps") as found:
        yield found


@pytest.fixture
def engine(server: Server) -> Iterator[Engine]:
    with server.engine() as opened:
        yield opened


@pytest.fixture
async def client(server: Server) -> AsyncIterator[LangGraphClient]:
    async with get_client(url=server.url) as opened:
        yield opened


async def thread_of(client: LangGraphClient) -> str:
    return (await client.threads.create())["thread_id"]


async def ran(client: LangGraphClient, graph: str = "steps", **options: Any) -> tuple[str, Any]:
    """A new thread on which a graph has run, and what came of it."""
    thread = await thread_of(client)
    return thread, await client.runs.wait(
        thread, graph, **{"input": BEGIN, "raise_error": False, **options}
    )


async def standing(client: LangGraphClient, thread: str) -> tuple[str, list[str]]:
    """The status of a thread and those of its runs."""
    runs = await client.runs.list(thread)
    return (await client.threads.get(thread))["status"], [run["status"] for run in runs]


async def test_G20_statuses_of_threads_and_runs(client: LangGraphClient, engine: Engine) -> None:
    """A run that has come to a question is a success; its thread carries the question."""
    fresh = await thread_of(client)
    assert await standing(client, fresh) == ("idle", [])
    waits = await thread_of(client)
    await client.runs.create(waits, "steps", input=BEGIN, after_seconds=60)
    assert (await standing(client, waits))[1] == ["pending"]
    slow = await thread_of(client)
    run = await client.runs.create(slow, "steps", input={"some_text": "slow"})
    seen = set[Any]()
    while (now := await standing(client, slow))[0] == "busy":
        seen |= {*now[1]}
        await asyncio.sleep(0.05)
    assert seen >= {"running"}
    assert seen <= {"pending", "running"}
    # The run may have ended between the two questions of which `now` is made.
    assert await standing(client, slow) == ("idle", ["success"]), run
    await client.runs.cancel(waits, (await client.runs.list(waits))[0]["run_id"])
    assert (await standing(client, waits))[1] == ["interrupted"]

    (asks, asked), (fails, failed) = await asyncio.gather(
        ran(client, "agent"), ran(client, input={"some_text": "fail"})
    )
    assert await standing(client, asks) == ("interrupted", ["success"])
    [interrupts] = (await client.threads.get(asks))["interrupts"].values()
    assert [found["id"] for found in interrupts] == [asked["__interrupt__"][0]["id"]]
    assert [found["interrupt"]["id"] for found in pending(engine, asks)] == [interrupts[0]["id"]]
    assert await standing(client, fails) == ("error", ["error"])
    assert failed["__error__"]["error"] == "RuntimeError"


async def test_G21_pauses_before_and_after_nodes(client: LangGraphClient) -> None:
    (before, paused), (after, later), (everywhere, nowhere) = await asyncio.gather(
        ran(client, interrupt_before=["second"]),
        ran(client, interrupt_after=["first"]),
        ran(client, interrupt_before="*"),
    )
    assert (paused, later, nowhere) == (FIRST, FIRST, BEGIN)
    states = [await client.threads.get_state(each) for each in (before, after, everywhere)]
    assert [state["next"] for state in states] == [["second"], ["second"], ["first"]]
    assert (await standing(client, before))[0] == "interrupted"
    finals = await asyncio.gather(
        *(client.runs.wait(each, "steps", input=None) for each in (before, after, everywhere))
    )
    assert finals == [LAST, LAST, LAST]


async def test_G21_durability(client: LangGraphClient, engine: Engine) -> None:
    kinds = ("sync", "async", "exit")
    found = await asyncio.gather(*(ran(client, durability=kind) for kind in kinds))
    assert [final for _, final in found] == [LAST, LAST, LAST]
    stored = [len([*engine.checkpoints.list(thread)]) for thread, _ in found]
    assert stored == [4, 4, 1]


async def test_G21_commands_and_checkpoints(client: LangGraphClient) -> None:
    """`update` and `goto` go on from where they say; a run may begin at an older checkpoint."""
    (thread, _), (jumped, _) = await asyncio.gather(
        ran(client, interrupt_before=["second"]), ran(client, "agent")
    )
    [_, older, *_] = await client.threads.get_history(thread)
    updated: Any = {"update": {"some_text": "updated"}, "goto": "second"}
    answered: Any = {"resume": "Edited text"}
    finals = await asyncio.gather(
        client.runs.wait(thread, "steps", command=updated),
        client.runs.wait(jumped, "agent", command=answered),
    )
    assert finals == [{"some_text": "updated, second"}, {"some_text": "Edited text"}]
    forked = await client.runs.wait(
        thread, "steps", input=None, checkpoint_id=older["checkpoint"]["checkpoint_id"]
    )
    assert forked == LAST


async def test_G21_threads_that_exist_and_runs_that_meet(
    client: LangGraphClient, engine: Engine
) -> None:
    thread = await thread_of(client)
    with pytest.raises(ConflictError):
        await client.threads.create(thread_id=thread, if_exists="raise")
    same = await client.threads.create(thread_id=thread, if_exists="do_nothing")
    assert same["thread_id"] == thread
    with pytest.raises(NotFoundError):
        await client.runs.create(NOBODY, "steps", if_not_exists="reject")
    await client.runs.create(NOBODY, "steps", input=BEGIN, if_not_exists="create")

    slow: Any = {"some_text": "slow"}
    first = await client.runs.create(thread, "steps", input=slow)
    with pytest.raises(ConflictError):
        await client.runs.create(thread, "steps", input=BEGIN, multitask_strategy="reject")
    # a run that is rolled back leaves nothing: neither with the server nor in the store
    while not [*engine.checkpoints.list(thread)]:
        await asyncio.sleep(0.02)
    final = await client.runs.wait(thread, "steps", input=BEGIN, multitask_strategy="rollback")
    assert final == LAST
    left = [found.metadata for found in engine.checkpoints.list(thread)]
    assert first["run_id"] not in {metadata["run_id"] for metadata in left}
    assert len(await client.runs.list(thread)) == 1


async def test_G22_errors_say_what_is_wrong(client: LangGraphClient, server: Server) -> None:
    thread = await thread_of(client)
    cases: list[tuple[str, str, Any, int]] = [
        ("GET", f"/threads/{NOBODY[:-1]}1", None, 404),
        ("GET", "/threads/no-uuid/state", None, 422),
        ("POST", "/threads", {"thread_id": thread}, 409),
        ("POST", f"/threads/{thread}/runs", {"assistant_id": "nobody"}, 422),
        ("POST", f"/threads/{thread}/runs", {"input": {}}, 422),
    ]
    async with httpx.AsyncClient(base_url=server.url) as plain:
        for method, path, body, status in cases:
            refused = await plain.request(method, path, json=body)
            assert refused.status_code == status, refused.text
            assert isinstance(refused.json()["detail"], str)
    with pytest.raises(UnprocessableEntityError):
        await client.runs.create(thread, "nobody", input=BEGIN)


async def test_G22_states_can_be_read_edited_and_copied(
    client: LangGraphClient, engine: Engine
) -> None:
    thread, _ = await ran(client, "agent")
    [asked] = pending(engine, thread)
    state = await client.threads.get_state(thread)
    assert (state["values"], state["next"]) == (BEGIN, ["human_node"])
    id: Any = state["checkpoint"]["checkpoint_id"]
    assert (await client.threads.get_state(thread, checkpoint_id=id))["values"] == BEGIN
    copy: str = (await client.http.post(f"/threads/{thread}/copy", json=None))["thread_id"]
    assert pending(engine, copy)[0]["id"] != asked["id"]

    edited: Any = {"some_text": "by hand"}
    await client.threads.update_state(thread, edited, as_node="human_node")
    history = await client.threads.get_history(thread)
    assert [found["values"] for found in history] == [edited, BEGIN, {}]
    # who edits the state goes past the question; that of the copy stays
    assert engine.reviews.get(asked["id"])["status"] == "superseded"
    assert (statuses(engine, thread), statuses(engine, copy)) == (["moved"], ["waiting"])
    assert engine.check().ok
