"""What the server of LangGraph does, with people who answer in `engine.reviews`."""

from __future__ import annotations

import asyncio
import json
import urllib.request
from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.error import HTTPError

import pytest
from langgraph_sdk import get_client
from langgraph_sdk.client import LangGraphClient
from langgraph_sdk.schema import Command

from dev_server import Server, serving
from graph_tools import answer, pending, statuses
from interlock import Engine
from interlock.langgraph import InterlockSaver, Resumer
from served_graphs import agent, human

ORIGINAL: Any = {"some_text": "original text"}
EDITED: Any = {"some_text": "Edited text"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("server")
    with serving(folder, "agent", "guarded", "strict") as found:
        yield found


@pytest.fixture
def engine(server: Server) -> Iterator[Engine]:
    """The store of the server, opened in this process."""
    with server.engine() as opened:
        yield opened


@pytest.fixture
async def client(server: Server) -> AsyncIterator[LangGraphClient]:
    async with get_client(url=server.url) as opened:
        yield opened


async def thread_of(client: LangGraphClient) -> str:
    return (await client.threads.create())["thread_id"]


def decided(engine: Engine, thread: str, response: Any) -> Command:
    """A person answers the only question of a thread; with what its graph is to go on."""
    review = answer(engine, response, thread)
    [asked] = [found for found in engine.graphs.interrupts(thread) if found["review"] == review]
    assert asked["status"] == "answered"
    return Command(resume={asked["interrupt"]: asked["value"]})


async def test_G3_G4_G5_G6_G8_G9_G11_the_flow_of_the_sdk(
    client: LangGraphClient, engine: Engine
) -> None:
    """Create, run to the interrupt, answer in `engine.reviews`, resume, and the final state."""
    assert "agent" in {found["graph_id"] for found in await client.assistants.search()}
    thread = await client.threads.create()
    thread_id = thread["thread_id"]
    assert isinstance(thread_id, str)
    assert pending(engine, thread_id) == []

    asked: Any = await client.runs.wait(thread_id, "agent", input=ORIGINAL)
    assert isinstance(asked["__interrupt__"], list)
    [interrupt] = asked["__interrupt__"]
    assert interrupt["value"] == {"text_to_revise": "original text"}
    [review] = pending(engine, thread_id)
    assert review["details"] == interrupt["value"]
    assert review["interrupt"]["id"] == interrupt["id"]
    assert review["interrupt"]["node"] == "human_node"

    resume = decided(engine, thread_id, "Edited text")
    assert resume == {"resume": {interrupt["id"]: "Edited text"}}
    assert await client.runs.wait(thread_id, "agent", command=resume) == EDITED
    assert statuses(engine, thread_id) == ["applied"]
    assert engine.reviews.get(review["id"])["status"] == "resolved"
    assert pending(engine, thread_id) == []


async def test_G8_G9_a_plain_value_resumes_too(client: LangGraphClient, engine: Engine) -> None:
    """The form of the source page. Its review was answered before, or it is superseded."""
    threads = [await thread_of(client), await thread_of(client)]
    await asyncio.gather(*(client.runs.wait(each, "agent", input=ORIGINAL) for each in threads))
    reviews = [pending(engine, each)[0]["id"] for each in threads]
    decided(engine, threads[0], "Edited text")
    plain = Command(resume="Edited text")
    finals = await asyncio.gather(
        *(client.runs.wait(each, "agent", command=plain) for each in threads)
    )
    assert finals == [EDITED, EDITED]
    ended = [engine.reviews.get(review)["status"] for review in reviews]
    assert ended == ["resolved", "superseded"]
    assert [statuses(engine, each) for each in threads] == [["applied"], ["moved"]]


def post(url: str, body: Any) -> tuple[int, Any]:
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(url, json.dumps(body).encode(), headers, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            return response.status, json.load(response)
    except HTTPError as error:
        with error:
            return error.code, json.load(error)


def test_G2_G4_G5_G6_G10_the_same_over_plain_http(server: Server, engine: Engine) -> None:
    status, thread = post(f"{server.url}/threads", {})
    assert status == 200
    wait = f"{server.url}/threads/{thread['thread_id']}/runs/wait"
    status, asked = post(wait, {"assistant_id": "agent", "input": ORIGINAL})
    assert status == 200
    [interrupt] = asked["__interrupt__"]
    assert interrupt["value"] == {"text_to_revise": "original text"}
    answer(engine, "Edited text", thread["thread_id"])
    body = {"assistant_id": "agent", "command": {"resume": "Edited text"}}
    assert post(wait, body) == (200, EDITED)
    assert statuses(engine, thread["thread_id"]) == ["applied"]


async def test_G15_G16_another_process_goes_on_with_what_the_server_asked(
    client: LangGraphClient, engine: Engine
) -> None:
    """The graph has no checkpointer of its own; what it asked is in the store, for anybody."""
    thread = await thread_of(client)
    await client.runs.wait(thread, "agent", input=ORIGINAL)
    assert agent.checkpointer is None
    resumer = Resumer(engine, human.compile(checkpointer=InterlockSaver(engine)))
    assert await resumer.arun_once(thread=thread) is None
    answer(engine, "Edited text", thread)
    resumed = await resumer.arun_once(thread=thread)
    assert resumed is not None
    assert resumed.result == EDITED
    async with get_client(url=str(client.http.client.base_url)) as another:
        state = await another.threads.get_state(thread)
    assert (state["values"], state["next"]) == (EDITED, [])


@pytest.mark.parametrize(
    ("decision", "told"),
    [
        ({"type": "approve"}, "sent bob"),
        ({"type": "edit", "edited_action": {"name": "send", "args": {"to": "zoe"}}}, "sent zoe"),
        ({"type": "reject", "message": "not now"}, "not now"),
    ],
    ids=["approve", "edit", "reject"],
)
async def test_G1_tool_calls_of_an_agent_are_reviewed(
    client: LangGraphClient, engine: Engine, decision: Any, told: str
) -> None:
    thread = await thread_of(client)
    said: Any = {"messages": [{"role": "user", "content": "go"}]}
    asked: Any = await client.runs.wait(thread, "guarded", input=said)
    [call] = asked["__interrupt__"][0]["value"]["action_requests"]
    assert (call["name"], call["args"]) == ("send", {"to": "bob"})
    [review] = pending(engine, thread)
    assert (review["kind"], review["title"]) == ("actions", "Approve send?")
    resume = decided(engine, thread, {"decisions": [decision]})
    final: Any = await client.runs.wait(thread, "guarded", command=resume)
    [result] = [message for message in final["messages"] if message["type"] == "tool"]
    assert told in result["content"]
    assert ("sent bob" in result["content"]) == (decision["type"] == "approve")
    assert final["messages"][-1]["content"] == "done"
    permits = engine.permits.list(review=review["id"])
    assert [permit["status"] for permit in permits] == (
        [] if decision["type"] == "reject" else ["done"]
    )


@pytest.mark.parametrize("is_answered", [True, False])
async def test_a_permit_may_be_required_in_the_server_too(
    client: LangGraphClient, engine: Engine, is_answered: bool
) -> None:
    thread = await thread_of(client)
    said: Any = {"messages": [{"role": "user", "content": "go"}]}
    await client.runs.wait(thread, "strict", input=said)
    approve: Any = {"decisions": [{"type": "approve"}]}
    past_it: Command = {"resume": approve}
    resume = decided(engine, thread, approve) if is_answered else past_it
    final: Any = await client.runs.wait(thread, "strict", command=resume)
    [result] = [message for message in final["messages"] if message["type"] == "tool"]
    assert ("no review has approved it" in result["content"]) == (not is_answered)
    assert ("sent bob" in result["content"]) == is_answered
